"""Matching of rules, what is recorded of it, why a rule did not match. Hit policies are in `test_hit_policies.py`."""

from __future__ import annotations

import pytest

from service.decisions import load
from service.decisions.expressions import MOST_REASONS
from service.domain.errors import ModelError
from service.feel import HostFunction
from tests.decisions.tables import decide, dmn, literal, problems, result, table


class TestCells:
    def test_that_are_empty_or_a_dash_let_everything_pass(self):
        assert result(table(["- |  => 1"], inputs=("n", "m")), n=None) == 1

    def test_may_name_other_inputs_and_the_value_itself(self):
        rules = ['> limit => "over"', "? = limit => limit"]

        assert result(table(rules), n=5, limit=5) == 5

    def test_that_are_empty_results_are_null(self):
        assert result(table(["- => "]), n=1) is None

    def test_may_compute_their_result(self):
        assert result(table(['- => "child " + name']), n=1, name="K-101") == "child K-101"

    def test_may_call_the_functions_of_the_caller(self):
        double = HostFunction("double it", ("n",), lambda n: n * 2)

        assert decide(table(["- => double it(n)"]), n=4, functions={"double it": double}).result == 8

    def test_see_names_with_spaces(self):
        found = load({"a.dmn": dmn(table(["> 3 => true"], inputs=("weeks at home",)))})

        assert found.decide("choose", {"weeks at home": 4}).result is True

    def test_see_names_that_only_their_declaration_makes_readable(self):
        found = load({"a.dmn": dmn(table(["> Ill or absent => Ill or absent"]))})

        assert found.decide("choose", {"n": 2, "Ill or absent": 1}).result == 1

    def test_may_carry_comments(self):
        assert result(table(["> 1 => 1"]).replace("<text>", "<text><!-- more than one -->"), n=2) == 1


class TestAskedAgain:
    def test_a_table_computes_its_results_again(self):
        library = load({"a.dmn": dmn(table(["- => n + 1 | 1"], outputs=("next", "fixed")))})

        results = [library.decide("choose", {"n": n}).result for n in (1, 2)]

        assert [result["next"] for result in results] == [2, 3]
        assert [result["fixed"] for result in results] == [1, 1]

    def test_a_table_does_not_give_what_somebody_changed(self):
        library = load({"a.dmn": dmn(table(["- => 1 | 2"], outputs=("one", "two")))})

        library.decide("choose", {"n": 1}).result["one"] = "changed"

        assert library.decide("choose", {"n": 1}).result["one"] == 1

    def test_a_result_of_the_wrong_type_is_refused_every_time(self):
        library = load({"a.dmn": dmn(table(['- => "one"']).replace('name="result"', 'name="result" typeRef="number"'))})

        for _ in range(2):
            with pytest.raises(ModelError, match="is not of the type number"):
                library.decide("choose", {"n": 1})


class TestWhatIsRecorded:
    def test_the_rules_that_matched_with_their_annotations(self):
        found = decide(table(["> 0 => 1 # S1 §6a", "> 9 => 2 # never"], policy="COLLECT"), n=5)

        assert [(rule.rule_id, rule.number, rule.annotations) for rule in found.matched] == [("rule_1", 1, ("S1 §6a",))]

    def test_the_annotation_columns_too(self):
        annotated = table(["> 0 => 1"]).replace("</rule>", "<annotationEntry><text>why</text></annotationEntry></rule>")

        assert decide(annotated, n=5).matched[0].annotations == ("why",)

    def test_what_was_asked_and_what_it_was(self):
        assert decide(table(["> 0 => 1"], inputs=("n + 1",)), n=5).inputs == {"n + 1": 6}

    def test_columns_of_the_same_label_apart(self):
        twice = table(["1 | 2 => true"], inputs=("n", "m")).replace('label="m"', 'label="n"')

        assert decide(twice, n=1, m=2).inputs == {"n (n)": 1, "n (m)": 2}


class TestNulls:
    def test_say_why_and_where(self):
        [reason] = decide(table(['- => "x"'], inputs=("case.statsu",)), case={"status": "open"}).null_reasons

        assert reason.startswith('a.dmn, decision "choose", the expression of column "case.statsu": ')
        assert "statsu" in reason.partition(": ")[2]

    @pytest.mark.parametrize("test", ["> limitt", "> settings.limitt"])
    def test_tell_of_what_a_cell_names_that_nobody_knows(self, test):
        found = decide(table([f'{test} => "over"'], policy="COLLECT"), n=5, limit=3, settings={"limit": 3})

        assert found.result == []
        assert "rule 1" in found.null_reasons[0]
        assert "limitt" in found.null_reasons[0]

    def test_are_no_matter_for_a_cell_that_compares_a_missing_answer(self):
        assert decide(table(['> 3 => "over"']), n=None).null_reasons == ()

    def test_are_not_explained_without_end(self):
        many = table(["- => lost"] * 60, policy="COLLECT")

        assert len(decide(many, n=1).null_reasons) == MOST_REASONS


class TestBadCells:
    @pytest.mark.parametrize("rule", ["> => 1", '1 => "unclosed'])
    def test_are_problems_that_say_where(self, rule):
        [message] = problems(table(["- => 1", rule], policy="ANY"))

        assert message.startswith('decision "choose", rule 2, column "')

    def test_are_refused_when_asked(self):
        with pytest.raises(ModelError, match=r'a\.dmn, decision "choose", rule 2, column "n"') as refused:
            result(table(["> 5 => 1", "> => 2"]), n=1)

        assert refused.value.file == "a.dmn"

    def test_name_the_result_column(self):
        with pytest.raises(ModelError, match=r'rule 1, column "result"'):
            result(table(["- => 1 +"]), n=1)

    def test_are_named_when_a_function_of_the_caller_refuses(self):
        def refuse():
            raise ModelError("There is no such timescale.")

        with pytest.raises(ModelError, match=r'a\.dmn, decision "choose", rule 1, column "result": There is no such'):
            decide(table(["- => length()"]), n=1, functions={"length": HostFunction("length", (), refuse)})

    def test_in_too_small_a_number_refuse_the_file(self):
        with pytest.raises(ModelError, match="rule 1: 1 input cells stand under 2 columns"):
            result(table(["- => 1"], inputs=("n", "m")))


class TestAllowedValues:
    def test_of_an_input_refuse_anything_else(self):
        with pytest.raises(ModelError, match='the text "Low" is not one of the input values "low","high"'):
            result(table(["- => 1"], inputs=('risk in "low","high"',)), risk="Low")

    def test_of_an_input_leave_null_to_the_rules(self):
        assert result(table(['null => "unknown"'], inputs=('risk in "low","high"',)), risk=None) == "unknown"

    def test_of_an_input_are_asked_of_each_item_of_a_list(self):
        chosen = table(['list contains(?, "low") => 1'], inputs=('risks in "low","high"',))

        assert result(chosen, risks=["low", "high"]) == 1
        with pytest.raises(ModelError, match="input values"):
            result(chosen, risks=["low", "none"])

    def test_of_an_output_refuse_anything_else(self):
        with pytest.raises(ModelError, match=r'rule 1, column "level".* is not one of the output values'):
            result(table(['- => "clerk"'], outputs=('level in "manager"',)), n=1)


class TestTypesOfColumns:
    def test_refuse_an_answer_of_another_type(self):
        with pytest.raises(ModelError, match='the text "17" is not of the type number'):
            result(table(['< 18 => "child"'], inputs=("age: number",)), age="17")

    def test_refuse_a_result_of_another_type(self):
        with pytest.raises(ModelError, match="the number 1 is not of the type string"):
            result(table(["- => 1"], outputs=("result: string",)), n=1)

    def test_let_null_pass(self):
        assert result(table(["null => null"], inputs=("age: number",), outputs=("result: string",))) is None

    def test_give_null_where_the_standard_is_wanted_to_the_letter(self):
        standard = load({"a.dmn": dmn(literal('"x"', type_ref="number"))}, refuse_wrong_types=False)

        assert standard.decide("choose", {}).result is None
