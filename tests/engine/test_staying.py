"""It makes no difference whether an instance is kept between turns, read from bytes each time, or never leaves behind
what has ended in it."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from service.domain.errors import Conflict, ModelError
from service.domain.stimuli import SignalReceived, TaskCompleted, TimePassed
from service.engine import compile_diagrams
from service.engine.keeping import KEPT, Kept
from tests.engine.blocks import Block, block_trees, files
from tests.engine.drawing import diagram, end, flow, flows, gateway, script, start, user
from tests.engine.sampling import Sample, play, samples
from tests.engine.staying import Remembering, through_bytes, told
from tests.engine.story import Story, story
from tests.engine.test_random_diagrams import STEPS, Step

STORIES = {sample.folder.name: sample for sample in samples()}


@settings(max_examples=150, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(block_trees(), STEPS)
def test_random_diagrams_go_the_same_way(tree: Block, steps: list[Step]) -> None:
    tales = [Story(files(tree), advance=way).begin() for way in ways()]
    agree(tales)
    for number, act, yes in [*steps, *[(0, "complete", False)] * 40]:
        if tales[0].outcome.ended is not None:
            break
        for tale in tales:
            tasks = tale.outcome.user_tasks
            signals = sorted(tale.outcome.signals, key=lambda item: item.signal)
            if act == "wait":
                tale.wait(minutes=30 * number)
            elif act == "signal" and signals:
                tale.act(SignalReceived(signals[number % len(signals)].id, {}))
            else:
                tale.act(TaskCompleted(tasks[number % len(tasks)].id, {"yes": yes}))
        agree(tales)


@pytest.mark.parametrize("sample", STORIES.values(), ids=STORIES)
def test_every_story_goes_the_same_way(sample: Sample) -> None:
    tales = [sample.tale() for _ in ways()]
    for tale, way in zip(tales, ways(), strict=True):
        tale.advance = way
    for step in sample.steps:
        for tale in tales:
            play(tale, step["act"])
        agree(tales)


def test_a_turn_that_fails_leaves_the_state_as_it_was():
    tale = story(FAILING).begin()
    before = tale.outcome
    for _ in range(2):
        with pytest.raises(ModelError, match="no way out"):
            tale.complete("ask", answer="nonsense")
        tale.outcome = before
    assert tale.complete("ask", answer="no").variables == {"answer": "no", "again": "no!"}


def test_the_same_state_goes_two_ways():
    tale = story(FAILING).begin()
    other = Story(tale.files, outcome=tale.outcome)
    assert tale.complete("ask", answer="no").variables["answer"] == "no"
    assert other.complete("ask", answer="yes").open == ["more"]


def test_two_threads_never_share_an_instance():
    tale = story(FAILING).begin()
    outcomes: list[Any] = []

    def complete(answer: str) -> None:
        one = Story(tale.files, outcome=tale.outcome)
        outcomes.append((answer, one.complete("ask", answer=answer).outcome))

    threads = [threading.Thread(target=complete, args=(answer,)) for answer in ("yes", "no") * 10]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all((answer == "yes") == bool(one.user_tasks) for answer, one in outcomes)
    assert len(outcomes) == 20


def test_an_instance_is_kept_once_and_taken_once():
    tale = story(FAILING).begin()
    diagrams, state = compiled(tale), tale.outcome.state
    assert KEPT.take(diagrams, state) is not None
    assert KEPT.take(diagrams, state) is None


def test_only_so_many_are_kept():
    diagrams, kept = compiled(story(FAILING)), Kept(most_instances=2, most_bytes=6)
    instance = object()
    for state in (b"a", b"b", b"c", b"dddddd"):
        kept.put(diagrams, state, instance)
    assert [kept.take(diagrams, state) is instance for state in (b"a", b"b", b"c", b"dddddd")] == [False] * 3 + [True]


def test_what_was_put_twice_taken_or_forgotten_takes_no_room():
    diagrams, kept, instance = compiled(story(FAILING)), Kept(most_instances=3, most_bytes=9), object()
    for _ in range(3):
        kept.put(diagrams, b"aaaa", instance)
        kept.put(diagrams, b"too long to keep", instance)
    kept.put(diagrams, b"bbbb", instance)
    assert kept.take(diagrams, b"aaaa") is instance
    kept.put(diagrams, b"ccccc", instance)
    assert kept.take(diagrams, b"bbbb") is instance
    kept.clear()
    assert kept.take(diagrams, b"ccccc") is None
    for state in (b"ddd", b"eee", b"fff"):
        kept.put(diagrams, state, instance)
    assert kept.take(diagrams, b"ddd") is instance
    for state in (b"g", b"h", b"i", b"j"):
        kept.put(diagrams, state, instance)
    assert (kept.take(diagrams, b"g"), kept.take(diagrams, b"h")) == (None, instance)


def test_a_task_that_was_completed_is_not_open_in_the_next_state():
    tale = story(FAILING).begin()
    first = tale.task("ask").id
    tale.complete("ask", answer="yes")
    with pytest.raises(Conflict):
        tale.act(TaskCompleted(first, {}))
    assert tale.act(TimePassed()).open == ["more"]


def ways() -> list[Any]:
    return [Story.advance, through_bytes, Remembering()]


def agree(tales: list[Story]) -> None:
    """Every tale has come to the same, down to the order of things and the bytes."""
    kept, read, whole = (told(tale.outcome) for tale in tales)
    assert kept == read
    assert kept == whole


def compiled(tale: Story) -> Any:
    return compile_diagrams(tale.files)


FAILING = diagram(
    start(), user("ask"), script("again", '=answer + "!"', "again"), gateway("which"), user("more"), end(),
    flows("begin ask again which"), flow("which", "more", '=answer = "yes"'), flow("which", "done", '=answer = "no"'),
    flows("more done"),
)  # fmt: skip
