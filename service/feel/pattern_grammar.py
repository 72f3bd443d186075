"""Patterns of XPath (clause 7.6 of its functions and operators) read by their grammar and written as RE2 has them.

Matching is in `patterns.py`, character classes are in `classes.py`. RE2 has no back-references; one to a group of a few
possible texts, as in `([md])[aeiou]\\1`, is written as one alternative for each text, and any other is refused.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import product

from service.feel.absent import Absent
from service.feel.classes import characters_in_re2, class_in_re2, escaped, read_class

MOST_NESTING = 50
_MOST_TEXTS = 40
_MOST_REPEATED = 1000
_QUANTIFIER = re.compile(r"(?:[?*+]|\{([0-9]+)(,([0-9]*))?\})\??", re.ASCII)
_BLANKS = "\t\n\r "


@dataclass(frozen=True, slots=True)
class Leaf:
    """A part without parts: how RE2 writes it, and the few texts it can match, None when they are many."""

    written: str
    texts: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class Choice:
    """Branches, of which one matches; with a number when what it matches is kept."""

    branches: tuple[Sequence, ...]
    number: int | None = None


@dataclass(frozen=True, slots=True)
class Repeated:
    """A part with a quantifier."""

    part: Leaf | Choice | Back
    quantifier: str


@dataclass(frozen=True, slots=True)
class Back:
    """A back-reference."""

    number: int


Part = Leaf | Choice | Repeated | Back
Sequence = tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class InRe2:
    """A pattern as RE2 writes it, and which groups of RE2 hold what each group of the pattern matches."""

    text: str
    groups: tuple[tuple[int, ...], ...]


def in_re2(pattern: str, flags: str) -> InRe2:
    """The pattern as RE2 writes it. Raises Absent for what is no pattern of XPath or beyond RE2."""
    reader = _Reader(_without_blanks(pattern) if "x" in flags else pattern, flags)
    whole = reader.choice(None, 0)
    if reader.index < len(reader.pattern):
        raise Absent("the pattern has a “)” without its “(”")
    writer = _Writer(reader.count)
    text = writer.choice(_resolved(whole))
    return InRe2(f"(?i){text}" if "i" in flags else text, tuple(map(tuple, writer.groups)))


def _without_blanks(pattern: str) -> str:
    """The pattern as the flag `x` has it: without blanks, but for those in a class."""
    out: list[str] = []
    depth = index = 0
    while index < len(pattern):
        character = pattern[index]
        index += 1
        if character == "\\":
            while not depth and index < len(pattern) and pattern[index] in _BLANKS:
                index += 1
            character += pattern[index : index + 1]
            index += 1
        else:
            depth += (character == "[") - (character == "]" and depth > 0)
        if depth or character not in _BLANKS:
            out.append(character)
    return "".join(out)


class _Reader:
    def __init__(self, pattern: str, flags: str) -> None:
        self.pattern = pattern
        self.index = 0
        self.count = 0
        self._closed: set[int] = set()
        self._any_case = "i" in flags
        self._dot = Leaf("(?s:.)" if "s" in flags else "[^\\n\\r]")
        self._edges = {"^": Leaf("(?m:^)"), "$": Leaf("(?m:$)")} if "m" in flags else {"^": Leaf("^"), "$": Leaf("$")}

    def choice(self, number: int | None, depth: int) -> Choice:
        """The branches up to the closing bracket or the end."""
        if depth > MOST_NESTING:
            raise Absent(f"a pattern nests at most {MOST_NESTING} groups")
        branches = [tuple(self._parts(depth))]
        while self._next() == "|":
            self.index += 1
            branches.append(tuple(self._parts(depth)))
        return Choice(tuple(branches), number)

    def _next(self) -> str:
        return self.pattern[self.index : self.index + 1]

    def _parts(self, depth: int) -> Iterator[Part]:
        while self._next() not in ("", "|", ")"):
            part = self._part(depth)
            found = _QUANTIFIER.match(self.pattern, self.index)
            if found is None:
                yield part
                continue
            self.index = found.end()
            yield Repeated(part, _checked(found))

    def _part(self, depth: int) -> Leaf | Choice | Back:
        character = self._next()
        if character == "(":
            return self._group(depth)
        if character == "[":
            found, self.index = read_class(self.pattern, self.index)
            singles = found.singles()
            return Leaf(class_in_re2(found, any_case=self._any_case), None if singles is None else tuple(singles))
        if character == "\\":
            return self._escape()
        self.index += 1
        if character == ".":
            return self._dot
        if character in self._edges:
            return self._edges[character]
        if character in "?*+{}]":
            raise Absent(f"“{character}” has nothing before it to act on in the pattern; write “\\{character}”")
        return Leaf(_quoted(character), (character,))

    def _group(self, depth: int) -> Choice:
        self.index += 1
        number = None
        if self.pattern.startswith("?:", self.index):
            self.index += 2
        elif self._next() == "?":
            raise Absent("“(?” begins nothing in a pattern but “(?:”")
        else:
            self.count += 1
            number = self.count
        group = self.choice(number, depth + 1)
        if self._next() != ")":
            raise Absent("the pattern has a “(” without its “)”")
        self.index += 1
        if number is not None:
            self._closed.add(number)
        return group

    def _escape(self) -> Leaf | Back:
        digits = re.compile("[0-9]+").match(self.pattern, self.index + 1)
        if digits is None:
            found, self.index = escaped(self.pattern, self.index)
            return Leaf(characters_in_re2(found))
        text = digits.group()
        while len(text) > 1 and int(text) > self.count:
            text = text[:-1]
        if int(text) not in self._closed:
            raise Absent(f"“\\{text}” in the pattern refers back to a group that is not there")
        self.index += 1 + len(text)
        return Back(int(text))


def _checked(found: re.Match[str]) -> str:
    least, comma, most = found.groups()
    if least is not None and max(int(least), int(most or 0)) > _MOST_REPEATED:
        raise Absent(f"a pattern repeats a part at most {_MOST_REPEATED} times")
    if comma and most and int(most) < int(least):
        raise Absent(f"“{found.group()}” in the pattern ends below its beginning")
    return found.group()


def _quoted(text: str) -> str:
    return "".join(f"\\x{{{ord(character):x}}}" for character in text)


def _resolved(choice: Choice) -> Choice:
    """Without those back-references that refer to a group of a few texts in the same sequence."""
    return Choice(tuple(_resolved_sequence(branch) for branch in choice.branches), choice.number)


def _resolved_sequence(sequence: Sequence) -> Sequence:
    for place, part in enumerate(sequence):
        rest = sequence[place + 1 :]
        if isinstance(part, Choice) and part.number is not None and any(_refers(later, part.number) for later in rest):
            texts = _texts(part)
            if texts is None or any(isinstance(inner, Choice) for branch in part.branches for inner in branch):
                raise _no_back_reference(part.number)
            number = part.number
            ways = [
                (Choice(((_literal(text),),), number), *(_filled(later, number, text) for later in rest))
                for text in texts
            ]
            return (*sequence[:place], _resolved(Choice(tuple(ways))))
    return tuple(_resolved(part) if isinstance(part, Choice) else _resolved_repeated(part) for part in sequence)


def _resolved_repeated(part: Leaf | Repeated | Back) -> Part:
    if isinstance(part, Repeated) and isinstance(part.part, Choice):
        return Repeated(_resolved(part.part), part.quantifier)
    return part


def _no_back_reference(number: int) -> Absent:
    return Absent(f"the back-reference \\{number} cannot be matched in linear time: its group may be one of many texts")


def _literal(text: str) -> Leaf:
    return Leaf(f"(?:{_quoted(text)})", (text,))


def _refers(part: Part, number: int) -> bool:
    if isinstance(part, Repeated):
        part = part.part
    if isinstance(part, Choice):
        return any(_refers(inner, number) for branch in part.branches for inner in branch)
    return isinstance(part, Back) and part.number == number


def _filled(part: Part, number: int, text: str) -> Part:
    """The part with the text in place of the back-reference."""
    if isinstance(part, Back) and part.number == number:
        return _literal(text)
    if isinstance(part, Choice):
        branches = tuple(tuple(_filled(inner, number, text) for inner in branch) for branch in part.branches)
        return Choice(branches, part.number)
    if isinstance(part, Repeated):
        inner = _filled(part.part, number, text)
        return Repeated(inner, part.quantifier) if not isinstance(inner, Repeated) else part
    return part


def _texts(choice: Choice) -> tuple[str, ...] | None:
    """The texts that the branches can match, in order; None when they are many."""
    found: dict[str, None] = {}
    for branch in choice.branches:
        choices = [part.texts if isinstance(part, Leaf) else None for part in branch]
        if None in choices:
            return None
        for pieces in product(*(texts or () for texts in choices)):
            found["".join(pieces)] = None
            if len(found) > _MOST_TEXTS:
                return None
    return tuple(found)


@dataclass
class _Writer:
    count: int
    groups: list[list[int]] = field(default_factory=list)
    _written: int = 0

    def __post_init__(self) -> None:
        self.groups = [[0], *([] for _ in range(self.count))]

    def choice(self, choice: Choice) -> str:
        """The branches, without a bracket around them."""
        return "|".join("".join(self._part(part) for part in branch) for branch in choice.branches)

    def _part(self, part: Part) -> str:
        if isinstance(part, Leaf):
            return part.written
        if isinstance(part, Back):
            raise _no_back_reference(part.number)
        if isinstance(part, Repeated):
            inner = self._part(part.part)
            return f"(?:{inner}){part.quantifier}"
        if part.number is None:
            return f"(?:{self.choice(part)})"
        self._written += 1
        self.groups[part.number].append(self._written)
        return f"({self.choice(part)})"
