"""In which embedded or called process a moved token belongs: those it finds there, and those it enters by moving."""

from __future__ import annotations

from typing import Any

from SpiffWorkflow.util.task import TaskState

from service.engine.asides import Asides
from service.engine.drawn import scope_key
from service.engine.instance import Instance
from service.engine.nested import SubProcessSpec
from service.engine.plans import Index, Place, attachment_of
from service.engine.spiff import SpiffTask, SpiffWorkflow
from service.engine.standing import key_of
from service.engine.tokens import Part, Token


class Homes:
    """The moved workflows of one instance."""

    def __init__(self, after: Instance, index: Index, under_way: set[int], cannot: list[str], asides: Asides) -> None:
        self.after, self.index, self.cannot, self.asides = after, index, cannot, asides
        self.under_way = under_way
        """The new specs, by `id`, whose old element is open already."""
        self.entered: list[str] = []
        """Embedded sub-processes that stand around tokens now and did not before."""
        self.new_events: list[tuple[Any, str]] = []
        """Events to open: their spec, and the activity or event that waits already beside them."""
        self._of: dict[int, SpiffWorkflow] = {}
        self._made: dict[tuple[int, str], SpiffWorkflow] = {}

    def settle(self, old: SpiffWorkflow, new: SpiffWorkflow) -> None:
        """What was in the old workflow belongs in the new one."""
        self._of[id(old)] = new

    def around(self, old: SpiffWorkflow) -> SpiffWorkflow:
        """The new workflow in which the tokens of an old one are, unless they move further in."""
        return self._of[id(old)]

    def is_left(self, place: Place | None, targets: list[Any]) -> bool:
        """Whether everything in an embedded sub-process goes to specs outside it, or it is drawn no more."""
        if place is None or not isinstance(place.spec, SubProcessSpec):
            return place is None
        key = scope_key(place.spec.element.process_id, place.spec.element.id)
        places = [self.index.places[spec.element.process_id, spec.element.id] for spec in targets if spec is not None]
        inside = [key in self.index.scopes_down_to(one.scope) for one in places]
        return bool(inside) and not any(inside)

    def new_inner(self, holder: SpiffTask, key: str) -> SpiffWorkflow:
        """An empty workflow inside this activity."""
        inner = Part(self.after.subprocess_specs[key], holder, deserializing=True)
        self.after.subprocesses[holder.id] = inner
        return inner

    def find(self, task: SpiffTask, scope: str) -> SpiffWorkflow | None:
        """The moved workflow in which a token of this scope belongs; embedded sub-processes around it are entered."""
        wanted, home = self.index.scopes_down_to(scope), self.around(task.workflow)
        element = task.task_spec.element
        if key_of(home) not in wanted:
            self.cannot.append(
                f"{element.label} ({element.id}) would leave {key_of(home)}, in which other things wait."
            )
            return None
        for key in wanted[wanted.index(key_of(home)) + 1 :]:
            known = self._made.get((id(home), key))
            if known is None and not self._may_enter(task, key):
                return None
            home = known or self._enter(home, key)
        return home

    def _may_enter(self, task: SpiffTask, key: str) -> bool:
        spec = self._holder_of(key)
        label = task.task_spec.element.label
        if type(spec) is not SubProcessSpec:
            self.cannot.append(f"{label} cannot move into {spec.element.label}, which is no plain sub-process.")
        elif id(spec) in self.under_way:
            self.cannot.append(f"{label} cannot move into {spec.element.label}, which is under way already.")
        else:
            return True
        return False

    def _holder_of(self, key: str) -> Any:
        process_id, _, element_id = key.rpartition("/")
        return self.index.places[process_id, element_id].spec

    def _enter(self, home: SpiffWorkflow, key: str) -> SpiffWorkflow:
        spec = self._holder_of(key)
        attachment = attachment_of(spec)
        above = home.task_tree
        if attachment is not None:
            above = Token(home, attachment, above, TaskState.COMPLETED)
        holder = Token(home, spec, above, TaskState.STARTED)
        self.entered.append(holder.id)
        for one in above.task_spec.outputs if attachment is not None else []:
            if one is not spec:
                self.new_events.append((one, holder.id))
        inner = self.new_inner(holder, key)
        plant(inner, None)
        self.asides.new_triggers += [(inner, trigger) for trigger in inner.spec.triggers]
        self._made[id(home), key] = inner
        return inner


def plant(workflow: SpiffWorkflow, root_id: str | None) -> None:
    """Give a workflow its root, which is passed already."""
    workflow.task_tree = Token(workflow, workflow.spec.start, None, TaskState.COMPLETED, root_id)
