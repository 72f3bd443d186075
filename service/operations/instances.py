"""Reading process instances. Starting one is in `events.py`, moving one on is in `advancing.py`."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from service.access.rules import Permission, may
from service.domain.errors import NotFound
from service.domain.people import Actor
from service.operations.context import case_subject, read_chart, require_case
from service.operations.environment import Environment
from service.operations.instance_views import InstanceView
from service.operations.showing import show_instance
from service.operations.transaction import reading
from service.store.incidents import IncidentRow, open_incidents_of_instance
from service.store.instances import InstanceRow, find_instance
from service.store.jobs import WAITING, JobRow, open_jobs_of_instance
from service.store.tasks import TaskRow, open_tasks_of_instance


@reading
def read_instance(env: Environment, actor: Actor, *, instance_id: str) -> InstanceView:
    """A process instance. Raises NotFound, also for one whose case this actor may not know of."""
    unknown = NotFound("There is no process instance here that you may know of.")
    row = find_instance(instance_id)
    if row is None:
        raise unknown
    chart = read_chart(env.releases.get(row.release_number))
    tasks = open_tasks_of_instance(row.id)
    keys = frozenset(key for task in tasks for key in task.candidates)
    subject = case_subject(require_case(row.case_reference), chart, keys)
    if not (may(actor, Permission.READ_CASE, subject) or row.started_by == actor.id):
        raise unknown
    [view] = instance_views([row], tasks, open_jobs_of_instance(row.id), open_incidents_of_instance(row.id))
    return view


def instance_views(
    rows: Iterable[InstanceRow], tasks: Iterable[TaskRow], jobs: Iterable[JobRow], incidents: Iterable[IncidentRow]
) -> tuple[InstanceView, ...]:
    """Rows with what they wait for, found among these: open user tasks, jobs of any status, open incidents."""
    waiting: defaultdict[str | None, list[str]] = defaultdict(list)
    stuck: defaultdict[str | None, int] = defaultdict(int)
    for task in tasks:
        waiting[task.instance_id].append(task.name)
    for job in jobs:
        if job.status in WAITING:
            waiting[job.instance_id].append(job.name)
    for incident in incidents:
        stuck[incident.instance_id] += 1
    return tuple(show_instance(row, waiting[row.id], stuck[row.id]) for row in rows)
