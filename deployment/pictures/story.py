"""Three weeks of work in the demo, so that a picture shows a desk at which somebody works. Taking it is not here."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from service.app import create_app
from service.config import read_config
from service.operations.tasks import claim_task, override_refusal, save_draft
from service.store.tables import db
from tests.support.demo import exemplar_of
from tests.support.world import SIGNATURE, Clock, World

WORKERS = {
    "K-101": "sw1-cin-east",
    "K-102": "sw1-cin-east",
    "K-103": "sw2-cin-east",
    "K-104": "sw2-cin-east",
    "K-113": "sw3-cin-east",
}
TEAM_MANAGER, SERVICE_MANAGER, HEAD_OF_SERVICE = "tm-cin-east", "sm-cin-east", "hos-cin"
EXEMPLAR, SIGN = "complete_closure_exemplar", "sign"

EXEMPLAR_WORDS: Mapping[str, str] = {
    "outcomes": "School attendance rose from 71% to 94% over two terms. Home was safe and warm at each of the last "
    "four visits. The parent keeps the appointments with the nurse without being reminded.",
    "rationale": "The concerns that began the plan have not come back in five months. The last assessment found no "
    "current risk, and school and the nurse agree.",
    "childsViews": "Said on a walk to school that things are calmer now and that there is nobody to be worried about.",
    "familysViews": "The parent agrees and was glad to be asked. Wanted to know who to ring if things get hard.",
    "outstandingNeeds": "Help with reading, which school gives twice a week.",
    "onwardServices": "School: reading support, and the designated safeguarding lead, who has been told.",
}
TEAM_MANAGERS_WORDS: Mapping[str, Any] = {
    **SIGNATURE,
    "reason": "Closure was proposed after five months without a concern. The child lives at home with the parent and "
    "goes to school every day. I read the exemplar and talked it through in supervision.",
    "impact": "The child loses a weekly visitor. School and the parent protect; the long-term risk is that help with "
    "reading stops, which school has promised to keep up.",
    "threshold": "Harm is unlikely, of low significance and not imminent. Four visits, the assessment and the school's "
    "attendance record show it.",
    "challenge": "I asked whether the calm depends on the grandparent. It does not: she moved away in the summer.",
}


def tell(variables: Mapping[str, str]) -> None:
    """Let the people of one service work for three weeks, up to an hour ago, in a database of the demo."""
    clock = Clock()
    world = World(create_app(read_config(variables), now=clock), clock)
    with world.app.app_context():
        _the_team_works(world)
        db.session.remove()
        db.engine.dispose()


def exemplar(case: str, **changes: Any) -> dict[str, Any]:
    """The exemplar as a worker of the story writes it."""
    return exemplar_of(case, **EXEMPLAR_WORDS, **changes)


def _the_team_works(world: World) -> None:
    _propose(world, "K-103", days_ago=20)
    _propose(world, "K-101", days_ago=13)
    _propose(world, "K-104", days_ago=11)
    _propose(world, "K-102", days_ago=8)
    _write(world, "K-101", days_ago=7)
    _sign(world, "K-101", days_ago=6)
    _allow_and_write(world, "K-104", days_ago=6)
    _propose(world, "K-113", days_ago=5)
    _write(world, "K-102", days_ago=5)
    _sign(world, "K-104", days_ago=4)
    _write(world, "K-113", days_ago=3)
    _sign(world, "K-102", days_ago=3)
    _sign(world, "K-113", days_ago=2)
    _claim(world, "K-101", days_ago=1)
    _draft(world, "K-103", days_ago=1)


def _move_to(world: World, days_ago: int) -> None:
    """The morning of that day, or of the Friday before it; later than whatever happened last."""
    day = datetime.now(UTC) - timedelta(days=days_ago)
    while day.weekday() > 4:
        day -= timedelta(days=1)
    morning = day.replace(hour=9, minute=40, second=0, microsecond=0)
    later = world.clock.moment + timedelta(minutes=25)
    world.clock.moment = later if morning < later < datetime.now(UTC) else morning


def _propose(world: World, case: str, days_ago: int) -> None:
    _move_to(world, days_ago)
    world.propose(case, event_id=f"2026-{case}")


def _write(world: World, case: str, days_ago: int, **changes: Any) -> None:
    _move_to(world, days_ago)
    world.complete(EXEMPLAR, WORKERS[case], exemplar(case, **changes), case)


def _allow_and_write(world: World, case: str, days_ago: int) -> None:
    _move_to(world, days_ago)
    task = world.task(EXEMPLAR, case)
    because = "The review conference ended the plan this week; the register follows on Friday."
    override_refusal(world.env, world.person(HEAD_OF_SERVICE), task_id=task, rule="CC-R5", reason=because)
    _write(world, case, days_ago)


def _sign(world: World, case: str, days_ago: int) -> None:
    _move_to(world, days_ago)
    world.complete(SIGN, TEAM_MANAGER, TEAM_MANAGERS_WORDS, case)
    world.settle()


def _claim(world: World, case: str, days_ago: int) -> None:
    _move_to(world, days_ago)
    claim_task(world.env, world.person(SERVICE_MANAGER), task_id=world.task(SIGN, case))


def _draft(world: World, case: str, days_ago: int) -> None:
    _move_to(world, days_ago)
    worker, task = world.person(WORKERS[case]), world.task(EXEMPLAR, case)
    talked = (world.clock.moment - timedelta(days=2)).date().isoformat()
    typed = exemplar(
        case,
        involvementsEnding=["K-103-1", "K-103-2"],
        strongerFamiliesConsulted="yes",
        strongerFamiliesConsultedOn=talked,
    )
    save_draft(world.env, worker, task_id=task, answers=typed, version=None)
