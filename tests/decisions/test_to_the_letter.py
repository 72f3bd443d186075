"""Where the standard says null: what `refuse_wrong_types=False` gives, and that the reason is kept. That the same is
refused otherwise is in the tests of each kind."""

from __future__ import annotations

import pytest

from service.decisions import load
from service.domain.errors import ModelError
from tests.decisions.tables import boxed, dmn, feel, function, literal, table

TYPES = """
<itemDefinition name="tAge"><typeRef>number</typeRef>
  <allowedValues><text>[0..120]</text></allowedValues></itemDefinition>
<itemDefinition name="tAges" isCollection="true"><typeRef>tAge</typeRef></itemDefinition>
<itemDefinition name="tPerson"><itemComponent name="age"><typeRef>tAge</typeRef></itemComponent></itemDefinition>
"""
NO_LOGIC = '<decision id="base" name="base"><variable name="base"/></decision>'
JAVA = '<contextEntry><variable name="f"/><functionDefinition kind="Java"/></contextEntry>'
CALL = f"<contextEntry>{feel('f()')}</contextEntry>"
ONE = f'<binding><parameter name="n"/>{feel("1")}</binding>'
TWICE = '<contextEntry><variable name="a"/>{}</contextEntry>'.format(feel("1"))

NULLS = {
    "a decision without logic": (NO_LOGIC.replace("base", "choose"), "has no expressions"),
    "a value of another type": (literal('"x"', type_ref="number"), "is not of the type number"),
    "a list in a list of one": (literal("[[1]]", type_ref="number"), "is not of the type number"),
    "a value that is not allowed": (literal("150", type_ref="tAge"), 'the type "tAge" allows'),
    "a part that is not allowed": (literal("{age: 150}", type_ref="tPerson"), '"tAge" allows'),
    "two rules under UNIQUE": (table(["- => 1", "- => 2"]), "hit policy UNIQUE"),
    "different results under ANY": (table(["- => 1", "- => 2"], policy="ANY"), "hit policy ANY"),
    "PRIORITY without ranking": (table(["- => 1"], policy="PRIORITY"), "output values to rank by"),
    "a sum of texts": (table(['- => "a"'], policy="COLLECT", aggregation="SUM"), "SUM has no meaning"),
    "an input outside its values": (table(["- => 1"], inputs=('n in "a"',)), "is not one of the input values"),
    "a result outside its values": (table(['- => "z"'], outputs=('r in "a"',)), "is not one of the output values"),
    "a typed list": (boxed(f'<list typeRef="tAges">{feel("500")}</list>'), '"tAge" allows'),
    "a typed invocation": (
        boxed(f'<invocation typeRef="string">{feel("abs")}{ONE}</invocation>'),
        "is not of the type string",
    ),
    "a Java function": (boxed(f"<context>{JAVA}{CALL}</context>"), "written in Java"),
    "an entry that stands twice": (boxed(f"<context>{TWICE}{TWICE}</context>"), '"a" stands twice'),
    "another language": (
        boxed('<literalExpression expressionLanguage="javascript"><text>1</text></literalExpression>'),
        '"javascript"; only FEEL',
    ),
}


@pytest.mark.parametrize(("part", "reason"), NULLS.values(), ids=NULLS)
def test_is_null_with_its_reason(part, reason):
    found = standard(part, n="b")

    assert found.result is None
    assert any(reason in told for told in found.null_reasons)


@pytest.mark.parametrize(("part", "reason"), NULLS.values(), ids=NULLS)
def test_is_refused_otherwise(part, reason):
    with pytest.raises(ModelError) as refused:
        load({"a.dmn": dmn(part, types=TYPES)}).decide("choose", {"n": "b"})

    assert reason in refused.value.message


def test_a_table_sees_null_where_a_decision_has_no_logic():
    asking = table(['null => "unknown"', '- => "known"'], inputs=("base",), policy="FIRST", requires=("base",))

    assert standard(asking, NO_LOGIC).result == "unknown"


def test_a_cell_of_a_relation_is_of_the_type_of_its_column():
    relation = (
        f'<relation><column name="a" typeRef="number"/><row>{feel("true")}</row><row>{feel("[2]")}</row></relation>'
    )

    assert standard(boxed(relation)).result == [{"a": None}, {"a": 2}]


def test_a_fact_of_the_wrong_type_is_told_once():
    fact = '<inputData id="f" name="f"><variable name="f" typeRef="number"/></inputData>'
    asking = literal("f = null").replace(
        "<literal", '<informationRequirement><requiredInput href="#f"/></informationRequirement><literal'
    )

    found = standard(asking, fact, f="x")

    assert found.result is True
    assert len(found.null_reasons) == 1


def test_a_function_takes_null_for_an_argument_that_is_not_named():
    found = standard(literal("double(n: 4)", knows=("double",)), function("m = null", "n", "m"))

    assert found.result is True
    assert "“m” was not given" in found.null_reasons[0]


def standard(*parts, **context):
    return load({"a.dmn": dmn(*parts, types=TYPES)}, refuse_wrong_types=False).decide("choose", context)
