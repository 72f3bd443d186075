"""The dialect of events: what each throws or waits for, and the messages, signals, errors and escalations that a file
declares. What events do is not here."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from service.engine import xml
from service.engine.drawn import EventDetail, TimerKind
from service.engine.texts import Text, read_optional, read_text


@dataclass(frozen=True, slots=True)
class Message:
    """A `bpmn:message` of the file."""

    name: Text
    correlation_key: Text | None


@dataclass(slots=True)
class FileWords:
    """What the elements of one file refer to by id."""

    messages: Mapping[str, Message] = field(default_factory=dict)
    signals: Mapping[str, Text] = field(default_factory=dict)
    error_codes: Mapping[str, Text] = field(default_factory=dict)
    escalation_codes: Mapping[str, Text] = field(default_factory=dict)
    associations: Mapping[str, str] = field(default_factory=dict)
    """From what to what; of several from the same element the last."""


class NotExecuted(Exception):
    """What is drawn here cannot be executed; the text says what."""


def read_words(root: xml.Node) -> FileWords:
    """The messages, signals, errors and escalations the file declares."""
    messages: dict[str, Message] = {}
    for node in xml.children(root, "bpmn:message"):
        subscription = xml.extension(node, "subscription")
        key = None if subscription is None else read_optional(subscription.get("correlationKey"))
        messages[node.get("id", "")] = Message(read_text(node.get("name") or ""), key)
    lines = root.iterfind(".//bpmn:association", xml.NAMESPACES)
    return FileWords(
        messages,
        associations={line.get("sourceRef", ""): line.get("targetRef", "") for line in lines},
        signals=_by_id(root, "signal", "name"),
        error_codes=_by_id(root, "error", "errorCode", "name"),
        escalation_codes=_by_id(root, "escalation", "escalationCode"),
    )


def _by_id(root: xml.Node, tag: str, *attributes: str) -> dict[str, Text]:
    """The first of these attributes that is set, by the id of the node."""
    return {
        node.get("id", ""): read_text(next((text for name in attributes if (text := node.get(name))), ""))
        for node in xml.children(root, f"bpmn:{tag}")
    }


def read_event(node: xml.Node, words: FileWords) -> EventDetail:
    """What the event throws or waits for. Raises NotExecuted."""
    kind, place = xml.local_name(node), _place(node)
    if kind == "receiveTask":
        return _message(node, words, place)
    definitions = [item for item in node if xml.local_name(item).endswith("EventDefinition")]
    if len(definitions) > 1:
        raise NotExecuted("has several event definitions, which Towpath does not execute")
    if xml.child(node, "bpmn:eventDefinitionRef") is not None:
        raise NotExecuted("refers to an event definition drawn elsewhere, which Towpath does not execute")
    event = xml.local_name(definitions[0]).removesuffix("EventDefinition") if definitions else "none"
    if event not in EVENT_KINDS[place]:
        raise NotExecuted(f"is a {place} of the kind “{event}”, which Towpath does not execute")
    if not definitions:
        return EventDetail(attached_to=node.get("attachedToRef"))
    detail = _READERS[event](definitions[0], words, place)
    detail = replace(detail, attached_to=node.get("attachedToRef"), interrupting=_interrupts(node, place))
    if event == "error" and not detail.interrupting:
        raise NotExecuted("is an error event that does not interrupt; an error always does")
    if detail.timer_kind is not None:
        _check_timer(detail, place)
    return detail


def _place(node: xml.Node) -> str:
    """Where the event stands, as `EVENT_KINDS` and messages say it."""
    around, kind = node.getparent(), xml.local_name(node)
    if kind == "startEvent" and around is not None and xml.flag(around, "triggeredByEvent", False):
        return EVENT_SUB_PROCESS_START
    return kind


def _interrupts(node: xml.Node, place: str) -> bool:
    if place == "boundaryEvent":
        return xml.flag(node, "cancelActivity", True)
    return place != EVENT_SUB_PROCESS_START or xml.flag(node, "isInterrupting", True)


def _message(node: xml.Node, words: FileWords, _: str) -> EventDetail:
    message = words.messages.get(node.get("messageRef") or "")
    if message is None or not message.name.raw:
        raise NotExecuted("names no message")
    return EventDetail("message", message=message.name, correlation_key=message.correlation_key)


def _signal(node: xml.Node, words: FileWords, _: str) -> EventDetail:
    name = words.signals.get(node.get("signalRef") or "")
    if name is None or not name.raw:
        raise NotExecuted("names no signal")
    return EventDetail("signal", signal=name)


def _error(node: xml.Node, words: FileWords, _: str) -> EventDetail:
    return EventDetail("error", error_code=_code(node, "error", words.error_codes))


def _escalation(node: xml.Node, words: FileWords, place: str) -> EventDetail:
    code = _code(node, "escalation", words.escalation_codes)
    if code is None and place in THROWING:
        raise NotExecuted("throws an escalation without a code")
    return EventDetail("escalation", escalation_code=code)


def _code(node: xml.Node, what: str, declared: Mapping[str, Text]) -> Text | None:
    """The code referred to; None when there is none, which catches every code."""
    reference = node.get(f"{what}Ref")
    if reference is not None and reference not in declared:
        raise NotExecuted(f"refers to the {what} “{reference}”, which the file does not declare")
    code = None if reference is None else declared[reference]
    return code if code is not None and code.raw else None


def _link(node: xml.Node, _: FileWords, __: str) -> EventDetail:
    name = " ".join((node.get("name") or "").split())
    if not name:
        raise NotExecuted("is a link without a name")
    return EventDetail("link", link=name)


def _compensate(node: xml.Node, words: FileWords, _: str) -> EventDetail:
    event = node.getparent()
    handler = None if event is None else words.associations.get(event.get("id") or "")
    return EventDetail("compensate", activity=node.get("activityRef"), handler=handler)


def _terminate(_: xml.Node, __: FileWords, ___: str) -> EventDetail:
    return EventDetail("terminate")


def _timer(node: xml.Node, _: FileWords, __: str) -> EventDetail:
    for tag, kind in _TIMERS:
        text = xml.text_of(xml.child(node, f"bpmn:{tag}"))
        if text:
            return EventDetail("timer", timer_kind=kind, timer=read_text(text))
    raise NotExecuted("is a timer without a date, duration or cycle")


def _check_timer(detail: EventDetail, place: str) -> None:
    """What Camunda 8 forbids: a cycle where it could fire only once, a duration where nothing begins it."""
    if detail.timer_kind == "cycle" and place != "startEvent" and detail.interrupting:
        raise NotExecuted("is a cycle timer where it can happen only once: draw a date or a duration")
    if detail.timer_kind == "duration" and place == "startEvent":
        raise NotExecuted("starts a process after a duration, which begins nowhere: give it a date or a cycle")


THROWING = frozenset({"intermediateThrowEvent", "endEvent"})
EVENT_SUB_PROCESS_START = "startEvent of an event sub-process"
EVENT_KINDS: dict[str, frozenset[str]] = {
    "startEvent": frozenset({"none", "message", "timer", "signal"}),
    EVENT_SUB_PROCESS_START: frozenset({"message", "timer", "signal", "error", "escalation"}),
    "endEvent": frozenset({"none", "message", "signal", "error", "escalation", "terminate", "compensate"}),
    "intermediateThrowEvent": frozenset({"none", "message", "signal", "escalation", "link", "compensate"}),
    "intermediateCatchEvent": frozenset({"message", "timer", "signal", "link"}),
    "boundaryEvent": frozenset({"message", "timer", "signal", "error", "escalation", "compensate"}),
    "receiveTask": frozenset({"message"}),
}
"""What events of each place may throw or wait for."""
_READERS: dict[str, Callable[[xml.Node, FileWords, str], EventDetail]] = {
    "message": _message,
    "timer": _timer,
    "signal": _signal,
    "error": _error,
    "escalation": _escalation,
    "link": _link,
    "terminate": _terminate,
    "compensate": _compensate,
}
_TIMERS: tuple[tuple[str, TimerKind], ...] = (
    ("timeDate", "date"),
    ("timeDuration", "duration"),
    ("timeCycle", "cycle"),
)
