"""Open user tasks of every sort, written as rows: what a queue is made of, without the stories that led to them."""

from __future__ import annotations

import random
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from service.access.chart import Chart
from service.store.cases import CaseRow, InvolvementRow
from service.store.instances import InstanceRow
from service.store.queue import enter_tasks
from service.store.tables import db
from service.store.tasks import TaskRow
from service.store.words import words_kept
from tests.operations.rows import changing
from tests.support.world import START

TEAMS = ("cin-east", "cin-west", "cla", "early-help")
PEOPLE = ("sw1-cin-east", "sw1-cla", "tm-cin-east", "sm-cin-east", "dcs", "tm-cla", "tm-early-help")
KEYS = (
    *(f"person:{person}" for person in PEOPLE),
    "post:hos-cin",
    "post:tm-cin-east",
    *(f"team-manager@team:{team}" for team in TEAMS),
    *(f"social-worker@team:{team}" for team in TEAMS),
    "service-manager@area:East",
    "head-of-service@service:Children in Need",
    "head-of-service@county",
    "social-worker@county",
)
NAMES = ("Sign off", "Review the plan", "Visit 1", "Écrire")
PATHWAYS = ("Closure of a case", "Pathway Review")
LABELS = ("Child K", "Avery Birch", "Review O'Dale")


@dataclass(frozen=True)
class Waiting:
    """One open user task, as a test knows it."""

    id: str
    name: str
    pathway: str
    case: str
    label: str
    team: str
    keys: tuple[str, ...]
    opened_at: datetime
    due_at: datetime | None
    priority: int
    claimed_by: str | None = None
    worker: str | None = None
    involved: frozenset[str] = frozenset()
    words: tuple[str, ...] = field(init=False)

    def __post_init__(self) -> None:
        """What it is found by."""
        text = f"{self.name} {self.pathway} {self.case} {self.label}"
        object.__setattr__(self, "words", words_kept(text))


def some_tasks(seed: int, count: int, prefix: str = "q") -> list[Waiting]:
    """So many tasks, in cases of their own, of every sort that chance makes; many of them alike in time."""
    chance = random.Random(seed)
    return [
        Waiting(
            id=f"{prefix}{number}",
            name=chance.choice(NAMES),
            pathway=chance.choice(PATHWAYS),
            case=f"{prefix.upper()}-{100 + number}",
            label=f"{chance.choice(LABELS)}-{100 + number}",
            team=chance.choice(TEAMS),
            keys=tuple(chance.sample(KEYS, chance.choice([1, 1, 2, 3]))),
            opened_at=START - timedelta(days=chance.randrange(4)),
            due_at=None if chance.random() < 0.25 else START + timedelta(days=chance.randrange(-4, 10)),
            priority=chance.choice([10, 50, 50, 90]),
            claimed_by=chance.choice([None, None, None, *PEOPLE]),
            worker=chance.choice([None, "sw1-cin-east", "sw1-cla"]),
            involved=frozenset({chance.choice(PEOPLE)} if chance.random() < 0.2 else ()),
        )
        for number in range(count)
    ]


def write(tasks: Iterable[Waiting], chart: Chart) -> None:
    """Put tasks into the database, each with its case and its instance."""
    with changing() as session:
        for task in tasks:
            session.add(
                CaseRow(
                    reference=task.case, label=task.label, owning_team_id=task.team, facts={}, facts_as_of=START,
                    allocated_worker_id=task.worker,
                )
            )  # fmt: skip
            session.flush()
            session.add_all(_involvement(task, person) for person in task.involved)
            session.add(
                InstanceRow(
                    id=f"i-{task.id}", process_id="p", name=task.pathway, release_number=1, case_reference=task.case,
                    started_at=START, started_by="x", started_by_name="X",
                )
            )  # fmt: skip
            session.flush()
            row = _row(task)
            session.add(row)
            session.flush()
            enter_tasks([row], pathway=task.pathway, team_id=task.team, level_of=chart.level_of)


def end(*task_ids: str) -> None:
    """These tasks wait no more."""
    with changing():
        for task_id in task_ids:
            db.session.get_one(TaskRow, task_id).status = "cancelled"


def _row(task: Waiting) -> TaskRow:
    return TaskRow(
        id=task.id,
        instance_id=f"i-{task.id}",
        case_reference=task.case,
        element_id="element",
        process_id="p",
        name=task.name,
        claimed_by=task.claimed_by,
        due_at=task.due_at,
        priority=task.priority,
        candidates=dict.fromkeys(task.keys, "It is asked"),
        opened_at=task.opened_at,
    )


def _involvement(task: Waiting, person: str) -> InvolvementRow:
    return InvolvementRow(
        id=f"{task.case}-{person}",
        case_reference=task.case,
        kind="other",
        name=person,
        role="Other",
        person_id=person,
        started_on=date(2027, 1, 4),
    )
