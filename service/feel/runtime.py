"""One evaluation while it runs: the scope, the work done and the reasons for nulls. No syntax has its meaning here."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from service.feel.absent import Absent
from service.feel.errors import FeelError
from service.feel.limits import MAX_VALUE_NESTING, Limits
from service.feel.suggestions import about_name
from service.feel.values import Function, HostFunction, adopt

TypeTest = Callable[[Any], bool]
"""Whether a value, never None, belongs to a type that the caller named."""
_MOST_REASONS = 20
_LONGEST_REASON = 500


class Missing:
    """The type of MISSING."""


MISSING = Missing()
"""What looking up an unknown name gives; never a value of FEEL."""


class Evaluation:
    """What one evaluation may use, what it has used, and why it found nulls."""

    __slots__ = (
        "_depth", "asked_host", "expression", "functions", "limits", "patterns", "reasons", "steps", "types",
        "unknown_entries", "unknown_names",
    )  # fmt: skip

    def __init__(
        self,
        expression: str,
        functions: Mapping[str, HostFunction],
        types: Mapping[str, TypeTest],
        limits: Limits,
    ) -> None:
        self.expression = expression
        self.functions = functions
        self.types = types
        self.limits = limits
        self.reasons: list[str] = []
        self.unknown_names: dict[str, None] = {}
        self.unknown_entries: dict[str, None] = {}
        self.asked_host = False
        """Whether a function of the host was called, so that asking again may do more than give the same answer."""
        self.patterns: set[tuple[str, str]] = set()
        """The patterns matched so far, each with its flags."""
        self.steps = 0
        """The work done so far."""
        self._depth = 0

    def absent(self, reason: str) -> Any:
        """Keep the reason for a null, once, and return that null. Of a very long one the beginning is kept."""
        if len(reason) > _LONGEST_REASON:
            reason = reason[:_LONGEST_REASON] + "…"
        if len(self.reasons) < _MOST_REASONS and reason not in self.reasons:
            self.reasons.append(reason)
        return None

    def no_name(self, name: str) -> Any:
        """Keep a name that nothing bears, and return the null it reads as."""
        self.unknown_names[name] = None
        told = about_name(name)
        return self.absent(f"there is no name “{name}” here{'; ' if told else ''}{told}")

    def no_entry(self, name: str) -> Any:
        """Keep an entry that a context does not have, and return the null it reads as."""
        self.unknown_entries[name] = None
        return self.absent(f"the context has no entry “{name}”")

    def step(self, count: int = 1) -> None:
        """Count work. Raises FeelError when it is more than the limit."""
        self.steps += count
        if self.steps > self.limits.steps:
            raise self.too_much(f"takes more than {self.limits.steps} steps")

    def enter(self) -> None:
        """Go one function call deeper. Raises FeelError when that is too deep."""
        self._depth += 1
        if self._depth > self.limits.depth:
            raise self.too_much(f"calls functions more than {self.limits.depth} deep")

    def leave(self) -> None:
        """Come back from a function call."""
        self._depth -= 1

    def checked(self, value: Any) -> Any:
        """The value, when it is no longer than a string or list may be; making it counts as work. Raises FeelError."""
        self.step(size_as_work(value))
        if isinstance(value, str) and len(value) > self.limits.string_length:
            raise self.too_much(f"makes a text of more than {self.limits.string_length} characters")
        if isinstance(value, list) and len(value) > self.limits.list_length:
            raise self.too_much(f"makes a list of more than {self.limits.list_length} items")
        return value

    def measure(self, value: Any) -> None:
        """Count every item inside the value as work, so that a value that holds one list very often is found out."""
        level, nesting = [value], 0
        while level:
            if nesting > MAX_VALUE_NESTING:
                raise self.too_much(f"makes a value of more than {MAX_VALUE_NESTING} lists and contexts in one another")
            inside: list[Any] = []
            for item in level:
                if isinstance(item, list | dict):
                    self.step(len(item))
                    inside.extend(item.values() if isinstance(item, dict) else item)
            level, nesting = inside, nesting + 1

    def too_much(self, what: str) -> FeelError:
        """The error for an expression that asks for too much."""
        return FeelError(f"This expression {what}, which is the limit", expression=self.expression)


class Frame:
    """Names and their values, with the frame around it. The innermost name wins."""

    __slots__ = ("evaluation", "names", "parent")

    def __init__(self, names: Mapping[str, Any] | Scope, parent: Frame | None, evaluation: Evaluation) -> None:
        self.names = names
        self.parent = parent
        self.evaluation = evaluation

    def inner(self, names: Mapping[str, Any]) -> Frame:
        """A frame inside this one."""
        return Frame(names, self, self.evaluation)

    def find(self, name: str) -> Any:
        """The value of the name, or MISSING."""
        frame: Frame | None = self
        while frame is not None:
            value = frame.names.get(name, MISSING)
            if value is not MISSING:
                return value
            frame = frame.parent
        return MISSING


class Scope:
    """The caller's scope as FEEL values, made when first read and once for each name."""

    __slots__ = ("_adopted", "_given")

    def __init__(self, given: Mapping[str, Any]) -> None:
        self._given = given
        self._adopted: dict[str, Any] = {}

    def get(self, name: str, default: Any) -> Any:
        """The value of the name, or the default. Raises Absent for what FEEL cannot hold."""
        value = self._adopted.get(name, MISSING)
        if value is not MISSING:
            return value
        if name not in self._given:
            return default
        try:
            value = self._adopted[name] = adopt(self._given[name])
        except TypeError as error:
            raise Absent(f"“{name}” cannot be read: {error}") from None
        return value


Code = Callable[[Frame], Any]
"""A compiled expression."""


def size_as_work(value: Any) -> int:
    """How many steps going once through a long text or list is worth."""
    if isinstance(value, str):
        return len(value) // 200
    return len(value) // 10 if isinstance(value, list | dict) else 0


def is_function(value: Any) -> bool:
    """Whether the value can be called."""
    return isinstance(value, Function)
