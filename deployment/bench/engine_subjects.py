"""What `engine.py` times: the diagrams, drawn in both dialects where SpiffWorkflow runs them too, and one way to walk
each. Nothing is timed here."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from SpiffWorkflow.bpmn.parser import BpmnParser
from SpiffWorkflow.bpmn.workflow import BpmnWorkflow
from SpiffWorkflow.util.task import TaskState

from service.domain.outcome import Outcome
from service.domain.stimuli import InstanceStarted, TaskCompleted
from service.engine import Diagrams, advance, compile_diagrams
from tests.engine.drawing import (
    boundary,
    call,
    diagram,
    end,
    flow,
    flows,
    gateway,
    repeated,
    start,
    sub,
    timer,
    user,
)

NOW = datetime(2027, 1, 4, 9, tzinfo=UTC)
CONTEXT: Mapping[str, Any] = {"case": {"reference": "K-101", "label": "Child K-101"}, "settings": {}}
ANSWERS: Mapping[str, Any] = {
    "outcome": "agreed",
    "reason": "r" * 200,
    "on": "2027-01-04",
    "hours": 3,
    "people": [1, 2],
}
"""What a form gives at each step."""


def chain(tasks: int) -> bytes:
    """User tasks one after another, each with a boundary timer that does not interrupt it."""
    parts = [start(), end(), flows(" ".join(["begin", *(f"t{number}" for number in range(tasks)), "done"]))]
    for number in range(tasks):
        late, missed = f"late{number}", f"missed{number}"
        parts += [user(f"t{number}"), boundary(late, f"t{number}", timer("timeDuration", "P10D"), stop=False)]
        parts += [end(missed), flow(late, missed)]
    return diagram(*parts)


def review() -> bytes:
    """A weekly review: the same task with its deadline again and again, until somebody says it is enough."""
    return diagram(
        start(), user("review"), boundary("late", "review", timer("timeDuration", "P7D"), stop=False), end("missed"),
        gateway("enough", default="enough-review"), end(), flows("begin review enough review"), flows("late missed"),
        flow("enough", "done", "=enough"),
    )  # fmt: skip


def beside(tasks: int) -> bytes:
    """User tasks beside one another between two parallel gateways."""
    ways = [part for number in range(tasks) for part in (user(f"t{number}"), flows(f"split t{number} join"))]
    return diagram(
        start(), end(), gateway("split", "parallel"), gateway("join", "parallel"), *ways,
        flows("begin split"), flows("join done"),
    )  # fmt: skip


def many(tasks: int, sequential: bool) -> bytes:
    """One user task for each of so many items."""
    drawn = repeated(user("t"), f"=for i in 1..{tasks} return i", sequential=sequential, inputElement="item")
    return diagram(start(), drawn, end(), flows("begin t done"))


def nested(depth: int) -> bytes:
    """Two user tasks inside embedded sub-processes in one another."""
    inside = [user("t0"), user("t1"), start("b0"), end("e0"), flows("b0 t0 t1 e0")]
    for number in range(1, depth):
        inside = [sub(f"s{number}", *inside), start(f"b{number}"), end(f"e{number}"),
                  flows(f"b{number} s{number} e{number}")]  # fmt: skip
    return diagram(start(), sub("s", *inside), end(), flows("begin s done"))


def called() -> dict[str, bytes]:
    """Two user tasks inside a called process."""
    inner = diagram(start(), user("t0"), user("t1"), end(), flows("begin t0 t1 done"), process_id="called")
    return {"0.bpmn": diagram(start(), call("c", "called"), end(), flows("begin c done")), "1.bpmn": inner}


class Ours:
    """Instances of one diagram, a step at a time: state in, outcome out."""

    def __init__(self, files: bytes | dict[str, bytes], variables: Mapping[str, Any] | None = None) -> None:
        self.diagrams: Diagrams = compile_diagrams({"0.bpmn": files} if isinstance(files, bytes) else files)
        self._variables = variables or {}
        self._now = NOW

    def begin(self) -> Outcome:
        """A new instance."""
        return self._advance(None, InstanceStarted("review", self._variables))

    def step(self, outcome: Outcome, answers: Mapping[str, Any] = ANSWERS) -> Outcome:
        """Complete the first open task: load, step, save."""
        return self._advance(outcome.state, TaskCompleted(outcome.user_tasks[0].id, answers))

    def _advance(self, state: bytes | None, stimulus: Any) -> Outcome:
        self._now += timedelta(seconds=1)
        return advance(
            self.diagrams, state, stimulus, now=self._now, context=CONTEXT, decide=_no_decision, functions={}
        )


def _no_decision(decision_id: str, _: Mapping[str, Any]) -> Any:
    raise LookupError(decision_id)


def spiff(drawn: bytes) -> Callable[[], Any]:
    """Begins an instance of the same diagram in SpiffWorkflow as it comes; its times are Python."""
    plain = re.sub(r"<bpmn:extensionElements>.*?</bpmn:extensionElements>", "", drawn.decode())
    plain = re.sub(r"<bpmn:timeDuration>(.*?)</", r'<bpmn:timeDuration>"\1"</', plain)
    plain = re.sub(r"<bpmn:conditionExpression>=", "<bpmn:conditionExpression>", plain)
    parser = BpmnParser()
    parser.add_bpmn_str(plain.encode())
    spec, parts = parser.get_spec("review"), parser.get_subprocess_specs("review")

    def begin() -> Any:
        workflow = BpmnWorkflow(spec, parts)
        workflow.do_engine_steps()
        return workflow

    return begin


def spiff_step(workflow: Any, answers: Mapping[str, Any] = ANSWERS) -> None:
    """Complete the first open task, everything in memory, nothing saved."""
    task = workflow.get_next_task(state=TaskState.READY, manual=True)
    task.data.update(answers)
    task.run()
    workflow.do_engine_steps()
