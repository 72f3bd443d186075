"""Functions that relate points and ranges (Table 78 of the standard), and `range`."""

from __future__ import annotations

import pytest

from tests.feel.asking import reasons, text_of, value

TABLE_78 = {
    True: """
        before(1, 10); before(1, (1..10]); before(1, [5..10]); before([1..10), 10); before([1..10], 15)
        before([1..10], [15..20]); before([1..10), [10..20]); before([1..10], (10..20])
        after(10, 5); after(12, [1..10]); after(10, [1..10)); after([11..20], 10); after((11..20], 11)
        after([11..20], [1..10]); after([11..20], [1..11)); after((11..20], [1..11])
        meets([1..5], [5..10]); met by([5..10], [1..5])
        overlaps([1..5], [3..8]); overlaps([3..8], [1..5]); overlaps([1..8], [3..5]); overlaps([3..5], [1..8])
        overlaps([1..5], [5..8]); overlaps([5..8], [1..5])
        overlaps before([1..5], [3..8]); overlaps before([1..5], [5..8])
        overlaps before([1..5), (1..5]); overlaps before([1..5], (1..5])
        overlaps after([3..8], [1..5]); overlaps after([5..8], [1..5])
        overlaps after((1..5], [1..5)); overlaps after((1..5], [1..5])
        finishes(10, [1..10]); finishes([5..10], [1..10]); finishes([5..10), [1..10)); finishes([1..10], [1..10])
        finishes((1..10], [1..10])
        finished by([1..10], 10); finished by([1..10], [5..10]); finished by([1..10), [5..10))
        finished by([1..10], [1..10]); finished by([1..10], (1..10])
        includes([1..10], 5); includes([1..10], 1); includes([1..10], 10); includes([1..10], [4..6])
        includes([1..10], [1..5]); includes((1..10], (1..5]); includes([1..10], (1..10)); includes([1..10), [5..10))
        includes([1..10], [1..10)); includes([1..10], (1..10]); includes([1..10], [1..10])
        during(5, [1..10]); during(1, [1..10]); during(10, [1..10]); during([4..6], [1..10]); during([1..5], [1..10])
        during((1..5], (1..10]); during((1..10), [1..10]); during([5..10), [1..10)); during([1..10), [1..10])
        during((1..10], [1..10]); during([1..10], [1..10])
        starts(1, [1..10]); starts([1..5], [1..10]); starts((1..5], (1..10]); starts([1..10], [1..10])
        starts([1..10), [1..10]); starts((1..10), (1..10))
        started by([1..10], 1); started by([1..10], [1..5]); started by((1..10], (1..5]); started by([1..10], [1..10])
        started by([1..10], [1..10)); started by((1..10), (1..10))
        coincides(5, 5); coincides([1..5], [1..5])
    """,
    False: """
        before(10, 1); before(1, [1..10]); before([1..10], 10); before([1..10], [10..20])
        after(5, 10); after(10, [1..10]); after([11..20], 12); after([11..20], 11); after([1..10], [11..20])
        meets([1..5), [5..10]); meets([1..5], (5..10]); meets([1..5], [6..10])
        met by([5..10], [1..5)); met by((5..10], [1..5]); met by([6..10], [1..5])
        overlaps([1..5], [6..8]); overlaps([6..8], [1..5]); overlaps([1..5], (5..8]); overlaps([1..5), [5..8])
        overlaps([1..5), (5..8]); overlaps((5..8], [1..5]); overlaps([5..8], [1..5)); overlaps((5..8], [1..5))
        overlaps before([1..5], [6..8]); overlaps before([1..5], (5..8]); overlaps before([1..5), [5..8])
        overlaps before([1..5), [1..5]); overlaps before([1..5], [1..5])
        overlaps after([6..8], [1..5]); overlaps after((5..8], [1..5]); overlaps after([5..8], [1..5))
        overlaps after([1..5], [1..5)); overlaps after([1..5], [1..5])
        finishes(10, [1..10)); finishes([5..10), [1..10])
        finished by([1..10), 10); finished by([1..10], [5..10))
        includes([1..10], 12); includes((1..10], 1); includes([1..10), 10)
        during(12, [1..10]); during(1, (1..10]); during(10, [1..10))
        starts(1, (1..10]); starts(2, [1..10]); starts((1..5], [1..10]); starts([1..5], (1..10])
        started by((1..10], 1); started by([1..10], 2); started by([1..10], (1..5]); started by((1..10], [1..5])
        coincides(3, 4); coincides((1..5), [1..5]); coincides([1..5], [2..6])
    """,
}
EXAMPLES = [
    (call.strip(), answer)
    for answer, calls in TABLE_78.items()
    for line in calls.splitlines()
    for call in line.split(";")
    if call.strip()
]
OF_OTHER_KINDS = [
    ('before("a", "b")', True),
    ('before(@"2027-01-04", [@"2027-01-05"..@"2027-01-06"])', True),
    ('during(@"12:00:00", [@"10:00:00"..@"13:00:00"])', True),
    ('meets([@"P1D"..@"P2D"], [@"P2D"..@"P3D"])', True),
    ('overlaps([@"P1Y"..@"P2Y"], [@"P13M"..@"P3Y"])', True),
    ('after(@"2027-01-04T10:00:00Z", @"2027-01-04T10:00:00+01:00")', True),
]
WITHOUT_AN_END = [
    ("before((< 5), 7)", True),
    ("before(3, (> 5))", True),
    ("after(3, (< 3))", True),
    ("overlaps((< 5), (> 3))", True),
    ("overlaps((< 5), (>= 5))", False),
    ("includes((>= 1), 5)", True),
    ("includes((>= 1), [1..5])", True),
    ("includes([1..5], (>= 1))", False),
    ("during((< 5), (< 10))", True),
    ("finishes((> 5), (> 1))", True),
    ("finishes(1, (< 5))", False),
    ("starts([1..2], (>= 1))", True),
    ("meets((< 5), (> 5))", False),
    ("coincides((= 5), [5..5])", True),
]
NULL = [
    ("before(1, null)", "before: argument 2 must be"),
    ('before(1, "a")', "have no order"),
    ('before(1, ["a".."b"])', "have no order"),
    ('meets([1..2], ["a".."b"])', "have no order"),
    ('includes([1..2], "a")', "cannot be compared with the range"),
    ('finishes("a", [1..2])', "have no order"),
    ("before(true, false)", "not the boolean true"),
    ("before(1, (!= 5))", "everything but one point"),
    ("meets((!= 5), [5..6])", "everything but one point"),
    ("finishes(5, (!= 5))", "everything but one point"),
    ("starts(5, (!= 5))", "everything but one point"),
    ("coincides((!= 5), [5..5])", "everything but one point"),
    ('range("[3..1]")', "goes upwards"),
    ('range("[1..\\"a\\"]")', "goes upwards"),
    ('range("[a..b]")', "must be literals"),
    ('range("[1..")', "is not a range"),
    ('range("(< 1)")', "is not a range"),
    ('range("1")', "is not a range"),
    ('range("(= 1)")', "is not a range"),
]


@pytest.mark.parametrize(("call", "answer"), [*EXAMPLES, *OF_OTHER_KINDS, *WITHOUT_AN_END])
def test_answers(call, answer):
    assert value(call) is answer


@pytest.mark.parametrize(("call", "reason"), NULL)
def test_is_null_and_says_why(call, reason):
    assert value(call) is None
    assert reason in reasons(call)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("[1..3)", "[1..3)"),
        (" ] 1 .. 3 [ ", "(1..3)"),
        ("[-3..-1.5]", "[-3..-1.5]"),
        ('["a".."c"]', '["a".."c"]'),
        ('[@"2027-01-04"..date("2027-01-05")]', '[@"2027-01-04"..@"2027-01-05"]'),
        ('[duration("P1D")..@"P2D"]', '[@"P1D"..@"P2D"]'),
    ],
)
def test_a_range_is_read_from_its_text(text, expected):
    assert text_of("range(text)", text=text) == expected
