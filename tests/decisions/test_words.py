"""Slips in the cells of tables, told as problems before anybody asks. Those of FEEL itself are in `tests/feel`."""

from __future__ import annotations

import pytest

from tests.decisions.tables import boxed, feel, literal, problems, table


@pytest.mark.parametrize(
    ("rule", "slip"),
    [
        ("18-25 => 1", "a range is written [18..25]"),
        ('"a" or "b" => 1', "several values are separated by commas"),
        ("CIN => 1", 'a text stands in quotation marks: "CIN"'),
        ("- => author", "a fact that only the caller knows is drawn as input data"),
        ("= CIN => 1", 'a text stands in quotation marks: "CIN"'),
        ("not(CIN) => 1", 'a text stands in quotation marks: "CIN"'),
        ("- => approve", 'a text stands in quotation marks: "approve"'),
        ("- => 5-10", "a difference of two numbers, -5"),
        ("True => 1", "“true” is written in small letters"),
    ],
)
def test_a_slip_in_a_rule_is_told_with_its_place(rule, slip):
    [told] = problems(table(["- => 1", rule], policy="ANY"))

    assert told.startswith('decision "choose", rule 2, column "')
    assert slip in told


@pytest.mark.parametrize(
    "parts",
    [
        (table(["- => n"]),),
        (table(["limit => 1"]), literal("limit + 1", decision_id="other")),
        (table(["base => base"], requires=("base",)), literal("1", decision_id="base")),
        (table(["> limit => case.status"]),),
        (boxed(f"<context><contextEntry><variable name='limit'/>{feel('1')}</contextEntry></context>", decision_id="c"),
         table(["limit => 1"])),
    ],
)  # fmt: skip
def test_a_word_that_something_bears_is_no_slip(parts):
    assert problems(*parts) == []


def test_values_of_types_and_columns_without_quotation_marks_are_told():
    allowed = "<allowedValues><text>a</text></allowedValues>"
    types = f'<itemDefinition name="t"><typeRef>string</typeRef>{allowed}</itemDefinition>'

    assert ['"a"' in told for told in problems(literal("1"), types=types)] == [True]
    assert ['"b"' in told for told in problems(table(["- => 1"], inputs=("n in b",)))] == [True]
    assert ['"c"' in told for told in problems(table(["- => 1"], outputs=("r in c",)))] == [True]


def reading(text, *facts, also=""):
    """What is told of a decision for which these facts are drawn, and which has this expression."""
    drawn = "".join(
        f'<informationRequirement><requiredInput href="#{fact}"/></informationRequirement>' for fact in facts
    )
    data = "".join(f'<inputData id="{fact}" name="{fact}"/>' for fact in facts)
    return problems(literal(text).replace("<literalExpression>", f"{drawn}<literalExpression>"), data, also)


def test_a_misspelt_fact_is_told_with_what_is_drawn_instead():
    [told] = reading("agee + 1", "age")

    assert "“agee” is a name that nothing here bears, and “age” is drawn but never read. Is “age” meant?" in told


@pytest.mark.parametrize(
    ("text", "facts"),
    [
        ("plan1 + plan2", ["plan1"]),
        ("age + 1", ["age"]),
        ("settings.limit", ["age"]),
        ("for agee in [age] return agee", ["age"]),
        ("{agee: 1}.agee", ["age"]),
        ("1", ["age"]),
    ],
)
def test_a_name_that_only_the_caller_knows_is_none_that_is_misspelt(text, facts):
    assert reading(text, *facts) == []


def test_a_name_that_another_decision_bears_is_not_misspelt():
    assert reading("agee + 1", "age", also=literal("1", decision_id="agee")) == []


def test_a_column_that_asks_for_a_misspelt_fact_is_told():
    drawn = '<informationRequirement><requiredInput href="#age"/></informationRequirement><decisionTable'
    asked = table(["> 1 => 1"], inputs=("agee",)).replace("<decisionTable", drawn, 1)

    [told] = problems(asked, '<inputData id="age" name="age"/>')

    assert "Is “age” meant?" in told
