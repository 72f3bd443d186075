"""What a random expression sees: names with values of every kind, host functions, and texts to begin from."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from html import unescape
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from service.feel import BUILTIN_NAMES, HostFunction, Range, YearsMonthsDuration

ROOT = Path(__file__).resolve().parents[2]
SEEDS = Path(__file__).parent / "seeds"


def _refuse(value: Any) -> Any:
    raise ValueError(f"nothing is done with {type(value).__name__}")


FUNCTIONS = {
    "same": HostFunction("same", ("value",), lambda value: value),
    "refuse": HostFunction("refuse", ("value",), _refuse),
    "pair up": HostFunction("pair up", ("one", "other"), lambda one, other: [one, other]),
}
PEOPLE = [
    {"name": "K-101", "age": Decimal(7), "from": date(2019, 2, 28), "tags": ["a", "b"]},
    {"name": "K-102", "age": None, "from": None, "tags": []},
    {"name": "K-103", "age": Decimal("15.5"), "from": date(2011, 12, 31), "home": {"weeks": Decimal(3)}},
]
SCOPE: dict[str, Any] = {
    "n": Decimal(42),
    "m": Decimal("-0.125"),
    "big": Decimal("9.999999999999999999999999999999999E+6144"),
    "tiny": Decimal("1E-6143"),
    "zero": Decimal(0),
    "s": "text",
    "empty": "",
    "wide": "𝕏 naïve — “ß”\n\t\\",
    "yes": True,
    "no": False,
    "nothing": None,
    "day": date(2028, 2, 29),
    "first": date(1, 1, 1),
    "last": date(9999, 12, 31),
    "clock": time(23, 59, 59, 999999),
    "clock utc": time(1, 2, 3, tzinfo=UTC),
    "clock london": time(12, 0, tzinfo=ZoneInfo("Europe/London")),
    "moment": datetime(2027, 3, 28, 1, 30),
    "moment offset": datetime(2027, 3, 28, 1, 30, tzinfo=timezone(timedelta(hours=-14))),
    "moment zone": datetime(2026, 10, 25, 1, 30, tzinfo=ZoneInfo("Europe/London")),
    "end of time": datetime(9999, 12, 31, 23, 59, 59, 999999, tzinfo=UTC),
    "length": timedelta(days=1, hours=2, microseconds=1),
    "longest": timedelta.max,
    "months": YearsMonthsDuration(-14),
    "range": Range(Decimal(1), Decimal(10), True, False),
    "open": Range(None, date(2027, 1, 1), False, True),
    "numbers": [Decimal(n) for n in (3, 1, 2, 2)],
    "mixed": [Decimal(1), "a", None, [True], {"x": Decimal(1)}],
    "nested": [[[[]]], [Decimal(1)]],
    "people": PEOPLE,
    "case": {"plan": {"review date": date(2027, 1, 4)}, "Pre-bureau risk": "HIGH", "workers": PEOPLE, "a": None},
    "Pre-bureau risk": "LOW",
    "a-b": Decimal(5),
    "a": Decimal(3),
    "b": Decimal(2),
    "worker's view": "seen",
}
NAMES = tuple(SCOPE) + tuple(FUNCTIONS)

LITERALS = (
    "0", "1", "-1", "2", "10", "0.1", ".5", "1e3", "1E-6143", "9.99e6144", "12345678901234567890123456789012345",
    "1000000", "-6111", "6176", '""', '"a"', '"aa"', '"2027-01-04"', '"10:00:00"', '"P1D"', '"P1Y2M"', '"\\n\\u00e9"',
    '"\\U01F600"', '"(a+)+$"', '"[a-z-[aeiou]]"', '"\\\\d"', '"$1"', '"[1..3]"', '"1,000.5"', '"smixq"', "true",
    "false", "null", "[]", "{}", "[1,2,3]", "{a: 1}", "(< 5)", "[1..3]", "(0..10)", '["a".."z"]', "[1..null]",
    '@"2027-01-04"', '@"2028-02-29"', '@"10:00:00"', '@"23:59:59.999999Z"', '@"2027-03-28T01:30:00@Europe/London"',
    '@"2027-01-01T00:00:00+14:00"', '@"P1D"', '@"-PT0.000001S"', '@"P1Y2M"', '@"-P999999999Y"', '@"P999999999D"',
    '@"nonsense"', '@"0001-01-01T00:00:00+18:00"', '@"9999-12-31T23:59:59-18:00"', "function(a, b) a < b",
    "function(x) x",
)  # fmt: skip
WORDS = (
    "if", "then", "else", "for", "in", "return", "some", "every", "satisfies", "and", "or", "not", "between",
    "instance", "of", "function", "external", "+", "-", "*", "/", "**", "=", "!=", "<", "<=", ">", ">=", "(",
    ")", "[", "]", "{", "}", ",", ":", "..", ".", "?", "@", "] [", "->", "//", "/*", "*/", '"', "'", "’",
    "\\", ";", "#", "\ufeff", "\u2028", "\x00", "é", "𝕏", "list<number>", "context<a: number>",
    "function<number> -> string", "days and time duration", "date and time", "item", "partial", "?",
)  # fmt: skip
CALLED = tuple(sorted(BUILTIN_NAMES))


def expressions() -> list[str]:
    """The FEEL expressions of the rule book."""
    found = {unescape(text) for file in ROOT.glob("processes/**/*.bpmn") for text in _after_equals(file.read_text())}
    return sorted({text for file in _dmn_files() for text in _texts(file, "literalExpression|outputEntry")} | found)


def cells() -> list[str]:
    """The unary tests of the rule book."""
    return sorted({text for file in _dmn_files() for text in _texts(file, "inputEntry|inputValues|allowedValues")})


def dmn_files() -> list[bytes]:
    """The DMN files of the rule book that are small enough to be mutated often, and those made for this."""
    return [content for file in _dmn_files() if len(content := file.read_bytes()) < 40_000]


def _dmn_files() -> list[Path]:
    return sorted([*ROOT.glob("processes/**/*.dmn"), *SEEDS.glob("*.dmn")])


def _after_equals(text: str) -> list[str]:
    return re.findall(r'="=([^"]+)"', text) + re.findall(r">=([^<]+)<", text)


def _texts(file: Path, elements: str) -> list[str]:
    pattern = rf"<(?:\w+:)?(?:{elements})\b[^>]*>\s*<(?:\w+:)?text>([^<]+)</"
    return [unescape(text) for text in re.findall(pattern, file.read_text())]
