"""Overlaps and rules that never decide, in tables small enough to read."""

from __future__ import annotations

from service.decisions.coverage import sentences
from tests.decisions.tables import look


class TestAnOverlap:
    def test_names_both_rules_and_an_example(self):
        (overlap,) = look(["<= 15 => 1", ">= 15 => 2"]).overlaps

        assert [rule.number for rule in overlap.rules] == [1, 2]
        assert [rule.id for rule in overlap.rules] == ["rule_1", "rule_2"]
        assert overlap.words == "n 15: rules 1 and 2 both match."

    def test_under_any_is_one_of_different_results(self):
        assert look(["<= 15 => 1 + 1", ">= 15 => 2"], policy="ANY").overlaps == ()
        (overlap,) = look(["<= 15 => 1", ">= 15 => 2"], policy="ANY").overlaps
        assert overlap.words == "n 15: rules 1 and 2 both match, with different results."

    def test_of_results_that_are_worked_out_is_not_certain(self):
        (overlap,) = look(["<= 15 => limit", ">= 15 => 2"], policy="ANY").overlaps

        assert not overlap.certain
        assert look(["<= 15 => limit", ">= 15 => limit"], policy="ANY").overlaps == ()

    def test_is_no_fault_under_the_other_hit_policies(self):
        for policy in ("FIRST", "COLLECT", "RULE ORDER"):
            assert look(["<= 15 => 1", ">= 15 => 2"], policy=policy).overlaps == ()

    def test_may_be_one_of_inputs_that_are_not_answered(self):
        (overlap,) = look(['null => 1', 'not("a") => 2'], ('s: string in "a"',)).overlaps  # fmt: skip

        assert overlap.words == "s not answered: rules 1 and 2 both match."

    def test_of_very_many_is_counted(self):
        found = look(["- => 1"] * 30)

        assert (len(found.overlaps), found.overlap_count) == (10, 435)
        assert sentences(found)[-1].endswith("425 more pairs of rules overlap.")


class TestAnUnreachableRule:
    def test_is_one_that_no_value_passes(self):
        (finding,) = look(["? > 5 and ? < 3 => 1", "- => 2"]).unreachable

        assert finding.words == "Rule 1 can never match: no value of “n” passes ? > 5 and ? < 3."

    def test_is_one_that_asks_for_a_value_that_is_not_allowed(self):
        assert [f.rule.number for f in look(['"x" => 1'], ('s in "a", "b"',)).unreachable] == [1]

    def test_is_one_that_earlier_rules_always_come_before(self):
        (finding,) = look(["< 5 => 1", ">= 5 => 2", "7 => 3", "- => 4"], policy="FIRST").unreachable

        assert finding.words == "Rule 3 never decides: rule 2 always comes first."

    def test_is_not_one_that_decides_what_is_not_answered(self):
        rules = ["< 5 => 1", ">= 5 => 2", "- => 3"]

        assert look(rules, policy="FIRST").unreachable == ()
        assert [f.rule.number for f in look([*rules, "- => 4"], policy="FIRST").unreachable] == [4]

    def test_is_one_whose_result_always_loses(self):
        rules = ['> 5 => "low"', '> 3 => "high"']

        found = look(rules, policy="PRIORITY", outputs=('result in "high", "low"',))
        assert [finding.words for finding in found.unreachable] == ["Rule 1 never decides: rule 2 always comes first."]
        assert look(rules, policy="PRIORITY", outputs=('result in "low", "high"',)).unreachable == ()

    def test_is_the_later_one_of_two_with_the_same_result(self):
        found = look(['> 3 => "low"', '> 3 => "low"'], policy="PRIORITY", outputs=('result in "high", "low"',))

        assert [finding.words for finding in found.unreachable] == ["Rule 2 never decides: rule 1 always comes first."]
