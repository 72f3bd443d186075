"""Timer start events: on each occasion one instance for each case that is meant, once, whatever release is in force."""

from __future__ import annotations

from datetime import timedelta

from service.data_files import processes_directory
from service.definitions.files import read_directory
from service.domain.people import TOWPATH
from service.operations import schedules
from service.operations.cases import read_case
from service.operations.rulebook import check_files
from service.operations.schedules import keep_schedules, run_schedule
from service.store.cases import CaseRow
from service.store.schedules import ScheduleRow
from service.store.tables import db
from tests.engine.drawing import diagram, end, flows, start, timer, user
from tests.operations.publishing import publish
from tests.operations.rows import changing, fact
from tests.operations.together import together
from tests.support.world import START, World

MONDAYS = "R/2027-01-11T08:00:00Z/P7D"


def weekly(
    cycle: str = MONDAYS, meant: str = '=case.facts.plan = "child-protection"', kind: str = "timeCycle"
) -> bytes:
    """Something is looked at in every case that is meant."""
    return diagram(
        start(inside=timer(kind, cycle), properties={"forEachCase": meant}),
        user("look", assignee="dcs"), end(), flows("begin look done"), process_id="weekly",
    )  # fmt: skip


def begun(world: World) -> dict[str, int]:
    """Case reference to how many instances there are."""
    references = [reference for (reference,) in db.session.query(CaseRow.reference)]
    db.session.close()
    found = {ref: len(read_case(world.env, world.person("dcs"), reference=ref).instances) for ref in references}
    return {reference: number for reference, number in found.items() if number}


def test_on_each_occasion_every_case_that_is_meant_gets_one(world: World) -> None:
    publish(world, weekly())
    world.settle()
    assert begun(world) == {}
    world.clock.moment = START + timedelta(days=7)
    world.settle()
    world.settle()
    assert begun(world) == {"K-104": 1, "K-114": 1}
    world.clock.moment += timedelta(days=7)
    world.settle()
    assert begun(world) == {"K-104": 2, "K-114": 2}


def test_occasions_that_nobody_looked_at_are_made_up_for_once(sqlite_world: World) -> None:
    publish(sqlite_world, weekly())
    sqlite_world.settle()
    sqlite_world.clock.moment = START + timedelta(days=60)
    sqlite_world.settle()
    assert begun(sqlite_world) == {"K-104": 1, "K-114": 1}


def test_a_date_comes_once(sqlite_world: World) -> None:
    publish(sqlite_world, weekly("2027-01-11T08:00:00Z", kind="timeDate"))
    sqlite_world.settle()
    for _ in range(2):
        sqlite_world.clock.moment += timedelta(days=8)
        sqlite_world.settle()
    assert begun(sqlite_world) == {"K-104": 1, "K-114": 1}


def test_a_large_register_is_gone_through_in_parts_and_nobody_is_left_out(world: World) -> None:
    with changing() as session:
        for number in range(schedules.CASES_AT_ONCE + 5):
            session.add(
                CaseRow(reference=f"L-{number:03}", label="Child", owning_team_id="cla", facts={"plan": "x"},
                        facts_as_of=START)
            )  # fmt: skip
    publish(world, weekly(meant='=starts with(case.reference, "L-")'))
    world.settle()
    world.clock.moment = START + timedelta(days=7)
    run_schedule(world.env, TOWPATH, process_id="weekly", start_id="begin")
    with changing() as session:
        (row,) = session.query(ScheduleRow)
        assert row.reached == f"L-{schedules.CASES_AT_ONCE - 15 - 1:03}"
    world.settle()
    assert begun(world) == {f"L-{number:03}": 1 for number in range(schedules.CASES_AT_ONCE + 5)}


def test_a_case_that_cannot_be_judged_is_for_a_person(sqlite_world: World) -> None:
    publish(sqlite_world, weekly(meant='=case.facts.plan = "child-protection" and case.facts.visits > 1'))
    sqlite_world.settle()
    fact("K-114", visits=2)
    sqlite_world.clock.moment = START + timedelta(days=7)
    sqlite_world.settle()
    assert begun(sqlite_world) == {"K-114": 1}
    [incident] = read_case(sqlite_world.env, sqlite_world.person("dcs"), reference="K-104").incidents
    assert incident.message == "forEachCase of 'begin' is neither true nor false for this case"


def test_the_release_in_force_decides(sqlite_world: World) -> None:
    publish(sqlite_world, weekly())
    later = START.date() + timedelta(days=10)
    publish(sqlite_world, weekly("R/2027-01-20T08:00:00Z/P7D", meant="=true"), effective_from=later)
    sqlite_world.settle()
    sqlite_world.clock.moment = START + timedelta(days=9)
    sqlite_world.settle()
    assert begun(sqlite_world) == {"K-104": 1, "K-114": 1}
    publish(sqlite_world, effective_from=START.date() + timedelta(days=12))
    sqlite_world.clock.moment = START + timedelta(days=30)
    sqlite_world.settle()
    assert begun(sqlite_world) == {"K-104": 1, "K-114": 1}
    with changing() as session:
        assert session.query(ScheduleRow).count() == 0


def test_two_workers_take_an_occasion_once(world: World) -> None:
    publish(world, weekly())
    keep_schedules(world.env, TOWPATH)
    world.clock.moment = START + timedelta(days=7)
    together(world, [lambda: run_schedule(world.env, TOWPATH, process_id="weekly", start_id="begin")] * 4)
    world.settle()
    assert begun(world) == {"K-104": 1, "K-114": 1}


def test_one_that_does_not_say_for_which_cases_is_named(sqlite_world: World) -> None:
    drawn = diagram(start(inside=timer("timeCycle", MONDAYS)), end(), flows("begin done"), process_id="weekly")
    problems, _ = check_files(sqlite_world.env, {**read_directory(processes_directory()), "weekly.bpmn": drawn})
    assert ("begin", "a timer start event says for which cases, as FEEL in the property “forEachCase”") in {
        (problem.where, problem.message) for problem in problems
    }
