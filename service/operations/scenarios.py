"""Running a scenario: each step through the operations that people use, then what is true is compared."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from service.definitions.problem import Problem
from service.definitions.scenarios import Expect, Scenario, Step
from service.domain.errors import Invalid, NotAllowed, NotFound, Refused, ServiceError
from service.domain.events import CaseEvent
from service.domain.people import TOWPATH, Actor
from service.domain.stimuli import JobCompleted, JobRefused
from service.operations.due import do_due_events_and_timers
from service.operations.environment import Environment
from service.operations.events import receive_event
from service.operations.identity import read_actor
from service.operations.jobs import claim_jobs, fail_job, finish_job
from service.operations.observing import Seen, look
from service.operations.recording import Involvement, record_case
from service.operations.tasks import claim_task, complete_task, override_refusal, release_task, save_draft

SENDER = Actor(id="scenario", name="Scenario", kind="system", scopes=frozenset({"events:write", "cases:write"}))
SOURCE = "scenario"


@dataclass
class ScenarioClock:
    """A clock that stands still until a step moves it."""

    moment: datetime

    def __call__(self) -> datetime:
        """The moment it stands at."""
        return self.moment


@dataclass
class Running:
    """A scenario under way in an installation of its own."""

    env: Environment
    clock: ScenarioClock
    scenario: Scenario


def run_scenario(env: Environment, scenario: Scenario) -> list[Problem]:
    """Run every step against an installation that holds the authority and the rule book; give what was not as told.

    The story ends at the first step that goes otherwise: what follows it would only be confusing.
    """
    clock = ScenarioClock(scenario.starts)
    running = Running(replace(env, now=clock), clock, scenario)
    for step in scenario.steps:
        wrong = _take(running, step)
        if wrong:
            where = f"step {step.number}: {step.verb} {step.subject}"
            return [Problem(scenario.file, where, words) for words in wrong]
    return []


def _take(running: Running, step: Step) -> list[str]:
    before = look(running.env, running.scenario.case)
    error: ServiceError | None = None
    try:
        VERBS[step.verb](running, step)
        do_due_events_and_timers(running.env)
    except ServiceError as raised:
        error = raised
    after = look(running.env, running.scenario.case)
    # One line a cause: after a step that went otherwise, what is open is otherwise too.
    wrong = list(_compare_error(step.expect, error)) or list(_compare(step.expect, before, after))
    return [*wrong, *_stuck(before, after)] if wrong else []


def _stuck(before: Seen, after: Seen) -> Iterable[str]:
    """What got stuck inside during the step: the likely cause of whatever else is otherwise."""
    return after.stuck[len(before.stuck) :]


def _compare_error(expect: Expect, error: ServiceError | None) -> Iterable[str]:
    refused = tuple(sorted({r.rule for r in error.refusals})) if isinstance(error, Refused | NotAllowed) else ()
    invalid = tuple(sorted(error.fields)) if isinstance(error, Invalid) else ()
    expected = (
        (Refused, bool(expect.refused) and not expect.not_allowed),
        (NotAllowed | NotFound, expect.not_allowed),
        (Invalid, bool(expect.invalid)),
    )
    if error is not None and not any(wanted and isinstance(error, kind) for kind, wanted in expected):
        yield f"it went wrong: {error.message} {invalid or ''}".strip()
    elif error is None and any(wanted for _, wanted in expected):
        yield "it was done, and should have been refused"
    elif expect.refused and tuple(sorted(expect.refused)) != refused:
        yield f"refused by {', '.join(refused)}, and should be by {', '.join(sorted(expect.refused))}"
    elif expect.invalid and tuple(sorted(expect.invalid)) != invalid:
        yield f"wrong answers are {', '.join(invalid)}, and should be {', '.join(sorted(expect.invalid))}"


def _compare(expect: Expect, before: Seen, after: Seen) -> Iterable[str]:
    if expect.open is not None:
        wanted = sorted(task.task for task in expect.open)
        found = sorted(name for name, _ in after.open)
        if wanted != found:
            yield f"open are {found}, and should be {wanted}"
        for task in expect.open:
            people = next((people for name, people in after.open if name == task.task), None)
            if task.people is not None and people is not None and set(task.people) != people:
                yield f"{task.task} waits for {sorted(people)}, and should wait for {sorted(task.people)}"
    if expect.case_status is not None and expect.case_status != after.status:
        yield f"the case is {after.status}, and should be {expect.case_status}"
    thrown = after.thrown[len(before.thrown) :]
    if expect.thrown is not None and expect.thrown != thrown:
        yield f"thrown were {list(thrown)}, and should be {list(expect.thrown)}"
    ended = sorted(process for instance, process in after.ended if instance not in dict(before.ended))
    if expect.ended is not None and sorted(expect.ended) != ended:
        yield f"ended have {ended}, and should have {sorted(expect.ended)}"
    if expect.involvements is not None and set(expect.involvements) != after.involvements:
        yield f"open involvements are {sorted(after.involvements)}, and should be {sorted(expect.involvements)}"
    told = " ".join(after.history[len(before.history) :])
    for words in expect.history or ():
        if words not in told:
            yield f"the history does not say “{words}”; it says: {told}"


def _actor(running: Running, step: Step) -> Actor:
    return read_actor(running.env, person_id=step.by or "")


def _task_id(running: Running, element_id: str) -> str:
    found = look(running.env, running.scenario.case).latest_task.get(element_id)
    if found is None:
        raise NotFound(f"No user task {element_id!r} has opened for {running.scenario.case}.")
    return found


def _event(running: Running, step: Step) -> None:
    event = CaseEvent(
        source=SOURCE,
        id=f"step-{step.number}",
        type=step.subject,
        subject=step.case or running.scenario.case,
        time=running.clock.moment,
        data=step.data,
    )
    receive_event(running.env, SENDER, event=event)


def _start(running: Running, step: Step) -> None:
    raise NotFound("Starting a process by hand is not built yet; post the case event that starts it.")


def _claim(running: Running, step: Step) -> None:
    claim_task(running.env, _actor(running, step), task_id=_task_id(running, step.subject))


def _release(running: Running, step: Step) -> None:
    release_task(running.env, _actor(running, step), task_id=_task_id(running, step.subject))


def _draft(running: Running, step: Step) -> None:
    task_id = _task_id(running, step.subject)
    save_draft(running.env, _actor(running, step), task_id=task_id, answers=step.answers, version=None)


def _complete(running: Running, step: Step) -> None:
    task_id = _task_id(running, step.subject)
    complete_task(running.env, _actor(running, step), task_id=task_id, answers=step.answers)


def _override(running: Running, step: Step) -> None:
    task_id = _task_id(running, step.task or "")
    override_refusal(running.env, _actor(running, step), task_id=task_id, rule=step.subject, reason=step.reason)


def _record(running: Running, step: Step) -> None:
    told = [Involvement(**involvement) for involvement in step.involvements]
    record_case(running.env, SENDER, reference=running.scenario.case, facts=step.data, involvements=told)


def _wait(running: Running, step: Step) -> None:
    running.clock.moment = step.moment or running.clock.moment


def _job(running: Running, step: Step) -> None:
    env = running.env
    found = claim_jobs(env, TOWPATH, limit=1, job_type=step.subject)
    if not found:
        raise NotFound(f"No job of the type {step.subject!r} is due.")
    leased, job = found[0], found[0].job
    if step.fails is not None:
        fail_job(env, TOWPATH, leased=leased, error=step.fails, after=None)
    elif step.error is not None:
        finish_job(env, TOWPATH, leased=leased, stimulus=JobRefused(job.id, step.error))
    else:
        finish_job(env, TOWPATH, leased=leased, stimulus=JobCompleted(job.id, step.result or {}))


VERBS: Mapping[str, Callable[[Running, Step], None]] = {
    "event": _event,
    "start": _start,
    "claim": _claim,
    "release": _release,
    "draft": _draft,
    "complete": _complete,
    "override": _override,
    "record": _record,
    "wait": _wait,
    "job": _job,
}
