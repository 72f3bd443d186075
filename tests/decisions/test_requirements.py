"""What decisions require: other decisions, facts, functions, services, other files. Tables are elsewhere."""

from __future__ import annotations

from decimal import Decimal

import pytest

from service.decisions import load
from service.decisions.boxed import DEEPEST
from service.domain.errors import ModelError
from service.feel import HostFunction
from tests.decisions.tables import boxed, decide, dmn, feel, function, literal, result, table


class TestRequiredDecisions:
    def test_come_first_and_go_by_name(self):
        assert result(literal("base * 2", requires=("base",)), literal("n + 1", decision_id="base"), n=4) == 10

    def test_are_made_once_in_a_call(self):
        asked = []
        note = HostFunction("note", (), lambda: asked.append(1) or True)
        parts = (
            literal("left and right", requires=("left", "right")),
            literal("base", decision_id="left", requires=("base",)),
            literal("base", decision_id="right", requires=("base",)),
            literal("note()", decision_id="base"),
        )

        assert decide(*parts, functions={"note": note}).result is True
        assert len(asked) == 1

    def test_are_kept_with_the_rules_that_matched(self):
        found = decide(literal("base", requires=("base",)), table(["> 1 => 2"], decision_id="base"), n=5)

        assert [(d.decision_id, d.result, d.matched[0].number) for d in found.required] == [("base", 2, 1)]

    def test_win_over_a_variable_of_the_same_name(self):
        assert result(literal("base", requires=("base",)), literal("1", decision_id="base"), base=9) == 1

    def test_go_by_their_id_when_their_name_differs(self):
        renamed = literal("7", decision_id="base").replace('name="base"', 'name="The base of it all"')

        assert result(literal("base + The base of it all", requires=("base",)), renamed) == 14

    def test_may_not_go_round_in_circles(self):
        with pytest.raises(ModelError, match='"a" → "b" → "a"'):
            load(
                {"a.dmn": dmn(literal("b", decision_id="a", requires="b"), literal("a", decision_id="b", requires="a"))}
            )

    def test_may_not_be_nested_beyond_measure(self):
        chain = [literal(f"d{n}", decision_id=f"d{n + 1}", requires=(f"d{n}",)) for n in range(600)]
        with pytest.raises(ModelError, match="nest"):
            decide(literal("1", decision_id="d0"), *chain, decision="d600")

    def test_that_are_not_there_are_refused(self):
        with pytest.raises(ModelError, match='"lost"'):
            decide(literal("1", requires=("lost",)))


class TestFacts:
    def test_that_were_not_given_are_null(self):
        assert result(needing("Age of child", "Age of child = null"), fact("Age of child")) is True

    def test_are_of_their_type(self):
        with pytest.raises(ModelError, match="the number 5 is not of the type string"):
            result(needing("name", "name"), fact("name", "string"), name=5)

    def test_never_hide_a_function_of_the_caller(self):
        today = HostFunction("today", (), lambda: "today")

        assert decide(needing("today", "today()"), fact("today"), functions={"today": today}).result == "today"


class TestFunctions:
    def test_are_called_by_decisions_that_require_them(self):
        assert result(literal("double(n)", knows=("double",)), function("n * 2", "n"), n=4) == 8

    def test_see_only_what_they_are_given(self):
        assert result(literal("double(1)", knows=("double",)), function("n = null", "m"), n=4) is True

    def test_may_be_tables(self):
        logic = table(['> 5 => "many"', '<= 5 => "few"'])
        logic = logic[logic.index("<decisionTable") : logic.index("</decision>")]

        assert result(literal("double(7)", knows=("double",)), function("", "n", logic=logic)) == "many"

    def test_that_are_tables_without_parameters_take_what_their_columns_ask(self):
        logic = table(['> 5 | "a" => "many"', '- | - => "few"'], inputs=("n", "the kind"), policy="FIRST")
        logic = logic[logic.index("<decisionTable") : logic.index("</decision>")]
        call = 'double(n: 7, the kind: "a")'

        assert result(literal(call, knows=("double",)), function("", logic=logic)) == "many"
        assert result(literal('double(7, "b")', knows=("double",)), function("", logic=logic)) == "few"

    def test_may_call_themselves_as_far_as_it_makes_sense(self):
        factorial = function("if n <= 1 then 1 else n * double(n - 1)", "n")

        assert result(literal("double(5)", knows=("double",)), factorial) == 120

    def test_may_not_call_themselves_for_ever(self):
        with pytest.raises(ModelError, match=f"{DEEPEST} deep"):
            result(literal("double(1)", knows=("double",)), function("double(n)", "n"))

    def test_may_not_be_called_without_measure(self):
        many = literal("count(for i in 1..200, j in 1..200 return double(i))", knows=("double",))
        with pytest.raises(ModelError, match=r"10,000 times|steps"):
            result(many, function("n", "n"))

    def test_may_require_other_functions(self):
        needed = (
            '<knowledgeRequirement><requiredKnowledge href="#double"/></knowledgeRequirement></businessKnowledgeModel>'
        )
        outer = function("double(n) + 1", "n", name="outer").replace("</businessKnowledgeModel>", needed)

        assert result(literal("outer(4)", knows=("outer",)), outer, function("n * 2", "n")) == 9

    def test_are_null_for_an_argument_of_another_type_where_the_standard_is_wanted(self):
        typed = function("n = null", "n").replace(
            '<formalParameter name="n"', '<formalParameter name="n" typeRef="number"'
        )
        standard = load({"a.dmn": dmn(literal('double("x")', knows=("double",)), typed)}, refuse_wrong_types=False)

        assert standard.decide("choose", {}).result is None

    def test_take_null_for_an_argument_left_empty(self):
        call = f'<invocation>{feel("double")}<binding><parameter name="n"/></binding></invocation>'

        assert result(boxed(call, knows=("double",)), function("n = null", "n")) is True

    def test_say_where_they_are_wrong_themselves(self):
        with pytest.raises(ModelError, match=r'^a\.dmn, function "double"'):
            result(literal("double(1)", knows=("double",)), function("", "n", logic="<list/><list/>"))

    def test_that_are_none_are_refused(self):
        with pytest.raises(ModelError, match="required as a function"):
            result(literal("other(1)", knows=("other",)), literal("1", decision_id="other"))

    def test_take_named_arguments_from_an_invocation(self):
        call = f'<invocation>{feel("double")}<binding><parameter name="n"/>{feel("m + 1")}</binding></invocation>'

        assert result(boxed(call, knows=("double",)), function("n * 2", "n"), m=1) == 4


class TestServices:
    def test_are_functions_of_their_inputs(self):
        assert result(literal('greet("K-101")', knows=("greet",)), *GREETING) == "Hello K-101"

    def test_give_a_context_for_several_results(self):
        more = GREETING[0].replace("</decisionService>", '<outputDecision href="#other"/></decisionService>')
        other = literal("2", decision_id="other")

        assert result(literal('greet("x").other', knows=("greet",)), more, *GREETING[1:], other) == 2

    def test_see_only_their_inputs(self):
        assert result(literal('greet("K-101")', knows=("greet",)), *GREETING, title="Dr") == "Hello K-101"

    def test_take_their_input_data_first_and_then_their_input_decisions(self):
        assert result(literal('greet("a", "b")', knows=("greet",)), *WITH_BASE) == "ab"

    def test_may_be_asked_directly(self):
        assert decide(*WITH_BASE, decision="greet", name="a", base="b").result == "ab"

    def test_may_not_call_themselves_for_ever(self):
        endless = literal("greet(name)", decision_id="greeting", knows=("greet",))
        with pytest.raises(ModelError, match=f"{DEEPEST} deep"):
            decide(*GREETING[:2], endless, decision="greet")


class TestOtherFiles:
    def test_are_seen_under_the_name_of_the_import(self):
        base = dmn(literal('"hello"', decision_id="base")).replace(b"example.org/d", b"example.org/base")
        using = dmn(
            '<import name="other" namespace="http://example.org/base"/>',
            literal("other.base", requires=()).replace("<literal", REQUIRE_OTHER + "<literal"),
        )

        assert load({"a.dmn": using, "b.dmn": base}).decide("choose", {}).result == "hello"

    def test_may_get_their_facts_under_the_name_of_the_import(self):
        base = dmn('<inputData id="x" name="x"/>').replace(b"example.org/d", b"example.org/base")
        fact = '<informationRequirement><requiredInput href=" http://example.org/base#x"/></informationRequirement>'
        using = dmn(
            '<import name="other" namespace="http://example.org/base"/>',
            literal("other.x").replace("<literal", fact + "<literal"),
        )
        library = load({"a.dmn": using, "b.dmn": base})

        assert library.decide("choose", {"other": {"x": "its own"}, "x": "another"}).result == "its own"
        assert library.decide("choose", {"x": "its own"}).result == "its own"

    def test_have_facts_that_a_service_is_asked_with(self):
        types = '<itemDefinition name="tName"><typeRef>string</typeRef></itemDefinition>'
        base = dmn('<inputData id="x" name="x"><variable name="x" typeRef="tName"/></inputData>', types=types)
        fact = '<informationRequirement><requiredInput href="http://example.org/base#x"/></informationRequirement>'
        service = (
            '<decisionService id="say" name="say"><outputDecision href="#choose"/>'
            '<inputData href="http://example.org/base#x"/></decisionService>'
        )
        using = dmn(
            '<import name="other" namespace="http://example.org/base"/>',
            literal("other.x").replace("<literal", fact + "<literal"),
            service,
        )
        library = load({"a.dmn": using, "b.dmn": base.replace(b"example.org/d", b"example.org/base")})

        assert library.decide("say", {"other": {"x": "its own"}, "x": "another"}).result == "its own"
        assert library.decide("say", {"x": "its own"}).result == "its own"
        with pytest.raises(ModelError, match="not of the type string"):
            library.decide("say", {"x": Decimal(1)})

    def test_of_the_same_namespace_need_no_import(self):
        files = {"a.dmn": dmn(literal("base", requires=("base",))), "b.dmn": dmn(literal("1", decision_id="base"))}

        assert load(files).decide("choose", {}).result == 1


REQUIRE_OTHER = (
    '<informationRequirement><requiredDecision href="http://example.org/base#base"/></informationRequirement>'
)
NEEDS_NAME = '<informationRequirement><requiredInput href="#name"/></informationRequirement>'
GREETING_TEXT = 'if title = null then "Hello " + name else null'
GREETING = (
    '<decisionService id="greet" name="greet"><variable name="greet"/><outputDecision href="#greeting"/>'
    '<inputData href="#name"/></decisionService>',
    '<inputData id="name" name="name"/>',
    '<decision id="greeting" name="greeting"><informationRequirement><requiredInput href="#name"/>'
    f"</informationRequirement>{feel(GREETING_TEXT)}</decision>",
)
WITH_BASE = (
    GREETING[0].replace("<inputData", '<inputDecision href="#base"/><inputData'),
    GREETING[1],
    literal("name + base", decision_id="greeting", requires=("base",)).replace("<literal", f"{NEEDS_NAME}<literal"),
    literal('"never made"', decision_id="base"),
)


def fact(name, type_ref="Any"):
    return f'<inputData id="fact" name="{name}"><variable name="{name}" typeRef="{type_ref}"/></inputData>'


def needing(_name, text):
    required = '<informationRequirement><requiredInput href="#fact"/></informationRequirement>'
    return literal(text).replace("<literal", required + "<literal")
