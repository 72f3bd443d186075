"""JSON to FEEL values and back. Which names they get in a scope is the caller's concern."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from math import isfinite
from typing import Any

from service.feel.errors import FeelError
from service.feel.temporal import TEMPORAL, write_temporal
from service.feel.values import Range, adopt, kind_of
from service.feel.writing import write

_LARGEST_INTEGER = 2**63 - 1


def from_json(value: Any) -> Any:
    """The JSON value as FEEL has it: numbers become Decimal; texts stay texts, dates too. Raises FeelError."""
    try:
        return adopt(value)
    except TypeError as error:
        raise FeelError(str(error)) from None
    except RecursionError:
        raise FeelError("This value nests its lists and contexts too deeply") from None


def to_json(value: Any) -> Any:
    """The FEEL value as JSON: a number as int or float (17 digits at most), what is temporal or a range as text.

    Raises FeelError for what no JSON can hold: a function, a number that is none or beyond about 1.8E308.
    """
    kind = type(value)
    if value is None or kind is str or kind is int or kind is bool:
        return value
    if isinstance(value, Decimal):
        whole = value == value.to_integral_value() and abs(value) <= _LARGEST_INTEGER
        return int(value) if whole else _finite(float(value))
    if isinstance(value, float):
        return _finite(value)
    if isinstance(value, str | int):
        return value
    if isinstance(value, datetime):
        return _write_with_offset(value)
    if isinstance(value, TEMPORAL):
        return write_temporal(value)
    if isinstance(value, Range):
        return write(value)
    if isinstance(value, list | tuple):
        return [to_json(item) for item in value]
    if isinstance(value, dict):
        return {str(key): to_json(item) for key, item in value.items()}
    raise FeelError(f"a {kind_of(value)} cannot be kept as JSON")


def _finite(value: float) -> float:
    if not isfinite(value):
        raise FeelError(f"{value} is not a number that can be kept as JSON")
    return value


def _write_with_offset(value: datetime) -> str:
    """With the offset in place of the zone's name, so that every reader of ISO 8601 understands it."""
    text = value.isoformat()
    return text[:-6] + "Z" if text.endswith("+00:00") else text
