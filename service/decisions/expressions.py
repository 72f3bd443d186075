"""FEEL as decisions use it: an expression or a cell, evaluated in its names, with errors that say where it stands."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from service.decisions.model import Cell, Literal, Place
from service.domain.errors import ModelError
from service.feel import Expression, FeelError, HostFunction, UnaryTests, compile_expression, compile_unary_tests
from service.feel.names import names_in_play

MOST_REASONS = 50
"""Reasons for nulls that are kept of one evaluation."""
Names = Mapping[str, Any]
TypeTest = Callable[[Any], bool]
"""Whether a value, never null, is of a type."""


class Feel:
    """FEEL with the functions that the caller offers and the types that the file defines.

    `reasons` collects why expressions came to null, and what the tests of cells name that nobody knows, with the place
    of each.
    """

    def __init__(
        self,
        functions: Mapping[str, HostFunction],
        types: Mapping[str, TypeTest] | None = None,
        reasons: list[str] | None = None,
    ) -> None:
        self.functions = functions
        self._types = types or {}
        self._reasons = [] if reasons is None else reasons

    def value(self, literal: Literal, names: Names) -> Any:
        """The value of an expression; an empty one is null. Raises ModelError saying where it stands."""
        return self.text(literal.text, names, literal.place) if literal.text else None

    def text(self, text: str, names: Names, place: Place) -> Any:
        """The value of FEEL text that stands at `place`. Raises ModelError saying so."""
        try:
            found = self._expression(text, names).evaluate_explained(names, functions=self.functions, types=self._types)
        except ModelError as wrong:
            raise _placed(place, wrong) from wrong
        self._note(place, found.null_reasons)
        return found.value

    def _note(self, place: Place, reasons: Iterable[str]) -> None:
        for reason in reasons:
            if len(self._reasons) < MOST_REASONS:
                self._reasons.append(f"{place}: {reason}")

    def passes(self, cell: Cell, value: Any, names: Names) -> bool:
        """True when the value passes the cell's tests; an empty cell lets everything pass. Raises ModelError."""
        if not cell.text:
            return True
        try:
            found = self._tests(cell.text, names).matches_explained(
                value, names, functions=self.functions, types=self._types
            )
        except ModelError as wrong:
            raise _placed(cell.place, wrong) from wrong
        # That a value cannot be compared is what rules are for; what nobody knows is a slip of the pen.
        self._note(cell.place, (f"there is no name “{name}” here" for name in found.unknown_names))
        self._note(cell.place, (f"the context has no entry “{name}”" for name in found.unknown_entries))
        return found.value is True

    def equal(self, one: Any, other: Any, place: Place) -> bool:
        """True when FEEL calls the two equal; unlike Python, it never takes true for 1."""
        return self.text("one = other", {"one": one, "other": other}, place) is True

    # A name such as `Ill or absent` cannot be read without knowing it. Looking for all names that are known takes
    # time, so it is done only where reading without them fails.
    def _expression(self, text: str, names: Names) -> Expression:
        try:
            return compile_expression(text)
        except FeelError:
            return compile_expression(text, names_in_play(text, names, self.functions))

    def _tests(self, text: str, names: Names) -> UnaryTests:
        try:
            return compile_unary_tests(text)
        except FeelError:
            return compile_unary_tests(text, names_in_play(text, names, self.functions))


def at(place: Place, message: str) -> ModelError:
    """A ModelError that says where in which file."""
    return ModelError(f"{place}: {message}", element_id=place.element_id, file=place.file)


def _placed(place: Place, wrong: ModelError) -> ModelError:
    # What a function of the model or of the caller refused may know its own, more exact place.
    return at(place, wrong.message) if wrong.file is None else wrong
