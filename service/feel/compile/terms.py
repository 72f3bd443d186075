"""What literals, names, lists, contexts, ranges and paths mean. Operators and calls are in the other modules."""

from __future__ import annotations

from typing import Any

from service.feel.absent import Absent
from service.feel.builtins import BUILTINS
from service.feel.compare import order
from service.feel.compile.core import build, builds
from service.feel.properties import property_of
from service.feel.runtime import MISSING, Code, Evaluation, Frame
from service.feel.syntax import AtLiteral, ContextOf, ListOf, Literal, Name, Path, RangeOf
from service.feel.temporal import read_any
from service.feel.values import Range, in_words


@builds(Literal)
def literal(node: Literal) -> Code:
    """The value itself."""
    value = node.value
    return lambda _frame: value


@builds(AtLiteral)
def at_literal(node: AtLiteral) -> Code:
    """The temporal value of the text, read once."""
    try:
        value = read_any(node.text)
    except Absent as absent:
        reason = absent.reason
        return lambda frame: frame.evaluation.absent(reason)
    return lambda _frame: value


@builds(Name)
def name(node: Name) -> Code:
    """The value in the nearest frame, else a function of the host, else a built-in one."""
    wanted = node.name

    def read(frame: Frame) -> Any:
        try:
            value = frame.find(wanted)
        except Absent as absent:
            return frame.evaluation.absent(absent.reason)
        if value is not MISSING:
            return value
        function = frame.evaluation.functions.get(wanted) or BUILTINS.get(wanted)
        return function or frame.evaluation.no_name(wanted)

    return read


@builds(ListOf)
def list_of(node: ListOf) -> Code:
    """A list of the items' values."""
    items = [build(item) for item in node.items]
    return lambda frame: [item(frame) for item in items]


@builds(ContextOf)
def context_of(node: ContextOf) -> Code:
    """A context; each entry sees those before it, and a function entry also itself."""
    entries = [(key, build(value)) for key, value in node.entries]
    keys = [key for key, _ in entries]
    twice = next((key for key in keys if keys.count(key) > 1), None) if len(set(keys)) < len(keys) else None

    def make(frame: Frame) -> Any:
        if twice is not None:
            return frame.evaluation.absent(f"the entry “{twice}” stands twice in a context")
        made: dict[str, Any] = {}
        inner = frame.inner(made)
        for key, value in entries:
            made[key] = value(inner)
        return made

    return make


@builds(RangeOf)
def range_of(node: RangeOf) -> Code:
    """A range, when its endpoints are not null and have an order."""
    start, end = (build(bound) if bound is not None else None for bound in (node.start, node.end))

    def make(frame: Frame) -> Any:
        low, high = (bound(frame) if bound is not None else None for bound in (start, end))
        if (start and low is None) or (end and high is None):
            return frame.evaluation.absent("an end of a range is null")
        if start and end and not node.operator and order(low, high) is None:
            return frame.evaluation.absent(f"{in_words(low)} and {in_words(high)} make no range")
        return Range(low, high, node.start_included, node.end_included, node.operator)

    return make


@builds(Path)
def path(node: Path) -> Code:
    """An entry of a context, a property, or of a list the list of its items' entries."""
    value = build(node.value)
    wanted = node.name
    first = node.value.name if isinstance(node.value, Name) else ""

    def read(frame: Frame) -> Any:
        try:
            if first and frame.find(first) is MISSING:
                # A dot may stand inside a name, as in the name of an import (grammar rule 30).
                whole = frame.find(f"{first}.{wanted}")
                if whole is not MISSING:
                    return whole
            return _entry(value(frame), wanted, frame.evaluation)
        except Absent as absent:
            return frame.evaluation.absent(absent.reason)

    return read


def _entry(value: Any, wanted: str, evaluation: Evaluation) -> Any:
    if isinstance(value, dict):
        return value[wanted] if wanted in value else evaluation.no_entry(wanted)
    if isinstance(value, list):
        evaluation.step(len(value))
        return [_entry_or_null(item, wanted, evaluation) for item in value]
    return property_of(value, wanted)


def _entry_or_null(item: Any, wanted: str, evaluation: Evaluation) -> Any:
    try:
        return _entry(item, wanted, evaluation)
    except Absent as absent:
        return evaluation.absent(absent.reason)
