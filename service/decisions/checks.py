"""Every expression and cell of a library compiled once, before it is asked: what does not parse is a problem. Gaps and
overlaps between rules are not looked for here."""

from __future__ import annotations

from collections.abc import Iterator

from service.decisions.graph import Graph
from service.decisions.model import (
    Cell,
    Conditional,
    Context,
    Expression,
    Filter,
    Function,
    Invocation,
    Iteration,
    ListOf,
    Literal,
    NotExecuted,
    Problem,
    Relation,
    Table,
)
from service.decisions.tables import ranking_of
from service.decisions.types import Types
from service.feel import FeelError, compile_expression, compile_unary_tests


def check_expressions(graph: Graph) -> Iterator[Problem]:
    """A problem for each expression or cell that does not parse, and for each table that cannot rank its results."""
    for file in graph.files:
        types = graph.types[file.namespace]
        for expression in (
            *(decision.expression for decision in file.decisions),
            *(knowledge.function.body for knowledge in file.knowledge),
        ):
            for part in _parts(expression):
                yield from _check(part)
                if isinstance(part, Table):
                    yield from _check_ranking(part, types)
        for type_ in file.types:
            yield from (p for cell in (type_.allowed, type_.constraint) if cell is not None for p in _check(cell))


def _check(part: Expression | Cell) -> Iterator[Problem]:
    if not isinstance(part, Literal | Cell) or not part.text:
        return
    try:
        if isinstance(part, Literal):
            compile_expression(part.text)
        else:
            compile_unary_tests(part.text)
    except FeelError as wrong:
        yield Problem(part.place.file, part.place.element_id, f"{part.place.words}: {wrong.message}")


def _check_ranking(table: Table, types: Types) -> Iterator[Problem]:
    ranked = any(ranking_of(column, types) for column in table.outputs)
    if table.hit_policy in ("PRIORITY", "OUTPUT ORDER") and not ranked:
        message = f"{table.place.words}: {table.hit_policy} needs output values to rank by, best first."
        yield Problem(table.place.file, table.place.element_id, message)


def _parts(expression: Expression) -> Iterator[Expression | Cell]:
    """The expression, and all expressions and cells inside it."""
    yield expression
    for inner in _inner(expression):
        if isinstance(inner, Cell):
            yield inner
        else:
            yield from _parts(inner)


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


def _cells(table: Table) -> Iterator[Expression | Cell]:
    for column in table.inputs:
        yield column.expression
        yield from (cell for cell in (column.allowed,) if cell is not None)
    for output in table.outputs:
        yield from (cell for cell in (output.allowed, output.default) if cell is not None)
    for rule in table.rules:
        yield from rule.cells
        yield from rule.outputs
