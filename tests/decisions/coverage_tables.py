"""Random decision tables, the values at their corners, and a slow way to say which rules match. No tests are here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Any

from hypothesis import strategies as st

from service.decisions import Library, load
from service.feel import YearsMonthsDuration, compile_unary_tests
from tests.decisions.tables import dmn, table

LIMIT = Decimal(5)
"""What the name `limit` means, for cells that cannot be analysed."""


@dataclass(frozen=True)
class Kind:
    """One kind of column."""

    type_ref: str
    constants: tuple[str, ...]
    """Constants for its cells, in rising order, as FEEL."""
    corners: tuple[Any, ...]
    """Values at, between and beyond the constants."""
    ordered: bool = True
    allowed: str = ""
    special: tuple[str, ...] = ()
    """Cells that only this kind has."""


def _between(values: list[Any], below: Any, above: Any) -> tuple[Any, ...]:
    middles = [one + (other - one) / 2 for one, other in pairwise(values)]
    return (below, *values, *middles, above)


_NUMBERS = [Decimal(text) for text in ("-2", "0", "3", "3.5", "4", "10")]
_WHOLE = [Decimal(number) for number in range(-1, 9)]
_DAYS = [date(2026, 1, 1) + timedelta(days=days) for days in range(-1, 8)]
_INSTANTS = [datetime(2026, 1, 1, 10, 0, seconds) for seconds in range(6)]
_LENGTHS = [timedelta(hours=hours) for hours in (-24, 0, 12, 36)]

KINDS = {
    "number": Kind("number", ("-2", "0", "3", "3.5", "4", "10"), _between(_NUMBERS, Decimal(-99), Decimal(99)),
                   special=("2 * 2", "> 1 + 2", "even(?)", "? * 2 > 6", "> limit", "limit")),
    "limited number": Kind("number", ("0", "3", "4", "10"), tuple(n for n in _between(_NUMBERS, 1, 2) if 0 <= n <= 10),
                           allowed="[0..10]"),
    "whole number": Kind("integer", ("0", "1", "3", "6.5"), tuple(_WHOLE), special=("odd(?)",)),
    "few whole numbers": Kind("integer", ("1", "2", "3", "4"), tuple(_WHOLE[2:6]), allowed="1, 2, 3, 4",
                              special=("even(?)", "7")),
    "status": Kind("string", ('"CIN"', '"CP"', '"LAC"'), ("CIN", "CP", "LAC"), ordered=False,
                   allowed='"CIN", "CP", "LAC"', special=("string length(?) = 2", '"XX"', '> "CK"', '["CIN".."CP"]')),
    "text": Kind("string", ('"a"', '"b"'), ("a", "b", "c", ""), ordered=False,
                 special=("string length(?) > 0", '? = "a" or ? = "c"', 'not(? = "b")')),
    "truth": Kind("boolean", ("true", "false"), (True, False), ordered=False, special=("?", "not(?)")),
    "date": Kind("date", ('date("2026-01-01")', '@"2026-01-03"', 'date("2026-01-04")'), tuple(_DAYS),
                 special=('? in [date("2026-01-02")..date("2026-01-05"))',)),
    "time": Kind("time", ('time("09:00:00")', '@"17:30:00"'),
                 tuple(time(hour, minute) for hour in (0, 8, 9, 17, 23) for minute in (0, 30))),
    "date and time": Kind("dateTime", ('date and time("2026-01-01T10:00:01")', '@"2026-01-01T10:00:02.5"'),
                          tuple(_INSTANTS)),
    "length": Kind("dayTimeDuration", ('duration("PT0S")', '@"PT12H"', '@"P1DT12H"'),
                   _between(_LENGTHS, timedelta(-50), timedelta(50))),
    "months": Kind("yearMonthDuration", ('@"P0M"', '@"P1Y"', '@"P1Y2M"'),
                   tuple(YearsMonthsDuration(months) for months in (-5, -1, 0, 1, 11, 12, 13, 14, 15))),
    "untyped": Kind("", ("1", "2", "4"), tuple(Decimal(text) for text in ("0", "1", "1.5", "2", "3", "4", "5"))),
}  # fmt: skip


@dataclass(frozen=True)
class Drawn:
    """A table that was drawn, with what is needed to ask it."""

    library: Library
    collecting: Library
    """The same table with the hit policy COLLECT, so that every rule that matches is told."""
    policy: str
    columns: dict[str, Kind]
    rules: tuple[str, ...]

    def matching(self, values: dict[str, Any]) -> list[int]:
        """The numbers of the rules that match, asked one by one."""
        decided = self.collecting.decide("choose", {**values, "limit": LIMIT})
        return [rule.number for rule in decided.matched]

    def allowed(self, values: dict[str, Any]) -> bool:
        """Whether each value may occur in its column."""
        return all(
            value is None or not self.columns[name].allowed or passes(self.columns[name].allowed, value)
            for name, value in values.items()
        )


def passes(test: str, value: Any) -> bool:
    """Whether a value passes the text of a cell."""
    return compile_unary_tests(test).matches(value)


@st.composite
def tables(draw: Any, policies: tuple[str, ...], kinds: tuple[str, ...] = tuple(KINDS)) -> Drawn:
    """A table with up to four columns and seven rules."""
    chosen = draw(st.lists(st.sampled_from(kinds), min_size=1, max_size=4))
    columns = {f"c{number}": KINDS[kind] for number, kind in enumerate(chosen, start=1)}
    rule = st.tuples(*(cells(kind) for kind in columns.values()), st.sampled_from(["1", "2", "limit"]))
    drawn = draw(st.lists(rule, min_size=1, max_size=7))
    rules = tuple(" | ".join(cells_) + f" => {result}" for *cells_, result in drawn)
    policy = draw(st.sampled_from(policies))
    inputs = tuple(
        name + (f": {kind.type_ref}" if kind.type_ref else "") + (f" in {kind.allowed}" if kind.allowed else "")
        for name, kind in columns.items()
    )
    outputs = ("result in 1, 2, 5",)
    library, collecting = (
        load({"a.dmn": dmn(table(rules, inputs=inputs, outputs=outputs, policy=hit_policy))})
        for hit_policy in (policy, "COLLECT")
    )
    return Drawn(library, collecting, policy, columns, rules)


def cells(kind: Kind) -> st.SearchStrategy[str]:
    """A cell of such a column, `-` often."""
    constant = st.sampled_from(kind.constants)
    some = [constant, st.lists(constant, min_size=2, max_size=3).map(", ".join), constant.map("not({})".format)]
    some += [st.just("null"), st.just("not(null)")]
    if kind.ordered:
        compared = st.tuples(st.sampled_from(["<", "<=", ">", ">="]), constant).map(" ".join)
        some += [
            compared,
            compared,
            st.builds(_interval, *[st.sampled_from(["[", "("]), constant, constant, st.booleans()]),
        ]
        some += [
            st.tuples(compared, constant).map(", ".join),
            st.builds("? > {} and ? <= {}".format, constant, constant),
        ]
        some += [compared.map("not({})".format), st.builds("? between {} and {}".format, constant, constant)]
    if kind.special:
        some.append(st.sampled_from(kind.special))
    return st.one_of(st.just("-"), st.just("-"), *some)


def _interval(opening: str, low: str, high: str, closed: bool) -> str:
    return f"{opening}{low}..{high}{']' if closed else ')'}"


@st.composite
def samples(draw: Any, drawn: Drawn) -> list[dict[str, Any]]:
    """Some of the answered inputs of a table, at the corners of its columns."""
    one = st.fixed_dictionaries({name: st.sampled_from(kind.corners) for name, kind in drawn.columns.items()})
    return [values for values in draw(st.lists(one, min_size=12, max_size=12)) if drawn.allowed(values)]
