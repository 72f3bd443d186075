"""The zeebe dialect of one element: what its attributes and extension elements mean. Flows and nesting are not here."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from service.engine import xml
from service.engine.drawn import (
    CallDetail,
    DecisionDetail,
    Detail,
    EventDetail,
    JobDetail,
    Repeat,
    ScriptDetail,
    TimerKind,
    UserTaskDetail,
    VariableMapping,
)
from service.engine.texts import Text, read_optional, read_text

DEFAULT_RETRIES = "3"
"""How often Camunda 8 tries a job when the diagram does not say."""


@dataclass(frozen=True, slots=True)
class Message:
    """A `bpmn:message` of the file."""

    name: Text
    correlation_key: Text | None


@dataclass(slots=True)
class FileWords:
    """What the elements of one file refer to by id."""

    messages: Mapping[str, Message] = field(default_factory=dict)
    error_codes: Mapping[str, Text] = field(default_factory=dict)
    associations: Mapping[str, str] = field(default_factory=dict)
    """From what to what; of several from the same element the last."""


class NotExecuted(Exception):
    """What is drawn here cannot be executed; the text says what."""


def read_words(root: xml.Node) -> FileWords:
    """The messages and errors the file declares."""
    messages: dict[str, Message] = {}
    for node in xml.children(root, "bpmn:message"):
        subscription = xml.extension(node, "subscription")
        key = None if subscription is None else read_optional(subscription.get("correlationKey"))
        messages[node.get("id", "")] = Message(read_text(node.get("name") or ""), key)
    errors = {
        node.get("id", ""): read_text(node.get("errorCode") or node.get("name") or "")
        for node in xml.children(root, "bpmn:error")
    }
    lines = root.iterfind(".//bpmn:association", xml.NAMESPACES)
    associations = {line.get("sourceRef", ""): line.get("targetRef", "") for line in lines}
    return FileWords(messages, errors, associations)


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
        if kind == "subProcess" and xml.flag(node, "triggeredByEvent", False):
            raise NotExecuted("is an event sub-process, which Towpath does not execute")
        return None
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


def read_event(node: xml.Node, words: FileWords) -> EventDetail:
    """What the event throws or waits for. Raises NotExecuted."""
    kind = xml.local_name(node)
    attached, interrupting = node.get("attachedToRef"), xml.flag(node, "cancelActivity", True)
    if kind == "receiveTask":
        return _message_event(node, words, attached, interrupting)
    definitions = [item for item in node if xml.local_name(item).endswith("EventDefinition")]
    if len(definitions) > 1:
        raise NotExecuted("has several event definitions, which Towpath does not execute")
    event = xml.local_name(definitions[0]).removesuffix("EventDefinition") if definitions else "none"
    if event not in EVENT_KINDS[kind]:
        raise NotExecuted(f"is a {kind} of the kind “{event}”, which Towpath does not execute")
    if event == "message":
        return _message_event(definitions[0], words, attached, interrupting)
    if event == "timer":
        return _timer_event(definitions[0], attached, interrupting)
    if event == "compensate":
        handler = words.associations.get(node.get("id") or "")
        activity = definitions[0].get("activityRef")
        return EventDetail("compensate", attached_to=attached, activity=activity, handler=handler)
    if event == "error":
        reference = definitions[0].get("errorRef")
        if reference is not None and reference not in words.error_codes:
            raise NotExecuted(f"refers to the error “{reference}”, which the file does not declare")
        code = words.error_codes[reference] if reference is not None else None
        return EventDetail("error", error_code=code, attached_to=attached)
    return EventDetail("terminate" if event == "terminate" else "none", attached_to=attached)


def _message_event(node: xml.Node, words: FileWords, attached: str | None, interrupting: bool) -> EventDetail:
    message = words.messages.get(node.get("messageRef") or "")
    if message is None or not message.name.raw:
        raise NotExecuted("names no message")
    return EventDetail(
        "message",
        message=message.name,
        correlation_key=message.correlation_key,
        attached_to=attached,
        interrupting=interrupting,
    )


def _timer_event(node: xml.Node, attached: str | None, interrupting: bool) -> EventDetail:
    for tag, kind in _TIMERS:
        text = xml.text_of(xml.child(node, f"bpmn:{tag}"))
        if not text:
            continue
        if kind == "cycle" and (attached is None or interrupting):
            raise NotExecuted("is a cycle timer; Towpath executes those only as non-interrupting boundary events")
        return EventDetail(
            "timer", timer_kind=kind, timer=read_text(text), attached_to=attached, interrupting=interrupting
        )
    raise NotExecuted("is a timer without a date, duration or cycle")


def _attribute(node: xml.Node | None, name: str) -> Text | None:
    return None if node is None else read_optional(node.get(name))


_TIMERS: tuple[tuple[str, TimerKind], ...] = (
    ("timeDate", "date"),
    ("timeDuration", "duration"),
    ("timeCycle", "cycle"),
)
_READERS: dict[str, Callable[[xml.Node], Detail]] = {
    "userTask": _user_task,
    "serviceTask": _job,
    "sendTask": _job,
    "businessRuleTask": _decision,
    "scriptTask": _script,
    "callActivity": _call,
}
PLAIN_KINDS = frozenset(
    {"task", "manualTask", "subProcess", "exclusiveGateway", "parallelGateway", "inclusiveGateway", "eventBasedGateway"}
)
EVENT_KINDS: dict[str, frozenset[str]] = {
    "startEvent": frozenset({"none", "message"}),
    "endEvent": frozenset({"none", "message", "error", "terminate", "compensate"}),
    "intermediateThrowEvent": frozenset({"none", "message", "compensate"}),
    "intermediateCatchEvent": frozenset({"message", "timer"}),
    "boundaryEvent": frozenset({"message", "timer", "error", "compensate"}),
    "receiveTask": frozenset({"message"}),
}
