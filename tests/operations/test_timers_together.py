"""Timers of several instances in one transaction: one commit for all; nobody waits or fails for another."""

from __future__ import annotations

from functools import partial

import pytest
from sqlalchemy import select

from service.domain.events import CaseEvent
from service.domain.people import TOWPATH
from service.operations.due import wake_instances
from service.operations.events import receive_event
from service.operations.incidents import list_incidents
from service.operations.together import fire_together
from service.store.cases import CaseRow
from service.store.instances import InstanceRow, lock_instance
from service.store.tables import db
from service.store.tasks import TaskRow
from service.ticker import tick
from tests.engine.drawing import catch, diagram, end, flow, flows, gateway, job, message, start, timer, user
from tests.operations.publishing import publish
from tests.operations.rows import count, everything, values
from tests.operations.together import PATIENCE, meanwhile, together
from tests.operations.working import claimed, pass_by
from tests.support.counting import Counting
from tests.support.world import INTEGRATOR, World

WAITING = diagram(
    start(message="m"), catch("an_hour", inside=timer("timeDuration", "PT1H")), gateway("which"),
    user("look", assignee="=case.allocatedWorker"), end(),
    job("note", "register.change-case", inputs={"changes": "={noted: true}"}), end("noted"),
    catch("heard", "news"), end("told"),
    flows("begin an_hour which"), flows("look done"), flows("note noted"), flows("heard told"),
    *[flow("which", element, f'=next = "{element}"') for element in ("look", "note", "heard")],
    process_id="waiting", outside=message("m", "wait-an-hour") + message("news", "news", "=case.reference"),
)  # fmt: skip
"""After an hour it asks the worker, or changes the register, or waits for a message; or it has no way on."""

CASES = ("K-101", "K-102", "K-103")
NOBODYS = "K-106"
"""A case without a worker: whom it asks, nobody could ever be."""


def test_several_fire_in_one_transaction(world: World) -> None:
    ids = due(world, *CASES)
    with Counting() as counted:
        fire_together(world.env, TOWPATH, instance_ids=ids, seconds=PATIENCE)
    assert (counted.commits, fired()) == (1, {case: ["look"] for case in CASES})
    assert [world.seen(case).open for case in CASES] == [
        (("look", frozenset({worker})),) for worker in ("sw1-cin-east", "sw1-cin-east", "sw2-cin-east")
    ]


def test_each_more_costs_no_more_statements(world: World) -> None:
    statements = []
    for cases in (CASES[:1], CASES):
        ids = due(world, *cases)
        with Counting() as counted:
            fire_together(world.env, TOWPATH, instance_ids=ids, seconds=PATIENCE)
        statements.append(len(counted.statements))
    assert statements[0] == statements[1]


def test_all_that_are_due_are_claimed_and_fired(world: World) -> None:
    due(world, *CASES * 10)
    done, failed = tick(claimed(world))
    assert (done > 0, failed, len(values(select(TaskRow.id)))) == (True, 0, 30)


@pytest.mark.parametrize("then", ["nothing", "look"], ids=["no way on", "nobody to ask"])
def test_one_that_cannot_fire_is_stuck_and_the_others_fire(world: World, then: str) -> None:
    ids = due(world, *CASES) + due(world, NOBODYS, then=then)
    wake_instances(world.env, ids)
    assert fired() == {case: ["look"] for case in CASES}
    stuck = list_incidents(world.env, world.person("sm-cin-west"))
    assert [incident.what for incident in stuck] == ["A timer of Review"]


@pytest.mark.parametrize(("then", "kept"), [("note", "cases"), ("heard", "subscriptions")])
def test_what_locks_more_than_its_own_rows_fires_alone(world: World, then: str, kept: str) -> None:
    ids = due(world, *CASES[:2]) + due(world, "K-103", then=then)
    before = everything()[kept]
    fired_so_far = fire_together(world.env, TOWPATH, instance_ids=ids, seconds=PATIENCE)
    assert (fired_so_far.alone, fired_so_far.later, everything()[kept] == before) == ((ids[2],), (), True)
    wake_instances(world.env, ids)
    assert everything()[kept] != before
    assert count("user_tasks") == 2


def test_nobody_waits_for_one_that_somebody_holds(postgresql_world: World) -> None:
    world = postgresql_world
    ids = due(world, *CASES)
    seen = []
    meanwhile(
        world,
        first=lambda: lock_instance(ids[1]),
        act=partial(wake_instances, world.env, ids),
        then=lambda: seen.append(fired()),
    )
    assert seen == [{"K-101": ["look"], "K-103": ["look"]}]
    assert fired() == {case: ["look"] for case in CASES}


@pytest.mark.parametrize("without_key", [False, True], ids=["whole", "as a completion does"])
def test_nobody_waits_for_a_case_that_somebody_holds(postgresql_world: World, without_key: bool) -> None:
    world = postgresql_world
    ids = due(world, *CASES)
    held = select(CaseRow).where(CaseRow.reference == "K-102").with_for_update(key_share=without_key)
    left = meanwhile(
        world,
        first=lambda: db.session.scalar(held),
        act=partial(fire_together, world.env, TOWPATH, instance_ids=ids, seconds=PATIENCE),
        then=lambda: None,
    )
    assert (left.alone, left.later, sorted(fired())) == ((ids[1],), (), ["K-101", "K-103"])


def test_whoever_was_held_for_long_enough_is_let_go(world: World) -> None:
    ids = sorted(due(world, *CASES))
    left = fire_together(world.env, TOWPATH, instance_ids=ids, seconds=0.0)
    assert (left.alone, left.later, len(fired())) == ((), tuple(ids[1:]), 1)
    wake_instances(world.env, ids)
    assert fired() == {case: ["look"] for case in CASES}


def test_several_who_fire_the_same_fire_each_once(world: World) -> None:
    ids = due(world, *CASES * 4)
    together(world, [partial(wake_instances, world.env, ids)] * 3)
    assert (count("user_tasks"), fired()) == (12, {case: ["look"] * 4 for case in CASES})


def test_one_that_is_not_due_is_left_alone(sqlite_world: World) -> None:
    ids = due(sqlite_world, *CASES)
    pass_by(sqlite_world, -10)
    before = everything()
    assert fire_together(sqlite_world.env, TOWPATH, instance_ids=ids).alone == ()
    assert everything() == before


def due(world: World, *cases: str, then: str = "look") -> list[str]:
    """An instance in each of these cases has waited for its hour; gives their ids."""
    if not values(select(InstanceRow.id).limit(1)):
        publish(world, WAITING)
    ids = []
    for number, case in enumerate(cases):
        name = f"{then}-{case}-{number}-{world.clock.moment}"
        event = CaseEvent("lcs", name, "wait-an-hour", case, world.clock.moment, {"next": then})
        view = receive_event(world.env, INTEGRATOR, event=event)
        assert view.instance_id is not None, view.did
        ids.append(view.instance_id)
    pass_by(world, 3_600)
    return ids


def fired() -> dict[str, list[str]]:
    """Case reference to the elements of the user tasks that are open in it."""
    found: dict[str, list[str]] = {}
    for row in db.session.scalars(select(TaskRow).order_by(TaskRow.case_reference)):
        found.setdefault(row.case_reference, []).append(row.element_id)
    db.session.close()
    return found
