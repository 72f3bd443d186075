"""Gaps and overlaps as problems of a rule book: what is declared, what is not, what is only noted."""

from __future__ import annotations

import pytest

from service.decisions import load
from service.definitions.checks import check
from service.definitions.table_coverage import coverage_problems, table_reports
from tests.definitions.small_book import small_book, table

ADULT = ((">= 18", '"adult"'),)
BOTH = (("< 18", '"child"'), (">= 18", '"adult"'))
TWICE = (("<= 18", '"child"'), (">= 18", '"adult"'))


def ages(*rules, policy="UNIQUE", says=""):
    return table("ages", "age", ("group",), *rules, policy=policy, says=says, type_="number")


def problems(*rules, **how):
    return [str(problem) for problem in coverage_problems(load({"ages.dmn": ages(*rules, **how)}))]


def notes(*rules, **how):
    [report] = table_reports(load({"ages.dmn": ages(*rules, **how)}))
    return list(report.notes())


def test_a_table_without_gaps_and_overlaps_is_in_order():
    assert problems(*BOTH) == []


def test_a_gap_is_a_problem_with_an_example_and_what_to_do():
    [gap] = problems(*ADULT)

    assert gap.startswith('ages.dmn, ages_t: decision "ages": age 17: no rule matches. Add a rule, a default output or')
    assert "“Gaps intended:”" in gap


def test_an_overlap_is_a_problem_naming_both_rules():
    [overlap] = problems(*TWICE)

    assert "age 18" in overlap
    assert "rules 1 and 2" in overlap
    assert "“Overlaps intended:”" in overlap


def test_a_rule_that_never_decides_is_a_problem_that_cannot_be_declared_away():
    hidden = (("-", '"anybody"'), (">= 18", '"adult"'))

    [unreachable] = problems(*hidden, policy="FIRST", says="Gaps intended: none. Overlaps intended: none.")[-1:]

    assert "rule 2" in unreachable.lower()


@pytest.mark.parametrize(("rules", "says"), [(ADULT, "Gaps intended: x."), (TWICE, "About. overlaps intended: x.")])
def test_what_is_declared_with_a_reason_is_noted_instead(rules, says):
    assert problems(*rules, says=says) == []
    assert [note for note in notes(*rules, says=says) if note.endswith("Intended: x.")]


def test_a_declaration_says_nothing_of_the_other_kind():
    assert len(problems(*TWICE, says="Gaps intended: x.")) == 2


def test_a_declaration_without_a_reason_is_a_problem():
    assert problems(*ADULT, says="Gaps intended:\nAges.") == [
        'ages.dmn, ages_t: decision "ages": Its description says “Gaps intended:” without a reason.'
    ]


def test_a_declaration_that_declares_nothing_would_hide_the_next_gap():
    assert problems(*BOTH, says="Gaps intended: x.") == [
        'ages.dmn, ages_t: decision "ages": Its description says “Gaps intended:”, but there are none.'
    ]


def test_a_gap_that_a_cell_nobody_can_follow_may_close_is_only_noted():
    unsure = (*ADULT, ("< limit", '"child"'))

    assert problems(*unsure) == []
    assert any("age 17" in note and "rule 2" in note for note in notes(*unsure))
    assert any("< limit" in note for note in notes(*unsure))


def test_a_guard_may_let_through_whatever_it_has_no_row_for():
    assert problems(*ADULT, policy="COLLECT") == []


def test_the_check_of_a_rule_book_lists_them():
    found = check(small_book(guards=ages(*ADULT)), (), (), ())

    assert [problem for problem in found if "age 17: no rule matches" in problem.message]


def test_a_table_inside_a_function_is_declared_with_the_function():
    inside = ages(*ADULT, says="Gaps intended: x.").replace(b"<decision id", b"<businessKnowledgeModel id")
    inside = inside.replace(b"<decisionTable", b"<encapsulatedLogic><decisionTable")
    inside = inside.replace(
        b"</decisionTable></decision>", b"</decisionTable></encapsulatedLogic></businessKnowledgeModel>"
    )

    [report] = table_reports(load({"ages.dmn": inside}))

    assert (list(report.problems()), report.intended) == ([], {"gaps": "x."})
