"""Tables asked the quick way give what asking cell by cell gives: matches, failures, errors, notes and calls."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from hypothesis import example, given, settings
from hypothesis import strategies as st

from service.decisions import load
from service.domain.errors import ModelError
from service.feel import FeelError, HostFunction, compile_unary_tests
from tests.decisions.tables import dmn, table

CELLS = (
    "-", "5", "< 5", ">= 5", "[1..5)", "(1..5]", "[1..limit]", "not(3)", '"a"', '"a", "b"', 'not("a", "b")',
    '< "b"', "null", "not(null)", "true", "false", '< date("2026-06-01")', '[@"2026-01-01"..@"2026-12-31"]',
    "[1, 5]", "limit", "> limit", "? > 2 and ? < limit", "? = null", "Ill or absent", "> Ill or absent",
    "case.age", "case.agee", "missing", "> missing", "missing.entry", "tick(?)", "not(tick(?))",
    "count(people) > 1", "is defined(?)", "oops(", "limit - 1", "(5", "5, missing",
)  # fmt: skip
TOO_MUCH = "count(for i in 1..400000 return i) > 1"
VALUES = st.sampled_from(
    [None, Decimal(0), Decimal(3), Decimal("5"), Decimal("5.0"), "a", "b", "", True, False, date(2026, 3, 1),
     [Decimal(1), Decimal(5)], [], {"age": Decimal(3)}, {}]
)  # fmt: skip
NAMES = {"limit": Decimal(4), "Ill or absent": Decimal(3), "case": {"age": Decimal(5)}, "people": ["a", "b"]}


@st.composite
def tables(draw):
    columns = draw(st.integers(1, 3))
    usual = draw(st.lists(st.sampled_from(CELLS), min_size=1, max_size=6))
    rules = draw(st.lists(st.lists(st.sampled_from(usual), min_size=columns, max_size=columns), min_size=1, max_size=8))
    return (
        rules,
        draw(st.lists(VALUES, min_size=columns, max_size=columns)),
        draw(st.sampled_from(["COLLECT", "FIRST"])),
    )


@settings(max_examples=150, deadline=None)
@given(tables())
@example(([["tick(?)"], ["tick(?)"]], [Decimal(3)], "COLLECT"))
@example(([["5", "oops("], ["oops(", "-"]], [Decimal(3), None], "COLLECT"))
@example(([["missing"], ["missing"]], [None], "COLLECT"))
@example(([["-"], ["oops("]], [None], "FIRST"))
@example(([["5", "-"], [TOO_MUCH, "oops("], ["oops(", "-"]], [Decimal(3), None], "COLLECT"))
def test_a_table_gives_what_its_cells_give_one_by_one(asked):
    rules, values, policy = asked

    assert as_asked(rules, values, policy) == cell_by_cell(rules, values, policy)


def as_asked(rules, values, policy):
    """What the library says: of each rule, then notes and error, and how often the host was called."""
    calls = []
    columns = [f"v{number}" for number in range(len(values))]
    drawn = table(
        [f"{' | '.join(cells)} => {number}" for number, cells in enumerate(rules)], inputs=columns, policy=policy
    )
    context = {**NAMES, **dict(zip(columns, values, strict=True))}
    try:
        decided = load({"a.dmn": dmn(drawn)}).decide("choose", context, functions=ticking(calls))
    except ModelError as wrong:
        return wrong.message, calls
    told = [(rule.matched, rule.asked, rule.column, rule.test, rule.value) for rule in decided.rules]
    return told, [rule.number for rule in decided.matched], decided.result, list(decided.null_reasons), calls


def cell_by_cell(rules, values, policy):
    """The same, by putting each value to each cell, from the first that is reached to the last."""
    calls, notes, told, matched = [], [], [], []
    context = {**NAMES, **{f"v{number}": value for number, value in enumerate(values)}}
    for number, cells in enumerate(rules):
        if policy == "FIRST" and matched:
            told.append((False, False, "", "", None))
            continue
        failure = None
        for column, (cell, value) in enumerate(zip(cells, values, strict=True)):
            where = f'a.dmn, decision "choose", rule {number + 1}, column "v{column}"'
            try:
                found = readable(cell).matches_explained(value, context, functions=ticking(calls))
            except FeelError as wrong:
                return f"{where}: {wrong.message}", calls
            notes += [f"{where}: there is no name “{name}” here" for name in found.unknown_names]
            notes += [f"{where}: the context has no entry “{name}”" for name in found.unknown_entries]
            if found.value is not True:
                failure = column
                break
        if failure is None:
            matched.append(number)
            told.append((True, True, "", "", None))
        else:
            told.append((False, True, f"v{failure}", cells[failure], values[failure]))
    results = [Decimal(number) for number in matched]
    result = results if policy == "COLLECT" else results[0] if results else None
    return told, [number + 1 for number in matched], result, notes[:50], calls


def readable(cell):
    try:
        return compile_unary_tests(cell)
    except FeelError:
        return compile_unary_tests(cell, NAMES)


def ticking(calls):
    def tick(value):
        calls.append(value)
        return value == Decimal(3)

    return {"tick": HostFunction("tick", ("value",), tick)}
