"""The syntax tree of an expression: what was written, and where. What it means is in `compile/`."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Node:
    """A part of an expression; `position` counts characters from the start of the text and is not compared."""

    position: int = field(compare=False)


@dataclass(frozen=True, slots=True)
class Literal(Node):
    """A number, string, boolean or null."""

    value: Any


@dataclass(frozen=True, slots=True)
class AtLiteral(Node):
    """`@"2027-01-04"`: a date, time, date and time or duration by its text."""

    text: str


@dataclass(frozen=True, slots=True)
class Name(Node):
    """A name to look up in the scope."""

    name: str


@dataclass(frozen=True, slots=True)
class ListOf(Node):
    """`[a, b]`."""

    items: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class ContextOf(Node):
    """`{a: 1, b: a + 1}`; a later entry sees the earlier ones."""

    entries: tuple[tuple[str, Node], ...]


@dataclass(frozen=True, slots=True)
class RangeOf(Node):
    """`[a..b]`, `(a..b]`, `(< b)`; an endpoint of None is not bounded."""

    start: Node | None
    end: Node | None
    start_included: bool
    end_included: bool
    operator: str = ""


@dataclass(frozen=True, slots=True)
class Negative(Node):
    """`-a`."""

    operand: Node


@dataclass(frozen=True, slots=True)
class Arithmetic(Node):
    """`a + b` and the other four operators."""

    operator: str
    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class Comparison(Node):
    """`a = b`, `a < b` and so on."""

    operator: str
    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class Logic(Node):
    """`a and b`, `a or b`, in three-valued logic."""

    operator: str
    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class Between(Node):
    """`a between b and c`, both ends included."""

    value: Node
    low: Node
    high: Node


@dataclass(frozen=True, slots=True)
class Tests(Node):
    """Unary tests: the value passes one, or none when `negated`. No tests at all means `-`: any value passes."""

    tests: tuple[Node, ...]
    negated: bool = False


@dataclass(frozen=True, slots=True)
class Against(Node):
    """One unary test `< e`: the tested value stands on its left."""

    operator: str
    operand: Node


@dataclass(frozen=True, slots=True)
class In(Node):
    """`value in tests`."""

    value: Node
    tests: Tests


@dataclass(frozen=True, slots=True)
class InstanceOf(Node):
    """`value instance of type`."""

    value: Node
    type: TypeName


@dataclass(frozen=True, slots=True)
class TypeName(Node):
    """A type as written: `number`, `list<T>`, `context<a: T>`, `function<T> -> T`, or a name the caller gives."""

    name: str
    arguments: tuple[TypeName, ...] = ()
    fields: tuple[tuple[str, TypeName], ...] = ()
    result: TypeName | None = None


@dataclass(frozen=True, slots=True)
class Path(Node):
    """`value.name`."""

    value: Node
    name: str


@dataclass(frozen=True, slots=True)
class Filter(Node):
    """`value[condition or index]`."""

    value: Node
    condition: Node


@dataclass(frozen=True, slots=True)
class Call(Node):
    """`f(a, b)` or `f(x: a, y: b)`; never both kinds of argument."""

    function: Node
    arguments: tuple[Node, ...]
    named: tuple[tuple[str, Node], ...] = ()


@dataclass(frozen=True, slots=True)
class FunctionOf(Node):
    """`function(a: T, b) body`; `external` when the body names foreign code, which is never run."""

    parameters: tuple[tuple[str, TypeName | None], ...]
    body: Node
    external: bool = False


@dataclass(frozen=True, slots=True)
class If(Node):
    """`if condition then a else b`."""

    condition: Node
    then: Node
    otherwise: Node


@dataclass(frozen=True, slots=True)
class Loop(Node):
    """One `name in source` of a `for`, `some` or `every`; `until` is set for `name in source..until`."""

    name: str
    source: Node
    until: Node | None = None


@dataclass(frozen=True, slots=True)
class For(Node):
    """`for a in x, b in y return e`."""

    loops: tuple[Loop, ...]
    body: Node


@dataclass(frozen=True, slots=True)
class Quantified(Node):
    """`some a in x satisfies e`, `every a in x satisfies e`."""

    every: bool
    loops: tuple[Loop, ...]
    condition: Node
