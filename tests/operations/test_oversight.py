"""The oversight record: what stands in it, at which level it was decided, what is too thin to be one (XC-8, XC-11)."""

from __future__ import annotations

from typing import Any

import pytest

from service.domain.errors import Refused
from service.operations.cases import read_case
from service.operations.views import OversightView
from tests.engine.drawing import diagram, end, flows, message, start, user
from tests.operations.publishing import publish
from tests.operations.rows import count
from tests.operations.working import EVENT_TYPE, post
from tests.support.world import SENT_BACK, SIGNATURE, World

REVIEW = {
    "holdsItUp": "The worker was away for a week.",
    "stillRight": "yes",
    "whatNext": "The deputy completes the exemplar.",
    "closeBy": "2027-01-29",
}
DECISION = diagram(
    start(message="m"), end(), flows("begin decide done"),
    user(
        "decide", name="Decide", form="closure-delay", groups="service-manager@area",
        properties={"oversightRecord": "yes", "oversightOutcome": "stillRight"},
    ),
    process_id="deciding", outside=message("m", EVENT_TYPE),
)  # fmt: skip
"""A decision of the service manager, recorded."""


def test_it_says_who_decided_what_at_which_level_under_which_rule(world: World) -> None:
    record = record_of(world.at_second_signature())
    assert (record.by, record.level) == ("Team manager, Children in Need East",) * 2
    assert (record.decision, record.rule, record.release) == ("Closure of a case: Sign off", "CC-G1", 1)
    assert (record.outcome, record.at) == ("signed", world.clock())
    assert record.reference.startswith("MO-")


def test_it_keeps_every_question_with_its_answer_in_words(sqlite_world: World) -> None:
    body = dict(record_of(sqlite_world.at_second_signature()).body)
    assert {SIGNATURE[key] for key in ("reason", "impact", "threshold", "review")} <= set(body.values())
    assert any("Send the closing letter" in answer and "Allocated worker" in answer for answer in body.values())


def test_sending_back_is_a_decision_too_and_its_reason_is_kept(sqlite_world: World) -> None:
    sqlite_world.at_first_signature().complete("sign", "tm-cin-east", SENT_BACK)
    record = record_of(sqlite_world)
    assert (record.outcome, record.cleared_at) == ("sent-back", None)
    assert SENT_BACK["sentBackBecause"] in dict(record.body).values()


def test_whoever_acts_up_decides_at_the_level_that_was_asked(sqlite_world: World) -> None:
    """The team manager of Early Help, who is also its acting service manager."""
    publish(sqlite_world, DECISION)
    post(sqlite_world, "K-112")
    sqlite_world.complete("decide", "tm-early-help", REVIEW, "K-112")
    assert record_of(sqlite_world, "K-112", "tm-early-help").level == "Service manager, Early Help (acting)"


@pytest.mark.parametrize(
    "changed", [{"reason": "Agree with social worker's recommendations."}, {"impact": "As discussed."}], ids=str
)
def test_a_note_that_only_agrees_is_none(sqlite_world: World, changed: dict[str, Any]) -> None:
    """XC-8."""
    sqlite_world.at_first_signature()
    with pytest.raises(Refused) as refused:
        sqlite_world.complete("sign", "tm-cin-east", {**SIGNATURE, **changed})
    assert [(refusal.rule, refusal.severity) for refusal in refused.value.refusals] == [("XC-8", "quality")]
    assert count("oversight_records") == 0


@pytest.mark.parametrize(("part", "nothing"), [("review", " "), ("actions", []), ("threshold", None)])
def test_a_note_with_a_part_left_empty_is_none(sqlite_world: World, part: str, nothing: Any) -> None:
    """XC-11."""
    sqlite_world.at_first_signature()
    with pytest.raises(Refused) as refused:
        sqlite_world.complete("sign", "tm-cin-east", {**SIGNATURE, part: nothing})
    assert [refusal.rule for refusal in refused.value.refusals] == ["XC-11"]
    assert count("oversight_records") == 0


def record_of(world: World, case: str = "K-101", reader: str = "tm-cin-east") -> OversightView:
    """The first record of a case."""
    return read_case(world.env, world.person(reader), reference=case).records[0]
