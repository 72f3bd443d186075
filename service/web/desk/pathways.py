"""One pathway of one case for whoever answers for it: what it waits for, and stopping, timing and repairing it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

import orjson
from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from service.domain.errors import Conflict, Invalid, ModelError, NotAllowed, NotFound, Refused, ServiceError
from service.domain.people import Actor
from service.operations.environment import Environment
from service.operations.inside import move_timer, read_inside, repair_variables
from service.operations.steering import cancel_instance, resume_instance, suspend_instance
from service.operations.words import LOCAL
from service.web.desk.guards import signed_in
from service.web.statuses import status_of

pages = Blueprint("pathways", __name__)

STEERING: Mapping[str, tuple[Callable[..., None], str]] = {
    "cancel": (cancel_instance, "You have cancelled it, and your reason is on the record."),
    "suspend": (suspend_instance, "You have suspended it. Nothing moves in it until it is resumed."),
    "resume": (resume_instance, "You have resumed it. What came due meanwhile is being done."),
}


@pages.get("/pathways/<instance_id>")
@signed_in
def show(env: Environment, actor: Actor, instance_id: str) -> ResponseReturnValue:
    """The pathway. Raises NotFound."""
    return _page(env, actor, instance_id)


@pages.post("/pathways/<instance_id>/<deed>")
@signed_in
def steer(env: Environment, actor: Actor, instance_id: str, deed: str) -> ResponseReturnValue:
    """Cancel, suspend or resume it, with the reason. Raises NotFound for anything else."""
    if deed not in STEERING:
        raise NotFound
    act, done = STEERING[deed]

    def do() -> None:
        act(env, actor, instance_id=instance_id, reason=request.form.get("reason", ""))

    return _done(env, actor, instance_id, deed, do, done)


@pages.post("/pathways/<instance_id>/timers/<timer_id>")
@signed_in
def timer(env: Environment, actor: Actor, instance_id: str, timer_id: str) -> ResponseReturnValue:
    """Move a timer to another date and time, as they are where the children live."""

    def do() -> None:
        due_at, reason = _moment(request.form.get("due_at", "")), request.form.get("reason", "")
        move_timer(env, actor, instance_id=instance_id, timer_id=timer_id, due_at=due_at, reason=reason)

    return _done(env, actor, instance_id, f"timer-{timer_id}", do, "You have moved the timer.")


@pages.post("/pathways/<instance_id>/variables")
@signed_in
def repair(env: Environment, actor: Actor, instance_id: str) -> ResponseReturnValue:
    """Write the variables that were typed as JSON."""
    at = request.form.get("at") or None

    def do() -> None:
        variables, reason = _variables(request.form.get("variables", "")), request.form.get("reason", "")
        repair_variables(env, actor, instance_id=instance_id, variables=variables, at=at, reason=reason)

    return _done(env, actor, instance_id, f"scope-{at or 'all'}", do, "You have repaired the variables.")


def _done(
    env: Environment, actor: Actor, instance_id: str, anchor: str, do: Callable[[], None], words: str
) -> ResponseReturnValue:
    """Do it and show the page; when it is refused the page says why, and what was typed is still there."""
    try:
        do()
    except (Conflict, Invalid, ModelError, NotAllowed, Refused) as error:
        return make_response(_page(env, actor, instance_id, error, anchor), int(status_of(type(error))))
    flash(words, "success")
    return redirect(url_for("desk.pathways.show", instance_id=instance_id))


def _page(env: Environment, actor: Actor, instance_id: str, error: ServiceError | None = None, anchor: str = "") -> str:
    wrong = error.fields if isinstance(error, Invalid) else {}
    return render_template(
        "desk/pathway.html",
        inside=read_inside(env, actor, instance_id=instance_id),
        error=error,
        acting=anchor,
        wrong={name.partition(".")[0]: ". ".join(messages) for name, messages in wrong.items()},
        typed=request.form,
    )


def _moment(text: str) -> datetime:
    """What a date-and-time box holds. Raises Invalid."""
    try:
        return datetime.fromisoformat(text).replace(tzinfo=LOCAL)
    except ValueError:
        raise Invalid({"due_at": ["Enter a date and a time, such as 2027-02-01T09:00"]}) from None


def _variables(text: str) -> dict[str, Any]:
    """What a box for variables holds. Raises Invalid, saying where reading stopped."""
    try:
        value = orjson.loads(text)
    except orjson.JSONDecodeError as error:
        problem = f"This is not JSON at line {error.lineno}, column {error.colno}: {error.msg}"
        raise Invalid({"variables": [problem]}) from None
    if not isinstance(value, dict):
        raise Invalid({"variables": ['Enter a JSON object, such as {"name": "value"}']})
    return value
