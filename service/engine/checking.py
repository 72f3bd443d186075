"""What a drawn process points at, and what is wrong with it before anybody starts it. Executing it is not here."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields
from datetime import UTC
from typing import Literal

from service.engine import moments
from service.engine.drawn import (
    RESERVED_NAMES,
    AdHocDetail,
    CallDetail,
    DecisionDetail,
    Element,
    EventDetail,
    JobDetail,
    Problem,
    Process,
    ScriptDetail,
    TimerKind,
    UserTaskDetail,
)
from service.engine.event_dialect import THROWING
from service.engine.scope_checking import wrong_with_scope
from service.engine.send_back_checks import wrong_send_backs
from service.engine.texts import Text, fixed, read_text

ReferenceKind = Literal[
    "form", "decision", "job-type", "process", "message", "thrown-message", "signal", "thrown-signal",
    "candidate-group", "guard", "expression", "property",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Reference:
    """Something a diagram points at by name. A `message` or `signal` is waited for, a `thrown-message` or
    `thrown-signal` is sent. A `property` has the value `name=value` as written; an `expression` its FEEL without the
    leading `=`. What is computed is not listed under its kind but as its expression."""

    kind: ReferenceKind
    value: str
    element_id: str
    process_id: str
    file: str


def references(process: Process) -> Iterator[Reference]:
    """Everything the process points at, in the order drawn."""
    for element in (process.element, *process.elements()):
        for kind, value in _named(element):
            yield Reference(kind, value, element.id, process.element.id, element.file)
    for scope in process.scope.all_scopes():
        for flow in scope.flows:
            if flow.condition is not None and flow.condition.is_feel:
                yield Reference("expression", flow.condition.feel, flow.id, process.element.id, process.element.file)


def _named(element: Element) -> Iterator[tuple[ReferenceKind, str]]:
    for kind, text in _by_kind(element):
        if text is not None and not text.is_feel and text.raw:
            yield kind, text.raw
    guard = element.properties.get("guard", "")
    if not guard.startswith("="):
        for name in guard.split(","):
            if name.strip():
                yield "guard", name.strip()
    for name, value in element.properties.items():
        yield "property", f"{name}={value}"
    for text in _texts(element):
        if text.is_feel:
            yield "expression", text.feel


def _by_kind(element: Element) -> Iterator[tuple[ReferenceKind, Text | None]]:
    detail = element.detail
    for listener in element.listeners:
        yield "job-type", listener.type
    if isinstance(detail, UserTaskDetail):
        yield "form", Text(detail.form_id) if detail.form_id else None
        yield "candidate-group", detail.candidate_groups
    elif isinstance(detail, JobDetail):
        yield "job-type", detail.type
    elif isinstance(detail, DecisionDetail):
        yield "decision", detail.decision_id
    elif isinstance(detail, CallDetail):
        yield "process", detail.process_id
    elif isinstance(detail, EventDetail):
        yield "thrown-message" if element.kind in THROWING else "message", _name(element, detail.message)
        yield "thrown-signal" if element.kind in THROWING else "signal", _name(element, detail.signal)


def _name(element: Element, text: Text | None) -> Text | None:
    """The name as said; that of a start event is known even when it is FEEL, as it can read no variables."""
    known = fixed(text) if text is not None and element.kind == "startEvent" else None
    return text if known is None else Text(known)


def _texts(element: Element) -> Iterator[Text]:
    for said in (element.detail, element.repeat, *element.listeners):
        for item in fields(said) if said is not None else ():
            value = getattr(said, item.name)
            if isinstance(value, Text):
                yield value
    for mapping in (*element.inputs, *element.outputs):
        yield mapping.source
    for value in element.properties.values():
        if value.startswith("="):
            yield read_text(value)


def problems(process: Process) -> Iterator[Problem]:
    """What is wrong with the process, beyond what reading it found already."""
    for element in (process.element, *process.elements()):
        for message in _wrong_with(element):
            yield Problem(element.file, element.id, message)
    seen = Counter(element.id for element in process.elements())
    for element_id in (element_id for element_id, count in seen.items() if count > 1):
        yield Problem(process.element.file, element_id, "two elements have the same id")
    for element_id, message in wrong_send_backs(process):
        yield Problem(process.element.file, element_id, message)
    for scope in process.scope.all_scopes():
        for element_id, message in wrong_with_scope(scope, process.element):
            yield Problem(process.element.file, element_id, message)


def _wrong_with(element: Element) -> Iterator[str]:
    for text in _texts(element):
        if text.wrong is not None:
            yield f"the expression “{text.feel}” is not valid FEEL: {text.wrong}"
    yield from _wrong_words(element)
    detail = element.detail
    written = [mapping.target for mapping in (*element.inputs, *element.outputs)]
    if isinstance(detail, DecisionDetail | ScriptDetail):
        written.append(detail.result_variable)
    if element.repeat is not None:
        written += [name for name in (element.repeat.item, element.repeat.output_collection) if name is not None]
    for target in written:
        if not target:
            yield "a mapping has no target"
        elif target.split(".")[0] in RESERVED_NAMES:
            yield f"“{target}” may not be written: {' and '.join(sorted(RESERVED_NAMES))} come from outside the process"


def _wrong_words(element: Element) -> Iterator[str]:
    """Static text where only an expression or a time makes sense, so that nobody meets it on the day."""
    repeat, detail = element.repeat, element.detail
    expressions = [repeat.collection, repeat.until] if repeat is not None else []
    expressions += [detail.elements, detail.until] if isinstance(detail, AdHocDetail) else []
    for text in expressions:
        if text is not None and not text.is_feel:
            yield f"“{text.raw}” is not FEEL: it does not begin with “=”"
    times: list[tuple[Text | None, bool]] = []
    if isinstance(detail, UserTaskDetail):
        times = [(text, _is_instant(text)) for text in (detail.due_date, detail.follow_up_date)]
    elif isinstance(detail, EventDetail) and detail.timer_kind is not None:
        times = [(detail.timer, _READS_TIMER[detail.timer_kind](detail.timer))]
        yield from _wrong_cron(detail)
    for text, good in times:
        if text is not None and not text.is_feel and not good:
            yield f"“{text.raw}” is not a time that can be read"


def _wrong_cron(detail: EventDetail) -> Iterator[str]:
    text = detail.timer
    if detail.timer_kind != "cycle" or text is None or text.is_feel:
        return
    if text.raw.startswith("@") or len(text.raw.split()) > 1:
        yield "cron expressions are not executed here: write the cycle as R/start/interval, such as “R/P1W”"


def _is_instant(text: Text | None) -> bool:
    return text is not None and moments.instant(text.raw, UTC) is not None


_READS_TIMER: dict[TimerKind, Callable[[Text | None], bool]] = {
    "date": _is_instant,
    "duration": lambda text: text is not None and moments.duration(text.raw) is not None,
    "cycle": lambda text: text is not None and moments.cycle(text.raw, UTC) is not None,
}
