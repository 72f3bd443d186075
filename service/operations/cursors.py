"""Cursors of the queue: a place in one of its orders as a text that travels. Which tasks follow is in `store/`."""

from __future__ import annotations

from datetime import UTC, datetime

from service.domain.errors import Invalid
from service.store.searches import ORDERS, Place, Sort

BITS = {"rank": 32, "tie": 64}
"""How large a number fits each of the columns that hold one."""


def cursor_of(place: Place, sort: Sort) -> str:
    """The cursor behind which the next page begins. It stays good while tasks come and go, that very one included."""
    values = (value.isoformat() if isinstance(value, datetime) else str(value) for value in place.at(sort))
    return "~".join([sort, *values])


def place_of(cursor: str | None, sort: Sort) -> tuple[object, ...] | None:
    """The place that a cursor means. Raises Invalid when it is none of ours, or of another order."""
    if cursor is None:
        return None
    name, *values = cursor.split("~", len(ORDERS[sort]))
    if name != sort or len(values) != len(ORDERS[sort]):
        raise _no_cursor()
    try:
        return tuple(_value(column, value) for column, value in zip(ORDERS[sort], values, strict=True))
    except (ValueError, OverflowError):
        raise _no_cursor() from None


def _value(column: str, text: str) -> object:
    if column in BITS:
        number = int(text)
        if number.bit_length() >= BITS[column]:
            raise ValueError(text)
        return number
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError(text)
    return moment.astimezone(UTC)


def _no_cursor() -> Invalid:
    return Invalid({"after": ["This is not a cursor of this list, or of another order. Begin at the first page"]})
