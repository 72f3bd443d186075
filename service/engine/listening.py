"""Reading the listeners drawn on an element, and which of them Towpath asks. Asking them is in `listeners.py`."""

from __future__ import annotations

from collections import Counter
from typing import cast

from service.engine import xml
from service.engine.dialect import DEFAULT_RETRIES, read_headers
from service.engine.drawn import Listener, ListenerEvent
from service.engine.event_dialect import NotExecuted
from service.engine.texts import read_text

_HOLDERS = (("executionListeners", "executionListener"), ("taskListeners", "taskListener"))
_EXECUTED = {"executionListener": ("start", "end"), "taskListener": ("creating", "completing")}
_NEVER_ASKED = {
    "startEvent": ("start",),
    "boundaryEvent": ("start",),
    "exclusiveGateway": ("end",),
    "inclusiveGateway": ("end",),
    "parallelGateway": ("end",),
    "eventBasedGateway": ("end",),
}
"""What Camunda 8 refuses too: the moment is that of another element."""


def read_listeners(node: xml.Node) -> tuple[Listener, ...]:
    """The listeners drawn on the element. Raises NotExecuted for one that would not be asked."""
    found: list[Listener] = []
    for holder_name, name in _HOLDERS:
        holder = xml.extension(node, holder_name)
        for item in xml.children(holder, f"zeebe:{name}") if holder is not None else []:
            found.append(_listener(node, item, _EXECUTED[name]))
    for (event, job_type), count in Counter((item.event, item.type.raw) for item in found).items():
        if count > 1:
            raise NotExecuted(f"has the listener “{job_type}” for “{event}” more than once")
    return tuple(found)


def _listener(node: xml.Node, item: xml.Node, executed: tuple[str, ...]) -> Listener:
    event, kind = item.get("eventType") or "", xml.local_name(node)
    if event not in executed or event in _not_asked(node, kind):
        raise NotExecuted(f"has a listener for “{event}”, which Towpath does not execute here")
    if not item.get("type"):
        raise NotExecuted(f"has a listener for “{event}” without a type, so no handler can be asked")
    return Listener(
        event=cast("ListenerEvent", event),
        type=read_text(item.get("type") or ""),
        retries=read_text(item.get("retries") or DEFAULT_RETRIES),
        headers={**read_headers(node), **read_headers(item)},
    )


def _not_asked(node: xml.Node, kind: str) -> tuple[str, ...]:
    definitions = {xml.local_name(item) for item in node}
    if kind == "endEvent" and definitions & {"errorEventDefinition", "terminateEventDefinition"}:
        return ("end",)  # nothing is left of the token that could wait
    if definitions & {"linkEventDefinition"} or (kind == "subProcess" and xml.flag(node, "triggeredByEvent", False)):
        return ("start", "end")
    if kind == "boundaryEvent" and "compensateEventDefinition" in definitions:
        return ("start", "end")
    return _NEVER_ASKED.get(kind, ())
