"""Case events over HTTP: another system posts them here and asks later what they did. Their format is elsewhere."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from flask import Response, request
from marshmallow import fields

from service.domain.errors import ServiceError
from service.domain.events import CaseEvent
from service.domain.people import Actor
from service.operations.events import read_event, receive_event
from service.operations.views import EventView
from service.web.api.authentication import environment
from service.web.api.bodies import JSON, sent_body
from service.web.api.cloudevents import BATCH, STRUCTURED, CloudEventSchema, read_posted
from service.web.api.parts import Described
from service.web.api.paths import path_to
from service.web.api.problems import document_of
from service.web.api.routes import Reads, Routes
from service.web.api.schemas import EventSchema, ProblemSchema

routes = Routes(
    "events",
    "Case events",
    "What happened to a case in another system. An event starts a process or reaches one that waits for it. "
    "`source` and `id` together name an event for ever: send it again as often as you like, it has one effect.",
)

EXAMPLE = {
    "specversion": "1.0",
    "id": "2027-000123",
    "source": "https://case-management.example/events",
    "type": "name-of-a-case-event",
    "subject": "K-101",
    "time": "2027-01-04T09:30:00Z",
    "datacontenttype": "application/json",
    "data": {},
}


class BatchItemSchema(Described):
    """What became of one event of a batch: `event` or `problem`."""

    status = fields.Integer()
    event = fields.Nested(EventSchema)
    problem = fields.Nested(ProblemSchema)


class BatchSchema(Described):
    """What became of a batch, in the order in which it was sent."""

    events = fields.List(fields.Nested(BatchItemSchema))


BODY = {
    "required": True,
    "description": "One CloudEvent in the JSON format, or a batch of them. In the binary mode the attributes are `ce-` "
    "headers and the body is `data`.",
    "content": {
        STRUCTURED: {"schema": CloudEventSchema, "example": EXAMPLE},
        JSON: {"schema": CloudEventSchema, "example": EXAMPLE},
        BATCH: {"schema": CloudEventSchema(many=True), "example": [EXAMPLE]},
    },
}
BATCH_ANSWERS = {
    int(HTTPStatus.ACCEPTED): {"description": "Accepted. A batch is answered with the shape of 207."},
    int(HTTPStatus.MULTI_STATUS): {
        "description": "A batch of which some events were not accepted",
        "content": {JSON: {"schema": BatchSchema}},
    },
}


@routes.post(
    "/events",
    EventSchema,
    HTTPStatus.BAD_REQUEST,
    HTTPStatus.NOT_FOUND,
    HTTPStatus.CONFLICT,
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
    HTTPStatus.UNPROCESSABLE_ENTITY,
    reads=Reads(documented={"requestBody": BODY, "responses": BATCH_ANSWERS}),
    status=HTTPStatus.ACCEPTED,
)
def receive(actor: Actor) -> Any:
    """Send a case event

    Answers 202 with what the event did and links to it and to the process instance. The same event again answers
    exactly the same and does nothing. The same `source` and `id` with another content is a conflict.

    The events of a batch are taken one by one in their order. The answer is 202 when all were accepted; else it is 207,
    with a problem in the place of each that was not. Sending the whole batch again is safe.
    """
    posted = read_posted(request.mimetype, request.headers.items(), sent_body())
    if posted.in_batch:
        return _receive_batch(actor, posted.events)
    event = receive_event(environment(), actor, event=posted.events[0])
    return event, {"Location": path_to("events", event.id)}


@routes.get("/events/<event_id>", EventSchema, HTTPStatus.NOT_FOUND)
def read(actor: Actor, *, event_id: str) -> EventView:
    """Read what a case event did

    By Towpath's own id of it, as `links.self` gives it.
    """
    return read_event(environment(), actor, event_id=event_id)


def _receive_batch(actor: Actor, events: tuple[CaseEvent, ...]) -> Response:
    items = [_receive_one(actor, event) for event in events]
    accepted = all("event" in item for item in items)
    answer = Response(content_type=JSON, status=HTTPStatus.ACCEPTED if accepted else HTTPStatus.MULTI_STATUS)
    answer.set_data(BatchSchema().dumps({"events": items}))
    return answer


def _receive_one(actor: Actor, event: CaseEvent) -> dict[str, Any]:
    """One event's own transaction: a sender may repeat the whole batch, what was accepted is not done twice."""
    try:
        return {"status": int(HTTPStatus.ACCEPTED), "event": receive_event(environment(), actor, event=event)}
    except ServiceError as error:
        problem = document_of(error)
        return {"status": problem["status"], "problem": problem}
