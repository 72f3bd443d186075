"""Reading cases. Keeping what the system of record tells of them is in `recording.py`."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from service.access.chart import Chart
from service.access.rules import Permission, Subject, may
from service.domain.people import Actor
from service.operations.context import (
    case_identity,
    case_subject,
    case_subjects,
    current_release,
    read_chart,
    require_case,
    unknown_case,
)
from service.operations.environment import Environment
from service.operations.instances import instance_views
from service.operations.showing import show_history, show_incident, show_record
from service.operations.summaries import summarise
from service.operations.transaction import reading
from service.operations.views import CaseIdentity, CaseView, InvolvementView
from service.store import jobs
from service.store.cases import CaseRow, find_involvements, search_cases
from service.store.history import history_of_case
from service.store.incidents import open_incidents
from service.store.instances import instances_of_case
from service.store.organisation import find_authority
from service.store.records import records_of_case
from service.store.tasks import TaskRow, open_tasks_of_case
from service.store.waiting import whole_tasks

HISTORY_SHOWN = 500
CASES_SHOWN = 100
READ_AT_ONCE = 1_000


@reading
def read_case(env: Environment, actor: Actor, *, reference: str) -> CaseView:
    """A case as a page. Raises NotFound, also for a case that this actor may not know of."""
    release = current_release(env)
    case = require_case(reference)
    chart = read_chart(release)
    tasks = open_tasks_of_case(reference)
    subject = case_subject(case, chart, _keys(tasks))
    if not may(actor, Permission.READ_CASE, subject):
        raise unknown_case(reference)
    may_retry = may(actor, Permission.RETRY_INCIDENT, subject)
    known_jobs, incidents = jobs.jobs_of_case(reference), open_incidents([reference])
    authority = find_authority()
    return CaseView(
        identity=case_identity(env, release, case, chart),
        involvements=_involvements(reference),
        tasks=summarise(env, actor, whole_tasks([task.id for task in tasks])),
        instances=instance_views(instances_of_case(reference), tasks, known_jobs, incidents),
        records=tuple(show_record(row, known_jobs) for row in records_of_case(reference)),
        incidents=tuple(show_incident(row, may_retry and row.kind != "task") for row in incidents),
        history=tuple(show_history(row) for row in history_of_case(reference, HISTORY_SHOWN)),
        record_system=f"{authority.name}'s case-management system" if authority else "",
    )


@reading
def list_cases(env: Environment, actor: Actor, *, text: str = "") -> tuple[CaseIdentity, ...]:
    """The cases this actor may know of whose reference or label contains the text; a hundred at most."""
    release = current_release(env)
    chart = read_chart(release)
    known = (case for case, subject in _searched(text, chart) if may(actor, Permission.READ_CASE, subject))
    return tuple(case_identity(env, release, case, chart) for case in islice(known, CASES_SHOWN))


def _searched(text: str, chart: Chart) -> Iterator[tuple[CaseRow, Subject]]:
    """Every case that contains the text, and what the rules ask about it; read a thousand at a time."""
    after = ""
    while cases := search_cases(text, after, READ_AT_ONCE):
        subjects = case_subjects(cases, chart)
        yield from ((case, subjects[case.reference]) for case in cases)
        after = cases[-1].reference


def _keys(tasks: list[TaskRow]) -> frozenset[str]:
    return frozenset(key for task in tasks for key in task.candidates)


def _involvements(reference: str) -> tuple[InvolvementView, ...]:
    return tuple(
        InvolvementView(
            id=row.id, name=row.name, role=row.role, kind=row.kind, started_on=row.started_on, ended_on=row.ended_on
        )
        for row in find_involvements(reference)
    )
