"""Jobs, subscriptions and repeated tasks of small processes that move; moving back; others at the same time."""

from __future__ import annotations

from functools import partial

import pytest
from sqlalchemy import select

from service.domain.errors import Conflict
from service.domain.people import TOWPATH
from service.domain.stimuli import JobCompleted
from service.operations.jobs import finish_job
from service.operations.moving import run_migration
from service.operations.steering import cancel_instance
from service.operations.tasks import claim_task, complete_task, save_draft
from service.operations.views import Completion
from service.store.instances import InstanceRow, SubscriptionRow
from service.store.jobs import JobRow
from service.store.tasks import TaskRow
from tests.engine.drawing import boundary, diagram, end, flows, job, message, repeated, start, user
from tests.operations.migrated import MIGRATOR, moved, planned, report, run, taken_back
from tests.operations.publishing import publish
from tests.operations.rows import count, values
from tests.operations.together import together
from tests.operations.working import EVENT_TYPE, Sender, at_job, claim, handled, letter, only_job, post, telling, work
from tests.support.world import World

WORKER = "sw1-cin-east"


def asking(element_id: str = "ask", *more: str, path: str = "", outside: str = "", **said: object) -> bytes:
    drawn = user(element_id, name=element_id, assignee="=case.allocatedWorker", **said)
    return diagram(start(message="m"), drawn, end(), *more, flows(path or f"begin {element_id} done"),
                   process_id="asking", outside=message("m", EVENT_TYPE) + outside)  # fmt: skip


def begun(world: World, drawn: bytes, *cases: str) -> int:
    number = publish(world, drawn)
    for case in cases or ("K-101",):
        post(world, case)
    return number


def test_a_stuck_job_is_tried_again_when_the_new_release_asks_another_handler(world: World) -> None:
    broken, sound = Sender(RuntimeError("no such letter")), Sender({})
    bad, good = handled(telling(broken)), handled(telling(sound))
    at_job(world, bad, retries="1")
    work(world)
    assert (only_job().status, count("incidents WHERE resolved_at IS NULL")) == ("stuck", 1)
    before = only_job().id
    number = publish(world, letter(good), job_types=frozenset({bad, good}))
    one = moved(world, number, come_from=number - 1)["K-101"]
    assert (one.status, only_job().id, only_job().status) == ("moved", before, "pending")
    assert count("incidents WHERE resolved_at IS NULL") == 0
    work(world)
    assert (only_job().status, len(sound.given)) == ("done", 1)


def test_a_job_that_somebody_is_doing_keeps_its_lease(world: World) -> None:
    sender = Sender({})
    kind = handled(telling(sender))
    at_job(world, kind)
    [leased] = claim(world)
    number = publish(world, letter(kind).replace(b"Send the letter", b"Send it"), job_types=frozenset({kind}))
    moved(world, number, come_from=number - 1)
    assert values(select(JobRow.lease)) == [leased.lease]


def test_a_message_is_waited_for_under_its_new_name(world: World) -> None:
    told = boundary("told", "ask", message="n")
    way, names = flows("told late"), message("n", "letter-answered", key="=caseReference")
    begun(world, asking("ask", told, end("late"), way, outside=names))
    new = publish(world, asking("ask", told, end("late"), way, outside=names.replace("letter-answered", "letter-read")))
    before = values(select(SubscriptionRow.id))
    moved(world, new, come_from=new - 1)
    assert values(select(SubscriptionRow.message)) == ["letter-read"]
    assert values(select(SubscriptionRow.id)) == before


def test_repetitions_half_done_go_on(world: World) -> None:
    each = repeated(user("ask", name="ask", users='="sw1-cin-east"'), "=[1, 2, 3]", outputCollection="all")
    drawn = diagram(start(message="m"), each, end(), flows("begin ask done"), process_id="asking",
                    outside=message("m", EVENT_TYPE))  # fmt: skip
    begun(world, drawn)
    first, *others = values(select(TaskRow.id).order_by(TaskRow.id))
    complete_task(world.env, world.person(WORKER), task_id=first, answers={})
    new = publish(world, drawn.replace(b'name="ask"', b'name="Ask again"'))
    moved(world, new, come_from=new - 1)
    assert values(select(TaskRow.name).where(TaskRow.status == "open")) == ["Ask again"] * 2
    for task in others:
        complete_task(world.env, world.person(WORKER), task_id=task, answers={})
    assert count("process_instances WHERE status = 'completed'") == 1


def test_what_is_untouched_moves_back_with_its_claim_and_runs_no_more(world: World) -> None:
    old = begun(world, asking(), "K-101", "K-103")
    task, worker = world.task("ask"), world.person(WORKER)
    claim_task(world.env, worker, task_id=task)
    new = publish(world, asking("other"))
    migration = planned(world, new, come_from=old, elements={"ask": "other"})
    assert {one.status for one in run(world, migration).values()} == {"moved"}
    assert {one.status for one in taken_back(world, migration).values()} == {"reversed"}
    assert values(select(TaskRow.claimed_by).where(TaskRow.id == task)) == [WORKER]
    assert [element for element, _ in world.seen().open] == ["ask"]
    with pytest.raises(Conflict, match="was moved back"):
        run_migration(world.env, MIGRATOR, migration_id=migration, limit=1)


def test_a_task_that_ended_by_moving_is_open_again_with_its_draft(world: World) -> None:
    old = begun(world, asking())
    task = world.task("ask")
    save_draft(world.env, world.person(WORKER), task_id=task, answers={}, version=0)
    each = repeated(user("ask", name="ask", users='="sw1-cin-east"'), "=[1, 2]")
    new = publish(world, diagram(start(message="m"), each, end(), flows("begin ask done"), process_id="asking",
                                 outside=message("m", EVENT_TYPE)))  # fmt: skip
    migration = planned(world, new, come_from=old, elements={"ask": "ask"})
    assert run(world, migration)["K-101"].status == "would-lose"
    assert run(world, migration, accept_loss=True)["K-101"].lost == ("“ask” ends, and “ask” begins instead.",)
    assert (count("drafts"), count("user_tasks WHERE status = 'open'")) == (0, 2)
    taken_back(world, migration)
    assert values(select(TaskRow.id).where(TaskRow.status == "open")) == [task]
    assert count("drafts") == 1
    complete_task(world.env, world.person(WORKER), task_id=task, answers={})
    assert count("process_instances WHERE status = 'completed'") == 1


def test_a_job_that_ended_by_moving_is_begun_after_all_and_its_old_lease_is_no_good(world: World) -> None:
    kind = handled(telling(Sender({})))
    at_job(world, kind)
    post(world, "K-102")
    other = values(select(InstanceRow.id).where(InstanceRow.case_reference == "K-102"))[0]
    cancel_instance(world.env, world.person("sm-cin-east"), instance_id=other, reason="Entered twice.")
    [before] = claim(world)
    each = repeated(job("send", kind, name="Send the letter"), "=[1, 2]")
    drawn = diagram(start(message="m"), each, end(), flows("begin send done"), process_id="letter",
                    outside=message("m", EVENT_TYPE))  # fmt: skip
    new = publish(world, drawn, job_types=frozenset({kind}))
    migration = planned(world, new, come_from=new - 1, elements={"send": "send"})
    run(world, migration, accept_loss=True)
    assert count("jobs WHERE status = 'pending'") == 2
    taken_back(world, migration)
    assert count("jobs WHERE status = 'pending'") == 1
    [after] = claim(world)
    assert after.job.id == before.job.id
    finish_job(world.env, TOWPATH, leased=before, stimulus=JobCompleted(before.job.id))
    assert count("jobs WHERE status = 'done'") == 0
    finish_job(world.env, TOWPATH, leased=after, stimulus=JobCompleted(after.job.id))
    assert count("process_instances WHERE status = 'completed'") == 1


def test_what_somebody_did_since_is_not_taken_back(world: World) -> None:
    two = asking("ask", user("then", name="then", assignee="=case.allocatedWorker"), path="begin ask then done")
    old = begun(world, two)
    new = publish(world, two.replace(b'name="then"', b'name="Then"'))
    migration = planned(world, new, come_from=old)
    run(world, migration)
    complete_task(world.env, world.person(WORKER), task_id=world.task("ask"), answers={})
    one = taken_back(world, migration)["K-101"]
    assert (one.status, one.because) == ("touched", ("Something has happened to it since.",))
    assert values(select(TaskRow.name).where(TaskRow.status == "open")) == ["Then"]


def test_completing_and_moving_at_once_both_come_out_whole(world: World) -> None:
    old = begun(world, asking("ask", user("then", name="then", assignee="=case.allocatedWorker"),
                              path="begin ask then done"))  # fmt: skip
    new = publish(world, asking("ask", user("next", name="next", assignee="=case.allocatedWorker"),
                                path="begin ask next done"))  # fmt: skip
    migration = planned(world, new, come_from=old, elements={"then": "next"})
    acts = [
        partial(complete_task, world.env, world.person(WORKER), task_id=world.task("ask"), answers={}),
        partial(run_migration, world.env, MIGRATOR, migration_id=migration, limit=5),
    ]
    done, _ = together(world, acts)
    assert isinstance(done, Completion)
    assert report(world, migration)["K-101"].status == "moved"
    assert [element for element, _ in world.seen().open] == ["next"]
