"""How many statements a page or an answer of the API costs that only reads: as many for a case in which much was done,
much waits and much is stuck as for one at its beginning. What a completion costs is in `test_statements.py`."""

from __future__ import annotations

import orjson
from flask.testing import FlaskClient

from service.domain.events import CaseEvent
from service.operations.cases import read_case
from service.operations.events import receive_event
from service.operations.tasks import complete_task
from service.web.desk.guards import PERSON
from tests.engine.drawing import (
    diagram,
    end,
    flow,
    flows,
    gateway,
    job,
    message,
    repeated,
    start,
    user,
)
from tests.operations.publishing import publish
from tests.operations.working import EVENT_TYPE, Sender, handled, telling, work
from tests.support.counting import Counting
from tests.support.world import INTEGRATOR, World
from tests.web.api.calling import API, Caller, a_person

WORKER = "sw1-cin-east"
FEW, MANY = 2, 7
CASES = {"K-101": FEW, "K-102": MANY}
ANSWERED = 7
"""Elements with a form each; in the case of few, only the first of them are answered."""

READS = {
    "API of the task": (API + "/user-tasks/{task}", 8),
    "API of the case": (API + "/cases/{case}", 13),
    "API of the process instance": (API + "/process-instances/{instance}", 8),
    "API of its inside": (API + "/process-instances/{instance}/inside", 10),
    "page of the task": ("/tasks/{task}", 9),
    "page of the case": ("/cases/{case}", 14),
    "page of the process instance": ("/pathways/{instance}", 11),
}
"""Each address, and what reading it may cost at most, with finding out who asks."""

FORM = {
    "type": "default",
    "components": [
        {"key": "who", "type": "checklist", "label": "Who",
         "valuesExpression": "=for i in case.openInvolvements return {label: i.name, value: i.id}"},
        {"key": "why", "type": "textfield", "label": "Why", "conditional": {"hide": "=count(signatures) > 3"}},
    ],
}  # fmt: skip
"""Asks for what is read late: who is involved, and who signed."""


def test_what_is_read_costs_the_same_however_much_there_is(world: World) -> None:
    both_cases(world)
    for what, (address, most) in READS.items():
        read(world, address, "K-101")  # what a process keeps for good it has from here on
        few, many = (read(world, address, case) for case in CASES)
        assert len(few.statements) == len(many.statements) <= most, (what, "\n\n".join(many.statements))
        assert (few.commits, many.commits) == (0, 0), what


def test_the_two_cases_differ_in_everything_that_could_cost(sqlite_world: World) -> None:
    both_cases(sqlite_world)
    few, many = (read_case(sqlite_world.env, sqlite_world.person(WORKER), reference=case) for case in CASES)
    for part in ("tasks", "instances", "incidents", "history"):
        assert len(getattr(many, part)) > 2 * len(getattr(few, part)), part


def both_cases(world: World) -> None:
    """In one case little was done, waits and is stuck; in the other much."""
    job_type = handled(telling(Sender(ValueError("Not today."))))
    files = {f"drawn/{name}.form": orjson.dumps({**FORM, "id": name, "title": name}) for name in elements()}
    publish(world, wide(job_type), files=files, job_types=frozenset({job_type}))
    for case, size in CASES.items():
        for number in range(size):
            began = CaseEvent("lcs", f"{case}-{number}", EVENT_TYPE, case, None, {"items": list(range(size))})
            receive_event(world.env, INTEGRATOR, event=began)
    while work(world):
        continue
    for case, size in CASES.items():
        for element in elements()[:size]:
            complete(world, case, element)


def complete(world: World, case: str, element: str) -> None:
    """The worker answers one of the forms, in the instance in which the last was answered."""
    answers = {"who": [], "why": "So."}
    complete_task(world.env, world.person(WORKER), task_id=world.task(element, case), answers=answers)


def wide(job_type: str) -> bytes:
    """Forms one after the other; beside them as many tasks, jobs that fail and timers as there are items."""
    forms = [user(name, name=name, form=name, assignee=WORKER) for name in elements()]
    return diagram(
        start(message="m"), gateway("fork", "parallel"), *forms, user("last", name="Last", assignee=WORKER), end(),
        repeated(user("ask", name="Ask", assignee=WORKER), "=items"), end("asked"),
        repeated(job("send", job_type, "1", name="Send"), "=items"), end("sent"),
        flows(" ".join(["begin fork", *elements(), "last done"])), flow("fork", "ask"), flows("ask asked"),
        flow("fork", "send"), flows("send sent"),
        process_id="wide", outside=message("m", EVENT_TYPE),
    )  # fmt: skip


def elements() -> list[str]:
    """The elements with a form, in order."""
    return [f"form_{number}" for number in range(1, ANSWERED + 1)]


def read(world: World, address: str, case: str) -> Counting:
    """What one look costs, when this process has looked before."""
    seen = world.seen(case)
    task = seen.latest_task["ask"]
    view = read_case(world.env, world.person(WORKER), reference=case)
    instance = next(one.id for one in view.instances)
    path = address.format(task=task, case=case, instance=instance)
    look(world, path)
    with Counting() as counted:
        look(world, path)
    return counted


def look(world: World, path: str) -> None:
    """One request, by the worker."""
    if path.startswith(API):
        caller: Caller = world.kept.setdefault("caller", None) or a_person(world.app, WORKER)
        world.kept["caller"] = caller
        answer = caller.get(path)
    else:
        client: FlaskClient = world.app.test_client()
        with client.session_transaction() as session:
            session[PERSON] = WORKER
        answer = client.get(path)
    assert answer.status_code == 200, answer.text
