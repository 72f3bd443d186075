"""Making random FEEL: expressions from the grammar, and small changes to texts. DMN files are changed in `files.py`."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from random import Random

from deployment.fuzz.world import CALLED, LITERALS, NAMES, WORDS

_PIECE = re.compile(r'\s+|"(?:[^"\\]|\\.)*"|[0-9.]+|\w+|..|.', re.DOTALL)
_LONGEST = 4_000
"""Characters of a text that is worth trying: longer ones find nothing that these do not."""


class Maker:
    """Writes random expressions and tests, deeper ones more rarely."""

    def __init__(self, random: Random) -> None:
        self.random = random

    def expression(self, depth: int = 4) -> str:
        """An expression of the grammar, of any kind; most of them have a value."""
        if depth <= 0 or self.random.random() < 0.2:
            return self.random.choice(NAMES if self.random.random() < 0.45 else LITERALS)
        return self.random.choice(self._KINDS)(self, depth - 1)

    def tests(self) -> str:
        """Unary tests."""
        text = ", ".join(self._test() for _ in range(self.random.choice((1, 1, 1, 2, 3))))
        return f"not({text})" if self.random.random() < 0.2 else text

    def _test(self) -> str:
        if self.random.random() < 0.4:
            return f"{self.random.choice(('<', '<=', '>', '>=', '=', '!='))} {self._operand(2)}"
        return self.random.choice((self._range, self.expression, self._about_the_value))(2)

    def _about_the_value(self, depth: int) -> str:
        shapes = ("? = {}", "? < {}", "{} in ?", "? in {}", "? between {} and {}", "contains(?, {})", "count(?) > {}")
        return self.random.choice(shapes).format(self._operand(depth), self._operand(depth))

    def _name(self) -> str:
        return self.random.choice(NAMES)

    def _operand(self, depth: int) -> str:
        text = self.expression(depth)
        return f"({text})" if self.random.random() < 0.5 else text

    def _binary(self, depth: int) -> str:
        operators = ("+", "-", "*", "/", "**", "=", "!=", "<", "<=", ">", ">=", "and", "or")
        return f"{self._operand(depth)} {self.random.choice(operators)} {self._operand(depth)}"

    def _call(self, depth: int) -> str:
        arguments = ", ".join(self.expression(depth) for _ in range(self.random.choice((0, 1, 1, 2, 2, 3, 4))))
        return f"{self.random.choice(CALLED)}({arguments})"

    def _range(self, depth: int) -> str:
        brackets = self.random.choice(("[]", "(]", "[)", "()", "]]", "[[", "]["))
        return f"{brackets[0]}{self._operand(depth)}..{self._operand(depth)}{brackets[1]}"

    def _if(self, depth: int) -> str:
        return f"if {self.expression(depth)} then {self.expression(depth)} else {self.expression(depth)}"

    def _loop(self, depth: int) -> str:
        source = self.expression(depth) + (f"..{self.expression(depth)}" if self.random.random() < 0.3 else "")
        begin, end = self.random.choice((("for", "return"), ("some", "satisfies"), ("every", "satisfies")))
        return f"{begin} {self._name()} in {source} {end} {self.expression(depth)}"

    def _list(self, depth: int) -> str:
        return f"[{', '.join(self.expression(depth) for _ in range(self.random.randrange(4)))}]"

    def _context(self, depth: int) -> str:
        entries = (f"{self._name()}: {self.expression(depth)}" for _ in range(self.random.randrange(3)))
        return f"{{{', '.join(entries)}}}"

    def _suffixed(self, depth: int) -> str:
        name = self.random.choice(("year", "time offset", "start", "days", "months", "name", "plan", "timezone", "a"))
        suffix = self.random.choice((f".{name}", f"[{self.expression(depth)}]", "[item = n]", " instance of number"))
        return self._operand(depth) + suffix

    def _asked(self, depth: int) -> str:
        if self.random.random() < 0.5:
            return f"{self._operand(depth)} between {self._operand(depth)} and {self._operand(depth)}"
        return f"{self._operand(depth)} in ({self.tests()})"

    def _function(self, depth: int) -> str:
        return f"{{f: function(x, y: number) {self.expression(depth)}, r: f({self.expression(depth)}, n)}}.r"

    _KINDS: Sequence[Callable[[Maker, int], str]] = (
        _binary, _binary, _call, _call, _call, _range, _if, _loop, _list, _context, _suffixed, _suffixed, _asked,
        _function,
    )  # fmt: skip


def changed(text: str, others: Sequence[str], random: Random) -> str:
    """The text with a few small changes: pieces gone, doubled, swapped, or taken from elsewhere."""
    pieces = _PIECE.findall(text) or [""]
    for _ in range(random.choice((1, 1, 2, 4))):
        place = random.randrange(len(pieces))
        change = random.randrange(7)
        if change == 0:
            del pieces[place : place + random.choice((1, 1, 2, 5))]
        elif change == 1:
            pieces[place:place] = pieces[place : place + random.choice((1, 2, 8))] * random.choice((1, 1, 2, 70))
        elif change == 2:
            other = random.randrange(len(pieces))
            pieces[place], pieces[other] = pieces[other], pieces[place]
        elif change == 3:
            pieces[place] = random.choice(WORDS)
        elif change == 4:
            pieces.insert(place, random.choice(WORDS + LITERALS))
        elif change == 5:
            pieces[place] = f"({Maker(random).expression(2)})"
        else:
            other_pieces = _PIECE.findall(random.choice(others)) if others else []
            pieces[place:] = other_pieces[random.randrange(len(other_pieces) + 1) :]
        pieces = pieces or [""]
    return "".join(pieces)[:_LONGEST]
