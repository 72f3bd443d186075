"""Boxed expressions read from XML; decision tables in `read_tables.py`. Nothing is evaluated here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Literal as OneOf

from service.decisions.model import (
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
    Parameter,
    Relation,
    Table,
    Typed,
)
from service.decisions.read_tables import read_table
from service.decisions.reading import Reading, type_ref_of
from service.decisions.xml import Element, child, children, local_name, name_of, plain_name, text_of


def read_only_expression(parent: Element, reading: Reading, what: str) -> Expression:
    """The one expression directly in `parent`; `what` names the parent in messages."""
    found = [element for element in children(parent) if local_name(element) in _READERS]
    strange = [element for element in children(parent) if local_name(element) not in _READERS | _NO_EXPRESSION.keys()]
    for element in strange:
        reading.problem(element, f"{what} holds <{local_name(element)}>, which is not executed.")
    if len(found) == 1:
        return read_expression(found[0], reading)
    message = f"{what} has {len(found) or 'no'} expressions; it needs one."
    reading.problem(parent, message)
    return NotExecuted(message, reading.place(parent, what))


def read_expression(element: Element, reading: Reading) -> Expression:
    """A boxed expression of any kind."""
    reading.foreign = ""
    found = _READERS[local_name(element)](element, reading)
    if reading.foreign and isinstance(found, Literal | Table):
        return NotExecuted(reading.foreign, reading.place(element))
    type_ref = type_ref_of(element)
    if type_ref and isinstance(found, _WITHOUT_TYPE):
        return Typed(found, type_ref, reading.place(element))
    return found


def read_function(element: Element, reading: Reading) -> Function:
    """A `functionDefinition`, or the `encapsulatedLogic` of a business knowledge model."""
    kind = element.get("kind", "FEEL")
    parameters = tuple(Parameter(name_of(p), type_ref_of(p)) for p in children(element, "formalParameter"))
    body: Expression
    if kind == "FEEL":
        body = read_only_expression(element, reading, "a function")
        if isinstance(body, Table) and not parameters:
            # A table without parameters of its own takes what its columns ask (10.2.1.7).
            parameters = tuple(Parameter(plain_name(c.expression.text), c.type_ref) for c in body.inputs)
    else:
        message = f"A function written in {kind} is not executed."
        reading.problem(element, message)
        body = NotExecuted(message, reading.place(element))
    return Function(parameters, body, reading.place(element), type_ref_of(element))


def _literal(element: Element, reading: Reading) -> Expression:
    reading.only(element, "text")
    if not text_of(element):
        reading.problem(element, "An expression is empty; its value is null.")
    return reading.literal(element, f"the expression{_of(element)}")


def _context(element: Element, reading: Reading) -> Expression:
    entries = []
    for entry in children(element, "contextEntry"):
        variable = child(entry, "variable")
        parameter = Parameter("") if variable is None else Parameter(name_of(variable), type_ref_of(variable))
        with reading.inside(f'entry "{parameter.name}"' if parameter.name else "the result entry"):
            entries.append((parameter, read_only_expression(entry, reading, "a context entry")))
    names = [parameter.name for parameter, _ in entries]
    if twice := next((name for name in names if names.count(name) > 1), None):
        return _missing(element, reading, f'The entry "{twice}" stands twice in a context.')
    return Context(tuple(entries), reading.place(element))


def _invocation(element: Element, reading: Reading) -> Expression:
    called = next((e for e in children(element) if local_name(e) in _READERS), None)
    if called is None:
        return _missing(element, reading, "An invocation names no function.")
    bindings = []
    for binding in children(element, "binding"):
        parameter = child(binding, "parameter")
        name = Parameter("") if parameter is None else Parameter(name_of(parameter), type_ref_of(parameter))
        with reading.inside(f'argument "{name.name}"'):
            bindings.append((name, _only_or_null(binding, reading)))
    return Invocation(read_expression(called, reading), tuple(bindings), reading.place(element))


def _list(element: Element, reading: Reading) -> Expression:
    return ListOf(tuple(read_expression(e, reading) for e in children(element) if local_name(e) in _READERS))


def _relation(element: Element, reading: Reading) -> Expression:
    columns = tuple(Parameter(name_of(c), type_ref_of(c)) for c in children(element, "column"))
    rows = []
    for number, row in enumerate(children(element, "row"), start=1):
        with reading.inside(f"row {number}"):
            cells = tuple(read_expression(e, reading) for e in children(row) if local_name(e) in _READERS)
        if len(cells) != len(columns):
            return _missing(row, reading, f"Row {number} has {len(cells)} cells for {len(columns)} columns.")
        rows.append(cells)
    return Relation(columns, tuple(rows), reading.place(element))


def _conditional(element: Element, reading: Reading) -> Expression:
    condition, then, otherwise = (_part(element, name, reading) for name in ("if", "then", "else"))
    return Conditional(condition, then, otherwise, reading.place(element))


def _iteration(kind: OneOf["for", "every", "some"], body: str) -> Callable[[Element, Reading], Expression]:
    def read(element: Element, reading: Reading) -> Expression:
        source = child(element, "in")
        variable = Parameter(element.get("iteratorVariable", ""), "" if source is None else type_ref_of(source))
        parts = (_iterated(_part(element, "in", reading)), _part(element, body, reading))
        keeps_partial = kind == "for" and "partial" in "".join(map(str, element.itertext()))
        return Iteration(kind, variable, *parts, reading.place(element), keeps_partial)

    return read


def _iterated(source: Expression) -> Expression:
    """What a loop goes over. `1..3` is no expression, but may stand after “in” (grammar rule 63)."""
    if not isinstance(source, Literal) or ".." not in source.text:
        return source
    return replace(source, text=f"for each in {source.text} return each")


def _filter(element: Element, reading: Reading) -> Expression:
    return Filter(_part(element, "in", reading), _part(element, "match", reading), reading.place(element))


def _part(element: Element, name: str, reading: Reading) -> Expression:
    part = child(element, name)
    if part is None:
        return _missing(element, reading, f'A boxed "{local_name(element)}" has no <{name}>.')
    with reading.inside(f'part "{name}"'):
        return read_only_expression(part, reading, f'the part "{name}"')


def _only_or_null(parent: Element, reading: Reading) -> Expression:
    # An argument that was left empty in the editor means null.
    if any(local_name(element) in _READERS for element in children(parent)):
        return read_only_expression(parent, reading, "an argument")
    return Literal("null", reading.place(parent))


def _missing(element: Element, reading: Reading, message: str) -> NotExecuted:
    reading.problem(element, message)
    return NotExecuted(message, reading.place(element))


def _of(element: Element) -> str:
    text = text_of(element)
    return f' "{text}"' if 0 < len(text) <= 40 else ""


_WITHOUT_TYPE = (Context, Invocation, ListOf, Relation, Conditional, Iteration, Filter)
"""The kinds of expression that do not look after a type of their own themselves."""
_NO_EXPRESSION = dict.fromkeys(
    (
        "variable",
        "description",
        "extensionElements",
        "formalParameter",
        "parameter",
        "question",
        "allowedAnswers",
        "informationRequirement",
        "knowledgeRequirement",
        "authorityRequirement",
        "supportedObjective",
        "impactedPerformanceIndicator",
        "decisionMaker",
        "decisionOwner",
        "usingProcess",
        "usingTask",
    )
)
"""What stands beside an expression: names, requirements read elsewhere, and notes for people."""

_READERS: dict[str, Callable[[Element, Reading], Expression]] = {
    "literalExpression": _literal,
    "decisionTable": read_table,
    "context": _context,
    "invocation": _invocation,
    "list": _list,
    "relation": _relation,
    "functionDefinition": read_function,
    "conditional": _conditional,
    "for": _iteration("for", "return"),
    "every": _iteration("every", "satisfies"),
    "some": _iteration("some", "satisfies"),
    "filter": _filter,
}
