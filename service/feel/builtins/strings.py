"""Built-in functions on strings. Patterns are matched in `service/feel/patterns.py`."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from service.feel import patterns
from service.feel.absent import Absent
from service.feel.builtins.positions import length_of, place_of
from service.feel.registry import builtin
from service.feel.runtime import Evaluation
from service.feel.values import in_words


@builtin("substring(string: string, start position: number, length: number?)")
def substring(string: str, start_position: Decimal, length: Decimal | None = None) -> str:
    """The part from a position, counted from 1 or, when negative, from the end."""
    first = place_of(start_position, len(string), "text")
    return string[first:] if length is None else string[first : first + length_of(length, len(string) - first)]


@builtin("string length(string: string)")
def string_length(string: str) -> int:
    """How many characters."""
    return len(string)


@builtin("upper case(string: string)")
def upper_case(string: str) -> str:
    """In capitals."""
    return string.upper()


@builtin("lower case(string: string)")
def lower_case(string: str) -> str:
    """In small letters."""
    return string.lower()


@builtin("substring before(string: string, match: string)")
def substring_before(string: str, match: str) -> str:
    """What stands before the first match; empty when there is none."""
    return string.partition(match)[0] if match and match in string else ""


@builtin("substring after(string: string, match: string)")
def substring_after(string: str, match: str) -> str:
    """What stands after the first match; empty when there is none."""
    return string.partition(match)[2] if match else string


@builtin("contains(string: string, match: string)")
def contains(string: str, match: str) -> bool:
    """Whether the text contains the other."""
    return match in string


@builtin("starts with(string: string, match: string)")
def starts_with(string: str, match: str) -> bool:
    """Whether the text begins with the other."""
    return string.startswith(match)


@builtin("ends with(string: string, match: string)")
def ends_with(string: str, match: str) -> bool:
    """Whether the text ends with the other."""
    return string.endswith(match)


@builtin("matches(input: string, pattern: string, flags: string|null?)", with_evaluation=True)
def matches(evaluation: Evaluation, text: str, pattern: str, flags: str | None = None) -> bool:
    """Whether the pattern is found anywhere in the text."""
    return patterns.found(text, pattern, flags or "", evaluation)


@builtin("replace(input: string, pattern: string, replacement: string, flags: string|null?)", with_evaluation=True)
def replace(evaluation: Evaluation, text: str, pattern: str, replacement: str, flags: str | None = None) -> str:
    """Every match replaced; `$1` stands for the first group."""
    return patterns.replaced(text, pattern, replacement, flags or "", evaluation)


@builtin("split(string: string, delimiter: string)", with_evaluation=True)
def split(evaluation: Evaluation, string: str, delimiter: str) -> list[str]:
    """The parts between the matches of a pattern."""
    return patterns.parts(string, delimiter, evaluation)


@builtin("string join(list: list, delimiter: string|null?)", with_evaluation=True)
def string_join(evaluation: Evaluation, items: list[Any], delimiter: str | None = None) -> str:
    """The texts of the list in one, nulls left out."""
    texts = [item for item in items if item is not None]
    for item in texts:
        if not isinstance(item, str):
            raise Absent(f"the list holds {in_words(item)}, which is no text")
    glue = delimiter or ""
    if sum(map(len, texts)) + len(glue) * len(texts) > evaluation.limits.string_length + len(glue):
        raise evaluation.too_much(f"makes a text of more than {evaluation.limits.string_length} characters")
    return glue.join(texts)
