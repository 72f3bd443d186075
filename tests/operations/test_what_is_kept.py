"""What an ended user task keeps: its answers, and of what it saw only what its form needs to be shown again."""

from __future__ import annotations

import orjson
from sqlalchemy import select

from service.operations.queue import read_user_task
from service.operations.tasks import complete_task
from service.store.history import HistoryRow
from service.store.tables import db
from service.store.tasks import TaskRow
from tests.engine.drawing import diagram, end, flows, message, start, user
from tests.operations.publishing import publish
from tests.operations.working import EVENT_TYPE, post
from tests.support.plain import WORKER, answers_to, begin, publish_plain
from tests.support.world import World

CHOICE = {
    "id": "choice",
    "type": "default",
    "components": [
        {"id": "who", "key": "who", "type": "radio", "label": "Who", "valuesKey": "asked"},
        {"id": "why", "key": "why", "type": "textfield", "label": "=note"},
    ],
}
"""A form that is drawn from what the process knows."""


def test_the_fourth_task_keeps_no_more_than_the_first(world: World) -> None:
    publish_plain(world, tasks=4)
    begin(world, "K-101")
    for number in range(1, 5):
        element = f"report_{number}"
        task = world.task(element)
        complete_task(world.env, world.person(WORKER), task_id=task, answers=answers_to(element))
    kept = list(db.session.scalars(select(TaskRow.variables).where(TaskRow.status == "completed")))
    db.session.close()
    assert kept == [{}] * 4


def test_the_history_of_a_completion_says_nothing_of_what_there_is_not(world: World) -> None:
    publish_plain(world, tasks=1)
    begin(world, "K-101")
    task = world.task("report_1")
    complete_task(world.env, world.person(WORKER), task_id=task, answers=answers_to("report_1"))
    [details] = db.session.scalars(select(HistoryRow.details).where(HistoryRow.verb == "TaskCompleted"))
    db.session.close()
    assert details == {"task": task, "followed": ["Review ended"]}


def test_what_was_answered_is_shown_as_it_was_asked(world: World) -> None:
    ask = user("ask", form="choice", assignee="=case.allocatedWorker")
    look = user("look", assignee="=case.allocatedWorker")
    drawn = diagram(
        start(message="m"), ask, look, end(), flows("begin ask look done"), outside=message("m", EVENT_TYPE)
    )
    publish(world, drawn, files={"drawn/choice.form": orjson.dumps(CHOICE)})
    post(world, "K-101", asked=[{"value": "a", "label": "The aunt"}], note="Why her", other="x" * 100)
    world.complete("ask", WORKER, {"who": "a", "why": "She is near."})
    shown = read_user_task(world.env, world.person(WORKER), task_id=world.task("look"))
    assert shown.answered[0].body == (("Who", "The aunt"), ("Why her", "She is near."))
    first = db.session.scalars(select(TaskRow).where(TaskRow.element_id == "ask")).one()
    assert sorted(first.variables) == ["asked", "note"]
    db.session.close()
