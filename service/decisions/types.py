"""Which values are of which type: the built-in types of FEEL and a file's item definitions. What becomes of a value
that does not fit is the caller's to say."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from functools import partial
from typing import Any

from service.decisions.expressions import Feel, TypeTest
from service.decisions.model import Cell, ItemType
from service.feel import FeelFunction, HostFunction, Range, YearsMonthsDuration, kind_of
from service.feel.values import in_words

_DEEPEST = 50

_BUILT_IN: Mapping[str, Callable[[Any], bool]] = {
    "string": lambda value: isinstance(value, str),
    "number": lambda value: isinstance(value, Decimal | int | float) and not isinstance(value, bool),
    "boolean": lambda value: isinstance(value, bool),
    "date": lambda value: kind_of(value) == "date",
    "time": lambda value: isinstance(value, time),
    "date and time": lambda value: kind_of(value) == "date and time",
    "days and time duration": lambda value: isinstance(value, timedelta),
    "years and months duration": lambda value: isinstance(value, YearsMonthsDuration),
    "context": lambda value: isinstance(value, Mapping),
    "list": lambda value: isinstance(value, list | tuple),
    "range": lambda value: isinstance(value, Range),
    "function": lambda value: kind_of(value) == "function",
}
_PLAIN: Mapping[str, tuple[type, ...]] = {
    "string": (str,),
    "number": (Decimal, int, float),
    "boolean": (bool,),
    "date": (date,),
    "time": (time,),
    "date and time": (datetime,),
}
"""The types of Python whose values are of a type and of no other, unless a file defines its name otherwise."""
_ALSO_CALLED = {
    "dateTime": "date and time",
    "dayTimeDuration": "days and time duration",
    "yearMonthDuration": "years and months duration",
    "integer": "number",
    "long": "number",
    "double": "number",
}


class WrongType(Exception):
    """A value is not of the type that its file declares; the message says both."""


class Types:
    """The types that one file knows."""

    def __init__(self, definitions: Iterable[tuple[str, ItemType]]) -> None:
        self._definitions = dict(definitions)
        self._imported: dict[str, list[Types]] = {}
        self._plain = {name: kinds for name, kinds in _PLAIN.items() if name not in self._definitions}

    def take_in(self, name: str, types: Types) -> None:
        """Know the types of an imported file too, as `name.type`."""
        self._imported.setdefault(name, []).append(types)
        if not name:
            self._plain.clear()

    def plainly_fits(self, value: Any, type_ref: str) -> bool:
        """Whether the value is of the type as it is, which is seen without asking; False says nothing."""
        return not type_ref or type(value) in self._plain.get(type_ref, ())

    def knows(self, type_ref: str) -> bool:
        """True for a built-in or defined type, and for no type at all."""
        if not type_ref or built_in(type_ref) in _BUILT_IN or type_ref in self._definitions:
            return True
        return self._home_of(type_ref) is not None

    def allowed_values(self, type_ref: str) -> Cell | None:
        """The allowed values of a defined type, which also rank its values."""
        if home := self._home_of(type_ref):
            return home[0].allowed_values(home[1])
        found = self._definitions.get(type_ref)
        return None if found is None else found.allowed or (self.allowed_values(found.base) if found.base else None)

    def definition(self, type_ref: str) -> tuple[ItemType, Types] | None:
        """What a name is defined as, with the types that the definition knows; None for a built-in type."""
        if home := self._home_of(type_ref):
            return home[0].definition(home[1])
        found = self._definitions.get(type_ref)
        return None if found is None else (found, self)

    def simple_base(self, type_ref: str, depth: int = 0) -> str:
        """The built-in type whose values a type has; empty for lists, contexts and functions, and when nobody knows."""
        defined = self.definition(type_ref)
        if defined is None:
            name = built_in(type_ref)
            return name if name in _BUILT_IN and name not in ("context", "list", "range", "function") else ""
        item, home = defined
        if depth > _DEEPEST or item.collection or item.function or item.components:
            return ""
        return home.simple_base(item.base, depth + 1)

    def is_function(self, type_ref: str) -> bool:
        """True when values of the type are functions."""
        if home := self._home_of(type_ref):
            return home[0].is_function(home[1])
        found = self._definitions.get(type_ref)
        return type_ref == "function" or (found is not None and found.function)

    def tests(self, feel: Feel) -> Mapping[str, TypeTest]:
        """For FEEL's `instance of`: whether a value is of each defined type, without any conversion.

        Allowed values are not asked: a text that a type does not allow is still an instance of it.
        """
        plain = Types((name, _without_values(defined)) for name, defined in self._definitions.items())
        tests: dict[str, TypeTest] = {
            name: partial(plain._is_one, defined, feel) for name, defined in plain._definitions.items()
        }
        for prefix, files in self._imported.items():
            for types in files:
                inner = Types(types._definitions.items()).tests(feel)
                tests.update({f"{prefix}.{name}": test for name, test in inner.items()})
        return tests

    def _is_one(self, defined: ItemType, feel: Feel, value: Any) -> bool:
        try:
            return bool(self._fit_defined(value, defined, feel, 1) is value)
        except WrongType:
            return False

    def fit(self, value: Any, type_ref: str, feel: Feel, depth: int = 0) -> Any:
        """The value as one of that type, converted where DMN converts by itself. Raises WrongType.

        Null fits every type. A list of one is taken for its item, an item for a list of one, a date for its midnight
        in UTC. A type that the file does not define lets everything pass; it is named among the file's problems.
        """
        if value is None or self.plainly_fits(value, type_ref):
            return value
        if depth > _DEEPEST:
            raise WrongType(f'the type "{type_ref}" is defined by itself')
        if home := self._home_of(type_ref):
            return home[0].fit(value, home[1], feel, depth + 1)
        defined = self._definitions.get(type_ref)
        if defined is not None:
            return self._fit_defined(value, defined, feel, depth + 1)
        name = built_in(type_ref)
        is_one = _BUILT_IN.get(name)
        if is_one is None or is_one(value):
            return value
        if name == "date and time" and isinstance(value, date):
            return datetime.combine(value, time.min, tzinfo=UTC)
        if isinstance(value, list) and len(value) == 1 and not isinstance(value[0], list):
            return self.fit(value[0], type_ref, feel, depth + 1)
        if name == "list":
            return [value]
        raise WrongType(f"{in_words(value)} is not of the type {name}")

    def _home_of(self, type_ref: str) -> tuple[Types, str] | None:
        """The imported file that defines a type, and the type's name there; None for a type of this file."""
        if type_ref in self._definitions:
            return None
        prefix, _, name = type_ref.rpartition(".")
        return next(((types, name) for types in self._imported.get(prefix, ()) if types.knows(name)), None)

    def _fit_defined(self, value: Any, defined: ItemType, feel: Feel, depth: int) -> Any:
        if defined.collection:
            items = value if isinstance(value, list) else [value]
            fitted = [self._fit_one(item, defined, feel, depth) for item in items]
            value = value if _same(fitted, value) else fitted
        else:
            if isinstance(value, list) and len(value) == 1 and not self._holds_lists(defined):
                value = value[0]
            value = self._fit_one(value, defined, feel, depth)
        if defined.constraint is not None and not feel.passes(defined.constraint, value, {}):
            raise WrongType(f'{in_words(value)} breaks the constraint of the type "{defined.name}"')
        return value

    def _fit_one(self, value: Any, defined: ItemType, feel: Feel, depth: int) -> Any:
        if value is None:
            return None
        if defined.base:
            value = self.fit(value, defined.base, feel, depth)
        elif defined.components:
            value = self._fit_components(value, defined, feel, depth)
        elif defined.function and not _is_such_function(value, defined.takes):
            raise WrongType(f'{in_words(value)} is not such a function as the type "{defined.name}" asks')
        if defined.allowed is not None and not feel.passes(defined.allowed, value, {}):
            raise WrongType(f'{in_words(value)} is not one of the values that the type "{defined.name}" allows')
        return value

    def _fit_components(self, value: Any, defined: ItemType, feel: Feel, depth: int) -> Mapping[str, Any]:
        if not isinstance(value, Mapping):
            raise WrongType(f'{in_words(value)} is not a context, as the type "{defined.name}" asks')
        fitted = dict(value)
        for name, component in defined.components:
            if name not in fitted:
                raise WrongType(f'a context of the type "{defined.name}" needs the entry "{name}"')
            if fitted[name] is not None:
                fitted[name] = self._fit_defined(fitted[name], component, feel, depth)
        return value if all(fitted[key] is value[key] for key in fitted) else fitted

    def _holds_lists(self, defined: ItemType) -> bool:
        base = self._definitions.get(defined.base)
        return defined.base == "list" or (base is not None and (base.collection or self._holds_lists(base)))


def _is_such_function(value: Any, given: tuple[str, ...]) -> bool:
    """Whether the value is a function that can be called with arguments of these types, as far as both are known."""
    if not isinstance(value, HostFunction | FeelFunction) or not given:
        return kind_of(value) == "function"
    types = [wanted.name if wanted else "" for wanted in getattr(value, "parameter_types", ())]
    taken = types or [""] * len(value.parameters)
    return len(taken) == len(given) and all(
        one == built_in(other) or not {one, built_in(other)} <= _BUILT_IN.keys()
        for one, other in zip(taken, given, strict=True)
    )


def _without_values(defined: ItemType) -> ItemType:
    components = tuple((name, _without_values(component)) for name, component in defined.components)
    return replace(defined, components=components, allowed=None, constraint=None)


def _same(fitted: list[Any], value: Any) -> bool:
    """Whether nothing had to be converted; the value itself is then kept."""
    return (
        isinstance(value, list)
        and len(fitted) == len(value)
        and all(new is old for new, old in zip(fitted, value, strict=True))
    )


def is_of(value: Any, name: str) -> bool:
    """Whether a value is of a built-in type, without any conversion."""
    return _BUILT_IN[name](value)


def built_in(type_ref: str) -> str:
    """The name of a built-in type in FEEL; any other name as it is."""
    return _ALSO_CALLED.get(type_ref, type_ref)
