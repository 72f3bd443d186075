"""What all expressions of one call do together is bounded, however little each of them does."""

from __future__ import annotations

from decimal import Decimal

import pytest

from service.domain.errors import ModelError
from tests.decisions.tables import boxed, decide, feel, function, literal

ITEMS = [Decimal(1)] * 40_000
"""Reading this list is worth as many steps, giving it to a function a tenth of that."""
TOO_MUCH = "and those before it take more than 2000000 steps together, which is the limit"


def entries(count, text="items"):
    """A boxed context that works out the same so many times."""
    entry = '<contextEntry><variable name="e{}"/>{}</contextEntry>'
    return f"<context>{''.join(entry.format(number, feel(text)) for number in range(count))}</context>"


def test_what_is_within_the_bound_is_decided():
    assert len(decide(boxed(entries(48)), items=ITEMS).result) == 48


@pytest.mark.parametrize("count", [47, 5])
def test_what_a_decision_takes_counts_together_with_what_it_requires(count):
    required = boxed(entries(52 - count), decision_id="required")

    with pytest.raises(ModelError, match=TOO_MUCH):
        decide(required, boxed(entries(count), requires=["required"]), items=ITEMS)


def test_the_cells_of_a_table_count():
    cells = "".join(f"<rule><inputEntry><text>count(items) &gt; {n}</text></inputEntry><outputEntry><text>1</text>"
                    "</outputEntry></rule>" for n in range(520))  # fmt: skip
    table = '<decisionTable hitPolicy="COLLECT"><input><inputExpression><text>1</text></inputExpression></input>'

    with pytest.raises(ModelError, match=TOO_MUCH):
        decide(boxed(f"{table}<output/>{cells}</decisionTable>"), items=ITEMS)


def test_what_a_function_does_counts():
    asking = boxed(entries(20, "same(items)"), knows=["same"])

    with pytest.raises(ModelError, match=TOO_MUCH):
        decide(function("items", "items", name="same"), asking, items=ITEMS)


def test_what_a_decision_service_does_counts():
    service = (
        '<inputData id="items" name="items"/><decisionService id="same" name="same"><variable name="same"/>'
        '<outputDecision href="#inside"/><inputData href="#items"/></decisionService>'
    )
    asking = boxed(entries(20, "same(items)"), knows=["same"])

    with pytest.raises(ModelError, match=f'decision "inside".* {TOO_MUCH}'):
        decide(service, literal("items", decision_id="inside"), asking, items=ITEMS)
