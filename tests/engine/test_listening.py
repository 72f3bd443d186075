"""Listeners that are drawn where Towpath asks none. Those that are asked are in `test_listeners.py`."""

from __future__ import annotations

import pytest

from service.engine import compile_diagrams
from tests.engine.drawing import boundary, catch, diagram, end, flows, link, listeners, on, start, throw, timer, user


@pytest.mark.parametrize(
    ("drawn", "event"),
    [
        (throw("x", inside=link("l")), "end"),
        (catch("x", inside=link("l")), "start"),
        (on("x", timer("timeDuration", "PT1H"), begin="b"), "end"),
        (boundary("x", "ask", "<bpmn:compensateEventDefinition />"), "end"),
    ],
    ids=["link-out", "link-in", "event-sub-process", "compensation"],
)
def test_what_stands_beside_the_flow_has_no_listeners(drawn, event):
    whole = diagram(start(), user("ask"), end(), flows("begin ask done"), listeners(drawn, f"{event} told"))
    problems = [(item.element_id, item.message) for item in compile_diagrams({"a": whole}).problems]
    assert ("x", f"has a listener for “{event}”, which Towpath does not execute here") in [
        (element_id, message.rpartition("this element ")[2] or message) for element_id, message in problems
    ]


def test_a_listener_that_names_nobody_to_ask_is_named():
    drawn = listeners(user("x"), "start gone").replace(' type="gone"', "")
    (problem,) = compile_diagrams({"a": diagram(start(), drawn, end(), flows("begin x done"))}).problems
    assert (problem.element_id, "without a type" in problem.message) == ("x", True)
