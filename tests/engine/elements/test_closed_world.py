"""Every flow node and event of BPMN 2.0: it is executed along the path told here, or named with its element id and an
error for the token that comes there. What each does beyond its path is tested in the files above this folder."""

from __future__ import annotations

import itertools

import pytest

from service.domain.errors import ModelError
from service.domain.stimuli import InstanceStarted, SignalReceived
from service.engine import compile_diagrams
from tests.engine.drawing import (
    ad_hoc,
    boundary,
    catch,
    catches_error,
    compensate,
    compensated,
    diagram,
    end,
    error,
    escalates,
    escalation,
    flow,
    flows,
    gateway,
    hears,
    link,
    message,
    on,
    signal,
    signals,
    start,
    sub,
    task,
    throw,
    timer,
    user,
)
from tests.engine.story import Decided, Story, story

NAMES = message("m", "told") + signal("s", "all") + error("e", "broken") + escalation("c", "late")
INNER = diagram(start("ib"), end("ie"), flows("ib ie"), process_id="inner")
DEFINITIONS = {
    "none": "",
    "message": hears("m"),
    "timer": timer("timeDuration", "PT1H"),
    "signal": signals("s"),
    "error": catches_error("e"),
    "escalation": escalates("c"),
    "conditional": "<bpmn:conditionalEventDefinition />",
    "link": link("L"),
    "compensate": "<bpmn:compensateEventDefinition />",
    "cancel": "<bpmn:cancelEventDefinition />",
    "terminate": "<bpmn:terminateEventDefinition />",
    "multiple": hears("m") + signals("s"),
}  # fmt: skip
"""Every event definition of BPMN 2.0."""

EXECUTED = {
    "start": {"none", "message", "timer", "signal"},
    "start of an event sub-process": {"message", "timer", "signal", "error", "escalation"},
    "catch": {"message", "timer", "signal", "link"},
    "throw": {"none", "message", "signal", "escalation", "link", "compensate"},
    "boundary": {"message", "timer", "signal", "error", "escalation", "compensate"},
    "boundary that does not interrupt": {"message", "timer", "signal", "escalation"},
    "end": {"none", "message", "signal", "error", "escalation", "terminate", "compensate"},
}
ALWAYS_INTERRUPT = ("boundary that does not interrupt", "compensate")
"""What happens after its activity has ended interrupts nothing, however it is drawn."""
EVENTS = [pair for pair in itertools.product(EXECUTED, DEFINITIONS) if pair != ALWAYS_INTERRUPT]


@pytest.mark.parametrize(("place", "kind"), [(place, kind) for place, kind in EVENTS if kind in EXECUTED[place]])
def test_an_event_that_is_executed_is_passed(place, kind):
    whole = event_diagram(place, kind)
    assert compile_diagrams({"a": whole}).problems == ()
    tale = story(whole).act(InstanceStarted("review", {}, None, "x" if place == "start" else None))
    if "x" not in tale.passed:
        come_about(tale, kind)
    assert "x" in tale.passed


@pytest.mark.parametrize(("place", "kind"), [(place, kind) for place, kind in EVENTS if kind not in EXECUTED[place]])
def test_an_event_that_is_not_executed_is_named(place, kind):
    whole = event_diagram(place, kind)
    assert "x" in {problem.element_id for problem in compile_diagrams({"a": whole}).problems}
    if place in ("catch", "throw", "end"):
        with pytest.raises(ModelError) as caught:
            story(whole).begin().complete("work")
        assert caught.value.element_id == "x"


def event_diagram(place: str, kind: str) -> bytes:
    """A process with the event `x` at that place, and what makes it happen."""
    drawn = DEFINITIONS[kind].replace("Duration", "Date").replace("PT1H", "2027-02-01T09:00:00Z")
    if place == "start":
        plain = (start(), flow("begin", "work")) if kind != "none" else ()
        return diagram(*plain, start("x", inside=drawn), user("work"), end(), flows("x work done"), outside=NAMES)
    if place == "start of an event sub-process":
        told = on("event", DEFINITIONS[kind], end("heard"), flows("x heard"), begin="x")
        return diagram(start(), failing_host(kind), end(), flows("begin host done"), told, outside=NAMES)
    if place.startswith("boundary"):
        return boundary_diagram(kind, stop=place == "boundary")
    drawn = DEFINITIONS[kind]
    if place == "end":
        within = sub("host", start("b"), user("work"), end("x", drawn), flows("b work x"))
        caught = boundary("caught", "host", catches_error("e")) if kind == "error" else ""
        after = user("mend") + flow("caught", "mend") if kind == "error" else ""
        return diagram(start(), within, caught, after, end(), flows("begin host done"), outside=NAMES)
    element = catch("x", inside=drawn) if place == "catch" else throw("x", inside=drawn)
    if kind == "link":
        other = throw("far", inside=drawn) if place == "catch" else catch("far", inside=drawn)
        ways = (
            flows("begin work far") + flow("x", "done")
            if place == "catch"
            else flows("begin work x") + flow("far", "done")
        )
        return diagram(start(), user("work"), element, other, end(), ways, outside=NAMES)
    return diagram(start(), user("work"), element, end(), flows("begin work x done"), outside=NAMES)


def failing_host(kind: str) -> str:
    """A sub-process with work in it that ends in an error or escalation, when that is what is to be caught."""
    last = DEFINITIONS[kind] if kind in ("error", "escalation") else ""
    return sub("host", start("b"), user("work"), end("fail", last), flows("b work fail"))


def boundary_diagram(kind: str, *, stop: bool) -> bytes:
    if kind == "compensate":
        undo = compensated("host", "undo").replace("host-undo", "x")
        ways = flows("begin host back done")
        return diagram(start(), failing_host(kind), undo, compensate("back"), end(), ways, outside=NAMES)
    event = boundary("x", "host", DEFINITIONS[kind], stop=stop)
    ways = flows("begin host done") + flow("x", "after")
    return diagram(start(), failing_host(kind), event, end("after"), end(), ways, outside=NAMES)


def come_about(tale: Story, kind: str) -> None:
    """Do what makes an event of this kind happen; work stands before it or around it."""
    if kind in ("error", "escalation", "compensate", "none", "link", "terminate") or not waits(tale):
        tale.complete("work")
    if "x" in tale.passed:
        return
    if kind == "message":
        tale.receive("x")
    elif kind == "timer":
        tale.wait(days=60)
    elif kind == "signal":
        tale.act(SignalReceived(tale.outcome.signals[0].id, {}))


def waits(tale: Story) -> bool:
    outcome = tale.outcome
    return bool(outcome.awaited or outcome.signals or outcome.wake_at)


def by_words(kind: str, words: str, *parts: str) -> str:
    """The element `x` of this kind with one extension element."""
    return task("x", kind, f"<bpmn:extensionElements><zeebe:{words} /></bpmn:extensionElements>{''.join(parts)}")


def marked(drawn: str, attributes: str) -> str:
    """The element `x` with more attributes."""
    return drawn.replace('id="x"', f'id="x" {attributes}', 1)


HANDLER = 'taskDefinition type="t"'
ACTIVITIES = {
    "task": (task("x"), []),
    "manualTask": (task("x", "manualTask"), []),
    "userTask": (user("x"), ["complete"]),
    "serviceTask": (by_words("serviceTask", HANDLER), ["job_done"]),
    "sendTask": (by_words("sendTask", HANDLER), ["job_done"]),
    "scriptTask": (by_words("scriptTask", 'script expression="=1" resultVariable="y"'), []),
    "scriptTask by a handler": (by_words("scriptTask", HANDLER), ["job_done"]),
    "businessRuleTask": (by_words("businessRuleTask", 'calledDecision decisionId="level" resultVariable="y"'), []),
    "businessRuleTask by a handler": (by_words("businessRuleTask", HANDLER), ["job_done"]),
    "receiveTask": (marked(task("x", "receiveTask"), 'messageRef="m"'), ["receive"]),
    "callActivity": (by_words("callActivity", 'calledElement processId="inner"'), []),
    "subProcess": (sub("x", start("b"), end("e"), flows("b e")), []),
    "adHocSubProcess": (ad_hoc("x", task("i"), elements='=["i"]'), []),
    "exclusiveGateway": (gateway("x"), []),
    "inclusiveGateway": (gateway("x", "inclusive"), []),
    "parallelGateway": (gateway("x", "parallel"), []),
}
NAMED = {
    "transaction": task("x", "transaction", start("b") + end("e") + flows("b e")),
    "complexGateway": gateway("x", "complex"),
    "choreographyTask": task("x", "choreographyTask"),
    "callChoreography": task("x", "callChoreography"),
    "subChoreography": task("x", "subChoreography"),
    "implicitThrowEvent": task("x", "implicitThrowEvent"),
    "a standard loop": task("x", "userTask", "<bpmn:standardLoopCharacteristics />"),
    "a repetition without a collection": task("x", "userTask", "<bpmn:multiInstanceLoopCharacteristics />"),
    "an instantiating receiveTask": marked(task("x", "receiveTask"), 'messageRef="m" instantiate="true"'),
    "a service nobody can be asked for": task("x", "serviceTask"),
    "an event gateway that starts a process": marked(gateway("x", "eventBased"), 'instantiate="true"'),
    "several tokens": marked(task("x"), 'startQuantity="2"'),
}  # fmt: skip


@pytest.mark.parametrize("kind", ACTIVITIES)
def test_an_activity_or_gateway_that_is_executed_goes_along_its_path(kind):
    drawn, acts = ACTIVITIES[kind]
    whole = diagram(start(), drawn, end(), flows("begin x done"), outside=NAMES)
    assert compile_diagrams({"a": whole, "b": INNER}).problems == ()
    tale = story(whole, INNER, decisions={"level": Decided("TM")}).begin()
    for act in acts:
        assert tale.open == ["x"]
        getattr(tale, act)("x")
    assert tale.outcome.ended is not None
    assert [one for one in tale.passed if one in ("begin", "x", "done")] == (
        ["begin", "done"] if kind.endswith("Gateway") else ["begin", "x", "done"]
    )


def test_an_event_based_gateway_waits_for_the_first_event():
    race = (catch("a", "m"), catch("b", inside=DEFINITIONS["timer"]), end(), flows("begin x a done"), flows("x b done"))
    whole = diagram(start(), gateway("x", "eventBased"), *race, outside=NAMES)
    assert story(whole).begin().receive("a").passed == ["begin", "b (cancelled)", "a", "done"]
    assert story(whole).begin().wait(hours=2).passed == ["begin", "a (cancelled)", "b", "done"]


@pytest.mark.parametrize("kind", NAMED)
def test_what_is_not_executed_is_named_with_its_element(kind):
    whole = diagram(start(), NAMED[kind], end(), flows("begin x done"), outside=NAMES)
    assert "x" in {problem.element_id for problem in compile_diagrams({"a": whole}).problems}


FLOW_NODES = {
    "task", "manualTask", "userTask", "serviceTask", "sendTask", "scriptTask", "businessRuleTask", "receiveTask",
    "callActivity", "subProcess", "adHocSubProcess", "transaction", "exclusiveGateway", "inclusiveGateway",
    "parallelGateway", "complexGateway", "eventBasedGateway", "startEvent", "endEvent", "intermediateCatchEvent",
    "intermediateThrowEvent", "implicitThrowEvent", "boundaryEvent", "choreographyTask", "callChoreography",
    "subChoreography",
}  # fmt: skip
"""Every element of BPMN 2.0 that may stand in place of `flowNode` (BPMN20.xsd)."""


def test_no_flow_node_of_bpmn_is_forgotten_here():
    events = {"startEvent", "endEvent", "intermediateCatchEvent", "intermediateThrowEvent", "boundaryEvent"}
    told = {*(kind.split()[0] for kind in (*ACTIVITIES, *NAMED)), *events, "eventBasedGateway"}
    assert told >= FLOW_NODES
