"""One step, one transaction: one commit however much follows, and nothing at all when something late goes wrong."""

from __future__ import annotations

import pytest

from service.domain.errors import Conflict, ModelError
from service.operations.tasks import complete_task
from service.store.records import OversightRow
from service.store.tasks import find_task
from tests.engine.drawing import diagram, end, flow, flows, gateway, job, message, start, throw, user
from tests.operations.publishing import publish
from tests.operations.rows import changing, everything, fact
from tests.operations.working import EVENT_TYPE, post
from tests.support.counting import Counting
from tests.support.world import EXEMPLAR, SIGNATURE, World

STATEMENTS = {"the exemplar": 10, "the first signature": 15, "the last signature, which closes the case": 20}
"""What completing costs at most, on either database; who acts is known already. Once it was 29, 33 and 40."""

FIRST = start(message="m"), user("answer", assignee="=case.allocatedWorker"), end(), throw("told", "told")
TELLS = message("m", EVENT_TYPE) + message("told")

NO_WAY_ON = diagram(
    *FIRST, gateway("which"), flows("begin answer told which"), flow("which", "done", "=case.facts.ready = true"),
    process_id="stuck", outside=TELLS,
)  # fmt: skip
"""After the answer and a message there is no way on."""

CLOSES_TOO_SOON = diagram(
    *FIRST, job("close", "register.change-case", inputs={"changes": '={status: "closed"}'}),
    flows("begin answer told close done"), process_id="hasty", outside=TELLS,
)  # fmt: skip
"""After the answer it closes a case in which somebody is still involved."""


def test_completing_commits_once(world: World) -> None:
    task = world.at_second_signature().task("sign")
    person = world.person("sm-cin-east")
    with Counting() as counted:
        complete_task(world.env, person, task_id=task, answers=SIGNATURE)
    assert (counted.commits, world.seen().status) == (1, "closed")


def test_completing_asks_the_database_no_more_than_it_did(world: World) -> None:
    world.at_exemplar()
    steps = (
        ("complete_closure_exemplar", "sw1-cin-east", EXEMPLAR),
        ("sign", "tm-cin-east", SIGNATURE),
        ("sign", "sm-cin-east", SIGNATURE),
    )
    for (what, most), (element, person_id, answers) in zip(STATEMENTS.items(), steps, strict=True):
        task, person = world.task(element), world.person(person_id)
        with Counting() as counted:
            complete_task(world.env, person, task_id=task, answers=answers)
        assert len(counted.statements) <= most, (what, counted.statements)


@pytest.mark.parametrize("drawn", [NO_WAY_ON, CLOSES_TOO_SOON], ids=["no way on", "a change that may not be"])
def test_a_diagram_that_is_wrong_after_the_answer_leaves_everything_as_it_was(world: World, drawn: bytes) -> None:
    """Everything but what says so: an incident, with its entry in the history and its mark on the instance."""
    publish(world, drawn)
    post(world, "K-101")
    before = everything()
    with pytest.raises(ModelError):
        world.complete("answer", "sw1-cin-east", {})
    after = everything()
    assert {table for table in before if after[table] != before[table]} == {"incidents", "history", "process_instances"}
    assert len(after["incidents"]) == 1


def test_a_record_that_cannot_be_written_leaves_everything_as_it_was(world: World) -> None:
    """As two records under one reference would: the database says no after the answers were taken."""
    sign = world.at_first_signature().task("sign")
    there_is_a_record_of(sign)
    before = everything()
    with pytest.raises(Conflict, match="at the same moment"):
        world.complete("sign", "tm-cin-east", SIGNATURE)
    assert everything() == before


def test_a_failed_step_can_be_taken_again(sqlite_world: World) -> None:
    publish(sqlite_world, NO_WAY_ON)
    post(sqlite_world, "K-101")
    with pytest.raises(ModelError):
        sqlite_world.complete("answer", "sw1-cin-east", {})
    fact("K-101", ready=True)
    sqlite_world.complete("answer", "sw1-cin-east", {})
    assert sqlite_world.seen().thrown == ("told",)


def there_is_a_record_of(task_id: str) -> None:
    """The user task has an oversight record already; there may be one of each."""
    with changing() as session:
        task = find_task(task_id)
        assert task is not None
        session.add(
            OversightRow(
                reference="MO-EARLIER",
                case_reference="K-101",
                instance_id=task.instance_id,
                task_id=task_id,
                release_number=1,
                body=[],
                written_at=task.opened_at,
                **dict.fromkeys(("decision", "level", "outcome", "outcome_words", "person_id", "person_name"), "-"),
            )
        )
