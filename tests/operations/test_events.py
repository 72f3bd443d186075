"""Case events: accepted once, refused in words, and kept whatever the diagram makes of them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from functools import partial
from typing import Any

import pytest

from service.domain.errors import Conflict, Invalid, NotAllowed, NotFound, Refused
from service.domain.events import CaseEvent
from service.domain.people import TOWPATH, Actor
from service.operations.cases import read_case
from service.operations.events import accept_event, deliver_event, read_event, receive_event
from service.store.cases import find_case
from tests.engine.drawing import diagram, end, flow, flows, gateway, message, start
from tests.operations.publishing import publish
from tests.operations.rows import changing, count
from tests.operations.together import together
from tests.operations.working import work
from tests.support.world import INTEGRATOR, START, World

EVENT = CaseEvent("lcs", "1", "closure-proposed", "K-101", START)

FAILING = diagram(
    start(message="m"), gateway("which"), end(), flows("begin which"), flow("which", "done", '=go = "yes"'),
    process_id="failing", outside=message("m", "try-it"),
)  # fmt: skip
"""Starts only when the event says so; else no way leads on."""


def test_a_replay_is_answered_even_when_the_case_is_long_closed(sqlite_world: World) -> None:
    first = receive_event(sqlite_world.env, INTEGRATOR, event=EVENT)
    sqlite_world.closed()
    assert receive_event(sqlite_world.env, INTEGRATOR, event=EVENT) == first


@pytest.mark.parametrize(
    "changed",
    [{"data": {"why": "another"}}, {"subject": "K-102"}, {"time": START + timedelta(1)}, {"type": "case-closed"}],
    ids=lambda changed: next(iter(changed)),
)
def test_one_id_means_one_event(sqlite_world: World, changed: dict[str, Any]) -> None:
    receive_event(sqlite_world.env, INTEGRATOR, event=EVENT)
    with pytest.raises(Conflict, match="Send it under a new id"):
        receive_event(sqlite_world.env, INTEGRATOR, event=replace(EVENT, **changed))


@pytest.mark.parametrize(
    ("wrong", "kind", "words"),
    [
        ({"type": "closure-propposed"}, Invalid, "Known types: closure-proposed"),
        ({"type": "case-closed"}, Invalid, "No pathway knows 'case-closed'"),
        ({"type": "oversight-record-written"}, Invalid, "No pathway knows 'oversight-record-written'"),
        ({"source": "towpath"}, Invalid, "Only Towpath itself"),
        ({"data": {"case": 1}}, Invalid, "The name 'case' is Towpath's own"),
        ({"data": {"settings": 1}}, Invalid, "The name 'settings' is Towpath's own"),
        ({"time": datetime(9999, 12, 31, 23, 59, tzinfo=timezone(-timedelta(hours=1)))}, Invalid, "in the future"),
        ({"time": datetime(1, 1, 1, tzinfo=UTC)}, Invalid, "too far back"),
        ({"subject": "K-999"}, NotFound, "Record the case first"),
        ({"subject": "K-107"}, Refused, "CC-X1"),
    ],
)
def test_what_cannot_be_accepted_is_said_and_not_kept(
    sqlite_world: World, wrong: dict[str, Any], kind: type[Exception], words: str
) -> None:
    with pytest.raises(kind) as error:
        receive_event(sqlite_world.env, INTEGRATOR, event=replace(EVENT, **wrong))
    assert words in str(error.value) + str(getattr(error.value, "fields", ""))
    assert (count("case_events"), count("process_instances")) == (0, 0)


def test_that_a_closed_case_was_refused_is_remembered_with_the_case(sqlite_world: World) -> None:
    """CC-X1."""
    with pytest.raises(Refused):
        sqlite_world.propose("K-107")
    newest = read_case(sqlite_world.env, sqlite_world.person("tm-cin-west"), reference="K-107").history[0]
    assert (newest.verb, newest.rule, newest.who) == ("AttemptRefused", "CC-X1", INTEGRATOR.name)


def test_a_token_without_the_scope_posts_nothing(sqlite_world: World) -> None:
    with pytest.raises(NotAllowed, match="events:write"):
        receive_event(sqlite_world.env, Actor("x", "Another", "system"), event=EVENT)
    with pytest.raises(NotAllowed):
        receive_event(sqlite_world.env, sqlite_world.person("tm-cin-east"), event=EVENT)


def test_an_event_without_a_time_happened_when_it_came(sqlite_world: World) -> None:
    view = receive_event(sqlite_world.env, INTEGRATOR, event=replace(EVENT, time=None))
    assert (view.status, view.received_at) == ("delivered", START)


def test_what_the_diagram_cannot_take_is_in_quarantine_with_the_reason(world: World) -> None:
    publish(world, FAILING)
    view = receive_event(world.env, INTEGRATOR, event=replace(EVENT, type="try-it", data={"go": "no"}))
    assert (view.status, view.instance_id) == ("quarantined", None)
    assert "Could not be delivered" in view.did
    assert (count("process_instances"), count("user_tasks")) == (0, 0)
    assert "Case event could not be delivered: try-it" in world.seen().history[-1]


def test_one_in_quarantine_does_not_hold_up_the_next(sqlite_world: World) -> None:
    publish(sqlite_world, FAILING)
    for number, go in enumerate(("no", "yes")):
        event = replace(EVENT, id=str(number), type="try-it", data={"go": go})
        accept_event(sqlite_world.env, INTEGRATOR, event=event)
    sqlite_world.settle()
    assert [process for _, process in sqlite_world.seen().ended] == ["failing"]


def test_an_accepted_event_is_delivered_later_when_nothing_else_has(sqlite_world: World) -> None:
    accepted = accept_event(sqlite_world.env, INTEGRATOR, event=EVENT)
    assert read_event(sqlite_world.env, INTEGRATOR, event_id=accepted).status == "accepted"
    work(sqlite_world)
    assert read_event(sqlite_world.env, INTEGRATOR, event_id=accepted).did == "Started Closure of a case"


def test_a_case_that_closed_before_the_delivery_refuses_it_then(sqlite_world: World) -> None:
    accepted = accept_event(sqlite_world.env, INTEGRATOR, event=EVENT)
    with changing():
        case = find_case("K-101")
        assert case is not None
        case.status = "closed"
    deliver_event(sqlite_world.env, TOWPATH, event_row_id=accepted)
    assert "closed already" in read_event(sqlite_world.env, INTEGRATOR, event_id=accepted).did


def test_an_unknown_event_is_not_found_and_a_stranger_reads_none(sqlite_world: World) -> None:
    with pytest.raises(NotFound):
        read_event(sqlite_world.env, INTEGRATOR, event_id="no such id")
    with pytest.raises(NotAllowed):
        read_event(sqlite_world.env, sqlite_world.person("tm-cin-east"), event_id="no such id")


def test_the_same_event_many_times_at_once_is_one_event(world: World) -> None:
    posting = partial(receive_event, world.env, INTEGRATOR, event=EVENT)
    answers = together(world, [posting] * 6)
    assert answers == [answers[0]] * 6
    assert (answers[0].did, count("case_events"), count("process_instances")) == ("Started Closure of a case", 1, 1)


def test_one_id_with_two_payloads_at_once_is_accepted_once(world: World) -> None:
    other = replace(EVENT, data={"why": "another"})
    posting = [partial(receive_event, world.env, INTEGRATOR, event=event) for event in (EVENT, other) * 3]
    answers = together(world, posting)
    kinds = {type(answer).__name__ for answer in answers[::2]}, {type(answer).__name__ for answer in answers[1::2]}
    assert sorted(map(tuple, kinds)) == [("Conflict",), ("EventView",)]


def test_eight_proposals_for_one_case_at_once_start_one_closure(world: World) -> None:
    posting = [partial(receive_event, world.env, INTEGRATOR, event=replace(EVENT, id=str(n))) for n in range(8)]
    answers = together(world, posting)
    assert [answer.status for answer in answers] == ["delivered"] * 8
    assert {answer.instance_id for answer in answers} == {answers[0].instance_id}
    assert (count("process_instances"), count("user_tasks")) == (1, 1)
