"""Tables asked the quick way give what asking cell by cell gives: matches, failures, errors, notes and calls."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

from hypothesis import example, given
from hypothesis import strategies as st

from service.decisions import load
from service.domain.errors import ModelError
from service.feel import FeelError, HostFunction, YearsMonthsDuration, compile_unary_tests
from tests.decisions.tables import dmn, table
from tests.feel.randomly import laws

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
COMPARING = {
    "numbers": (["5", "< 5", ">= 5.0", "[1..5)", "(1..3]", "]3..5[", "not(3, 5)", "-1", "null", "not(null)", "(!= 3)",
                 "? > 1 and ? < 5", "? between 1 and 3 or ? = 5", "[1, 3]", "(<= 3)", "5 < ?", "? in (1, > 3)",
                 "[5..1]", "> null", "[null]", "[]"],
                [None, *map(Decimal, ("-1", "0", "1", "2", "3", "4", "5", "5.00", "6")), "3", [Decimal(3)], [None],
                 []]),
    "texts": (['"a"', '"a", "b"', 'not("a", "b")', '< "b"', '["a".."c")', "null", '""', '"a", null', '(!= "b")'],
              [None, "", "a", "aa", "b", "c", "d", True, Decimal(1)]),
    "booleans": (["true", "false", "not(true)", "true, false", "null", "? = true", "not(null)", "< true"],
                 [None, True, False, "true", Decimal(1), Decimal(0)]),
    "dates": (['date("2026-06-01")', '< date("2026-06-01")', '[date("2026-01-01")..date("2026-06-01"))', "null",
               '> @"2026-03-01"', 'not(@"2026-03-01", date("2026-06-01"))', 'date("never")'],
              [None, date(2026, 1, 1), date(2026, 3, 1), date(2026, 6, 1), date(2027, 1, 1), "2026-06-01",
               datetime(2026, 6, 1, tzinfo=UTC), datetime(2026, 3, 1)]),
    "lengths": (['@"P1D"', '< duration("P2D")', '[@"P1D"..@"P3D"]', 'not(@"P2D")'],
                [None, timedelta(days=1), timedelta(days=2), timedelta(hours=50), YearsMonthsDuration(1)]),
    "months": (['@"P1M"', '< duration("P1Y")', "null"],
               [None, YearsMonthsDuration(1), YearsMonthsDuration(12), YearsMonthsDuration(5), timedelta(days=31)]),
    "times": (['< @"10:00:00"', 'time("10:00:00")'], [None, time(9), time(10), time(11, tzinfo=UTC)]),
}  # fmt: skip
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


@st.composite
def comparing_tables(draw):
    kinds = draw(st.lists(st.sampled_from(sorted(COMPARING)), min_size=1, max_size=3))
    cells = st.tuples(*(st.sampled_from(["-", *COMPARING[kind][0]]) for kind in kinds))
    values = draw(st.lists(st.tuples(*(st.sampled_from(COMPARING[kind][1]) for kind in kinds)), min_size=1, max_size=5))
    return draw(st.lists(cells, min_size=1, max_size=10)), values, draw(st.sampled_from(["COLLECT", "FIRST"]))


@laws(300)
@given(comparing_tables(), st.sampled_from([None, None, None, "date", "duration"]))
@example(([('date("2026-06-01")',)], [(date(2026, 6, 1),)], "COLLECT"), "date")
@example(([("[null]",)], [("a",), ([None],)], "COLLECT"), None)
@example(([('< @"10:00:00"',)], [(time(9),), (time(11, tzinfo=UTC),)], "COLLECT"), None)
def test_a_table_of_comparisons_gives_what_its_cells_give_one_by_one(asked, redefined):
    rules, rows, policy = asked
    # The same library for all rows, so that what one row leaves behind is used for the next.
    library = load({"a.dmn": dmn(drawn(rules, len(rows[0]), policy))})
    own = {} if redefined is None else {redefined: HostFunction(redefined, ("from",), lambda text: Decimal(3))}

    for values in rows:
        for functions in ({}, own):
            assert as_asked(rules, values, policy, library, functions) == cell_by_cell(rules, values, policy, functions)


@laws(150)
@given(tables())
@example(([["tick(?)"], ["tick(?)"]], [Decimal(3)], "COLLECT"))
@example(([["5", "oops("], ["oops(", "-"]], [Decimal(3), None], "COLLECT"))
@example(([["missing"], ["missing"]], [None], "COLLECT"))
@example(([["-"], ["oops("]], [None], "FIRST"))
@example(([["5", "-"], [TOO_MUCH, "oops("], ["oops(", "-"]], [Decimal(3), None], "COLLECT"))
def test_a_table_gives_what_its_cells_give_one_by_one(asked):
    rules, values, policy = asked

    assert as_asked(rules, values, policy) == cell_by_cell(rules, values, policy)


def drawn(rules, columns, policy):
    names = [f"v{number}" for number in range(columns)]
    return table([f"{' | '.join(cells)} => {n}" for n, cells in enumerate(rules)], inputs=names, policy=policy)


def as_asked(rules, values, policy, library=None, functions=None):
    """What the library says: of each rule, then notes and error, and how often the host was called."""
    calls = []
    library = library or load({"a.dmn": dmn(drawn(rules, len(values), policy))})
    try:
        decided = library.decide("choose", named(values), functions={**ticking(calls), **(functions or {})})
    except ModelError as wrong:
        return wrong.message, calls
    told = [(rule.matched, rule.asked, rule.column, rule.test, rule.value) for rule in decided.rules]
    return told, [rule.number for rule in decided.matched], decided.result, list(decided.null_reasons), calls


def cell_by_cell(rules, values, policy, functions=None):
    """The same, by putting each value to each cell, from the first that is reached to the last."""
    calls, notes, told, matched = [], [], [], []
    offered = {**ticking(calls), **(functions or {})}
    for number, cells in enumerate(rules):
        if policy == "FIRST" and matched:
            told.append((False, False, "", "", None))
            continue
        failure = None
        for column, (cell, value) in enumerate(zip(cells, values, strict=True)):
            where = f'a.dmn, decision "choose", rule {number + 1}, column "v{column}"'
            try:
                found = readable(cell).matches_explained(value, named(values), functions=offered)
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


def named(values):
    return {**NAMES, **{f"v{number}": value for number, value in enumerate(values)}}


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
