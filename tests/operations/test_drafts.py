"""Drafts: kept under versions, seen by those who go on with them, and the starting point of the next round."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from service.domain.errors import Conflict, NotAllowed
from service.operations.queue import read_user_task
from service.operations.tasks import claim_task, complete_task, save_draft
from service.operations.views import TaskView
from tests.operations.rows import also_waits_for, count
from tests.support.world import EXEMPLAR, SENT_BACK, World

TASK = "complete_closure_exemplar"
WORKER = "sw1-cin-east"


def test_each_save_is_a_version_and_the_last_is_shown(world: World) -> None:
    world.at_exemplar()
    assert [save(world, {"outcomes": words}, version) for words, version in (("A", 0), ("B", 1))] == [1, 2]
    view = look_at(world)
    assert (view.answers, view.version) == ({"outcomes": "B"}, 2)
    assert view.draft is not None
    assert view.draft.saved_by == "Social worker 1, Children in Need East"


def test_an_older_version_does_not_overwrite_a_newer(world: World) -> None:
    world.at_exemplar()
    save(world, {"outcomes": "A"}, 0)
    with pytest.raises(Conflict, match="Social worker 1, Children in Need East"):
        save(world, {"outcomes": "late"}, 0)
    assert look_at(world).answers == {"outcomes": "A"}


def test_whoever_insists_names_no_version(sqlite_world: World) -> None:
    sqlite_world.at_exemplar()
    save(sqlite_world, {"outcomes": "A"}, 0)
    assert save(sqlite_world, {"outcomes": "B"}, None) == 2


def test_completing_over_a_newer_draft_is_a_conflict(sqlite_world: World) -> None:
    task = sqlite_world.at_exemplar().task(TASK)
    save(sqlite_world, {"outcomes": "A"}, 0)
    with pytest.raises(Conflict, match="Look at it first"):
        complete_task(sqlite_world.env, sqlite_world.person(WORKER), task_id=task, answers=EXEMPLAR, version=0)


def test_unfinished_and_wrong_answers_are_kept_as_typed(sqlite_world: World) -> None:
    sqlite_world.at_exemplar()
    typed = {"closureReason": "no such reason", "raisedOn": "tomorrow", "outcomes": ""}
    save(sqlite_world, typed, 0)
    assert look_at(sqlite_world).answers == typed


def test_a_refused_completion_leaves_the_draft(sqlite_world: World) -> None:
    sqlite_world.at_exemplar()
    save(sqlite_world, {"outcomes": "A"}, 0)
    with pytest.raises(Exception, match="CC-R4"):
        sqlite_world.complete(TASK, WORKER, {**EXEMPLAR, "involvementsEnding": []})
    assert look_at(sqlite_world).version == 1


def test_what_was_sent_needs_no_draft_any_more(sqlite_world: World) -> None:
    sqlite_world.at_exemplar()
    save(sqlite_world, {"outcomes": "A"}, 0)
    sqlite_world.complete(TASK, WORKER, EXEMPLAR)
    assert count("drafts") == 0


def test_a_colleague_who_may_not_do_it_does_not_read_what_is_half_written(sqlite_world: World) -> None:
    sqlite_world.at_exemplar()
    save(sqlite_world, {"outcomes": "A"}, 0)
    colleague = look_at(sqlite_world, "sw2-cin-east")
    assert (colleague.answers, colleague.draft) == ({}, None)


def test_whoever_else_it_waits_for_goes_on_with_it(sqlite_world: World) -> None:
    also_waits_for(sqlite_world.at_exemplar().task(TASK), "tm-cin-east")
    save(sqlite_world, {"outcomes": "A"}, 0)
    assert look_at(sqlite_world, "tm-cin-east").answers == {"outcomes": "A"}


def test_nobody_writes_in_what_another_has_claimed(sqlite_world: World) -> None:
    task = sqlite_world.at_exemplar().task(TASK)
    also_waits_for(task, "tm-cin-east")
    claim_task(sqlite_world.env, sqlite_world.person(WORKER), task_id=task)
    with pytest.raises(NotAllowed, match="somebody else has claimed it"):
        save(sqlite_world, {}, None, "tm-cin-east")


def test_what_is_sent_back_begins_with_the_answers_of_before(sqlite_world: World) -> None:
    sqlite_world.at_first_signature().complete("sign", "tm-cin-east", SENT_BACK)
    assert look_at(sqlite_world).answers["rationale"] == EXEMPLAR["rationale"]


def test_another_author_begins_afresh(sqlite_world: World) -> None:
    sqlite_world.at_first_signature().complete("sign", "tm-cin-east", SENT_BACK)
    also_waits_for(sqlite_world.task(TASK), "dtm-cin-east")
    assert "rationale" not in look_at(sqlite_world, "dtm-cin-east").answers


def test_the_second_signer_begins_afresh(sqlite_world: World) -> None:
    task = sqlite_world.at_second_signature().task("sign")
    view = read_user_task(sqlite_world.env, sqlite_world.person("sm-cin-east"), task_id=task)
    assert "reason" not in view.answers


def save(world: World, answers: Mapping[str, Any], version: int | None, person_id: str = WORKER) -> int:
    """Somebody saves answers of the exemplar; gives the new version."""
    task_id = world.task(TASK)
    return save_draft(world.env, world.person(person_id), task_id=task_id, answers=answers, version=version).version


def look_at(world: World, person_id: str = WORKER) -> TaskView:
    """The exemplar's page as somebody sees it."""
    return read_user_task(world.env, world.person(person_id), task_id=world.task(TASK))
