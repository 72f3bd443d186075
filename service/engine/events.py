"""Start, end and throw events, and links. Events that wait are in `catching.py`, who catches an error or an escalation
in `catchers.py`."""

from __future__ import annotations

from service.domain.outcome import ThrownMessage, ThrownSignal
from service.engine.catchers import throw_error, throw_escalation
from service.engine.catching import EventSpec, name_of
from service.engine.scopes import cancel_others, end_scope, open_triggers
from service.engine.spiff import HIDDEN, PAYLOAD, SpiffTask, turn_of
from service.engine.variables import mapped_in, merge_out, seen_by


class StartSpec(EventSpec):
    """Where a token enters. What came with the start goes through its output mapping; then the event sub-processes of
    the scope open, so that their keys and times may be about it."""

    def _run_hook(self, my_task: SpiffTask) -> bool | None:
        data = my_task.internal_data
        merge_out(my_task, data.pop(PAYLOAD, {}), data.pop(HIDDEN, None))
        return True

    def _on_complete_hook(self, my_task: SpiffTask) -> None:
        open_triggers(my_task.workflow)
        super()._on_complete_hook(my_task)


class ThrowSpec(EventSpec):
    """Passed at once. A message, signal or escalation goes out with the variables its input mapping names, and no
    others. A link event leads on to where the link goes."""

    def _run_hook(self, my_task: SpiffTask) -> bool | None:
        element, detail, turn = self.element, self.detail, turn_of(my_task)
        if detail.kind == "message" and detail.message is not None:
            message = turn.evaluate(detail.message, seen_by(my_task), element, "the name of the message")
            turn.thrown.append(ThrownMessage(str(message), element.id, element.process_id, mapped_in(my_task)))
        elif detail.kind == "signal" and detail.signal is not None:
            signal = name_of(my_task, detail.signal, "the name of the signal")
            turn.broadcast.append(ThrownSignal(signal, element.id, element.process_id, mapped_in(my_task)))
        if detail.kind not in ("error", "escalation"):
            merge_out(my_task, {})
        return True

    def _on_complete_hook(self, my_task: SpiffTask) -> None:
        """Errors and escalations are thrown here, when the event itself is over: who catches them may end all else."""
        if self.detail.kind not in ("error", "escalation"):
            super()._on_complete_hook(my_task)
            return
        turn_of(my_task).see_passed(self.element)
        if self._goes_on_after_throwing(my_task):
            merge_out(my_task, {})
            self._go_on(my_task)

    def _goes_on_after_throwing(self, my_task: SpiffTask) -> bool:
        variables = mapped_in(my_task)
        if self.detail.kind == "error":
            code = self.detail.error_code
            said = "" if code is None else name_of(my_task, code, "the error code")
            throw_error(my_task, said, self.element.name, variables)
            return False
        code = self.detail.escalation_code
        said = "" if code is None else name_of(my_task, code, "the escalation code")
        return not throw_escalation(my_task, said, variables)


class EndSpec(ThrowSpec):
    """Where a token ends: plainly, throwing something, or with everything beside it."""

    def _on_complete_hook(self, my_task: SpiffTask) -> None:
        super()._on_complete_hook(my_task)
        if self.detail.kind == "terminate":
            cancel_others(my_task)
            end_scope(my_task)
