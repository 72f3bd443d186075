"""The values FEEL has and Python lacks, and what each is called. Arithmetic and comparison are not here."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import ROUND_HALF_EVEN, Context, Decimal, DivisionByZero, InvalidOperation, Overflow, Underflow
from math import isfinite
from typing import Any

from service.feel.far import FarDate, FarDateTime
from service.feel.late import LateContext

NUMBERS = Context(
    prec=34,
    rounding=ROUND_HALF_EVEN,
    Emin=-6143,
    Emax=6144,
    traps=[InvalidOperation, DivisionByZero, Overflow, Underflow],
)
"""Decimal128, as the DMN standard asks. What traps becomes null with a reason."""

DaysDuration = timedelta


@dataclass(frozen=True, slots=True, order=True)
class YearsMonthsDuration:
    """A length of whole months, such as P1Y2M; may be negative."""

    months: int

    def __str__(self) -> str:
        years, months = divmod(abs(self.months), 12)
        text = (f"{years}Y" if years else "") + (f"{months}M" if months else "")
        return ("-P" if self.months < 0 else "P") + (text or "0M")


@dataclass(frozen=True, slots=True)
class Range:
    """Everything between two endpoints. None as an endpoint means no bound on that side."""

    start: Any
    end: Any
    start_included: bool = True
    end_included: bool = True
    operator: str = ""
    """`=` or `!=` for the tests `(= x)` and `(!= x)`, which hold one point and everything but one point."""


class Function:
    """Anything that can be called in FEEL."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class HostFunction(Function):
    """A function that the caller of FEEL offers by name. It gets FEEL values and returns one.

    ValueError, TypeError, LookupError and ArithmeticError from `call` become null with the reason; others pass through.
    """

    name: str
    parameters: tuple[str, ...]
    call: Callable[..., Any]


@dataclass(frozen=True, slots=True, eq=False)
class FeelFunction(Function):
    """A function that FEEL made. `call` takes the running evaluation and one value for each parameter."""

    parameters: tuple[str, ...]
    call: Callable[..., Any]
    name: str = "function"
    parameter_types: tuple[Any, ...] = ()
    result_type: Any = None


def kind_of(value: Any) -> str:
    """The name of the value's FEEL type, such as `date and time`; `unknown` for what is no FEEL value."""
    known = _KINDS.get(type(value))
    if known is not None:
        return known
    for python_type, name in _KINDS.items():
        if isinstance(value, python_type):
            return name
    return "unknown"


_KINDS: dict[type, str] = {
    type(None): "null",
    bool: "boolean",
    Decimal: "number",
    str: "string",
    datetime: "date and time",
    date: "date",
    FarDate: "date",
    FarDateTime: "date and time",
    time: "time",
    timedelta: "days and time duration",
    YearsMonthsDuration: "years and months duration",
    Range: "range",
    list: "list",
    dict: "context",
    FeelFunction: "function",
    HostFunction: "function",
    Function: "function",
}


def in_words(value: Any) -> str:
    """The value as a person would name it in a message: its kind, and itself when it is short."""
    kind = kind_of(value)
    if value is None:
        return "null"
    if isinstance(value, str):
        return f'the text "{value}"' if len(value) <= 40 else "a long text"
    if isinstance(value, bool | Decimal):
        return f"the {kind} {str(value).lower()}"
    return f"a {kind}"


def adopt(value: Any) -> Any:
    """The value as FEEL sees it: int and float become Decimal, tuples lists, mappings dicts; deep.

    Raises TypeError for what FEEL cannot hold, so that no Python object is ever reachable from an expression.
    """
    return value if type(value) in _ATOMS or _is_adopted(value) else _made_ours(value)


def _made_ours(value: Any) -> Any:
    if type(value) in _ATOMS:
        return value
    if isinstance(value, int | float):
        return _number(value)
    if isinstance(value, str):
        return str.__str__(value)
    if isinstance(value, LateContext):
        return value.adopt(_made_ours)
    if isinstance(value, Mapping):
        return {str(key): _made_ours(item) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_made_ours(item) for item in value]
    if isinstance(value, Decimal):
        if type(value) is Decimal and value.is_finite():
            return value
        raise TypeError(f"{value} is not a FEEL number")
    if isinstance(value, tuple(_KINDS)):
        return value
    raise TypeError(f"{type(value).__name__} is not a FEEL value")


def _number(value: float) -> Decimal:
    # Python has numbers that FEEL has not: infinity, what is none at all, and integers without end.
    if isinstance(value, float) and not isfinite(value):
        raise TypeError(f"{value} is not a FEEL number")
    try:
        return NUMBERS.create_decimal(repr(value) if isinstance(value, float) else int(value))
    except Overflow:
        raise TypeError("this number is too large for FEEL, which ends at 10 to the power of 6144") from None


_ATOMS = frozenset(_KINDS) - {list, dict, Decimal}


def _is_adopted(value: Any) -> bool:
    kind = type(value)
    if kind is Decimal:
        return bool(value.is_finite())
    if kind in _ATOMS:
        return True
    if kind is dict:
        for key, item in value.items():
            if type(key) is not str or not (type(item) in _ATOMS or _is_adopted(item)):
                return False
        return True
    if kind is LateContext:
        return bool(value.adopted)
    return kind is list and all(type(item) in _ATOMS or _is_adopted(item) for item in value)
