"""What a migration is to do, and what can be said of it without an instance. Moving one is in `moving.py`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Literal, TypeAlias

from service.domain.errors import ModelError
from service.engine.activities import JobSpec, UserTaskSpec
from service.engine.building import spec_name
from service.engine.catching import CatchSpec
from service.engine.diagrams import KEPT_RELEASES, Diagrams
from service.engine.drawn import CallDetail, Element, EventDetail, scope_key
from service.engine.event_subprocesses import EventSubProcessSpec
from service.engine.gateways import EventGatewaySpec, InclusiveSpec, ParallelSpec
from service.engine.nested import CallSpec, SubProcessSpec
from service.engine.repeating import RepeatSpec
from service.engine.spiff import AttachmentSpec, DrawnSpec, NotExecutedSpec

Choice: TypeAlias = Literal["keep", "recompute"]

JOINS = (ParallelSpec, InclusiveSpec)
RESTING = (UserTaskSpec, JobSpec, CatchSpec, CallSpec, SubProcessSpec, EventSubProcessSpec, *JOINS)
"""Where a token may wait and be moved. What is not named here is not moved: nobody has thought about it."""


class CannotMove(ModelError):
    """An instance cannot move to the other release, and why: every reason at once."""

    def __init__(self, reasons: tuple[str, ...]) -> None:
        self.reasons = reasons
        super().__init__(" ".join(reasons))


@dataclass(frozen=True, slots=True)
class Plan:
    """What becomes of what. Elements and processes that are not named become those of the same id.

    A key of `elements` is an element id, or `process id/element id` when two processes have one of that name; its value
    is an element id of the new process, or None when a token there simply ends. A named element of another kind is
    begun afresh in place of the old one.
    """

    elements: Mapping[str, str | None] = field(default_factory=dict)
    processes: Mapping[str, str] = field(default_factory=dict)
    deadlines: Choice = "keep"
    """Due and follow-up dates of open user tasks: those they have, or what the new diagram says."""
    timers: Choice = "keep"
    """The instants of open timers: likewise."""

    def process(self, process_id: str) -> str:
        """What the process becomes."""
        return self.processes.get(process_id, process_id)

    def named(self, process_id: str, element_id: str) -> bool:
        """Whether the plan says what becomes of the element."""
        return f"{process_id}/{element_id}" in self.elements or element_id in self.elements

    def element(self, process_id: str, element_id: str) -> str | None:
        """What the element becomes."""
        qualified = f"{process_id}/{element_id}"
        return self.elements[qualified] if qualified in self.elements else self.elements.get(element_id, element_id)

    def target(self, spec: Any) -> tuple[str, str]:
        """The process and element that what this spec stands for becomes; the element is "" when it ends."""
        element: Element = spec.element
        return self.process(element.process_id), self.element(element.process_id, element.id) or ""


@dataclass(frozen=True, slots=True)
class Place:
    """Where an element is drawn, and the spec that stands for it from outside."""

    scope: str
    spec: Any


@dataclass(frozen=True, slots=True)
class Index:
    """The elements of all processes by process and element id, and the scope around each embedded scope."""

    places: Mapping[tuple[str, str], Place]
    around: Mapping[str, str]

    def scopes_down_to(self, scope: str) -> list[str]:
        """The scopes from the process down to this one."""
        chain = [scope]
        while chain[0] in self.around:
            chain.insert(0, self.around[chain[0]])
        return chain


@lru_cache(maxsize=2 * KEPT_RELEASES)
def index_of(diagrams: Diagrams) -> Index:
    """Everything drawn in these diagrams, to be looked up."""
    places: dict[tuple[str, str], Place] = {}
    for scope, process_spec in diagrams.specs.items():
        for name, spec in process_spec.task_specs.items():
            if isinstance(spec, DrawnSpec) and name == spec_name(spec.element.id):
                places[spec.element.process_id, spec.element.id] = Place(scope, spec)
    around = {scope_key(process_id, element_id): place.scope for (process_id, element_id), place in places.items()}
    return Index(places, {inner: outer for inner, outer in around.items() if inner in diagrams.specs})


def attachment_of(spec: Any) -> Any:
    """The spec that holds the activity and its boundary events; None when it has none."""
    return next((source for source in spec.inputs if isinstance(source, AttachmentSpec)), None)


def gateway_before(spec: Any) -> Any:
    """The event-based gateway that alone leads to this event; None when something else does."""
    gateways = [source for source in spec.inputs if isinstance(source, EventGatewaySpec)]
    return gateways[0] if gateways and len(gateways) == len(spec.inputs) else None


def fits(old: Any, new: Any) -> bool:
    """Whether a token at the one can go on at the other as it is."""
    if isinstance(old, RepeatSpec) or isinstance(new, RepeatSpec):
        return type(old) is type(new) and fits(old.one, new.one)
    if type(old) in JOINS:
        return type(new) in JOINS
    if isinstance(old, CatchSpec) and isinstance(new, CatchSpec):
        return (old.detail.kind, old.stands_aside) == (new.detail.kind, new.stands_aside)
    return type(old) is type(new)


def may_rest(spec: Any) -> bool:
    """Whether a token can wait at this element and be moved."""
    return type(spec.one if isinstance(spec, RepeatSpec) else spec) in RESTING


def why_not_begun(spec: Any) -> str | None:
    """Why a token cannot be put before this element; None when it can."""
    element: Element = spec.element
    if isinstance(spec, NotExecutedSpec):
        return f"{element.label} {element.not_executed}"
    if (
        isinstance(spec, EventSubProcessSpec)
        or element.kind in ("startEvent", "boundaryEvent")
        or (isinstance(element.detail, EventDetail) and gateway_before(spec) is not None)
    ):
        return f"a token cannot be put before {element.label}"
    if isinstance(spec, JOINS) and len(spec.inputs) > 1:
        return f"{element.label} waits for other tokens; name what comes before or after it"
    return None


def why_not_inside(element: Element, running: str, called: str, specs: Mapping[str, Any]) -> str | None:
    """Why what runs inside a call activity cannot go on in it as `called`; None when it can."""
    drawn = element.detail.process_id if isinstance(element.detail, CallDetail) else None
    if called not in specs or "/" in called:
        return f"The process “{called}”, called by {element.label}, is not in the new release."
    if drawn is None or drawn.is_feel or drawn.raw == called:
        return None
    return (
        f"{element.label} ({element.id}) calls the process “{drawn.raw}” in the new release, and “{running}” runs "
        "inside it: say which process that one becomes."
    )


def wrong_names(old: Diagrams, new: Diagrams, plan: Plan) -> list[str]:
    """Everything the plan names that is not there."""
    return [*_wrong_processes(old, new, plan), *_wrong_elements(old, new, plan)]


def _wrong_processes(old: Diagrams, new: Diagrams, plan: Plan) -> Iterator[str]:
    for source, target in plan.processes.items():
        if source not in old.processes:
            yield f"the process “{source}” is not in the old release"
        if target not in new.processes:
            yield f"the process “{target}” is not in the new release"


def _wrong_elements(old: Diagrams, new: Diagrams, plan: Plan) -> Iterator[str]:
    before, after = index_of(old).places, index_of(new).places
    for source, target in plan.elements.items():
        process_id, slash, element_id = source.rpartition("/")
        known = [key for key in before if key[1] == element_id and (not slash or key[0] == process_id)]
        if not known:
            yield f"the element “{source}” is not in the old release"
        elif target is not None and not any((plan.process(process), target) in after for process, _ in known):
            yield f"the element “{target}”, which “{source}” is to become, is not in the process of the new release"


def obstacles(old: Diagrams, new: Diagrams, plan: Plan) -> list[str]:
    """Where an instance may wait under the old release and cannot move from, as sentences."""
    after = index_of(new)
    found = []
    for (process_id, _), place in index_of(old).places.items():
        element = place.spec.element
        stands_alone = element.kind != "boundaryEvent" and gateway_before(place.spec) is None
        if may_rest(place.spec) and stands_alone:
            because = obstacle(place.spec, after, plan)
            if because is not None:
                found.append(f"{process_id}: {because}")
    return found


def obstacle(spec: Any, after: Index, plan: Plan) -> str | None:
    """Why a token at this element cannot move; None when nothing drawn forbids it."""
    element: Element = spec.element
    target = plan.element(element.process_id, element.id)
    if target is None:
        return None
    if not may_rest(spec):
        return f"{element.label} ({element.id}) is a {element.kind}, and Towpath does not know how to move one."
    place = after.places.get((plan.process(element.process_id), target))
    if place is None:
        if isinstance(spec, SubProcessSpec):
            return None  # what is inside may move out of it
        return f"{element.label} ({element.id}) is not in the new release: say what it becomes, or that it ends."
    if isinstance(place.spec, NotExecutedSpec):
        return f"{place.spec.element.label} ({target}) {place.spec.element.not_executed}."
    if fits(spec, place.spec):
        return None
    if plan.named(element.process_id, element.id):
        because = why_not_begun(place.spec)
        return None if because is None else f"{element.label} ({element.id}) cannot become “{target}”: {because}."
    return (
        f"{element.label} ({element.id}) is drawn as another kind in the new release, {_kind(place.spec)} instead of "
        f"{_kind(spec)}: name it in the mapping to begin it afresh."
    )


def _kind(spec: Any) -> str:
    element: Element = spec.element
    return f"repeated {element.kind}" if element.repeat is not None else element.kind
