"""Narrowing the queue: whatever is asked together gives what asking each task one by one would, page by page."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from service.access.chart import Chart, keys_of_actor
from service.access.rules import Permission, Subject, may
from service.domain.people import Actor
from service.operations.context import current_release, read_chart
from service.operations.environment import ReleaseCache
from service.operations.queue import list_user_tasks
from service.operations.wanted import Wanted, search_for
from service.store.queue import NEVER, tie_of
from service.store.tables import db
from service.store.texts import ways_of
from service.store.waiting import Effort, glance, page
from service.store.words import words_asked
from tests.operations.waiting import Waiting, end, some_tasks, write
from tests.support.databases import Copies, require
from tests.support.world import START, World, make_world

SYSTEM = Actor("token:1", "Another system", "system", scopes=frozenset({"cases:read"}))
OUTSIDER = Actor("token:2", "Another system", "system", scopes=frozenset({"events:write"}))
PEOPLE = ("sw1-cin-east", "tm-cin-east", "sm-cin-east", "hos-cin", "dcs", "dcp", "tm-cla", "tm-early-help")
DATES = tuple(START + timedelta(days=days) for days in (-3, 0, 2, 9))

wanted_things = st.builds(
    Wanted,
    person=st.sampled_from([None, "me", "anyone", *PEOPLE]),
    level=st.sampled_from([None, None, "team-manager", "social-worker", "head-of-service"]),
    team=st.sampled_from([None, None, "cin-east", "cla", "early-help"]),
    due_after=st.sampled_from([None, None, *DATES[:2]]),
    due_before=st.sampled_from([None, None, *DATES[2:]]),
    overdue=st.booleans(),
    text=st.sampled_from(["", "", "k-10", "child", "sign CLOSURE", "review 1", "k", "zzz", "pathway birch", "Évery"]),
    claimed=st.sampled_from([None, None, "mine", "nobody", "any"]),
    sort=st.sampled_from(["opened", "due", "priority"]),
)
efforts = st.builds(
    Effort,
    look=st.sampled_from([1, 5, 20, 35]),
    tried=st.sampled_from([1, 4, 500]),
    collected=st.sampled_from([1, 20_000]),
)
mosts = st.sampled_from([(0, 0), (2, 10), (1_500, 10_000)])
"""Cases that a word may have to be named, or gathered."""


@settings(max_examples=60, deadline=None)
@given(who=st.sampled_from([*PEOPLE, "system", "outsider"]), wanted=wanted_things, limit=st.sampled_from([2, 7, 50]))
def test_what_is_found_is_what_may_be_read_and_was_asked_for(
    filled: Filled, who: str, wanted: Wanted, limit: int
) -> None:
    actor = filled.actors[who]
    found, total, whole = read_all(filled.world, actor, wanted, limit)
    assert found == filled.expected(actor, wanted)
    assert (total, whole) == (len(found), True)


@settings(max_examples=100, deadline=None)
@given(who=st.sampled_from([*PEOPLE, "system"]), wanted=wanted_things, effort=efforts, most=mosts)
@example(who="system", wanted=Wanted(), effort=Effort(look=35), most=(0, 0))
def test_a_long_queue_is_walked_to_the_same_end(
    filled: Filled, who: str, wanted: Wanted, effort: Effort, most: tuple[int, int]
) -> None:
    """As if every list were longer than what is looked at, and every word had by many cases."""
    actor = filled.actors[who]
    assert walked(filled.world, actor, wanted, effort, most) == filled.expected(actor, wanted)


@settings(max_examples=60, deadline=None)
@given(who=st.sampled_from([*PEOPLE, "system"]), wanted=wanted_things, look=st.sampled_from([1, 3, 20]))
def test_a_glance_that_says_it_saw_all_has_counted_all(filled: Filled, who: str, wanted: Wanted, look: int) -> None:
    actor = filled.actors[who]
    seen = glance(search_for(actor, chart_of(filled.world), wanted, START), Effort(look=look))
    db.session.close()
    there = len(filled.expected(actor, wanted))
    assert seen.found == there if seen.whole else seen.found <= there


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    sort=st.sampled_from(["opened", "due", "priority"]),
    comings=st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), min_size=4, max_size=4),
    seed=st.integers(0, 10_000),
)
def test_no_task_is_shown_twice_or_left_out_while_others_come_and_go(
    copies: Callable[[str], Copies], releases: ReleaseCache, tmp_path: Path, sort: str, comings: Any, seed: int
) -> None:
    with opened(make_world(tmp_path, copies("sqlite").new(tmp_path), releases)) as world:
        chart = chart_of(world)
        there = some_tasks(seed, 12)
        write(there, chart)
        shown: list[str] = []
        gone: set[str] = set()
        cursor, came = None, list(comings)
        for number in range(40):
            answer = list_user_tasks(world.env, SYSTEM, wanted=Wanted(sort=sort), after=cursor, limit=3)
            shown += [task.id for task in answer.tasks]
            cursor = answer.next_after
            if cursor is None:
                break
            more, fewer = came.pop() if came else (0, 0)
            write(some_tasks(seed + number + 1, more, prefix=f"n{number}"), chart)
            leaving = {task.id for task in there[number::5][:fewer]} - gone | ({shown[-1]} if fewer > 2 else set())
            end(*leaving)
            gone |= leaving
        assert len(shown) == len(set(shown))
        assert {task.id for task in there} - gone <= set(shown)


@dataclass
class Filled:
    """An installation with open tasks of every sort, and what asking one by one would find."""

    world: World
    tasks: list[Waiting]
    chart: Chart
    actors: dict[str, Actor]

    def expected(self, actor: Actor, wanted: Wanted) -> list[str]:
        """The ids of what is found, in order, the slow and plain way."""
        asked = resolved(actor, wanted)
        rows = [task for task in self.tasks if self._is_read(actor, task) and self._is_wanted(actor, task, asked)]
        return [task.id for task in sorted(rows, key=lambda task: place(task, wanted.sort))]

    def _is_read(self, actor: Actor, task: Waiting) -> bool:
        subject = Subject(
            team=self.chart.teams[task.team],
            worker_id=task.worker,
            involved=task.involved,
            candidate_keys=frozenset(task.keys),
            claimed_by=task.claimed_by,
            managerial=self.chart.managerial,
        )
        return may(actor, Permission.READ_TASK, subject)

    def _is_wanted(self, actor: Actor, task: Waiting, wanted: Wanted) -> bool:
        due = task.due_at
        return (
            self._is_in_queue(actor, task, wanted)
            and (wanted.level is None or wanted.level in {self.chart.level_of(key) for key in task.keys})
            and wanted.team in (None, task.team)
            and (wanted.due_after is None or (due is not None and due >= wanted.due_after))
            and (wanted.due_before is None or (due is not None and due < wanted.due_before))
            and (not wanted.overdue or (due is not None and due < START))
            and all(any(kept.startswith(word) for kept in task.words) for word in words_asked(wanted.text))
        )

    def _is_in_queue(self, actor: Actor, task: Waiting, wanted: Wanted) -> bool:
        everyone = wanted.person == "anyone"
        person = actor.id if everyone or wanted.person is None else wanted.person
        keys = keys_of_actor(actor) if person == actor.id else self.chart.keys_of(person)
        theirs, free = task.claimed_by == person, task.claimed_by is None
        waits = everyone or bool(keys & set(task.keys))
        go_on = waits if everyone else theirs or (free and waits)
        return {None: go_on, "mine": theirs, "nobody": free and waits, "any": waits or theirs}[wanted.claimed]


def chart_of(world: World) -> Chart:
    """The organisation, with no transaction left open."""
    chart = read_chart(current_release(world.env))
    db.session.close()
    return chart


def read_all(world: World, actor: Actor, wanted: Wanted, limit: int) -> tuple[list[str], int, bool]:
    """Every page, and the total that the first one tells."""
    found: list[str] = []
    first = answer = list_user_tasks(world.env, actor, wanted=wanted, limit=limit)
    found += [task.id for task in answer.tasks]
    while answer.next_after is not None:
        answer = list_user_tasks(world.env, actor, wanted=wanted, limit=limit, after=answer.next_after)
        found += [task.id for task in answer.tasks]
    return found, first.total, not first.more_than_total


def walked(world: World, actor: Actor, wanted: Wanted, effort: Effort, most: tuple[int, int]) -> list[str]:
    """Every page as it is read of lists that are too long for a glance, of words that too many cases have."""
    search = search_for(actor, chart_of(world), wanted, world.env.now())
    search = replace(search, ways=ways_of(wanted.text, *most))
    found: list[str] = []
    after = None
    few = glance(search, effort).whole
    while places := page(search, after, 9, few=few, effort=effort):
        found += [one.task_id for one in places]
        after = places[-1].at(search.sort)
    db.session.close()
    return found


def resolved(actor: Actor, wanted: Wanted) -> Wanted:
    """With whose queue it is said outright."""
    if wanted.person == "me":
        return replace(wanted, person=actor.id)
    if wanted.person is None:
        alone = actor.kind == "person" and wanted.team is None and wanted.level is None
        return replace(wanted, person=actor.id if alone else "anyone")
    return wanted


def place(task: Waiting, sort: str) -> tuple[Any, ...]:
    """Where a task stands in an order."""
    tie = tie_of(task.id)
    orders: dict[str, tuple[Any, ...]] = {
        "opened": (task.opened_at, tie),
        "due": (task.due_at or NEVER, tie),
        "priority": (-task.priority, task.opened_at, tie),
    }
    return orders[sort]


@contextmanager
def opened(world: World) -> Iterator[World]:
    """With the application's context, and closed at the end."""
    with world.app.app_context():
        yield world
        db.session.remove()
        db.engine.dispose()


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def filled(
    request: pytest.FixtureRequest,
    copies: Callable[[str], Copies],
    releases: ReleaseCache,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Filled]:
    """Sixty open tasks, on each database, for tests that only read."""
    require(request.param)
    directory = tmp_path_factory.mktemp("filled")
    with opened(make_world(directory, copies(request.param).new(directory), releases)) as world:
        chart = chart_of(world)
        tasks = some_tasks(7, 60)
        write(tasks, chart)
        actors = {who: world.person(who) for who in PEOPLE}
        yield Filled(world, tasks, chart, {**actors, "system": SYSTEM, "outsider": OUTSIDER})
