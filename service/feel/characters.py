"""Characters that FEEL has not, and what is written in their place. Tokens are in `tokens.py`."""

from __future__ import annotations

from collections.abc import Mapping


def instead_of(character: str) -> str:
    """What to write in place of a character without meaning; empty when nobody can say."""
    return next((words for characters, words in _INSTEAD.items() if character in characters), "")


_INSTEAD: Mapping[str, str] = {
    "“”„«»‘‚‹›`": 'a text stands between straight quotation marks, as in "open"',
    "&": "conditions are joined by “and”, texts by “+”",
    "|": "conditions are joined by “or”",
    "!": "“not” is written not(…), and “is not” is written !=",
    "%": "a hundredth part is a number: 10% is 0.1; what a division leaves is modulo(a, b)",
    "£$¥¢": "a sum of money is written as a number alone",
    ";": "parts are separated by “,”, and nothing ends an expression",
    "^": "a power is written **",
    "≤": "“at most” is written <=",
    "≥": "“at least” is written >=",
    "≠": "“is not” is written !=",
    "–—−‐‑": "a minus is written with a plain hyphen, -",
    "×·": "“times” is written *",
    "÷": "“divided by” is written /",
    "…": "a range has two dots, as in [1..5]",
    "\\": "a backslash stands only in texts",
    "#": "a note is written // at the end of a line",
}
