"""From drawn scopes to SpiffWorkflow specifications: which spec class an element gets, and how they are joined up."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from service.engine.activities import BusinessRuleSpec, JobSpec, PassSpec, ScriptSpec, UserTaskSpec
from service.engine.ad_hoc import AdHocSpec, PathEndSpec
from service.engine.catching import CatchSpec
from service.engine.compensation import CompensateSpec, compensations, is_compensation
from service.engine.compensation_checks import ACTIVITIES
from service.engine.drawn import (
    DecisionDetail,
    Element,
    EventDetail,
    EventSubProcessDetail,
    JobDetail,
    Process,
    Scope,
    ScriptDetail,
)
from service.engine.event_subprocesses import EventSubProcessSpec, TriggerSpec
from service.engine.events import EndSpec, StartSpec, ThrowSpec
from service.engine.gateways import EventGatewaySpec, ExclusiveSpec, InclusiveSpec, ParallelSpec
from service.engine.listeners import put_around, put_inside, put_on_process
from service.engine.nested import CallSpec, SubProcessSpec
from service.engine.repeating import RepeatSpec
from service.engine.scopes import ScopeSpec
from service.engine.spiff import AttachmentSpec, DrawnSpec, NotExecutedSpec


def build(process: Process) -> dict[str, Any]:
    """The SpiffWorkflow specifications of the process and its embedded sub-processes, by scope key."""
    specs = {scope.key: _build_scope(scope) for scope in process.scope.all_scopes()}
    _put_handlers(process.scope, specs, [])
    put_on_process(specs[process.scope.key], process.element)
    return specs


def spec_name(element_id: str) -> str:
    """What SpiffWorkflow calls the element. It keeps the names Start and End for itself, so ours take a mark."""
    return f"{element_id}#" if element_id in ("Start", "End") else element_id


def _build_scope(scope: Scope) -> Any:
    process_spec = ScopeSpec(scope.key)
    specs: dict[str, DrawnSpec] = {}
    for element in scope.elements:
        if element.id not in specs and not element.for_compensation and not is_compensation(element):
            specs[element.id] = _new_spec(process_spec, element)
    entrances: dict[str, Any] = dict(specs)
    exits = dict(specs)
    _attach_boundaries(process_spec, scope, specs, entrances)
    for spec in specs.values():
        if spec.element.kind == "startEvent":
            process_spec.start.connect(spec)
    for spec in specs.values():
        if spec.element.repeat is None and spec.element.not_executed is None:
            put_around(spec, process_spec, entrances, exits)
    _connect_flows(scope, exits, entrances)
    _connect_links(scope, exits, entrances)
    _add_triggers(process_spec, scope, specs, entrances)
    last = PathEndSpec(process_spec, "#path-end") if scope.ad_hoc else process_spec.end
    for spec in exits.values():
        if not spec.outputs:
            spec.connect(last)
    if scope.ad_hoc:
        process_spec.activatable = _activatable(scope, specs, entrances)
    for _, entrance in process_spec.activatable.values():
        process_spec.start.connect(entrance)
    process_spec.entrances = {key: entrances[key] for key, spec in specs.items() if spec.element.kind in ACTIVITIES}
    for key, _, _ in compensations(scope):
        host, undone = specs.get(key.rpartition(":")[2]), key.rpartition(":")[0]
        if host is not None and undone == scope.key:
            host.compensable = True
    for spec in specs.values():
        spec.built()
    return process_spec


def _activatable(scope: Scope, specs: dict[str, DrawnSpec], entrances: dict[str, Any]) -> dict[str, tuple[Any, Any]]:
    """What can begin in an ad-hoc sub-process: everything no flow leads to. Its spec, and where a token enters it."""
    led_to = {flow.target for flow in scope.flows} | {target.id for _, target in scope.links()}
    return {
        key: (spec, entrances[key])
        for key, spec in specs.items()
        if key not in led_to and spec.element.kind != "boundaryEvent" and not isinstance(spec, EventSubProcessSpec)
    }


def _put_handlers(scope: Scope, specs: dict[str, Any], around: list[tuple[str, Element, Element]]) -> None:
    """Build the compensation handlers that can be asked from this scope, joined to nothing: its own, those of the
    sub-processes in it, and in an event sub-process those `around` it."""
    known = [*around, *compensations(scope)]
    process_spec = specs[scope.key]
    for key, boundary, handler in known:
        if key not in process_spec.handlers:
            spec = _new_spec(process_spec, handler, f"{key}#{handler.id}")
            plain = handler.repeat is None and handler.not_executed is None
            process_spec.handlers[key] = (boundary, put_inside(spec, process_spec) if plain else spec)
    for inner in scope.inner:
        _put_handlers(inner, specs, known if inner.of_event_sub_process else [])


def _new_spec(process_spec: Any, element: Element, name: str | None = None) -> DrawnSpec:
    name, spec_class = name or spec_name(element.id), _spec_class(element)
    if element.repeat is None or element.not_executed is not None:
        return spec_class(process_spec, name, element)
    one = spec_class(process_spec, f"{name}#one", element)
    return RepeatSpec(process_spec, name, element, one, put_inside(one, process_spec))


def _attach_boundaries(process_spec: Any, scope: Scope, specs: dict[str, DrawnSpec], entrances: dict[str, Any]) -> None:
    for element in scope.elements:
        if not isinstance(element.detail, EventDetail) or element.detail.attached_to not in specs:
            continue
        if is_compensation(element):
            continue
        host = specs[element.detail.attached_to]
        if not isinstance(entrances[host.element.id], AttachmentSpec):
            entrances[host.element.id] = AttachmentSpec(process_spec, f"{host.name}#attached")
            entrances[host.element.id].connect(host)
        entrances[host.element.id].connect(specs[element.id])


def _connect_flows(scope: Scope, exits: dict[str, DrawnSpec], entrances: dict[str, Any]) -> None:
    outgoing: dict[str, int] = {}
    for flow in scope.flows:
        outgoing[flow.source] = outgoing.get(flow.source, 0) + 1
    for flow in scope.flows:
        if flow.source not in exits or flow.target not in entrances:
            continue  # named: a flow to or from what only compensation reaches
        target = entrances[flow.target]
        # The only way out of a gateway needs no condition, wherever it leads.
        default = flow.default or (flow.condition is None and outgoing[flow.source] == 1)
        exits[flow.source].flow_to(target, flow, default)


def _connect_links(scope: Scope, exits: dict[str, DrawnSpec], entrances: dict[str, Any]) -> None:
    for source, target in scope.links():
        exits[source.id].connect(entrances[target.id])


def _add_triggers(
    process_spec: ScopeSpec, scope: Scope, specs: dict[str, DrawnSpec], entrances: dict[str, Any]
) -> None:
    for element in scope.elements:
        spec, start = specs.get(element.id), scope.trigger_of(element)
        if isinstance(spec, EventSubProcessSpec) and start is not None:
            spec.start_id = start.id
            TriggerSpec(process_spec, f"{start.id}#begins", start, element).connect(entrances[element.id])


def _spec_class(element: Element) -> Callable[[Any, str, Element], DrawnSpec]:
    if element.not_executed is not None:
        return NotExecutedSpec
    if isinstance(element.detail, JobDetail):
        return JobSpec
    if isinstance(element.detail, EventDetail) and element.detail.kind == "compensate":
        return CompensateSpec
    if isinstance(element.detail, DecisionDetail):
        return BusinessRuleSpec
    if isinstance(element.detail, ScriptDetail):
        return ScriptSpec
    if isinstance(element.detail, EventSubProcessDetail):
        return EventSubProcessSpec
    if isinstance(element.detail, EventDetail) and element.detail.kind == "link":
        return ThrowSpec
    return _SPEC_CLASSES[element.kind]


_SPEC_CLASSES: dict[str, Callable[[Any, str, Element], DrawnSpec]] = {
    "startEvent": StartSpec,
    "endEvent": EndSpec,
    "intermediateThrowEvent": ThrowSpec,
    "intermediateCatchEvent": CatchSpec,
    "boundaryEvent": CatchSpec,
    "receiveTask": CatchSpec,
    "userTask": UserTaskSpec,
    "task": PassSpec,
    "manualTask": PassSpec,
    "callActivity": CallSpec,
    "subProcess": SubProcessSpec,
    "adHocSubProcess": AdHocSpec,
    "exclusiveGateway": ExclusiveSpec,
    "inclusiveGateway": InclusiveSpec,
    "parallelGateway": ParallelSpec,
    "eventBasedGateway": EventGatewaySpec,
}
