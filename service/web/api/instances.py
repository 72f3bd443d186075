"""Process instances over HTTP: where one stands, and cancelling, suspending, resuming it. Starting one is a case event,
in `events.py`."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from service.domain.people import Actor
from service.operations.inside import move_timer, read_inside, repair_variables
from service.operations.inside_views import InsideView
from service.operations.instance_views import InstanceView
from service.operations.instances import read_instance
from service.operations.steering import cancel_instance, resume_instance, suspend_instance
from service.web.api.authentication import environment
from service.web.api.instance_schemas import InsideSchema
from service.web.api.requests import ReasonBody, TimerBody, VariablesBody
from service.web.api.routes import Reads, Routes
from service.web.api.schemas import InstanceSchema

routes = Routes(
    "instances",
    "Process instances",
    "Where one pathway of one case stands. Whoever answers for the team that owns the case can stop it.",
)

REASON = Reads(body=ReasonBody, example={"reason": "Why, in words that will be read in an inspection."})
ACTING = (
    HTTPStatus.BAD_REQUEST,
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
    HTTPStatus.NOT_FOUND,
    HTTPStatus.CONFLICT,
)


@routes.get("/process-instances/<instance_id>", InstanceSchema, HTTPStatus.NOT_FOUND)
def read(actor: Actor, *, instance_id: str) -> InstanceView:
    """Read a process instance

    Its status, what it waits for, and the release of the rule book it runs under. When it is suspended or was
    cancelled: by whom, when and why.
    """
    return read_instance(environment(), actor, instance_id=instance_id)


@routes.post("/process-instances/<instance_id>/cancellation", InstanceSchema, *ACTING, reads=REASON)
def cancel(actor: Actor, *, instance_id: str, body: Mapping[str, Any]) -> InstanceView:
    """Cancel a process instance

    For good, with the reason. What was decided in it stands; what waits in it is no longer needed.
    """
    cancel_instance(environment(), actor, instance_id=instance_id, reason=body["reason"])
    return read_instance(environment(), actor, instance_id=instance_id)


@routes.post("/process-instances/<instance_id>/suspension", InstanceSchema, *ACTING, reads=REASON)
def suspend(actor: Actor, *, instance_id: str, body: Mapping[str, Any]) -> InstanceView:
    """Suspend a process instance

    Until it is resumed nobody completes anything in it, no timer of it fires, no job of it is begun, and events for it
    are kept. Drafts can still be saved.
    """
    suspend_instance(environment(), actor, instance_id=instance_id, reason=body["reason"])
    return read_instance(environment(), actor, instance_id=instance_id)


@routes.post("/process-instances/<instance_id>/resumption", InstanceSchema, *ACTING, reads=REASON)
def resume(actor: Actor, *, instance_id: str, body: Mapping[str, Any]) -> InstanceView:
    """Resume a suspended process instance

    Timers that came due meanwhile fire, jobs are begun, and the events that were kept are delivered in order.
    """
    resume_instance(environment(), actor, instance_id=instance_id, reason=body["reason"])
    return read_instance(environment(), actor, instance_id=instance_id)


@routes.get("/process-instances/<instance_id>/inside", InsideSchema, HTTPStatus.NOT_FOUND)
def inside(actor: Actor, *, instance_id: str) -> InsideView:
    """Look inside a process instance

    The timers that wait, what is stuck, and, for whoever may repair them, the variables of each scope.
    """
    return read_inside(environment(), actor, instance_id=instance_id)


@routes.put(
    "/process-instances/<instance_id>/timers/<timer_id>",
    InsideSchema,
    *ACTING,
    reads=Reads(body=TimerBody, example={"due_at": "2027-02-01T09:00:00Z", "reason": "The hearing was put off."}),
)
def timer(actor: Actor, *, instance_id: str, timer_id: str, body: Mapping[str, Any]) -> InsideView:
    """Move a timer

    To another time, with the reason. A time that lies in the past makes it fire at once.
    """
    due_at, reason = body["due_at"], body["reason"]
    move_timer(environment(), actor, instance_id=instance_id, timer_id=timer_id, due_at=due_at, reason=reason)
    return read_inside(environment(), actor, instance_id=instance_id)


@routes.post(
    "/process-instances/<instance_id>/variables",
    InsideSchema,
    *ACTING,
    reads=Reads(body=VariablesBody, example={"variables": {"name": "value"}, "reason": "It was never set."}),
)
def repair(actor: Actor, *, instance_id: str, body: Mapping[str, Any]) -> InsideView:
    """Repair variables

    Those that are named, with the reason; the history keeps what they were before.
    """
    repair_variables(
        environment(),
        actor,
        instance_id=instance_id,
        variables=body["variables"],
        at=body["at"],
        reason=body["reason"],
    )
    return read_inside(environment(), actor, instance_id=instance_id)
