"""What is tried with each input, and what it may raise: an expression, unary tests, a DMN file, JSON."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from decimal import Decimal
from random import Random
from typing import Any

from deployment.fuzz.files import changed_file
from deployment.fuzz.making import Maker, changed
from deployment.fuzz.world import FUNCTIONS, NAMES, SCOPE, cells, dmn_files, expressions
from service.decisions import load
from service.domain.errors import ModelError
from service.feel import (
    FeelError,
    adopt,
    compile_expression,
    compile_unary_tests,
    from_json,
    kind_of,
    tidy_expression,
    tidy_unary_tests,
    to_json,
    write,
)
from service.feel.values import NUMBERS

LONGEST = 2.0
"""Seconds of computing that one evaluation may take."""
_WATCHED = 5
"""How many times slower everything is while atheris looks on."""


class Wrong(AssertionError):
    """An answer that cannot be right, though nothing was raised."""


@contextmanager
def in_time(longest: float = LONGEST) -> Iterator[None]:
    """Raises Wrong when what is done meanwhile takes too long, even when it is refused in the end."""
    began = time.process_time()
    try:
        yield
    finally:
        took = time.process_time() - began
        if took > longest * (_WATCHED if "atheris" in sys.modules else 1):
            raise Wrong(f"slow: it took {took:.1f} seconds")


@dataclass(frozen=True)
class Target:
    """One way in: what is tried, what to begin from, how to make new input of old, with a random number maker."""

    name: str
    attempt: Callable[[bytes], None]
    seeds: Callable[[], list[bytes]]
    renew: Callable[[bytes, Random], bytes]


def attempt_expression(content: bytes) -> None:
    """Read, evaluate, write again and evaluate that. Raises anything but FeelError when something is wrong."""
    text = content.decode("utf-8", "replace")
    with suppress(FeelError):
        value = _outcome(text)
        tidied = tidy_expression(text, NAMES)
        if tidy_expression(tidied, NAMES) != tidied:
            raise Wrong(f"written twice, it changes: {tidied!r}")
        if _outcome(tidied) != value:
            raise Wrong(f"written again, it means something else: {tidied!r}")


def _outcome(text: str) -> str:
    """The value as text, when it is one that FEEL can hold, and JSON too."""
    try:
        with in_time():
            found = compile_expression(text, NAMES).evaluate_explained(SCOPE, functions=FUNCTIONS)
    except FeelError as error:
        return error.problem
    _check(found.value)
    with suppress(FeelError):
        json.dumps(to_json(found.value))
    return write(found.value)


def _check(value: Any) -> None:
    """Raises Wrong when a value is none of FEEL's."""
    rest = [value]
    while rest:
        item = rest.pop()
        if kind_of(item) == "unknown":
            raise Wrong(f"{type(item).__name__} is no FEEL value")
        if isinstance(item, Decimal) and (not item.is_finite() or NUMBERS.plus(item) != item):
            raise Wrong(f"{item} is no FEEL number")
        if isinstance(item, list):
            rest.extend(item)
        elif isinstance(item, dict):
            rest.extend(item.values())


def attempt_tests(content: bytes) -> None:
    """Put values of every kind to the tests, as written and as written again. Raises as above."""
    text = content.decode("utf-8", "replace")
    with suppress(FeelError):
        tidied = tidy_unary_tests(text, NAMES)
        if tidy_unary_tests(tidied, NAMES) != tidied:
            raise Wrong(f"written twice, they change: {tidied!r}")
        one, other = compile_unary_tests(text, NAMES), compile_unary_tests(tidied, NAMES)
        for value in SCOPE.values():
            with in_time(2 * LONGEST):
                first, second = (t.matches_explained(value, SCOPE, functions=FUNCTIONS).value for t in (one, other))
            if first is not second or first not in (True, False, None):
                raise Wrong(f"{first} for {value!r}, and {second} once written again: {tidied!r}")


def attempt_dmn(content: bytes) -> None:
    """Load the file, make and explain every decision. Raises anything but ModelError when something is wrong."""
    with suppress(ModelError):
        with in_time():
            library = load({"fuzz.dmn": content}, refuse_wrong_types=len(content) % 2 == 0)
        for problem in library.problems:
            if not isinstance(problem.message, str):
                raise Wrong("a problem without words")
        for decision in (*library.decisions, *library.services):
            with suppress(ModelError), in_time(5 * LONGEST):
                decided = library.decide(decision, SCOPE, functions=FUNCTIONS)
                _check(decided.result)
                told = [str(rule) for rule in decided.rules]
                if any(rule.matched != (rule.number in {m.number for m in decided.matched}) for rule in decided.rules):
                    raise Wrong(f"explained otherwise than decided: {told}")


def attempt_json(content: bytes) -> None:
    """JSON to FEEL, into an expression, and back."""
    try:
        given = json.loads(content)
    except (ValueError, RecursionError):
        return
    with suppress(FeelError):
        value = from_json(given)
        _check(adopt(value))
        back = json.loads(json.dumps(to_json(value)))
        if not isinstance(given, float | int | list | dict) and back != given:
            raise Wrong(f"{given!r} comes back as {back!r}")
        scope = value if isinstance(value, dict) else {"x": value}
        for text in ("x", "x.a[1]", "x = x", "string(x)", "count(x) + 1", "for i in x return i", "get entries(x)"):
            _check(compile_expression(text).evaluate(scope))
        compile_unary_tests("x, not(null), < 3").matches(value, scope)


def _encoded(texts: list[str]) -> list[bytes]:
    return [text.encode("utf-8", "replace") for text in texts]


def _renewed_text(make: Callable[[Maker], str], others: Callable[[], list[str]]) -> Callable[[bytes, Random], bytes]:
    known: list[str] = []

    def renew(content: bytes, random: Random) -> bytes:
        if not known:
            known.extend(others())
        fresh = random.random() < 0.4
        text = make(Maker(random)) if fresh else changed(content.decode("utf-8", "replace"), known, random)
        return text.encode("utf-8", "replace")

    return renew


def _renewed_file(content: bytes, random: Random) -> bytes:
    return changed_file(content, _TEXTS or _TEXTS.__iadd__(expressions() + cells()), random)


_TEXTS: list[str] = []
_JSON = (
    '{"x": {"a": [1, 2.5, "t"]}, "y": null}', "[[], {}, true]", '"2027-01-04"', "1e400", "-0.0", "1e308", "NaN",
    '{"x": [[[[[[1]]]]]]}', '{"": 1, "if": 2, "a b": 3}', '"\\ud800"', "123456789012345678901234567890123456789",
    "[Infinity, -Infinity]", '{"x": {"a": {"a": {"a": 1}}}}',
)  # fmt: skip


def _renewed_json(content: bytes, random: Random) -> bytes:
    text = changed(content.decode("utf-8", "replace"), _JSON, random)
    if random.random() < 0.02:
        depth = random.choice((50, 400, 900, 20_000))
        text = "[" * depth + "1" + "]" * depth
    return text.encode("utf-8", "replace")


TARGETS: Mapping[str, Target] = {
    target.name: target
    for target in (
        Target(
            "expressions",
            attempt_expression,
            lambda: _encoded(expressions()),
            _renewed_text(Maker.expression, expressions),
        ),
        Target("unary-tests", attempt_tests, lambda: _encoded(cells()), _renewed_text(Maker.tests, cells)),
        Target("dmn", attempt_dmn, dmn_files, _renewed_file),
        Target("json", attempt_json, lambda: _encoded(list(_JSON)), _renewed_json),
    )
}
