"""Sets of characters as runs of code points: categories, blocks and names of Unicode and XML. Classes are elsewhere."""

from __future__ import annotations

import sys
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

Spans = tuple[tuple[int, int], ...]
"""First and last code point of each run, in order, none touching another."""
_LAST = sys.maxunicode


def joined(spans: Iterable[tuple[int, int]]) -> Spans:
    """The runs in order, those that touch made one."""
    made: list[tuple[int, int]] = []
    for first, last in sorted(spans):
        if made and first <= made[-1][1] + 1:
            made[-1] = (made[-1][0], max(last, made[-1][1]))
        else:
            made.append((first, last))
    return tuple(made)


def all_but(spans: Spans) -> Spans:
    """Every character that is not in the runs."""
    edges = [-1, *(edge for first, last in spans for edge in (first, last)), _LAST + 1]
    pairs = zip(edges[::2], edges[1::2], strict=True)
    return tuple((before + 1, after - 1) for before, after in pairs if before + 1 < after)


def minus(spans: Spans, taken: Spans) -> Spans:
    """The characters of the first set that are not in the second."""
    return all_but(joined([*all_but(spans), *taken]))


@lru_cache(maxsize=1)
def _by_category() -> dict[str, Spans]:
    found: dict[str, list[tuple[int, int]]] = {}
    start, running = 0, unicodedata.category("\0")
    for code in range(1, _LAST + 2):
        category = unicodedata.category(chr(code)) if code <= _LAST else ""
        if category != running:
            found.setdefault(running, []).append((start, code - 1))
            start, running = code, category
    return {category: tuple(spans) for category, spans in found.items()}


@lru_cache(maxsize=64)
def of_category(name: str) -> Spans:
    """The characters of a category such as `Lu` or of a group of them such as `L`."""
    return joined(span for category, spans in _by_category().items() if category.startswith(name) for span in spans)


@lru_cache(maxsize=1)
def _case_variants() -> dict[int, frozenset[int]]:
    """To each character that has them the others that differ from it only in case."""
    alike: dict[str, set[int]] = {}
    for name in ("L", "M", "N", "S"):
        for first, last in of_category(name):
            for code in range(first, last + 1):
                character = chr(code)
                lower, upper = character.lower(), character.upper()
                if lower != character or upper != character:
                    for form in {lower, upper, character}:
                        alike.setdefault(form, set()).add(code)
    variants: dict[int, set[int]] = {}
    for codes in alike.values():
        for code in codes:
            variants.setdefault(code, set()).update(codes)
    return {code: frozenset(others) for code, others in variants.items()}


def in_any_case(spans: Spans) -> Spans:
    """The characters with all their variants in case."""
    found = [
        (other, other)
        for code, others in _case_variants().items()
        if any(first <= code <= last for first, last in spans)
        for other in others
    ]
    return joined([*spans, *found])


_PARTS = {"L": "ultmo", "M": "nce", "N": "dlo", "P": "cdseifo", "Z": "slp", "S": "mcko", "C": "cfon"}
CATEGORIES = frozenset(_PARTS) | {group + part for group, parts in _PARTS.items() for part in parts}
"""The categories that XML Schema knows."""

NAME_START: Spans = (
    (0x3A, 0x3A), (0x41, 0x5A), (0x5F, 0x5F), (0x61, 0x7A), (0xC0, 0xD6), (0xD8, 0xF6), (0xF8, 0x2FF), (0x370, 0x37D),
    (0x37F, 0x1FFF), (0x200C, 0x200D), (0x2070, 0x218F), (0x2C00, 0x2FEF), (0x3001, 0xD7FF), (0xF900, 0xFDCF),
    (0xFDF0, 0xFFFD), (0x10000, 0xEFFFF),
)  # fmt: skip
"""`\\i`: the characters with which a name of XML begins."""
NAME: Spans = joined([*NAME_START, (0x2D, 0x2E), (0x30, 0x39), (0xB7, 0xB7), (0x300, 0x36F), (0x203F, 0x2040)])
"""`\\c`: the characters of a name of XML."""
BLANK: Spans = ((0x9, 0xA), (0xD, 0xD), (0x20, 0x20))
"""`\\s`."""
