"""A process instance in memory: SpiffWorkflow's workflow with a turn, and the loop that runs it until it rests."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from SpiffWorkflow.bpmn.workflow import BpmnWorkflow
from SpiffWorkflow.util.task import TaskState

from service.domain.errors import ModelError
from service.engine.spiff import OPEN, DrawnSpec, SpiffTask, SpiffWorkflow
from service.engine.turn import Turn


class NoScripts:
    """Stands where SpiffWorkflow keeps its Python interpreter: nothing on a diagram may reach one."""

    def evaluate(self, *_: object, **__: object) -> Any:
        """Refuse. FEEL is evaluated by the specs themselves."""
        raise ModelError("SpiffWorkflow asked for a script to be run; Towpath runs none.")

    execute = call_service = evaluate


class Instance(BpmnWorkflow):  # type: ignore[misc]  # SpiffWorkflow has no types
    """One running instance with all its called and embedded processes, during one turn."""

    def __init__(self, spec: Any, specs: Any, turn: Turn, *, deserializing: bool = False) -> None:
        self.turn = turn
        super().__init__(spec, specs, script_engine=NoScripts(), deserializing=deserializing)

    @property
    def process_id(self) -> str:
        """The process the instance was started as."""
        name: str = self.spec.name
        return name.removeprefix("#")

    def workflows(self) -> Iterator[SpiffWorkflow]:
        """This workflow and every one inside it that has not ended, outermost first."""
        yield self
        for inner in list(self.subprocesses.values()):
            if not inner.completed:
                yield inner

    def open_tasks(self) -> Iterator[SpiffTask]:
        """Every drawn element that has been reached and is not over, in the order they opened."""
        for workflow in self.workflows():
            for task in list(workflow.tasks.values()):
                if task.has_state(OPEN) and isinstance(task.task_spec, DrawnSpec):
                    yield task

    def run_to_rest(self) -> None:
        """Run everything that needs nobody until only waiting is left. Raises ModelError when that never comes.

        SpiffWorkflow's own loop runs tasks that an earlier task of the same sweep has cancelled; this one looks again.
        """
        while ready := [task for workflow in self.workflows() for task in _ready(workflow)]:
            for task in ready:
                if task.has_state(TaskState.READY) and not task.workflow.completed:
                    self.turn.step(task.task_spec.bpmn_id)
                    task.run()


def _ready(workflow: SpiffWorkflow) -> list[SpiffTask]:
    return [task for task in workflow.tasks.values() if task.has_state(TaskState.READY) and not task.task_spec.manual]
