"""A context that is read late is like any other, but for when its late entries are read. Where from is not here."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from service.feel import LateContext, compile_expression, from_json, to_json


class Shelf:
    """Where the late entries come from; it counts how often somebody went there."""

    def __init__(self) -> None:
        self.visits = 0

    def read(self) -> Mapping[str, Any]:
        """The late entries, as JSON."""
        self.visits += 1
        return {"books": [1, 2], "note here": "x"}

    def case(self) -> LateContext:
        """A context with two of its entries on the shelf."""
        return LateContext({"name": "K", "age": 9}, frozenset({"books", "note here"}), self.read)


@pytest.mark.parametrize(("asked", "answer"), [("case.name", "K"), ("case.age + 1", 10), ("case.nobody", None)])
def test_what_is_ready_is_had_without_going_there(asked: str, answer: Any) -> None:
    shelf = Shelf()
    assert to_json(compile_expression(asked).evaluate({"case": shelf.case()})) == answer
    assert shelf.visits == 0


def test_what_is_late_is_fetched_once_however_often_it_is_asked_for() -> None:
    shelf = Shelf()
    scope = {"case": shelf.case()}
    for _ in range(2):
        asked = compile_expression("sum(case.books) + count(case.books) + case.age")
        assert to_json(asked.evaluate(scope)) == 14
    assert shelf.visits == 1


@pytest.mark.parametrize(
    "asked",
    [
        "case",
        "count(get entries(case)) = 4",
        "case = other",
        "other = case",
        "context merge([case, {}]) = other",
        "case.note here",
        "string(case) = string(other)",
    ],
)
def test_as_a_whole_it_is_the_plain_context(asked: str) -> None:
    plain = dict(Shelf().case().items())
    both = [compile_expression(asked).evaluate({"case": case, "other": plain}) for case in (Shelf().case(), plain)]
    assert to_json(both[0]) == to_json(both[1])
    assert both[0] is not None


def test_its_values_are_feels_own() -> None:
    assert type(from_json(Shelf().case())["age"]) is type(from_json(9))
    assert type(from_json(Shelf().case())["books"][0]) is type(from_json(1))
