"""User tasks from the command line: listed, claimed and completed under the rules that hold everywhere."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pytest

from tests.operations.doors import command
from tests.operations.rows import also_waits_for
from tests.support.world import EXEMPLAR, World

WORKER = "sw1-cin-east"
TASK = "complete_closure_exemplar"


def test_what_waits_is_listed_a_line_each(sqlite_world: World) -> None:
    assert listed(sqlite_world, WORKER) == ""
    task = sqlite_world.at_exemplar().task(TASK)
    assert listed(sqlite_world, WORKER) == f"{task}  K-101  Complete the closure exemplar\n"


def test_what_is_not_ones_own_to_do_says_why(sqlite_world: World) -> None:
    also_waits_for(sqlite_world.at_first_signature().task("sign"), WORKER)
    assert "Not you: You wrote this exemplar, and nobody signs their own work. [Rule: CC-R6]" in listed(
        sqlite_world, WORKER
    )


def test_a_completed_task_says_what_is_next(sqlite_world: World) -> None:
    result = complete(sqlite_world.at_exemplar(), EXEMPLAR)
    assert (result.exit_code, result.output) == (
        0,
        "Next: Sign off (Team manager, Children in Need East: line manager of Social worker 1, "
        "Children in Need East)\n",
    )


def test_every_wrong_answer_is_named(sqlite_world: World) -> None:
    told = complete(sqlite_world.at_exemplar(), {**EXEMPLAR, "rationale": "", "raisedOn": "tomorrow"})
    assert told.exit_code == 1
    assert "- rationale:" in told.output
    assert "- raisedOn:" in told.output


@pytest.mark.parametrize(("content", "words"), [("{", "is not JSON"), ("[1]", "must hold one JSON object")])
def test_a_file_that_holds_no_answers_is_said(sqlite_world: World, content: str, words: str) -> None:
    file = sqlite_world.env.config.data_directory / "answers.json"
    file.write_text(content)
    task = sqlite_world.at_exemplar().task(TASK)
    told = command(sqlite_world, "task", "complete", task, "--as", WORKER, "--answers", str(file))
    assert (told.exit_code, words in told.output) == (1, True)


def test_claimed_it_is_claimed(sqlite_world: World) -> None:
    task = sqlite_world.at_exemplar().task(TASK)
    also_waits_for(task, "tm-cin-east")
    assert command(sqlite_world, "task", "claim", task, "--as", WORKER).exit_code == 0
    second = command(sqlite_world, "task", "claim", task, "--as", "tm-cin-east")
    assert (second.exit_code, "Social worker 1" in second.output) == (1, True)


def test_nobody_acts_as_somebody_who_is_not_there(sqlite_world: World) -> None:
    told = command(sqlite_world, "task", "list", "--as", "nobody")
    assert (told.exit_code, "Nobody is known under 'nobody'" in told.output) == (1, True)


def listed(world: World, person_id: str) -> str:
    """What `towpath task list` prints."""
    result = command(world, "task", "list", "--as", person_id)
    assert result.exit_code == 0, result.output
    return result.output


def complete(world: World, answers: Mapping[str, Any]) -> Any:
    """`towpath task complete` for the exemplar."""
    file = world.env.config.data_directory / "answers.json"
    file.write_text(json.dumps(answers))
    return command(world, "task", "complete", world.task(TASK), "--as", WORKER, "--answers", str(file))
