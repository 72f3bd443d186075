"""Random syntax trees for the laws of FEEL. Random values are in `randomly.py`, the laws in `test_laws_*.py`."""

from __future__ import annotations

from dataclasses import fields, replace
from decimal import Decimal

from hypothesis import strategies as st

from service.feel.syntax import (
    Against,
    Arithmetic,
    AtLiteral,
    Between,
    Call,
    Comparison,
    ContextOf,
    Filter,
    For,
    FunctionOf,
    If,
    In,
    InstanceOf,
    ListOf,
    Literal,
    Logic,
    Loop,
    Name,
    Negative,
    Path,
    Quantified,
    RangeOf,
    Tests,
    TypeName,
)
from tests.feel.randomly import BOOLEANS, TEXTS

NAMES = st.sampled_from(["a", "b", "n", "long name", "x1", "worker’s view", "item", "?"])
LABELS = st.sampled_from(["a", "b", "two words", "x-y", "if", "n", "P1"])
KEYS = LABELS | TEXTS
OPERATORS = st.sampled_from(["+", "-", "*", "/", "**"])
COMPARED = st.sampled_from(["=", "!=", "<", "<=", ">", ">="])
AT_TEXTS = st.sampled_from(["2027-01-04", "10:00:00", "P1D", "P1Y2M", "2027-01-04T10:00:00@Europe/London", 'no "date"'])
LITERALS = st.one_of(
    st.decimals(0, 10**6, places=2),
    st.sampled_from([Decimal("1E+6000"), Decimal("1E-6143"), Decimal("1.50"), Decimal(3)]),
    st.none(),
    BOOLEANS,
    TEXTS,
).map(lambda value: Literal(0, value))
LEAVES = st.one_of(LITERALS, st.builds(AtLiteral, st.just(0), AT_TEXTS), st.builds(Name, st.just(0), NAMES))


def _types():
    plain = st.sampled_from(
        ["number", "string", "Any", "Null", "days and time duration", "date and time", "tChild", "a.b"]
    )
    return st.recursive(
        plain.map(lambda name: TypeName(0, name)),
        lambda inner: st.one_of(
            st.builds(lambda name, t: TypeName(0, name, (t,)), st.sampled_from(["list", "range"]), inner),
            st.lists(st.tuples(st.sampled_from(["a", "b", "two words"]), inner), min_size=1, max_size=2).map(
                lambda fields: TypeName(0, "context", fields=tuple(fields))
            ),
            st.builds(
                lambda arguments, result: TypeName(0, "function", tuple(arguments), result=result),
                st.lists(inner, max_size=2),
                inner,
            ),
        ),
        max_leaves=3,
    )


TYPES = _types()


def _ranges(inner):
    low = st.booleans()
    by_bound = st.one_of(
        st.builds(lambda e, i: RangeOf(0, None, e, False, i), inner, low),
        st.builds(lambda e, i: RangeOf(0, e, None, i, False), inner, low),
        st.builds(lambda e, o: RangeOf(0, e, e, True, True, o), inner, st.sampled_from(["=", "!="])),
    )
    return st.builds(lambda a, b, i, j: RangeOf(0, a, b, i, j), inner, inner, low, low) | by_bound


def _loops(inner):
    names = st.sampled_from(["a", "b", "long name", "x-y"])
    return st.lists(
        st.builds(lambda n, s, u: Loop(0, n, s, u), names, inner, st.none() | inner), min_size=1, max_size=2
    ).map(tuple)


def _one_test(inner):
    return st.builds(lambda o, e: Against(0, o, e), COMPARED, inner) | inner


def _operations(inner):
    return st.one_of(
        st.builds(lambda o, a, b: Arithmetic(0, o, a, b), OPERATORS, inner, inner),
        st.builds(lambda o, a, b: Comparison(0, o, a, b), COMPARED, inner, inner),
        st.builds(lambda o, a, b: Logic(0, o, a, b), st.sampled_from(["and", "or"]), inner, inner),
        st.builds(lambda a, b, c: Between(0, a, b, c), inner, inner, inner),
        st.builds(lambda a: Negative(0, a), inner),
        st.builds(
            lambda a, tests: In(0, a, Tests(0, tuple(tests))), inner, st.lists(_one_test(inner), min_size=1, max_size=3)
        ),
        st.builds(lambda a, t: InstanceOf(0, a, t), inner, TYPES),
    )


def _others(inner):
    some = st.lists(inner, max_size=3).map(tuple)
    named = st.lists(st.tuples(LABELS, inner), min_size=1, max_size=2).map(tuple)
    parameters = st.lists(st.tuples(st.sampled_from(["a", "b", "two words"]), st.none() | TYPES), max_size=2).map(tuple)
    called = st.sampled_from(["f", "date and time", "get or else"]).map(lambda n: Name(0, n)) | inner
    return st.one_of(
        some.map(lambda items: ListOf(0, items)),
        st.lists(st.tuples(KEYS, inner), max_size=2).map(lambda entries: ContextOf(0, tuple(entries))),
        _ranges(inner),
        st.builds(lambda a, n: Path(0, a, n), inner, st.sampled_from(["a", "long name", "if", "x1"])),
        st.builds(lambda a, c: Filter(0, a, c), inner, inner),
        st.builds(lambda f, a: Call(0, f, a), called, some),
        # A cell that begins with not() or not(negand: a) and goes on is not read.
        inner.map(lambda a: Call(0, Name(0, "not"), (a,))),
        st.builds(lambda f, n: Call(0, f, (), n), called, named),
        st.builds(lambda p, b, e: FunctionOf(0, p, b, e), parameters, inner, st.booleans()),
        st.builds(lambda a, b, c: If(0, a, b, c), inner, inner, inner),
        st.builds(lambda loops, b: For(0, loops, b), _loops(inner), inner),
        st.builds(lambda every, loops, c: Quantified(0, every, loops, c), st.booleans(), _loops(inner), inner),
    )


EXPRESSIONS = st.recursive(LEAVES, lambda inner: _operations(inner) | _others(inner), max_leaves=8)
TESTS = st.one_of(
    st.just(Tests(0, ())),
    st.builds(
        lambda tests, negated: Tests(0, tuple(tests), negated),
        st.lists(_one_test(EXPRESSIONS), min_size=1, max_size=3),
        st.booleans(),
    ),
)


def _samples():
    """One expression of each kind, and of those kinds two that are written in two ways."""
    a, b, one = Name(0, "a"), Name(0, "b"), Literal(0, Decimal(1))
    loops = (Loop(0, "x", a), Loop(0, "y", one, b))
    return (
        one, Literal(0, "text"), AtLiteral(0, "P1D"), a, ListOf(0, (a, b)), ContextOf(0, (("k", a), ("l", b))),
        RangeOf(0, a, b, True, False), RangeOf(0, None, b, False, True), RangeOf(0, a, None, False, False),
        Negative(0, a),
        *(Arithmetic(0, operator, a, b) for operator in ("+", "-", "*", "/", "**")), Comparison(0, "=", a, b),
        Logic(0, "and", a, b), Logic(0, "or", a, b), Between(0, a, b, one), In(0, a, Tests(0, (b,))),
        In(0, a, Tests(0, (Against(0, "<", b),))), In(0, a, Tests(0, (b, Against(0, ">=", one)))),
        InstanceOf(0, a, TypeName(0, "number")), Path(0, a, "k"), Filter(0, a, b), Call(0, a, (b, one)),
        Call(0, a, (), (("k", b),)), Call(0, Name(0, "not"), (a,)), FunctionOf(0, (("x", None),), a), If(0, a, b, one),
        For(0, loops, a), Quantified(0, True, loops, a),
    )  # fmt: skip


SAMPLES = _samples()


def places(node):
    """For each place in a node where an expression can stand: a function that puts one there."""
    for field in fields(node):
        value = getattr(node, field.name)
        for put in _places_in(value):
            yield lambda inner, name=field.name, put=put: replace(node, **{name: put(inner)})


def _places_in(value):
    if isinstance(value, TypeName) or (isinstance(value, Name) and value.name == "not"):
        return
    if isinstance(value, Tests | Loop | Against):
        yield from places(value)
    elif not isinstance(value, tuple):
        if type(value) in (Name, Literal):
            yield lambda inner: inner
    else:
        for number, item in enumerate(value):
            for put in _places_in(item):
                yield lambda inner, n=number, put=put: (*value[:n], put(inner), *value[n + 1 :])
