"""What a diagram says, as plain values: elements, flows, mappings. How it is read, built or executed is not here."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from service.engine.texts import Text

RESERVED_NAMES = frozenset({"case", "settings"})
"""Names every expression sees from outside the process; nothing on a diagram may write them."""


@dataclass(frozen=True, slots=True)
class Problem:
    """Something on a diagram that Towpath does not execute as drawn."""

    file: str
    element_id: str
    message: str


@dataclass(frozen=True, slots=True)
class VariableMapping:
    """One line of an input or output mapping: `source` is evaluated, `target` is written. A target may be a path."""

    source: Text
    target: str


@dataclass(frozen=True, slots=True)
class UserTaskDetail:
    """What a user task says beyond its name. Comma lists and FEEL lists are both allowed for candidates."""

    form_id: str | None = None
    assignee: Text | None = None
    candidate_users: Text | None = None
    candidate_groups: Text | None = None
    due_date: Text | None = None
    follow_up_date: Text | None = None
    priority: Text | None = None


@dataclass(frozen=True, slots=True)
class JobDetail:
    """The handler a service or send task asks for."""

    type: Text
    retries: Text
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class DecisionDetail:
    """The decision a business rule task asks."""

    decision_id: Text
    result_variable: str


@dataclass(frozen=True, slots=True)
class ScriptDetail:
    """The expression a script task evaluates."""

    expression: Text
    result_variable: str


@dataclass(frozen=True, slots=True)
class CallDetail:
    """The process a call activity calls, and which variables go in and come back without a mapping."""

    process_id: Text
    all_parent_variables: bool
    all_child_variables: bool


@dataclass(frozen=True, slots=True)
class AdHocDetail:
    """What begins in an ad-hoc sub-process, and when enough is done."""

    elements: Text | None
    until: Text | None
    cancels_rest: bool


ListenerEvent: TypeAlias = Literal["start", "end", "creating", "completing"]


@dataclass(frozen=True, slots=True)
class Listener:
    """A job that is done when an element begins or ends, or when a user task is created or completed."""

    event: ListenerEvent
    type: Text
    retries: Text
    headers: Mapping[str, str] = field(default_factory=dict)
    """The headers of the element with the listener's own."""


EventKind: TypeAlias = Literal[
    "none", "message", "timer", "signal", "error", "escalation", "link", "terminate", "compensate"
]
TimerKind: TypeAlias = Literal["date", "duration", "cycle"]


@dataclass(frozen=True, slots=True)
class EventDetail:
    """What an event throws or waits for."""

    kind: EventKind = "none"
    message: Text | None = None
    correlation_key: Text | None = None
    timer_kind: TimerKind | None = None
    timer: Text | None = None
    signal: Text | None = None
    error_code: Text | None = None
    """None where an error is caught catches every code."""
    escalation_code: Text | None = None
    """None where an escalation is caught catches every code."""
    link: str | None = None
    """The name that a throwing and a catching link event of one scope have in common."""
    attached_to: str | None = None
    interrupting: bool = True
    """False only on a boundary event, or the start event of an event sub-process."""
    activity: str | None = None
    """What a compensation throw event undoes; None undoes all that was completed in its scope."""
    handler: str | None = None
    """The compensation handler an association leads to from a compensation boundary event."""


@dataclass(frozen=True, slots=True)
class EventSubProcessDetail:
    """What an event sub-process says beyond what is drawn inside it: nothing. Its start event says what it is for."""


Detail: TypeAlias = (
    UserTaskDetail
    | JobDetail
    | DecisionDetail
    | ScriptDetail
    | CallDetail
    | AdHocDetail
    | EventDetail
    | EventSubProcessDetail
    | None
)


@dataclass(frozen=True, slots=True)
class Repeat:
    """That an activity is done once for each item of a collection, at the same time or one after another."""

    sequential: bool
    collection: Text
    item: str | None
    """The variable that holds the item; each repetition also has `loopCounter`, from 1."""
    output_collection: str | None
    output_item: Text | None
    until: Text | None
    """Completion condition: when it holds after a repetition, the others are cancelled."""


@dataclass(frozen=True, slots=True)
class Element:
    """One drawn element with everything Towpath reads from it."""

    id: str
    name: str
    kind: str
    """The BPMN tag, such as `userTask` or `boundaryEvent`."""
    process_id: str
    file: str
    documentation: str = ""
    properties: Mapping[str, str] = field(default_factory=dict)
    """`zeebe:properties` as written; a value beginning with `=` is FEEL."""
    inputs: tuple[VariableMapping, ...] = ()
    outputs: tuple[VariableMapping, ...] = ()
    detail: Detail = None
    repeat: Repeat | None = None
    listeners: tuple[Listener, ...] = ()
    """In the order drawn; those of an activity that is repeated are asked in each repetition."""
    lane: str | None = None
    """The name of the innermost lane it is drawn in; a lane says nothing about who may do a task."""
    for_compensation: bool = False
    """Whether it is a compensation handler."""
    not_executed: str | None = None
    """Why Towpath cannot execute this element; reaching it is then a ModelError."""

    @property
    def starts_with_listener(self) -> bool:
        """Whether a listener is asked before the element begins."""
        return any(listener.event == "start" for listener in self.listeners)

    @property
    def link(self) -> str | None:
        """The name of a link event."""
        return self.detail.link if isinstance(self.detail, EventDetail) else None

    @property
    def label(self) -> str:
        """The element as a message names it."""
        return f"“{self.name}”" if self.name else f"“{self.id}”"


@dataclass(frozen=True, slots=True)
class Flow:
    """A sequence flow; `condition` is None when it is drawn without one."""

    id: str
    source: str
    target: str
    condition: Text | None = None
    default: bool = False


@dataclass(frozen=True, slots=True)
class Scope:
    """What is drawn directly inside a process or an embedded sub-process."""

    key: str
    """The process id, or the `scope_key` of a sub-process; unique in a rule book."""
    elements: tuple[Element, ...]
    flows: tuple[Flow, ...]
    inner: tuple[Scope, ...] = ()
    of_event_sub_process: bool = False
    ad_hoc: bool = False
    """Whether it is an ad-hoc sub-process, in which nothing begins by itself."""

    def trigger_of(self, event_sub_process: Element) -> Element | None:
        """The start event of an event sub-process drawn here; None when there is not exactly one that is executed."""
        key = scope_key(event_sub_process.process_id, event_sub_process.id)
        inside = (element for scope in self.inner if scope.key == key for element in scope.elements)
        starts = [element for element in inside if element.kind == "startEvent"]
        return starts[0] if len(starts) == 1 and starts[0].not_executed is None else None

    def links(self) -> Iterator[tuple[Element, Element]]:
        """Each throwing link event with the catching one of its name, which is the first when there are several."""
        catching: dict[str, Element] = {}
        for element in self.elements:
            if element.link is not None and element.kind == "intermediateCatchEvent":
                catching.setdefault(element.link, element)
        for element in self.elements:
            if element.link in catching and element.kind == "intermediateThrowEvent":
                yield element, catching[element.link]

    def all_scopes(self) -> Iterator[Scope]:
        """This scope and every scope inside it."""
        yield self
        for scope in self.inner:
            yield from scope.all_scopes()


def scope_key(process_id: str, sub_process_id: str) -> str:
    """The key of an embedded sub-process, however deep it is drawn."""
    return f"{process_id}/{sub_process_id}"


@dataclass(frozen=True, slots=True)
class Process:
    """One executable process of one file."""

    element: Element
    scope: Scope

    def elements(self) -> Iterator[Element]:
        """Every element of the process, those of embedded sub-processes included."""
        for scope in self.scope.all_scopes():
            yield from scope.elements
