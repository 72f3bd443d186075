"""Carrying every open token of one instance over to the specs of another release. What each of them says there is in
`redrawing.py`; nothing is evaluated here."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

from SpiffWorkflow.util.task import TaskState

from service.engine.asides import Asides
from service.engine.diagrams import Diagrams
from service.engine.drawn import scope_key
from service.engine.homes import Homes, plant
from service.engine.instance import Instance
from service.engine.listeners import THEN, ListenerSpec
from service.engine.nested import CallSpec, SubProcessSpec
from service.engine.plans import (
    JOINS,
    Place,
    Plan,
    attachment_of,
    fits,
    gateway_before,
    index_of,
    obstacle,
    why_not_inside,
)
from service.engine.repeating import RepeatSpec
from service.engine.spiff import OPEN, AttachmentSpec, SpiffTask, SpiffWorkflow
from service.engine.standing import (
    behind_gateway,
    beside,
    boundary_events,
    drawn_on,
    inner_of,
    key_of,
    lost_words,
    no_longer,
    repetitions,
    tokens,
)
from service.engine.tokens import Token
from service.engine.turn import Turn


class Move:
    """An instance on its way. After `carry` its tokens stand in `after`, and the lists say what is still to be done."""

    def __init__(self, before: Instance, new: Diagrams, plan: Plan, turn: Turn) -> None:
        self.before, self.plan = before, plan
        self.index = index_of(new)
        self.specs = new.specs
        process_id = plan.process(before.process_id)
        self.cannot: list[str] = []
        self.lost: list[str] = []
        self.kept: list[tuple[SpiffTask, str]] = []
        """Tokens that go on as they are: the old task and the id it keeps."""
        self.afresh: list[tuple[SpiffWorkflow, Any]] = []
        """Specs before which a token is to be put."""
        if process_id not in new.processes:
            self.cannot.append(f"The process “{process_id}” is not in the new release.")
            return
        self.after = Instance(new.specs[process_id], new.specs, turn, deserializing=True)
        under_way = {id(self._target_spec(task.task_spec)) for task in before.open_tasks()}
        self.asides = Asides(plan, new.specs)
        self.homes = Homes(self.after, self.index, under_way, self.cannot, self.asides)

    def carry(self) -> None:
        """Carry everything over. What cannot be is in `cannot`."""
        if not self.cannot:
            self._fill(self.before, self.after)
            self.cannot += self.asides.cannot
            self.lost += self.asides.lost

    def _fill(self, old: SpiffWorkflow, new: SpiffWorkflow) -> None:
        plant(new, old.task_tree.id)
        new.data = deepcopy(old.data)
        self.homes.settle(old, new)
        self.asides.carry_memory(old, new)
        self._carry_tokens(old)
        for task, spec in self.asides.carry_triggers(old, new):
            self._put(task, spec, new, new.task_tree)

    def _carry_tokens(self, old: SpiffWorkflow) -> None:
        for task in tokens(old):
            if not behind_gateway(task):
                self._carry_token(task)
        gateways = {task.parent.id: task.parent for task in tokens(old) if behind_gateway(task)}
        for gateway in gateways.values():
            self._carry_race(gateway)

    def _carry_token(self, task: SpiffTask) -> None:
        spec, element = task.task_spec, task.task_spec.element
        if isinstance(spec, ListenerSpec):
            self._carry_listener(task)
            return
        because = obstacle(spec, self.index, self.plan)
        if because is not None:
            self.cannot.append(because)
            return
        target = self.plan.element(element.process_id, element.id)
        if target is None:
            self.lost.append(lost_words(task, "ends"))
            return
        place = self.index.places.get((self.plan.process(element.process_id), target))
        inner = inner_of(task)
        if inner is not None and isinstance(spec, SubProcessSpec) and self._is_left(inner, place):
            self._dissolve(task, inner)
            return
        if place is None:
            self.cannot.append(f"{element.label} ({element.id}) is not in the new release.")
            return
        home = self.homes.find(task, place.scope)
        if home is None:
            return
        if fits(spec, place.spec):
            self._carry_as_it_is(task, place.spec, home)
        else:
            self.lost.append(lost_words(task, f"ends, and {place.spec.element.label} begins instead"))
            self.afresh.append((home, place.spec))

    def _carry_as_it_is(self, task: SpiffTask, spec: Any, home: SpiffWorkflow) -> None:
        race = gateway_before(spec)
        if race is not None:
            self._race({spec: task}, race, home, None)
            return
        parent = self._parent_for(task, spec, home)
        if parent is None:
            return
        self._put(task, spec, home, parent)
        self._carry_boundary(task, spec, parent)
        if isinstance(spec, RepeatSpec):
            self._rename_inside(home.tasks[task.id], task.task_spec, spec)
            for one in repetitions(task):
                self._carry_repetition(one, spec, home)
        else:
            self._carry_inside(task, home.tasks[task.id])

    def _rename_inside(self, body: SpiffTask, old: Any, new: Any) -> None:
        """What was completed in repetitions that are over."""
        inside = body.internal_data["repeat"].get("inside", [])
        keys = [scope_key(spec.element.process_id, spec.element.id) for spec in (old, new)]
        for entry in inside:
            entry["n"] = self.asides.renamed(entry["n"], *keys)

    def _carry_repetition(self, one: SpiffTask, body: Any, home: SpiffWorkflow) -> None:
        spec = beside(one.task_spec, body.name, home)
        if spec is None:
            self._cannot_listen(one)
        else:
            self._carry_inside(one, self._put(one, spec, home, home.task_tree))

    def _carry_listener(self, task: SpiffTask) -> None:
        """A token at a listener goes on at the same one of its element: the first, the second."""
        element, home = task.task_spec.element, self.homes.around(task.workflow)
        spec = home.spec.task_specs.get(task.task_spec.name)
        if element.kind != "process":
            place = self.index.places.get(self.plan.target(task.task_spec))
            found = self.homes.find(task, place.scope) if place is not None else None
            home = found or home
            spec = beside(task.task_spec, place.spec.name, home) if place is not None else None
        then = self._then(task)
        if spec is None or then is None:
            self._cannot_listen(task)
        else:
            self._put(task, spec, home, home.task_tree).internal_data.update(then)

    def _then(self, task: SpiffTask) -> dict[str, str] | None:
        """The start event that comes after a listener of the process, under its new name."""
        then = task.internal_data.get(THEN)
        if then is None:
            return {}
        spec = self._target_spec(task.workflow.spec.task_specs[then])
        return None if spec is None else {THEN: spec.name}

    def _cannot_listen(self, task: SpiffTask) -> None:
        element = task.task_spec.element
        self.cannot.append(
            f"A listener of {element.label} ({element.id}) is waited for that the new release does not have."
        )

    def _put(self, task: SpiffTask, spec: Any, home: SpiffWorkflow, parent: SpiffTask) -> SpiffTask:
        moved = Token(home, spec, parent, task.state, task.id)
        moved.internal_data = deepcopy(task.internal_data)
        self.kept.append((task, task.id))
        return moved

    def _parent_for(self, task: SpiffTask, spec: Any, home: SpiffWorkflow) -> SpiffTask | None:
        """What stands above the moved token: its attachment, the source of a token at a join, else the root."""
        attachment = attachment_of(spec)
        if attachment is not None:
            above = task.parent.id if isinstance(task.parent.task_spec, AttachmentSpec) else None
            return Token(home, attachment, home.task_tree, TaskState.COMPLETED, above)
        if not isinstance(spec, JOINS):
            return home.task_tree
        came = task.parent.task_spec.element
        target = self.plan.element(came.process_id, came.id)
        source = next((one for one in spec.inputs if one.element.id == target), None)
        if source is None:
            self.cannot.append(
                f"A token waits at {spec.element.label} ({spec.element.id}) that came from {came.label} ({came.id}), "
                "which does not lead there in the new release: say what it becomes."
            )
            return None
        known = home.tasks.get(task.parent.id)
        return known or Token(home, source, home.task_tree, TaskState.COMPLETED, task.parent.id)

    def _carry_boundary(self, host: SpiffTask, spec: Any, above: SpiffTask) -> None:
        """Events on the edge: those drawn in both go on, others are lost or opened."""
        open_events = boundary_events(host)
        going_on = set()
        for event in open_events:
            target = self._target_spec(event.task_spec)
            if target in above.task_spec.outputs and target is not spec and fits(event.task_spec, target):
                self._put(event, target, above.workflow, above)
                going_on.add(target)
            else:
                self.lost.append(no_longer(event, spec.element.label))
        if not isinstance(above.task_spec, AttachmentSpec):
            return
        was_open = {id(event.task_spec) for event in open_events}
        happened = {self._target_spec(one) for one in drawn_on(host.task_spec) if id(one) not in was_open}
        for one in above.task_spec.outputs:
            if one is not spec and one not in going_on and one not in happened:
                self.homes.new_events.append((one, host.id))

    def _target_spec(self, spec: Any) -> Any:
        place = self.index.places.get(self.plan.target(spec))
        return place.spec if place is not None else None

    def _carry_race(self, gateway: SpiffTask) -> None:
        """The events behind an event-based gateway: those still drawn go on, others are lost or opened."""
        events = [event for event in gateway.children if event.has_state(OPEN)]
        targets = {event.id: self._target_spec(event.task_spec) for event in events}
        staying = [event for event in events if targets[event.id] and fits(event.task_spec, targets[event.id])]
        specs = [targets[event.id] for event in staying]
        before = {gateway_before(spec) for spec in specs}
        if not staying or len(before) > 1 or (None in before and len(staying) > 1):
            labels = " and ".join(event.task_spec.element.label for event in events)
            self.cannot.append(
                f"{labels} ({', '.join(event.task_spec.element.id for event in events)}) are waited for side by side, "
                "and the new release has no such choice between them: say what they become."
            )
            return
        for event in events:
            if event not in staying:
                self.lost.append(f"{event.task_spec.element.label} is not waited for.")
        home = self.homes.find(staying[0], self.index.places[self.plan.target(staying[0].task_spec)].scope)
        race = before.pop()
        if home is None:
            return
        if race is None:
            self._carry_as_it_is(staying[0], specs[0], home)
        else:
            self._race(dict(zip(specs, staying, strict=True)), race, home, gateway.id)

    def _race(self, going_on: dict[Any, SpiffTask], race: Any, home: SpiffWorkflow, gateway_id: str | None) -> None:
        """Put events that go on, by their new specs, behind their new gateway, and open the others behind it."""
        above = Token(home, race, home.task_tree, TaskState.COMPLETED, gateway_id)
        for spec, event in going_on.items():
            self._put(event, spec, home, above)
        first = next(iter(going_on.values()))
        self.homes.new_events += [(spec, first.id) for spec in race.outputs if spec not in going_on]

    def _carry_inside(self, task: SpiffTask, moved: SpiffTask) -> None:
        """What runs inside an embedded or called process."""
        inner = inner_of(task)
        if inner is None:
            return
        spec, element = moved.task_spec, moved.task_spec.element
        if isinstance(spec, CallSpec):
            called = self.plan.process(key_of(inner))
            because = why_not_inside(element, key_of(inner), called, self.specs)
            if because is not None:
                self.cannot.append(because)
                return
        else:
            called = scope_key(element.process_id, element.id)
        self._fill(inner, self.homes.new_inner(moved, called))

    def _is_left(self, inner: SpiffWorkflow, place: Place | None) -> bool:
        return self.homes.is_left(place, [self._target_spec(one.task_spec) for one in tokens(inner)])

    def _dissolve(self, holder: SpiffTask, inner: SpiffWorkflow) -> None:
        """An embedded sub-process around tokens that go on outside it: its variables go on in the scope around it."""
        label = holder.task_spec.element.label
        outer = self.homes.around(holder.workflow)
        hidden = sorted(name for name, value in inner.data.items() if outer.data.get(name, value) != value)
        self.lost += [f"The variable “{name}” of {label}; the one around it stays." for name in hidden]
        outer.data = {**deepcopy(inner.data), **outer.data}
        self.lost += [no_longer(event, label) for event in boundary_events(holder)]
        self.asides.leave(inner)
        self.homes.settle(inner, outer)
        self._carry_tokens(inner)
