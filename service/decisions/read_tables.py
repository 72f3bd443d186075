"""Decision tables read from XML. How their rules are matched is in `tables.py`, not here."""

from __future__ import annotations

from typing import cast, get_args

from service.decisions.model import Aggregation, Cell, HitPolicy, Input, Literal, Output, Rule, Table
from service.decisions.reading import Reading, type_ref_of
from service.decisions.xml import Element, child, children, identity, name_of, text_of
from service.domain.errors import ModelError

_VARIABLE_OF_CAMUNDA = "{http://camunda.org/schema/1.0/dmn}inputVariable"


def read_table(element: Element, reading: Reading) -> Table:
    """A `decisionTable`. Raises ModelError for a hit policy or an aggregation that DMN does not have."""
    reading.only(element, "input", "output", "rule", "annotation")
    inputs = tuple(_input(e, n, reading) for n, e in enumerate(children(element, "input"), start=1))
    elements = list(children(element, "output"))
    outputs = tuple(_output(e, n, len(elements), reading) for n, e in enumerate(elements, start=1))
    rules = []
    for number, rule in enumerate(children(element, "rule"), start=1):
        with reading.inside(f"rule {number}"):
            rules.append(_rule(rule, number, inputs, outputs, reading))
    table = Table(
        hit_policy=_hit_policy(element, reading),
        aggregation=_aggregation(element, reading),
        inputs=inputs,
        outputs=outputs,
        rules=tuple(rules),
        place=reading.place(element),
    )
    _check(table, element, reading)
    return table


def _input(element: Element, number: int, reading: Reading) -> Input:
    expression = child(element, "inputExpression")
    label = element.get("label") or text_of(expression) or f"input {number}"
    literal = reading.literal(expression, f'the expression of column "{label}"', element)
    if not literal.text:
        reading.problem(element, f'The column "{label}" has no expression.')
    if variable := element.get(_VARIABLE_OF_CAMUNDA):
        reading.problem(element, f'The input variable "{variable}" of column "{label}" is not executed; write "?".')
    return Input(
        id=identity(element),
        label=label,
        expression=literal,
        type_ref=literal.type_ref,
        allowed=reading.cell(child(element, "inputValues"), f'the input values of column "{label}"'),
    )


def _output(element: Element, number: int, of: int, reading: Reading) -> Output:
    name = name_of(element)
    label = element.get("label") or name or ("the result" if of == 1 else f"output {number}")
    if of > 1 and not name:
        reading.problem(element, f'The output column "{label}" needs a name, as there are {of} of them.')
    default = child(element, "defaultOutputEntry")
    return Output(
        id=identity(element),
        name=name or label,
        label=label,
        type_ref=type_ref_of(element),
        place=reading.place(element, f'column "{label}"'),
        allowed=reading.cell(child(element, "outputValues"), f'the output values of column "{label}"'),
        default=None if default is None else reading.literal(default, f'the default of column "{label}"'),
    )


def _rule(
    element: Element, number: int, inputs: tuple[Input, ...], outputs: tuple[Output, ...], reading: Reading
) -> Rule:
    reading.only(element, "inputEntry", "outputEntry", "annotationEntry")
    cells = list(children(element, "inputEntry"))
    results = list(children(element, "outputEntry"))
    for kind, found, columns in (("input", cells, inputs), ("output", results, outputs)):
        if len(found) != len(columns):
            where = reading.place(element)
            raise ModelError(
                f"{where}: {len(found)} {kind} cells stand under {len(columns)} columns.",
                file=where.file,
                element_id=where.element_id,
            )
    notes = [text_of(element, "description"), *(text_of(note) for note in children(element, "annotationEntry"))]
    return Rule(
        id=identity(element),
        number=number,
        cells=tuple(
            reading.cell(cell, words) or Cell("", reading.place(cell, words))
            for cell, column in zip(cells, inputs, strict=True)
            for words in [f'column "{column.label}"']
        ),
        outputs=tuple(
            reading.literal(cell, f'column "{column.label}"') for cell, column in zip(results, outputs, strict=True)
        ),
        annotations=tuple(note for note in notes if note),
    )


def _hit_policy(element: Element, reading: Reading) -> HitPolicy:
    found = element.get("hitPolicy", "UNIQUE")
    if found not in get_args(HitPolicy):
        where = reading.place(element)
        raise ModelError(f'{where}: there is no hit policy "{found}".', file=where.file, element_id=where.element_id)
    return cast(HitPolicy, found)


def _aggregation(element: Element, reading: Reading) -> Aggregation | None:
    found = element.get("aggregation")
    if not found:
        return None
    if found not in get_args(Aggregation):
        where = reading.place(element)
        raise ModelError(f'{where}: there is no aggregation "{found}".', file=where.file, element_id=where.element_id)
    return cast(Aggregation, found)


def _check(table: Table, element: Element, reading: Reading) -> None:
    if table.aggregation and table.hit_policy != "COLLECT":
        reading.problem(element, f"The aggregation {table.aggregation} belongs to COLLECT, not to {table.hit_policy}.")
    if table.aggregation in ("SUM", "MIN", "MAX") and len(table.outputs) > 1:
        reading.problem(element, f"{table.aggregation} has no meaning over {len(table.outputs)} output columns.")
    if not table.outputs:
        reading.problem(element, "The table has no output column.")
    if any(_is_empty(output.default) for output in table.outputs if output.default):
        reading.problem(element, "A default output is empty.")


def _is_empty(literal: Literal) -> bool:
    return not literal.text
