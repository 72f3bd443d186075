"""Attribute values of a diagram: static text, or FEEL when they begin with `=`. What they are used for is not here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from service.domain.errors import ModelError
from service.feel import Expression, FeelError, HostFunction, Surroundings, compile_expression
from service.feel.values import kind_of


class SharedScope(Mapping[str, Any]):
    """A scope in which several evaluations share what is worked out of it. It must stay as it is meanwhile."""

    _surroundings: Surroundings | None = None

    def surroundings(self, functions: Mapping[str, HostFunction]) -> Surroundings:
        """The scope with the functions of the turn; they are the same each time."""
        if self._surroundings is None:
            self._surroundings = Surroundings(self, functions)
        return self._surroundings


@dataclass(frozen=True, slots=True)
class Text:
    """One attribute value. `expression` is set when it is FEEL that parses; `wrong` says why FEEL does not parse."""

    raw: str
    expression: Expression | None = None
    wrong: str | None = None

    @property
    def is_feel(self) -> bool:
        """Whether the author wrote an expression."""
        return self.raw.startswith("=")

    @property
    def feel(self) -> str:
        """The expression without its leading `=`; empty when the text is static."""
        return self.raw[1:].strip() if self.is_feel else ""

    def evaluate(self, scope: Mapping[str, Any], functions: Mapping[str, HostFunction]) -> Any:
        """The FEEL value, or the static text. Raises ModelError when the expression is wrong or fails."""
        if not self.is_feel:
            return self.raw
        if self.expression is None:
            raise ModelError(f"the expression “{self.feel}” is not valid FEEL: {self.wrong}")
        return self.expression.evaluate_in(_around(scope, functions)).value

    def holds(self, scope: Mapping[str, Any], functions: Mapping[str, HostFunction]) -> tuple[bool, tuple[str, ...]]:
        """Whether a condition holds, and the nulls met on the way. Raises ModelError as `evaluate` does, and for what
        is neither true nor false: taking that for false would send a misspelt name the wrong way in silence."""
        if self.expression is None:
            self.evaluate(scope, functions)
            raise ModelError(f"the condition “{self.raw}” is not FEEL")
        evaluated = self.expression.evaluate_in(_around(scope, functions))
        if not isinstance(evaluated.value, bool):
            because = "".join(f"; {reason}" for reason in evaluated.null_reasons)
            raise ModelError(f"“{self.feel}” is neither true nor false but a {kind_of(evaluated.value)}{because}")
        return evaluated.value, tuple(evaluated.null_reasons)

    def evaluate_known(self, scope: Mapping[str, Any], functions: Mapping[str, HostFunction]) -> Any:
        """As `evaluate`; null is an error too when a name was read on the way that nobody knows.

        A misspelt name would quietly lift a deadline or a guard. Raises ModelError.
        """
        if self.expression is None:
            return self.evaluate(scope, functions)
        evaluated = self.expression.evaluate_in(_around(scope, functions))
        if evaluated.value is None and evaluated.unknown_names:
            raise ModelError(f"“{self.feel}” is null: there is no name “{evaluated.unknown_names[0]}” here")
        return evaluated.value


def _around(scope: Mapping[str, Any], functions: Mapping[str, HostFunction]) -> Surroundings:
    return scope.surroundings(functions) if isinstance(scope, SharedScope) else Surroundings(scope, functions)


def read_text(raw: str) -> Text:
    """The attribute value as Towpath keeps it. Never raises: what does not parse says so in `wrong`."""
    text = raw.strip()
    if not text.startswith("="):
        return Text(text)
    try:
        return Text(text, compile_expression(text[1:].strip()))
    except FeelError as error:
        return Text(text, None, error.message)


def read_optional(raw: str | None) -> Text | None:
    """The attribute value, or None when it is absent or empty."""
    return read_text(raw) if raw is not None and raw.strip() else None


def fixed(text: Text) -> str | None:
    """What the attribute says without any variables; None when that is no text. A start event has none to read."""
    if not text.is_feel:
        return text.raw
    value = None if text.expression is None else text.expression.evaluate({})
    return value if isinstance(value, str) else None
