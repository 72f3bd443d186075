"""How a process can be started: its start events as values, and when a timer start is due. Nothing is started here."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta, tzinfo
from typing import Any, Literal

from service.domain.errors import ModelError
from service.engine import moments
from service.engine.drawn import EventDetail, Process, TimerKind
from service.engine.texts import fixed, read_text
from service.engine.turn import zone_of
from service.feel import HostFunction, YearsMonthsDuration


@dataclass(frozen=True, slots=True)
class StartInfo:
    """One start event of a process, which `InstanceStarted.start_id` names."""

    element_id: str
    message: str | None = None
    """The message that starts it. A name that is FEEL has been worked out; it can read no variables."""
    properties: Mapping[str, str] = field(default_factory=dict)
    kind: Literal["none", "message", "signal", "timer"] = "none"
    signal: str | None = None
    timer_kind: TimerKind | None = None
    """`date` or `cycle`."""
    timer: str | None = None
    """As written; FEEL begins with `=`. What it means is in `next_start`."""
    name: str = ""


def starts_of(process: Process) -> Iterator[StartInfo]:
    """The start events of the process that are executed, in the order drawn."""
    for element in process.scope.elements:
        detail = element.detail
        if element.kind != "startEvent" or not isinstance(detail, EventDetail):
            continue
        if detail.kind not in ("none", "message", "signal", "timer"):
            continue
        yield StartInfo(
            element.id,
            fixed(detail.message) if detail.message is not None else None,
            element.properties,
            detail.kind,
            fixed(detail.signal) if detail.signal is not None else None,
            detail.timer_kind,
            detail.timer.raw if detail.timer is not None else None,
            element.name,
        )


def next_start(
    start: StartInfo,
    after: datetime,
    *,
    since: datetime,
    context: Mapping[str, Any],
    functions: Mapping[str, HostFunction],
) -> datetime | None:
    """When the timer start event is due next after `after` (UTC); None when never again, or it is no timer.

    `since` is when the release took effect: an interval without a start of its own is counted from there, and `R5`
    means five times from there. What lies before `after` is not made up for. Times without a zone are in the zone of
    `now()`. Raises ModelError when the text means no time.
    """
    if start.timer is None:
        return None
    zone = zone_of(functions)
    value = read_text(start.timer).evaluate(context, functions)
    if start.timer_kind == "date":
        due = moments.instant(value, zone)
        if due is None:
            raise _wrong(start, value)
        return due if due > after else None
    cycle = moments.cycle(value, zone)
    if cycle is None:
        raise _wrong(start, value)
    return _next_of(cycle, after, since, zone)


def _next_of(cycle: moments.Cycle, after: datetime, since: datetime, zone: tzinfo) -> datetime | None:
    origin, first = (since, 1) if cycle.start is None else (cycle.start, 0)
    number = max(first, _intervals(cycle.every, after - origin))
    last = None if cycle.times < 0 else first + max(cycle.times, 1) - 1
    while last is None or number <= last:
        due = moments.occasion(cycle, number, origin, zone)
        if due is None or due > after:
            return due
        number += 1
    return None


def _intervals(every: str, length: timedelta) -> int:
    """How many intervals certainly fit into the length: where to begin to look."""
    interval = moments.duration(every)
    if isinstance(interval, YearsMonthsDuration):
        return length // timedelta(days=31 * interval.months)
    return 0 if interval is None else length // interval


def _wrong(start: StartInfo, value: Any) -> ModelError:
    message = (
        f"“{start.name or start.element_id}” ({start.element_id}): the timer is not a {start.timer_kind} but {value!r}"
    )
    return ModelError(message, element_id=start.element_id)
