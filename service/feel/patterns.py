"""Patterns of XPath, matched in linear time by RE2. Python's own matcher never sees a pattern from outside."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import Any

import re2

from service.feel.absent import Absent
from service.feel.classes import without_subtraction
from service.feel.runtime import Evaluation

_FLAGS = frozenset("smixq")
_MOST_PATTERN = 2_000
_MEMORY = 8 << 20


def found(text: str, pattern: str, flags: str) -> bool:
    """Whether the pattern occurs in the text. Raises Absent when the pattern or a flag is wrong."""
    return _compiled(pattern, flags).search(text) is not None


def replaced(text: str, pattern: str, replacement: str, flags: str, evaluation: Evaluation) -> str:
    """The text with every match replaced; `$n` is a group, `\\$` and `\\\\` are themselves. Raises Absent."""
    compiled = _compiled(pattern, flags)
    if compiled.search("") is not None:
        raise Absent("the pattern matches the empty text")
    template = list(_template(replacement, compiled.groups)) if "q" not in flags else [replacement]
    pieces: list[str] = []
    length = end = 0
    for match in compiled.finditer(text):
        made = text[end : match.start()] + "".join(
            piece if isinstance(piece, str) else match.group(piece) or "" for piece in template
        )
        end = match.end()
        length += len(made)
        if length > evaluation.limits.string_length:
            raise evaluation.too_much(f"makes a text of more than {evaluation.limits.string_length} characters")
        pieces.append(made)
    return "".join(pieces) + text[end:]


def parts(text: str, delimiter: str, evaluation: Evaluation) -> list[str]:
    """The text cut at every match of the delimiter. Raises Absent."""
    compiled = _compiled(delimiter, "")
    if compiled.search("") is not None:
        raise Absent("the delimiter matches the empty text")
    pieces: list[str] = []
    end = 0
    for match in compiled.finditer(text):
        pieces.append(text[end : match.start()])
        end = match.end()
        evaluation.step()
    return [*pieces, text[end:]]


def _template(replacement: str, groups: int) -> Iterator[str | int]:
    """The replacement as texts and numbers of groups; a number too large for the groups loses its last digit."""
    index = 0
    while index < len(replacement):
        character = replacement[index]
        following = replacement[index + 1 : index + 2]
        if character == "\\" and following in ("$", "\\"):
            yield following
            index += 2
        elif character == "$" and following.isascii() and following.isdigit():
            index += 2
            number = int(following)
            while replacement[index : index + 1].isdigit() and number * 10 + int(replacement[index]) <= groups:
                number = number * 10 + int(replacement[index])
                index += 1
            yield number if number <= groups else ""
        elif character in "\\$":
            raise Absent(f"“{character}” in the replacement stands for nothing; write “\\{character}”")
        else:
            yield character
            index += 1


@lru_cache(maxsize=512)
def _compiled(pattern: str, flags: str) -> Any:
    if len(pattern) > _MOST_PATTERN:
        raise Absent(f"a pattern has at most {_MOST_PATTERN} characters")
    unknown = set(flags) - _FLAGS
    if unknown:
        raise Absent(f"there is no flag “{min(unknown)}”")
    options = re2.Options()
    options.log_errors = False
    options.max_mem = _MEMORY
    options.case_sensitive = "i" not in flags
    if "q" in flags:
        options.literal = True
        return _re2(pattern, options)
    modes = "".join(flag for flag in "sm" if flag in flags)
    translated = translate(pattern, ignore_blanks="x" in flags, dot_all="s" in flags)
    return _re2(f"(?{modes}){translated}" if modes else translated, options)


def _re2(pattern: str, options: Any) -> Any:
    try:
        return re2.compile(pattern, options)
    except re2.error as error:
        problem = error.args[0] if error.args else ""
        words = problem.decode("utf-8", "replace") if isinstance(problem, bytes) else str(problem)
        raise Absent(f"the pattern cannot be read: {words}") from None


def translate(pattern: str, *, ignore_blanks: bool, dot_all: bool) -> str:
    """The XPath pattern as RE2 writes it. Raises Absent for what RE2 cannot do, such as back-references."""
    out: list[str] = []
    index = depth = 0
    while index < len(pattern):
        character = pattern[index]
        index += 1
        if character == "\\":
            escape, index = _escape(pattern, index, in_class=depth > 0, ignore_blanks=ignore_blanks)
            out.append(escape)
        elif depth == 0 and character == "[":
            plain = without_subtraction(pattern, index - 1)
            depth = 0 if plain else 1
            text, index = plain or ("[", index)
            out.append(text)
        elif depth and character == "]":
            depth -= 1
            out.append("]")
        elif depth and character == "[":
            raise Absent("“[” inside a class must be written “\\[”")
        elif depth == 0 and character.isspace() and ignore_blanks:
            continue
        elif depth == 0 and character == "." and not dot_all:
            out.append("[^\\n\\r]")
        else:
            out.append(character)
    return "".join(out)


def _escape(pattern: str, index: int, *, in_class: bool, ignore_blanks: bool) -> tuple[str, int]:
    """What the escape before `index` is in RE2, and where the pattern goes on."""
    while ignore_blanks and not in_class and pattern[index : index + 1].isspace():
        index += 1
    letter = pattern[index : index + 1]
    if letter.isdigit():
        raise Absent("a back-reference such as \\1 cannot be matched in linear time")
    if letter in _NAME_CLASSES:
        inside = _NAME_CLASSES[letter]
        return (inside if in_class else f"[{inside}]"), index + 1
    if letter in "pP" and pattern[index + 1 : index + 2] == "{":
        close = pattern.find("}", index)
        name = pattern[index + 2 : close] if close > 0 else ""
        name = "".join(name.split()) if ignore_blanks else name
        if name in _BLOCKS:
            return _block(_BLOCKS[name], negated=letter == "P", in_class=in_class), close + 1
        return f"\\{letter}{{{name}}}", close + 1
    return f"\\{letter}", index + 1


_NAME_CLASSES = {"i": "\\p{L}_:", "c": "\\p{L}\\p{N}_:.·-"}
_BLOCKS = {
    "IsBasicLatin": "\\x00-\\x7F",
    "IsLatin-1Supplement": "\\x80-\\xFF",
    "IsLatinExtended-A": "\\x{100}-\\x{17F}",
    "IsGreek": "\\x{370}-\\x{3FF}",
    "IsCyrillic": "\\x{400}-\\x{4FF}",
}


def _block(span: str, *, negated: bool, in_class: bool) -> str:
    if in_class and negated:
        raise Absent("a negated block inside a class cannot be matched")
    return span if in_class else f"[{'^' if negated else ''}{span}]"
