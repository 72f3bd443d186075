"""What is true of a case at a moment, for comparing before and after. Pages do not use this; they ask for views."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import select

from service.operations.context import current_release, read_chart, require_case
from service.operations.environment import Environment
from service.operations.showing import show_history
from service.operations.transaction import reading
from service.store.cases import find_involvements
from service.store.events import OutboxRow
from service.store.history import HistoryRow, history_of_case
from service.store.instances import instances_of_case
from service.store.tables import db
from service.store.tasks import TaskRow, open_tasks_of_case

ALL = 100_000
STUCK = frozenset({"EventQuarantined", "IncidentRaised"})


@dataclass(frozen=True, slots=True)
class Seen:
    """One case, looked at."""

    status: str
    open: tuple[tuple[str, frozenset[str]], ...]
    """Open user tasks as (element id, who may take it)."""
    latest_task: Mapping[str, str]
    """Element id to the id of the user task that opened last, open or not."""
    thrown: tuple[str, ...]
    ended: tuple[tuple[str, str], ...]
    """Ended instances as (instance id, process id)."""
    history: tuple[str, ...]
    """Entries as sentences, oldest first."""
    involvements: frozenset[str]
    """Ids of the open ones."""
    stuck: tuple[str, ...]
    """Events that could not be delivered and incidents, each with its cause, oldest first."""


@reading
def look(env: Environment, reference: str) -> Seen:
    """Look at a case. Raises NotFound."""
    case = require_case(reference)
    chart = read_chart(current_release(env))
    tasks = open_tasks_of_case(reference)
    opened = db.session.scalars(
        select(TaskRow).where(TaskRow.case_reference == reference).order_by(TaskRow.opened_at, TaskRow.status)
    )
    thrown = select(OutboxRow.type).where(OutboxRow.case_reference == reference).order_by(OutboxRow.sequence)
    told = list(reversed(history_of_case(reference, ALL)))
    return Seen(
        status=case.status,
        open=tuple(
            (
                task.element_id,
                frozenset(person for key in task.candidates for person in chart.holders(key))
                - frozenset(task.excluded),
            )
            for task in tasks
        ),
        # "open" sorts after "completed" and "cancelled": of two that opened at one moment the open one is the latest.
        latest_task={task.element_id: task.id for task in opened},
        thrown=tuple(db.session.scalars(thrown)),
        ended=tuple((row.id, row.process_id) for row in instances_of_case(reference) if row.ended_at is not None),
        history=tuple(_told(entry) for entry in told),
        involvements=frozenset(row.id for row in find_involvements(reference) if row.ended_on is None),
        stuck=tuple(_told(entry) for entry in told if entry.verb in STUCK),
    )


def _told(entry: HistoryRow) -> str:
    view = show_history(entry)
    return ". ".join([f"{view.who} {view.what}", *(f"{name}: {text}" for name, text in view.details)])
