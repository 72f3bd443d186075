"""Patterns of XPath, matched in linear time by RE2. How they are written is in `pattern_grammar.py`.

Python's own matcher never sees a pattern from outside.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import re2

from service.feel.absent import Absent
from service.feel.pattern_grammar import in_re2
from service.feel.runtime import Evaluation

_FLAGS = frozenset("smixq")
_MOST_PATTERN = 2_000
_MEMORY = 4 << 20
_PER_STEP = 200_000
"""How many times a step of the matcher for a character is worth a step of the evaluation."""


def found(text: str, pattern: str, flags: str, evaluation: Evaluation) -> bool:
    """Whether the pattern occurs in the text. Raises Absent when the pattern or a flag is wrong."""
    return _ready(pattern, flags, text, evaluation).matcher.search(text) is not None


def replaced(text: str, pattern: str, replacement: str, flags: str, evaluation: Evaluation) -> str:
    """The text with every match replaced; `$n` is a group, `\\$` and `\\\\` are themselves. Raises Absent."""
    compiled = _ready(pattern, flags, text, evaluation)
    if compiled.matcher.search("") is not None:
        raise Absent("the pattern matches the empty text")
    template = [replacement] if "q" in flags else list(_template(replacement, len(compiled.groups) - 1))
    pieces: list[str] = []
    length = end = 0
    for match in compiled.matcher.finditer(text):
        pieces.append(text[end : match.start()])
        pieces.extend(piece if isinstance(piece, str) else _group(match, compiled.groups[piece]) for piece in template)
        length += sum(map(len, pieces[-1 - len(template) :]))
        end = match.end()
        evaluation.step()
        if length > evaluation.limits.string_length:
            raise evaluation.too_much(f"makes a text of more than {evaluation.limits.string_length} characters")
    return "".join(pieces) + text[end:]


def _group(match: Any, numbers: tuple[int, ...]) -> str:
    """What a group matched: that of RE2's groups for it which took part; empty when none did."""
    return next((found for number in numbers if (found := match.group(number)) is not None), "")


def parts(text: str, delimiter: str, evaluation: Evaluation) -> list[str]:
    """The text cut at every match of the delimiter. Raises Absent."""
    matcher = _ready(delimiter, "", text, evaluation).matcher
    if matcher.search("") is not None:
        raise Absent("the delimiter matches the empty text")
    pieces: list[str] = []
    end = 0
    for match in matcher.finditer(text):
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


@dataclass(frozen=True, slots=True)
class _Compiled:
    matcher: Any
    groups: tuple[tuple[int, ...], ...]
    """To each group of the pattern, and first to all of it, the groups of RE2 that hold what it matches."""


def _ready(pattern: str, flags: str, text: str, evaluation: Evaluation) -> _Compiled:
    """The pattern, read, with what matching it with the text may cost taken note of. Raises Absent, FeelError."""
    evaluation.patterns.add((pattern, flags))
    if len(evaluation.patterns) > evaluation.limits.patterns:
        raise evaluation.too_much(f"matches more than {evaluation.limits.patterns} different patterns")
    compiled = _compiled(pattern, flags)
    if isinstance(compiled, str):
        raise Absent(compiled)
    evaluation.step(len(text) * compiled.matcher.programsize // _PER_STEP)
    return compiled


@lru_cache(maxsize=512)
def _compiled(pattern: str, flags: str) -> _Compiled | str:
    """The pattern, read, or why it cannot be."""
    try:
        return _read(pattern, flags)
    except Absent as absent:
        return absent.reason


def _read(pattern: str, flags: str) -> _Compiled:
    if len(pattern) > _MOST_PATTERN:
        raise Absent(f"a pattern has at most {_MOST_PATTERN} characters")
    unknown = set(flags) - _FLAGS
    if unknown:
        raise Absent(f"there is no flag “{min(unknown)}”; the flags are s, m, i, x and q")
    options = re2.Options()
    options.log_errors = False
    options.max_mem = _MEMORY
    if "q" in flags:
        options.literal = True
        options.case_sensitive = "i" not in flags
        return _Compiled(_re2(pattern, options), ((0,),))
    written = in_re2(pattern, flags)
    return _Compiled(_re2(written.text, options), written.groups)


def _re2(pattern: str, options: Any) -> Any:
    try:
        return re2.compile(pattern, options)
    except re2.error as error:
        problem = error.args[0] if error.args else ""
        words = problem.decode("utf-8", "replace") if isinstance(problem, bytes) else str(problem)
        raise Absent(f"the pattern asks too much of the matcher: {words}") from None
