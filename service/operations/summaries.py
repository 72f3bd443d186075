"""User tasks as the rows of a queue, however many at once: what they need of other tables is read once for all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from service.access.chart import Chart, keys_of_actor
from service.domain.errors import Refusal
from service.domain.people import Actor
from service.operations.asked import Asked, Beside, own_work
from service.operations.context import case_identity, read_chart
from service.operations.environment import Environment
from service.operations.step import take_up
from service.operations.views import TaskSummary
from service.store.cases import involvements_of
from service.store.records import records_of_instances
from service.store.tasks import overrides_of_tasks
from service.store.waiting import Whole


def summarise(env: Environment, actor: Actor, tasks: Sequence[Whole]) -> tuple[TaskSummary, ...]:
    """User tasks as the rows of a queue. How many statements that takes does not depend on how many tasks they are."""
    charts: dict[int, Chart] = {}
    for row in tasks:
        number = row.instance.release_number
        if number not in charts:
            charts[number] = read_chart(env.releases.get(number))
    beside = _beside([row for row in tasks if actor.id in row.task.excluded])
    found = []
    for row in tasks:
        chart = charts[row.instance.release_number]
        step = take_up(env, actor, row.instance, chart=chart, case=row.case)
        found.append(summary_of(Asked(task=row.task, step=step, beside=beside.get(row.task.id))))
    return tuple(found)


def summary_of(asked: Asked) -> TaskSummary:
    """One user task as the row of a queue."""
    task, step = asked.task, asked.step
    env, actor = step.env, step.actor
    claimed_by = task.claimed_by
    return TaskSummary(
        id=task.id,
        name=task.name,
        element_id=task.element_id,
        pathway=step.instance.name,
        case=case_identity(env, step.release, step.case, step.chart),
        opened_at=task.opened_at,
        due_at=task.due_at,
        overdue=task.due_at is not None and task.due_at < env.now(),
        why_me=_why_me(asked, task.candidates),
        claimed_by=step.chart.name_of(claimed_by) if claimed_by else None,
        claimed_by_me=claimed_by == actor.id,
        blocked=blocked(asked),
        status=task.status,
    )


def blocked(asked: Asked) -> Refusal | None:
    """Why the actor may see but not do it, because of what they did before; None when they may or it has ended."""
    if asked.task.status != "open" or asked.actor.id not in asked.task.excluded:
        return None
    return next(iter(asked.personal_refusals({})), own_work())


def _why_me(asked: Asked, words: Mapping[str, str]) -> str:
    """In words: the candidate the actor matches, else whom it waits for."""
    mine = [words[key] for key in sorted(words) if key in keys_of_actor(asked.actor)]
    return "; ".join(mine) if mine else "Waits for: " + "; ".join(words[key] for key in sorted(words))


def _beside(tasks: Sequence[Whole]) -> Mapping[str, Beside]:
    """What the guards of these tasks ask for, by task id; nothing is read for none."""
    if not tasks:
        return {}
    involvements = involvements_of(row.case.reference for row in tasks)
    records = records_of_instances(row.instance.id for row in tasks)
    overrides = overrides_of_tasks(row.task.id for row in tasks)
    return {
        row.task.id: Beside(
            involvements=involvements.get(row.case.reference, []),
            records=records.get(row.instance.id, []),
            overrides=overrides.get(row.task.id, []),
        )
        for row in tasks
    }
