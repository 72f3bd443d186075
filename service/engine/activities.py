"""Tasks: user, service and send, business rule, script, and those that only pass. Events and called processes are not
here."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

from service.domain.errors import ModelError
from service.domain.outcome import DecisionMade
from service.engine.drawn import DecisionDetail, JobDetail, ScriptDetail, UserTaskDetail
from service.engine.moments import instant
from service.engine.spiff import LOCAL, PAYLOAD, DrawnSpec, SpiffTask, turn_of, waiting_siblings
from service.engine.texts import Text, read_text
from service.engine.turn import failed, wrong
from service.engine.variables import Seen, mapped_in, merge_out, seen_by
from service.feel import to_json

DEFAULT_PRIORITY = 50
LARGEST = 10**9
"""Whole numbers on a diagram are smaller: they are counts and ranks, and every database holds them."""
_WHOLE = re.compile(r"-?[0-9]{1,9}", re.ASCII)


class ActivitySpec(DrawnSpec):
    """Anything a boundary event can be attached to."""

    def _on_ready_hook(self, my_task: SpiffTask) -> None:
        my_task.internal_data[LOCAL] = mapped_in(my_task)

    def _go_on(self, my_task: SpiffTask) -> None:
        super()._go_on(my_task)
        for event in waiting_siblings(my_task):
            event.cancel()


class PassSpec(ActivitySpec):
    """A task nobody in Towpath does: it is passed at once, its mappings applied."""

    def _run_hook(self, my_task: SpiffTask) -> bool | None:
        merge_out(my_task, {})
        return True


class UserTaskSpec(ActivitySpec):
    """Waits for a person. All it says is evaluated once, as it opens, so that no later turn can fail on it."""

    waits_for_person = True

    def _on_ready_hook(self, my_task: SpiffTask) -> None:
        super()._on_ready_hook(my_task)
        detail = self.element.detail
        if not isinstance(detail, UserTaskDetail):
            raise wrong(self.element, "the user task was not read as one")
        seen = seen_by(my_task)
        my_task.internal_data["user"] = {
            "form": detail.form_id,
            "assignee": self._person(my_task, seen, detail.assignee),
            "users": self._names(my_task, seen, detail.candidate_users, "the candidate users"),
            "groups": self._names(my_task, seen, detail.candidate_groups, "the candidate groups"),
            "due": self._moment(my_task, seen, detail.due_date, "the due date"),
            "follow_up": self._moment(my_task, seen, detail.follow_up_date, "the follow-up date"),
            "priority": self._priority(my_task, seen, detail.priority),
            "properties": self._properties(my_task, seen),
        }

    def _run_hook(self, my_task: SpiffTask) -> bool | None:
        merge_out(my_task, my_task.internal_data.pop(PAYLOAD, {}))
        return True

    def _value(self, task: SpiffTask, seen: Seen, text: Text | None, what: str) -> Any:
        return None if text is None else turn_of(task).evaluate_known(text, seen, self.element, what)

    def _person(self, task: SpiffTask, seen: Seen, text: Text | None) -> str | None:
        value = self._value(task, seen, text, "the assignee")
        if value is None or isinstance(value, str):
            return value or None
        raise wrong(self.element, f"the assignee is not the id of a person but {value!r}")

    def _names(self, task: SpiffTask, seen: Seen, text: Text | None, what: str) -> list[str]:
        value = self._value(task, seen, text, what)
        if value is None:
            return []
        items = value.split(",") if isinstance(value, str) else value
        if not isinstance(items, list) or not all(isinstance(item, str) for item in items):
            raise wrong(self.element, f"{what} are not a list of names but {value!r}")
        return [item.strip() for item in items if item.strip()]

    def _moment(self, task: SpiffTask, seen: Seen, text: Text | None, what: str) -> str | None:
        value = self._value(task, seen, text, what)
        if value is None:
            return None
        moment = instant(value, turn_of(task).zone, end_of_day=what == "the due date")
        if moment is None:
            raise wrong(self.element, f"{what} is neither a date nor a date and time but {value!r}")
        return moment.isoformat()

    def _priority(self, task: SpiffTask, seen: Seen, text: Text | None) -> int:
        value = self._value(task, seen, text, "the priority")
        return DEFAULT_PRIORITY if value is None else whole(self, value, "the priority")

    def _properties(self, task: SpiffTask, seen: Seen) -> dict[str, Any]:
        turn = turn_of(task)
        return {
            name: to_json(turn.evaluate_known(read_text(value), seen, self.element, f"the property “{name}”"))
            if value.startswith("=")
            else value
            for name, value in self.element.properties.items()
        }


class JobSpec(ActivitySpec):
    """Waits for a handler: the task stays STARTED until its job is completed or refused."""

    def _on_ready_hook(self, my_task: SpiffTask) -> None:
        super()._on_ready_hook(my_task)
        detail = self.element.detail
        if not isinstance(detail, JobDetail):
            raise wrong(self.element, "the task was not read as a job")
        turn, seen = turn_of(my_task), seen_by(my_task)
        job_type = turn.evaluate(detail.type, seen, self.element, "the job type")
        if not isinstance(job_type, str) or not job_type:
            raise wrong(self.element, f"the job type is not a text but {job_type!r}")
        retries = turn.evaluate(detail.retries, seen, self.element, "the number of retries")
        my_task.internal_data["job"] = {
            "type": job_type,
            "retries": whole(self, retries, "the number of retries"),
            "headers": dict(detail.headers),
        }

    def _run_hook(self, my_task: SpiffTask) -> bool | None:  # noqa: ARG002
        return None


class ScriptSpec(ActivitySpec):
    """Evaluates one FEEL expression."""

    def _run_hook(self, my_task: SpiffTask) -> bool | None:
        detail = self.element.detail
        if not isinstance(detail, ScriptDetail):
            raise wrong(self.element, "the script task was not read as one")
        value = turn_of(my_task).evaluate_json(detail.expression, seen_by(my_task), self.element, "the expression")
        merge_out(my_task, {detail.result_variable: value})
        return True


class BusinessRuleSpec(ActivitySpec):
    """Asks a decision of the rule book and notes which rules matched."""

    def _run_hook(self, my_task: SpiffTask) -> bool | None:
        detail = self.element.detail
        if not isinstance(detail, DecisionDetail):
            raise wrong(self.element, "the business rule task was not read as one")
        turn, seen = turn_of(my_task), seen_by(my_task)
        decision_id = turn.evaluate(detail.decision_id, seen, self.element, "the name of the decision")
        if not isinstance(decision_id, str):
            raise wrong(self.element, f"the name of the decision is not a text but {decision_id!r}")
        try:
            decided = turn.decide(decision_id, dict(seen))
        except ModelError as error:
            raise failed(self.element, f"the decision “{decision_id}”", error) from error
        result = to_json(decided.result)
        turn.decisions.append(
            DecisionMade(
                element_id=self.element.id,
                decision_id=decision_id,
                result=result,
                matched_rules=tuple(rule.rule_id for rule in decided.matched),
                annotations=tuple(str(note) for rule in decided.matched for note in rule.annotations),
            )
        )
        merge_out(my_task, {detail.result_variable: result})
        return True


def whole(spec: DrawnSpec, value: Any, what: str) -> int:
    """A whole number, from a FEEL number or digits. Raises ModelError naming the element."""
    if isinstance(value, str) and _WHOLE.fullmatch(value.strip()):
        return int(value)
    if isinstance(value, Decimal) and value == value.to_integral_value() and abs(value) < LARGEST:
        return int(value)
    raise wrong(spec.element, f"{what} is not a whole number of at most nine digits but {value!r}")
