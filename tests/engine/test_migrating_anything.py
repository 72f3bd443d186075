"""Random diagrams moved while they run: to themselves, and to themselves under other names. Single elements have files
of their own."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

from hypothesis import HealthCheck, given, settings

from service.domain.stimuli import TaskCompleted, TimePassed
from service.engine import compile_diagrams
from tests.engine.blocks import Block, block_trees, files
from tests.engine.model import Key
from tests.engine.moving import move_files, told
from tests.engine.story import Story
from tests.engine.test_random_diagrams import MOST_STEPS, STEPS, Pair, Step, key

RANDOMLY = settings(max_examples=80, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
MARK = "-anew"


@RANDOMLY
@given(block_trees(), STEPS)
def test_moving_to_what_is_drawn_the_same_changes_nothing(tree: Block, steps: list[Step]) -> None:
    pair = Pair(tree)
    copied = {f"copied/{path}": content + b"<!-- another release -->" for path, content in files(tree).items()}
    for step in steps:
        if pair.ended:
            return
        before = told(pair.tale.outcome)
        state = pair.tale.outcome.state
        assert not move_files(pair.tale, copied).lost
        assert told(pair.tale.outcome) == before
        assert len(pair.tale.outcome.state) <= len(state)
        pair.act(step)
    for _ in range(MOST_STEPS):
        if not pair.ended:
            pair.complete(0, yes=False)
    assert pair.ended


@RANDOMLY
@given(block_trees(), STEPS)
def test_what_moved_under_other_names_goes_on_as_the_original(tree: Block, steps: list[Step]) -> None:
    still, moved = Story(files(tree)).begin(), Story(files(tree)).begin()
    half = len(steps) // 2
    for step in steps[:half]:
        act(still, step, str)
        act(moved, step, str)
    if still.outcome.ended is not None:
        return
    names = names_in(tree)
    other = {path: anew(content, names) for path, content in files(tree).items()}
    move_files(moved, other, elements={name: name + MARK for name in names}, processes=processes(tree))
    for step in [*steps[half:], *[(0, "complete", False)] * MOST_STEPS]:
        assert sorted(map(key, still.outcome.user_tasks)) == sorted(map(unmarked, moved.outcome.user_tasks))
        assert still.outcome.wake_at == moved.outcome.wake_at
        if still.outcome.ended is not None:
            break
        act(still, step, str)
        act(moved, step, without_mark)
    assert (still.outcome.ended is None) == (moved.outcome.ended is None)


def act(tale: Story, step: Step, plain: Any) -> None:
    """Complete the task of this number, in an order that no renaming changes, or let time pass."""
    number, kind, yes = step
    if tale.outcome.ended is not None:
        return
    if kind == "wait":
        tale.now += timedelta(seconds=number * 1_800)
        tale.act(TimePassed())
        return
    tasks = sorted(tale.outcome.user_tasks, key=lambda task: (plain(task.element_id), key(task)[1]))
    tale.act(TaskCompleted(tasks[number % len(tasks)].id, {"yes": yes}))


def without_mark(element_id: str) -> str:
    """The element as it was called before."""
    return element_id.removesuffix(MARK)


def unmarked(task: Any) -> Key:
    """The task as it was known before."""
    return without_mark(task.element_id), key(task)[1]


def names_in(tree: Block) -> set[str]:
    """The ids of all elements and processes."""
    return {element_id for _, element_id in compile_diagrams(files(tree)).elements}


def processes(tree: Block) -> dict[str, str]:
    """Each process under its other name."""
    return {process_id: process_id + MARK for process_id in compile_diagrams(files(tree)).processes}


def anew(content: bytes, names: set[str]) -> bytes:
    """The same drawing with other ids."""
    return re.sub(
        r'"([^"]+)"', lambda said: f'"{said[1]}{MARK}"' if said[1] in names else said[0], content.decode()
    ).encode()
