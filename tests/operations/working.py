"""A diagram with one job, brought to where the job waits; and handlers of a test's own under names of their own."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

from service.contract import Job, handler
from service.domain.events import CaseEvent
from service.domain.people import TOWPATH
from service.operations.claiming import claim_due_work
from service.operations.due import Piece, pieces_of
from service.operations.events import receive_event
from service.operations.jobs import LeasedJob, claim_jobs
from service.store.jobs import JobRow
from service.store.tables import db
from tests.engine.drawing import diagram, end, flows, job, message, start
from tests.operations.publishing import publish
from tests.support.world import INTEGRATOR, World

EVENT_TYPE = "letter-due"


def handled(function: Callable[..., Any]) -> str:
    """Register a handler; give the job type that nobody else has."""
    job_type = f"test.{uuid.uuid4()}"
    handler(job_type)(function)
    return job_type


def letter(job_type: str, *more: str, path: str = "begin send done", outside: str = "", **drawn: Any) -> bytes:
    """A process that starts on an event and has one job, `send`; `more` stands beside it."""
    drawn = {"retries": "3", "headers": {"retryBackoff": "PT5S"}, **drawn}
    return diagram(
        start(message="m"), job("send", job_type, name="Send the letter", **drawn), end(), *more, flows(path),
        process_id="letter", outside=message("m", EVENT_TYPE) + outside,
    )  # fmt: skip


def at_job(world: World, job_type: str, *more: str, data: Mapping[str, Any] | None = None, **drawn: Any) -> World:
    """The job waits, for K-101."""
    publish(world, letter(job_type, *more, **drawn), job_types=frozenset({job_type}))
    post(world, "K-101", **(data or {}))
    return world


def post(world: World, case: str, **data: Any) -> None:
    """The event that starts the letter, for some case."""
    event = CaseEvent("lcs", f"letter-{case}", EVENT_TYPE, case, world.clock.moment, data)
    view = receive_event(world.env, INTEGRATOR, event=event)
    assert view.status == "delivered", view.did


def work(world: World) -> int:
    """Do what is due now, once; give how many pieces there were."""
    pieces = claimed(world)
    for piece in pieces:
        piece.do()
    return len(pieces)


def claimed(world: World) -> list[Piece]:
    """What is due now, claimed as a worker does."""
    return pieces_of(world.env, claim_due_work(world.env, TOWPATH, jobs=20))


def claim(world: World, limit: int = 1) -> list[LeasedJob]:
    """Lease jobs as a worker does."""
    return claim_jobs(world.env, TOWPATH, limit=limit)


def pass_by(world: World, seconds: float) -> None:
    """Let time go by."""
    world.clock.moment += timedelta(seconds=seconds)


def only_job() -> JobRow:
    """The one job there is, with its values read."""
    [row] = db.session.query(JobRow).all()
    db.session.expunge(row)
    db.session.close()
    return row


class Sender:
    """A handler that ends as it is told, and remembers what it was given."""

    def __init__(self, *endings: Any) -> None:
        self.endings = list(endings)
        self.given: list[Any] = []

    def end(self, given: Any) -> Any:
        """The next ending: an exception is raised, anything else is the result; the last one stays."""
        self.given.append(given)
        ending = self.endings.pop(0) if len(self.endings) > 1 else self.endings[0]
        if isinstance(ending, Exception):
            raise ending
        return ending


def telling(sender: Sender) -> Any:
    """A handler that asks for nothing but its job."""

    def handle(job: Job) -> Any:
        return sender.end(job)

    return handle
