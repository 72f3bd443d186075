"""What can be known of a cell without the rest of the table: the constants it compares the value with, and its verdict
on any one value. Where those constants lie on the scale of a column is not known here.

The verdict is always that of FEEL itself. This module only says between which values it cannot change.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from service.feel import BUILTIN_NAMES, FeelError, Range, Surroundings
from service.feel.compile import build, build_tests
from service.feel.compile.tests import Test
from service.feel.grammar import parse_tests
from service.feel.reading import called_names, everything_in, free_names, mentions
from service.feel.syntax import (
    Against,
    Between,
    Call,
    Comparison,
    If,
    In,
    InstanceOf,
    Logic,
    Name,
    Node,
    Tests,
)

_ORDER = frozenset({"<", "<=", ">", ">="})
_KEPT = 8192


@dataclass(frozen=True, slots=True)
class ReadCell:
    """A cell as far as it can be read."""

    text: str
    borders: tuple[Any, ...] = ()
    """The constants that the value is compared with; between two neighbours among them the verdict is the same."""
    by_value: str = ""
    """Why the verdict is known only value by value; empty when the borders tell it."""
    unknown: str = ""
    """Why the verdict is not known at all; empty when it is."""
    broken: bool = False
    """Whether it is no FEEL at all."""
    test: Test | None = None

    def passes(self, value: Any) -> bool | None:
        """Whether the value passes the cell; None when nobody can say."""
        if self.unknown:
            return None
        if self.test is None:
            return True
        frame = Surroundings().begin(self.text)
        try:
            return self.test(frame.inner({"?": value}), value) is True
        except FeelError:
            return None


class _ByValue(Exception):
    """The verdict does not follow from comparisons with constants."""


@lru_cache(maxsize=_KEPT)
def read_cell(text: str, names: frozenset[str] = frozenset()) -> ReadCell:
    """Read a cell. `names` are those of several words that the model knows, for cells that cannot be read without."""
    if not text:
        return ReadCell(text)
    try:
        tree = _parsed(text, names)
    except FeelError as wrong:
        return ReadCell(text, unknown=f"it cannot be read: {wrong.problem}", broken=True)
    unknown = _why_unknown(tree)
    if unknown:
        return ReadCell(text, unknown=unknown)
    try:
        return ReadCell(text, tuple(_borders(tree)), test=build_tests(tree))
    except _ByValue as reason:
        return ReadCell(text, by_value=str(reason), test=build_tests(tree))


def _parsed(text: str, names: frozenset[str]) -> Tests:
    try:
        try:
            return parse_tests(text)
        except FeelError:
            return parse_tests(text, names)
    except RecursionError:
        raise FeelError("This expression nests too deeply", expression=text) from None


def _why_unknown(tree: Node) -> str:
    """What the cell needs that the table alone does not tell."""
    if not _has(tree, (Name, Call, InstanceOf)):
        return ""
    names = sorted(free_names(tree) - BUILTIN_NAMES - {"?"})
    if names:
        return f"it depends on {_listed(names)}"
    calls = sorted(called_names(tree) - BUILTIN_NAMES)
    if calls:
        return f"it calls {_listed(calls)}"
    return "it asks for a type" if _has(tree, InstanceOf) else ""


def _listed(names: list[str]) -> str:
    return ", ".join(f"“{name}”" for name in names)


def _has(node: Node, kinds: type[Node] | tuple[type[Node], ...]) -> bool:
    """Whether a node of such a kind is anywhere in the tree."""
    return any(isinstance(part, kinds) for part in everything_in(node))


def _borders(node: Node) -> Iterator[Any]:
    """The constants that decide one test. Raises _ByValue."""
    if isinstance(node, Tests):
        for test in node.tests:
            yield from _borders(test)
    elif isinstance(node, Against):
        yield from _compared(node.operator, node.operand)
    elif mentions(node, "?"):
        yield from _in_condition(node)
    else:
        yield from _in_constant(_constant(node))


def _in_condition(node: Node) -> Iterator[Any]:
    """The constants that decide a condition on `?`. Raises _ByValue."""
    match node:
        case Name(name="?"):
            yield True
        case _ if not mentions(node, "?"):
            return
        case Comparison(operator=operator, left=left, right=right) if _is_the_value(left):
            yield from _compared(operator, right)
        case Comparison(operator=operator, left=left, right=right) if _is_the_value(right):
            yield from _compared(operator, left)
        case Logic(left=left, right=right):
            yield from _in_condition(left)
            yield from _in_condition(right)
        case Between(value=value, low=low, high=high) if _is_the_value(value):
            yield from _compared("<=", low)
            yield from _compared("<=", high)
        case In(value=value, tests=tests) if _is_the_value(value) and not mentions(tests, "?"):
            yield from _borders(tests)
        case Call(function=Name(name="not"), arguments=(inner,)):
            yield from _in_condition(inner)
        case If(condition=condition, then=then, otherwise=otherwise):
            for part in (condition, then, otherwise):
                yield from _in_condition(part)
        case _:
            raise _ByValue("it works something out from the value")


def _is_the_value(node: Node) -> bool:
    return isinstance(node, Name) and node.name == "?"


def _compared(operator: str, operand: Node) -> Iterator[Any]:
    if mentions(operand, "?"):
        raise _ByValue("it works something out from the value")
    value = _constant(operand)
    if operator in _ORDER and isinstance(value, str):
        raise _ByValue("it asks which text comes first")
    yield from _in_constant(value)


def _in_constant(value: Any) -> Iterator[Any]:
    if isinstance(value, Range):
        for end in (value.start, value.end):
            if isinstance(end, str) and value.operator != "!=":
                raise _ByValue("it asks which text comes first")
            yield from _in_constant(end)
    elif isinstance(value, list):
        for item in value:
            yield from _in_constant(item)
    elif value is not None and not isinstance(value, dict):
        yield value


def _constant(node: Node) -> Any:
    """The value of a part that depends on nothing. Raises _ByValue when working it out takes too much."""
    try:
        return build(node)(Surroundings().begin(""))
    except FeelError as wrong:
        raise _ByValue(wrong.problem) from None
