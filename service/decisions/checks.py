"""Every expression, cell and type of a library looked at once, before it is asked. Gaps and overlaps between rules are
not looked for here."""

from __future__ import annotations

from collections.abc import Iterator

from service.decisions.constants import constants_of_other_types
from service.decisions.graph import Graph, things_of
from service.decisions.model import (
    Cell,
    Conditional,
    Context,
    DecisionFile,
    Expression,
    Filter,
    Function,
    Invocation,
    Iteration,
    ListOf,
    Literal,
    NotExecuted,
    Place,
    Problem,
    Relation,
    Table,
    Typed,
)
from service.decisions.tables import ranking_of
from service.decisions.types import Types
from service.decisions.words import (
    absent_functions,
    compared_or_given,
    known_words,
    misspelt_facts,
    problem_at,
    unknown_words,
    unknown_words_of_type,
)
from service.feel import FeelError
from service.feel.slips import look_at_expression, look_at_tests

_MEANT = {
    **{name: name for name in ("number", "string", "boolean", "date", "time", "list", "context", "date and time")},
    **dict.fromkeys(("int", "decimal", "float", "short", "byte", "integer", "double", "long"), "number"),
    "text": "string",
    "bool": "boolean",
    "datetime": "date and time",
    "duration": "days and time duration",
}
"""What is meant by a name that other languages give a type, in small letters."""


def check_library(graph: Graph) -> Iterator[Problem]:
    """A problem for each expression, cell or type that means nothing or was surely not meant, and for each table that
    cannot rank its results."""
    names = _names_in(graph)
    yield from _check_words(graph, names)
    for file in graph.files:
        types = graph.types(file.file)
        for thing in things_of(file):
            yield from _check_type(thing.variable.type_ref, thing.place, types)
        for part in _parts_in(file):
            yield from _check_text(part, names)
            for type_ref, place in _types_in(part):
                yield from _check_type(type_ref, place, types)
            if isinstance(part, Table):
                yield from _check_ranking(part, types)
                yield from constants_of_other_types(part, types)
        for type_ in file.types:
            yield from (
                p for cell in (type_.allowed, type_.constraint) if cell is not None for p in _check_text(cell, names)
            )


def functions_to_offer(graph: Graph) -> Iterator[tuple[Place, str]]:
    """Each function that is called and that only the caller can offer, with where it is called."""
    names = _names_in(graph)
    return absent_functions((part for file in graph.files for part in _parts_in(file)), names)


def _names_in(graph: Graph) -> frozenset[str]:
    return frozenset(thing.variable.name for file in graph.files for thing in things_of(file))


def _parts_in(file: DecisionFile) -> Iterator[Expression | Cell]:
    for expression in (*(d.expression for d in file.decisions), *(k.function for k in file.knowledge)):
        yield from parts_of(expression)


def _check_words(graph: Graph, names: frozenset[str]) -> Iterator[Problem]:
    parts = [part for file in graph.files for part in _parts_in(file)]
    aliases = {word for decision in graph.decisions.values() for word in (decision.name, decision.key[1])}
    imports = {name for file in graph.files for name, _ in file.imports}
    known = known_words(parts, names | aliases | imports)
    yield from unknown_words((part for part in parts if isinstance(part, Table)), known, names)
    for file in graph.files:
        for decision in file.decisions:
            drawn = frozenset(graph.variable(key).name for key in decision.inputs if graph.holds(key))
            yield from misspelt_facts(parts_of(decision.expression), drawn, names | aliases | imports)
        for type_ in file.types:
            yield from unknown_words_of_type(type_, names)


def _check_text(part: Expression | Cell, names: frozenset[str]) -> Iterator[Problem]:
    if not isinstance(part, Literal | Cell) or not part.text:
        return
    try:
        look = look_at_expression if isinstance(part, Literal) else look_at_tests
        yield from (problem_at(part.place, f"{slip}.") for slip in look(part.text, names).slips)
    except FeelError as wrong:
        yield problem_at(part.place, wrong.message)


def _check_type(type_ref: str, place: Place, types: Types) -> Iterator[Problem]:
    if not types.knows(type_ref):
        meant = _MEANT.get(type_ref.lower())
        hint = f' Perhaps "{meant}" is meant.' if meant else ""
        yield problem_at(place, f'the type "{type_ref}" is defined nowhere; its values are not checked.{hint}')


def _check_ranking(table: Table, types: Types) -> Iterator[Problem]:
    ranked = any(ranking_of(column, types) for column in table.outputs)
    if table.hit_policy in ("PRIORITY", "OUTPUT ORDER") and not ranked:
        yield problem_at(table.place, f"{table.hit_policy} needs output values to rank by, best first.")


def _types_in(part: Expression | Cell) -> Iterator[tuple[str, Place]]:
    """The types that an expression names itself, not those inside it."""
    match part:
        case Literal():
            yield part.type_ref, part.place
        case Table():
            yield from ((column.type_ref, column.place) for column in part.outputs)
        case Context():
            yield from ((parameter.type_ref, part.place) for parameter, _ in part.entries)
        case Relation():
            yield from ((column.type_ref, part.place) for column in part.columns)
        case Typed():
            yield part.type_ref, part.place
        case Function():
            yield from ((parameter.type_ref, part.place) for parameter in part.parameters)
            yield part.result_type, part.place
        case _:
            return


def parts_of(expression: Expression) -> Iterator[Expression | Cell]:
    """The expression, and all expressions and cells inside it."""
    yield expression
    for inner in _inner(expression):
        if isinstance(inner, Cell):
            yield inner
        else:
            yield from parts_of(inner)


def _inner(expression: Expression) -> tuple[Expression | Cell, ...]:
    match expression:
        case Literal() | NotExecuted():
            return ()
        case Table():
            return tuple(_cells(expression))
        case Context():
            return tuple(inner for _, inner in expression.entries)
        case Invocation():
            return (expression.function, *(inner for _, inner in expression.bindings))
        case ListOf():
            return expression.items
        case Relation():
            return tuple(cell for row in expression.rows for cell in row)
        case Function():
            return (expression.body,)
        case Conditional():
            return (expression.condition, expression.then, expression.otherwise)
        case Iteration():
            return (expression.source, expression.body)
        case Filter():
            return (expression.source, expression.match)
        case Typed():
            return (expression.expression,)


def _cells(table: Table) -> Iterator[Expression | Cell]:
    yield from (column.expression for column in table.inputs)
    yield from compared_or_given(table)
