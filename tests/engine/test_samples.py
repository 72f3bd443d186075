"""States that earlier builds wrote are opened by this one, and their stories go on to the end they were meant for."""

from __future__ import annotations

import pytest

from tests.engine.sampling import BUILD, Sample, play, samples
from tests.engine.story import Story

STORIES = {sample.folder.name: sample for sample in samples()}
STATES = [
    pytest.param(sample, number, state, id=f"{sample.folder.name}-{build}-after-{number}")
    for sample in STORIES.values()
    for build, number, state in sample.states()
]


@pytest.mark.parametrize(("sample", "number", "state"), STATES)
def test_what_an_earlier_build_stored_goes_on_to_its_end(sample: Sample, number: int, state: bytes) -> None:
    tale = sample.opened(number, state)
    assert sorted(tale.open) == sample.steps[number]["open"]
    go_on(sample, tale, number + 1)


@pytest.mark.parametrize("sample", STORIES.values(), ids=STORIES)
def test_every_story_is_still_played_as_it_was(sample: Sample) -> None:
    go_on(sample, sample.tale(), 0)


@pytest.mark.parametrize("sample", STORIES.values(), ids=STORIES)
def test_every_story_has_states_of_this_build(sample: Sample) -> None:
    assert BUILD in {build for build, _, _ in sample.states()}, "run python -m tests.engine.sampling"


def go_on(sample: Sample, tale: Story, first: int) -> None:
    for step in sample.steps[first:]:
        tale.passed = []
        play(tale, step["act"])
        assert sorted(tale.open) == step["open"]
        assert tale.passed == step["passed"]
    assert tale.variables == sample.variables
