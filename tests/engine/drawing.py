"""Drawing small diagrams in a test, as a modeller would save them but without shapes. Nothing is executed here."""

from __future__ import annotations

import itertools
from xml.sax.saxutils import escape, quoteattr

NAMESPACES = (
    'xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" '
    'xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" '
    'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
)


def diagram(*parts: str, process_id: str = "review", outside: str = "") -> bytes:
    """A file with one process; `outside` stands beside the process (messages, errors)."""
    process = f'<bpmn:process id="{process_id}" name="Review" isExecutable="true">{"".join(parts)}</bpmn:process>'
    return f"<bpmn:definitions {NAMESPACES}>{process}{outside}</bpmn:definitions>".encode()


def flows(path: str) -> str:
    """Plain flows along a path: `flows("begin ask done")`. A flow's id is `source-target`."""
    return "".join(flow(source, target) for source, target in itertools.pairwise(path.split()))


def flow(source: str, target: str, condition: str | None = None) -> str:
    """One flow, with a condition when one is given."""
    inside = f"<bpmn:conditionExpression>{escape(condition)}</bpmn:conditionExpression>" if condition else ""
    attributes = f'id="{source}-{target}" sourceRef="{source}" targetRef="{target}"'
    return f"<bpmn:sequenceFlow {attributes}>{inside}</bpmn:sequenceFlow>"


def start(element_id: str = "begin", message: str | None = None, *, inside: str = "", **said: object) -> str:
    return _element("startEvent", element_id, said, _message(message) + inside)


def on(element_id: str, inside: str, *parts: str, stop: bool = True, begin: str | None = None, **said: object) -> str:
    """An event sub-process that begins at `element_id-begin` with the event `inside`; `stop` says if it interrupts."""
    first, said_there = begin or f"{element_id}-begin", {"outputs": said.pop("brings", None)}
    started = _element("startEvent", first, said_there, inside, isInterrupting="true" if stop else "false")
    return _element("subProcess", element_id, said, started + "".join(parts), triggeredByEvent="true")


def end(element_id: str = "done", inside: str = "", **said: object) -> str:
    return _element("endEvent", element_id, said, inside)


def message_end(element_id: str, message: str, **said: object) -> str:
    return end(element_id, _message(message), **said)


def error_end(element_id: str, error: str) -> str:
    return end(element_id, f'<bpmn:errorEventDefinition errorRef="{error}" />')


def terminate_end(element_id: str) -> str:
    return end(element_id, "<bpmn:terminateEventDefinition />")


def user(element_id: str, **said: object) -> str:
    """A user task. `form`, `assignee`, `users`, `groups`, `due`, `follow_up`, `priority` are its own words."""
    lines = [
        _zeebe("formDefinition", formId=said.pop("form", None)),
        _zeebe(
            "assignmentDefinition",
            assignee=said.pop("assignee", None),
            candidateUsers=said.pop("users", None),
            candidateGroups=said.pop("groups", None),
        ),
        _zeebe("taskSchedule", dueDate=said.pop("due", None), followUpDate=said.pop("follow_up", None)),
        _zeebe("priorityDefinition", priority=said.pop("priority", None)),
    ]
    return _element("userTask", element_id, said, extensions="".join(lines))


def job(element_id: str, job_type: str = "post.letter", retries: str | None = None, **said: object) -> str:
    headers = said.pop("headers", None)
    lines = _zeebe("taskDefinition", type=job_type, retries=retries)
    if isinstance(headers, dict):
        inside = "".join(_zeebe("header", key=key, value=value) for key, value in headers.items())
        lines += f"<zeebe:taskHeaders>{inside}</zeebe:taskHeaders>"
    return _element("serviceTask", element_id, said, extensions=lines)


def script(element_id: str, expression: str, result: str) -> str:
    lines = _zeebe("script", expression=expression, resultVariable=result)
    return _element("scriptTask", element_id, {}, extensions=lines)


def rule(element_id: str, decision_id: str, result: str, **said: object) -> str:
    lines = _zeebe("calledDecision", decisionId=decision_id, resultVariable=result)
    return _element("businessRuleTask", element_id, said, extensions=lines)


def call(element_id: str, process_id: str, **said: object) -> str:
    lines = _zeebe(
        "calledElement",
        processId=process_id,
        propagateAllChildVariables=said.pop("all_back", None),
        propagateAllParentVariables=said.pop("all_in", None),
    )
    return _element("callActivity", element_id, said, extensions=lines)


def sub(element_id: str, *parts: str, **said: object) -> str:
    return _element("subProcess", element_id, said, "".join(parts))


def ad_hoc(
    element_id: str,
    *parts: str,
    elements: str | None = None,
    until: str | None = None,
    cancel: str | None = None,
    words: str = "",
    **said: object,
) -> str:
    """An ad-hoc sub-process; `elements` is what begins, `until` its completion condition."""
    condition = f"<bpmn:completionCondition>{escape(until)}</bpmn:completionCondition>" if until else ""
    lines = words or _zeebe("adHoc", activeElementsCollection=elements)
    inside = "".join(parts) + condition
    return _element("adHocSubProcess", element_id, said, inside, lines, cancelRemainingInstances=cancel)


def task(element_id: str, kind: str = "task", inside: str = "", **said: object) -> str:
    """Any other element by its BPMN tag."""
    return _element(kind, element_id, said, inside)


def gateway(element_id: str, kind: str = "exclusive", default: str | None = None) -> str:
    return _element(f"{kind}Gateway", element_id, {}, default=default)


def repeated(drawn: str, items: str, sequential: bool = False, until: str | None = None, **words: str) -> str:
    """The drawn activity once for each of `items`; `words` are `inputElement`, `outputCollection`, `outputElement`."""
    extensions = f"<bpmn:extensionElements>{_zeebe('loopCharacteristics', inputCollection=items, **words)}"
    condition = f"<bpmn:completionCondition>{escape(until)}</bpmn:completionCondition>" if until else ""
    loop = (
        f'<bpmn:multiInstanceLoopCharacteristics isSequential="{str(sequential).lower()}">'
        f"{extensions}</bpmn:extensionElements>{condition}</bpmn:multiInstanceLoopCharacteristics>"
    )
    head, close, tail = drawn.rpartition("</bpmn:")
    return head + loop + close + tail


def throw(element_id: str, message: str | None = None, *, inside: str = "", **said: object) -> str:
    return _element("intermediateThrowEvent", element_id, said, _message(message) + inside)


def catch(element_id: str, message: str | None = None, *, inside: str = "", **said: object) -> str:
    """An intermediate catch event; `inside` may be a `timer(...)`."""
    return _element("intermediateCatchEvent", element_id, said, _message(message) + inside)


def boundary(
    element_id: str, host: str, inside: str = "", message: str | None = None, stop: bool = True, **said: object
) -> str:
    """An event on the edge of `host`; `stop` says whether it interrupts."""
    return _element(
        "boundaryEvent", element_id, said, _message(message) + inside,
        attachedToRef=host, cancelActivity="true" if stop else "false",
    )  # fmt: skip


def compensated(host: str, handler: str, kind: str = "userTask", inside: str = "") -> str:
    """A compensation event on `host`, its handler (by its tag, or `inside` drawn whole) and the line between them."""
    drawn = inside or task(handler, kind)
    event = boundary(f"{host}-undo", host, "<bpmn:compensateEventDefinition />")
    line = f'<bpmn:association id="{host}-to" sourceRef="{host}-undo" targetRef="{handler}" />'
    return event + drawn.replace(f'id="{handler}"', f'id="{handler}" isForCompensation="true"', 1) + line


def compensate(
    element_id: str, activity: str | None = None, kind: str = "intermediateThrowEvent", **said: object
) -> str:
    """An event that throws compensation, of one activity when it is given."""
    reference = f' activityRef="{activity}"' if activity else ""
    return _element(kind, element_id, said, f"<bpmn:compensateEventDefinition{reference} />")


def timer(kind: str, text: str) -> str:
    """`timer("timeDuration", "PT1H")`"""
    return f"<bpmn:timerEventDefinition><bpmn:{kind}>{escape(text)}</bpmn:{kind}></bpmn:timerEventDefinition>"


def catches_error(error: str | None = None) -> str:
    reference = f' errorRef="{error}"' if error else ""
    return f"<bpmn:errorEventDefinition{reference} />"


def signals(signal: str) -> str:
    return f'<bpmn:signalEventDefinition signalRef="{signal}" />'


def hears(message: str) -> str:
    return _message(message)


def escalates(escalation: str | None = None) -> str:
    reference = f' escalationRef="{escalation}"' if escalation else ""
    return f"<bpmn:escalationEventDefinition{reference} />"


def link(name: str) -> str:
    return f"<bpmn:linkEventDefinition name={quoteattr(name)} />"


def message(message_id: str, name: str | None = None, key: str | None = None) -> str:
    subscription = f"<bpmn:extensionElements>{_zeebe('subscription', correlationKey=key)}</bpmn:extensionElements>"
    named = _attributes({"id": message_id, "name": name or message_id})
    return f"<bpmn:message{named}>{subscription if key else ''}</bpmn:message>"


def error(error_id: str, code: str) -> str:
    return f'<bpmn:error id="{error_id}" errorCode="{code}" />'


def listeners(drawn: str, *said: str) -> str:
    """The drawn element with listeners, each `event type` or `event type retries`, in this order."""
    lines = {"execution": "", "task": ""}
    for event, job_type, *retries in (one.split() for one in said):
        kind = "execution" if event in ("start", "end") else "task"
        words = _attributes({"eventType": event, "type": job_type, "retries": " ".join(retries) or None})
        lines[kind] += f"<zeebe:{kind}Listener{words} />"
    held = "".join(f"<zeebe:{kind}Listeners>{line}</zeebe:{kind}Listeners>" for kind, line in lines.items() if line)
    return extended(drawn, held)


def extended(drawn: str, words: str) -> str:
    """The drawn element with these extension elements."""
    head, inside, tail = drawn.partition("<bpmn:extensionElements>")
    assert inside, f"no place for extensions in {drawn}"
    return head + inside + words + tail


def signal(signal_id: str, name: str | None = None) -> str:
    return f"<bpmn:signal id={quoteattr(signal_id)} name={quoteattr(name or signal_id)} />"


def escalation(escalation_id: str, code: str) -> str:
    return f'<bpmn:escalation id="{escalation_id}" escalationCode="{code}" />'


def _message(message_id: str | None) -> str:
    return f'<bpmn:messageEventDefinition messageRef="{message_id}" />' if message_id else ""


def _element(
    kind: str, element_id: str, said: dict[str, object], inside: str = "", extensions: str = "", **attributes: object
) -> str:
    """`said` may hold `name`, `doc`, `properties` (a dict), `inputs` and `outputs` (dicts target -> source)."""
    lines = extensions
    properties, inputs, outputs = (said.pop(key, None) for key in ("properties", "inputs", "outputs"))
    if isinstance(properties, dict):
        named = "".join(_zeebe("property", name=key, value=value) for key, value in properties.items())
        lines += f"<zeebe:properties>{named}</zeebe:properties>"
    mapping = "".join(
        _zeebe(direction, source=source, target=target)
        for direction, mapped in (("input", inputs), ("output", outputs))
        if isinstance(mapped, dict)
        for target, source in mapped.items()
    )
    lines += f"<zeebe:ioMapping>{mapping}</zeebe:ioMapping>" if mapping else ""
    documentation = said.pop("doc", "")
    words = f"<bpmn:documentation>{documentation}</bpmn:documentation>" if documentation else ""
    body = f"{words}<bpmn:extensionElements>{lines}</bpmn:extensionElements>{inside}"
    given = _attributes({"id": element_id, "name": said.pop("name", None), **attributes})
    assert not said, f"nothing draws {said}"
    return f"<bpmn:{kind}{given}>{body}</bpmn:{kind}>"


def _zeebe(tag: str, /, **attributes: object) -> str:
    given = _attributes(attributes)
    return f"<zeebe:{tag}{given} />" if given else ""


def _attributes(attributes: dict[str, object]) -> str:
    return "".join(f" {key}={quoteattr(str(value))}" for key, value in attributes.items() if value is not None)
