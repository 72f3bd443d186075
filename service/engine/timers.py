"""The timer of a waiting event: when it is due, when it is due again, and moving it. That it fires is in `catching.py`.

In `internal_data` a timer keeps `due`; a cycle also `every` (its interval) and `left` (how often it may still happen,
this time included; -1 for ever), and `rhythm` once somebody moved it: when it would have been due by itself.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from service.engine import moments
from service.engine.drawn import Element, EventDetail
from service.engine.spiff import SpiffTask, turn_of
from service.engine.turn import Turn, wrong
from service.engine.variables import seen_by

DUE = "due"
"""Key in `internal_data` of a timer's instant, ISO 8601 in UTC."""
EVERY = "every"
LEFT = "left"
RHYTHM = "rhythm"


def set_timer(task: SpiffTask, detail: EventDetail) -> None:
    """Work out when the event on this task is due. Raises ModelError."""
    element, turn, data = task.task_spec.element, turn_of(task), task.internal_data
    if detail.timer is None:
        raise wrong(element, "the timer has no time")
    value = turn.evaluate(detail.timer, seen_by(task), element, "the timer")
    due: datetime | None = None
    if detail.timer_kind == "date":
        due = moments.instant(value, turn.zone)
    elif detail.timer_kind == "duration":
        length = moments.duration(value)
        due = None if length is None else moments.later(turn.now, length, turn.zone)
    elif (cycle := moments.cycle(value, turn.zone)) is not None:
        data.update({LEFT: cycle.times, EVERY: cycle.every})
        # As Camunda 8: a cycle that should have begun already begins now.
        due = max(cycle.start, turn.now) if cycle.start else _after(element, turn, cycle.every, turn.now)
    if due is None:
        raise wrong(element, f"the timer is not a {detail.timer_kind} but {value!r}")
    data[DUE] = due.isoformat()


def due_at(task: SpiffTask) -> datetime:
    """When the timer of this task is due (UTC)."""
    return datetime.fromisoformat(task.internal_data[DUE])


def due_again(task: SpiffTask) -> dict[str, Any] | None:
    """What the timer of the next occasion keeps, now that this one fired; None when it was the last.

    `R0` happens once, as in Camunda 8. Occasions missed while nobody looked are not made up for: the next is a whole
    interval from now. One that was moved keeps the rhythm: the next is when it would have been without the move.
    """
    data, turn, element = task.internal_data, turn_of(task), task.task_spec.element
    if EVERY not in data or data[LEFT] in (0, 1):
        return None
    due = _after(element, turn, data[EVERY], datetime.fromisoformat(data.get(RHYTHM, data[DUE])))
    due = due if due > turn.now else _after(element, turn, data[EVERY], turn.now)
    return {EVERY: data[EVERY], LEFT: max(data[LEFT] - 1, -1), DUE: due.isoformat()}


def move(task: SpiffTask, due_at: datetime) -> None:
    """Give the open timer another time. Raises ValueError when that has no zone."""
    if due_at.tzinfo is None:
        raise ValueError("a timer needs a time with its zone")
    data = task.internal_data
    if EVERY in data:
        data.setdefault(RHYTHM, data[DUE])
    data[DUE] = due_at.astimezone(UTC).isoformat()


def _after(element: Element, turn: Turn, every: str, start: datetime) -> datetime:
    length = moments.duration(every)
    due = None if length is None else moments.later(start, length, turn.zone)
    if due is None or due <= start:
        raise wrong(element, f"the timer repeats every {every!r}, which leads nowhere")
    return due
