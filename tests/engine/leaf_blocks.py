"""Leaves of random diagrams that are more than one user task, as BPMN and as the sequence of tasks they mean."""

from __future__ import annotations

from dataclasses import replace

from tests.engine.drawing import ad_hoc, catch, compensate, compensated, end, flows, job, listeners, start, sub, user

MORE_LEAVES = ("job", "asked", "undone", "listed")
"""A handler's job, a user task with listeners, work that is undone, an ad-hoc sub-process."""
OF_USERS = ("undone", "listed")
"""Leaves made of user tasks."""


class LeafDrawing:
    """Draws these leaves as parts of a scope; each gives the ids of its first and last element."""

    parts: list[str]

    def _job(self, block) -> tuple[str, str]:
        return self._one(block, job(block.id))

    _refuse = _job

    def _hear(self, block) -> tuple[str, str]:
        return self._one(block, catch(block.id, "told"))

    def _asked(self, block) -> tuple[str, str]:
        return self._one(block, listeners(user(block.id), "start before", "end after"))

    def _undone(self, block) -> tuple[str, str]:
        done = [part.id for part in block.parts]
        drawn = [user(one) + compensated(one, f"{one}-back") for one in done]
        ends = (start(f"{block.id}-begin"), compensate(f"{block.id}-undo"), end(f"{block.id}-end"))
        path = " ".join((f"{block.id}-begin", *done, f"{block.id}-undo", f"{block.id}-end"))
        return self._one(block, sub(block.id, *ends, *drawn, flows(path)))

    def _listed(self, block) -> tuple[str, str]:
        chosen = ", ".join(f'"{block.parts[number].id}"' for number in block.taken)
        return self._one(block, ad_hoc(block.id, *(user(part.id) for part in block.parts), elements=f"=[{chosen}]"))

    def _one(self, block, drawn: str) -> tuple[str, str]:
        self.parts.append(drawn)
        return block.id, block.id


def meant(block):
    """What the model makes of the block: a task with listeners and work that is undone are one thing after another."""
    if block.kind == "asked":
        names = (f"{block.id}:start", block.id, f"{block.id}:end")
        return replace(block, kind="seq", parts=tuple(replace(block, kind="user", id=name) for name in names))
    if block.kind == "undone":
        back = tuple(replace(part, id=f"{part.id}-back") for part in reversed(block.parts))
        return replace(block, kind="seq", parts=(*block.parts, *back))
    return block
