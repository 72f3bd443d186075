"""Reading of DMN files: versions, safety, and that nothing is ignored silently. Evaluation is elsewhere."""

from __future__ import annotations

import pytest

from service.decisions import load
from service.decisions.xml import NAMESPACES
from service.domain.errors import ModelError
from tests.decisions.tables import DMN_13, boxed, decide, dmn, feel, function, literal, problems, table

BOMB = b'<!DOCTYPE b [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]><definitions>&b;</definitions>'


class TestFiles:
    @pytest.mark.parametrize("namespace", NAMESPACES)
    def test_of_every_version_are_read(self, namespace):
        library = load({"a.dmn": dmn(literal("1"), namespace=namespace)})

        assert library.decide("choose", {}).result == 1

    @pytest.mark.parametrize(
        ("content", "complaint"),
        [
            (b"", "is not XML"),
            (b"<definitions", "is not XML"),
            (b"<definitions/>", "is not a DMN file"),
            (b'<definitions xmlns="http://example.org/other"/>', "is not a DMN file"),
            (BOMB, "document type"),
            (b'<!DOCTYPE d SYSTEM "http://localhost:9/d.dtd"><definitions/>', "document type"),
            (b'<?xml version="1.0" encoding="utf-16"?><d/>', "is not XML"),
            (b" " * 10_000_001, "larger than"),
        ],
    )
    def test_that_are_no_dmn_or_unsafe_are_refused_by_name(self, content, complaint):
        with pytest.raises(ModelError, match=rf"processes/a\.dmn .*{complaint}") as refused:
            load({"processes/a.dmn": content})

        assert refused.value.file == "processes/a.dmn"

    def test_never_read_another_file(self, tmp_path):
        secret = tmp_path / "secret"
        secret.write_text("secret")
        content = f'<!DOCTYPE d [<!ENTITY s SYSTEM "{secret.as_uri()}">]><definitions>&s;</definitions>'
        with pytest.raises(ModelError, match="document type"):
            load({"a.dmn": content.encode()})

    def test_may_hold_several_decisions(self):
        library = load({"a.dmn": dmn(literal("1", decision_id="one"), literal("2", decision_id="two"))})

        assert [library.decide(name, {}).result for name in library.decisions] == [1, 2]

    def test_may_not_use_an_id_twice(self):
        with pytest.raises(ModelError, match=r'b\.dmn, decision "choose": the id "choose" is also that of a\.dmn'):
            load({"a.dmn": dmn(literal("1")), "b.dmn": dmn(literal("2"))})

    def test_of_other_namespaces_may_use_the_same_id_until_it_is_asked_for(self):
        other = dmn(literal("2")).replace(b"example.org/d", b"example.org/other")
        with pytest.raises(ModelError, match=r"in a\.dmn and b\.dmn"):
            load({"a.dmn": dmn(literal("1")), "b.dmn": other}).decide("choose", {})

    def test_may_leave_out_ids(self):
        assert decide(literal("1").replace('id="choose" ', "")).result == 1

    def test_skip_what_is_only_drawn(self):
        drawn = '<textAnnotation id="t"><text>Note</text></textAnnotation><knowledgeSource id="k" name="Law"/>'

        assert problems(literal("1"), drawn) == []


class TestDecisions:
    def test_are_listed_with_their_columns(self):
        library = load({"a.dmn": dmn(table(["- | - => 1"], inputs=("n: number", "m"), outputs=("out: string",)))})
        info = library.decisions["choose"]

        assert (info.id, info.name, info.file, info.hit_policy) == ("choose", "choose", "a.dmn", "UNIQUE")
        assert [(column.label, column.type) for column in info.inputs] == [("n", "number"), ("m", "")]
        assert [(column.name, column.type) for column in info.outputs] == [("out", "string")]

    def test_that_are_unknown_are_refused(self):
        with pytest.raises(ModelError, match='no decision "chosse"'):
            decide(literal("1"), decision="chosse")


class TestWhatIsNotExecuted:
    @pytest.mark.parametrize(
        ("xml", "complaint"),
        [
            ("", "the decision has no expressions"),
            (feel("1") + feel("2"), "the decision has 2 expressions"),
            ("<surprise/>", "<surprise>"),
            ('<functionDefinition kind="Java"/>', "written in Java"),
            ('<literalExpression expressionLanguage="javascript"><text>1</text></literalExpression>', '"javascript"'),
            ("<conditional><if/></conditional>", "if"),
            ("<invocation/>", "names no function"),
            ('<relation><column name="a"/><row/></relation>', "Row 1 has 0 cells for 1 columns"),
            ("<literalExpression><text>1 +</text></literalExpression>", "1 +"),
            ("<literalExpression/>", "is empty"),
            ("<literalExpression><text>1</text><importedValues/></literalExpression>", "<importedValues>"),
            ("<decisionTable><output/><surprise/></decisionTable>", "<surprise>"),
            ('<functionDefinition><formalParameter name="n" typeRef="tLost"/></functionDefinition>', '"tLost"'),
            ('<decisionTable><output typeRef="tLost"/></decisionTable>', '"tLost"'),
        ],
    )
    def test_is_named_with_its_decision(self, xml, complaint):
        assert any(complaint in message and "choose" in message for message in problems(boxed(xml)))

    def test_is_named_with_its_element_id(self):
        [problem] = load({"a.dmn": dmn('<surprise id="s1"/>', literal("1"))}).problems

        assert (problem.file, problem.element_id) == ("a.dmn", "s1")

    def test_is_refused_when_asked(self):
        with pytest.raises(ModelError, match="no expressions"):
            decide(boxed(""))

    def test_includes_requirements_on_nothing(self):
        assert 'requires "lost"' in problems(literal("1", requires=("lost",)))[0]

    @pytest.mark.parametrize(
        ("type_ref", "meant"),
        [("Number", "number"), ("decimal", "number"), ("Text", "string"), ("duration", "days and time duration")],
    )
    def test_includes_types_of_other_languages_and_says_what_is_meant(self, type_ref, meant):
        assert f'Perhaps "{meant}" is meant.' in problems(literal("1", type_ref=type_ref))[0]

    def test_includes_types_that_are_defined_nowhere(self):
        assert '"tLost"' in problems(literal("1", type_ref="tLost"))[0]

    def test_includes_the_input_variable_of_older_engines(self):
        older = table(["cellInput > 5 => 1"]).replace(
            '<input id="in1"',
            '<input id="in1" xmlns:camunda="http://camunda.org/schema/1.0/dmn" camunda:inputVariable="x"',
        )

        assert '"x"' in problems(older)[0]

    def test_includes_functions_without_logic(self):
        assert "without logic" in problems('<businessKnowledgeModel id="f" name="f"/>', literal("1"))[0]

    @pytest.mark.parametrize("attribute", ['hitPolicy="SOMETIMES"', 'hitPolicy="COLLECT" aggregation="AVG"'])
    def test_includes_hit_policies_that_do_not_exist_which_refuse_the_file(self, attribute):
        with pytest.raises(ModelError, match=r'a\.dmn, decision "choose": there is no'):
            decide(table(["- => 1"]).replace('hitPolicy="UNIQUE"', attribute), n=1)

    @pytest.mark.parametrize(
        ("options", "complaint"),
        [
            ({"policy": "PRIORITY"}, "output values to rank by"),
            ({"aggregation": "SUM"}, "belongs to COLLECT"),
            ({"policy": "COLLECT", "aggregation": "SUM", "outputs": ("a", "b")}, "no meaning over 2 output columns"),
            ({"outputs": ()}, "no output column"),
            ({"outputs": ("a", "")}, "needs a name"),
            ({"inputs": ("",)}, "has no expression"),
        ],
    )
    def test_includes_tables_that_cannot_work(self, options, complaint):
        results = " | ".join("1" for _ in options.get("outputs", ("a",)))
        rule = f"- => {results}" if results else "-"

        assert any(complaint in message for message in problems(table([rule], **options)))


def test_names_that_only_their_declaration_makes_readable_are_no_problem():
    assert problems(literal("1", decision_id="level 2.1"), literal("level 2.1 + 1", requires=("level 2.1",))) == []


class TestNamespaces:
    def test_of_other_tools_are_left_alone(self):
        other = '<x:colour xmlns:x="http://example.org/x"/>'

        assert problems(boxed(other + feel("1")), other) == []

    def test_with_a_prefix_mean_the_same(self):
        plain = dmn(literal("1")).decode()
        prefixed = plain.replace("<", "<d:").replace("<d:/", "</d:").replace(f'xmlns="{DMN_13}"', f'xmlns:d="{DMN_13}"')

        assert load({"a.dmn": prefixed.encode()}).decide("choose", {}).result == 1


def test_a_function_with_its_own_id_is_no_decision():
    assert list(load({"a.dmn": dmn(function("n", "n"), literal("1"))}).decisions) == ["choose"]


def test_the_description_of_a_decision_is_kept():
    described = literal("1").replace(
        "<literalExpression>", "<description> Why it is so. </description><literalExpression>"
    )

    assert load({"a.dmn": dmn(described)}).decisions["choose"].description == "Why it is so."
