"""Character classes of XPath, such as `[a-z-[aeiou]]` and `\\p{Lu}`, as RE2 writes them. Patterns are elsewhere."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from service.feel.absent import Absent
from service.feel.blocks import BLOCKS
from service.feel.code_points import (
    BLANK,
    CATEGORIES,
    NAME,
    NAME_START,
    Spans,
    all_but,
    in_any_case,
    joined,
    minus,
    of_category,
)

_WORD = ("L", "M", "N", "S")
_NO_WORD = ("P", "Z", "C")
_PLAIN = {"n": "\n", "r": "\r", "t": "\t"}
_ITSELF = frozenset("\\|.?*+(){}-[]^$")
MOST_SINGLES = 40


@dataclass(frozen=True, slots=True)
class Characters:
    """A set of characters: some runs, and all of some categories, or all of none of them."""

    spans: Spans = ()
    categories: tuple[str, ...] = ()
    negated: bool = False

    def text(self) -> str:
        """What RE2 calls them inside a class that is not negated by this set."""
        return _written(self.spans) + "".join(f"\\p{{{name}}}" for name in self.categories)

    def worked_out(self, *, any_case: bool) -> Spans:
        """Every character of the set. Case makes no difference to categories, as XPath has it."""
        spans = in_any_case(self.spans) if any_case else self.spans
        every = joined([*spans, *(span for name in self.categories for span in of_category(name))])
        return all_but(every) if self.negated else every


def escaped(pattern: str, index: int) -> tuple[Characters, int]:
    """What the escape after the backslash at `index` stands for, and where the pattern goes on. Raises Absent."""
    letter = pattern[index + 1 : index + 2]
    if letter in _PLAIN or (letter in _ITSELF and letter):
        return Characters(((ord(_PLAIN.get(letter, letter)),) * 2,)), index + 2
    if letter and letter in "pP":
        return _property(pattern, index)
    found = _ESCAPES.get(letter)
    if found is None:
        raise Absent(f"“\\{letter}” stands for nothing in a pattern")
    return found, index + 2


def _property(pattern: str, index: int) -> tuple[Characters, int]:
    end = pattern.find("}", index)
    name = pattern[index + 3 : end] if end > 0 and pattern[index + 2] == "{" else ""
    negated = pattern[index + 1] == "P"
    if name in CATEGORIES:
        return Characters(categories=(name,), negated=negated), end + 1
    if name in BLOCKS:
        return _either((BLOCKS[name],), negated), end + 1
    raise Absent(f"there is no category or block of characters “{name[:40]}”")


def _either(spans: Spans, negated: bool) -> Characters:
    return Characters(all_but(spans) if negated else spans)


_ESCAPES = {
    "s": Characters(BLANK),
    "S": _either(BLANK, True),
    "d": Characters(categories=("Nd",)),
    "D": Characters(categories=("Nd",), negated=True),
    "w": Characters(categories=_WORD),
    "W": Characters(categories=_NO_WORD),
    "i": Characters(NAME_START),
    "I": _either(NAME_START, True),
    "c": Characters(NAME),
    "C": _either(NAME, True),
}


@dataclass(frozen=True, slots=True)
class CharacterClass:
    """What stands between square brackets."""

    members: tuple[Characters, ...]
    negated: bool
    taken_out: CharacterClass | None

    def worked_out(self, *, any_case: bool) -> Spans:
        """Every character of the class."""
        every = joined(span for member in self.members for span in member.worked_out(any_case=any_case))
        kept = all_but(every) if self.negated else every
        return minus(kept, self.taken_out.worked_out(any_case=any_case)) if self.taken_out else kept

    def singles(self) -> str | None:
        """Its characters when they are few, so that each can be tried; None when they are not."""
        if self.negated or self.taken_out or any(member.categories or member.negated for member in self.members):
            return None
        spans = joined(span for member in self.members for span in member.spans)
        if sum(last - first + 1 for first, last in spans) > MOST_SINGLES:
            return None
        return "".join(chr(code) for first, last in spans for code in range(first, last + 1))


def read_class(pattern: str, index: int) -> tuple[CharacterClass, int]:
    """The class that opens at `index`, and where the pattern goes on. Raises Absent."""
    index += 1
    negated = pattern[index : index + 1] == "^"
    index += negated
    members: list[Characters] = []
    while pattern[index : index + 1] not in ("]", "") and (not members or pattern[index : index + 2] != "-["):
        member, index = _member(pattern, index, first=not members)
        members.append(member)
    taken_out = None
    if pattern[index : index + 2] == "-[":
        taken_out, index = read_class(pattern, index + 1)
    if pattern[index : index + 1] != "]" or not members:
        raise Absent("a class in the pattern is empty or never closed with “]”")
    return CharacterClass(tuple(members), negated, taken_out), index + 1


def _member(pattern: str, index: int, *, first: bool) -> tuple[Characters, int]:
    start, after = _one(pattern, index)
    if pattern[index] == "-" and not first and pattern[after : after + 1] != "]":
        raise Absent("“-” in the middle of a class must be written “\\-”")
    if pattern[after : after + 1] != "-" or pattern[after + 1 : after + 2] in ("]", "[", ""):
        return start, after
    end, after = _one(pattern, after + 1)
    low, high = _code(start), _code(end)
    if low is None or high is None or low > high:
        raise Absent("a run of characters in a class goes upwards from one character to another, as in a-z")
    return Characters(((low, high),)), after


def _one(pattern: str, index: int) -> tuple[Characters, int]:
    if pattern[index] == "[":
        raise Absent("“[” inside a class must be written “\\[”")
    if pattern[index] == "\\":
        return escaped(pattern, index)
    return Characters(((ord(pattern[index]),) * 2,)), index + 1


def _code(one: Characters) -> int | None:
    alone = len(one.spans) == 1 and one.spans[0][0] == one.spans[0][1] and not one.categories
    return one.spans[0][0] if alone else None


def class_in_re2(wanted: CharacterClass, *, any_case: bool) -> str:
    """The class as RE2 writes it. Raises Absent when nothing is left of it."""
    categories = [member for member in wanted.members if member.categories]
    plain = not wanted.taken_out and not any(member.negated or "Cn" in member.categories for member in categories)
    if plain and not (any_case and categories):
        return f"[{'^' * wanted.negated}{''.join(member.text() for member in wanted.members)}]"
    spans = wanted.worked_out(any_case=any_case)
    if not spans:
        raise Absent("nothing is left of a class in the pattern")
    return f"(?-i:[{_written(spans)}])"


def characters_in_re2(wanted: Characters) -> str:
    """An escape outside a class as RE2 writes it; case makes no difference to it."""
    if "Cn" in wanted.categories:
        return f"[{_written(wanted.worked_out(any_case=False))}]"
    return f"(?-i:[{'^' * wanted.negated}{wanted.text()}])"


def _written(spans: Iterable[tuple[int, int]]) -> str:
    return "".join(f"\\x{{{first:x}}}" + (f"-\\x{{{last:x}}}" if last > first else "") for first, last in spans)
