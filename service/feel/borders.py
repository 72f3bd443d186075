"""Unary tests that ask nothing but where a value lies among constants, found in their syntax tree. What tests mean is
in `compile/`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from service.feel.compare import ONE_SCALE
from service.feel.compile import build
from service.feel.reading import called_names
from service.feel.surroundings import Surroundings
from service.feel.syntax import (
    Against,
    AtLiteral,
    Between,
    Call,
    Comparison,
    In,
    ListOf,
    Literal,
    Logic,
    Name,
    Negative,
    Node,
    RangeOf,
    Tests,
)

_MAKERS = frozenset({"date", "duration"})
"""Functions that make a constant out of a text."""
_KINDS = ONE_SCALE | {bool}
"""Times are not among them: offsets come in."""


@dataclass(frozen=True, slots=True)
class Borders:
    """The constants of some tests. Two values of exactly the type `kind` that lie alike to each of them, below, on or
    above it, pass the tests both or neither; and so do, without a kind, all values but null.
    """

    kind: type | None
    constants: tuple[Any, ...]
    calls: frozenset[str]
    """Functions that made constants; all this holds only where the scope gives these names no other meaning."""


class _NotPlain(Exception):
    """Something other than the value and constants decides."""


def borders_of(tests: Tests) -> Borders | None:
    """The borders of the tests; None when they ask for more than that, or of constants of several types."""
    try:
        nodes = list(_constants_in(tests))
        constants = tuple(value for value in map(_value_of, nodes) if value is not None)
    except _NotPlain:
        return None
    kinds = {type(constant) for constant in constants}
    if len(kinds) > 1 or not kinds <= _KINDS:
        return None
    return Borders(next(iter(kinds), None), constants, frozenset[str]().union(*map(called_names, nodes)))


def _constants_in(node: Node) -> Iterator[Node]:
    """The nodes of the constants that the value is compared with. Raises _NotPlain."""
    match node:
        case Tests(tests=items):
            yield from _each(items)
        case ListOf(items=items):
            # The value may be such a list itself; with a constant in it, the kind rules that out.
            if all(isinstance(item, Literal) and item.value is None for item in items):
                raise _NotPlain
            yield from _each(items)
        case Against(operand=operand):
            yield operand
        case RangeOf(start=start, end=end):
            yield from (bound for bound in (start, end) if bound is not None)
        case Comparison() | Between() | In() | Logic():
            yield from _in_condition(node)
        case _:
            yield node


def _each(nodes: Sequence[Node]) -> Iterator[Node]:
    for node in nodes:
        yield from _constants_in(node)


def _in_condition(node: Node) -> Iterator[Node]:
    """The constants in a condition on `?`, of which every comparison must be one. Raises _NotPlain."""
    match node:
        case Comparison(left=Name(name="?"), right=constant) | Comparison(left=constant, right=Name(name="?")):
            yield constant
        case Between(value=Name(name="?"), low=low, high=high):
            yield from (low, high)
        case In(value=Name(name="?"), tests=tests):
            yield from _constants_in(tests)
        case Logic(left=left, right=right):
            yield from _in_condition(left)
            yield from _in_condition(right)
        case _:
            raise _NotPlain


def constant_of(node: Node) -> Any:
    """The value of a literal, or of a date or duration that a function makes of one; None for everything else."""
    try:
        return _value_of(node)
    except _NotPlain:
        return None


def _value_of(node: Node) -> Any:
    """The value of a constant. Raises _NotPlain when it is none, or null with a reason."""
    if not _is_constant(node):
        raise _NotPlain
    frame = Surroundings().begin("")
    value = build(node)(frame)
    if frame.evaluation.reasons:
        raise _NotPlain
    return value


def _is_constant(node: Node) -> bool:
    match node:
        case Literal() | AtLiteral():
            return True
        case Negative(operand=Literal()):
            return True
        case Call(function=Name(name=name), arguments=(Literal(),), named=()):
            return name in _MAKERS
        case _:
            return False
