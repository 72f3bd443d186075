"""A user task is sent back with a reason: what was answered comes back, what was signed is cleared, nothing is lost."""

from __future__ import annotations

from typing import Any

import pytest

from service.domain.errors import Conflict, Invalid, NotAllowed
from service.operations.cases import read_case
from service.operations.queue import read_user_task
from service.operations.sending_back import send_task_back
from service.operations.steering import suspend_instance
from service.operations.tasks import claim_task, complete_task, save_draft
from service.operations.views import SentBack
from tests.engine.drawing import diagram, end, flows, message, start, user
from tests.operations.publishing import publish
from tests.operations.working import EVENT_TYPE, pass_by, post
from tests.support.world import EXEMPLAR, SIGNATURE, World

WORKER = "sw1-cin-east"
MANAGER = "tm-cin-east"
WHY = "The family's views are missing."
SIGNS = {"oversightRecord": "yes", "oversightOutcome": "outcome"}
WORK = diagram(
    start(message="m"),
    user("write", name="Write it", assignee="=case.allocatedWorker", form="closure-exemplar"),
    user("agree", name="Agree it", groups="team-manager@owning-team", form="sign-off", properties=SIGNS),
    user("check", name="Check it", groups="team-manager@owning-team", form="sign-off",
         properties={**SIGNS, "sendBackTo": "write"}),
    end(), flows("begin write agree check done"), process_id="work", outside=message("m", EVENT_TYPE),
)  # fmt: skip
"""Written by the worker, agreed and checked by the manager, who may send it back to the worker."""


def test_the_one_before_opens_with_the_reason_and_its_answers_as_the_draft(world: World) -> None:
    sent = send_back(at_check(world))
    assert (sent.to_element_id, sent.to_name) == ("write", "Write it")
    view = read_user_task(world.env, world.person(WORKER), task_id=world.task("write"))
    assert view.sent_back is not None
    assert (view.sent_back.because, view.sent_back.by, view.sent_back.from_name) == (
        WHY,
        "Team manager, Children in Need East",
        "Check it",
    )
    assert view.answers["outcomes"] == EXEMPLAR["outcomes"]
    assert view.version == 1


def test_signatures_since_then_are_cleared_and_stay_on_the_record(world: World) -> None:
    send_back(at_check(world))
    [record] = read_case(world.env, world.person(MANAGER), reference="K-101").records
    assert (record.cleared_at is not None, record.cleared_because) == (True, WHY)


def test_what_the_sender_had_half_typed_is_kept_in_the_history(sqlite_world: World) -> None:
    world = at_check(sqlite_world)
    task = world.task("check")
    save_draft(world.env, world.person(MANAGER), task_id=task, answers={"impact": "Half a sentence"}, version=0)
    send_back(world)
    entry = world.seen().history[-1]
    for part in (
        "Sent back: Check it",
        f"Reason: {WHY}",
        "To: Write it",
        "Half-typed answer to impact: Half a sentence",
    ):
        assert part in entry


def test_it_can_be_answered_again_and_goes_on(world: World) -> None:
    send_back(at_check(world))
    complete(world, "write", WORKER, EXEMPLAR)
    assert [element for element, _ in world.seen().open] == ["agree"]


def test_whoever_may_not_complete_it_may_not_send_it_back(sqlite_world: World) -> None:
    world = at_check(sqlite_world)
    with pytest.raises(NotAllowed, match="send this user task back"):
        send_task_back(world.env, world.person(WORKER), task_id=world.task("check"), reason=WHY)


def test_what_the_diagram_does_not_allow_nobody_may(sqlite_world: World) -> None:
    world = at_check(sqlite_world, until="agree")
    with pytest.raises(NotAllowed, match="the diagram draws nothing that it could be sent back to"):
        send_task_back(world.env, world.person(MANAGER), task_id=world.task("agree"), reason=WHY)


@pytest.mark.parametrize(("wrong", "field"), [({"reason": " "}, "reason"), ({"to": "agree"}, "to")])
def test_what_is_missing_or_wrong_is_said(sqlite_world: World, wrong: dict[str, Any], field: str) -> None:
    world = at_check(sqlite_world)
    with pytest.raises(Invalid) as error:
        send_task_back(world.env, world.person(MANAGER), task_id=world.task("check"), **{"reason": WHY, **wrong})
    assert field in error.value.fields


def test_what_somebody_else_has_claimed_is_theirs_to_send_back(sqlite_world: World) -> None:
    world = at_check(sqlite_world)
    claim_task(world.env, world.person(MANAGER), task_id=world.task("check"))
    assert send_back(world).to_name == "Write it"


def test_nothing_is_sent_back_while_it_is_suspended(sqlite_world: World) -> None:
    world = at_check(sqlite_world)
    instance_id = read_case(world.env, world.person(MANAGER), reference="K-101").instances[0].id
    suspend_instance(world.env, world.person("sm-cin-east"), instance_id=instance_id, reason="Wait.")
    with pytest.raises(Conflict, match="was suspended by"):
        send_back(world)


def test_whoever_completes_it_later_hears_that_it_was_sent_back(sqlite_world: World) -> None:
    world = at_check(sqlite_world)
    task = world.task("check")
    send_back(world)
    with pytest.raises(Conflict, match="was cancelled when Team manager, Children in Need East sent “Check it” back"):
        complete_task(world.env, world.person(MANAGER), task_id=task, answers=SIGNATURE)


def at_check(world: World, until: str = "check") -> World:
    """The worker has written it; the manager has agreed it, and has it to check."""
    publish(world, WORK)
    post(world, "K-101")
    complete(world, "write", WORKER, EXEMPLAR)
    if until == "check":
        complete(world, "agree", MANAGER, SIGNATURE)
    return world


def complete(world: World, element_id: str, person_id: str, answers: Any) -> None:
    """Somebody sends a user task, a minute later."""
    pass_by(world, 60)
    complete_task(world.env, world.person(person_id), task_id=world.task(element_id), answers=answers)


def send_back(world: World) -> SentBack:
    """The manager sends it back to the worker."""
    pass_by(world, 60)
    return send_task_back(world.env, world.person(MANAGER), task_id=world.task("check"), reason=WHY)
