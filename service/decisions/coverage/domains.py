"""Which values a column can have, as far as its types and lists of values say. What its cells make of them is not
here."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from service.decisions.model import Cell, Input, ItemType
from service.decisions.types import Types, built_in
from service.feel import FeelError
from service.feel.grammar import parse_expression
from service.feel.reading import children, free_names
from service.feel.syntax import Name, Node, Path

PLAIN_KINDS = frozenset(
    {
        "boolean",
        "string",
        "number",
        "date",
        "time",
        "date and time",
        "days and time duration",
        "years and months duration",
    }
)
"""The kinds of value that can be analysed."""
_DEEPEST = 50


@dataclass(frozen=True, slots=True)
class Declarations:
    """What is declared around a table: the names it sees with their types, and the types its file knows."""

    types: Types
    names: Mapping[str, str]
    """The type of each name; empty where it has none."""


@dataclass(frozen=True, slots=True)
class Domain:
    """What the declarations say of a column."""

    kind: str = ""
    """One of PLAIN_KINDS, another type that cannot be analysed, or empty when nothing is said."""
    whole: bool = False
    """Whether the numbers are whole ones."""
    limits: tuple[Cell, ...] = ()
    """Tests that every value passes."""


def domain_of(column: Input, around: Declarations) -> Domain:
    """What the column's own type, its list of values and the type of the fact it reads say together."""
    own = _declared(ItemType("", column.type_ref), around.types)
    read = _type_read(_tree(column.expression.text, around), around)
    fact = _declared(*read) if read is not None else Domain()
    limits = (*own.limits, *fact.limits, *(cell for cell in (column.allowed,) if cell is not None))
    kind = own.kind or fact.kind
    return Domain(kind, own.whole or fact.whole, tuple(cell for cell in limits if cell.text))


def paths_read(column: Input, around: Declarations) -> frozenset[tuple[str, ...]]:
    """The facts that the column's expression reads, each as the names of its path."""
    tree = _tree(column.expression.text, around)
    return frozenset() if tree is None else frozenset(_paths(tree, free_names(tree)))


def _tree(text: str, around: Declarations) -> Node | None:
    try:
        return parse_expression(text, around.names)
    except (FeelError, RecursionError):
        # The checks of the library name it; here it only means that nothing more is known of the column.
        return None


def _declared(item: ItemType, types: Types) -> Domain:
    """What a type says of its values, with what the types it is made from say."""
    limits: list[Cell] = []
    for _ in range(_DEEPEST):
        if item.collection or item.components or item.function:
            return Domain("list or context")
        limits += [cell for cell in (item.allowed, item.constraint) if cell is not None]
        defined = types.definition(item.base)
        if defined is None:
            kind = built_in(item.base)
            return Domain("" if kind == "Any" else kind, item.base in ("integer", "long"), tuple(limits))
        item, types = defined
    return Domain("a type that is defined by itself")


def _type_read(tree: Node | None, around: Declarations) -> tuple[ItemType, Types] | None:
    """The type of a plain name or path; None for anything that is worked out, or that has no type."""
    if isinstance(tree, Name) and around.names.get(tree.name):
        return ItemType("", around.names[tree.name]), around.types
    if isinstance(tree, Path):
        outer = _type_read(tree.value, around)
        return None if outer is None else _component(*outer, tree.name)
    return None


def _component(item: ItemType, types: Types, name: str) -> tuple[ItemType, Types] | None:
    for _ in range(_DEEPEST):
        if item.components:
            return next(((component, types) for key, component in item.components if key == name), None)
        defined = types.definition(item.base)
        if defined is None or item.collection:
            return None
        item, types = defined
    return None


def _paths(node: Node, free: frozenset[str]) -> Iterator[tuple[str, ...]]:
    path = _as_path(node)
    if path:
        yield from ([path] if path[0] in free else [])
        return
    for child in children(node):
        yield from _paths(child, free)


def _as_path(node: Node) -> tuple[str, ...]:
    if isinstance(node, Name):
        return (node.name,)
    if isinstance(node, Path):
        before = _as_path(node.value)
        return (*before, node.name) if before else ()
    return ()
