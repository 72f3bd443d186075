"""One turn of the engine: what `advance` was given and what it has seen so far. What a stimulus does is not here."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, tzinfo
from typing import Any

from service.domain.errors import ModelError
from service.domain.outcome import DecisionMade, ElementPassed, ThrownMessage, ThrownSignal, UncaughtEscalation
from service.engine.drawn import Element
from service.engine.texts import Text
from service.feel import FeelError, HostFunction, to_json

Decide = Callable[[str, Mapping[str, Any]], Any]
"""Evaluates a decision of the rule book: its id and what it may read; gives `result` and `matched` rules."""

MAX_STEPS = 500
"""Elements one stimulus may pass. A path that never waits is a mistake on the diagram, and SpiffWorkflow walks its
tree no deeper than 1,000 tasks."""


@dataclass(slots=True)
class Turn:
    """What every element may use while one stimulus is worked through."""

    now: datetime
    context: Mapping[str, Any]
    decide: Decide
    functions: Mapping[str, HostFunction]
    thrown: list[ThrownMessage] = field(default_factory=list)
    broadcast: list[ThrownSignal] = field(default_factory=list)
    uncaught: list[UncaughtEscalation] = field(default_factory=list)
    decisions: list[DecisionMade] = field(default_factory=list)
    passed: list[ElementPassed] = field(default_factory=list)
    steps: int = 0

    @property
    def zone(self) -> tzinfo:
        """The zone of a date drawn without one: that of the clock's own `now()`, else UTC."""
        return zone_of(self.functions)

    def step(self, element_id: str | None) -> None:
        """Count one element. Raises ModelError when the path does not come to rest."""
        self.steps += 1
        if self.steps > MAX_STEPS:
            message = f"the process goes round without waiting: {MAX_STEPS} elements passed, the last “{element_id}”"
            raise ModelError(message, element_id=element_id)

    def evaluate(self, text: Text, scope: Mapping[str, Any], element: Element, what: str) -> Any:
        """The value of an attribute of the element. Raises ModelError naming both."""
        try:
            return text.evaluate(scope, self.functions)
        except ModelError as error:
            raise failed(element, what, error) from error

    def evaluate_known(self, text: Text, scope: Mapping[str, Any], element: Element, what: str) -> Any:
        """The value of an attribute that may be null, but not for a name nobody knows. Raises ModelError."""
        try:
            return text.evaluate_known(scope, self.functions)
        except ModelError as error:
            raise failed(element, what, error) from error

    def evaluate_json(self, text: Text, scope: Mapping[str, Any], element: Element, what: str) -> Any:
        """The value as the state keeps it. Raises ModelError, also for what JSON cannot hold (a function)."""
        value = self.evaluate(text, scope, element, what)
        try:
            return to_json(value)
        except FeelError as error:
            raise failed(element, what, error) from error

    def see_passed(self, element: Element, cancelled: bool = False) -> None:
        """Note that an element was completed or cancelled. Gateways are not for the chronology."""
        if element.kind.endswith("Gateway"):
            return
        self.passed.append(
            ElementPassed(
                element_id=element.id,
                name=element.name,
                kind=element.kind,
                process_id=element.process_id,
                state="cancelled" if cancelled else "completed",
            )
        )


def zone_of(functions: Mapping[str, HostFunction]) -> tzinfo:
    """The zone that the clock's own `now()` speaks in, else UTC."""
    clock = functions.get("now")
    value = clock.call() if clock is not None else None
    return (value.tzinfo if isinstance(value, datetime) else None) or UTC


def failed(element: Element, what: str, error: ModelError) -> ModelError:
    """The same error, said of the element of the diagram it happened at."""
    message = f"{element.label} ({element.id}): {what} failed: {error.message}"
    return ModelError(message, element_id=element.id, file=element.file, **error.details)


def wrong(element: Element, message: str) -> ModelError:
    """A ModelError about an element of a diagram."""
    return ModelError(f"{element.label} ({element.id}): {message}", element_id=element.id, file=element.file)
