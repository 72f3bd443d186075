"""Random diagrams made of blocks, drawn as BPMN. What each block should do is in `model.py`, not here.

Every block has one way in and one way out, so that any block may stand in any other.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field

from hypothesis import strategies as st

from tests.engine.drawing import (
    boundary,
    call,
    catches_error,
    diagram,
    end,
    error,
    error_end,
    escalates,
    escalation,
    flow,
    gateway,
    message,
    on,
    repeated,
    signal,
    signals,
    start,
    sub,
    terminate_end,
    throw,
    timer,
    user,
)
from tests.engine.leaf_blocks import MORE_LEAVES, OF_USERS, LeafDrawing

HOSTS = ("user", "sub", "call", "repeat", "aside")
ON_EDGE = ("timed", "heard")
CHOICES = ("exclusive", "inclusive", "parallel")


@dataclass(frozen=True)
class Block:
    """`kind`: user, stop, fail, cry, hear, refuse, one of MORE_LEAVES; seq, one of CHOICES, loop, sub, call, repeat, or
    one with a handler as its last part: caught (an error), calmed (an escalation), timed, heard (a signal, on a
    boundary), aside (a signal, in an event sub-process). `taken` are the open ways of a choice, `times` repetitions or
    seconds, `firmly`: sequential, interrupting.
    """

    kind: str
    id: str
    parts: tuple[Block, ...] = ()
    taken: tuple[int, ...] = ()
    times: int = 0
    firmly: bool = False


@st.composite
def block_trees(draw: st.DrawFn, more_leaves: bool = False) -> Block:
    """A random tree of blocks; a `fail` stands only where it is caught. What waits for a message cannot be told apart
    from its neighbours in a repetition, so it stands in none."""
    numbers = itertools.count(1)

    def block(depth: int, caught: bool, kinds: tuple[str, ...] = (), alone: bool = True) -> Block:
        leaves = ("user", "user", "user", "stop", "cry", *(("fail", "fail") if caught else ()))
        if more_leaves:
            leaves += (*MORE_LEAVES, *(("refuse",) if caught else ()), *(("hear",) if alone else ()))
        more = (
            "user",
            *CHOICES,
            "parallel",
            "seq",
            "seq",
            "loop",
            "sub",
            "call",
            "repeat",
            "caught",
            "calmed",
            "aside",
        )
        more += ("timed", "timed", "heard")
        kind = draw(st.sampled_from(kinds or (more if depth else leaves)))
        block_id, below = f"{kind}{next(numbers)}", max(0, depth - 1)
        if kind in OF_USERS:
            users = tuple(Block("user", f"{block_id}-{number}") for number in range(3))
            return Block(kind, block_id, users, tuple(sorted(draw(st.sets(st.integers(0, 2), min_size=1)))))
        if kind in leaves:
            return Block(kind, block_id)
        firmly, times = draw(st.booleans()), draw(st.integers(1, 3))
        if kind in ON_EDGE:
            host = block(depth, caught, HOSTS if depth else ("user",), alone)
            handler = block(below, caught, (), alone) if firmly else block(0, False, ("user",))
            return Block(kind, block_id, (host, handler), times=times * 3_600 + next(numbers), firmly=firmly)
        count = draw(st.integers(2, 3)) if kind in ("seq", *CHOICES) else 2 if kind in ("caught", "aside") else 1
        inside = caught or kind == "caught"
        alone = alone and kind not in ("repeat", "aside")
        parts = tuple(block(below, inside if number == 0 else caught, (), alone) for number in range(count))
        if kind == "calmed":
            parts += (block(below, caught) if firmly else block(0, False, ("user",)),)
        ways = draw(st.sets(st.integers(0, count - 1), min_size=1))
        taken = {"parallel": set(range(count)), "exclusive": {min(ways)}}.get(kind, ways)
        return Block(kind, block_id, parts, tuple(sorted(taken)), times, firmly)

    return block(4, False, ("seq",))


@dataclass
class Drawing(LeafDrawing):
    """Blocks as parts of one scope; `others` are the called processes of the whole, `words` the signals of the file.
    `around` are the variables of the repetitions around it, outermost first."""

    parts: list[str] = field(default_factory=list)
    others: list[bytes] = field(default_factory=list)
    words: list[str] = field(default_factory=list)
    around: tuple[str, ...] = ()

    def draw(self, block: Block) -> tuple[str, str]:
        """Draw the block; gives the ids of its first and last element."""
        way: tuple[str, str] = getattr(self, f"_{block.kind}", self._choice)(block)
        return way

    def _add(self, *parts: str) -> None:
        self.parts.extend(parts)

    def _inside(self, block: Block, *items: str, words: list[str] | None = None) -> list[str]:
        inner = Drawing([], self.others, self.words if words is None else words, (*self.around, *items))
        first, last = inner.draw(block)
        ends = (start(f"{block.id}-begin"), end(f"{block.id}-end"))
        return [*ends, *inner.parts, flow(f"{block.id}-begin", first), flow(last, f"{block.id}-end")]

    def _user(self, block: Block) -> tuple[str, str]:
        self._add(user(block.id))
        return block.id, block.id

    def _stop(self, block: Block) -> tuple[str, str]:
        return self._yes_or_on(block, terminate_end(f"{block.id}-yes"))

    def _fail(self, block: Block) -> tuple[str, str]:
        return self._yes_or_on(block, error_end(f"{block.id}-yes", "broken"))

    def _cry(self, block: Block) -> tuple[str, str]:
        asked, last = self._yes_or_on(block, throw(f"{block.id}-yes", inside=escalates("alarm")))
        self._add(flow(f"{block.id}-yes", last))
        return asked, last

    def _yes_or_on(self, block: Block, yes: str) -> tuple[str, str]:
        asked, ask, on = block.id, f"{block.id}-ask", f"{block.id}-on"
        self._add(user(asked), gateway(ask, default=f"{ask}-{on}"), gateway(on), yes)
        self._add(flow(asked, ask), flow(ask, f"{asked}-yes", "=yes"), flow(ask, on))
        return asked, on

    def _seq(self, block: Block) -> tuple[str, str]:
        ways = [self.draw(part) for part in block.parts]
        self._add(*(flow(before[1], after[0]) for before, after in itertools.pairwise(ways)))
        return ways[0][0], ways[-1][1]

    def _choice(self, block: Block) -> tuple[str, str]:
        split, join = f"{block.id}-split", f"{block.id}-join"
        self._add(gateway(split, block.kind), gateway(join, block.kind))
        for number, part in enumerate(block.parts):
            first, last = self.draw(part)
            condition = None if block.kind == "parallel" else f"={str(number in block.taken).lower()}"
            self._add(flow(split, first, condition), flow(last, join))
        return split, join

    def _loop(self, block: Block) -> tuple[str, str]:
        back, ask, on = (f"{block.id}-{word}" for word in ("back", "ask", "on"))
        first, last = self.draw(block.parts[0])
        self._add(gateway(back), user(block.id), gateway(ask, default=f"{ask}-{on}"), gateway(on))
        self._add(flow(back, first), flow(last, block.id), flow(block.id, ask), flow(ask, back, "=yes"), flow(ask, on))
        return back, on

    def _sub(self, block: Block) -> tuple[str, str]:
        self._add(sub(block.id, *self._inside(block.parts[0])))
        return block.id, block.id

    def _call(self, block: Block) -> tuple[str, str]:
        words = [*WORDS]
        inner = self._inside(block.parts[0], words=words)
        self.others.append(diagram(*inner, process_id=f"p-{block.id}", outside="".join(words)))
        self._add(call(block.id, f"p-{block.id}"))
        return block.id, block.id

    def _repeat(self, block: Block) -> tuple[str, str]:
        drawn = sub(block.id, *self._inside(block.parts[0], f"of_{block.id}"))
        items = f"={list(range(1, block.times + 1))}"
        self._add(repeated(drawn, items, sequential=block.firmly, inputElement=f"of_{block.id}"))
        return block.id, block.id

    def _caught(self, block: Block) -> tuple[str, str]:
        self._sub(block)
        self._add(boundary(f"{block.id}-catch", block.id, catches_error("broken")))
        return self._handled(block.id, f"{block.id}-catch", block.parts[1], f"{block.id}-on")

    def _calmed(self, block: Block) -> tuple[str, str]:
        self._sub(block)
        return self._edge(block, block.id, block.id, escalates("alarm"))

    def _timed(self, block: Block) -> tuple[str, str]:
        host = block.parts[0].id
        return self._edge(block, host, self.draw(block.parts[0])[1], timer("timeDuration", f"PT{block.times}S"))

    def _heard(self, block: Block) -> tuple[str, str]:
        host = block.parts[0].id
        return self._edge(block, host, self.draw(block.parts[0])[1], self._signal(block))

    def _aside(self, block: Block) -> tuple[str, str]:
        inner = Drawing([], self.others, self.words, self.around)
        first, last = inner.draw(block.parts[1])
        begin, done = f"{block.id}-heard", f"{block.id}-over"
        ways = (*inner.parts, flow(begin, first), flow(last, done), end(done))
        aside = on(f"{block.id}-on", self._signal(block), *ways, stop=block.firmly, begin=begin)
        self._add(sub(block.id, *self._inside(block.parts[0]), aside))
        return block.id, block.id

    def _signal(self, block: Block) -> str:
        """A signal of the block's own, named as `model.Live.name` has it."""
        items = "".join(f' + "|{item}=" + string({item})' for item in self.around)
        self.words.append(signal(block.id, f'="{block.id}"{items}'))
        return signals(block.id)

    def _edge(self, block: Block, host: str, last: str, event: str) -> tuple[str, str]:
        """An event on the edge of the host, and its handler."""
        edge, handler = f"{block.id}-edge", block.parts[1]
        self._add(boundary(edge, host, event, stop=block.firmly))
        if block.firmly:
            return self._handled(last, edge, handler, f"{block.id}-on")
        self._add(user(handler.id), end(f"{block.id}-end"), flow(edge, handler.id), flow(handler.id, f"{block.id}-end"))
        return host, last

    def _handled(self, host: str, event: str, handler: Block, on: str) -> tuple[str, str]:
        first, last = self.draw(handler)
        self._add(gateway(on), flow(host, on), flow(event, first), flow(last, on))
        return host, on


WORDS = (error("broken", "broken"), escalation("alarm", "alarm"), message("told"))


def files(block: Block) -> dict[str, bytes]:
    """The diagrams of a tree of blocks; its process is `review`."""
    drawing = Drawing(words=[*WORDS])
    inside = drawing._inside(block)
    drawn = [diagram(*inside, outside="".join(drawing.words)), *drawing.others]
    return {f"{number}.bpmn": content for number, content in enumerate(drawn)}
