"""The whole vocabulary of zeebe-bpmn-moddle 1.18: every extension element and attribute is executed, or helps only the
modeller, or is named with its element. What those that are executed do is tested in the files above this folder."""

from __future__ import annotations

import pytest

from service.engine import compile_diagrams
from service.engine.vocabulary import WORDS
from tests.engine.drawing import call, diagram, end, flows, job, start, task, user

EXECUTED, AID, NAMED = "executed", "helps only the modeller", "named"
AD_HOC = task("x", "adHocSubProcess", task("i"))
BINDING = {"bindingType": EXECUTED, "versionTag": EXECUTED}
LISTENER = {"eventType": EXECUTED, "type": EXECUTED, "retries": EXECUTED}
CONFIGURED = {"modelerConfigurationTemplate": AID, "modelerConfigurationName": AID}

TABLE = {
    ("taskDefinition", "serviceTask"): {"type": EXECUTED, "retries": EXECUTED},
    ("taskHeaders/header", "serviceTask"): {"id": AID, "key": EXECUTED, "value": EXECUTED},
    ("taskHeaders/header", "userTask"): {"id": AID, "key": EXECUTED, "value": EXECUTED},
    ("ioMapping/input", "userTask"): {"source": EXECUTED, "target": EXECUTED, **CONFIGURED},
    ("ioMapping/output", "userTask"): {"source": EXECUTED, "target": EXECUTED, **CONFIGURED},
    ("properties/property", "userTask"): {"name": EXECUTED, "value": EXECUTED, **CONFIGURED},
    ("loopCharacteristics", "multiInstanceLoopCharacteristics"): {
        "inputCollection": EXECUTED, "inputElement": EXECUTED, "outputCollection": EXECUTED, "outputElement": EXECUTED,
    },
    ("subscription", "message"): {"correlationKey": EXECUTED},
    ("calledElement", "callActivity"): {
        "processId": EXECUTED, "processIdExpression": NAMED, "propagateAllChildVariables": EXECUTED,
        "propagateAllParentVariables": EXECUTED, "businessId": NAMED, **BINDING,
    },
    ("userTaskForm", "process"): {"id": NAMED},
    ("formDefinition", "userTask"): {"formKey": NAMED, "formId": EXECUTED, "externalReference": NAMED, **BINDING},
    ("formDefinition", "startEvent"): {"formId": NAMED},
    ("linkedResources/linkedResource", "serviceTask"): {"resourceId": NAMED, "resourceType": NAMED, "linkName": NAMED},
    ("userTask", "userTask"): {"": AID},
    ("calledDecision", "businessRuleTask"): {"decisionId": EXECUTED, "resultVariable": EXECUTED, **BINDING},
    ("assignmentDefinition", "userTask"): {
        "assignee": EXECUTED, "candidateGroups": EXECUTED, "candidateUsers": EXECUTED,
    },
    ("priorityDefinition", "userTask"): {"priority": EXECUTED},
    ("jobPriorityDefinition", "serviceTask"): {"priority": NAMED},
    ("jobPriorityDefinition", "process"): {"priority": NAMED},
    ("taskSchedule", "userTask"): {"dueDate": EXECUTED, "followUpDate": EXECUTED},
    ("script", "scriptTask"): {"expression": EXECUTED, "resultVariable": EXECUTED},
    ("executionListeners/executionListener", "userTask"): LISTENER,
    ("executionListeners/executionListener", "multiInstanceLoopCharacteristics"): {"type": NAMED},
    ("taskListeners/taskListener", "userTask"): LISTENER,
    ("versionTag", "process"): {"value": AID},
    ("adHoc", "adHocSubProcess"): {
        "activeElementsCollection": EXECUTED, "outputCollection": NAMED, "outputElement": NAMED,
    },
    ("conditionalFilter", "userTask"): {"variableNames": NAMED, "variableEvents": NAMED},
    ("agentDefinition", "serviceTask"): {"agentType": NAMED},
    ("agentDefinition", "adHocSubProcess"): {"agentType": NAMED},
    ("", "userTask"): {
        "modelerTemplate": AID, "modelerTemplateVersion": AID, "modelerTemplateIcon": AID, "retryCounter": NAMED,
    },
}  # fmt: skip
"""By extension element (in what holds it) and the BPMN element it stands on: what becomes of each attribute."""
VALUES = {
    "eventType": "start", "type": "t", "retries": "3", "bindingType": "latest", "processId": "review", "priority": "7",
    "dueDate": "2027-01-01", "followUpDate": "2027-01-01", "inputCollection": "=[1]", "expression": "=1", "target": "t",
    "decisionId": "d", "activeElementsCollection": '=["i"]', "propagateAllChildVariables": "true",
    "propagateAllParentVariables": "true",
}  # fmt: skip
NEEDED = {
    "formDefinition": ("formId", "f"), "calledElement": ("processId", "review"), "calledDecision": ("decisionId", "d"),
    "taskDefinition": ("type", "t"), "loopCharacteristics": ("inputCollection", "=[1]"), "output": ("target", "t"),
    "script": ("expression", "=1"), "executionListener": ("type", "t"), "taskListener": ("type", "t"),
    "input": ("target", "t"),
}  # fmt: skip
CASES = [(word, on, attribute) for (word, on), attributes in TABLE.items() for attribute in attributes]


@pytest.mark.parametrize(("word", "on", "attribute"), CASES)
def test_a_word_is_executed_or_it_is_named_with_its_element(word, on, attribute):
    name = word.rpartition("/")[2]
    said = [item.message for item in compile_diagrams({"a": drawn_with(word, on, attribute)}).problems]
    about = [message for message in said if f"zeebe:{name or attribute}" in message or "collects output" in message]
    assert bool(about) == (TABLE[word, on][attribute] == NAMED), said


def test_no_word_of_the_engine_is_missing_from_the_table():
    told = {part for word, _ in TABLE for part in word.split("/")} - {""}
    assert told >= WORDS.keys()


def test_a_word_nobody_knows_is_named():
    whole = drawn_with("surprise", "userTask", "at")
    assert [(item.element_id, item.message) for item in compile_diagrams({"a": whole}).problems] == [
        ("x", "zeebe:surprise is not executed here")
    ]


@pytest.mark.parametrize("word", ["calledElement", "formDefinition", "calledDecision"])
def test_a_binding_to_a_version_tag_is_named_for_a_release_binds_everything(word):
    on = {"calledElement": "callActivity", "formDefinition": "userTask", "calledDecision": "businessRuleTask"}[word]
    whole = drawn_with(word, on, "bindingType").replace(b"latest", b"versionTag")
    assert any("version tag" in item.message for item in compile_diagrams({"a": whole}).problems)


def test_a_mapping_where_nothing_reads_it_is_named():
    for drawn, element_id in (
        (start("x", inputs={"a": "=1"}), "x"),
        (task("x", "exclusiveGateway", outputs={"a": "=1"}), "x"),
    ):
        whole = diagram(drawn if drawn.startswith("<bpmn:start") else start() + drawn, end())
        assert (element_id, True) in [
            (item.element_id, "not executed" in item.message) for item in compile_diagrams({"a": whole}).problems
        ]


def drawn_with(word: str, on: str, attribute: str) -> bytes:
    """A process in which the element `x` has this extension element with this attribute, and what both need besides."""
    holder, _, name = word.rpartition("/")
    given = f'{attribute}="{VALUES.get(attribute, "v")}"'.replace('"=["i"]"', "'=[\"i\"]'") if attribute else ""
    event = "creating" if name == "taskListener" else "start"
    key, value = NEEDED.get(name, ("", ""))
    given += f' {key}="{value}"' if key and key != attribute else ""
    if name.endswith("Listener"):
        given = given.replace('eventType="start"', "") + f' eventType="{event}"'
    inner = f"<zeebe:{name} {given} />" if name else ""
    inner = f"<zeebe:{holder}>{inner}</zeebe:{holder}>" if holder else inner
    held = f"<bpmn:extensionElements>{inner}</bpmn:extensionElements>"
    if on == "process":
        return diagram(held, start(), end(), flows("begin done"))
    if on == "message":
        return diagram(
            start(), end(), flows("begin done"), outside=f'<bpmn:message id="m" name="m">{held}</bpmn:message>'
        )
    if on == "multiInstanceLoopCharacteristics":
        given = (
            held if "loop" in word else held.replace("s>", 's><zeebe:loopCharacteristics inputCollection="=[1]" />', 1)
        )
        held = f"<bpmn:{on}>{given}</bpmn:{on}>"
    if on == "startEvent":
        return diagram(task("x", on, held), end(), flows("x done"))
    hosts = {"callActivity": call("x", "review"), "serviceTask": job("x"), "adHocSubProcess": AD_HOC}
    drawn = task("x", "userTask" if on.startswith("multi") else on, held)
    if name not in ("calledElement", "taskDefinition", "adHoc") and on in hosts:
        drawn = hosts[on].replace("<bpmn:extensionElements>", f"<bpmn:extensionElements>{inner}", 1)
    if on == "adHocSubProcess":
        drawn = drawn.replace("</bpmn:adHoc", task("i") + "</bpmn:adHoc")
    if not name:
        drawn = user("x").replace('id="x"', f'id="x" zeebe:{attribute}="1"')
    return diagram(start(), drawn, end(), flows("begin x done"))
