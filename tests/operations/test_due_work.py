"""Due work in pieces: whatever one piece does, the others are done; and messages that several instances wait for."""

from __future__ import annotations

from functools import partial

from structlog.testing import capture_logs

from service.domain.events import CaseEvent
from service.domain.people import TOWPATH
from service.operations.events import accept_event, deliver_event, read_event, receive_event
from service.operations.queue import list_user_tasks
from service.operations.tasks import complete_task
from service.operations.views import EventView
from service.store.cases import lock_case
from service.store.events import EventRow
from service.store.instances import find_subscriptions, lock_instance
from service.ticker import tick
from tests.engine.drawing import catch, diagram, end, flows, gateway, message, start, user
from tests.operations.publishing import publish
from tests.operations.rows import changing, count
from tests.operations.together import meanwhile, together
from tests.operations.working import Sender, at_job, claimed, handled, only_job, telling
from tests.support.world import INTEGRATOR, World

WAITING = diagram(
    start(message="m"), gateway("both", "parallel"), catch("heard", "news"), end(),
    user("answer", assignee="=case.allocatedWorker"), end("answered"),
    flows("begin both heard done"), flows("both answer answered"),
    process_id="waiting", outside=message("m", "wait-for-news") + message("news", "news", "=case.reference"),
)  # fmt: skip
"""Waits for news of its case, and for an answer besides."""


def test_a_piece_that_fails_does_not_stop_the_others(sqlite_world: World) -> None:
    """An event whose data nobody foresaw stands before a job."""
    at_job(sqlite_world, handled(telling(Sender({}))))
    unforeseen_event(sqlite_world)
    with capture_logs() as logs:
        assert tick(claimed(sqlite_world)) == (1, 1)
    assert (only_job().status, [line["event"] for line in logs]) == ("done", ["tick_failed"])


def test_a_round_with_nothing_due_does_nothing(sqlite_world: World) -> None:
    assert tick(claimed(sqlite_world)) == (0, 0)


def test_news_reaches_everyone_who_waits_for_it_in_this_case(sqlite_world: World) -> None:
    at_waiting(sqlite_world, "K-101", "K-101", "K-102")
    view = news(sqlite_world, "K-101")
    assert (view.status, view.did) == ("delivered", "Delivered to Review, Review")
    assert (count("subscriptions"), len(sqlite_world.seen("K-102").open)) == (1, 1)


def test_news_nobody_waits_for_is_held(sqlite_world: World) -> None:
    publish(sqlite_world, WAITING)
    assert (news(sqlite_world, "K-101").status, count("process_instances")) == ("held", 0)


def test_held_news_is_delivered_when_somebody_waits_for_it(sqlite_world: World) -> None:
    publish(sqlite_world, WAITING)
    held = news(sqlite_world, "K-101")
    begin_waiting(sqlite_world, "K-101")
    sqlite_world.settle()
    assert read_event(sqlite_world.env, INTEGRATOR, event_id=held.id).did == "Delivered to Review"


def test_held_news_of_another_case_is_held_on(sqlite_world: World) -> None:
    publish(sqlite_world, WAITING)
    held = news(sqlite_world, "K-102")
    begin_waiting(sqlite_world, "K-101")
    sqlite_world.settle()
    assert read_event(sqlite_world.env, INTEGRATOR, event_id=held.id).status == "held"


def test_news_that_reaches_several_waits_for_none_with_their_case_in_its_hands(world: World) -> None:
    """Everybody locks the instance first and then the case; in the other order two could wait for each other."""
    at_waiting(world, "K-101", "K-101")
    accepted = accept_event(world.env, INTEGRATOR, event=news_event(world, "K-101"))
    meanwhile(
        world,
        first=lambda: lock_instance(max(instances_waiting())),
        act=partial(deliver_event, world.env, TOWPATH, event_row_id=accepted),
        then=lambda: lock_case("K-101"),
    )
    assert read_event(world.env, INTEGRATOR, event_id=accepted).status == "delivered"


def test_news_and_answers_at_once_are_both_taken(world: World) -> None:
    at_waiting(world, *["K-101"] * 3)
    person = world.person("sw1-cin-east")
    acts = [partial(complete_task, world.env, person, task_id=task, answers={}) for task in open_tasks(world)]
    told, *answered = together(world, [partial(news, world, "K-101"), *acts])
    assert (told.status, {type(each).__name__ for each in answered}) == ("delivered", {"Completion"})
    assert len(world.seen().ended) == 3


def at_waiting(world: World, *cases: str) -> None:
    """One instance waits for news in each of these cases."""
    publish(world, WAITING)
    begin_waiting(world, *cases)


def begin_waiting(world: World, *cases: str) -> None:
    """An instance begins to wait for news in each of these cases."""
    for number, case in enumerate(cases):
        event = CaseEvent("lcs", f"begin-{number}", "wait-for-news", case, world.clock.moment)
        receive_event(world.env, INTEGRATOR, event=event)


def news(world: World, case: str) -> EventView:
    """There is news of a case."""
    return receive_event(world.env, INTEGRATOR, event=news_event(world, case))


def news_event(world: World, case: str) -> CaseEvent:
    """The event that brings it."""
    return CaseEvent("lcs", f"news-{case}", "news", case, world.clock.moment)


def open_tasks(world: World) -> list[str]:
    """The ids of what the worker of K-101 is asked."""
    queue = list_user_tasks(world.env, world.person("sw1-cin-east")).tasks
    return [task.id for task in queue]


def instances_waiting() -> list[str]:
    """The instances that wait for news of K-101."""
    return [waiting.instance_id for waiting in find_subscriptions("news", "K-101")]


def unforeseen_event(world: World, case: str = "K-102") -> None:
    """An accepted event whose data is no object, as no door would let in."""
    now = world.clock.moment
    with changing() as session:
        session.add(
            EventRow(
                id="unforeseen", source="lcs", event_id="unforeseen", type="closure-proposed", case_reference=case,
                happened_at=now, received_at=now, received_from="lcs", received_from_name="lcs", digest="", data=[1],
            )
        )  # fmt: skip
