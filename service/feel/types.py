"""Whether a value belongs to a type, as `instance of` asks. How types are written is in `grammar/types.py`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from service.feel.runtime import TypeTest
from service.feel.syntax import TypeName
from service.feel.values import Range, kind_of


def fits(value: Any, wanted: TypeName, named: Mapping[str, TypeTest]) -> bool | None:
    """Whether the value is of the type; null is of no type but `Null`. None when nobody knows the type."""
    name = wanted.name
    if name in named:
        return value is not None and named[name](value)
    if name == "Any":
        return value is not None
    if name == "Null":
        return value is None
    kind = kind_of(value)
    if name not in _KINDS:
        return None
    if kind != name:
        return False
    if name == "list" and wanted.arguments:
        return all(_fits_or_null(item, wanted.arguments[0], named) for item in value)
    if name == "range" and wanted.arguments:
        return _range_fits(value, wanted.arguments[0], named)
    if name == "context":
        return all(key in value and _fits_or_null(value[key], t, named) for key, t in wanted.fields)
    if name == "function" and wanted.result is not None:
        return _takes(value, wanted.arguments)
    return True


def _takes(function: Any, given: tuple[TypeName, ...]) -> bool:
    """Whether a function can be called with arguments of these types. What it gives is not known beforehand."""
    if len(getattr(function, "parameters", given)) != len(given):
        return False
    taken = getattr(function, "parameter_types", ()) or (None,) * len(given)
    return all(t is None or conforms(g, t) for g, t in zip(given, taken, strict=True))


def conforms(one: TypeName, other: TypeName) -> bool:
    """Whether every value of the first type is of the second (10.3.2.9.2). Of types that the caller names, only the
    same one conforms."""
    if one.name == "Null" or other.name == "Any":
        return True
    if one.name != other.name:
        return False
    if one.name == "context":
        own = dict(one.fields)
        return all(key in own and conforms(own[key], wanted) for key, wanted in other.fields)
    if one.name == "function" and one.result is not None and other.result is not None:
        pairs = list(zip(other.arguments, one.arguments, strict=False))
        return (
            len(one.arguments) == len(other.arguments)
            and all(conforms(given, taken) for given, taken in pairs)
            and conforms(one.result, other.result)
        )
    return all(conforms(o, w) for o, w in zip(one.arguments, other.arguments, strict=False))


_KINDS = frozenset(
    [
        "number",
        "string",
        "boolean",
        "date",
        "time",
        "date and time",
        "days and time duration",
        "years and months duration",
        "list",
        "context",
        "range",
        "function",
    ]
)


def _fits_or_null(value: Any, wanted: TypeName, named: Mapping[str, TypeTest]) -> bool:
    return value is None or fits(value, wanted, named) is True


def _range_fits(value: Range, wanted: TypeName, named: Mapping[str, TypeTest]) -> bool:
    return all(_fits_or_null(end, wanted, named) for end in (value.start, value.end))
