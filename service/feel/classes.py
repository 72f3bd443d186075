"""Character classes with a part taken out, `[A-Z-[OI]]`, as plain ones. Other patterns are not here."""

from __future__ import annotations

from service.feel.absent import Absent

Spans = list[tuple[int, int]]
"""First and last code point of each run of characters."""


def without_subtraction(pattern: str, start: int) -> tuple[str, int] | None:
    """The class at `start` as a plain one, and where the pattern goes on; None when nothing is taken out of it.

    Raises Absent when a part of it is more than single characters and runs of them.
    """
    end = _end_of_members(pattern, start + 1)
    if pattern[end : end + 2] != "-[":
        return None
    inner_end = _end_of_members(pattern, end + 2)
    if pattern[inner_end : inner_end + 2] != "]]" or pattern[end + 2 : end + 3] == "^":
        raise Absent("of a class, only characters and runs of characters can be taken out, as in [a-z-[aeiou]]")
    kept = _spans(pattern[start + 1 : end])
    for first, last in _spans(pattern[end + 2 : inner_end]):
        kept = [piece for span in kept for piece in _cut(span, first, last)]
    if not kept:
        raise Absent("nothing is left of a class in the pattern")
    return "[" + "".join(f"\\x{{{first:x}}}-\\x{{{last:x}}}" for first, last in kept) + "]", inner_end + 2


def _end_of_members(pattern: str, index: int) -> int:
    """Where the members of a class end: at `]`, at `-[` or at the end of the pattern."""
    while index < len(pattern) and pattern[index] != "]" and pattern[index : index + 2] != "-[":
        index += 2 if pattern[index] == "\\" else 1
    return min(index, len(pattern))


def _spans(members: str) -> Spans:
    spans: Spans = []
    index = 0
    if members.startswith("^"):
        raise Absent("from a negated class nothing can be taken out")
    while index < len(members):
        first, index = _character(members, index)
        last = first
        if members[index : index + 1] == "-" and index + 1 < len(members):
            last, index = _character(members, index + 1)
        spans.append((first, last))
    return spans


def _character(members: str, index: int) -> tuple[int, int]:
    if members[index] != "\\":
        return ord(members[index]), index + 1
    escaped = members[index + 1 : index + 2]
    if not escaped or escaped.isalnum():
        raise Absent("a class with a part taken out may hold characters and runs of characters only")
    return ord(escaped), index + 2


def _cut(span: tuple[int, int], first: int, last: int) -> Spans:
    pieces = ((span[0], min(span[1], first - 1)), (max(span[0], last + 1), span[1]))
    return [piece for piece in pieces if piece[0] <= piece[1]]
