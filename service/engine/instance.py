"""A process instance in memory: SpiffWorkflow's workflow with a turn, the loop that runs it until it rests, and leaving
behind what has ended."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from SpiffWorkflow.util.task import TaskState

from service.domain.errors import ModelError
from service.engine.spiff import OPEN, DrawnSpec, SpiffTask, SpiffWorkflow
from service.engine.tokens import Whole
from service.engine.turn import Turn


class NoScripts:
    """Stands where SpiffWorkflow keeps its Python interpreter: nothing on a diagram may reach one."""

    def evaluate(self, *_: object, **__: object) -> Any:
        """Refuse. FEEL is evaluated by the specs themselves."""
        raise ModelError("SpiffWorkflow asked for a script to be run; Towpath runs none.")

    execute = call_service = evaluate


class Instance(Whole):
    """One running instance with all its called and embedded processes, during one turn."""

    def __init__(self, spec: Any, specs: Any, turn: Turn, *, deserializing: bool = False) -> None:
        self.turn = turn
        super().__init__(spec, specs, NoScripts(), deserializing)

    @property
    def process_id(self) -> str:
        """The process the instance was started as."""
        name: str = self.spec.name
        return name.removeprefix("#")

    def workflows(self) -> Iterator[SpiffWorkflow]:
        """This workflow and every one inside it that has not ended: each before those inside it, in the order their
        tokens came into being, so that an instance read from bytes goes on exactly as one that was kept."""
        return self._with_inner(self)

    def _with_inner(self, workflow: SpiffWorkflow) -> Iterator[SpiffWorkflow]:
        yield workflow
        if self.subprocesses:
            for token_id in list(workflow.live):
                inner = self.subprocesses.get(token_id)
                if inner is not None and not inner.completed:
                    yield from self._with_inner(inner)

    def open_tasks(self) -> Iterator[SpiffTask]:
        """Every drawn element that has been reached and is not over, in the order they opened."""
        for workflow in self.workflows():
            for task in list(workflow.live.values()):
                if task.has_state(OPEN) and isinstance(task.task_spec, DrawnSpec):
                    yield task

    def find(self, task_id: str) -> SpiffTask | None:
        """The open task with this id, wherever in the instance."""
        for workflow in self.workflows():
            task = workflow.live.get(task_id)
            if task is not None and task.has_state(OPEN) and isinstance(task.task_spec, DrawnSpec):
                return task
        return None

    def run_to_rest(self) -> None:
        """Run everything that needs nobody until only waiting is left. Raises ModelError when that never comes.

        SpiffWorkflow's own loop runs tasks that an earlier task of the same sweep has cancelled; this one looks again.
        """
        while self.ready:
            for task in list(self.ready.values()):
                if task.has_state(TaskState.READY) and not task.workflow.completed:
                    self.turn.step(task.task_spec.bpmn_id)
                    task.run()
                else:
                    self.ready.pop(task.id, None)

    def leave_behind(self) -> None:
        """Let go of what has ended: kept are, in each workflow, the root, what is open and the parents of that.

        Joins, attachments and event-based gateways ask for nothing further up. A review loop therefore costs the same
        on its two-hundredth turn as on its second, in memory and as bytes.
        """
        self.subprocesses = {key: part for key, part in self.subprocesses.items() if not part.completed}
        for workflow in self.workflows():
            _leave_behind(workflow)


def _leave_behind(workflow: SpiffWorkflow) -> None:
    root = workflow.task_tree
    needed = {root.id}
    for task in workflow.live.values():
        needed.update((task.id, task._parent))
    if len(needed) < len(workflow.tasks):
        workflow.tasks = {task_id: task for task_id, task in workflow.tasks.items() if task_id in needed}
        workflow.last_task = None
    for task in workflow.tasks.values():
        task._children = []
        if task is not root:
            if not task.has_state(OPEN):
                task.internal_data = {}
            if task._parent not in workflow.tasks:
                task._parent = root.id
            workflow.tasks[task._parent]._children.append(task.id)
