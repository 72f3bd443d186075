"""Compensation: what is undone, in which order, with which variables, and what is wrong with how it is drawn."""

from __future__ import annotations

import orjson
import pytest

from service.domain.errors import ModelError
from service.engine import compile_diagrams
from tests.engine.drawing import (
    boundary,
    call,
    catches_error,
    compensate,
    compensated,
    diagram,
    end,
    error,
    error_end,
    flow,
    flows,
    gateway,
    job,
    listeners,
    message,
    on,
    repeated,
    script,
    start,
    sub,
    task,
    timer,
    user,
)
from tests.engine.story import Story, story

UNDO_B = compensated("b", "undo_b")
TOLD = '<bpmn:messageEventDefinition messageRef="m" />'
TWO = (start(), user("a"), user("b"), compensated("a", "undo_a"), UNDO_B, end())


def test_what_was_completed_is_undone_the_last_first_before_the_token_goes_on():
    tale = story(diagram(*TWO, compensate("undo"), user("after"), flows("begin a b undo after done"))).begin()
    assert tale.complete("a").complete("b").open == ["undo_b"]
    assert tale.complete("undo_b").open == ["undo_a"]
    assert tale.complete("undo_a").open == ["after"]
    assert tale.complete("after").outcome.ended is not None
    assert tale.passed == [
        "begin", "a", "b", "b-undo", "undo_b", "a-undo", "undo_a", "undo", "after", "done",
    ]  # fmt: skip


def test_what_was_not_completed_is_not_undone():
    late = boundary("late", "b", timer("timeDuration", "PT1H"))
    tale = story(diagram(*TWO, late, compensate("undo", kind="endEvent"), flows("begin a b done"), flows("late undo")))
    assert tale.begin().complete("a").wait(hours=2).open == ["undo_a"]
    assert tale.complete("undo_a").outcome.ended is not None


def test_nothing_to_undo_is_passed():
    assert story(diagram(start(), compensate("undo"), end(), flows("begin undo done"))).begin().passed == [
        "begin", "undo", "done",
    ]  # fmt: skip


def test_one_activity_may_be_undone_alone_and_only_once():
    undone = (compensate("one", "a"), compensate("rest"), flows("begin a b one rest done"))
    tale = story(diagram(*TWO, *undone)).begin().complete("a").complete("b")
    assert tale.open == ["undo_a"]
    assert tale.complete("undo_a").open == ["undo_b"]
    assert tale.complete("undo_b").outcome.ended is not None


def test_what_was_done_twice_is_undone_twice():
    tale = story(LOOP).begin().complete("a", again=True).complete("a", again=False)
    assert tale.complete("undo_a").open == ["undo_a"]
    assert tale.complete("undo_a").outcome.ended is not None


def test_a_token_beside_waits_for_nothing():
    parts = (*TWO, gateway("split", "parallel"), user("beside"), compensate("undo"))
    tale = story(diagram(*parts, flows("begin a split undo b done"), flow("split", "beside"))).begin().complete("a")
    assert sorted(tale.open) == ["beside", "undo_a"]
    assert sorted(tale.complete("beside").complete("undo_a").open) == ["b"]


def test_a_completed_sub_process_is_undone_inside_with_the_variables_it_had():
    inner = (start("ib"), script("s", "=own + 1", "own"), user("b"), UNDO_B, end("ie"), flows("ib s b ie"))
    part = sub("part", *inner, inputs={"own": "=x"})
    parts = (start(), user("a"), compensated("a", "undo_a"), part, compensate("undo"), end())
    tale = story(diagram(*parts, flows("begin a part undo done"))).begin(x=1).complete("a").complete("b")
    assert tale.task("undo_b").variables == {"x": 1, "own": 2}
    assert tale.complete("undo_b", own=9, y=3).task("undo_a").variables == {"x": 1, "y": 3}


def test_what_is_undone_deep_inside_sees_the_variables_of_every_scope_around_it():
    deep = sub("deep", start("db"), user("b"), UNDO_B, end("de"), flows("db b de"), inputs={"near": "=far + 1"})
    part = sub("part", start("ib"), deep, end("ie"), flows("ib deep ie"), inputs={"far": "=1"})
    tale = story(diagram(start(), part, compensate("undo"), end(), flows("begin part undo done"))).begin()
    assert tale.complete("b").task("undo_b").variables == {"far": 1, "near": 2}


def test_the_event_that_throws_has_mappings_of_its_own():
    undo = compensate("undo", inputs={"why": '="they " + what'}, outputs={"because": "=why"})
    tale = story(diagram(*TWO, undo, flows("begin a b undo done"))).begin(what="moved").complete("a").complete("b")
    tale.complete("undo_b").complete("undo_a")
    assert tale.variables == {"what": "moved", "because": "they moved"}


def test_a_sub_process_with_a_handler_of_its_own_is_undone_by_that_and_inside():
    part = sub("part", start("ib"), user("b"), UNDO_B, end("ie"), flows("ib b ie"))
    parts = (start(), part, compensated("part", "undo_part"), compensate("undo", "part"), end())
    tale = story(diagram(*parts, flows("begin part undo done"))).begin().complete("b")
    assert tale.open == ["undo_part"]
    assert tale.complete("undo_part").open == ["undo_b"]


def test_a_sub_process_that_was_left_by_an_error_is_not_undone():
    inner = (start("ib"), user("b"), UNDO_B, error_end("no", "e"), flows("ib b no"))
    parts = (start(), sub("part", *inner), boundary("c", "part", catches_error()), compensate("undo"), end())
    whole = diagram(*parts, flows("begin part done"), flows("c undo done"), outside=error("e", "broken"))
    assert story(whole).begin().complete("b").passed[-3:] == ["c", "undo", "done"]


def test_compensation_thrown_inside_undoes_only_what_is_inside():
    inner = (start("ib"), user("b"), UNDO_B, compensate("undo"), end("ie"), flows("ib b undo ie"))
    parts = (start(), user("a"), compensated("a", "undo_a"), sub("part", *inner), user("then"), compensate("rest"))
    tale = story(diagram(*parts, flows("begin a part then rest"))).begin().complete("a").complete("b")
    assert tale.open == ["undo_b"]
    assert tale.complete("undo_b").open == ["then"]
    assert tale.complete("then").open == ["undo_a"]


def test_what_a_called_process_did_is_not_undone_but_the_call_may_be():
    inner = diagram(start("ib"), user("b"), UNDO_B, end("ie"), flows("ib b ie"), process_id="inner")
    parts = (start(), call("c", "inner"), compensated("c", "undo_c"), compensate("undo"), end())
    assert story(diagram(*parts, flows("begin c undo done")), inner).begin().complete("b").open == ["undo_c"]


def test_a_repeated_activity_is_undone_once_when_all_of_it_was_completed():
    each = repeated(user("b"), "=[1, 2]")
    tale = story(diagram(start(), each, UNDO_B, compensate("undo"), end(), flows("begin b undo done"))).begin()
    assert tale.complete("b").complete("b").open == ["undo_b"]
    assert tale.complete("undo_b").outcome.ended is not None


def test_what_is_inside_a_repeated_sub_process_is_undone_for_each_item():
    part = sub("part", start("ib"), user("b"), UNDO_B, end("ie"), flows("ib b ie"))
    parts = (start(), repeated(part, "=[1, 2]", inputElement="n"), compensate("undo"), end())
    tale = story(diagram(*parts, flows("begin part undo done"))).begin().complete("b").complete("b")
    assert tale.task("undo_b").variables["n"] == 2
    assert tale.complete("undo_b").task("undo_b").variables["n"] == 1
    assert tale.complete("undo_b").outcome.ended is not None


@pytest.mark.parametrize(
    ("handler", "path"),
    [
        (job("h", inputs={"own": "=x"}, outputs={"back": "=result"}), ["h"]),
        (sub("h", start("hb"), user("u"), user("v"), end("he"), flows("hb u v he")), ["u", "v"]),
        (repeated(user("h"), "=[1, 2]"), ["h", "h"]),
        (listeners(user("h"), "start before", "end after"), ["h", "h", "h"]),
    ],
)
def test_a_handler_may_be_any_activity(handler, path):
    undo = compensated("a", "h", inside=handler)
    tale = story(diagram(start(), user("a"), undo, compensate("undo"), end(), flows("begin a undo done"))).begin(x=1)
    tale.complete("a")
    for element_id in path:
        assert element_id in tale.open
        if tale.outcome.jobs:
            tale.job_done(element_id, **({} if tale.asked_listeners else {"result": 2}))
        else:
            tale.complete(element_id)
    assert tale.outcome.ended is not None
    assert tale.variables.get("back") == (2 if len(path) == 1 else None)


@pytest.mark.parametrize("stop", [True, False])
def test_an_event_sub_process_undoes_what_the_scope_around_it_has_done(stop):
    inner = (compensate("undo"), end("ee"), flows("eb undo ee"))
    told = on("event", TOLD, *inner, stop=stop, begin="eb")
    parts = (start(), user("a"), compensated("a", "undo_a"), user("b"), UNDO_B, told, end(), flows("begin a b done"))
    tale = story(diagram(*parts, outside=message("m", "stop"))).begin().complete("a").receive("eb")
    assert sorted(tale.open) == (["undo_a"] if stop else ["b", "eb", "undo_a"])
    assert sorted(tale.complete("undo_a").open) == ([] if stop else ["b", "eb"])


def test_an_error_of_a_handler_leaves_the_scope_that_threw():
    undo = compensated("b", "h", inside=job("h"))
    part = sub("part", start("ib"), user("b"), undo, compensate("undo"), end("ie"), flows("ib b undo ie"))
    parts = (start(), part, boundary("c", "part", catches_error()), user("mend"), end(), flows("begin part done"))
    tale = story(diagram(*parts, flows("c mend"))).begin().complete("b").job_refused("h", "gone")
    assert (tale.open, "h (cancelled)" in tale.passed) == (["mend"], True)


def test_only_what_can_be_undone_is_remembered():
    tale = story(LOOP.replace(b'isForCompensation="true"', b"")).begin()
    for _ in range(20):
        tale.complete("a", again=True)
    assert len(orjson.loads(tale.outcome.state)["i"]["t"]) <= 3
    assert b"undo_a" not in tale.outcome.state


WRONG = {
    "no handler": (compensated("a", "h").replace("association", "textAnnotation"), "a-undo", "no association"),
    "not marked": (compensated("a", "h").replace("isForCompensation", "name"), "a-undo", "no association"),
    "a flow out": (compensated("a", "h") + flow("a-undo", "done"), "a-undo", "a flow from"),
    "nobody asks": (task("h").replace('id="h"', 'id="h" isForCompensation="true"'), "h", "association"),
    "in the flow": (compensated("a", "h") + flow("h", "done"), "h", "association"),
    "with an event": (
        compensated("a", "h") + boundary("late", "h", timer("timeDuration", "P1D")),
        "late", "on a compensation handler",
    ),
    "nothing of the name": (compensated("a", "h") + compensate("undo", "b") + flow("a", "undo"), "undo", "“b”"),
}  # fmt: skip


@pytest.mark.parametrize("case", WRONG)
def test_compensation_that_cannot_work_is_named(case):
    drawn, element_id, said = WRONG[case]
    whole = diagram(start(), user("a"), drawn, end(), flows("begin a done"))
    found = [(item.element_id, said in item.message) for item in compile_diagrams({"a": whole}).problems]
    assert (element_id, True) in found


def test_a_handler_that_is_not_executed_stops_who_comes_there():
    whole = diagram(*TWO, compensate("undo"), flows("begin a b undo done")).replace(
        b'<bpmn:userTask id="undo_b"', b'<bpmn:serviceTask id="undo_b"'
    )
    tale: Story = story(
        whole.replace(b'</bpmn:userTask><bpmn:association id="b-to"', b'</bpmn:serviceTask><bpmn:association id="b-to"')
    )
    tale.begin().complete("a")
    with pytest.raises(ModelError, match="no task definition"):
        tale.complete("b")


LOOP = diagram(
    start(), user("a"), compensated("a", "undo_a"), gateway("g", default="g-undo"), compensate("undo"), end(),
    flows("begin a g undo done"), flow("g", "a", "=again"),
)  # fmt: skip
