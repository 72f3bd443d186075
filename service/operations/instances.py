"""Reading process instances. Starting one is in `events.py`, moving one on is in `advancing.py`."""

from __future__ import annotations

from service.access.rules import Permission, may
from service.domain.errors import NotFound
from service.domain.people import Actor
from service.operations.context import case_subject, read_chart, require_case
from service.operations.environment import Environment
from service.operations.instance_views import InstanceView
from service.operations.showing import show_instance
from service.operations.transaction import reading
from service.store.incidents import open_incidents_of_instance
from service.store.instances import InstanceRow, find_instance
from service.store.jobs import open_jobs_of_instance
from service.store.tasks import open_tasks_of_instance


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
    return instance_view(row)


def instance_view(row: InstanceRow) -> InstanceView:
    """A row with what it waits for."""
    waiting = [task.name for task in open_tasks_of_instance(row.id)]
    waiting += [job.name for job in open_jobs_of_instance(row.id)]
    return show_instance(row, waiting, len(open_incidents_of_instance(row.id)))
