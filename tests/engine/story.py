"""An instance as a story: one act after another, always through bytes unless it is told another way, with a
clock the test turns. No assertions."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Any

from service.domain.outcome import Outcome
from service.domain.stimuli import (
    InstanceCancelled,
    InstanceStarted,
    JobCompleted,
    JobRefused,
    MessageReceived,
    SignalReceived,
    Stimulus,
    TaskCompleted,
    TimePassed,
    TimerMoved,
)
from service.engine import compile_diagrams
from service.feel import HostFunction
from tests.engine.staying import through_bytes

MONDAY = datetime(2027, 1, 4, 9, 0, tzinfo=UTC)


@dataclass(frozen=True)
class Matched:
    rule_id: str
    number: int
    annotations: tuple[str, ...] = ()


@dataclass(frozen=True)
class Decided:
    result: Any
    matched: Sequence[Matched] = ()


@dataclass
class Story:
    """`outcome` is the last one; `passed` everything passed so far, as `id` or `id (cancelled)`."""

    files: Mapping[str, bytes]
    now: datetime = MONDAY
    zone: tzinfo = UTC
    context: Mapping[str, Any] = field(default_factory=lambda: {"case": {"reference": "C-1"}, "settings": {}})
    decisions: dict[str, Decided] = field(default_factory=dict)
    functions: Mapping[str, HostFunction] = field(default_factory=dict)
    asked: list[Mapping[str, Any]] = field(default_factory=list)
    advance: Callable[..., Outcome] = through_bytes
    """How a turn is taken; other ways are in `service.engine` and `staying.py`."""
    outcome: Outcome = field(default_factory=lambda: Outcome(state=b""))
    passed: list[str] = field(default_factory=list)

    def begin(
        self, process_id: str = "review", message: str | None = None, at: str | None = None, **variables: Any
    ) -> Story:
        return self.act(InstanceStarted(process_id, variables, message, at))

    def complete(self, element_id: str, **variables: Any) -> Story:
        return self.act(TaskCompleted(self.task(element_id).id, variables))

    def job_done(self, element_id: str, **variables: Any) -> Story:
        return self.act(JobCompleted(self.job(element_id).id, variables))

    def job_refused(self, element_id: str, code: str, message: str = "", **variables: Any) -> Story:
        return self.act(JobRefused(self.job(element_id).id, code, message, variables))

    def listener_done(self, element_id: str, **variables: Any) -> Story:
        """The listener of the element that is asked now has done its job."""
        asked = next(item for item in self.outcome.jobs if item.listener and item.element_id == element_id)
        return self.act(JobCompleted(asked.id, variables))

    def receive(self, element_id: str, **variables: Any) -> Story:
        subscription = next(item for item in self.outcome.awaited if item.element_id == element_id)
        return self.act(MessageReceived(subscription.id, variables))

    def hear(self, element_id: str, **variables: Any) -> Story:
        subscription = next(item for item in self.outcome.signals if item.element_id == element_id)
        return self.act(SignalReceived(subscription.id, variables))

    def move(self, element_id: str, due_at: datetime) -> Story:
        waiting = next(item for item in self.outcome.timers if item.element_id == element_id)
        return self.act(TimerMoved(waiting.id, due_at))

    def wait(self, **length: float) -> Story:
        self.now += timedelta(**length)
        return self.act(TimePassed())

    def cancel(self) -> Story:
        return self.act(InstanceCancelled("entered twice"))

    def act(self, stimulus: Stimulus) -> Story:
        self.outcome = self.advance(
            compile_diagrams(self.files),
            self.outcome.state or None,
            stimulus,
            now=self.now,
            context=self.context,
            decide=self._decide,
            functions={"now": HostFunction("now", (), lambda: self.now.astimezone(self.zone)), **self.functions},
        )
        self.passed += [
            item.element_id + (" (cancelled)" if item.state == "cancelled" else "") for item in self.outcome.passed
        ]
        return self

    def task(self, element_id: str) -> Any:
        return next(item for item in self.outcome.user_tasks if item.element_id == element_id)

    def job(self, element_id: str) -> Any:
        return next(item for item in self.outcome.jobs if item.element_id == element_id)

    @property
    def asked_listeners(self) -> list[tuple[str, str, str]]:
        """Element, event and type of every listener that is asked now."""
        return [(item.element_id, item.listener, item.type) for item in self.outcome.jobs if item.listener]

    @property
    def open(self) -> list[str]:
        """Every open user task, job and awaited message by its element."""
        outcome = self.outcome
        return [item.element_id for item in (*outcome.user_tasks, *outcome.jobs, *outcome.awaited)]

    @property
    def waiting(self) -> list[str]:
        """Every message, signal and timer waited for by its element, sorted."""
        outcome = self.outcome
        return sorted(item.element_id for item in (*outcome.awaited, *outcome.signals, *outcome.timers))

    @property
    def variables(self) -> Mapping[str, Any]:
        """What the instance ended with."""
        assert self.outcome.ended is not None, f"still open: {self.open}"
        return self.outcome.ended.variables

    def _decide(self, decision_id: str, context: Mapping[str, Any]) -> Decided:
        self.asked.append(context)
        return self.decisions[decision_id]


def story(*diagrams: bytes, **given: Any) -> Story:
    """A story over these diagrams."""
    return Story({f"{number}.bpmn": content for number, content in enumerate(diagrams)}, **given)
