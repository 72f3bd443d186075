"""The demo authority with a clock that a test moves, and the closure walk as steps that bring it to a named point."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import orjson
from flask import Flask

from service.app import create_app
from service.cli.database import upgrade_database
from service.config import Config
from service.data_files import demo_directory, processes_directory
from service.definitions.files import read_directory
from service.domain.events import CaseEvent
from service.domain.people import TOWPATH, Actor
from service.operations.authority import load_authority
from service.operations.due import do_due_events_and_timers
from service.operations.environment import Environment, ReleaseCache
from service.operations.events import receive_event
from service.operations.identity import read_actor
from service.operations.observing import Seen, look
from service.operations.rulebook import publish_release
from service.operations.tasks import complete_task
from service.operations.views import Completion, EventView
from service.store.tables import db

START = datetime(2027, 1, 4, 9, 30, tzinfo=UTC)
"""A Monday, the first working day of the year."""

INTEGRATOR = Actor(id="lcs", name="Case-management system", kind="system", scopes=frozenset({"events:write"}))

EXEMPLAR: Mapping[str, Any] = {
    "closureReason": "plan-achieved",
    "outcomes": "School attendance rose from 71% to 94% over two terms.",
    "planActionsComplete": "yes",
    "rationale": "The concerns that began the plan have not come back in five months.",
    "childsViews": "Said that things are calmer now.",
    "familysViews": "The parent agrees and knows whom to ring.",
    "familyTold": "yes",
    "familyAgrees": "yes",
    "raisedOn": "2026-10-10",
    "meetingOn": "2026-10-17",
    "meetingChair": "Team manager",
    "outstandingNeeds": "Help with reading, which school gives.",
    "onwardServices": "School: reading support.",
    "consentToShare": "yes",
    "siblings": "none",
    "involvementsEnding": ["K-101-1", "K-101-2", "K-101-3", "K-101-4"],
    "exemplarComplete": "yes",
}

SIGNATURE: Mapping[str, Any] = {
    "outcome": "signed",
    "reason": "Closure was proposed after five months without a concern. The child is at home and attends school.",
    "impact": "The child loses a weekly visitor; school and the parent protect, and no immediate risk is known.",
    "threshold": "Harm is unlikely, of low significance and not imminent: four visits and the assessment show it.",
    "actions": [{"action": "Send the closing letter", "owner": "Allocated worker", "due": "2099-01-22"}],
    "review": "The front door looks at any new contact within three months against this note.",
}

SENT_BACK: Mapping[str, Any] = {
    **SIGNATURE,
    "outcome": "sent-back",
    "sentBackBecause": "The family's views do not say what the other parent thinks.",
}


@dataclass
class Clock:
    """Stands still until a test moves it."""

    moment: datetime = START

    def __call__(self) -> datetime:
        """The moment it stands at."""
        return self.moment


@dataclass
class World:
    """One installation, and shorthands for what people and systems do in it."""

    app: Flask
    clock: Clock
    events: int = 0
    kept: dict[str, Any] = field(default_factory=dict)

    @property
    def env(self) -> Environment:
        """The installation's environment."""
        env: Environment = self.app.extensions["towpath"]
        return env

    def person(self, person_id: str) -> Actor:
        """A person in their posts."""
        return read_actor(self.env, person_id=person_id)

    def propose(self, case: str = "K-101", event_id: str | None = None, **data: Any) -> EventView:
        """The case-management system proposes a closure."""
        self.events += 1
        event = CaseEvent("lcs", event_id or f"event-{self.events}", "closure-proposed", case, self.clock.moment, data)
        return receive_event(self.env, INTEGRATOR, event=event)

    def task(self, element_id: str, case: str = "K-101") -> str:
        """The id of the user task of this element that opened last."""
        return self.seen(case).latest_task[element_id]

    def complete(self, element_id: str, person_id: str, answers: Mapping[str, Any], case: str = "K-101") -> Completion:
        """A person sends a user task, a minute after the last thing that happened."""
        self.clock.moment += timedelta(minutes=1)
        return complete_task(self.env, self.person(person_id), task_id=self.task(element_id, case), answers=answers)

    def seen(self, case: str = "K-101") -> Seen:
        """What is true of a case now."""
        return look(self.env, case)

    def settle(self) -> None:
        """Let everything happen that is due and needs nobody outside."""
        while do_due_events_and_timers(self.env):
            continue

    def at_exemplar(self) -> World:
        """The closure of K-101 has begun; its worker has the exemplar to write."""
        self.propose()
        return self

    def at_first_signature(self) -> World:
        """The exemplar is written; the worker's line manager is asked."""
        self.at_exemplar().complete("complete_closure_exemplar", "sw1-cin-east", EXEMPLAR)
        return self

    def at_second_signature(self) -> World:
        """The first line manager has signed; theirs is asked."""
        self.at_first_signature().complete("sign", "tm-cin-east", SIGNATURE)
        return self

    def closed(self) -> World:
        """Both have signed."""
        self.at_second_signature().complete("sign", "sm-cin-east", SIGNATURE)
        return self


def make_world(data_directory: Path, database_url: str, releases: ReleaseCache, **settings: Any) -> World:
    """An installation on a database that has been made ready. `releases` may be shared: they never change."""
    clock = Clock()
    config = Config(
        data_directory=data_directory,
        database_url=database_url,
        secret_key="a secret of the tests",
        secure_cookies=False,
        **settings,
    )
    app = create_app(config, now=clock)
    env = app.extensions["towpath"]
    app.extensions["towpath"] = Environment(config=config, now=clock, releases=releases, job_types=env.job_types)
    return World(app, clock)


def make_ready(data_directory: Path, database_url: str) -> None:
    """Bring an empty database to where the demo starts: tables, release 1, Northmere."""
    world = make_world(data_directory, database_url, ReleaseCache())
    with world.app.app_context():
        upgrade_database(db.engine)
        publish_release(
            world.env,
            TOWPATH,
            files=read_directory(processes_directory()),
            author="towpath",
            approver="northmere",
            note="For the tests.",
            effective_from=START.date(),
        )
        authority = orjson.loads((demo_directory() / "northmere.json").read_bytes())
        load_authority(world.env, TOWPATH, data=authority)
        db.engine.dispose()
