"""What blocks should do, as plain Python with no tokens in it. How they are drawn is in `blocks.py`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TypeAlias

from tests.engine.blocks import CHOICES, Block
from tests.engine.leaf_blocks import meant

Key = tuple[str, tuple[tuple[str, int], ...]]
"""The element of a user task, and which item each repetition around it is for."""


class Failed(Exception):
    """A BPMN error on its way to who catches it."""


class Cried(Exception):
    """An escalation on its way to who takes it up; whoever does not catches it and settles again."""


class Stopped(Exception):
    """A terminate end event on its way to the scope it ends."""


@dataclass
class World:
    """The clock in seconds, and the tasks that the last change cancelled."""

    now: int = 0
    cancelled: list[Key] = field(default_factory=list)


class Live:
    """A block that has been reached. `settle` carries it on after something inside changed."""

    def __init__(self, block: Block, world: World, scope: Scope | None, items: tuple[tuple[str, int], ...]) -> None:
        self.block, self.world, self.scope, self.items = block, world, scope, items
        self.done = False
        self.inner: list[Live] = []
        self.begin()

    def begin(self) -> None:
        """What happens when it is reached."""

    def settle(self) -> None:
        """Carry on; sets `done`."""
        for live in self.inner:
            live.settle()
        self.done = all(live.done for live in self.inner)

    def open(self, block: Block) -> Live:
        """A block inside this one, reached now."""
        return live(block, self.world, self.scope, self.items)

    def leaves(self) -> Iterator[Leaf]:
        """The open user tasks inside."""
        for one in self.inner:
            yield from one.leaves()

    def clocks(self) -> Iterator[Timed]:
        """What has a timer running, inside."""
        for one in self.inner:
            yield from one.clocks()

    def ears(self) -> Iterator[Ear]:
        """What waits for a signal, inside."""
        for one in self.inner:
            yield from one.ears()

    @property
    def name(self) -> str:
        """Its signal, when it has one."""
        return "|".join([self.block.id, *(f"{item}={number}" for item, number in self.items)])

    def cancel(self) -> None:
        """End everything inside."""
        self.world.cancelled += [leaf.key for leaf in self.leaves()]
        self.inner = []


class Leaf(Live):
    """A user task; `stop`, `fail` and `cry` do so when its answer is yes."""

    answer: bool | None = None

    @property
    def key(self) -> Key:
        """How the task is known from outside."""
        return self.block.id, self.items

    def settle(self) -> None:
        if self.answer is not None and not self.done:
            self.done = True
            if self.answer and self.block.kind in RAISED:
                raise RAISED[self.block.kind]

    def leaves(self) -> Iterator[Leaf]:
        if self.answer is None:
            yield self


class Sequence(Live):
    """One part after another."""

    def begin(self) -> None:
        self.inner = [self.open(self.block.parts[0])]
        self.begun = 1

    def settle(self) -> None:
        super().settle()
        while self.done and self.begun < len(self.block.parts):
            self.inner = [self.open(self.block.parts[self.begun])]
            self.begun += 1
            super().settle()


class Choice(Live):
    """The taken parts, all at once."""

    def begin(self) -> None:
        self.inner = [self.open(self.block.parts[number]) for number in self.block.taken]


class Loop(Live):
    """The part, then the question whether to do it again."""

    def begin(self) -> None:
        self.asked: Leaf | None = None
        self.inner = [self.open(self.block.parts[0])]

    def settle(self) -> None:
        super().settle()
        if self.done and self.asked is None:
            self.asked = Leaf(self.block, self.world, self.scope, self.items)
            self.inner, self.done = [self.asked], False
        elif self.done and self.asked is not None and self.asked.answer:
            self.done = False
            self.begin()


class Scope(Live):
    """A process or sub-process: done when its part and all that events added beside it are done."""

    def begin(self) -> None:
        self.scope = self
        self.inner = [self.open(self.block)]

    def settle(self) -> None:
        try:
            super().settle()
        except Stopped:
            self.cancel()
            self.done = True


class Nested(Live):
    """An embedded or called process."""

    def begin(self) -> None:
        self.inner = [Scope(self.block.parts[0], self.world, None, self.items)]


class Repeated(Live):
    """The same sub-process for each item, at once or one after another."""

    def begin(self) -> None:
        self.begun = 0
        for _ in range(1 if self.block.firmly else self.block.times):
            self._next()

    def _next(self) -> None:
        self.begun += 1
        items = (*self.items, (f"of_{self.block.id}", self.begun))
        self.inner.append(Scope(self.block.parts[0], self.world, None, items))

    def settle(self) -> None:
        super().settle()
        while self.done and self.begun < self.block.times:
            self._next()
            super().settle()


class Caught(Nested):
    """A sub-process whose errors a handler takes up."""

    caught = False

    def settle(self) -> None:
        if self.caught:
            return super().settle()
        try:
            super().settle()
        except Failed:
            self.cancel()
            self.caught = True
            self.inner = [self.open(self.block.parts[1])]
            self.done = False


class Edged(Live):
    """An activity with an event on its edge: it is cancelled for the handler, or the handler comes beside it."""

    fired = False

    def begin(self) -> None:
        self.due = self.world.now + self.block.times
        self.inner = [self.open(self.block.parts[0])]

    def fire(self) -> None:
        """The event has come."""
        self.fired = True
        if self.block.firmly:
            self.cancel()
            self.inner = [self.open(self.block.parts[1])]
        else:
            assert self.scope is not None
            self.scope.inner.append(self.open(self.block.parts[1]))


class Timed(Edged):
    """The event is a deadline."""

    def clocks(self) -> Iterator[Timed]:
        if not self.fired and not self.done:
            yield self
        yield from super().clocks()


class Heard(Edged):
    """The event is a signal; one that does not interrupt comes as often as it likes."""

    def ears(self) -> Iterator[Ear]:
        if not self.done and not (self.fired and self.block.firmly):
            yield self
        yield from super().ears()


class Calmed(Edged):
    """The event is an escalation out of a sub-process."""

    def begin(self) -> None:
        self.inner = [Scope(self.block.parts[0], self.world, None, self.items)]

    def settle(self) -> None:
        if self.fired and self.block.firmly:
            return super().settle()
        try:
            super().settle()
        except Cried:
            self.fire()
            self.settle()


class Open(Scope):
    """A sub-process with an event sub-process that begins at a signal."""

    deaf = False

    def begin(self) -> None:
        self.scope = self
        self.inner = [self.open(self.block.parts[0])]

    def ears(self) -> Iterator[Ear]:
        if not self.done and not self.deaf:
            yield self
        yield from super().ears()

    def fire(self) -> None:
        """The signal has come."""
        if self.block.firmly:
            self.cancel()
            self.deaf = True
        self.inner.append(Scope(self.block.parts[1], self.world, None, self.items))


class Aside(Live):
    """The activity that holds such a sub-process."""

    def begin(self) -> None:
        self.inner = [Open(self.block, self.world, None, self.items)]


Ear: TypeAlias = Heard | Open
RAISED: dict[str, type[Exception]] = {"stop": Stopped, "fail": Failed, "refuse": Failed, "cry": Cried}

KINDS: dict[str, type[Live]] = {
    "user": Leaf, "stop": Leaf, "fail": Leaf, "cry": Leaf, "job": Leaf, "refuse": Leaf, "hear": Leaf,
    "listed": Choice, "seq": Sequence, "loop": Loop, "sub": Nested, "call": Nested,
    "repeat": Repeated, "caught": Caught, "calmed": Calmed, "timed": Timed, "heard": Heard, "aside": Aside,
    **dict.fromkeys(CHOICES, Choice),
}  # fmt: skip


def live(block: Block, world: World, scope: Scope | None, items: tuple[tuple[str, int], ...]) -> Live:
    """The block, reached now."""
    block = meant(block)
    return KINDS[block.kind](block, world, scope, items)
