"""Opening and ending user-task rows as an outcome says: whom one waits for, who is excluded. Completing is not here."""

from __future__ import annotations

from service.access.chart import Candidate, candidate_for_group, candidate_for_person
from service.domain.errors import ModelError
from service.domain.outcome import OpenUserTask, Outcome
from service.operations.context import case_team
from service.operations.environment import ReleaseInUse
from service.operations.guards import names_in
from service.operations.step import Step
from service.store.queue import enter_tasks
from service.store.tables import db
from service.store.tasks import TaskRow, contributors_of, delete_draft, find_tasks


def follow_user_tasks(step: Step, outcome: Outcome, known: frozenset[str]) -> None:
    """Make the instance's open user tasks exactly those of the outcome, given the ids of those that it had."""
    wanted = {task.id: task for task in outcome.user_tasks}
    for row in find_tasks(known - wanted.keys()):
        row.status = "cancelled"
        row.ended_at = step.env.now()
        row.ended_by = step.actor.id
        row.ended_because = step.because() or None
        delete_draft(row)
        forget_variables(row, step.release)
        step.consequences.append(f"No longer needed: {row.name}")
    opened = [_open(step, task) for task_id, task in wanted.items() if task_id not in known]
    if opened:
        db.session.add_all(opened)
        enter_tasks(opened, pathway=step.instance.name, team_id=step.case.owning_team_id, level_of=step.chart.level_of)


def forget_variables(task: TaskRow, release: ReleaseInUse) -> None:
    """Of what an ended user task saw, keep only what its form needs to be shown again.

    Otherwise each task would keep for ever everything that was answered before it, and a case of forty tasks would
    store its first answers forty times.
    """
    form = release.rulebook.forms.get(task.form_id or "")
    reads = form.reads if form else frozenset()
    if "task" not in reads:
        # A name of several words can stand in an expression where its words look like names of their own.
        kept = {name: value for name, value in task.variables.items() if name in reads or not name.isidentifier()}
        task.variables = kept


def _open(step: Step, task: OpenUserTask) -> TaskRow:
    excluded, candidates = whom_for(step, task)
    waits_for = "; ".join(candidate.words for candidate in candidates)
    # In the same words: whoever sends the same again is told what the history says.
    step.opened.append(f"{task.name} ({waits_for})")
    step.consequences.append(f"Opened: {step.opened[-1]}")
    return TaskRow(
        id=task.id,
        instance_id=step.instance.id,
        case_reference=step.case.reference,
        element_id=task.element_id,
        process_id=task.process_id,
        name=task.name,
        form_id=task.form_id,
        assignee_id=task.assignee,
        due_at=task.due_at,
        follow_up_at=task.follow_up_at,
        priority=task.priority,
        properties=dict(task.properties),
        variables=dict(task.variables),
        excluded=sorted(excluded),
        candidates={candidate.key: candidate.words for candidate in candidates},
        opened_at=step.env.now(),
    )


def whom_for(step: Step, task: OpenUserTask) -> tuple[frozenset[str], list[Candidate]]:
    """Who may not do the task, and whom it waits for. Raises ModelError when nobody could ever do it."""
    excluded = _excluded(step, task)
    return excluded, _candidates(step, task, excluded)


def _excluded(step: Step, task: OpenUserTask) -> frozenset[str]:
    """Nobody who wrote, edited or submitted an earlier element, nor anybody the diagram names (SOD-1, SOD-2)."""
    wrote = contributors_of(step.instance, names_in(task.properties.get("differentFrom")))
    return frozenset(wrote) | frozenset(names_in(task.properties.get("differentFromPeople")))


def _candidates(step: Step, task: OpenUserTask, excluded: frozenset[str]) -> list[Candidate]:
    people = [person for person in (task.assignee, *task.candidate_users) if person]
    found = [candidate_for_person(person, step.chart) for person in people]
    team = case_team(step.case, step.chart)
    found += [candidate_for_group(group, team, step.chart, excluded) for group in task.candidate_groups if group]
    unique = list({candidate.key: candidate for candidate in found}.values())
    if not any(step.chart.holders(candidate.key) - excluded for candidate in unique):
        raise ModelError(
            f"nobody could ever do {task.name!r}: it waits for no one who may act", element_id=task.element_id
        )
    return unique
