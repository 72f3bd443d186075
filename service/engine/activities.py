"""Tasks: user, service and send, business rule, script, and those that only pass. Events and called processes are not
here."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import uuid4

from service.domain.errors import ModelError
from service.domain.outcome import DecisionMade
from service.engine.drawn import DecisionDetail, JobDetail, ListenerEvent, ScriptDetail, UserTaskDetail
from service.engine.jobs import opened_job, whole
from service.engine.listeners import next_job, no_answer
from service.engine.moments import instant
from service.engine.spiff import LOCAL, PAYLOAD, DrawnSpec, SpiffTask, turn_of, waiting_siblings
from service.engine.texts import Text, read_text
from service.engine.turn import failed, wrong
from service.engine.variables import Seen, mapped_in, merge_out, seen_by
from service.feel import to_json

DEFAULT_PRIORITY = 50


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
        my_task.internal_data["held"] = self.said(my_task)
        self._when_asked(my_task, "creating")

    def said(self, my_task: SpiffTask) -> dict[str, Any]:
        """All the diagram says of the task, evaluated. Raises ModelError."""
        detail = self.element.detail
        if not isinstance(detail, UserTaskDetail):
            raise wrong(self.element, "the user task was not read as one")
        seen = seen_by(my_task)
        return {
            "form": detail.form_id,
            "assignee": self._person(my_task, seen, detail.assignee),
            "users": self._names(my_task, seen, detail.candidate_users, "the candidate users"),
            "groups": self._names(my_task, seen, detail.candidate_groups, "the candidate groups"),
            "due": self._moment(my_task, seen, detail.due_date, "the due date"),
            "follow_up": self._moment(my_task, seen, detail.follow_up_date, "the follow-up date"),
            "priority": self._priority(my_task, seen, detail.priority),
            "properties": self._properties(my_task, seen),
        }

    def completed_by_person(self, my_task: SpiffTask, values: Mapping[str, Any]) -> None:
        """The person has done it; the listeners of its completion are asked before the token goes on."""
        my_task.internal_data[PAYLOAD] = dict(values)
        my_task.internal_data["held"] = my_task.internal_data.pop("user")
        self._when_asked(my_task, "completing")

    def job_done(self, my_task: SpiffTask, values: Mapping[str, Any]) -> None:
        """A listener is done; it has nothing to give, as in Camunda 8. Raises ModelError when it gives something."""
        event = my_task.internal_data["job"]["listener"]
        if values:
            raise wrong(self.element, f"its listener for “{event}” gives variables, which a task listener may not")
        self._when_asked(my_task, event)

    def listener_refused(self, my_task: SpiffTask, code: str, message: str) -> None:
        """A refused completion opens the task again, under an id of its own. Raises ModelError for other events."""
        data = my_task.internal_data
        event = data.pop("job")["listener"]
        if event != "completing":
            raise no_answer(self.element, event, code, message)
        del data[PAYLOAD]
        data["user"] = {**data.pop("held"), "id": str(uuid4())}

    def _when_asked(self, my_task: SpiffTask, event: ListenerEvent) -> None:
        """Ask the next listener of this event; when all have been asked, the task opens or the token goes on."""
        data = my_task.internal_data
        if next_job(my_task, event, _said_of(data["held"])):
            return
        held = data.pop("held")
        if event == "creating":
            data["user"] = held
        else:
            my_task.run()

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
        return DEFAULT_PRIORITY if value is None else whole(self.element, value, "the priority")

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
        my_task.internal_data["job"] = self.said(my_task)

    def said(self, my_task: SpiffTask) -> dict[str, Any]:
        """The job as the diagram describes it, evaluated. Raises ModelError."""
        detail = self.element.detail
        if not isinstance(detail, JobDetail):
            raise wrong(self.element, "the task was not read as a job")
        return opened_job(my_task, detail.type, detail.retries, detail.headers)

    def _run_hook(self, my_task: SpiffTask) -> bool | None:  # noqa: ARG002
        return None

    def job_done(self, my_task: SpiffTask, values: Mapping[str, Any]) -> None:
        """Write what the handler gives and go on."""
        merge_out(my_task, values)
        my_task.complete()


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
            decided = turn.decide(decision_id, seen.as_feel())
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


def _said_of(user: Mapping[str, Any]) -> dict[str, str]:
    """What a task listener is told of its user task, under the names Camunda 8 gives it."""
    told = {
        "assignee": user["assignee"],
        "candidateGroups": ",".join(user["groups"]),
        "candidateUsers": ",".join(user["users"]),
        "dueDate": user["due"],
        "followUpDate": user["follow_up"],
        "formKey": user["form"],
        "priority": str(user["priority"]),
    }
    return {f"io.camunda.zeebe:{name}": value for name, value in told.items() if value}
