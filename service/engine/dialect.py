"""The zeebe dialect of one element: what its attributes and extension elements mean. Flows and nesting are not here,
events are in `event_dialect.py`."""

from __future__ import annotations

from collections.abc import Callable

from service.engine import xml
from service.engine.drawn import (
    AdHocDetail,
    CallDetail,
    DecisionDetail,
    Detail,
    EventSubProcessDetail,
    JobDetail,
    Repeat,
    ScriptDetail,
    UserTaskDetail,
    VariableMapping,
)
from service.engine.event_dialect import EVENT_KINDS, FileWords, NotExecuted, read_event
from service.engine.texts import Text, read_optional, read_text

DEFAULT_RETRIES = "3"
"""How often Camunda 8 tries a job when the diagram does not say."""


def read_properties(node: xml.Node) -> dict[str, str]:
    """`zeebe:properties` as written."""
    holder = xml.extension(node, "properties")
    if holder is None:
        return {}
    return {item.get("name", ""): item.get("value", "") for item in xml.children(holder, "zeebe:property")}


def read_headers(node: xml.Node) -> dict[str, str]:
    """`zeebe:taskHeaders` of an element, or of a listener, which has no `extensionElements` around them."""
    holder = xml.extension(node, "taskHeaders")
    holder = holder if holder is not None else xml.child(node, "zeebe:taskHeaders")
    items = [] if holder is None else xml.children(holder, "zeebe:header")
    return {item.get("key", ""): item.get("value", "") for item in items}


def read_mappings(node: xml.Node, direction: str) -> tuple[VariableMapping, ...]:
    """The `input` or `output` lines of the element's `zeebe:ioMapping`."""
    holder = xml.extension(node, "ioMapping")
    if holder is None:
        return ()
    return tuple(
        VariableMapping(read_text(item.get("source") or ""), (item.get("target") or "").strip())
        for item in xml.children(holder, f"zeebe:{direction}")
    )


def read_detail(node: xml.Node, words: FileWords) -> Detail:
    """What the element says beyond its name. Raises NotExecuted."""
    kind = xml.local_name(node)
    if kind in EVENT_KINDS:
        return read_event(node, words)
    reader = _READERS.get(kind)
    if reader is not None:
        return reader(node)
    if kind in PLAIN_KINDS:
        return EventSubProcessDetail() if xml.flag(node, "triggeredByEvent", False) else None
    raise NotExecuted(f"is a {kind}, which Towpath does not execute")


def read_repeat(node: xml.Node) -> Repeat | None:
    """Whether and how the activity is repeated. Raises NotExecuted."""
    if xml.child(node, "bpmn:standardLoopCharacteristics") is not None:
        raise NotExecuted("repeats as a standard loop, which Towpath does not execute: draw a gateway and a flow back")
    loop = xml.child(node, "bpmn:multiInstanceLoopCharacteristics")
    if loop is None:
        return None
    words = xml.extension(loop, "loopCharacteristics")
    if words is None or not words.get("inputCollection"):
        raise NotExecuted("repeats without a collection to repeat for")
    return Repeat(
        sequential=xml.flag(loop, "isSequential", False),
        collection=read_text(words.get("inputCollection") or ""),
        item=words.get("inputElement") or None,
        output_collection=words.get("outputCollection") or None,
        output_item=read_optional(words.get("outputElement")),
        until=read_optional(xml.text_of(xml.child(loop, "bpmn:completionCondition"))),
    )


def _user_task(node: xml.Node) -> UserTaskDetail:
    form = xml.extension(node, "formDefinition")
    assignment = xml.extension(node, "assignmentDefinition")
    schedule = xml.extension(node, "taskSchedule")
    priority = xml.extension(node, "priorityDefinition")
    return UserTaskDetail(
        form_id=None if form is None else form.get("formId"),
        assignee=_attribute(assignment, "assignee"),
        candidate_users=_attribute(assignment, "candidateUsers"),
        candidate_groups=_attribute(assignment, "candidateGroups"),
        due_date=_attribute(schedule, "dueDate"),
        follow_up_date=_attribute(schedule, "followUpDate"),
        priority=_attribute(priority, "priority"),
    )


def _job(node: xml.Node) -> JobDetail:
    definition = xml.extension(node, "taskDefinition")
    if definition is None or not definition.get("type"):
        raise NotExecuted("has no task definition type, so no handler can be asked")
    return JobDetail(
        type=read_text(definition.get("type") or ""),
        retries=read_text(definition.get("retries") or DEFAULT_RETRIES),
        headers=read_headers(node),
    )


def _decision(node: xml.Node) -> Detail:
    called = xml.extension(node, "calledDecision")
    if called is None:
        return _job(node)
    if not called.get("decisionId"):
        raise NotExecuted("names no decision")
    return DecisionDetail(read_text(called.get("decisionId") or ""), called.get("resultVariable") or "result")


def _script(node: xml.Node) -> Detail:
    script = xml.extension(node, "script")
    if script is None:
        return _job(node)
    text = (script.get("expression") or "").strip()
    feel = text if text.startswith("=") else f"={text}"
    return ScriptDetail(read_text(feel), script.get("resultVariable") or "result")


def _call(node: xml.Node) -> CallDetail:
    called = xml.extension(node, "calledElement")
    if called is None or not called.get("processId"):
        raise NotExecuted("names no process to call")
    return CallDetail(
        read_text(called.get("processId") or ""),
        xml.flag(called, "propagateAllParentVariables", True),
        xml.flag(called, "propagateAllChildVariables", True),
    )


def _ad_hoc(node: xml.Node) -> AdHocDetail:
    words = xml.extension(node, "adHoc")
    if xml.extension(node, "taskDefinition") is not None:
        raise NotExecuted("is an ad-hoc sub-process led by a handler, which Towpath does not execute")
    if words is not None and (words.get("outputCollection") or words.get("outputElement")):
        raise NotExecuted("is an ad-hoc sub-process that collects output, which Towpath does not execute")
    return AdHocDetail(
        elements=_attribute(words, "activeElementsCollection"),
        until=read_optional(xml.text_of(xml.child(node, "bpmn:completionCondition"))),
        cancels_rest=xml.flag(node, "cancelRemainingInstances", True),
    )


def _attribute(node: xml.Node | None, name: str) -> Text | None:
    return None if node is None else read_optional(node.get(name))


_READERS: dict[str, Callable[[xml.Node], Detail]] = {
    "userTask": _user_task,
    "serviceTask": _job,
    "sendTask": _job,
    "businessRuleTask": _decision,
    "scriptTask": _script,
    "callActivity": _call,
    "adHocSubProcess": _ad_hoc,
}
PLAIN_KINDS = frozenset(
    {"task", "manualTask", "subProcess", "exclusiveGateway", "parallelGateway", "inclusiveGateway", "eventBasedGateway"}
)
