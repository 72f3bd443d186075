"""Who sees what: cases, instances, queues and tokens. What somebody may not know of is not there."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from service.access.identity import token_digest
from service.domain.errors import Invalid, NotAllowed, NotAuthenticated, NotFound
from service.domain.people import TOWPATH, Actor
from service.operations.cases import list_cases, read_case
from service.operations.feed import read_feed
from service.operations.identity import create_token, read_actor, read_token_actor
from service.operations.instances import read_instance
from service.operations.queue import list_user_tasks, read_user_task
from service.store.cases import CaseRow
from service.store.tables import db
from service.store.tokens import TokenRow
from tests.operations.rows import changing
from tests.support.world import INTEGRATOR, SIGNATURE, START, World

STRANGER = "tm-cla"
READER = Actor("token:1", "Another system", "system", scopes=frozenset({"cases:read"}))


def test_a_stranger_finds_neither_case_nor_task_nor_instance(sqlite_world: World) -> None:
    view = sqlite_world.propose()
    stranger, task = sqlite_world.person(STRANGER), sqlite_world.task("complete_closure_exemplar")
    with pytest.raises(NotFound):
        read_case(sqlite_world.env, stranger, reference="K-101")
    with pytest.raises(NotFound):
        read_user_task(sqlite_world.env, stranger, task_id=task)
    with pytest.raises(NotFound):
        read_instance(sqlite_world.env, stranger, instance_id=str(view.instance_id))


def test_what_is_not_there_is_told_in_the_same_words(sqlite_world: World) -> None:
    stranger = sqlite_world.person(STRANGER)
    heard = set()
    for reference in ("K-101", "K-999"):
        with pytest.raises(NotFound) as unknown:
            read_case(sqlite_world.env, stranger, reference=reference)
        heard.add(unknown.value.message.replace(reference, "…"))
    assert len(heard) == 1


def test_whoever_a_task_waits_for_finds_all_three(sqlite_world: World) -> None:
    """The next line manager may be of another team."""
    sqlite_world.at_second_signature()
    manager = sqlite_world.person("sm-cin-east")
    case = read_case(sqlite_world.env, manager, reference="K-101")
    assert read_user_task(sqlite_world.env, manager, task_id=case.tasks[0].id).summary.element_id == "sign"
    assert read_instance(sqlite_world.env, manager, instance_id=case.instances[0].id).waiting_for == ("Sign off",)


def test_whoever_posted_the_event_reads_what_it_started(sqlite_world: World) -> None:
    view = sqlite_world.propose()
    assert read_instance(sqlite_world.env, INTEGRATOR, instance_id=str(view.instance_id)).status == "running"
    with pytest.raises(NotFound):
        read_case(sqlite_world.env, INTEGRATOR, reference="K-101")


def test_a_manager_lists_the_cases_below_them(sqlite_world: World) -> None:
    listed = {who: len(list_cases(sqlite_world.env, sqlite_world.person(who))) for who in ("tm-cla", "hos-cin", "dcs")}
    assert listed == {"tm-cla": 2, "hos-cin": 11, "dcs": 15}
    assert list_cases(sqlite_world.env, sqlite_world.person("dcp")) == ()


@pytest.mark.parametrize(
    ("text", "found"),
    [("k-10", 9), ("Child K-115", 1), ("%", 0), ("_", 0), ("' OR 1=1 --", 0), ("K-999", 0)],
)
def test_cases_are_found_by_what_is_written_and_nothing_else(world: World, text: str, found: int) -> None:
    assert len(list_cases(world.env, READER, text=text)) == found


def test_a_character_that_no_database_keeps_finds_nothing_and_breaks_nothing(world: World) -> None:
    """PostgreSQL refuses it, SQLite does not; somebody types it into an address all the same."""
    with suppress(Invalid):
        list_cases(world.env, READER, text="\x00")
    with pytest.raises(NotFound if db.engine.dialect.name == "sqlite" else Invalid):
        read_case(world.env, READER, reference="\x00")
    assert list_cases(world.env, READER, text="K-115")


def test_a_case_is_found_behind_a_thousand_of_other_teams(sqlite_world: World) -> None:
    with changing() as session:
        for number in range(1_005):
            session.add(
                CaseRow(
                    reference=f"A-{number:04}", label="Child", owning_team_id="cin-west", facts={}, facts_as_of=START
                )
            )
    assert len(list_cases(sqlite_world.env, sqlite_world.person("tm-cla"))) == 2
    assert len(list_cases(sqlite_world.env, READER)) == 100


def test_a_queue_is_read_page_by_page_and_none_is_lost(sqlite_world: World) -> None:
    for reference in ("K-101", "K-102"):
        sqlite_world.propose(reference)
    actor, after, found = sqlite_world.person("sw1-cin-east"), None, []
    for _ in range(2):
        page = list_user_tasks(sqlite_world.env, actor, after=after, limit=1)
        found += [task.case.reference for task in page.tasks]
        after = page.next_after
    assert (sorted(found), after, page.total) == (["K-101", "K-102"], None, 2)


@pytest.mark.parametrize("asked", [{"limit": 0}, {"limit": 201}, {"after": "x"}, {"after": "2027-01-04T09:30:00~x"}])
def test_a_page_that_cannot_be_is_said(sqlite_world: World, asked: dict[str, object]) -> None:
    with pytest.raises(Invalid):
        list_user_tasks(sqlite_world.env, sqlite_world.person("sw1-cin-east"), **asked)  # type: ignore[arg-type]


def test_the_feed_is_read_on_from_where_one_was(sqlite_world: World) -> None:
    sqlite_world.closed()
    first, *rest = read_feed(sqlite_world.env, TOWPATH)
    assert read_feed(sqlite_world.env, TOWPATH, after=first.sequence) == tuple(rest)
    assert read_feed(sqlite_world.env, TOWPATH, after=rest[-1].sequence) == ()


def test_the_feed_needs_its_scope(sqlite_world: World) -> None:
    for actor in (sqlite_world.person("dcs"), INTEGRATOR):
        with pytest.raises(NotAllowed):
            read_feed(sqlite_world.env, actor)


def test_a_token_that_is_a_person_is_that_person_and_no_more(sqlite_world: World) -> None:
    token = create_token(sqlite_world.env, TOWPATH, name="x", scopes=frozenset(), person_id="tm-cla")
    assert read_token_actor(sqlite_world.env, token=token) == sqlite_world.person("tm-cla")


def test_a_revoked_token_and_an_invented_one_are_nobodys(sqlite_world: World) -> None:
    token = create_token(sqlite_world.env, TOWPATH, name="x", scopes=frozenset({"cases:read"}))
    with changing() as session:
        row = session.scalars(select(TokenRow).where(TokenRow.digest == token_digest(token))).one()
        row.revoked_at = datetime(2027, 1, 4, tzinfo=UTC)
    for one in (token, "towpath_invented", ""):
        with pytest.raises(NotAuthenticated):
            read_token_actor(sqlite_world.env, token=one)


def test_somebody_who_left_is_nobody(sqlite_world: World) -> None:
    with pytest.raises(NotAuthenticated):
        read_actor(sqlite_world.env, person_id="left")


def test_reading_leaves_no_transaction_open(sqlite_world: World) -> None:
    read_case(sqlite_world.env, READER, reference="K-101")
    assert not db.session().in_transaction()


def test_a_task_that_has_ended_can_be_read_by_whoever_could_not_have_signed_it(world: World) -> None:
    """What its guards read is kept no longer than it is open."""
    first = world.at_first_signature().task("sign")
    world.complete("sign", "tm-cin-east", SIGNATURE)
    view = read_user_task(world.env, world.person("sw1-cin-east"), task_id=first)
    assert (view.summary.status, view.summary.blocked) == ("completed", None)
