"""Listeners on a process: before its start event and after everything in it has ended. Those of elements are in
`test_listeners.py`."""

from __future__ import annotations

from tests.engine.drawing import call, diagram, end, flows, hears, listeners, message, on, start, terminate_end, user
from tests.engine.story import Story, story

BOTH = ("start before", "end after")


def test_a_process_asks_each_of_its_listeners_before_it_begins():
    whole = (
        diagram(start(), user("ask"), flows("begin ask")).decode().replace("<bpmn:startEvent", "HOLD<bpmn:startEvent")
    )
    held = listeners("<bpmn:extensionElements></bpmn:extensionElements>", "start one", "start two")
    tale = story(whole.replace("HOLD", held).encode()).begin()
    assert tale.listener_done("review").asked_listeners == [("review", "start", "two")]
    assert tale.listener_done("review").open == ["ask"]


def test_a_process_begins_and_ends_with_its_listeners():
    tale = on_process(end()).begin(a=1)
    assert tale.asked_listeners == [("review", "start", "before")]
    assert tale.passed == []
    assert tale.listener_done("review", b=2).task("ask").variables == {"a": 1, "b": 2}
    tale.complete("ask")
    assert tale.asked_listeners == [("review", "end", "after")]
    assert tale.listener_done("review", c=3).variables == {"a": 1, "b": 2, "c": 3}
    assert tale.passed == ["begin", "ask", "done"]


def test_a_process_that_is_terminated_still_asks_its_last_listener():
    tale = on_process(terminate_end("done")).begin().listener_done("review").complete("ask")
    assert tale.asked_listeners == [("review", "end", "after")]
    assert tale.listener_done("review").outcome.ended is not None


def test_nothing_begins_in_a_process_any_more_while_its_last_listener_is_asked():
    told = on("told", hears("m"), user("hear"), flows("told-begin hear"), stop=False)
    parts = (start(), user("ask"), end(), flows("begin ask done"), told)
    tale = story(process_listeners(diagram(*parts, outside=message("m", "news")), "end after")).begin()
    assert tale.waiting == ["told-begin"]
    tale.complete("ask")
    assert (tale.asked_listeners, tale.waiting) == ([("review", "end", "after")], [])


def test_a_called_process_asks_its_own_listeners():
    calling = diagram(start(), call("c", "inner"), end(), flows("begin c done"))
    called = process_listeners(diagram(start(), user("ask"), end(), flows("begin ask done"), process_id="inner"))
    tale = story(calling, called).begin().listener_done("inner").complete("ask")
    assert tale.asked_listeners == [("inner", "end", "after")]
    assert tale.listener_done("inner").outcome.ended is not None


def test_a_process_started_by_a_message_hands_its_listener_nothing_of_the_message():
    begun = start("begin", "m", outputs={"why": "=reason"})
    drawn = process_listeners(diagram(begun, user("ask"), flows("begin ask"), outside=message("m", "ended")))
    tale = story(drawn).begin(message="ended", reason="late")
    assert tale.job("review").variables == {}
    assert tale.listener_done("review").task("ask").variables == {"why": "late"}


def on_process(last: str) -> Story:
    return story(process_listeners(diagram(start(), user("ask"), last, flows("begin ask done"))))


def process_listeners(whole: bytes, *said: str) -> bytes:
    """The diagram with these listeners on its process, or else one before and one after it."""
    head, mark, tail = whole.decode().partition('isExecutable="true">')
    held = listeners("<bpmn:extensionElements></bpmn:extensionElements>", *(said or BOTH))
    return (head + mark + held + tail).encode()
