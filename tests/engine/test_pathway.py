"""A pathway like real ones: a sub-process with a called sign-off in a rejection loop, a late warning, jobs, messages.
Single elements are tested elsewhere."""

from __future__ import annotations

import random

import pytest

from tests.engine.drawing import (
    boundary,
    call,
    diagram,
    end,
    error,
    error_end,
    flow,
    flows,
    gateway,
    job,
    message,
    message_end,
    rule,
    script,
    start,
    sub,
    timer,
    user,
)
from tests.engine.story import Decided, Matched, Story, story


def test_the_whole_way_signed_at_every_level():
    tale = pathway().begin(message="proposed", reason="safe").complete("write", note="done", completedBy="p-1")
    assert sign(tale, "p-2").open == ["sign"]
    assert sign(tale, "p-3").open == ["end_involvements"]
    tale.job_done("end_involvements").job_done("close_case")
    assert [item.message for item in tale.outcome.thrown] == ["case-closed"]
    assert tale.outcome.thrown[0].variables == {"reason": "safe"}
    assert tale.variables["signOff"] == {"outcome": "signed", "by": "p-3"}


def test_the_sign_off_sees_only_what_it_is_given_and_says_whose_it_is():
    tale = pathway().begin(message="proposed", secret="x").complete("write", completedBy="p-1")
    opened = tale.task("sign")
    assert opened.process_id == "sign-off"
    assert "secret" not in opened.variables
    assert opened.candidate_groups == ("tm@owning-team",)
    assert opened.properties == {"differentFromPeople": []}


def test_sent_back_again_and_again_opens_a_new_task_and_forgets_the_signatures():
    tale = pathway().begin(message="proposed")
    seen = set()
    for _ in range(40):
        seen.add(tale.task("write").id)
        sign(tale.complete("write", completedBy="p-1"), "p-2")
        send_back(tale, "p-3", "say more")
        assert tale.task("write").variables["because"] == "say more"
    assert len(seen) == 40
    assert len(tale.outcome.state) < 2_500


def test_the_late_warning_runs_beside_the_sign_off_and_both_must_end():
    tale = pathway().begin(message="proposed").complete("write", completedBy="p-1").wait(days=14)
    assert tale.open == ["review_delay", "sign"]
    sign(sign(tale, "p-2"), "p-3").job_done("end_involvements").job_done("close_case")
    assert tale.outcome.ended is None
    assert tale.complete("review_delay").outcome.ended is not None


def test_a_decision_without_a_level_stops_with_the_code_and_the_element():
    tale = pathway()
    tale.decisions["matrix"] = Decided([], [])
    with pytest.raises(Exception, match="no-level-to-sign") as caught:
        tale.begin(message="proposed").complete("write", completedBy="p-1")
    assert caught.value.element_id == "no_level"


def test_cancelling_names_everything_that_was_open():
    tale = pathway().begin(message="proposed").complete("write", completedBy="p-1").wait(days=14).cancel()
    cancelled = [item.removesuffix(" (cancelled)") for item in tale.passed if item.endswith("(cancelled)")]
    assert cancelled == ["prepare", "review_delay", "sign_it", "sign"]


@pytest.mark.parametrize("seed", range(8))
def test_any_order_of_acts_comes_to_an_end_without_growing(seed):
    choose = random.Random(seed)
    tale = pathway().begin(message="proposed")
    for _ in range(120):
        if tale.outcome.ended is not None:
            break
        act_at_random(tale, choose)
        assert len(tale.outcome.state) < 4_000
    else:
        finish(tale)
    assert tale.variables["signOff"]["outcome"] == "signed"


def sign(tale: Story, person: str) -> Story:
    return tale.complete("sign", outcome="signed", completedBy=person)


def send_back(tale: Story, person: str, reason: str) -> Story:
    return tale.complete("sign", outcome="sent-back", sentBackBecause=reason, completedBy=person)


def act_at_random(tale: Story, choose: random.Random) -> None:
    element_id = choose.choice([*tale.open, "time"])
    if element_id == "time":
        tale.wait(days=choose.randint(0, 5))
    elif element_id == "sign":
        tale.complete("sign", outcome=choose.choice(["signed", "sent-back"]), sentBackBecause="x", completedBy="p-2")
    elif element_id in [item.element_id for item in tale.outcome.jobs]:
        tale.job_done(element_id)
    else:
        tale.complete(element_id, completedBy="p-1")


def finish(tale: Story) -> None:
    while tale.outcome.ended is None:
        element_id = tale.open[0]
        if element_id == "sign":
            sign(tale, "p-2")
        elif tale.outcome.jobs and element_id == tale.outcome.jobs[0].element_id:
            tale.job_done(element_id)
        else:
            tale.complete(element_id, completedBy="p-1")


def pathway() -> Story:
    levels = Decided([{"level": "tm"}, {"level": "sm"}], [Matched("r1", 1)])
    return story(CLOSING, SIGN_OFF, decisions={"matrix": levels})


CLOSING = diagram(
    start("proposed", "proposed"),
    sub(
        "prepare",
        start("b"),
        user("write", inputs={"because": "=signOff.reason"}, outputs={"author": "=completedBy", "note": "=note"}),
        call(
            "sign_it", "sign-off", all_in="false", all_back="false",
            inputs={"decision": '="CC"', "author": "=author"}, outputs={"signOff": "=signOff"},
        ),
        gateway("signed", default="signed-write"), end("e"),
        flows("b write sign_it signed write"), flow("signed", "e", '=signOff.outcome = "signed"'),
    ),
    boundary("delayed", "prepare", timer("timeDate", "2027-01-18T00:00:00Z"), stop=False),
    user("review_delay"), end("reviewed"),
    job("end_involvements", "register.end"), job("close_case", "register.change"),
    message_end("closed", "case-closed", inputs={"reason": "=reason"}),
    flows("proposed prepare end_involvements close_case closed"), flows("delayed review_delay reviewed"),
    outside=message("proposed") + message("case-closed"),
)  # fmt: skip
SIGN_OFF = diagram(
    start(), rule("find", "matrix", "steps", outputs={"steps": "=steps", "signedSoFar": "=[]"}),
    gateway("any", default="any-no_level"), error_end("no_level", "e"),
    script("next", "=steps[count(signedSoFar) + 1]", "step"),
    user(
        "sign", groups='=[step.level + "@owning-team"]',
        properties={"differentFromPeople": "=for s in signedSoFar return s.by"},
        outputs={
            "signedSoFar": '=if outcome = "signed" then append(signedSoFar, {by: completedBy}) else signedSoFar',
            "signOff": '=if outcome = "signed" then {outcome: "signed", by: completedBy} '
            'else {outcome: "sent-back", reason: sentBackBecause}',
        },
    ),
    gateway("back", default="back-more"), end("sent_back"), gateway("more", default="more-signed"), end("signed"),
    flows("begin find any"), flow("any", "next", "=count(steps) > 0"), flow("any", "no_level"),
    flows("next sign back"), flow("back", "sent_back", '=signOff.outcome = "sent-back"'), flow("back", "more"),
    flow("more", "next", "=count(signedSoFar) < count(steps)"), flow("more", "signed"),
    process_id="sign-off", outside=error("e", "no-level-to-sign"),
)  # fmt: skip
