"""Activities done once for each item of a collection, at the same time or one after another (multi-instance)."""

from __future__ import annotations

from typing import Any

from SpiffWorkflow.util.task import TaskState

from service.domain.errors import ModelError
from service.engine.activities import ActivitySpec
from service.engine.drawn import Element, Repeat
from service.engine.spiff import LOCAL, ONE, DrawnSpec, SpiffTask, open_ones, turn_of
from service.engine.turn import failed, wrong
from service.engine.variables import propagate, seen_by

MAX_REPETITIONS = 200
"""How many repetitions one activity may have: a collection is drawn from a form or a table, not from a data set."""


class RepeatSpec(ActivitySpec):
    """Holds the place of the activity while its repetitions run; boundary events are attached to it.

    The repetitions stand beside it in SpiffWorkflow's tree (under the root, so that cancelling it reaches them in
    order) and name it in `of`. Its own `repeat` keeps the items, the results and how many are done.
    """

    def __init__(self, process_spec: Any, name: str, element: Element, one: DrawnSpec, first: DrawnSpec) -> None:
        super().__init__(process_spec, name, element)
        self.one = one
        self.first = first
        """What a repetition begins with: `one`, or the listener that is asked before it."""

    @property
    def repeat(self) -> Repeat:
        """How the activity is repeated."""
        if self.element.repeat is None:
            raise wrong(self.element, "the activity was not read as repeated")
        return self.element.repeat

    def _update_hook(self, my_task: SpiffTask) -> bool | None:
        seen = seen_by(my_task)
        items = turn_of(my_task).evaluate_json(self.repeat.collection, seen, self.element, "the collection")
        if not isinstance(items, list):
            raise wrong(self.element, f"the collection to repeat for is not a list but {items!r}")
        if len(items) > MAX_REPETITIONS:
            raise wrong(self.element, f"would be repeated {len(items)} times; at most {MAX_REPETITIONS} are allowed")
        my_task.internal_data[LOCAL] = {}
        my_task.internal_data["repeat"] = {"items": items, "results": [None] * len(items), "begun": 0, "done": 0}
        if not items:
            return True
        my_task._set_state(TaskState.STARTED)
        for _ in range(1 if self.repeat.sequential else len(items)):
            self._begin_next(my_task)
        return False

    def _on_ready_hook(self, my_task: SpiffTask) -> None:
        """Ready means that the repetitions are over; input mappings are theirs."""

    def _begin_next(self, body: SpiffTask) -> None:
        kept = body.internal_data["repeat"]
        index = kept["begun"]
        kept["begun"] += 1
        own: dict[str, Any] = {"loopCounter": index + 1}
        if self.repeat.item is not None:
            own[self.repeat.item] = kept["items"][index]
        output = self.repeat.output_item
        path = [] if output is None else output.feel.split(".")
        if path and all(name.strip().isidentifier() for name in path):
            own.setdefault(path[0].strip(), None)  # what a repetition gives back does not overwrite its neighbours'
        child = body.workflow.task_tree._add_child(self.first, TaskState.FUTURE)
        child.internal_data.update({"of": body.id, "index": index, ONE: own})
        self.first._update(child)

    def begin_rest(self, body: SpiffTask) -> None:
        """Begin every repetition that has not begun: those drawn one after another are drawn side by side now."""
        while body.internal_data["repeat"]["begun"] < len(body.internal_data["repeat"]["items"]):
            self._begin_next(body)

    def one_completed(self, body: SpiffTask, one: SpiffTask) -> None:
        """Called when a repetition is done: keep its result, begin the next, or end."""
        if not body.has_state(TaskState.STARTED):
            return
        kept, turn = body.internal_data["repeat"], turn_of(body)
        inner = body.workflow.top_workflow.get_subprocess(one)
        nearer = [inner.data] if inner is not None and self.one.scope_holder else []
        if self.repeat.output_collection is not None:
            nearer.append({self.repeat.output_collection: kept["results"]})
        if self.repeat.output_item is not None:
            seen = seen_by(one, *nearer)
            result = turn.evaluate_json(self.repeat.output_item, seen, self.element, "the output element")
            kept["results"][one.internal_data["index"]] = result
        kept["done"] += 1
        if kept["done"] == len(kept["items"]) or self._over(body, one, nearer):
            for other in open_ones(body):
                other.cancel()
            body._set_state(TaskState.READY)
        elif self.repeat.sequential and kept["begun"] < len(kept["items"]):
            self._begin_next(body)

    def _over(self, body: SpiffTask, one: SpiffTask, nearer: list[dict[str, Any]]) -> bool:
        if self.repeat.until is None:
            return False
        kept, turn = body.internal_data["repeat"], turn_of(body)
        counts = {
            "numberOfInstances": kept["begun"],
            "numberOfActiveInstances": kept["begun"] - kept["done"],
            "numberOfCompletedInstances": kept["done"],
            "numberOfTerminatedInstances": 0,
        }
        try:
            return self.repeat.until.holds(seen_by(one, counts, *nearer), turn.functions)[0]
        except ModelError as error:
            raise failed(self.element, "the completion condition", error) from error

    def _run_hook(self, my_task: SpiffTask) -> bool | None:
        if self.repeat.output_collection is not None:
            propagate(my_task, {self.repeat.output_collection: my_task.internal_data["repeat"]["results"]})
        return True

    def _on_complete_hook(self, my_task: SpiffTask) -> None:
        # Each repetition has been noted as passed; the place they took is no news.
        inside = my_task.internal_data["repeat"].get("inside")
        self.remember(my_task, **({"n": inside} if inside else {}))
        self._go_on(my_task)
        self.notify_body(my_task)

    def _on_cancel(self, my_task: SpiffTask) -> None:
        for one in open_ones(my_task):
            one.cancel()
