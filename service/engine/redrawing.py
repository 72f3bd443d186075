"""What an open element says under another release: what is drawn as before stays as it was evaluated, the rest is
evaluated from the new diagram. Where its token stands is decided in `moving.py`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from service.engine.activities import JobSpec, UserTaskSpec
from service.engine.catching import CatchSpec
from service.engine.drawn import Element
from service.engine.listeners import ListenerSpec, listener_job
from service.engine.plans import Plan
from service.engine.repeating import RepeatSpec
from service.engine.spiff import LOCAL, ONE, SpiffTask, turn_of
from service.engine.standing import inner_of, repetitions
from service.engine.texts import Text
from service.engine.timers import DUE, EVERY, LEFT, RHYTHM
from service.engine.variables import mapped_in
from service.feel import HostFunction

DEADLINES = {"due": "due_date", "follow_up": "follow_up_date"}
"""What a user task keeps of its dates, and where they are drawn."""
DRAWN_AT = {"assignee": "assignee", "users": "candidate_users", "groups": "candidate_groups", "priority": "priority"}
TIMER = (DUE, EVERY, LEFT, RHYTHM)
STANDS = frozenset({ONE, "of", "index"})
"""What an event keeps of where it stands, whatever it waits for."""


@dataclass(frozen=True, slots=True)
class Since:
    """When an element opened, and the functions of FEEL as they were then."""

    at: datetime
    functions: Mapping[str, HostFunction]


@contextmanager
def as_of(task: SpiffTask, since: Since | None) -> Iterator[None]:
    """Evaluate as at the instant the element opened; as now when that is not known."""
    turn = turn_of(task)
    now, functions = turn.now, turn.functions
    if since is not None:
        turn.now, turn.functions = since.at, since.functions
    try:
        yield
    finally:
        turn.now, turn.functions = now, functions


def redraw(task: SpiffTask, old: Any, plan: Plan, since: Since | None) -> None:
    """Make what the open task keeps what its new spec says, where the old one said otherwise. Raises ModelError."""
    spec, before = task.task_spec, old.element
    if isinstance(spec, UserTaskSpec):
        _redraw_user_task(task, before, plan, since)
    elif isinstance(spec, JobSpec):
        _redraw_job(task, before)
    elif isinstance(spec, CatchSpec):
        _redraw_event(task, before, plan, since)
    elif isinstance(spec, RepeatSpec):
        _redraw_repetitions(task, before)
    elif isinstance(spec, ListenerSpec) and _drawn(old.listener) != _drawn(spec.listener):
        task.internal_data["job"] = listener_job(task, spec.listener)


def _redraw_user_task(task: SpiffTask, before: Element, plan: Plan, since: Since | None) -> None:
    element: Element = task.task_spec.element
    inputs_differ = _map_in_again(task, before)
    # While a listener of the task is asked, what it says is held back.
    kept = task.internal_data.get("user") or task.internal_data["held"]
    fresh: dict[str, Any] = kept
    if inputs_differ or _said(before) != _said(element):
        fresh = task.task_spec.said(task)
    for name, drawn_at in DRAWN_AT.items():
        if inputs_differ or _raw(before.detail, drawn_at) != _raw(element.detail, drawn_at):
            kept[name] = fresh[name]
    kept["form"] = fresh["form"]
    kept["properties"] = {
        name: kept["properties"][name]
        if not inputs_differ and name in kept["properties"] and before.properties.get(name) == element.properties[name]
        else fresh["properties"][name]
        for name in element.properties
    }
    if plan.deadlines == "recompute":
        with as_of(task, since):
            said = task.task_spec.said(task)
        kept.update({name: said[name] for name in DEADLINES})


def _redraw_job(task: SpiffTask, before: Element) -> None:
    inputs_differ = _map_in_again(task, before)
    if inputs_differ or _drawn(before.detail) != _drawn(task.task_spec.element.detail):
        task.internal_data["job"] = task.task_spec.said(task)


def _redraw_event(task: SpiffTask, before: Element, plan: Plan, since: Since | None) -> None:
    spec, data = task.task_spec, task.internal_data
    timer = spec.detail.kind == "timer"
    again = timer and plan.timers == "recompute"
    if not again and _drawn(before.detail) == _drawn(spec.detail) and _inputs(before) == _inputs(spec.element):
        return
    kept = {name: data[name] for name in TIMER if name in data}
    for name in data.keys() - STANDS:
        del data[name]
    with as_of(task, since if again else None):
        spec._open(task)
    if timer and not again:
        for name in TIMER:
            data.pop(name, None)
        data.update(kept)


def _redraw_repetitions(body: SpiffTask, before: Element) -> None:
    """The items and results so far stay; those to come are worked out as newly drawn."""
    spec, kept, was = body.task_spec, body.internal_data["repeat"], before.repeat
    if was is None or _drawn(was) == _drawn(spec.repeat):
        return
    for one in repetitions(body):
        own = one.internal_data[ONE]
        held = inner_of(one)
        for layer in (own, held.data) if held is not None and spec.one.scope_holder else (own,):
            item = layer.pop(was.item, None) if was.item is not None else None
            if spec.repeat.item is not None:
                layer[spec.repeat.item] = item if was.item is not None else kept["items"][one.internal_data["index"]]
            output = spec.repeat.output_item
            if output is not None and output.feel.isidentifier():
                layer.setdefault(output.feel, None)
    if not spec.repeat.sequential:
        spec.begin_rest(body)


def _map_in_again(task: SpiffTask, before: Element) -> bool:
    """Evaluate the input mapping anew when it is drawn otherwise; say whether it was."""
    if _inputs(before) == _inputs(task.task_spec.element):
        return False
    task.internal_data[LOCAL] = mapped_in(task)
    return True


def _inputs(element: Element) -> list[tuple[str, str]]:
    return [(mapping.source.raw, mapping.target) for mapping in element.inputs]


def _said(element: Element) -> tuple[Any, ...]:
    return (_drawn(element.detail), dict(element.properties))


def _drawn(detail: Any) -> tuple[Any, ...]:
    """A detail as written: two expressions are the same when their texts are."""
    return () if detail is None else tuple(_raw(detail, item.name) for item in fields(detail))


def _raw(detail: Any, name: str) -> Any:
    value = getattr(detail, name)
    return value.raw if isinstance(value, Text) else value
