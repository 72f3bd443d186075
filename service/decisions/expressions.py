"""FEEL as decisions use it: an expression or a cell, evaluated in its names, with errors that say where it stands."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any

from service.decisions.model import Cell, Literal, Place
from service.domain.errors import ModelError
from service.feel import (
    Allowance,
    Evaluated,
    Expression,
    FeelError,
    HostFunction,
    Surroundings,
    UnaryTests,
    compile_expression,
    compile_unary_tests,
)
from service.feel.runtime import MISSING

MOST_REASONS = 50
"""Reasons for nulls that are kept of one evaluation."""
_KEPT = 4096
Names = Mapping[str, Any]
TypeTest = Callable[[Any], bool]
"""Whether a value, never null, is of a type."""


class Feel:
    """FEEL with the functions that the caller offers and the types that the file defines.

    `reasons` collects why expressions came to null, and what the tests of cells name that nobody knows, with the place
    of each. `allowance` is what all evaluations may use together; without one, only each by itself has limits.
    """

    def __init__(
        self,
        functions: Mapping[str, HostFunction],
        types: Mapping[str, TypeTest] | None = None,
        reasons: list[str] | None = None,
        allowance: Allowance | None = None,
    ) -> None:
        self.functions = functions
        self._types = types or {}
        self._reasons = [] if reasons is None else reasons
        self._allowance = allowance

    def among(self, names: Names) -> Among:
        """FEEL for several evaluations in the same names, which stay as they are for as long."""
        return Among(self, Surroundings(names, self.functions, self._types, allowance=self._allowance))

    def value(self, literal: Literal, names: Names) -> Any:
        """The value of an expression; an empty one is null. Raises ModelError saying where it stands."""
        return self.among(names).value(literal)

    def text(self, text: str, names: Names, place: Place) -> Any:
        """The value of FEEL text that stands at `place`. Raises ModelError saying so."""
        return self.among(names).text(text, place)

    def passes(self, cell: Cell, value: Any, names: Names) -> bool:
        """True when the value passes the cell's tests; an empty cell lets everything pass. Raises ModelError."""
        return self.among(names).passes(cell, value)

    def note(self, place: Place, reason: str) -> None:
        """Keep why a value that stands at `place` came to null."""
        if len(self._reasons) < MOST_REASONS:
            self._reasons.append(f"{place}: {reason}")

    def equal(self, one: Any, other: Any, place: Place) -> bool:
        """True when FEEL calls the two equal; unlike Python, it never takes true for 1."""
        return self.text("one = other", {"one": one, "other": other}, place) is True


class Among:
    """FEEL in one set of names, each made a FEEL value once."""

    def __init__(self, feel: Feel, surroundings: Surroundings) -> None:
        self._feel = feel
        self._surroundings = surroundings

    def value(self, literal: Literal) -> Any:
        """As `Feel.value`."""
        if not literal.text:
            return None
        expression = read(literal.text)
        value = MISSING if expression is None else expression.at_hand(self._surroundings)
        return self.text(literal.text, literal.place) if value is MISSING else value

    def text(self, text: str, place: Place) -> Any:
        """As `Feel.text`."""
        try:
            expression = read(text) or compile_expression(text, self._surroundings.names.within(text))
            found = expression.evaluate_in(self._surroundings)
        except ModelError as wrong:
            raise _placed(place, wrong) from wrong
        for reason in found.null_reasons:
            self._feel.note(place, reason)
        return found.value

    def passes(self, cell: Cell, value: Any) -> bool:
        """As `Feel.passes`."""
        return not cell.text or self.asked(cell, read_tests(cell.text), value).value is True

    def verdict(self, tests: UnaryTests, value: Any) -> bool:
        """True when the value passes tests that only compare it with constants, so that nothing can go wrong."""
        return tests.matches_in(value, self._surroundings).value is True

    def redefines(self, functions: frozenset[str]) -> bool:
        """Whether the names give one of these built-in functions another meaning."""
        return self._surroundings.redefine(functions)

    def asked(self, cell: Cell, tests: UnaryTests | None, value: Any) -> Evaluated:
        """What a cell with text says to the value. `tests` is what `read_tests` made of it. Raises ModelError."""
        try:
            tests = tests or compile_unary_tests(cell.text, self._surroundings.names.within(cell.text))
            found = tests.matches_in(value, self._surroundings)
        except ModelError as wrong:
            raise _placed(cell.place, wrong) from wrong
        # That a value cannot be compared is what rules are for; what nobody knows is a slip of the pen.
        for name in found.unknown_names:
            self._feel.note(cell.place, f"there is no name “{name}” here")
        for name in found.unknown_entries:
            self._feel.note(cell.place, f"the context has no entry “{name}”")
        return found


# A name such as `Ill or absent` cannot be read without knowing it. Looking for all names that are known takes time, so
# it is done only where reading without them fails.
@lru_cache(maxsize=_KEPT)
def read(text: str) -> Expression | None:
    """The expression; None when the names in scope must be known to read it, if it can be read at all."""
    try:
        return compile_expression(text)
    except FeelError:
        return None


def is_literal(text: str) -> bool:
    """Whether the text is one number, text, boolean or null, so that no scope changes what it comes to."""
    expression = read(text)
    return expression is not None and expression.is_literal


@lru_cache(maxsize=_KEPT)
def read_tests(text: str) -> UnaryTests | None:
    """The tests of a cell; None as for `read`."""
    try:
        return compile_unary_tests(text)
    except FeelError:
        return None


def at(place: Place, message: str) -> ModelError:
    """A ModelError that says where in which file."""
    return ModelError(f"{place}: {message}", element_id=place.element_id, file=place.file)


def _placed(place: Place, wrong: ModelError) -> ModelError:
    # What a function of the model or of the caller refused may know its own, more exact place.
    return at(place, wrong.message) if wrong.file is None else wrong
