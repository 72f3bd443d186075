"""What is wrong with drawn compensation: handlers nobody asks, events that ask nobody. Executing it is not here."""

from __future__ import annotations

from collections.abc import Iterator

from service.engine.drawn import Element, EventDetail, Scope

ACTIVITIES = frozenset(
    {
        "task", "userTask", "serviceTask", "sendTask", "receiveTask", "manualTask", "scriptTask", "businessRuleTask",
        "callActivity", "subProcess", "adHocSubProcess",
    }
)  # fmt: skip


def wrong_compensation(scope: Scope) -> Iterator[tuple[str, str]]:
    """The id of each element of the scope whose compensation cannot work, and why."""
    by_id = {element.id: element for element in scope.elements}
    ends = {end for flow in scope.flows for end in (flow.source, flow.target)}
    asked = {detail.handler for _, detail in _compensating(scope, throwing=False)}
    for element, detail in _compensating(scope, throwing=False):
        handler = by_id.get(detail.handler or "")
        if handler is None or not handler.for_compensation:
            yield element.id, "the compensation event leads by no association to a compensation handler in its scope"
        if element.id in ends:
            yield element.id, "a flow from a compensation event is not executed: its handler is drawn by an association"
    for element, detail in _compensating(scope, throwing=True):
        if (
            detail.activity is not None
            and not scope.of_event_sub_process
            and not _can_be_undone(by_id.get(detail.activity), scope)
        ):
            yield element.id, f"“{detail.activity}” is nothing in its scope that can be compensated"
    yield from _wrong_event_sub_processes(scope, by_id)
    for element in scope.elements:
        attached_to = element.detail.attached_to if isinstance(element.detail, EventDetail) else None
        host = by_id.get(attached_to or "")
        if host is not None and host.for_compensation:
            yield element.id, "a boundary event on a compensation handler is not executed"
        if element.for_compensation and (element.id not in asked or element.id in ends):
            yield element.id, "a compensation handler is reached by the association of a compensation event alone"


def _wrong_event_sub_processes(scope: Scope, by_id: dict[str, Element]) -> Iterator[tuple[str, str]]:
    for inner in (inner for inner in scope.inner if inner.of_event_sub_process):
        inside = {element.id: element for element in inner.elements}
        for element, detail in _compensating(inner, throwing=True):
            name = detail.activity or ""
            if name and not (_can_be_undone(inside.get(name), inner) or _can_be_undone(by_id.get(name), scope)):
                yield element.id, f"“{name}” is nothing here or around here that can be compensated"


def _compensating(scope: Scope, *, throwing: bool) -> Iterator[tuple[Element, EventDetail]]:
    for element in scope.elements:
        detail = element.detail
        compensates = isinstance(detail, EventDetail) and detail.kind == "compensate"
        if isinstance(detail, EventDetail) and compensates and throwing == (element.kind != "boundaryEvent"):
            yield element, detail


def _can_be_undone(activity: Element | None, scope: Scope) -> bool:
    if activity is None or activity.kind not in ACTIVITIES:
        return False
    hosts = {detail.attached_to for _, detail in _compensating(scope, throwing=False)}
    return activity.id in hosts or activity.kind == "subProcess"
