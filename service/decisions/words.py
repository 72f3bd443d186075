"""Words that nothing bears, as where the quotation marks of a text were forgotten or a fact is misspelt. Other checks
are in `checks.py`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from difflib import get_close_matches

from service.decisions.model import (
    Cell,
    Context,
    Expression,
    Function,
    ItemType,
    Iteration,
    Literal,
    Place,
    Problem,
    Table,
)
from service.feel import Expression as FeelExpression
from service.feel import FeelError, UnaryTests, compile_expression, compile_unary_tests
from service.feel.slips import look_at_expression, look_at_tests
from service.feel.suggestions import about_name

_NEAR = 0.75
"""How alike a misspelt name is to what is meant, at least, from 0 to 1."""


def problem_at(place: Place, message: str) -> Problem:
    """A problem of what stands at `place`."""
    return Problem(place.file, place.element_id, f"{place.words}: {message}")


def known_words(parts: Iterable[Expression | Cell], names: frozenset[str]) -> frozenset[str]:
    """The names that these parts make, and those they read other than as a word alone in a cell; with the `names`."""
    everything = list(parts)
    cells = {cell for part in everything if isinstance(part, Table) for cell in compared_or_given(part)}
    found = set(names)
    for part in everything:
        found |= _made_by(part)
        found |= _read(part, names) - (_alone(part, names) if part in cells else frozenset())
    return frozenset(found)


def unknown_words(tables: Iterable[Table], known: frozenset[str], names: frozenset[str]) -> Iterator[Problem]:
    """A problem for each cell that is a word which nothing in the files bears."""
    for table in tables:
        for part in compared_or_given(table):
            for word in sorted(_alone(part, names) - known):
                # A word such as True is told of with the other slips.
                if not about_name(word):
                    yield _unknown(part.place, word)


def absent_functions(parts: Iterable[Expression | Cell], names: frozenset[str]) -> Iterator[tuple[Place, str]]:
    """Each function that is called, built in nowhere and made by none of these parts, with where it is called."""
    everything = list(parts)
    made = names.union(*(_made_by(part) for part in everything))
    for part in everything:
        compiled = _compiled(part, names)
        if compiled is not None and isinstance(part, Literal | Cell):
            yield from ((part.place, name) for name in sorted(compiled.calls - made))


def misspelt_facts(
    parts: Iterable[Expression | Cell], drawn: frozenset[str], names: frozenset[str]
) -> Iterator[Problem]:
    """A problem for each name that a decision reads and nothing bears, when it nearly is that of a fact that is `drawn`
    for the decision and that it never reads."""
    everything = list(parts)
    made = names.union(*(_made_by(part) for part in everything))
    places = {
        word: part.place for part in everything if isinstance(part, Literal | Cell) for word in _read(part, names)
    }
    for word in sorted(places.keys() - made):
        for near in get_close_matches(word, sorted(drawn - places.keys()), 1, _NEAR):
            message = f"“{word}” is a name that nothing here bears, and “{near}” is drawn but never read"
            yield problem_at(places[word], f"{message}. Is “{near}” meant?")


def unknown_words_of_type(type_: ItemType, names: frozenset[str]) -> Iterator[Problem]:
    """The same for the allowed values of a type and of its parts, where no name means anything."""
    for cell in (type_.allowed, type_.constraint):
        if cell is not None:
            yield from (_unknown(cell.place, word) for word in sorted(_alone(cell, names) - {"?"}))
    for _, component in type_.components:
        yield from unknown_words_of_type(component, names)


def _unknown(place: Place, word: str) -> Problem:
    text = f'a text stands in quotation marks: "{word}"; a fact that only the caller knows is drawn as input data'
    return problem_at(place, f"“{word}” is a name that nothing here bears; {text}.")


def compared_or_given(table: Table) -> Iterator[Cell | Literal]:
    """The cells and expressions of a table that are compared or given, but not those that are asked."""
    yield from (column.allowed for column in table.inputs if column.allowed is not None)
    for output in table.outputs:
        yield from (cell for cell in (output.allowed, output.default) if cell is not None)
    for rule in table.rules:
        yield from rule.cells
        yield from rule.outputs


def _made_by(part: Expression | Cell) -> set[str]:
    match part:
        case Function():
            return {parameter.name for parameter in part.parameters}
        case Context():
            return {parameter.name for parameter, _ in part.entries}
        case Iteration():
            return {part.variable.name, "partial"}
    return set()


def _read(part: Expression | Cell, names: frozenset[str]) -> frozenset[str]:
    compiled = _compiled(part, names)
    return compiled.names if compiled else frozenset()


def _compiled(part: Expression | Cell, names: frozenset[str]) -> FeelExpression | UnaryTests | None:
    """None for what has no text, and for what cannot be read, which is a problem of its own."""
    try:
        match part:
            case Literal(text) if text:
                return compile_expression(text, names)
            case Cell(text) if text:
                return compile_unary_tests(text, names)
    except FeelError:
        return None
    return None


def _alone(part: Expression | Cell, names: frozenset[str]) -> frozenset[str]:
    try:
        match part:
            case Literal(text) if text:
                return look_at_expression(text, names).alone
            case Cell(text) if text:
                return look_at_tests(text, names).alone
    except FeelError:
        return frozenset()
    return frozenset()
