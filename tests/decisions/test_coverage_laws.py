"""What is found in random tables is so, and what is not found is not there, as far as asking at the corners tells."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from service.decisions.coverage import analyse
from tests.decisions.coverage_tables import passes, samples, tables
from tests.feel.randomly import laws

SINGLE = ("UNIQUE", "ANY", "FIRST", "PRIORITY")
MOST = 60


def inside(region, values, null=None):
    """Whether the values lie in a region; `null` names a column whose test must be met by null."""
    return all(
        passes(test, values[column]) and (values[column] is not None or column == null or test == "-")
        for column, test in region.tests.items()
    )


@laws(40)
@given(st.data())
def test_the_example_of_a_gap_is_matched_by_no_rule_but_those_named(data):
    drawn = data.draw(tables(SINGLE))
    found = analyse(drawn.library, "choose", most=MOST)

    for gap in found.gaps + found.unanswered:
        example = dict(gap.region.example)
        assert drawn.allowed(example)
        assert set(drawn.matching(example)) <= {rule.number for rule in gap.unless}, (gap, drawn.rules)
        assert inside(gap.region, example, getattr(gap, "column", None))


@laws(40)
@given(st.data())
def test_what_no_rule_matches_lies_in_a_gap(data):
    drawn = data.draw(tables(SINGLE))
    found = analyse(drawn.library, "choose", most=MOST)

    for values in data.draw(samples(drawn)):
        if not drawn.matching(values) and found.complete and not found.more_gaps:
            in_gap = any(inside(gap.region, values) for gap in found.gaps)
            assert in_gap or found.unanalysed, (values, drawn.rules)


@laws(40)
@given(st.data())
def test_what_lies_in_a_certain_gap_is_matched_by_no_rule(data):
    drawn = data.draw(tables(SINGLE))
    found = analyse(drawn.library, "choose", most=MOST)

    for values in data.draw(samples(drawn)):
        for gap in found.gaps:
            if gap.region.others and inside(gap.region, values):
                assert not drawn.matching(values), (gap, values, drawn.rules)


@laws(40)
@given(st.data())
def test_what_no_rule_matches_without_an_answer_is_told_for_that_column(data):
    drawn = data.draw(tables(SINGLE))
    found = analyse(drawn.library, "choose", most=MOST)
    told = {finding.column for finding in found.unanswered}

    for answered in data.draw(samples(drawn)):
        column = data.draw(st.sampled_from(sorted(answered)))
        values = {**answered, column: None}
        if not drawn.matching(values) and found.complete and not found.more_gaps and not found.unanalysed:
            assert column in told or any(inside(gap.region, values) for gap in found.gaps), (values, drawn.rules)


@laws(40)
@given(st.data())
def test_always_unanswered_means_that_no_rule_ever_matches_then(data):
    drawn = data.draw(tables(SINGLE))
    always = [finding for finding in analyse(drawn.library, "choose", most=MOST).unanswered if finding.always]

    for values in data.draw(samples(drawn)):
        for finding in always:
            assert not drawn.matching({**values, finding.column: None}), (finding, values, drawn.rules)


@laws(40)
@given(st.data())
def test_the_example_of_a_certain_overlap_is_matched_by_both_rules(data):
    drawn = data.draw(tables(("UNIQUE", "ANY")))

    for overlap in analyse(drawn.library, "choose", most=MOST).overlaps:
        if overlap.certain:
            matching = drawn.matching(dict(overlap.region.example))
            assert {rule.number for rule in overlap.rules} <= set(matching), (overlap, drawn.rules)


@laws(40)
@given(st.data())
def test_rules_that_match_together_overlap(data):
    drawn = data.draw(tables(("UNIQUE", "ANY")))
    found = analyse(drawn.library, "choose", most=MOST)
    pairs = {tuple(rule.number for rule in overlap.rules) for overlap in found.overlaps}
    results = {number: rule.rpartition("=>")[2].strip() for number, rule in enumerate(drawn.rules, start=1)}

    for values in data.draw(samples(drawn)):
        null = data.draw(st.sampled_from([None, *sorted(values)]))
        values = values if null is None else {**values, null: None}
        matching = drawn.matching(values)
        for one in matching:
            for other in matching:
                conflict = drawn.policy == "UNIQUE" or results[one] != results[other]
                assert one >= other or not conflict or (one, other) in pairs, (values, drawn.rules)


@laws(40)
@given(st.data())
def test_a_rule_that_is_told_to_decide_nothing_decides_nothing(data):
    drawn = data.draw(tables(("FIRST", "PRIORITY", "UNIQUE")))
    idle = {finding.rule.number for finding in analyse(drawn.library, "choose").unreachable}
    ranks = {number: {"1": 0, "2": 1, "limit": 2}[rule.rpartition("=>")[2].strip()]
             for number, rule in enumerate(drawn.rules, start=1)}  # fmt: skip

    for values in data.draw(samples(drawn)):
        null = data.draw(st.sampled_from([None, *sorted(values)]))
        matching = drawn.matching(values if null is None else {**values, null: None})
        if drawn.policy == "UNIQUE":
            assert not idle & set(matching), (values, drawn.rules)
        elif matching:
            first = matching[0] if drawn.policy == "FIRST" else min(matching, key=lambda rule: ranks[rule])
            assert first not in idle, (values, drawn.rules)
