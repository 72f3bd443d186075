"""Tokens and the workflows they are in: SpiffWorkflow's own, with an index of what is open, so that no step sweeps over
what has ended or merely waits. What a token does is with its spec.

The ids of tokens are texts: they are looked up and written at every step, and a UUID is slow to hash, read and write.
"""

from __future__ import annotations

from typing import Any, TypeAlias
from uuid import uuid4

from SpiffWorkflow.bpmn.util.subworkflow import BpmnBaseWorkflow, BpmnSubWorkflow
from SpiffWorkflow.bpmn.workflow import BpmnWorkflow
from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

SpiffTask: TypeAlias = Any
SpiffWorkflow: TypeAlias = Any


class Token(Task):  # type: ignore[misc]  # SpiffWorkflow has no types
    """One token at one element. Every change of its state is told to its workflow."""

    def __init__(
        self, workflow: SpiffWorkflow, spec: Any, parent: SpiffTask | None, state: int, token_id: str | None = None
    ) -> None:
        super().__init__(workflow, spec, parent, state=state, id=token_id or str(uuid4()))
        workflow.note(self)

    def _add_child(self, task_spec: Any, state: int = TaskState.MAYBE) -> Token:
        return Token(self.workflow, task_spec, self, state)

    def _set_state(self, value: int) -> None:
        # SpiffWorkflow's own makes a log record each time, which costs more than all the rest of a step.
        self._state = value
        self.workflow.note(self)


class Indexed(BpmnBaseWorkflow):  # type: ignore[misc]  # SpiffWorkflow has no types
    """What the workflow of the instance and those inside it have in common."""

    def __init__(self, *given: Any, deserializing: bool = False, **named: Any) -> None:
        self.live: dict[str, Token] = {}
        """Every token that has not ended, by its id, in the order they came into being."""
        self.waiting: dict[str, dict[str, Token]] = {}
        """Those that wait, by the name of their spec."""
        super().__init__(*given, deserializing=True, **named)
        if not deserializing:
            self.task_tree = Token(self, self.spec.start, None, TaskState.FUTURE)
            self.spec.start._predict(self.task_tree, mask=TaskState.NOT_FINISHED_MASK)
            self.task_tree._ready()

    def note(self, token: Token) -> None:
        """Keep the index true: the token came into being or changed its state."""
        state, token_id = token.state, token.id
        if state & TaskState.NOT_FINISHED_MASK:
            self.live[token_id] = token
        else:
            self.live.pop(token_id, None)
        name = token.task_spec.name
        if state == TaskState.WAITING:
            self.waiting.setdefault(name, {})[token_id] = token
        else:
            self._waits_no_more(name, token_id)
        ready: dict[str, Token] = self.top_workflow.ready
        if state == TaskState.READY and not token.task_spec.manual:
            ready[token_id] = token
        else:
            ready.pop(token_id, None)

    def waiting_at(self, spec: Any) -> list[Token]:
        """The tokens that wait at this spec, in the order they came."""
        return list(self.waiting.get(spec.name, {}).values())

    def update_waiting_tasks(self) -> None:
        """Something ended: let those look again that wait for others. SpiffWorkflow's own asks everything that waits.

        Of several at one spec the first is asked: they wait for the same.
        """
        self._look_again(
            [name for name in self.waiting if getattr(self.spec.task_specs[name], "waits_for_others", True)]
        )

    def update_everything_that_waits(self) -> None:
        """The diagram is another: let every token that waits look whether it still has to."""
        self._look_again(list(self.waiting))

    def _look_again(self, names: list[str]) -> None:
        for name in names:
            first = next(iter(self.waiting.get(name, {}).values()), None)
            if first is not None:
                first.task_spec._update(first)

    def _task_removed_notify(self, task: SpiffTask) -> None:
        self.live.pop(task.id, None)
        self._waits_no_more(task.task_spec.name, task.id)
        self.top_workflow.ready.pop(task.id, None)

    def _waits_no_more(self, name: str, token_id: str) -> None:
        there = self.waiting.get(name)
        if there is not None and there.pop(token_id, None) is not None and not there:
            del self.waiting[name]

    def _mark_complete(self, _task: SpiffTask) -> None:
        self.completed = True


class Part(Indexed, BpmnSubWorkflow):  # type: ignore[misc]  # SpiffWorkflow has no types
    """An embedded or called process inside an instance; `holder` is the token of the activity it belongs to."""

    def __init__(self, spec: Any, holder: Token, deserializing: bool = False) -> None:
        self.holder = holder
        super().__init__(spec, holder.id, holder.workflow.top_workflow, deserializing=deserializing)

    @property
    def parent_workflow(self) -> SpiffWorkflow:
        """The workflow it is in."""
        return self.holder.workflow

    def cancel(self, success: bool = False) -> list[Token]:
        """End everything inside. Gives what was ended."""
        self.success, self.completed = success, True
        ending = list(self.live.values())
        for token in ending:
            token.cancel()
        return ending


class Whole(Indexed, BpmnWorkflow):  # type: ignore[misc]  # SpiffWorkflow has no types
    """The workflow of a whole instance, with every part of it that has not ended in `subprocesses`."""

    subprocesses: dict[str, Part]

    def __init__(self, spec: Any, specs: Any, script_engine: Any, deserializing: bool) -> None:
        self.ready: dict[str, Token] = {}
        """Every token in the instance that can go on without anybody, in the order they became ready."""
        super().__init__(spec, specs, script_engine=script_engine, deserializing=deserializing)

    def create_subprocess(self, my_task: Token, spec_name: str) -> Part:
        """Begin a part."""
        part = Part(self.subprocess_specs[spec_name], my_task)
        self.subprocesses[my_task.id] = part
        return part

    def get_task_from_id(self, task_id: str) -> Token:
        """The token with this id, wherever in the instance. Raises KeyError."""
        found: Token | None = self.tasks.get(task_id)
        return found or next(part.tasks[task_id] for part in self.subprocesses.values() if task_id in part.tasks)
