"""Other ways to take a turn than the usual one, to compare it with: always read from bytes, and never leaving anything
behind. That they come to the same is asserted in `test_staying.py`."""

from __future__ import annotations

import re
from dataclasses import fields
from itertools import count
from typing import Any

from service.domain.outcome import Outcome
from service.domain.stimuli import InstanceStarted, Stimulus
from service.engine import Diagrams, advance
from service.engine.advancing import apply
from service.engine.instance import Instance
from service.engine.keeping import KEPT
from service.engine.nested import Entrance, begin
from service.engine.reporting import outcome
from service.engine.turn import Turn

_ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def through_bytes(diagrams: Diagrams, state: bytes | None, stimulus: Stimulus, **given: Any) -> Outcome:
    """A turn of an operating system process that has not seen the instance before."""
    KEPT.clear()
    return advance(diagrams, state, stimulus, **given)


class Everything(Instance):
    """An instance that lets go of nothing: every token there ever was is still in it."""

    def leave_behind(self) -> None:
        """Leave nothing behind."""


class Remembering:
    """Turns of one instance that never becomes bytes and is never pruned."""

    def __init__(self) -> None:
        self.instance: Everything | None = None

    def __call__(
        self, diagrams: Diagrams, state: bytes | None, stimulus: Stimulus, *, now: Any, context: Any, **given: Any
    ) -> Outcome:
        turn = Turn(now, context, given["decide"], given["functions"])
        if isinstance(stimulus, InstanceStarted):
            self.instance = Everything(diagrams.specs[stimulus.process_id], diagrams.specs, turn)
            begin(self.instance, Entrance(stimulus.start_id, stimulus.message, dict(stimulus.variables)))
        assert self.instance is not None
        if state:
            self.instance.turn = turn
            apply(self.instance, stimulus)
        self.instance.run_to_rest()
        return outcome(self.instance)


def told(one: Outcome) -> str:
    """All an outcome says, its state included, with every id replaced by a number in the order they appear."""
    numbers: dict[str, str] = {}
    said = ((name, getattr(one, name)) for name in sorted(field.name for field in fields(one)))
    fresh = count()
    return _ID.sub(lambda found: numbers.setdefault(found[0], f"#{next(fresh)}"), str(list(said)))
