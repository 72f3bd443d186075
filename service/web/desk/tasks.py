"""One user task: reading it, claiming it, keeping a draft, completing it, allowing a soft refusal. Rules are elsewhere.

Every button of the page posts the whole form, so that nothing typed is lost whichever is pressed.
"""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from flask import Blueprint, flash, jsonify, make_response, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from service.domain.errors import Conflict, Invalid, ModelError, NotAllowed, Refused, ServiceError
from service.domain.people import Actor
from service.operations.environment import Environment
from service.operations.queue import read_user_task
from service.operations.sending_back import send_task_back
from service.operations.tasks import claim_task, complete_task, override_refusal, release_task, save_draft
from service.operations.views import TaskView
from service.web.desk.forms import read_answers, with_row, without_row
from service.web.desk.guards import signed_in
from service.web.desk.questions import ask, error_links
from service.web.desk.words import clock
from service.web.statuses import status_of

pages = Blueprint("tasks", __name__)
COMPLETION = "completion"
"""The name in the session of what completing the last user task did."""
REASON = "reason"
SEND_BACK_REASON = "_send-back-reason"


@pages.get("/tasks/<task_id>")
@signed_in
def show(env: Environment, actor: Actor, task_id: str) -> ResponseReturnValue:
    """The task with its draft. Raises NotFound."""
    return task_page(env, read_user_task(env, actor, task_id=task_id))


@pages.post("/tasks/<task_id>")
@signed_in
def send(env: Environment, actor: Actor, task_id: str) -> ResponseReturnValue:
    """What the pressed button says: submit the answers, or keep them and add or take away a row of a list."""
    button, _, target = request.form.get("_do", "save").partition(":")
    typed = _typed(read_user_task(env, actor, task_id=task_id), blank_rows=button != "submit")
    try:
        if button == "submit":
            completion = complete_task(env, actor, task_id=task_id, answers=typed, version=_version())
            session[COMPLETION] = asdict(completion)
            return redirect(url_for("desk.tasks.done", task_id=task_id))
        kept, anchor = _after_button(button, target, typed)
        draft = save_draft(env, actor, task_id=task_id, answers=kept, version=_version())
    except (Conflict, Invalid, ModelError, NotAllowed, Refused) as error:
        return _again(env, actor, task_id, typed, error)
    if button == "save":
        flash(f"Draft saved at {clock(draft.saved_at)}.", "success")
    return redirect(url_for("desk.tasks.show", task_id=task_id, _anchor=anchor))


@pages.post("/tasks/<task_id>/draft")
@signed_in
def keep(env: Environment, actor: Actor, task_id: str) -> ResponseReturnValue:
    """The draft as it is typed, for `draft.js`; answers its new version and what to say."""
    typed = _typed(read_user_task(env, actor, task_id=task_id), blank_rows=True)
    draft = save_draft(env, actor, task_id=task_id, answers=typed, version=_version())
    return jsonify(version=draft.version, message=f"Draft saved at {clock(draft.saved_at)}.")


@pages.post("/tasks/<task_id>/claim")
@signed_in
def claim(env: Environment, actor: Actor, task_id: str) -> ResponseReturnValue:
    """Take the task, then keep what was already typed."""
    typed = _typed(read_user_task(env, actor, task_id=task_id), blank_rows=True)
    try:
        claim_task(env, actor, task_id=task_id)
        _keep_typed(env, actor, task_id)
    except (Conflict, NotAllowed, Refused) as error:
        return _again(env, actor, task_id, typed, error)
    flash("You have claimed this task. Others see that you are working on it.", "success")
    return redirect(url_for("desk.tasks.show", task_id=task_id))


@pages.post("/tasks/<task_id>/release")
@signed_in
def release(env: Environment, actor: Actor, task_id: str) -> ResponseReturnValue:
    """Keep what was typed, then give the task back."""
    typed = _keep_typed(env, actor, task_id)
    try:
        release_task(env, actor, task_id=task_id)
    except (Conflict, NotAllowed, Refused) as error:
        return _again(env, actor, task_id, typed, error)
    flash("You have released this task. Anybody it is for can claim it.", "success")
    return redirect(url_for("desk.tasks.show", task_id=task_id))


@pages.post("/tasks/<task_id>/allow")
@signed_in
def allow(env: Environment, actor: Actor, task_id: str) -> ResponseReturnValue:
    """Allow a soft refusal with a written reason, and keep what was typed."""
    rule = request.form.get("_rule", "")
    reason = request.form.get(f"_{REASON}-{rule}", "").strip()
    typed = _keep_typed(env, actor, task_id)
    try:
        if not reason:
            raise Invalid({REASON: ["Enter the reason why you allow this"]})
        override_refusal(env, actor, task_id=task_id, rule=rule, reason=reason)
    except (Conflict, Invalid, NotAllowed, Refused) as error:
        return _again(env, actor, task_id, typed, error, allowing=rule)
    flash("You have allowed it, and your reason is on the record.", "success")
    return redirect(url_for("desk.tasks.show", task_id=task_id, _anchor="in-the-way"))


@pages.post("/tasks/<task_id>/send-back")
@signed_in
def send_back(env: Environment, actor: Actor, task_id: str) -> ResponseReturnValue:
    """Send the task back to an earlier one with a written reason; what was typed is kept in the history."""
    typed = _typed(read_user_task(env, actor, task_id=task_id), blank_rows=False)
    reason, to = request.form.get(SEND_BACK_REASON, ""), request.form.get("_to")
    try:
        sent = send_task_back(env, actor, task_id=task_id, reason=reason, to=to, answers=typed)
    except (Conflict, Invalid, ModelError, NotAllowed, Refused) as error:
        return _again(env, actor, task_id, typed, error)
    flash(f"You have sent it back to “{sent.to_name}”, and your reason is on the record.", "success")
    return redirect(url_for("desk.queue.show"))


@pages.get("/tasks/<task_id>/done")
@signed_in
def done(_env: Environment, _actor: Actor, task_id: str) -> ResponseReturnValue:
    """What completing the task did, while the session remembers it; afterwards the queue."""
    completion = session.get(COMPLETION)
    if not completion or completion["task_id"] != task_id:
        return redirect(url_for("desk.queue.show"))
    return render_template("desk/done.html", completion=completion)


def _after_button(button: str, target: str, typed: dict[str, Any]) -> tuple[dict[str, Any], str | None]:
    """The answers to keep, and where on the page to go on."""
    if button == "add":
        return with_row(typed, target), f"{target}-{len(typed.get(target, []))}"
    if button == "remove":
        key, _, index = target.partition(":")
        return without_row(typed, key, int(index) if index.isdecimal() else -1), f"{key}-add"
    return typed, target or None


def _typed(view: TaskView, *, blank_rows: bool) -> dict[str, Any]:
    return read_answers(view.fields, request.form, blank_rows=blank_rows)


def _keep_typed(env: Environment, actor: Actor, task_id: str) -> dict[str, Any]:
    """Save what stands in the form as the draft when the page showed one; return it."""
    view = read_user_task(env, actor, task_id=task_id)
    if "_version" not in request.form or "save" not in view.may:
        return {}
    typed = _typed(view, blank_rows=True)
    if typed != view.answers:
        save_draft(env, actor, task_id=task_id, answers=typed, version=_version())
    return typed


def _reasons() -> dict[str, str]:
    """Reasons for allowing something, by rule, as they stood in the form that was sent."""
    prefix = f"_{REASON}-"
    return {name.removeprefix(prefix): text for name, text in request.form.items() if name.startswith(prefix)}


def _version() -> int | None:
    """The version of the draft that the page was showing; None when it does not say."""
    version = request.form.get("_version", "")
    return int(version) if version.isdecimal() and len(version) < 10 else None


def _again(
    env: Environment, actor: Actor, task_id: str, typed: dict[str, Any], error: ServiceError, *, allowing: str = ""
) -> ResponseReturnValue:
    """The same page with the reason and everything typed.

    When the page is gone or has no form any more the error is raised: its own page shows what was typed.
    """
    try:
        view = read_user_task(env, actor, task_id=task_id, answers=typed if "_version" in request.form else None)
    except ServiceError:
        raise error from None
    if "_version" in request.form and not view.may & {"save", "complete"}:
        raise error
    return make_response(task_page(env, view, error, allowing), int(status_of(type(error))))


def task_page(env: Environment, view: TaskView, error: ServiceError | None = None, allowing: str = "") -> str:
    """The page, with what is wrong; `allowing` is the rule whose reason was being sent."""
    wrong = error.fields if isinstance(error, Invalid) else {}
    # A wrong reason belongs to the refusal it was to allow, even where the form has a field of the same key.
    questions = ask(view.fields, view.answers, {} if allowing else wrong)
    links = error_links(questions, {} if allowing else wrong)
    sending_back = request.endpoint == "desk.tasks.send_back"
    if sending_back and wrong:
        links = [(message, "send-back-reason") for messages in wrong.values() for message in messages]
    if allowing:
        links = [(message, reason_anchor(view, allowing)) for messages in wrong.values() for message in messages]
    return render_template(
        "desk/task.html",
        task=view,
        questions=questions,
        deciding={key for field in view.fields for key in field.hide_reads},
        now=env.now(),
        error=error,
        links=links,
        refusals=error.refusals if isinstance(error, NotAllowed | Refused) else (),
        rule_book_wrong=isinstance(error, ModelError),
        conflict=error if isinstance(error, Conflict) else None,
        allowing=allowing,
        reasons=_reasons(),
        sending_back=sending_back,
        send_back_reason=request.form.get(SEND_BACK_REASON, ""),
        send_back_errors=[message for messages in wrong.values() for message in messages] if sending_back else [],
        allowing_errors=[message for messages in wrong.values() for message in messages] if allowing else [],
    )


def reason_anchor(view: TaskView, rule: str) -> str | None:
    """The id of the box for the reason to allow `rule`; None when nothing with that rule stands in the way now."""
    rules = [refusal.rule for refusal in view.checklist]
    return f"allow-{rules.index(rule) + 1}-reason" if rule in rules else None
