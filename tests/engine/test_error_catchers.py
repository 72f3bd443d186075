"""Who catches a BPMN error when event sub-processes are drawn: the nearest, from the inside out. Boundary events alone
are in `test_events.py`."""

from __future__ import annotations

import pytest

from service.domain.errors import ModelError
from tests.engine.drawing import (
    boundary,
    catches_error,
    diagram,
    end,
    error,
    error_end,
    escalates,
    escalation,
    flows,
    gateway,
    hears,
    job,
    message,
    message_end,
    on,
    start,
    sub,
    user,
)
from tests.engine.story import story

HEARD = message("m", "news", key="=child")


def test_an_error_is_caught_by_the_scope_it_comes_out_of():
    drawn = diagram(
        start(), job("post"), user("ask"), end(), flows("begin post ask done"),
        on("failed", catches_error("e"), user("find"), end("f"), flows("failed-begin find f"),
           brings={"why": "=errorMessage", "code": "=errorCode"}),
        outside=error("e", "no-address"),
    )  # fmt: skip
    tale = story(drawn).begin().job_refused("post", "no-address", "They moved")
    assert tale.open == ["find"]
    assert tale.complete("find").variables == {"why": "They moved", "code": "no-address"}


@pytest.mark.parametrize(
    ("thrown", "caught_by"), [("e1", "on_job"), ("e2", "in_part"), ("e3", "on_part"), ("e4", "in_process")]
)
def test_the_nearest_who_knows_the_error_catches_it(thrown, caught_by):
    part = sub(
        "part", start("b"), job("post"), end("d"), flows("b post d"), boundary("c1", "post", catches_error("e1")),
        user("on_job"), flows("c1 on_job"), on("c2", catches_error("e2"), user("in_part"), flows("c2-begin in_part")),
    )  # fmt: skip
    drawn = diagram(
        start(), part, end(), flows("begin part done"), boundary("c3", "part", catches_error("e3")), user("on_part"),
        flows("c3 on_part"), on("c4", catches_error(), user("in_process"), flows("c4-begin in_process")),
        outside="".join(error(code, code) for code in ("e1", "e2", "e3", "e4")),
    )  # fmt: skip
    tale = story(drawn).begin().job_refused("post", thrown)
    assert tale.open == [caught_by]
    assert tale.complete(caught_by).outcome.ended is not None


def test_an_error_end_beside_is_caught_without_leaving_a_token():
    drawn = diagram(
        start(), gateway("split", "parallel"), user("ask"), user("try"), error_end("broken", "e"), end(),
        flows("begin split ask done"), flows("split try broken"),
        on("failed", catches_error("e"), user("find"), end("f"), flows("failed-begin find f")),
        outside=error("e", "broken"),
    )  # fmt: skip
    tale = story(drawn).begin().complete("try")
    assert tale.open == ["find"]
    assert tale.passed == ["begin", "try", "broken", "ask (cancelled)", "failed-begin"]
    assert tale.complete("find").passed[-2:] == ["f", "failed"]
    assert tale.outcome.ended is not None


@pytest.mark.parametrize(
    ("thrown", "outside"),
    [(catches_error("e"), error("e", "broken")), (escalates("e"), escalation("e", "broken"))],
    ids=["error", "escalation"],
)
def test_what_it_interrupts_does_nothing_more_though_its_turn_had_come(thrown, outside):
    part = sub(
        "part", start("b"), gateway("split", "parallel"), end("broken", thrown), message_end("tell", "m"),
        flows("b split broken"), flows("split tell"),
    )  # fmt: skip
    drawn = diagram(
        start(), part, end(), flows("begin part done"), boundary("caught", "part", thrown), user("find"),
        flows("caught find"), outside=message("m") + outside,
    )  # fmt: skip
    tale = story(drawn).begin()
    assert (tale.open, tale.outcome.thrown) == (["find"], ())


def test_an_error_out_of_one_that_interrupted_is_caught_further_out():
    part = sub(
        "part", start("b"), job("post"), end("d"), flows("b post d"),
        on("failed", catches_error("e"), user("find"), error_end("again", "e"), flows("failed-begin find again")),
    )  # fmt: skip
    drawn = diagram(
        start(), part, end(), flows("begin part done"), boundary("caught", "part", catches_error("e")), user("mend"),
        flows("caught mend"), outside=error("e", "broken"),
    )  # fmt: skip
    tale = story(drawn).begin().job_refused("post", "broken").complete("find")
    assert tale.open == ["mend"]
    assert tale.complete("mend").outcome.ended is not None


def test_an_error_out_of_one_that_did_not_interrupt_is_caught_by_its_neighbour():
    told = on("told", hears("m"), job("post"), end("e1"), flows("told-begin post e1"), stop=False)
    failed = on("failed", catches_error("e"), user("find"), end("f"), flows("failed-begin find f"))
    drawn = diagram(
        start(), user("ask"), end(), flows("begin ask done"), told, failed, outside=HEARD + error("e", "broken")
    )
    tale = story(drawn).begin(child="K-1").receive("told-begin").job_refused("post", "broken")
    assert (tale.open, tale.waiting) == (["find"], [])
    assert {"told (cancelled)", "ask (cancelled)"} <= set(tale.passed)


def test_an_error_nobody_catches_changes_nothing():
    told = on("told", hears("m"), job("post"), flows("told-begin post"), stop=False)
    tale = story(diagram(start(), user("ask"), flows("begin ask"), told, outside=HEARD)).begin(child="K-1")
    tale.receive("told-begin")
    for said, words in (("They moved", "“broken”: They moved, which nothing catches"), ("", "“broken”, which nothing")):
        with pytest.raises(ModelError, match=words):
            tale.job_refused("post", "broken", said)
    assert tale.open == ["ask", "post", "told-begin"]
