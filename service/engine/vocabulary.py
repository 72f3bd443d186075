"""Every word of the zeebe dialect Towpath knows, where it may stand, and whether it is executed or only helps the
modeller. Whatever is not in these tables is named as a problem. What the words mean is in `dialect.py`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from service.engine import xml


@dataclass(frozen=True, slots=True)
class Word:
    """An extension element: the BPMN elements it is executed on, and its attributes."""

    on: frozenset[str]
    executed: frozenset[str] = frozenset()
    aids: frozenset[str] = frozenset()
    """Attributes that change nothing in what is executed, here or in Camunda 8."""
    inside: frozenset[str] = frozenset()
    """The extension elements it may hold, each with its own entry."""


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_TASKS = _words("userTask serviceTask sendTask businessRuleTask scriptTask receiveTask manualTask task")
_NESTED = _words("callActivity subProcess adHocSubProcess")
_EVENTS = _words("startEvent endEvent intermediateThrowEvent intermediateCatchEvent boundaryEvent")
_GATEWAYS = _words("exclusiveGateway parallelGateway inclusiveGateway eventBasedGateway")
_FLOW_NODES = _TASKS | _NESTED | _EVENTS | _GATEWAYS
_JOBS = _words("serviceTask sendTask businessRuleTask scriptTask")
# Camunda 8 sends messages by a job; here the outbox does, so the job type of a throwing event says nothing new.
_THROWS = _words("intermediateThrowEvent endEvent")
_BINDING = _words("bindingType versionTag")
_CONFIGURED = _words("modelerConfigurationTemplate modelerConfigurationName")
_INSIDE_ANOTHER: frozenset[str] = frozenset()

WORDS: dict[str, Word] = {
    "properties": Word(_FLOW_NODES | {"process"}, inside=_words("property")),
    "property": Word(_INSIDE_ANOTHER, _words("name value"), _CONFIGURED),
    "ioMapping": Word(_TASKS | _NESTED | _EVENTS, inside=_words("input output")),
    "input": Word(_INSIDE_ANOTHER, _words("source target"), _CONFIGURED),
    "output": Word(_INSIDE_ANOTHER, _words("source target"), _CONFIGURED),
    "taskDefinition": Word(_JOBS | _THROWS, _words("type retries")),
    "taskHeaders": Word(_JOBS | _THROWS | {"userTask"}, inside=_words("header")),
    "header": Word(_INSIDE_ANOTHER, _words("key value"), _words("id")),
    "executionListeners": Word(_FLOW_NODES | {"process"}, inside=_words("executionListener")),
    "executionListener": Word(_INSIDE_ANOTHER, _words("eventType type retries"), inside=_words("taskHeaders")),
    "taskListeners": Word(_words("userTask"), inside=_words("taskListener")),
    "taskListener": Word(_INSIDE_ANOTHER, _words("eventType type retries"), inside=_words("taskHeaders")),
    # Every user task is done in Towpath itself, which is what this word asks for.
    "userTask": Word(_words("userTask")),
    "formDefinition": Word(_words("userTask"), _BINDING | {"formId"}),
    "assignmentDefinition": Word(_words("userTask"), _words("assignee candidateUsers candidateGroups")),
    "taskSchedule": Word(_words("userTask"), _words("dueDate followUpDate")),
    "priorityDefinition": Word(_words("userTask"), _words("priority")),
    "calledDecision": Word(_words("businessRuleTask"), _BINDING | _words("decisionId resultVariable")),
    "calledElement": Word(
        _words("callActivity"),
        _BINDING | _words("processId propagateAllParentVariables propagateAllChildVariables"),
    ),
    "script": Word(_words("scriptTask"), _words("expression resultVariable")),
    "loopCharacteristics": Word(
        _words("multiInstanceLoopCharacteristics"),
        _words("inputCollection inputElement outputCollection outputElement"),
    ),
    "adHoc": Word(_words("adHocSubProcess"), _words("activeElementsCollection")),
    "subscription": Word(_words("message"), _words("correlationKey")),
    # The label of a version; a release has a number of its own.
    "versionTag": Word(_words("process"), aids=_words("value")),
}
_DRAWN_BY_TEMPLATE = _words("modelerTemplate modelerTemplateVersion modelerTemplateIcon")
_PLAIN_ATTRIBUTES = {
    ("startQuantity", "1"), ("completionQuantity", "1"), ("instantiate", "false"), ("eventGatewayType", "Exclusive"),
    ("ordering", "Parallel"), ("parallelMultiple", "false"),
}  # fmt: skip
"""Attributes of BPMN itself that Towpath executes with this value only, as Camunda 8 does."""
_NO_INPUTS = _words("startEvent boundaryEvent")


def wrong_words(node: xml.Node) -> Iterator[str]:
    """What is written on this element, its event definitions and its repetition that is not executed as written."""
    for holder in (node, *(item for item in node if _belongs_to(item))):
        for item in xml.extensions(holder):
            yield from _wrong_word(item, xml.local_name(holder), None)
    for name, value in sorted((str(key), str(value)) for key, value in node.attrib.items()):
        namespace, _, local = name.rpartition("}")
        if namespace == f"{{{xml.ZEEBE}" and local not in _DRAWN_BY_TEMPLATE:
            yield f"zeebe:{local} is not executed here"
        elif not namespace and local in dict(_PLAIN_ATTRIBUTES) and (local, value) not in _PLAIN_ATTRIBUTES:
            yield f"{local}=“{value}” is not executed here"
    if xml.local_name(node) in _NO_INPUTS and node.find(".//zeebe:input", xml.NAMESPACES) is not None:
        yield "an input mapping is not executed here"
    if xml.is_camunda_7(node):
        yield "is drawn for Camunda 7; what its camunda: words say is not executed here"
    form = xml.extension(node, "formDefinition")
    if form is not None and not form.get("formId"):
        yield "the form is not named by a form id, so no form can be shown"


def _belongs_to(item: xml.Node) -> bool:
    kind = xml.local_name(item)
    return kind.endswith("EventDefinition") or kind == "multiInstanceLoopCharacteristics"


def _wrong_word(item: xml.Node, on: str, inside: str | None) -> Iterator[str]:
    name = xml.local_name(item)
    word = WORDS.get(name)
    if word is None or (on not in word.on if inside is None else name not in WORDS[inside].inside):
        yield f"zeebe:{name} is not executed here"
        return
    attributes = {str(key): str(value) for key, value in item.attrib.items()}
    for attribute in sorted(attributes.keys() - word.executed - word.aids):
        yield f"zeebe:{name} has “{attribute}”, which is not executed here"
    if attributes.get("bindingType") == "versionTag":
        yield f"zeebe:{name} is bound to a version tag, which is not executed here: a release binds all it holds"
    for child in item:
        if xml.namespace(child) == xml.ZEEBE:
            yield from _wrong_word(child, on, name)
