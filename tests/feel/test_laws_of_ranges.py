"""How ranges lie to each other, against the points they hold: every range between 0 and 3, every point at a quarter."""

from __future__ import annotations

from decimal import Decimal
from itertools import product

import pytest

from service.feel import Range
from tests.feel.asking import value

QUARTERS = tuple(Decimal(n) / 4 for n in range(17))
BOUNDS = tuple(map(Decimal, range(4)))


def points(bounds):
    """The quarters that lie in a range."""
    return frozenset(
        point
        for point in QUARTERS
        if (bounds.start < point or (bounds.start_included and bounds.start == point))
        and (point < bounds.end or (bounds.end_included and bounds.end == point))
    )


RANGES = tuple(
    made
    for low, high, start_included, end_included in product(BOUNDS, BOUNDS, (True, False), (True, False))
    if points(made := Range(low, high, start_included, end_included))
)
RELATIONS = {
    "before": lambda a, b: max(a) < min(b),
    "after": lambda a, b: min(a) > max(b),
    "meets": lambda a, b: max(a) == min(b),
    "met by": lambda a, b: min(a) == max(b),
    "overlaps": lambda a, b: bool(a & b),
    "overlaps before": lambda a, b: bool(a & b) and min(a) < min(b) and max(a) <= max(b),
    "overlaps after": lambda a, b: bool(a & b) and min(a) > min(b) and max(a) >= max(b),
    "finishes": lambda a, b: max(a) == max(b) and min(a) >= min(b),
    "finished by": lambda a, b: max(a) == max(b) and min(a) <= min(b),
    "includes": lambda a, b: a >= b,
    "during": lambda a, b: a <= b,
    "starts": lambda a, b: min(a) == min(b) and max(a) <= max(b),
    "started by": lambda a, b: min(a) == min(b) and max(a) >= max(b),
    "coincides": lambda a, b: a == b,
}
WITH_POINTS = {
    "before": "before", "after": "after", "finishes": "finished by", "starts": "started by", "during": "includes",
}  # fmt: skip


@pytest.mark.parametrize("name", RELATIONS)
def test_two_ranges_lie_to_each_other_as_their_points_do(name):
    table = value(f"for a in r, b in r return {name}(a, b)", r=list(RANGES))
    wanted = [RELATIONS[name](points(a), points(b)) for a, b in product(RANGES, RANGES)]

    wrong = [
        pair for pair, found, right in zip(product(RANGES, RANGES), table, wanted, strict=True) if found is not right
    ]
    assert wrong == []


@pytest.mark.parametrize("name", WITH_POINTS)
def test_a_point_lies_to_a_range_as_it_does_to_the_points_in_it(name):
    for point, bounds in product(BOUNDS, RANGES):
        assert value(f"{name}(p, r)", p=point, r=bounds) is RELATIONS[name](frozenset([point]), points(bounds)), bounds
        if name != "before" and name != "after":
            turned = RELATIONS[WITH_POINTS[name]](points(bounds), frozenset([point]))
            assert value(f"{WITH_POINTS[name]}(r, p)", p=point, r=bounds) is turned, bounds


@pytest.mark.parametrize(
    ("name", "converse"),
    [
        ("before", "after"),
        ("meets", "met by"),
        ("overlaps", "overlaps"),
        ("overlaps before", "overlaps after"),
        ("finishes", "finished by"),
        ("includes", "during"),
        ("starts", "started by"),
        ("coincides", "coincides"),
    ],
)
def test_every_relation_can_be_said_from_the_other_side(name, converse):
    said = value(f"for a in r, b in r return {name}(a, b)", r=list(RANGES))

    assert said == value(f"for a in r, b in r return {converse}(b, a)", r=list(RANGES))
    assert {True, False} <= set(said)


def test_what_a_range_holds_is_what_in_and_includes_say():
    for point, bounds in product(QUARTERS, RANGES):
        inside = point in points(bounds)
        assert value("p in r", p=point, r=bounds) is inside
        assert value("includes(r, p)", p=point, r=bounds) is inside


def test_a_range_that_is_written_is_read_again():
    for bounds in RANGES:
        assert value("range(string(r)) = r", r=bounds) is True
