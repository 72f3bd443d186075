"""Nobody signs their own work, nor signs twice: at every door, in the same words (CC-R6, SD-R2, SOD-1, SOD-2)."""

from __future__ import annotations

from service.operations.queue import list_user_tasks, read_user_task
from service.operations.tasks import save_draft
from service.operations.views import TaskView
from tests.operations.doors import EVERY_DOOR, silent
from tests.operations.rows import also_waits_for
from tests.support.world import EXEMPLAR, SENT_BACK, SIGNATURE, World

AUTHOR = "You wrote this exemplar, and nobody signs their own work."
SIGNED = "You signed this closure at the level before, and each level must be a different person"
ACTING_UP = {**EXEMPLAR, "involvementsEnding": ["K-112-1", "K-112-2", "K-112-3"]}


def test_the_author_hears_the_same_at_every_door(sqlite_world: World) -> None:
    """CC-R6, SOD-1."""
    sign = sqlite_world.at_first_signature().task("sign")
    assert not silent(EVERY_DOOR, AUTHOR, sqlite_world, "sw1-cin-east", sign, SIGNATURE)


def test_one_person_in_two_posts_hears_the_same_at_every_door(sqlite_world: World) -> None:
    """SD-R2, SOD-2: the team manager of Early Help acts up as the service manager."""
    sign = at_second_level_of_early_help(sqlite_world)
    assert not silent(EVERY_DOOR, SIGNED, sqlite_world, "tm-early-help", sign, SIGNATURE)


def test_it_is_not_in_the_authors_queue(sqlite_world: World) -> None:
    assert queue_of(sqlite_world.at_first_signature(), "sw1-cin-east") == []
    assert queue_of(sqlite_world, "tm-cin-east") == ["sign"]


def test_the_second_level_is_not_in_the_queue_of_whoever_signed_the_first(sqlite_world: World) -> None:
    at_second_level_of_early_help(sqlite_world)
    assert queue_of(sqlite_world, "tm-early-help") == []
    assert queue_of(sqlite_world, "gm-early-help") == ["sign"]


def test_the_page_offers_the_author_nothing_and_says_why(sqlite_world: World) -> None:
    view = look_at_sign(sqlite_world.at_first_signature(), "sw1-cin-east")
    assert view.may == frozenset()
    assert view.cannot["complete"] == view.cannot["claim"] == AUTHOR[0].lower() + AUTHOR[1:-1]


def test_whoever_only_saved_a_draft_has_written_and_may_not_sign(sqlite_world: World) -> None:
    """SOD-1: a draft counts as much as the sending."""
    world = sqlite_world.at_exemplar()
    also_waits_for(world.task("complete_closure_exemplar"), "tm-cin-east")
    draft(world, "tm-cin-east")
    world.complete("complete_closure_exemplar", "sw1-cin-east", EXEMPLAR)
    assert dict(world.seen().open)["sign"] == {"sm-cin-east"}
    assert look_at_sign(world, "tm-cin-east").summary.blocked is not None


def test_an_author_of_an_earlier_round_still_may_not_sign(sqlite_world: World) -> None:
    world = sqlite_world.at_exemplar()
    also_waits_for(world.task("complete_closure_exemplar"), "tm-cin-east")
    world.complete("complete_closure_exemplar", "tm-cin-east", EXEMPLAR)
    world.complete("sign", "sm-cin-east", SENT_BACK)
    world.complete("complete_closure_exemplar", "sw1-cin-east", EXEMPLAR)
    assert dict(world.seen().open)["sign"] == {"sm-cin-east"}


def test_a_task_for_several_is_shown_blocked_to_whoever_did_an_earlier_part(sqlite_world: World) -> None:
    world = sqlite_world.at_first_signature()
    also_waits_for(world.task("sign"), "sw1-cin-east")
    page = list_user_tasks(world.env, world.person("sw1-cin-east"))
    assert [task.blocked.rule for task in page.tasks if task.blocked] == ["CC-R6"]


def at_second_level_of_early_help(world: World) -> str:
    """K-112, signed by its team manager; gives the id of the second signature's task."""
    world.propose("K-112")
    world.complete("complete_closure_exemplar", "sw1-early-help", ACTING_UP, "K-112")
    world.complete("sign", "tm-early-help", SIGNATURE, "K-112")
    return world.task("sign", "K-112")


def queue_of(world: World, person_id: str) -> list[str]:
    """The elements of what waits for somebody."""
    return [task.element_id for task in list_user_tasks(world.env, world.person(person_id)).tasks]


def look_at_sign(world: World, person_id: str) -> TaskView:
    """The page of the signature as somebody sees it."""
    return read_user_task(world.env, world.person(person_id), task_id=world.task("sign"))


def draft(world: World, person_id: str) -> None:
    """Somebody saves a word in the exemplar and leaves it."""
    task = world.task("complete_closure_exemplar")
    save_draft(world.env, world.person(person_id), task_id=task, answers={"outcomes": "A word."}, version=None)
