"""User tasks over HTTP: the queue, claiming, drafts, completion and overrides. Who may do which is in `access/`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http import HTTPStatus
from typing import Any

from flask import request
from werkzeug.exceptions import PreconditionFailed

from service.domain.errors import Conflict
from service.domain.people import Actor
from service.operations.queue import list_user_tasks, read_user_task
from service.operations.sending_back import send_task_back
from service.operations.tasks import claim_task, complete_task, override_refusal, release_task, save_draft
from service.operations.views import Completion, QueuePage, SentBack
from service.web.api.authentication import environment
from service.web.api.queue_query import QueueQuery, wanted_of
from service.web.api.requests import AnswersBody, OverrideBody, SendBackBody
from service.web.api.routes import Reads, Routes
from service.web.api.schemas import QueueSchema
from service.web.api.task_schemas import CompletionSchema, DraftSchema, SendingBackSchema, TaskSchema
from service.web.api.versions import IF_MATCH, IF_MATCH_OPTIONAL, etag_of, version_asked, version_required

routes = Routes(
    "user-tasks",
    "User tasks",
    "What waits for a person. A task is claimed, drafted and completed by whoever may, and refused in words otherwise.",
)

EXAMPLE = {"answers": {"key_of_a_question": "The answer."}}
READABLE = (HTTPStatus.BAD_REQUEST, HTTPStatus.REQUEST_ENTITY_TOO_LARGE, HTTPStatus.UNSUPPORTED_MEDIA_TYPE)
MISSING_OR_GONE = (HTTPStatus.NOT_FOUND, HTTPStatus.CONFLICT)


@contextmanager
def stale_version(actor: Actor, task_id: str, version: int | None) -> Iterator[None]:
    """Answer a conflict about the version that `If-Match` named as HTTP wants it (412); any other stays one (409)."""
    try:
        yield
    except Conflict as error:
        if version is not None:
            task = read_user_task(environment(), actor, task_id=task_id)
            if task.summary.status == "open" and task.version != version:
                raise PreconditionFailed(error.message) from error
        raise


@routes.get("/user-tasks", QueueSchema, reads=Reads(query=QueueQuery))
def find(actor: Actor, *, query: Mapping[str, Any]) -> QueuePage:
    """List user tasks

    The queue of whoever the token stands for, or what of the queue you ask for and may see, a page at a time.
    """
    return list_user_tasks(
        environment(), actor, wanted=wanted_of(query), after=query.get("after"), limit=query["limit"]
    )


@routes.get("/user-tasks/<task_id>", TaskSchema, HTTPStatus.NOT_FOUND)
def read(actor: Actor, *, task_id: str) -> Any:
    """Read a user task

    What is asked, the form, the draft, and what would be refused if it were sent now. The `ETag` is the version of the
    draft.
    """
    task = read_user_task(environment(), actor, task_id=task_id)
    return task, {"ETag": etag_of(task.version)}


@routes.post("/user-tasks/<task_id>/claim", None, *MISSING_OR_GONE, status=HTTPStatus.NO_CONTENT)
def claim(actor: Actor, *, task_id: str) -> None:
    """Claim a user task

    Nobody else can complete it until it is released.
    """
    claim_task(environment(), actor, task_id=task_id)


@routes.post("/user-tasks/<task_id>/release", None, *MISSING_OR_GONE, status=HTTPStatus.NO_CONTENT)
def release(actor: Actor, *, task_id: str) -> None:
    """Release a user task

    It goes back to everybody who may take it. The draft is kept.
    """
    release_task(environment(), actor, task_id=task_id)


@routes.put(
    "/user-tasks/<task_id>/draft",
    DraftSchema,
    *READABLE,
    *MISSING_OR_GONE,
    HTTPStatus.PRECONDITION_FAILED,
    HTTPStatus.PRECONDITION_REQUIRED,
    reads=Reads(body=AnswersBody, example=EXAMPLE, documented={"parameters": [IF_MATCH]}),
)
def draft(actor: Actor, *, task_id: str, body: Mapping[str, Any]) -> Any:
    """Save answers as a draft

    Nothing is checked and nothing is decided. The answer's `ETag` is the new version.
    """
    version = version_required(request.headers.get("If-Match"))
    with stale_version(actor, task_id, version):
        saved = save_draft(environment(), actor, task_id=task_id, answers=body["answers"], version=version)
    return saved, {"ETag": etag_of(saved.version)}


@routes.post(
    "/user-tasks/<task_id>/completion",
    CompletionSchema,
    *READABLE,
    *MISSING_OR_GONE,
    HTTPStatus.PRECONDITION_FAILED,
    reads=Reads(body=AnswersBody, example=EXAMPLE, documented={"parameters": [IF_MATCH_OPTIONAL]}),
)
def complete(actor: Actor, *, task_id: str, body: Mapping[str, Any]) -> Completion:
    """Complete a user task

    With the answers of its form. Every wrong answer is named at once; every refusal of the rule book likewise.
    """
    version = version_asked(request.headers.get("If-Match"))
    with stale_version(actor, task_id, version):
        return complete_task(environment(), actor, task_id=task_id, answers=body["answers"], version=version)


@routes.post(
    "/user-tasks/<task_id>/send-back",
    SendingBackSchema,
    *READABLE,
    *MISSING_OR_GONE,
    reads=Reads(body=SendBackBody, example={"reason": "The family's views are missing."}),
)
def send_back(actor: Actor, *, task_id: str, body: Mapping[str, Any]) -> SentBack:
    """Send a user task back

    To an earlier task, where the diagram allows it, with the reason. What was answered there comes back as its draft,
    and signatures since then are cleared.
    """
    return send_task_back(
        environment(), actor, task_id=task_id, reason=body["reason"], to=body["to"], answers=body["answers"]
    )


@routes.post(
    "/user-tasks/<task_id>/overrides",
    None,
    *READABLE,
    *MISSING_OR_GONE,
    reads=Reads(body=OverrideBody, example={"rule": "rule-id", "reason": "Why this may be allowed."}),
    status=HTTPStatus.NO_CONTENT,
)
def override(actor: Actor, *, task_id: str, body: Mapping[str, Any]) -> None:
    """Allow a soft refusal

    With a written reason, by the level that the refusal names. Hard refusals cannot be allowed by anybody.
    """
    override_refusal(environment(), actor, task_id=task_id, rule=body["rule"], reason=body["reason"])
