"""What can be read but was surely not meant, such as `18-25` for a range. Nothing here changes a result."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from service.feel.builtins import BUILTINS
from service.feel.grammar import parse_expression, parse_tests
from service.feel.reading import everything_in
from service.feel.suggestions import about_name
from service.feel.syntax import (
    Against,
    Arithmetic,
    Call,
    Comparison,
    If,
    ListOf,
    Literal,
    Logic,
    Name,
    Node,
    RangeOf,
    Tests,
)
from service.feel.values import in_words
from service.feel.writing import write_number

_ORDER = frozenset({"<", "<=", ">", ">="})
_TEST_IN_QUOTES = re.compile(r"\s*(?:<=|>=|!=|<|>|=|\[|\()\s*-?[0-9.]+.*", re.DOTALL)
_LEAST_YEAR = 1000
_CACHED = 4096


class Look(NamedTuple):
    """What stands out in an expression or a cell."""

    slips: tuple[str, ...]
    """What was surely not meant, each in a sentence."""
    alone: frozenset[str]
    """Names that stand alone, as where the quotation marks of a text were forgotten; in a cell also after = or !=."""


@lru_cache(maxsize=_CACHED)
def look_at_expression(text: str, names: frozenset[str] = frozenset()) -> Look:
    """What stands out in an expression. `names` of several words are known. Raises FeelError."""
    tree = parse_expression(text, names)
    slips = tuple(_difference(tree, "a text stands in quotation marks")) or tuple(_slips(tree, names))
    return Look(slips, frozenset([tree.name] if isinstance(tree, Name) else []))


@lru_cache(maxsize=_CACHED)
def look_at_tests(text: str, names: frozenset[str] = frozenset()) -> Look:
    """What stands out in unary tests, such as a cell. Raises FeelError."""
    tests = parse_tests(text, names)
    slips = tuple(slip for test in tests.tests for slip in tuple(_slips_of_test(test)) or _slips(test, names))
    return Look(slips, frozenset(_bare(tests)))


def _bare(tests: Tests) -> Iterator[str]:
    for test in tests.tests:
        if isinstance(test, Tests):
            yield from _bare(test)
            continue
        alone = test.operand if isinstance(test, Against) and test.operator in ("=", "!=") else test
        if isinstance(alone, Name):
            yield alone.name


def _slips_of_test(test: Node) -> Iterator[str]:
    match test:
        case Arithmetic(_, "-", Literal(_, Decimal() as low), Literal(_, Decimal() as high)):
            yield from _difference(test, f"a range is written [{write_number(low)}..{write_number(high)}]")
        case Logic(_, operator, left, right) if _is_value(left) or _is_value(right):
            yield f"“{operator}” joins conditions; several values are separated by commas"
        case Literal(_, str() as text) if _TEST_IN_QUOTES.fullmatch(text):
            yield f'"{text}" is compared as a text; a test stands without quotation marks'
        case ListOf(_, (Arithmetic() as item,)):
            yield from _slips_of_test(item)
        case Arithmetic(_, "/", Name(_, "n" | "N"), Name(_, "a" | "A")):
            yield "this is read as a division; what is not there is written null, and a cell where all may stand -"
        case Tests(_, tests):
            for inner in tests:
                yield from _slips_of_test(inner)


def _difference(node: Node, instead: str) -> Iterator[str]:
    """Nobody has the difference of two numbers worked out that stand there: a range or a text is meant."""
    match node:
        case Arithmetic(_, "-", Literal(_, Decimal() as first), Literal(_, Decimal() as second)):
            yield f"this is a difference of two numbers, {write_number(first - second)}; {instead}"


def _slips(node: Node, known: frozenset[str]) -> Iterator[str]:
    for part in everything_in(node):
        yield from _slip(part, known)


def _slip(node: Node, known: frozenset[str]) -> Iterator[str]:
    match node:
        case Name(_, name) if name not in known and (told := about_name(name)):
            yield f"“{name}” is read as one name; {told}"
        case Call(_, Name(_, name)) if name not in known and name not in BUILTINS and name.lower() in BUILTINS:
            yield f"there is no function “{name}”; “{name.lower()}” is meant"
        case Comparison(_, operator, Comparison(_, first), _) if operator in _ORDER and first in _ORDER:
            yield "two comparisons in a row have no result; write x > 5 and x < 10, or x in (5..10)"
        case Logic(_, operator, left, right) if wrong := [side for side in (left, right) if _is_value(side)]:
            told = in_words(wrong[0].value) if isinstance(wrong[0], Literal) else ""
            yield f"“{operator}” joins conditions, and {told} is none; one of several values is x in (a, b)"
        case Arithmetic() if _is_date(node):
            yield 'this is a calculation; a date is written @"2027-01-04"'
        case If(_, condition) if _is_value(condition):
            yield "the condition after “if” is no condition, so that “else” always holds"
        case RangeOf(_, Literal(_, Decimal() as low), Literal(_, Decimal() as high)) if low > high:
            yield "nothing lies in a range that begins with its larger end"


def _is_value(node: Node) -> bool:
    """Whether it is a literal that cannot be a condition. Null can: it is a condition that nobody knows."""
    return isinstance(node, Literal) and node.value is not None and not isinstance(node.value, bool)


def _is_date(node: Arithmetic) -> bool:
    """Whether it is three numbers with the same sign between them, one of which could be a year."""
    match node:
        case Arithmetic(_, "-" | "/" as sign, Arithmetic(_, inner, Literal(_, a), Literal(_, b)), Literal(_, c)):
            whole = all(isinstance(part, Decimal) and part == part.to_integral_value() for part in (a, b, c))
            return sign == inner and whole and (a >= _LEAST_YEAR or c >= _LEAST_YEAR)
    return False
