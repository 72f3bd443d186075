"""What `feel.py` asks each engine: one condition of a gateway and one decision table, as FEEL and as Python. Nothing is
timed here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from html import escape
from types import SimpleNamespace
from typing import Any

from lxml import etree
from SpiffWorkflow.bpmn.script_engine import PythonScriptEngine, TaskDataEnvironment
from SpiffWorkflow.dmn.parser.BpmnDmnParser import BpmnDmnParser

from service.decisions import load
from service.feel import compile_expression

Ask = Callable[[dict[str, Any]], Any]
"""An engine with its subject parsed: from a context to the result."""

CONDITION = 'case.age < 18 and count(openInvolvements) = 0 and status in ("open", "on hold")'
CONDITION_IN_PYTHON = 'case["age"] < 18 and len(openInvolvements) == 0 and status in ("open", "on hold")'
CONDITIONS: list[dict[str, Any]] = [
    {"case": {"reference": "B-1", "age": 12, "team": "cin-east"}, "openInvolvements": [], "status": "on hold"},
    {"case": {"reference": "B-2", "age": 12, "team": "cin-east"}, "openInvolvements": [], "status": "closed"},
    {"case": {"reference": "B-3", "age": 7, "team": "cin-east"}, "openInvolvements": ["visit"], "status": "open"},
    {"case": {"reference": "B-4", "age": 18, "team": "cin-east"}, "openInvolvements": [], "status": "open"},
]

INPUTS = (("age", "number"), ("status", "string"), ("lookedAfter", "boolean"), ("reviewedOn", "date"))
OUTPUTS = (("level", "string"), ("days", "number"))
DMN = "https://www.omg.org/spec/DMN/20191111/MODEL/"
MIDDLE = date(2026, 6, 1)


@dataclass(frozen=True)
class Cell:
    """The same test twice."""

    feel: str
    python: str


@dataclass(frozen=True)
class Row:
    """A rule with the context that it alone matches."""

    cells: tuple[Cell, ...]
    outputs: tuple[str, ...]
    context: dict[str, Any]


def rows(bands: int) -> list[Row]:
    """A complete table without overlaps: `bands` of age, two groups of statuses, a boolean and two spans of dates."""
    return [
        _row(number, _age(band, bands), status, looked_after, reviewed)
        for number, (band, status, looked_after, reviewed) in enumerate(
            (band, status, looked_after, reviewed)
            for band in range(bands)
            for status in (("CIN", "CP"), ("closed",))
            for looked_after in (True, False)
            for reviewed in (False, True)
        )
    ]


def _age(band: int, bands: int) -> tuple[Cell, int]:
    low, high = band * 4, band * 4 + 4
    if band == bands - 1:
        return Cell(f">= {low}", f"? >= {low}"), low + 1
    return Cell(f"[{low}..{high})", f"{low} <= ? < {high}"), low + 1


def _row(number: int, age: tuple[Cell, int], status: tuple[str, ...], looked_after: bool, reviewed: bool) -> Row:
    quoted = ", ".join(f'"{one}"' for one in status)
    sign = ">=" if reviewed else "<"
    return Row(
        cells=(
            age[0],
            Cell(quoted, f"? in ({quoted})" if len(status) > 1 else quoted),
            Cell(str(looked_after).lower(), str(looked_after)),
            Cell(f'{sign} date("{MIDDLE}")', f"? {sign} date({MIDDLE.year}, {MIDDLE.month}, {MIDDLE.day})"),
        ),
        outputs=(f'"level {number % 7}"', str(number)),
        context={
            "age": age[1],
            "status": status[-1],
            "lookedAfter": looked_after,
            "reviewedOn": MIDDLE if reviewed else date(2026, 1, 5),
        },
    )


def towpath_condition() -> Ask:
    """The condition as a gateway evaluates it."""
    compiled = compile_expression(CONDITION)
    return compiled.evaluate


def towpath_table(table: list[Row]) -> Ask:
    """The table in a library of decisions."""
    library = load({"table.dmn": _dmn(table, [[cell.feel for cell in row.cells] for row in table])})
    if library.problems:
        raise SystemExit(str(library.problems))
    return lambda context: library.decide("choose", context).result


def spiff_condition() -> Ask:
    """The condition as SpiffWorkflow evaluates it: Python text, each time."""
    engine = _python()
    return lambda context: engine.evaluate(SimpleNamespace(data=context), CONDITION_IN_PYTHON)


def spiff_table(table: list[Row]) -> Ask:
    """The table in SpiffWorkflow's DMN engine, which stops at the first rule that matches."""
    parser = BpmnDmnParser()
    parser.add_dmn_xml(etree.fromstring(_dmn(table, [[cell.python for cell in row.cells] for row in table])))
    engine, workflow = parser.get_engine("choose", None), SimpleNamespace(script_engine=_python())
    return lambda context: dict(engine.result(SimpleNamespace(data=context, workflow=workflow)))


def _python() -> Any:
    return PythonScriptEngine(TaskDataEnvironment({"date": date}))


def _dmn(table: list[Row], cells: list[list[str]]) -> bytes:
    columns = "".join(
        f'<input id="in_{name}" label="{name}"><inputExpression id="ex_{name}" typeRef="{type_ref}">'
        f"<text>{name}</text></inputExpression></input>"
        for name, type_ref in INPUTS
    ) + "".join(f'<output id="out_{name}" name="{name}" typeRef="{type_ref}"/>' for name, type_ref in OUTPUTS)
    rules = "".join(
        f'<rule id="rule_{number}">'
        + "".join(f'<inputEntry id="i_{number}_{at}"><text>{escape(t)}</text></inputEntry>' for at, t in enumerate(row))
        + "".join(
            f'<outputEntry id="o_{number}_{at}"><text>{escape(text)}</text></outputEntry>'
            for at, text in enumerate(table[number - 1].outputs)
        )
        + "</rule>"
        for number, row in enumerate(cells, start=1)
    )
    return (
        f'<definitions xmlns="{DMN}" id="d" name="d" namespace="http://example.org/bench">'
        f'<decision id="choose" name="choose"><decisionTable id="t" hitPolicy="UNIQUE">{columns}{rules}'
        "</decisionTable></decision></definitions>"
    ).encode()
