"""Reading diagrams: what is listed, what is wrong, what does not stand in the way. Executing is tested elsewhere."""

from __future__ import annotations

import pytest

from service.domain.errors import ModelError, NotFound
from service.engine import compile_diagrams
from tests.engine.drawing import (
    NAMESPACES,
    boundary,
    call,
    diagram,
    end,
    flow,
    flows,
    gateway,
    job,
    message,
    repeated,
    rule,
    script,
    start,
    sub,
    task,
    throw,
    timer,
    user,
)
from tests.engine.story import story

OLDER = '<bpmn:userTask xmlns:camunda="http://camunda.org/schema/1.0/bpmn" camunda:candidateGroups="x"'


def test_a_process_says_how_it_can_be_started():
    process = compiled(
        start("by_hand"), start("by_event", "m", properties={"guard": "g"}), user("ask"),
        flows("by_hand ask"), flows("by_event ask"), outside=message("m", "told"),
    ).processes["review"]  # fmt: skip
    assert (process.name, process.file) == ("Review", "a.bpmn")
    assert [(item.element_id, item.message) for item in process.starts] == [("by_hand", None), ("by_event", "told")]
    assert process.starts[1].properties == {"guard": "g"}


def test_an_element_can_be_looked_up_with_what_is_written_on_it():
    ask = user("ask", name="Ask them", doc="Be kind", properties={"a": "=b"})
    part = sub("part", start("b"), ask, end("e"), flows("b ask e"))
    found = compiled(start(), part, end(), flows("begin part done"))
    element = found.element("review", "ask")
    assert (element.name, element.kind, element.documentation) == ("Ask them", "userTask", "Be kind")
    assert element.properties == {"a": "=b"}
    with pytest.raises(NotFound):
        found.element("review", "nobody")


def test_everything_a_diagram_points_at_is_listed():
    found = compiled(
        start(), user("ask", form="f", groups="tm@area", properties={"guard": "g1, g2", "decision": "CC"}),
        job("post", "post.letter"), rule("find", "matrix", "steps"), call("sign", "sign-off"), throw("tell", "m"),
        gateway("choose", default="choose-done"), end(), flows("begin ask post find sign tell choose done"),
        flow("choose", "ask", "=x > 1"), outside=message("m", "told"),
    )  # fmt: skip
    assert {(item.kind, item.value, item.element_id) for item in found.references} == {
        ("form", "f", "ask"), ("candidate-group", "tm@area", "ask"), ("guard", "g1", "ask"), ("guard", "g2", "ask"),
        ("property", "guard=g1, g2", "ask"), ("property", "decision=CC", "ask"), ("job-type", "post.letter", "post"),
        ("decision", "matrix", "find"), ("process", "sign-off", "sign"), ("thrown-message", "told", "tell"),
        ("expression", "x > 1", "choose-ask"),
    }  # fmt: skip
    assert found.problems == ()


@pytest.mark.parametrize(
    ("element", "said"),
    [
        ('<bpmn:complexGateway id="odd" />', "complexGateway"),
        ('<bpmn:transaction id="odd" />', "transaction"),
        (task("odd", "endEvent", "<bpmn:cancelEventDefinition />"), "cancel"),
        (task("odd", "intermediateThrowEvent", "<bpmn:signalEventDefinition />"), "signal"),
        (task("odd", "serviceTask"), "no task definition type"),
        (task("odd", "task", "<bpmn:standardLoopCharacteristics />"), "repeats"),
        (task("odd", "callActivity"), "names no process"),
        (task("odd", "receiveTask"), "names no message"),
    ],
)
def test_what_is_not_executed_is_named_and_stops_only_who_comes_there(element, said):
    ways = gateway("choose", default="choose-ask") + flow("choose", "odd", "=go") + flow("choose", "ask")
    parts = (start(), ways, element, user("ask"), end(), flows("begin choose"), flows("ask done"))
    found = compiled(*parts)
    assert [(item.file, item.element_id) for item in found.problems] == [("a.bpmn", "odd")]
    assert said in found.problems[0].message
    assert story(diagram(*parts)).begin(go=False).open == ["ask"]
    with pytest.raises(ModelError, match=said) as caught:
        story(diagram(*parts)).begin(go=True)
    assert caught.value.element_id == "odd"


@pytest.mark.parametrize(
    ("parts", "element_id", "said"),
    [
        ((start(), user("ask", assignee="=1 +"), flows("begin ask")), "ask", "not valid FEEL"),
        (
            (start(), gateway("g"), user("a"), user("b"), flows("begin g a"), flow("g", "b", "=x")),
            "g-a", "no condition",
        ),
        ((start(), gateway("g"), user("a"), flow("begin", "g"), flow("g", "a", "x > 1")), "g-a", "not FEEL"),
        ((start(), user("a"), user("b"), flow("begin", "a"), flow("a", "b", "=x")), "a-b", "from a gateway"),
        ((start(), user("a"), user("b"), flows("begin a")), "b", "nothing leads"),
        ((start(), user("a"), flows("begin a nowhere")), "a-nowhere", "not both drawn"),
        ((user("a"),), "review", "no start event"),
        ((start(), script("s", "=1", "case"), flows("begin s")), "s", "may not be written"),
        (
            (start(), user("a"), boundary("late", "b", timer("timeDuration", "P1D")), flows("begin a")),
            "late", "attached",
        ),
        ((start(), gateway("g", "eventBased"), user("a"), flows("begin g a")), "g-a", "waits for no event"),
        ((start(), user("a", groups="x").replace("Groups", "Group"), flows("begin a")), "a", "“candidateGroup”"),
        ((start(), user("a").replace("<bpmn:userTask", OLDER), flows("begin a")), "a", "Camunda 7"),
        ((start(), user("a", due="tomorrow"), flows("begin a")), "a", "not a time"),
        (
            (start(), user("a"), boundary("late", "a", timer("timeDuration", "1 day")), flows("begin a")),
            "late", "not a time",
        ),
        ((start(), repeated(user("a"), "levels"), flows("begin a")), "a", "not FEEL"),
        ((start(), user("a"), sub("s", start("b"), user("a"), flows("b a")), flows("begin a s")), "a", "same id"),
    ],
)  # fmt: skip
def test_a_mistake_is_named_with_its_element(parts, element_id, said):
    assert (element_id, True) in [(item.element_id, said in item.message) for item in compiled(*parts).problems]


def test_an_event_interrupts_however_its_truth_is_written():
    late = boundary("late", "ask", timer("timeDuration", "PT1H")).replace('"true"', '"1"')
    drawn = diagram(start(), user("ask"), end(), user("chase"), late, flows("begin ask done"), flows("late chase"))
    assert story(drawn).begin().wait(hours=2).open == ["chase"]


def test_drawing_only_elements_do_not_stand_in_the_way():
    drawn = """
        <bpmn:laneSet id="l"><bpmn:lane id="l1"><bpmn:flowNodeRef>ask</bpmn:flowNodeRef></bpmn:lane></bpmn:laneSet>
        <bpmn:dataObject id="o" /><bpmn:dataObjectReference id="r" dataObjectRef="o" />
        <bpmn:dataStoreReference id="s" /><bpmn:group id="g" /><bpmn:textAnnotation id="t"><bpmn:text>x</bpmn:text>
        </bpmn:textAnnotation><bpmn:association id="a" sourceRef="ask" targetRef="t" />"""
    outside = """
        <bpmn:dataStore id="ds" name="Files" /><bpmn:collaboration id="c">
        <bpmn:participant id="p" name="Court" /><bpmn:participant id="q" processRef="review" />
       <bpmn:participant id="e" processRef="empty" />
        </bpmn:collaboration><bpmn:process id="empty" isExecutable="false" />"""
    stored = '<bpmn:dataOutputAssociation id="d"><bpmn:targetRef>s</bpmn:targetRef></bpmn:dataOutputAssociation>'
    whole = diagram(start(), drawn, task("ask", "userTask", stored), end(), flows("begin ask done"), outside=outside)
    assert compile_diagrams({"a.bpmn": whole}).problems == ()
    assert story(whole).begin().open == ["ask"]


def test_a_process_not_marked_executable_is_named():
    text = diagram(start(), user("ask"), flows("begin ask")).replace(b'isExecutable="true"', b'isExecutable="false"')
    found = compile_diagrams({"a.bpmn": text})
    assert (found.problems[0].element_id, dict(found.processes)) == ("review", {})


def test_the_same_process_in_two_files_is_named_and_the_first_counts():
    found = compile_diagrams({"a.bpmn": ASK, "b.bpmn": ASK.replace(b"Review", b"Again")})
    assert [(item.file, item.element_id) for item in found.problems] == [("b.bpmn", "review")]
    assert found.processes["review"].name == "Review"


def test_two_files_may_use_the_same_element_ids_inside():
    one = diagram(start(), sub("part", start("b"), user("x"), flows("b x")), flows("begin part"), process_id="one")
    two = diagram(start(), sub("part", start("b"), user("y"), flows("b y")), flows("begin part"), process_id="two")
    assert story(one, two).begin("one").open == ["x"]
    assert story(one, two).begin("two").open == ["y"]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"<bpmn:definitions", "not XML"),
        (b"<html />", "not a BPMN 2.0 diagram"),
        (
            f'<!DOCTYPE d [<!ENTITY e "x">]><bpmn:definitions {NAMESPACES}>&e;</bpmn:definitions>'.encode(),
            "document type",
        ),
        (b"", "not XML"),
    ],
)  # fmt: skip
def test_a_file_that_is_no_diagram_is_refused_by_name(content, said):
    with pytest.raises(ModelError, match=said) as caught:
        compile_diagrams({"closing/a.bpmn": content})
    assert caught.value.file == "closing/a.bpmn"


def test_an_entity_in_a_diagram_reads_no_file(tmp_path):
    secret = tmp_path / "secret"
    secret.write_text("hidden")
    text = f'<!DOCTYPE d [<!ENTITY e SYSTEM "file://{secret}">]>' + ASK.decode().replace('"Review"', '"&e;"')
    with pytest.raises(ModelError, match=r"document type|not XML"):
        compile_diagrams({"a.bpmn": text.encode()})


def test_the_same_content_is_compiled_once():
    assert compile_diagrams({"a.bpmn": ASK}) is compile_diagrams({"a.bpmn": bytes(ASK)})


def test_running_an_instance_leaves_the_shared_specifications_as_they_were():
    tale = story(LOOPING)
    specs = compile_diagrams(tale.files).specs
    before = {key: shape(spec) for key, spec in specs.items()}
    tale.begin().complete("write").wait(days=3).complete("check", good=False).complete("write").cancel()
    assert {key: shape(spec) for key, spec in specs.items()} == before


def shape(spec):
    """Everything about a specification that can be written down."""
    return [
        (name, sorted((key, repr(value)) for key, value in vars(item).items() if not key.endswith("_event")))
        for name, item in sorted(spec.task_specs.items())
    ]


def compiled(*parts, **said):
    return compile_diagrams({"a.bpmn": diagram(*parts, **said)})


ASK = diagram(start(), user("ask"), end(), flows("begin ask done"))
LOOPING = diagram(
    start(),
    sub("part", start("b"), user("write"), user("check"), gateway("good", default="good-write"), end("e"),
        flows("b write check good write"), flow("good", "e", "=good")),
    end(), boundary("late", "part", timer("timeDuration", "P2D"), stop=False), user("chase"), end("chased"),
    flows("begin part done"), flows("late chase chased"),
)  # fmt: skip
