"""Gateways: which way a token goes, and when a join lets it on. Joins count tokens themselves: SpiffWorkflow's own
parallel join takes the tokens of an earlier turn of a loop for new ones."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any

from SpiffWorkflow.util.task import TaskState

from service.domain.errors import ModelError
from service.engine.drawn import Element, Flow
from service.engine.spiff import OPEN, DrawnSpec, SpiffTask, go_to, turn_of
from service.engine.turn import failed, wrong
from service.engine.variables import mapped_in, seen_by


@dataclass(frozen=True, slots=True)
class Way:
    """One flow out of a gateway."""

    flow: Flow
    target: str
    """The name of the spec it leads to."""
    default: bool


class EventGatewaySpec(DrawnSpec):
    """Passed at once: the events behind it all wait, and the first to happen cancels the others."""

    def _run_hook(self, _my_task: SpiffTask) -> bool | None:
        # What stands between the gateway and an event would keep that event from the race.
        if not all(isinstance(event, DrawnSpec) and event.begins is None for event in self.outputs):
            raise wrong(self.element, "an event behind it has a start listener or boundary events")
        return True


class ChoosingSpec(DrawnSpec):
    """A gateway with conditions on its ways out."""

    first_only = False

    def __init__(self, process_spec: Any, name: str, element: Element) -> None:
        super().__init__(process_spec, name, element)
        self.ways: tuple[Way, ...] = ()

    def flow_to(self, target: Any, flow: Flow, default: bool) -> None:
        """Join this gateway to the next element along a drawn flow."""
        super().flow_to(target, flow, default)
        self.ways = (*self.ways, Way(flow, target.name, default))

    def _go_on(self, my_task: SpiffTask) -> None:
        if not self.ways:  # the half that only joins, before a listener
            super()._go_on(my_task)
            return
        specs = my_task.workflow.spec.task_specs
        go_to(my_task, [specs[way.target] for way in self._open_ways(my_task)])

    def _open_ways(self, my_task: SpiffTask) -> list[Way]:
        """The ways whose condition holds, else the default. Raises ModelError when there is neither."""
        turn, seen = turn_of(my_task), seen_by(my_task, mapped_in(my_task))
        chosen: list[Way] = []
        reasons: list[str] = []
        for way in self.ways:
            if way.default:
                continue
            if way.flow.condition is None:
                raise wrong(self.element, f"the flow {way.flow.id} has no condition and is not the default")
            try:
                holds, nulls = way.flow.condition.holds(seen, turn.functions)
            except ModelError as error:
                raise failed(self.element, f"the condition of the flow {way.flow.id}", error) from error
            reasons.extend(nulls)
            if holds:
                chosen.append(way)
                if self.first_only:
                    break
        chosen = chosen or [way for way in self.ways if way.default][:1]
        if not chosen:
            because = f" ({'; '.join(dict.fromkeys(reasons))})" if reasons else ""
            raise wrong(self.element, f"no way out is open: no condition holds and no flow is the default{because}")
        return chosen


class ExclusiveSpec(ChoosingSpec):
    """Takes the first way whose condition holds, in the order drawn, else the default."""

    first_only = True


def arrived(my_task: SpiffTask) -> list[SpiffTask]:
    """The tokens waiting at the gateway of this task, its own included."""
    waiting: list[SpiffTask] = my_task.workflow.waiting_at(my_task.task_spec)
    return waiting if my_task.has_state(TaskState.WAITING) else [*waiting, my_task]


class ParallelSpec(DrawnSpec):
    """Waits for one token on each flow in, then goes every way out."""

    def __init__(self, process_spec: Any, name: str, element: Element) -> None:
        super().__init__(process_spec, name, element)
        self.needed: Counter[str] = Counter()
        """How many tokens from each element before it, by spec name."""

    def built(self) -> None:
        """Count the flows in. Of several from one exclusive gateway only one ever brings a token."""
        self.needed.update(spec.name for spec in self.inputs)
        for spec in self.inputs:
            if isinstance(spec, ExclusiveSpec):
                self.needed[spec.name] = 1

    def _update_hook(self, my_task: SpiffTask) -> bool | None:
        tokens = arrived(my_task)
        still, used = Counter(self.needed), list[SpiffTask]()
        if len(tokens) >= still.total():
            for token in sorted(tokens, key=lambda token: token is not my_task):
                source = token.parent.task_spec.name
                if still[source] > 0:
                    still[source] -= 1
                    used.append(token)
        if len(used) < self.needed.total():
            my_task._set_state(TaskState.WAITING)
            return False
        for token in used:
            if token is not my_task:
                token.cancel()
        return True


class InclusiveSpec(ChoosingSpec):
    """Waits while a token on its way can still arrive, then takes every way whose condition holds, else the default.

    As BPMN 2.0 has it, a token that can come only by flows that have theirs already is not waited for: behind a loop
    two of these gateways would wait for each other for ever. And it uses up one token of each flow in: a second one of
    the same flow is an occasion of its own, for which the gateway opens again. Flows are told apart by the element they
    come from, so several flows from one element count as that many.
    """

    waits_for_others = True

    def __init__(self, process_spec: Any, name: str, element: Element) -> None:
        super().__init__(process_spec, name, element)
        self.through: dict[str, set[str]] = {}
        """By a place from where a token can still arrive, without passing here: through which of the elements before
        this one."""
        self.flows_from: Counter[str] = Counter()

    def built(self) -> None:
        """Note from where a token can still arrive, without passing here."""
        for source in self.inputs:
            self.flows_from[source.name] += 1
            for place in self._before(source):
                self.through.setdefault(place, set()).add(source.name)

    def _before(self, source: Any) -> frozenset[str]:
        found: set[str] = set()
        to_see = [source]
        while to_see:
            spec = to_see.pop()
            if spec is not self and spec.name not in found:
                found.add(spec.name)
                to_see.extend(spec.inputs)
        return frozenset(found)

    def _update_hook(self, my_task: SpiffTask) -> bool | None:
        tokens = arrived(my_task)
        filled = {token.parent.task_spec.name for token in tokens}
        if any(self._is_awaited(task, filled) for task in my_task.workflow.live.values()):
            my_task._set_state(TaskState.WAITING)
            return False
        used: Counter[str] = Counter()
        for token in sorted(tokens, key=lambda token: token is not my_task):
            source = token.parent.task_spec.name
            used[source] += 1
            if token is not my_task and used[source] <= self.flows_from[source]:
                token.cancel()
        return True

    def _is_awaited(self, task: SpiffTask, filled: set[str]) -> bool:
        ways = self.through.get(task.task_spec.name)
        if ways is None or not ways.isdisjoint(filled):
            return False
        # A token just leaving a split is still FUTURE while its neighbours are being moved.
        leaving = task.has_state(TaskState.FUTURE) and task.parent.has_state(TaskState.COMPLETED)
        return bool(leaving or task.has_state(OPEN))
