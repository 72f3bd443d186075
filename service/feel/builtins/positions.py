"""Positions and lengths as the standard counts them (Tables 74 and 75). What stands at a position is not here."""

from __future__ import annotations

from decimal import Decimal

from service.feel.absent import Absent
from service.feel.writing import write_number


def place_of(position: Decimal, size: int, what: str) -> int:
    """The Python index of a position that counts from 1 or, when negative, from the end.

    Raises Absent when it is no integer or the `what` of this size has no such position.
    """
    if position != position.to_integral_value():
        raise Absent(f"the position must be an integer, not {write_number(position)}")
    if not position or abs(position) > size:
        raise Absent(f"the {what} has {size} positions, and none is {position}")
    return int(position) - 1 if position > 0 else size + int(position)


def length_of(length: Decimal, most: int) -> int:
    """A length as an int; a fraction is dropped. Raises Absent when it is below 1 or more than there is."""
    if length < 1 or length >= most + 1:
        raise Absent(f"the length must lie between 1 and {most}, what is left from that position")
    return int(length)
