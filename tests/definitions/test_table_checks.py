"""What tables call must be offered by somebody. What the rows of guards must say is in `test_checks.py`."""

from __future__ import annotations

import pytest

from service.definitions.checks import check
from service.definitions.rulebook import load_rulebook
from tests.definitions.small_book import files, table


@pytest.mark.parametrize(
    ("cell", "says"),
    [
        ("upper case(case.status)", []),
        ("working days between(case.opened, today())", []),
        ("partition(case.list, f)", []),
        ("upper cse(case.status)", ["There is no function “upper cse”."]),
        ('deadlne("CC-T1", today())', ["There is no function “deadlne”."]),
    ],
)
def test_a_function_that_a_table_calls_and_nobody_offers_is_said(cell: str, says: list[str]) -> None:
    more = table("more", "case.status", ("first",), ("-", cell), policy="UNIQUE")
    found = check(load_rulebook({**files(), "more.dmn": more}), (), ["closing"], ["case-record.write"])
    assert [problem.message.rpartition(": ")[2] for problem in found] == says


def test_a_function_that_a_table_s_own_file_makes_is_offered() -> None:
    more = table("more", "case.status", ("first",), ("-", "grown(case.age)"), policy="UNIQUE").replace(
        b"</definitions>",
        b"""<businessKnowledgeModel id="g" name="grown"><encapsulatedLogic><formalParameter name="age"/>
        <literalExpression><text>age >= 18</text></literalExpression></encapsulatedLogic></businessKnowledgeModel>
        </definitions>""",
    )
    assert check(load_rulebook({**files(), "more.dmn": more}), (), ["closing"], ["case-record.write"]) == []
