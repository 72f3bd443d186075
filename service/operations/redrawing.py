"""Rows that stay open while the diagram under them changes: they take what the new one says. Opening and ending rows is
in `opening.py` and `advancing.py`."""

from __future__ import annotations

from dataclasses import replace

from service.domain.outcome import OpenJob, OpenUserTask, Outcome
from service.operations.opening import whom_for
from service.operations.step import Step
from service.store.incidents import open_incidents_of_instance
from service.store.instances import drop_subscriptions
from service.store.jobs import JobRow, open_jobs_of_instance
from service.store.queue import enter_again
from service.store.tasks import TaskRow, find_tasks


def redraw(step: Step, outcome: Outcome) -> list[str]:
    """Make the rows that stay what the outcome says of them. Gives what people lose by it, as sentences.

    Claims, drafts, contributors and overrides stay, and so do leases and tries of jobs. Raises ModelError when nobody
    could do a task as it is drawn now.
    """
    following = step.instance.following
    tasks = {task.id: task for task in outcome.user_tasks}
    lost: list[str] = []
    rows = find_tasks(following.tasks & tasks.keys())
    for row in rows:
        lost += _redraw_task(step, row, tasks[row.id])
    enter_again(rows, pathway=step.instance.name, team_id=step.case.owning_team_id, level_of=step.chart.level_of)
    jobs = {job.id: job for job in outcome.jobs}
    if following.jobs & jobs.keys():
        for job_row in open_jobs_of_instance(step.instance.id):
            if job_row.id in jobs:
                _redraw_job(step, job_row, jobs[job_row.id])
    # They may wait for another name or key now: following the outcome writes them anew, under the same ids.
    drop_subscriptions(following.subscriptions)
    step.instance.following = replace(following, subscriptions=frozenset())
    return lost


def _redraw_task(step: Step, row: TaskRow, task: OpenUserTask) -> list[str]:
    row.element_id, row.process_id = task.element_id, task.process_id
    row.name, row.form_id = task.name, task.form_id
    row.assignee_id = task.assignee
    row.due_at, row.follow_up_at, row.priority = task.due_at, task.follow_up_at, task.priority
    row.properties, row.variables = dict(task.properties), dict(task.variables)
    excluded, candidates = whom_for(step, task)
    # Whoever was excluded stays so: a new diagram does not make somebody forget what they signed.
    row.excluded = sorted({*row.excluded, *excluded})
    row.candidates = {candidate.key: candidate.words for candidate in candidates}
    may_do_it = {person for one in candidates for person in step.chart.holders(one.key)} - set(row.excluded)
    claimer = row.claimed_by
    if claimer is None or claimer in may_do_it:
        return []
    row.claimed_by = row.claimed_at = None
    return [f"The claim of {step.chart.name_of(claimer)} on “{task.name}”, which does not wait for them any more."]


def _redraw_job(step: Step, row: JobRow, job: OpenJob) -> None:
    before = (row.type, row.headers, row.variables)
    row.element_id, row.name, row.type = job.element_id, job.name, job.type
    row.headers, row.variables = dict(job.headers), dict(job.variables)
    if row.status != "stuck" or before == (row.type, row.headers, row.variables):
        return
    now = step.env.now()
    row.status = "pending"
    row.retries = max(1, job.retries)
    row.due_at = now
    for incident in open_incidents_of_instance(step.instance.id):
        if incident.job_id == row.id:
            incident.resolved_at, incident.resolved_by = now, step.actor.name
            step.consequences.append(f"No longer stuck: {incident.what}")
