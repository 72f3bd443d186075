"""The bench of faults can find fault: everything that could be lost or doubled is done to a walk, and is told."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from sqlalchemy import text

from deployment.bench.faulty.clients import HANDS, Ledger
from deployment.bench.faulty.handlers import EFFECTS, have_effect
from deployment.bench.faulty.installation import WORKERS, install
from deployment.bench.faulty.verdict import Verdict
from service.domain.events import CaseEvent
from service.operations.environment import ReleaseCache
from service.operations.events import receive_event
from service.store.tables import db
from service.ticker import tick
from tests.operations.rows import changing
from tests.operations.working import claimed, pass_by
from tests.support.databases import empty_database
from tests.support.world import INTEGRATOR, World, make_world

CASE, WORKER = "W-0", WORKERS[0]


@dataclass
class Walked:
    """One walk that has ended well, and what is known of it outside."""

    world: World
    effects: Path
    ledger: Ledger = field(default_factory=Ledger)
    seen: list[str] = field(default_factory=list)

    def told(self) -> list[str]:
        """What the verdict finds wrong."""
        url = self.world.env.config.database_url.replace("+psycopg", "")
        lost: list[str] = Verdict(url, self.ledger, self.effects, self.seen).told()["lost"]
        return lost


def change(statement: str) -> Callable[[Walked], None]:
    """Something happens behind the service's back."""

    def do(_: Walked) -> None:
        with changing() as session:
            session.execute(text(statement))

    return do


def another_effect(walked: Walked) -> None:
    """The effect happens again, under a key of its own."""
    instance, _, _ = walked.effects.read_text().split()
    with walked.effects.open("a") as file:
        file.write(f"{instance} another-key 1\n")


INJECTED = {
    "an effect is lost": (lambda walked: walked.effects.write_text(""), "happened under 0 keys"),
    "an effect is doubled": (another_effect, "happened under 2 keys"),
    "an accepted event is not delivered": (change("UPDATE case_events SET status = 'accepted'"), "is accepted"),
    "an answered completion is gone": (change("UPDATE user_tasks SET status = 'open'"), "('first', 'open')"),
    "a walk never ends": (change("UPDATE process_instances SET status = 'running'"), "the walk of W-0 is running"),
    "history has a gap": (change("DELETE FROM history WHERE verb = 'JobCompleted'"), "'JobCompleted': 0"),
    "a timer never fired": (change("DELETE FROM history WHERE verb = 'TimerFired'"), "timers fired 0 times"),
    "an event is sent twice": (
        change(
            "INSERT INTO outbox (position, id, type, case_reference, instance_id, data, at) SELECT 99, 'again', type,"
            " case_reference, instance_id, data, at FROM outbox WHERE type = 'walk-ended'"
        ),
        "was sent 2 times",
    ),
    "the feed's reader misses one": (lambda walked: walked.seen.pop(), "the feed's reader got"),
    "an answer is strange": (lambda walked: walked.ledger.strange.append("403"), "403"),
}


def test_a_walk_that_nobody_disturbed_is_well(walked: Walked) -> None:
    assert walked.told() == []


@pytest.mark.parametrize("injected", INJECTED)
def test_whatever_is_lost_or_doubled_is_told(walked: Walked, injected: str) -> None:
    disturb, words = INJECTED[injected]
    disturb(walked)
    assert any(words in sentence for sentence in walked.told()), walked.told()


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the bench's installation."""
    directory = tmp_path_factory.mktemp("faulty")
    with empty_database("postgresql", directory) as address:
        install(directory, address, cases=1)
        yield address


@pytest.fixture
def walked(installed: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Walked]:
    """One walk from its event to its end."""
    effects = tmp_path / "effects"
    monkeypatch.setenv(EFFECTS, str(effects))
    world = make_world(tmp_path, installed, ReleaseCache(), handlers_package=have_effect.__module__)
    with world.app.app_context():
        walked = Walked(world, effects)
        walk(walked)
        yield walked
        with changing() as session:
            tables = "history, outbox, held_for, queue_entries, user_tasks, jobs, subscriptions, incidents, case_events"
            session.execute(text(f"TRUNCATE {tables}, process_instances CASCADE"))
        db.session.remove()
        db.engine.dispose()


def walk(walked: Walked) -> None:
    """The event, the second's wait, the effect, both answers; and somebody reads the feed."""
    world = walked.world
    event = CaseEvent("bench", f"walk-{CASE}", "walk-asked", CASE, world.clock.moment, {})
    walked.ledger.events[CASE] = receive_event(world.env, INTEGRATOR, event=event).id
    pass_by(world, 2)
    while tick(claimed(world)) != (0, 0):
        continue
    for element in HANDS:
        task = walked.ledger.completions[CASE, element] = world.task(element, CASE)
        world.complete(element, WORKER, {}, CASE)
        assert task
    world.settle()
    walked.seen = list(db.session.scalars(text("SELECT id FROM outbox ORDER BY sequence")))
    db.session.close()
