"""Unary tests against a slow reference that knows neither the grammar nor the engine, only what was to be written."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from service.feel import YearsMonthsDuration, compile_expression, compile_unary_tests
from tests.feel.randomly import laws

KINDS = (
    st.integers(-3, 3).map(Decimal),
    st.sampled_from(["a", "b", "B", "ab", 'say "a"', ""]),
    st.dates(date(2027, 1, 1), date(2027, 1, 4)),
    st.datetimes(datetime(2027, 1, 1), datetime(2027, 1, 3)).map(
        lambda m: m.replace(minute=0, second=0, microsecond=0)
    ),
    st.integers(-2, 2).map(lambda days: timedelta(days=days, hours=1)),
    st.integers(-3, 3).map(YearsMonthsDuration),
    st.booleans(),
)
MIXED = st.one_of(st.none(), *KINDS)
OPERATORS = ("=", "!=", "<", "<=", ">", ">=")


def written(value):
    """The value as a person writes it in a cell."""
    if value is None or isinstance(value, bool):
        return "null" if value is None else str(value).lower()
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, str):
        return '"' + value.replace('"', '\\"') + '"'
    if isinstance(value, datetime):
        return f'date and time("{value.isoformat()}")'
    if isinstance(value, date):
        return f'@"{value.isoformat()}"'
    if isinstance(value, timedelta):
        seconds = int(value.total_seconds())
        return f'duration("{"-" if seconds < 0 else ""}PT{abs(seconds)}S")'
    return f'@"{"-" if value.months < 0 else ""}P{abs(value.months)}M"'


def compared(left, right):
    """Below, at or above 0; None when nobody can say."""
    if left is None or type(left) is not type(right) or isinstance(left, bool):
        return None
    return (left > right) - (left < right)


def same(left, right):
    if left is None or right is None:
        return left is right
    return left == right if type(left) is type(right) else None


def holds(operator, left, right):
    if operator in ("=", "!="):
        verdict = same(left, right)
        return verdict if operator == "=" or verdict is None else not verdict
    place = compared(left, right)
    if place is None:
        return None
    return {"<": place < 0, "<=": place <= 0, ">": place > 0, ">=": place >= 0}[operator]


def all_of(*verdicts):
    return False if False in verdicts else None if None in verdicts else True


def any_of(*verdicts):
    return True if True in verdicts else None if None in verdicts else False


class Written:
    """A test: its text and whether a value passes it."""

    def __init__(self, text, passes):
        self.text = text
        self.passes = passes


def a_value(wanted):
    return Written(written(wanted), lambda value: same(value, wanted))


def a_comparison(operator, bound):
    return Written(f"{operator} {written(bound)}", lambda value: holds(operator, value, bound))


def a_range(low, high, brackets):
    low, high = sorted((low, high), key=lambda bound: bound.months if hasattr(bound, "months") else bound)
    above, below = ">=" if brackets[0] == "[" else ">", "<=" if brackets[1] == "]" else "<"
    return Written(
        f"{brackets[0]}{written(low)}..{written(high)}{brackets[1]}",
        lambda value: None if value is None else all_of(holds(above, value, low), holds(below, value, high)),
    )


def a_list(wanted):
    return Written(f"[{', '.join(map(written, wanted))}]", lambda value: True in [same(value, each) for each in wanted])


def about_the_value(operator, bound, joined, other):
    word = "and" if joined is all_of else "or"
    return Written(
        f"? {operator} {written(bound)} {word} not(? = {written(other)})",
        lambda value: joined(holds(operator, value, bound), holds("!=", value, other)),
    )


def between_the_two(low, high):
    return Written(
        f"? between {written(low)} and {written(high)}",
        lambda value: all_of(holds(">=", value, low), holds("<=", value, high)),
    )


def kinds_of_tests(kind):
    """Tests written with values of one kind; booleans make no ranges."""
    ranges = st.builds(a_range, kind, kind, st.sampled_from(["[]", "[)", "(]", "()", "][", "]]", "[["]))
    simple = st.one_of(
        kind.map(a_value),
        st.builds(a_comparison, st.sampled_from(OPERATORS), kind),
        st.lists(kind | st.none(), max_size=3).map(a_list),
        st.builds(about_the_value, st.sampled_from(OPERATORS), kind, st.sampled_from([all_of, any_of]), kind),
        st.builds(between_the_two, kind, kind),
        st.just(a_value(None)),
    )
    return simple if kind is KINDS[-1] else simple | ranges


CELLS = st.sampled_from(KINDS).flatmap(
    lambda kind: st.tuples(
        st.lists(kinds_of_tests(kind), min_size=1, max_size=3),
        st.booleans(),
        st.lists(kind | MIXED, min_size=3, max_size=6),
    )
)


@laws(150)
@given(CELLS)
def test_a_cell_lets_pass_what_was_meant(cell):
    tests, negated, values = cell
    text = ", ".join(test.text for test in tests)
    text = f"not({text})" if negated else text

    for value in values:
        verdict = any_of(*(test.passes(value) for test in tests))
        wanted = verdict if verdict is None or not negated else not verdict
        found = compile_unary_tests(text)
        assert found.matches_explained(value).value is wanted, (text, value)
        assert found.matches(value) is (wanted is True)


@laws(50)
@given(CELLS)
def test_in_lets_pass_the_same(cell):
    tests, _, values = cell
    text = ", ".join(test.text for test in tests if "?" not in test.text)
    if text:
        for value in values:
            verdict = any_of(*(test.passes(value) for test in tests if "?" not in test.text))
            assert compile_expression(f"x in ({text})").evaluate({"x": value}) is verdict, (text, value)


@laws(60)
@given(MIXED)
def test_a_dash_lets_everything_pass(value):
    assert compile_unary_tests("-").matches(value) is True
