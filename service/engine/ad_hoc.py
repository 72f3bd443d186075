"""Ad-hoc sub-processes: which of the elements inside begin, and when enough of them are done. How they are nested is in
`nested.py`."""

from __future__ import annotations

from typing import Any

from SpiffWorkflow.bpmn.specs.bpmn_task_spec import BpmnTaskSpec

from service.domain.errors import ModelError
from service.engine.drawn import AdHocDetail
from service.engine.nested import SubProcessSpec
from service.engine.scopes import cancel_others, is_waiting_trigger, open_triggers
from service.engine.spiff import SpiffTask, SpiffWorkflow, go_to, turn_of
from service.engine.texts import Text
from service.engine.turn import failed, wrong
from service.engine.variables import seen_by

ENOUGH = "enough"
"""Key in `internal_data` of the sub-process once its completion condition has held."""


class AdHocSpec(SubProcessSpec):
    """An embedded sub-process without start events: a list of element ids says what begins, all at once."""

    @property
    def detail(self) -> AdHocDetail:
        """What begins and what is enough."""
        if not isinstance(self.element.detail, AdHocDetail):
            raise wrong(self.element, "the ad-hoc sub-process was not read as one")
        return self.element.detail

    def _enter(self, my_task: SpiffTask, inner: SpiffWorkflow) -> None:
        entrances = inner.spec.activatable
        told = [_told(spec.element) for spec, _ in entrances.values()]
        seen = seen_by(my_task, inner.data, {"adHocSubProcessElements": told})
        text, turn = self.detail.elements, turn_of(my_task)
        chosen = [] if text is None else turn.evaluate(text, seen, self.element, "the elements to begin")
        if not isinstance(chosen, list) or not all(isinstance(one, str) for one in chosen):
            raise wrong(self.element, f"the elements to begin are not a list of ids but {chosen!r}")
        for one in chosen:
            if one not in entrances:
                raise wrong(self.element, f"“{one}” is nothing in it that can begin")
        for foretold in list(inner.task_tree.children):
            inner._remove_task(foretold.id)
        go_to(inner.task_tree, [entrances[one][1] for one in chosen])
        inner.task_tree.run()
        open_triggers(inner)

    def path_done(self, holder: SpiffTask, ended: SpiffTask) -> bool:
        """Whether the sub-process is complete, now that a token inside has come to its end. Once the condition holds,
        what is still open ends with it, or is waited for when it is drawn so. A condition that never holds keeps the
        sub-process open, as in Camunda 8."""
        inner = ended.workflow
        others = [task for task in inner.live.values() if task is not ended and not is_waiting_trigger(task)]
        until = self.detail.until
        if until is None or _interrupted(ended):
            return not others
        if not holder.internal_data.get(ENOUGH):
            if not self._is_enough(until, holder, inner):
                return False
            holder.internal_data[ENOUGH] = True
            if self.detail.cancels_rest:
                return True
        return not others

    def _is_enough(self, until: Text, holder: SpiffTask, inner: SpiffWorkflow) -> bool:
        try:
            return until.holds(seen_by(holder, inner.data), turn_of(holder).functions)[0]
        except ModelError as error:
            raise failed(self.element, "the completion condition", error) from error


class PathEndSpec(BpmnTaskSpec):  # type: ignore[misc]  # SpiffWorkflow has no types
    """Where every token inside an ad-hoc sub-process ends."""

    def _update_hook(self, _my_task: SpiffTask) -> bool | None:
        return True

    def _on_complete_hook(self, my_task: SpiffTask) -> None:
        workflow = my_task.workflow
        holder = workflow.top_workflow.get_task_from_id(workflow.parent_task_id)
        if holder.task_spec.path_done(holder, my_task):
            cancel_others(my_task)
            workflow._mark_complete(my_task)


def _interrupted(ended: SpiffTask) -> bool:
    """Whether what ended is an event sub-process that interrupted the rest: then no condition is asked."""
    begun = getattr(ended.parent.task_spec, "element", None)
    return any(trigger.begun is begun and trigger.detail.interrupting for trigger in ended.workflow.spec.triggers)


def _told(element: Any) -> dict[str, Any]:
    """What an expression may read of an element that can begin, as Camunda 8 names it."""
    return {
        "elementId": element.id,
        "elementName": element.name,
        "documentation": element.documentation,
        "properties": dict(element.properties),
    }
