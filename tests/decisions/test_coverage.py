"""Gaps and what cannot be analysed, in tables small enough to read. Random ones are in `test_coverage_laws.py`."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from service.decisions import load
from service.decisions.coverage import analyse, analyse_library, sentences
from service.domain.errors import ModelError
from service.feel import YearsMonthsDuration
from tests.decisions.tables import boxed, dmn, function, literal, look, table

AGE_AND_STATUS = ("age: integer in >= 0", 'legal status in "CIN", "CP"')
AGES = ('< 15 | - => "a"', '> 15 | - => "b"', '15 | "CP" => "c"')


def gaps(rules, *inputs, **options):
    """The tests of each gap, column by column."""
    return [tuple(gap.region.tests.values()) for gap in look(rules, inputs or ("n: number",), **options).gaps]


def examples(findings):
    """The example of each finding, column by column."""
    return [tuple(finding.region.example.values()) for finding in findings]


class TestAGap:
    def test_is_told_with_a_concrete_example(self):
        (gap,) = look(AGES, AGE_AND_STATUS).gaps

        assert gap.words == 'age 15, legal status "CIN": no rule matches.'
        assert gap.region.example == {"age": Decimal(15), "legal status": "CIN"}
        assert gap.region.tests == {"age": "15", "legal status": '"CIN"'}

    def test_leaves_out_what_does_not_matter(self):
        (gap,) = look(['"a" | - => 1'], ('s in "a", "b"', "n: number")).gaps

        assert gap.words == 's "b", whatever the other inputs: no rule matches.'

    def test_lies_between_numbers_and_not_between_whole_numbers(self):
        rules = ["<= 15 => 1", ">= 16 => 2"]

        assert gaps(rules, "n: number") == [("(15..16)",)]
        assert gaps(rules, "n: integer") == []

    def test_has_an_example_that_a_person_would_choose(self):
        assert examples(look(["<= 15 => 1", ">= 16 => 2"]).gaps) == [(Decimal("15.5"),)]

    @pytest.mark.parametrize(
        ("rules", "open_"),
        [
            (["< 15 => 1", "> 15 => 2"], "15"),
            (["<= 15 => 1", "> 16 => 2"], "(15..16]"),
            (["< 15 => 1", ">= 16 => 2"], "[15..16)"),
            (["[0..10] => 1", "> 10 => 2"], "< 0"),
            (["]0..10[ => 1", "<= 0 => 2"], ">= 10"),
            (["not(3) => 1"], "3"),
            (["not([1..2), > 5) => 1"], "[1..2), > 5"),
            (["-1, -2 => 1", "not(-1, -2, -3) => 2"], "-3"),
            (["? > 3 and ? <= 2 * 3 => 1", "<= 3 => 2"], "> 6"),
            (["not(? > 5) and ? > 0 => 1", "<= 0 => 2"], "> 5"),
            (["if ? > 5 then false else true => 1"], "> 5"),
            (["? < 2 or 7 < ? => 1"], "[2..7]"),
            (["? between 1 and 2 => 1", "? in (< 1, > 5) => 2"], "(2..5]"),
        ],
    )
    def test_is_found_at_every_kind_of_end(self, rules, open_):
        assert gaps(rules) == [(open_,)]

    @pytest.mark.parametrize(
        ("column", "rules", "open_", "example"),
        [
            ("d: date", ['< date("2026-01-01") => 1', '> @"2026-01-02" => 2'],
             '[@"2026-01-01"..@"2026-01-02"]', "1 January 2026"),
            ("d: time", ['< time("09:00:00") => 1', '>= @"17:00:00" => 2'],
             '[@"09:00:00"..@"16:59:59"]', "09:00"),
            ("d: dateTime", ['<= @"2026-01-01T10:00:00" => 1', '> @"2026-01-01T12:00:00" => 2'],
             '[@"2026-01-01T10:00:01"..@"2026-01-01T12:00:00"]', "1 January 2026 at 12:00"),
            ("d: dayTimeDuration", ['<= duration("P1D") => 1', '>= @"P3D" => 2'],
             '[@"P1DT0.000001S"..@"P2DT23H59M59.999999S"]', "2 days"),
            ("d: yearMonthDuration", ['< @"P1Y" => 1', '> @"P1Y" => 2'], '@"P1Y"', "1 year"),
            ("d: boolean", ["true => 1"], "false", "false"),
            ("d: string", ['"a" => 1', '"b" => 2'], 'not("a", "b")', "any text that the column does not name"),
            ('d: string in "a", "b\\n\\"c"', ['"a" => 1'], '"b\\n\\"c"', '"b\\n\\"c"'),
        ],
    )  # fmt: skip
    def test_is_found_in_every_kind_of_value(self, column, rules, open_, example):
        (gap,) = look(rules, (column,)).gaps

        assert gap.region.tests == {"d": open_}
        assert gap.words == f"d {example}: no rule matches."

    def test_is_bounded_by_the_values_of_the_column_its_type_and_the_fact_it_reads(self):
        types = (
            '<itemDefinition name="tAge"><typeRef>number</typeRef><allowedValues><text>[0..120]</text></allowedValues>'
            "</itemDefinition>"
        )
        fact = '<inputData id="age" name="age"><variable name="age" typeRef="tAge"/></inputData>'
        needs = '<informationRequirement><requiredInput href="#age"/></informationRequirement>'
        reading = table(["< 100 => 1"], inputs=("age",)).replace("<decisionTable", needs + "<decisionTable", 1)
        found = analyse(load({"a.dmn": dmn(reading, fact, types=types)}), "choose")

        assert gaps(["< 100 => 1"], "age: number in [0..120]") == [("[100..120]",)]
        assert gaps(["< 100 => 1"], "age: tAge", types=types) == [("[100..120]",)]
        assert [gap.region.tests for gap in found.gaps] == [{"age": "[100..120]"}]

    def test_is_no_fault_where_a_list_is_given_or_a_default(self):
        assert look(["1 => 1"], policy="COLLECT").gaps_sought is False
        assert look(["1 => 1"], outputs=("result else 0",)).gaps == ()
        with_all = analyse(load({"a.dmn": dmn(table(["1 => 1"], policy="COLLECT"))}), "choose", all_gaps=True)
        assert len(with_all.gaps) == 1

    def test_is_a_table_without_rules(self):
        assert [gap.words for gap in look([]).gaps] == ["Whatever the inputs: no rule matches."]

    def test_that_may_not_occur_says_so(self):
        (gap,) = look(["< 18 | false => 1", ">= 18 | true => 2", ">= 18 | false => 3"],
                      ("age: integer", "age >= 18: boolean")).gaps  # fmt: skip

        assert gap.words.endswith("It may not occur, as “age” and “age >= 18” read the same facts.")

    def test_is_not_what_two_columns_that_ask_the_same_say_together(self):
        assert gaps(["< 5 | - => 1", "- | >= 5 => 2"], "n: number", "n: number") == []

    def test_is_counted_only_as_far_as_it_is_listed(self):
        found = look(['"a" | "a" => 1'], tuple(f"c{n}: string" for n in range(2)))
        few = analyse(load({"a.dmn": dmn(table(["1, 3, 5, 7 => 1"]))}), "choose", most=1)
        fewer = analyse(load({"a.dmn": dmn(table(['"a" | "a" => 1'], inputs=("s", "t")))}), "choose", most=1)

        assert (len(found.gaps), found.more_gaps) == (2, False)
        assert (len(few.gaps), few.more_gaps) == (1, False)
        assert (len(fewer.gaps), fewer.more_gaps) == (1, True)


class TestNotAnswered:
    def test_is_told_by_itself(self):
        found = look(["< 16 => 1", ">= 16 => 2"])

        assert found.gaps == ()
        assert [finding.words for finding in found.unanswered] == ["When “n” is not answered, no rule matches."]

    def test_is_no_finding_where_a_rule_says_what_then(self):
        assert look(["< 16 => 1", ">= 16 => 2", "null => 3"]).unanswered == ()
        assert look(['"a" => 1', 'not("a") => 2'], ("s: string",)).unanswered == ()

    def test_is_told_with_the_other_inputs_where_they_matter(self):
        (finding,) = look(["null | true => 1", "not(null) | - => 2"], ("n: number", "b: boolean")).unanswered

        assert (finding.column, finding.always) == ("n", False)
        assert finding.words == "n not answered, b false: no rule matches."


class TestACellThatCannotBeAnalysed:
    @pytest.mark.parametrize(
        ("cell", "reason"),
        [
            ("> limit", "it depends on “limit”"),
            ("> today()", "it calls “today”"),
            ("even(?)", "it works something out from the value"),
            ("> 5 and < 7", "it cannot be read"),
            ("? instance of number", "it asks for a type"),
        ],
    )
    def test_is_listed_with_the_reason(self, cell, reason):
        (finding,) = look([f"{cell} => 1", "<= 3 => 2"]).unanalysed

        assert (finding.rule.number, finding.column, finding.test) == (1, "n", cell)
        assert finding.reason.startswith(reason)

    @pytest.mark.parametrize("cell", ['> "b"', '["b".."d"]', '"b" < ?'])
    def test_is_one_that_asks_which_text_comes_first(self, cell):
        found = look([f"{cell} => 1", '"a" => 2'], ("s: string",))

        assert [finding.reason for finding in found.unanalysed] == ["it asks which text comes first"]
        assert [gap.words for gap in found.gaps] == ['s "another text": no rule matches.']

    def test_makes_a_gap_conditional(self):
        (gap,) = look(["> limit => 1", "<= 3 => 2"]).gaps

        assert gap.words == "n 4: no rule matches, unless rule 1 does, which cannot be analysed."

    def test_does_not_make_a_gap_conditional_where_it_can_be_tried(self):
        (gap,) = look(["odd(?) => 1", "<= 3 => 2"], ("n: integer",)).gaps

        assert gap.words == "n 4: no rule matches."

    def test_is_tried_so_that_no_gap_is_told_whose_example_a_rule_matches(self):
        found = look(["even(?) => 1", "<= 3 => 2", "> 8 => 3"], ("n: integer",))

        assert found.gaps == ()
        assert [finding.test for finding in found.unanalysed] == ["even(?)"]

    def test_is_analysed_where_its_column_has_few_values(self):
        found = look(["even(?) => 1", "1 => 2"], ("n: number in 1, 2, 3",))

        assert found.unanalysed == ()
        assert [gap.region.tests for gap in found.gaps] == [{"n": "3"}]

    def test_makes_an_overlap_uncertain(self):
        (overlap,) = look(["> limit => 1", "3 => 2"]).overlaps

        assert not overlap.certain
        assert overlap.words == "n 3: rules 1 and 2 both match, if what cannot be analysed lets them."

    def test_does_not_hide_what_does_not_depend_on_it(self):
        found = look(["> limit | true => 1", "- | true => 2"], ("n: number", "b: boolean"))

        assert [gap.words for gap in found.gaps] == ["b false, whatever the other inputs: no rule matches."]

    def test_is_each_cell_of_a_column_whose_kind_nobody_knows(self):
        found = look(['1 => 1', '"a" => 2'], ("n",))  # fmt: skip

        assert {finding.reason for finding in found.unanalysed} == {
            "it is compared with values of different kinds (number, string)"
        }
        assert look(["null => 1", "not(null) => 2"], ("n",)).sound


class TestALibrary:
    def test_has_each_of_its_tables_looked_at(self):
        inner = table(["1 => 1"]).partition("<decisionTable")
        nested = "<context><contextEntry><decisionTable" + inner[2].rpartition("</decision>")[0]
        parts = (
            table(["1 => 1"]),
            boxed(nested + "</contextEntry></context>", decision_id="nested"),
            function("", "n", logic="<decisionTable" + inner[2].rpartition("</decision>")[0], name="known"),
        )
        found = list(analyse_library(load({"a.dmn": dmn(*parts)})))

        assert [owner.key[1] for owner, _ in found] == ["choose", "nested", "known"]
        assert [len(coverage.gaps) for _, coverage in found] == [1, 1, 1]

    def test_tells_one_sentence_for_each_finding(self):
        rules = ["< 5 => 1", "> 5 => 2", "7 => 3", "> limit => 4"]

        assert sentences(look(rules, policy="FIRST")) == [
            'a.dmn, decision "choose": n 5: no rule matches, unless rule 4 does, which cannot be analysed.',
            'a.dmn, decision "choose": Rule 3 never decides: rule 2 always comes first.',
            'a.dmn, decision "choose": n not answered: no rule matches, unless rule 4 does, which cannot be analysed.',
            'a.dmn, decision "choose": Rule 4, column “n”: the test > limit was left out of account, '
            "because it depends on “limit”.",
        ]

    def test_that_has_no_such_table_says_so(self):
        with pytest.raises(ModelError, match='0 decisions "other"'):
            analyse(load({"a.dmn": dmn(table(["1 => 1"]))}), "other")
        with pytest.raises(ModelError, match="not a decision table"):
            analyse(load({"a.dmn": dmn(literal("1"))}), "choose")


def test_a_table_too_intricate_for_the_effort_says_so():
    rows = [" | ".join("true" if n >> k & 1 else "false" for k in range(6)) + " => 1" for n in range(64)]
    library = load({"a.dmn": dmn(table(rows, inputs=[f"b{k}: boolean" for k in range(6)]))})
    found = analyse(library, "choose", effort=40)

    assert analyse(library, "choose").complete
    assert not found.complete
    assert not found.sound
    assert "too intricate" in found.unfinished[0]


def test_examples_are_values_of_feel():
    found = look(['< date("2026-01-01") | - | - => 1'], ("d: date", "m: yearMonthDuration", "s: string"))

    assert examples(found.gaps) == [(date(2026, 1, 1), YearsMonthsDuration(12), "another text")]


def test_a_sound_table_has_nothing_to_put_right():
    assert look(["< 5 => 1", ">= 5 => 2"]).sound


def test_very_many_long_lists_are_left_out_of_account():
    rows = [", ".join(f'"v{n}"' for n in range(start, start + 100)) + " => 1" for start in range(60)]
    found = look(rows, ("s: string",), policy="FIRST")

    assert {finding.reason for finding in found.unanalysed} == {"it is one of very many long lists"}
    assert not found.sound
