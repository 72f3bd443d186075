"""Where a diagram lets a user task be sent back to, and what is wrong with that. Sending back is in `sending_back.py`.

A diagram allows it with the property `sendBackTo`: the ids of activities of the same scope, or of an embedded scope
around it, separated by commas; or FEEL, which is not looked at here.
"""

from __future__ import annotations

from collections.abc import Iterator

from service.engine.compensation_checks import ACTIVITIES
from service.engine.drawn import Element, Flow, Process, Scope

PROPERTY = "sendBackTo"
SPLITS = frozenset({"parallelGateway", "inclusiveGateway"})


def wrong_send_backs(process: Process) -> Iterator[tuple[str, str]]:
    """Element id and message of each `sendBackTo` that names nothing, another scope, or what would never come back."""
    yield from _wrong_in(process.scope, ())


def _wrong_in(scope: Scope, around: tuple[Scope, ...]) -> Iterator[tuple[str, str]]:
    for element in scope.elements:
        names = element.properties.get(PROPERTY, "")
        if not names or names.startswith("="):
            continue
        if element.kind != "userTask":
            yield element.id, f"“{PROPERTY}” is for user tasks only"
        elif element.repeat is not None:
            yield element.id, f"a task that is repeated cannot be sent back, so “{PROPERTY}” is never used"
        else:
            for name in (part.strip() for part in names.split(",")):
                message = _wrong_target(name, element, scope, around)
                if message is not None:
                    yield element.id, f"“{PROPERTY}” names “{name}”, {message}"
    for inner in scope.inner:
        yield from _wrong_in(inner, () if _cannot_be_left(scope, inner) else (scope, *around))


def _cannot_be_left(outer: Scope, inner: Scope) -> bool:
    """Whether nothing inside can be sent back to what is around it."""
    holder = next((item for item in outer.elements if inner.key.endswith(f"/{item.id}")), None)
    return inner.of_event_sub_process or (holder is not None and holder.repeat is not None)


def _wrong_target(name: str, element: Element, scope: Scope, around: tuple[Scope, ...]) -> str | None:
    inside = element.id
    for place in (scope, *around):
        target = next((item for item in place.elements if item.id == name), None)
        if target is None:
            inside = place.key.rpartition("/")[2]
            continue
        if target.kind not in ACTIVITIES or target.for_compensation:
            return "which is no task or sub-process"
        return _never_back(name, inside, place)
    return "which is not in its scope nor in one around it"


def _never_back(target: str, sender: str, scope: Scope) -> str | None:
    """Why a token that begins again at `target` could not come to `sender` as it did before; None when it can."""
    ahead = _reached(target, scope.flows, but=sender)
    if sender not in ahead | {target}:
        return "from which nothing leads back to it"
    kinds = {item.id: item.kind for item in scope.elements}
    for gateway in ahead:
        into = [flow.source for flow in scope.flows if flow.target == gateway]
        if kinds.get(gateway) == "parallelGateway" and not set(into) <= ahead | {target}:
            return f"but the gateway “{gateway}” would then wait for ever for a token that has passed it already"
    joins = {item for item, kind in kinds.items() if kind in SPLITS and _count(scope.flows, item, into=True) > 1}
    for gateway in ahead:
        if kinds.get(gateway) in SPLITS and _count(scope.flows, gateway, into=False) > 1:
            free = tuple(flow for flow in scope.flows if flow.target not in joins)
            if sender in _reached(gateway, free, but=sender):
                return f"before the gateway “{gateway}”, whose other branches would then run twice"
    return None


def _reached(start: str, flows: tuple[Flow, ...], *, but: str) -> set[str]:
    """Everything that a token from `start` can come to, without going past `but`."""
    found: set[str] = set()
    to_see = [start]
    while to_see:
        here = to_see.pop()
        for flow in flows:
            if flow.source == here and flow.target not in found:
                found.add(flow.target)
                if flow.target != but:
                    to_see.append(flow.target)
    return found


def _count(flows: tuple[Flow, ...], element_id: str, *, into: bool) -> int:
    return sum(1 for flow in flows if (flow.target if into else flow.source) == element_id)
