"""What a step costs does not grow with what is done, and only in proportion with what is open. Cost is counted in
function calls, which are the same in every run; times are in `deployment/bench/engine.py`."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

import pytest

from service.engine import compile_diagrams
from service.engine.keeping import KEPT
from tests.engine.drawing import boundary, diagram, end, flow, flows, gateway, repeated, start, sub, timer, user
from tests.engine.staying import through_bytes
from tests.engine.story import Story, story


@pytest.mark.parametrize("way", [Story.advance, through_bytes])
def test_the_two_hundredth_turn_of_a_review_costs_what_the_second_did(way):
    tale = story(REVIEW, advance=way).begin()
    costs, sizes = [], []
    for _ in range(201):
        costs.append(calls(lambda: tale.wait(days=8).complete("review", enough=False)))
        sizes.append(len(tale.outcome.state))
    assert costs[199] <= costs[1] * 1.05
    assert sizes[199] == sizes[1]


def test_what_has_ended_is_not_kept_in_memory():
    assert tokens_after(50) == tokens_after(5)


@pytest.mark.parametrize("way", [Story.advance, through_bytes])
@pytest.mark.parametrize("kind", ["beside", "repeated", "parts"])
def test_a_step_costs_in_proportion_to_what_is_open(kind, way):
    few, many = (cost_of_all_steps(kind, count, way) / count for count in (20, 80))
    assert many <= few * 4.4


@pytest.mark.parametrize("kind", ["beside", "repeated", "parts"])
def test_opening_many_costs_in_proportion(kind):
    few, many = (calls(lambda count=count: story(drawn(kind, count)).begin()) for count in (20, 80))
    assert many <= few * 4.4


def tokens_after(turns: int) -> list[int]:
    tale = story(REVIEW).begin()
    for _ in range(turns):
        tale.wait(days=8).complete("review", enough=False)
    instance = KEPT.take(compile_diagrams(tale.files), tale.outcome.state)
    assert instance is not None
    return [len(workflow.tasks) for workflow in instance.workflows()]


def cost_of_all_steps(kind: str, count: int, way: Callable[..., Any]) -> int:
    tale = story(drawn(kind, count), advance=way).begin()

    def finish() -> None:
        for _ in range(count):
            tale.complete(tale.outcome.user_tasks[-1].element_id)

    cost = calls(finish)
    assert tale.outcome.ended is not None
    return cost


def calls(act: Callable[[], object]) -> int:
    """How many functions of Python are called."""
    called: list[str] = []
    sys.setprofile(lambda _frame, event, _: called.append(event) if event == "call" else None)
    try:
        act()
    finally:
        sys.setprofile(None)
    return len(called)


def drawn(kind: str, count: int) -> bytes:
    if kind == "beside":
        ways = "".join(user(f"t{number}") + flows(f"split t{number} join") for number in range(count))
        gateways = gateway("split", "parallel") + gateway("join", "parallel")
        return diagram(start(), end(), gateways, ways, flows("begin split"), flows("join done"))
    one = user("t") if kind == "repeated" else sub("part", start("b"), user("t"), end("e"), flows("b t e"))
    name = "t" if kind == "repeated" else "part"
    return diagram(start(), repeated(one, f"=for i in 1..{count} return i"), end(), flows(f"begin {name} done"))


PART = sub(
    "part", start("b"), user("review"), boundary("late", "review", timer("timeDuration", "P7D"), stop=False), end("e"),
    gateway("enough", default="enough-review"), end("l"), flows("b review enough review"), flows("late l"),
    flow("enough", "e", "=enough"),
)  # fmt: skip
REVIEW = diagram(
    start(), PART, boundary("long", "part", timer("timeDuration", "P9000D")), end(), flows("begin part done"),
    flows("long done"),
)  # fmt: skip
