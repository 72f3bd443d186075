"""Random decision tables against a slow reading of the hit policies, and the same table in every version of DMN."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.decisions import load
from service.decisions.xml import NAMESPACES
from service.domain.errors import ModelError
from tests.decisions.tables import dmn, table
from tests.feel.randomly import laws

CELLS = {
    "-": lambda n: True,
    "< 2": lambda n: n < 2,
    "2": lambda n: n == 2,
    "[1..2]": lambda n: 1 <= n <= 2,
    "(0..3)": lambda n: 0 < n < 3,
    "not(1)": lambda n: n != 1,
    "1, 3": lambda n: n in (1, 3),
    "> 5": lambda n: False,
}
WORDS = ("low", "mid", "high")
ORDERS = st.permutations(WORDS)
POLICIES = ("UNIQUE", "FIRST", "PRIORITY", "ANY", "COLLECT", "RULE ORDER", "OUTPUT ORDER")
LOOSE = st.sampled_from(["-", "-", "-", *sorted(CELLS)])
"""Cells, more often such as let pass: a hit policy is asked nothing where one rule matches."""
ROWS = st.lists(
    st.tuples(st.tuples(LOOSE, LOOSE), st.tuples(st.sampled_from(WORDS), st.sampled_from(WORDS))), max_size=6
) | st.lists(
    st.tuples(st.tuples(LOOSE, st.just("-")), st.tuples(st.sampled_from(WORDS), st.just("low"))), min_size=2, max_size=4
)
FACTS = [(n, m) for n in range(4) for m in range(4)]


class Drawn:
    """A table as it was drawn, with what each rule asks and gives."""

    def __init__(self, policy, rows, width, orders, default, aggregation=None):
        self.policy, self.rows, self.width, self.orders, self.default = policy, rows, width, orders, default
        names = ("a", "b")[:width]
        outputs = [
            f"{name} in {', '.join(map(said, order))}" if order else name
            for name, order in zip(names, orders, strict=False)
        ]
        outputs = [text + (f' else "{default[i]}"' if default else "") for i, text in enumerate(outputs)]
        attributes = {"aggregation": aggregation} if aggregation else {}
        self.xml = table(
            [f"{' | '.join(cells)} => {' | '.join(map(said, given[:width]))}" for cells, given in rows],
            inputs=("n", "m"), outputs=outputs, policy=policy, **attributes,
        )  # fmt: skip

    def matching(self, facts):
        """The outputs of the rules that match, in the order of the rules."""
        return [
            given[: self.width]
            for cells, given in self.rows
            if all(CELLS[cell](fact) for cell, fact in zip(cells, facts, strict=True))
        ]

    def value(self, outputs):
        """One row of outputs as the table gives it."""
        return outputs[0] if self.width == 1 else dict(zip(("a", "b"), outputs, strict=True))

    def rank(self, outputs):
        """The place of a row of outputs in the order of the output values."""
        return [order.index(output) for order, output in zip(self.orders, outputs, strict=False)]


def said(output):
    """An output as it is written in a cell."""
    return f'"{output}"' if isinstance(output, str) else str(output)


def settled(drawn, facts):
    """What the hit policy makes of the rules that match; "refused" where it forbids them."""
    rows = drawn.matching(facts)
    if drawn.policy == "UNIQUE" and len(rows) > 1:
        return "refused"
    if drawn.policy == "ANY" and any(row != rows[0] for row in rows):
        return "refused"
    if drawn.policy in ("PRIORITY", "OUTPUT ORDER"):
        rows = sorted(rows, key=drawn.rank)
    if not rows and drawn.default:
        rows = [drawn.default[: drawn.width]]
    values = [drawn.value(row) for row in rows]
    if drawn.policy in ("COLLECT", "RULE ORDER", "OUTPUT ORDER"):
        return values
    return values[0] if values else None


def found(content, facts):
    """What the product makes of it."""
    try:
        return load({"a.dmn": content}).decide("choose", dict(zip("nm", map(Decimal, facts), strict=True))).result
    except ModelError as refused:
        return "refused" if "hit policy" in str(refused) else str(refused)


@pytest.mark.parametrize("policy", POLICIES)
def test_a_hit_policy_gives_what_it_says(policy):
    @laws(12)
    @given(
        ROWS, st.integers(1, 2), ORDERS, ORDERS, st.none() | st.tuples(st.sampled_from(WORDS), st.sampled_from(WORDS))
    )
    def law(rows, width, first, second, default):
        ranked = policy in ("PRIORITY", "OUTPUT ORDER")
        drawn = Drawn(policy, rows, width, (first, second) if ranked else ((), ()), default)
        content = dmn(drawn.xml)
        for facts in FACTS[::5]:
            assert found(content, facts) == settled(drawn, facts), (rows, facts)

    law()


@pytest.mark.parametrize("aggregation", ["SUM", "MIN", "MAX", "COUNT"])
def test_an_aggregation_gives_what_it_says(aggregation):
    numbers = st.lists(st.tuples(st.tuples(LOOSE, st.just("-")), st.tuples(st.integers(-5, 5))), max_size=5)
    compute = {"SUM": sum, "MIN": min, "MAX": max, "COUNT": len}[aggregation]

    @laws(15)
    @given(numbers)
    def law(rows):
        drawn = Drawn("COLLECT", rows, 1, ((),), None, aggregation)
        for n in range(4):
            values = [row[0] for row in drawn.matching((n, 0))]
            wanted = compute(values) if values or aggregation == "COUNT" else None
            assert found(dmn(drawn.xml), (n, 0)) == wanted, rows

    law()


@laws(12)
@given(st.sampled_from(POLICIES), ROWS, ORDERS, st.sampled_from(FACTS))
def test_a_table_means_the_same_in_every_version_of_dmn(policy, rows, order, facts):
    drawn = Drawn(policy, rows, 1, (order,), None)
    libraries = [load({"a.dmn": dmn(drawn.xml, namespace=namespace)}) for namespace in NAMESPACES]

    assert all(library.decisions == libraries[0].decisions for library in libraries)
    assert all(
        [p.message for p in library.problems] == [p.message for p in libraries[0].problems] for library in libraries
    )
    results = [found(dmn(drawn.xml, namespace=namespace), facts) for namespace in NAMESPACES]
    assert results == [settled(drawn, facts)] * len(NAMESPACES)


@laws(15)
@given(ROWS, st.sampled_from(FACTS))
def test_what_is_explained_is_what_matched(rows, facts):
    drawn = Drawn("RULE ORDER", rows, 1, ((),), None)
    library = load({"a.dmn": dmn(drawn.xml)})
    context = dict(zip("nm", map(Decimal, facts), strict=True))

    decided = library.decide("choose", context)
    explained = decided.rules
    assert [rule.number for rule in explained if rule.matched] == [rule.number for rule in decided.matched]
    for rule, (cells, _) in zip(explained, rows, strict=True):
        failed = [name for name, cell, fact in zip("nm", cells, facts, strict=True) if not CELLS[cell](fact)]
        assert rule.matched is (not failed)
        assert rule.column == (failed[0] if failed else "")
