"""How much work one evaluation may do. What counts as a step is decided where the work is done, not here."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """The bounds of one evaluation; meeting one raises FeelError."""

    steps: int = 200_000
    """Turns of a loop, calls of a function, comparisons inside a list function."""
    depth: int = 60
    """Function calls inside function calls."""
    string_length: int = 1_000_000
    """Characters of any string that is made."""
    list_length: int = 50_000
    """Items of any list that is made."""
    patterns: int = 30
    """Different patterns that are matched; to read one may take as long as thousands of steps."""


class Allowance:
    """Steps that several evaluations may take together, besides the limits of each."""

    __slots__ = ("_left", "most")

    def __init__(self, most: int) -> None:
        self.most = most
        self._left = most

    def take(self, steps: int) -> bool:
        """Use up so many steps; whether there were enough of them."""
        self._left -= steps
        return self._left >= 0


DEFAULT = Limits()
MAX_EXPRESSION_LENGTH = 50_000
"""Characters of one expression; a longer text is refused before it is read."""
MAX_NESTING = 60
"""Brackets, operators and keywords inside one another in the text of one expression."""
MAX_VALUE_NESTING = 200
"""Lists and contexts inside one another in the value of an expression; whoever writes it down goes that deep."""
