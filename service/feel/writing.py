"""The text of any value, as FEEL itself writes it. Reading texts is in `temporal.py` and the grammar."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

from service.feel.temporal import TEMPORAL, write_temporal
from service.feel.tokens import KEYWORDS, NAME_START
from service.feel.values import Range


def write(value: Any) -> str:
    """The text of a value: a text is itself, everything else as FEEL writes it."""
    return value if isinstance(value, str) else _write_inside(value)


def write_literal(value: Any) -> str:
    """A value as it is written in an expression: a text in quotation marks, a date after `@`."""
    if isinstance(value, str):
        return quoted(value)
    return f"@{quoted(write_temporal(value))}" if isinstance(value, TEMPORAL) else _write_inside(value)


_ESCAPED = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t"}


def quoted(text: str) -> str:
    """A text as a literal; what nobody could see on a page is written as its code."""
    return '"' + "".join(_ESCAPED.get(c) or (c if c.isprintable() else _code(ord(c))) for c in text) + '"'


def _code(number: int) -> str:
    return f"\\u{number:04X}" if number <= 0xFFFF else f"\\U{number:06X}"


def write_number(value: Decimal) -> str:
    """The digits of a number, without an exponent."""
    text = format(value, "f")
    return text[1:] if text.startswith("-") and not value else text


def _write_inside(value: Any) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return write_number(value)
    if isinstance(value, str):
        return _in_quotes(value)
    if isinstance(value, TEMPORAL):
        return write_temporal(value)
    if isinstance(value, list):
        return f"[{', '.join(_write_inside(item) for item in value)}]"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_key(key)}: {_write_inside(item)}" for key, item in value.items()) + "}"
    if isinstance(value, Range):
        return _write_range(value)
    return f"function({', '.join(getattr(value, 'parameters', ()))})"


_NAME = re.compile(f"[{NAME_START}][{NAME_START}0-9]*")


def _in_quotes(text: str) -> str:
    """A text inside a list or context: `string` gives its characters as they are."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _key(name: str) -> str:
    words = name.split(" ")
    # Python knows letters, such as “º”, that no name of FEEL may have.
    plain = all(word.isidentifier() and _NAME.fullmatch(word) for word in words) and words[0] not in KEYWORDS
    return name if plain else _in_quotes(name)


def _write_range(value: Range) -> str:
    if value.operator:
        return f"({value.operator}{_end(value.start)})"
    opening = "[" if value.start_included else "("
    closing = "]" if value.end_included else ")"
    return f"{opening}{_end(value.start)}..{_end(value.end)}{closing}"


def _end(value: Any) -> str:
    if isinstance(value, TEMPORAL):
        return f'@"{write_temporal(value)}"'
    return _write_inside(value)
