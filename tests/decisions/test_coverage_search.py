"""The search for what no box covers, against going through every point."""

from __future__ import annotations

from itertools import product

from hypothesis import given
from hypothesis import strategies as st

from service.decisions.coverage.search import Effort, Space, bits
from tests.feel.randomly import laws


@st.composite
def spaces(draw):
    """The sizes of some columns, and boxes that nearly cover the space they make."""
    sizes = draw(st.lists(st.integers(2, 4), min_size=2, max_size=5))
    side = [st.integers(1, (1 << size) - 1) | st.just((1 << size) - 1) for size in sizes]
    return sizes, draw(st.lists(st.tuples(*side), min_size=4, max_size=40))


def made(sizes, boxes):
    """A space of these boxes, numbered in order."""
    space = Space([[0] * size for size in sizes])
    for number, box in enumerate(boxes):
        space.add(box, number)
    return space


def holds(box, point):
    return all(classes >> index & 1 for classes, index in zip(box, point, strict=True))


@laws(200)
@given(spaces())
def test_everything_that_no_box_covers_is_found_and_nothing_else(drawn):
    sizes, boxes = drawn
    space, effort = made(sizes, boxes), Effort(10**6)
    region = tuple((1 << size) - 1 for size in sizes)
    every = (1 << len(boxes)) - 1
    points = list(product(*map(range, sizes)))
    open_ = {point for point in points if not any(holds(box, point) for box in boxes)}
    found, known = set(), every

    while (part := space.uncovered(region, known, effort)) is not None:
        grown = space.grown(part, region, every)
        assert all(inner & outer == inner for inner, outer in zip(part, grown, strict=True))
        inside = {point for point in points if holds(grown, point)}
        assert inside <= open_
        assert not {point for point in points if holds(part, point)} & found
        found |= inside
        space.add(grown, known.bit_length())
        known |= 1 << known.bit_length()
    assert found == open_


@laws(200)
@given(spaces())
def test_a_box_is_hidden_when_each_of_its_points_is(drawn):
    sizes, (last, *boxes) = drawn
    space, effort = made(sizes, boxes), Effort(10**6)

    left = [point for point in product(*map(range, sizes)) if holds(last, point)]
    for count, box in enumerate([None, *boxes]):
        left = [point for point in left if box is None or not holds(box, point)]
        assert (space.uncovered(last, (1 << count) - 1, effort) is None) is (not left)


def test_a_part_grows_over_whole_columns_before_it_grows_elsewhere():
    space = made([3, 3], [(0b100, 0b111), (0b010, 0b110)])

    assert space.grown((0b001, 0b001), (0b111, 0b111), 0b11) == (0b001, 0b111)


def test_the_places_of_bits_are_told_from_the_lowest():
    assert list(bits(0b101001)) == [0, 3, 5]
    assert list(bits(0)) == []
