"""Event sub-processes: what can begin them while a scope is open, and the sub-process that begins when it comes.

For each event sub-process drawn in a scope, a task of its start event waits under the scope's root from when the scope
has begun (`scopes.open_triggers`) until it ends. It holds nothing up. When it fires, the event sub-process begins
below it, as an embedded sub-process whose token enters at that start event with what the event brought.
"""

from __future__ import annotations

from SpiffWorkflow.util.task import TaskState

from service.engine.catching import CatchSpec
from service.engine.drawn import Element
from service.engine.nested import Entrance, SubProcessSpec
from service.engine.scopes import ScopeSpec, cancel_others
from service.engine.spiff import HIDDEN, PAYLOAD, SpiffTask


class TriggerSpec(CatchSpec):
    """The start event of an event sub-process as the scope around it knows it."""

    is_trigger = True

    def __init__(self, process_spec: ScopeSpec, name: str, start: Element, begun: Element) -> None:
        super().__init__(process_spec, name, start)
        self.stands_aside = True
        self.begun = begun
        """The event sub-process."""
        process_spec.triggers.append(self)

    def _run_hook(self, my_task: SpiffTask) -> bool | None:
        if self.detail.interrupting:
            cancel_others(my_task)
        else:
            self._wait_again(my_task)
        return True

    def _on_complete_hook(self, my_task: SpiffTask) -> None:
        # That the event came is noted where the token enters.
        brought = {key: my_task.internal_data[key] for key in (PAYLOAD, HIDDEN) if key in my_task.internal_data}
        for spec in self.outputs:
            my_task._add_child(spec, TaskState.FUTURE).internal_data.update(brought)


class EventSubProcessSpec(SubProcessSpec):
    """A sub-process that begins when its event comes, and ends like any other."""

    start_id: str | None = None
    """Its start event; None when it cannot begin."""

    def _entrance(self, my_task: SpiffTask) -> Entrance:
        data = my_task.internal_data
        return Entrance(self.start_id, payload=data.pop(PAYLOAD, {}), hidden=data.pop(HIDDEN, {}))
