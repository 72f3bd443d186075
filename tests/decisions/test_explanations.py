"""What a decision says of how it came about: the inputs, and what became of each rule. Hit policies are elsewhere."""

from __future__ import annotations

from decimal import Decimal

import pytest

from service.decisions import load
from service.domain.errors import ModelError
from tests.decisions.tables import boxed, decide, dmn, feel, function, literal, table

TWO_COLUMNS = table(["> 0 | < 5 => 1", "> 0 | > 5 => 2", "< 0 | - => 3"], inputs=("n", "m"))


class TestRules:
    def test_that_did_not_match_name_the_first_cell_that_failed(self):
        first, second, third = decide(TWO_COLUMNS, n=1, m=3).rules

        assert first.matched
        assert (second.number, second.column, second.test, second.value) == (2, "m", "> 5", 3)
        assert (third.matched, third.column) == (False, "n")

    def test_are_told_in_sentences(self):
        assert [str(rule) for rule in decide(TWO_COLUMNS, n=1, m=3).rules] == [
            "rule 1 (rule_1): matched",
            "rule 2 (rule_2): “m” is 3, which does not pass “> 5”",
            "rule 3 (rule_3): “n” is 1, which does not pass “< 0”",
        ]

    @pytest.mark.parametrize(
        ("value", "words"), [("so", 'the text "so"'), (None, "null"), ([Decimal(1)], "[1]"), ("x" * 99, "a long text")]
    )
    def test_tell_values_of_any_kind(self, value, words):
        [rule] = decide(table(["< 0 => 1"]), n=value).rules

        assert str(rule) == f"rule 1 (rule_1): “n” is {words}, which does not pass “< 0”"

    def test_after_the_one_that_decides_a_first_table_are_not_asked(self):
        rules = decide(table(["> 5 => 1", "> 0 => 2", "> 1 => 3", "oops( => 4"], policy="FIRST"), n=2).rules

        assert [(rule.matched, rule.asked) for rule in rules] == [
            (False, True), (True, True), (False, False), (False, False),
        ]  # fmt: skip
        assert str(rules[-1]) == "rule 4 (rule_4): not asked, as an earlier rule decided"

    def test_of_the_same_cell_each_have_their_own_failure(self):
        rules = decide(
            table(["1 | 1 => 1", "1 | 2 => 2", "2 | 1 => 3", "1 | 1 => 4"], inputs=("n", "m")), n=1, m=2
        ).rules

        assert [(rule.matched, rule.column) for rule in rules] == [(False, "m"), (True, ""), (False, "n"), (False, "m")]

    def test_name_the_expression_where_labels_repeat(self):
        twice = table(["1 | 2 => 1"], inputs=("n", "m")).replace('label="m"', 'label="n"')

        assert decide(twice, n=1, m=1).rules[0].column == "n (m)"

    def test_can_be_counted_and_picked(self):
        rules = decide(TWO_COLUMNS, n=1, m=3).rules

        assert len(rules) == 3
        assert [rule.number for rule in rules[1:]] == [2, 3]
        with pytest.raises(IndexError):
            rules[3]

    def test_are_told_even_where_a_broken_hit_policy_is_null(self):
        standard = load({"a.dmn": dmn(table(["> 0 => 1", "> 0 => 2"]))}, refuse_wrong_types=False)
        decided = standard.decide("choose", {"n": Decimal(1)})

        assert decided.result is None
        assert [rule.matched for rule in decided.rules] == [True, True]

    def test_are_none_without_a_table(self):
        assert list(decide(literal("1")).rules) == []


class TestWhatIsRequired:
    def test_tells_its_rules_too(self):
        below = table(["< 5 => 1", ">= 5 => 2"], decision_id="below")
        decided = decide(below, table(["1 => true", "2 => false"], inputs=("below",), requires=("below",)), n=3)

        assert decided.result is True
        [required] = decided.required
        assert (required.decision_id, required.inputs) == ("below", {"n": 3})
        assert [str(rule) for rule in required.rules][1] == "rule 2 (rule_2): “n” is 3, which does not pass “>= 5”"


class TestADecisionService:
    LEVEL = table(["< 5 => 1", ">= 5 => 2"], decision_id="level")
    SERVICE = (
        '<inputData id="n" name="n"><variable name="n"/></inputData>'
        '<decisionService id="offer" name="offer"><outputDecision href="#level"/><inputData href="#n"/>'
        "</decisionService>"
    )

    def test_tells_what_it_was_given_and_the_rules_of_its_decisions(self):
        decided = decide(self.LEVEL, self.SERVICE, decision="offer", n=7)

        assert (decided.result, decided.inputs) == (2, {"n": 7})
        assert [(one.decision_id, [rule.matched for rule in one.rules]) for one in decided.required] == [
            ("level", [False, True])
        ]

    def test_tells_of_each_call(self):
        using = literal("[offer(1), offer(9)]", knows=("offer",))
        decided = decide(self.LEVEL, self.SERVICE, using)

        assert decided.result == [1, 2]
        assert [one.inputs for one in decided.required] == [{"n": 1}, {"n": 9}]

    def test_stops_telling_after_a_hundred_calls(self):
        using = literal("sum(for i in 1..150 return offer(i))", knows=("offer",))

        assert len(decide(self.LEVEL, self.SERVICE, using).required) == 100


class TestATableInsideAnExpression:
    def test_tells_its_rules(self):
        inner = table(["< 5 => 1", ">= 5 => 2"]).partition("<decisionTable")[2].partition("</decision>")[0]
        context = f'<context><contextEntry><variable name="level"/><decisionTable{inner}</contextEntry></context>'
        decided = decide(boxed(context), n=7)

        assert decided.result == {"level": 2}
        [inside] = decided.tables
        assert (inside.result, inside.inputs) == (2, {"n": 7})
        assert [rule.number for rule in inside.matched] == [2]
        assert str(inside.rules[0]) == "rule 1 (rule_1): “n” is 7, which does not pass “< 5”"
        assert inside.where.startswith("a.dmn")

    def test_tells_of_each_call_of_a_business_knowledge_model(self):
        inner = table(["< 5 => 1", ">= 5 => 2"]).partition("<decisionTable")[2].partition("</decision>")[0]
        model = function("", "n", name="level", logic=f"<decisionTable{inner}")
        decided = decide(model, literal("[level(1), level(9)]", knows=("level",)))

        assert [one.inputs for one in decided.tables] == [{"n": 1}, {"n": 9}]


class TestABrokenHitPolicy:
    @pytest.mark.parametrize("policy", ["UNIQUE", "ANY"])
    def test_names_the_rules_that_broke_it(self, policy):
        with pytest.raises(ModelError, match=r"rules 2 \(rule_2\) and 4 \(rule_4\)"):
            decide(table(["1 => 1", "2 => 2", "3 => 3", "> 1 => 4"], policy=policy), n=2)


def test_a_boxed_expression_says_what_it_required():
    assert decide(boxed(feel("base + 1"), requires=("base",)), literal("1", decision_id="base")).inputs == {"base": 1}
