"""What is wrong with how the elements of a scope are joined up: starts, flows, links, event sub-processes. What is
wrong with one element by itself is in `checking.py`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from service.engine.compensation_checks import ACTIVITIES, wrong_compensation
from service.engine.drawn import Element, EventDetail, EventSubProcessDetail, Flow, Scope
from service.engine.texts import Text, fixed

NOT_LED_TO = frozenset({"startEvent", "boundaryEvent"})
CONDITIONAL_GATEWAYS = frozenset({"exclusiveGateway", "inclusiveGateway"})


def wrong_with_scope(scope: Scope, process: Element) -> Iterator[tuple[str, str]]:
    """Element id and message of each mistake. `process` is the element of the process the scope is drawn in."""
    by_id = {element.id: element for element in scope.elements}
    if scope.key == process.id:
        yield from _wrong_process_starts(scope)
    elif scope.of_event_sub_process:
        yield from _wrong_trigger(scope)
    elif scope.ad_hoc:
        yield from _wrong_ad_hoc(scope)
    else:
        yield from _wrong_inner_start(scope)
    yield from _wrong_arrivals(scope)
    yield from wrong_compensation(scope)
    yield from _wrong_links(scope)
    for element in scope.elements:
        if element.kind == "boundaryEvent" and isinstance(element.detail, EventDetail):
            host = by_id.get(element.detail.attached_to or "")
            if host is None:
                yield element.id, "the boundary event is attached to nothing that is drawn here"
            elif isinstance(host.detail, EventSubProcessDetail):
                yield element.id, "the boundary event is attached to an event sub-process, which can have none"
        if isinstance(element.detail, EventSubProcessDetail) and element.repeat is not None:
            yield element.id, "an event sub-process cannot be repeated"
    for flow in scope.flows:
        message = _wrong_flow(flow, by_id, scope)
        if message is not None:
            yield flow.id or flow.source, message


def _starts(scope: Scope) -> list[Element]:
    return [element for element in scope.elements if element.kind == "startEvent"]


def _plain(starts: list[Element]) -> list[Element]:
    return [element for element in starts if isinstance(element.detail, EventDetail) and element.detail.kind == "none"]


def _wrong_process_starts(scope: Scope) -> Iterator[tuple[str, str]]:
    starts = _starts(scope)
    if not starts:
        yield scope.key, "the process has no start event"
    if len(_plain(starts)) > 1:
        yield scope.key, "the process has more than one start event without a message, signal or timer"
    names: Counter[tuple[str, str]] = Counter()
    for element in starts:
        for what, text in _names(element):
            name = fixed(text)
            names[what, name or element.id] += 1
            if name is None:
                yield element.id, f"the name of the {what} that starts a process can read no variables"
            elif names[what, name] > 1:
                yield element.id, f"the {what} “{name}” has another start event in this process already"


def _names(element: Element) -> Iterator[tuple[str, Text]]:
    if isinstance(element.detail, EventDetail):
        for what, text in (("message", element.detail.message), ("signal", element.detail.signal)):
            if text is not None:
                yield what, text


def _wrong_inner_start(scope: Scope) -> Iterator[tuple[str, str]]:
    starts = _starts(scope)
    if len(starts) != 1 or len(_plain(starts)) != 1:
        yield _holder(scope), "an embedded sub-process needs exactly one start event, without a message"


def _wrong_trigger(scope: Scope) -> Iterator[tuple[str, str]]:
    if len(_starts(scope)) != 1:
        yield _holder(scope), "an event sub-process needs exactly one start event"


def _wrong_ad_hoc(scope: Scope) -> Iterator[tuple[str, str]]:
    for element in scope.elements:
        if element.kind in ("startEvent", "endEvent"):
            yield element.id, "an ad-hoc sub-process has no start or end events: what begins in it is listed"
    if not any(element.kind in ACTIVITIES for element in scope.elements):
        yield _holder(scope), "an ad-hoc sub-process needs an activity"


def _holder(scope: Scope) -> str:
    return scope.key.rpartition("/")[2]


def _wrong_arrivals(scope: Scope) -> Iterator[tuple[str, str]]:
    reached = {flow.target for flow in scope.flows} | {target.id for _, target in scope.links()}
    for element in scope.elements:
        begins_itself = scope.ad_hoc or element.for_compensation or isinstance(element.detail, EventSubProcessDetail)
        if element.kind not in NOT_LED_TO and not begins_itself and element.id not in reached:
            yield element.id, "nothing leads to this element"


def _wrong_links(scope: Scope) -> Iterator[tuple[str, str]]:
    catching = Counter(element.link for element in scope.elements if element.kind == "intermediateCatchEvent")
    for element in scope.elements:
        if element.link is None:
            continue
        if element.kind == "intermediateCatchEvent" and catching[element.link] > 1:
            yield element.id, f"more than one event catches the link “{element.link}” here"
        if element.kind == "intermediateThrowEvent" and not catching[element.link]:
            yield element.id, f"nothing catches the link “{element.link}” here"


def _wrong_flow(flow: Flow, by_id: dict[str, Element], scope: Scope) -> str | None:
    source, target = by_id[flow.source], by_id[flow.target]
    siblings = [item for item in scope.flows if item.source == flow.source]
    if flow.condition is not None and flow.condition.wrong is not None:
        return f"the condition “{flow.condition.feel}” is not valid FEEL: {flow.condition.wrong}"
    if flow.condition is not None and not flow.condition.is_feel:
        return f"the condition “{flow.condition.raw}” is not FEEL: it does not begin with “=”"
    if source.kind in CONDITIONAL_GATEWAYS:
        if len(siblings) > 1 and flow.condition is None and not flow.default:
            return f"the flow from {source.label} to {target.label} has no condition and is not the default"
    elif flow.condition is not None:
        return f"a condition is executed only on a flow from a gateway, not from {source.label}"
    return _wrong_way(source, target, by_id)


def _is_attached_to(host: Element, by_id: dict[str, Element]) -> bool:
    details = (element.detail for element in by_id.values())
    return any(isinstance(detail, EventDetail) and detail.attached_to == host.id for detail in details)


def _wrong_way(source: Element, target: Element, by_id: dict[str, Element]) -> str | None:
    """Where no flow may begin or end."""
    if source.kind == "eventBasedGateway" and (
        target.kind not in ("intermediateCatchEvent", "receiveTask") or target.link is not None
    ):
        return f"an event-based gateway cannot lead to {target.label}, which waits for no event"
    if source.kind == "eventBasedGateway" and (target.starts_with_listener or _is_attached_to(target, by_id)):
        return f"an event-based gateway cannot lead to {target.label}, which has a start listener or boundary events"
    if source.link is not None and source.kind == "intermediateThrowEvent":
        return f"{source.label} goes on where its link is caught, not along a flow"
    if target.link is not None and target.kind == "intermediateCatchEvent":
        return f"{target.label} is reached by its link, not along a flow"
    for element in (source, target):
        if isinstance(element.detail, EventSubProcessDetail):
            return f"no flow leads to or from {element.label}, an event sub-process: its start event begins it"
    return None
