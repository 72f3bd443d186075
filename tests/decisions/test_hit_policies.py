"""The seven hit policies and what each forbids. Reading of files is in `test_reading.py`."""

from __future__ import annotations

from decimal import Decimal

import pytest

from service.domain.errors import ModelError
from tests.decisions.tables import decide, result, table

OVERLAPPING = ['>= 1 => "low"', '>= 5 => "high"']


class TestUnique:
    def test_gives_the_one_rule_that_matches(self):
        assert result(table(OVERLAPPING), n=3) == "low"

    def test_gives_null_when_none_does(self):
        assert result(table(OVERLAPPING), n=0) is None

    def test_refuses_two_and_names_them(self):
        with pytest.raises(ModelError, match=r'a\.dmn, decision "choose": rules 1 \(rule_1\) and 2 \(rule_2\)'):
            result(table(OVERLAPPING), n=7)

    def test_is_what_a_table_has_that_names_none(self):
        unnamed = table(OVERLAPPING).replace(' hitPolicy="UNIQUE"', "")
        with pytest.raises(ModelError, match="UNIQUE"):
            result(unnamed, n=7)

    def test_refuses_two_even_when_they_say_the_same(self):
        with pytest.raises(ModelError, match="UNIQUE"):
            result(table(['> 1 => "same"', '> 2 => "same"']), n=7)


class TestFirst:
    def test_gives_the_first_rule_that_matches(self):
        found = decide(table(OVERLAPPING, policy="FIRST"), n=7)

        assert found.result == "low"
        assert [rule.number for rule in found.matched] == [1]

    def test_passes_over_those_that_do_not(self):
        assert result(table(['< 5 => "low"', '- => "any"'], policy="FIRST"), n=7) == "any"


class TestAny:
    def test_gives_what_all_say(self):
        assert result(table(['> 1 => "same"', '> 2 => "same"'], policy="ANY"), n=7) == "same"

    def test_refuses_different_results_and_names_the_rules(self):
        rules = ['> 1 => "a"', '> 2 => "a"', '> 3 => "b"']
        with pytest.raises(ModelError, match=r"rules 1 \(rule_1\) and 3 \(rule_3\)"):
            result(table(rules, policy="ANY"), n=7)

    def test_never_takes_true_for_one(self):
        with pytest.raises(ModelError, match="different results"):
            result(table(["> 1 => true", "> 2 => 1"], policy="ANY"), n=7)


class TestPriority:
    def test_gives_the_best_of_the_output_values(self):
        ranked = table(OVERLAPPING, outputs=('result in "high", "low"',), policy="PRIORITY")

        assert result(ranked, n=7) == "high"

    def test_compares_the_columns_from_the_left(self):
        rules = ["- => 2 | 1", "- => 1 | 3", "- => 1 | 2"]
        ranked = table(rules, outputs=("a in 1, 2", "b in 1, 2, 3"), policy="PRIORITY")

        assert result(ranked, n=7) == {"a": 1, "b": 2}

    @pytest.mark.parametrize(("policy", "expected"), [("PRIORITY", "high"), ("OUTPUT ORDER", ["high", "low"])])
    def test_ranks_by_the_type_of_the_decision(self, policy, expected):
        several = "true" if policy == "OUTPUT ORDER" else "false"
        level = (
            f'<itemDefinition name="tLevel" isCollection="{several}"><typeRef>string</typeRef>'
            '<allowedValues><text>"high", "low"</text></allowedValues></itemDefinition>'
        )
        typed = table(OVERLAPPING, policy=policy).replace(
            "<decisionTable", '<variable name="choose" typeRef="tLevel"/><decisionTable', 1
        )

        assert result(level, typed, n=7) == expected

    def test_needs_output_values(self):
        with pytest.raises(ModelError, match="output values to rank by"):
            result(table(OVERLAPPING, policy="PRIORITY"), n=7)


class TestCollect:
    def test_gives_a_list(self):
        assert result(table(OVERLAPPING, policy="COLLECT"), n=7) == ["low", "high"]

    def test_gives_an_empty_list_when_nothing_matches(self):
        assert result(table(OVERLAPPING, policy="COLLECT"), n=0) == []

    def test_gives_contexts_for_several_columns(self):
        two = table(['- => "CC-R1" | "hard"'], outputs=("rule", "severity"), policy="COLLECT")

        assert result(two, n=1) == [{"rule": "CC-R1", "severity": "hard"}]

    @pytest.mark.parametrize(
        ("aggregation", "some", "none"), [("SUM", 30, None), ("MIN", 10, None), ("MAX", 20, None), ("COUNT", 2, 0)]
    )
    def test_aggregates(self, aggregation, some, none):
        summed = table(["> 0 => 10", "> 1 => 20"], policy="COLLECT", aggregation=aggregation)

        assert result(summed, n=7) == some
        assert result(summed, n=0) == none

    def test_keeps_the_digits_of_a_sum(self):
        summed = table(["- => 0.1", "- => 0.2"], policy="COLLECT", aggregation="SUM")

        assert result(summed, n=1) == Decimal("0.3")

    def test_refuses_to_add_up_texts(self):
        with pytest.raises(ModelError, match="SUM has no meaning"):
            result(table(OVERLAPPING, policy="COLLECT", aggregation="SUM"), n=7)


class TestOrders:
    def test_rule_order_is_that_of_the_rows(self):
        assert result(table(OVERLAPPING, policy="RULE ORDER"), n=7) == ["low", "high"]

    def test_output_order_is_that_of_the_output_values(self):
        ranked = table(OVERLAPPING, outputs=('result in "high", "low"',), policy="OUTPUT ORDER")

        assert result(ranked, n=7) == ["high", "low"]

    @pytest.mark.parametrize("policy", ["RULE ORDER", "OUTPUT ORDER"])
    def test_give_an_empty_list_when_nothing_matches(self, policy):
        assert result(table(OVERLAPPING, outputs=('result in "high", "low"',), policy=policy), n=0) == []


class TestDefaults:
    def test_stand_in_when_nothing_matches(self):
        assert result(table(OVERLAPPING, outputs=('result else "none of it"',)), n=0) == "none of it"

    def test_do_not_when_something_does(self):
        assert result(table(OVERLAPPING, outputs=('result else "none of it"',)), n=1) == "low"

    def test_leave_null_where_a_column_has_none(self):
        two = table(['> 5 => "a" | "b"'], outputs=('first else "x"', "second"))

        assert result(two, n=0) == {"first": "x", "second": None}

    @pytest.mark.parametrize(("aggregation", "expected"), [("COUNT", 7), ("SUM", 7), ("MIN", 7), ("MAX", 7)])
    def test_are_the_result_itself_where_results_are_aggregated(self, aggregation, expected):
        summed = table(["> 5 => 1"], outputs=("r else 7",), policy="COLLECT", aggregation=aggregation)

        assert result(summed, n=0) == expected

    def test_are_one_item_of_a_list(self):
        assert result(table(OVERLAPPING, outputs=('result else "x"',), policy="COLLECT"), n=0) == ["x"]
