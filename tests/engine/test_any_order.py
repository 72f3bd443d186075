"""Random diagrams driven by all that can happen, in any order, compared after every step with the plain model and with
an instance that is never saved and forgets nothing. What single elements do is tested elsewhere."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from service.domain.errors import Conflict
from service.domain.outcome import Outcome
from service.domain.stimuli import (
    InstanceCancelled,
    JobCompleted,
    JobRefused,
    MessageReceived,
    SignalReceived,
    Stimulus,
    TaskCompleted,
    TimePassed,
)
from service.engine import compile_diagrams
from service.engine.advancing import apply
from service.engine.instance import Instance
from service.engine.keeping import KEPT
from service.engine.nested import Entrance, begin
from service.engine.reporting import outcome
from service.engine.turn import Turn
from tests.engine.blocks import Block, block_trees, files
from tests.engine.model import Cried, Key, Scope, World
from tests.engine.story import MONDAY, Story
from tests.feel.randomly import laws

MOST_STEPS = 400
Act = Callable[[bool], Stimulus]


class Unpruned(Instance):
    """An instance that is never saved and keeps all it has been through."""

    def leave_behind(self) -> None:
        """Leave nothing behind."""


class Twin:
    """The unpruned run of the same diagrams."""

    def __init__(self, tree: Block) -> None:
        self.diagrams = compile_diagrams(files(tree))
        self.instance = Unpruned(self.diagrams.specs["review"], self.diagrams.specs, self._turn(0))
        begin(self.instance, Entrance())
        self._rest()

    def act(self, stimulus: Stimulus, seconds: int) -> None:
        self.instance.turn = self._turn(seconds)
        apply(self.instance, stimulus)
        self._rest()

    def _rest(self) -> None:
        self.instance.run_to_rest()
        self.outcome = outcome(self.instance)

    def _turn(self, seconds: int) -> Turn:
        return Turn(MONDAY + timedelta(seconds=seconds), {"case": {}, "settings": {}}, lambda *_: None, {})


class AnyOrder(RuleBasedStateMachine):
    """The engine, its unpruned twin and the model, each told the same."""

    @initialize(tree=block_trees(more_leaves=True), always_read=st.booleans())
    def begun(self, tree: Block, always_read: bool) -> None:
        self.always_read = always_read
        self.tale, self.twin = Story(files(tree)).begin(), Twin(tree)
        self.world = World()
        self.model = Scope(tree, self.world, None, ())
        self.gone: list[Stimulus] = []
        self.completed: list[Key] = []
        self.cancelled = False

    @property
    def ended(self) -> bool:
        return self.tale.outcome.ended is not None

    def settle(self) -> None:
        """An escalation that nobody takes up changes nothing."""
        try:
            self.model.settle()
        except Cried:
            self.settle()

    def going_on(self) -> bool:
        """Whether anything is still open."""
        return not self.ended

    @precondition(going_on)
    @rule(number=st.integers(0, 20), yes=st.booleans())
    def something_is_done(self, number: int, yes: bool) -> None:
        """A task completed, a job done or refused, a message received."""
        waiting = sorted(things(self.tale.outcome), key=lambda thing: thing[0])
        if not waiting:
            return
        key, act = waiting[number % len(waiting)]
        leaf = next(leaf for leaf in self.model.leaves() if leaf.key == key)
        leaf.answer = yes
        self.completed = [key]
        theirs = next(act for other, act in things(self.twin.outcome) if other == key)
        self.gone.append(act(yes))
        if self.always_read:
            KEPT.clear()
        self.tale.act(act(yes))
        self.twin.act(theirs(yes), self.world.now)
        self.settle()

    @precondition(going_on)
    @rule(half_hours=st.integers(1, 9))
    def time_passes(self, half_hours: int) -> None:
        """No two timers of a diagram are due at the same second but by waiting long; then both orders are right."""
        later = self.world.now + half_hours * 1_800
        due = [clock.due for clock in self.model.clocks() if clock.due <= later]
        if len(set(due)) < len(due):
            return
        self.world.now = later
        while clocks := [clock for clock in self.model.clocks() if clock.due <= later]:
            min(clocks, key=lambda clock: clock.due).fire()
            self.settle()
        self.tale.now = MONDAY + timedelta(seconds=later)
        self.tale.act(TimePassed())
        self.twin.act(TimePassed(), later)

    @precondition(going_on)
    @rule(number=st.integers(0, 20))
    def a_signal_comes(self, number: int) -> None:
        """Somewhere a signal is thrown that one of the open events waits for."""
        waiting = sorted(self.tale.outcome.signals, key=lambda item: item.signal)
        if not waiting:
            return
        chosen = waiting[number % len(waiting)]
        theirs = next(item for item in self.twin.outcome.signals if item.signal == chosen.signal)
        next(ear for ear in self.model.ears() if ear.name == chosen.signal).fire()
        self.tale.act(SignalReceived(chosen.id, {}))
        self.twin.act(SignalReceived(theirs.id, {}), self.world.now)
        self.settle()

    @precondition(going_on)
    @rule(sure=st.integers(0, 7))
    def the_whole_is_cancelled(self, sure: int) -> None:
        if sure:
            return
        open_tasks = Counter(task.element_id for task in self.tale.outcome.user_tasks)
        self.tale.act(InstanceCancelled("entered twice"))
        cancelled = Counter(item.element_id for item in self.tale.outcome.passed if item.kind == "userTask")
        assert open_tasks <= cancelled
        self.cancelled = True

    @rule()
    def the_service_restarts(self) -> None:
        """Whatever was kept open in memory is read from its bytes again."""
        KEPT.clear()

    @rule(number=st.integers(0, 200))
    def something_comes_twice(self, number: int) -> None:
        """Somebody is late or clicks again: a Conflict that changes nothing."""
        if self.gone:
            with pytest.raises(Conflict):
                self.tale.act(self.gone[number % len(self.gone)])

    @invariant()
    def all_three_say_the_same(self) -> None:
        said = self.tale.outcome
        if self.cancelled:
            assert (said.ended is not None, list(things(said)), said.state) == (True, [], b"")
            return
        wanted = Counter(leaf.key for leaf in self.model.leaves())
        assert Counter(key for key, _ in things(said)) == wanted
        assert Counter(key for key, _ in things(self.twin.outcome)) == wanted
        assert Counter(item.signal for item in said.signals) == Counter(ear.name for ear in self.model.ears())
        assert self.ended == self.model.done == (self.twin.outcome.ended is not None)
        due = min((MONDAY + timedelta(seconds=clock.due) for clock in self.model.clocks()), default=None)
        assert said.wake_at == self.twin.outcome.wake_at == due
        lost = Counter(key[0] for key in self.world.cancelled if ":" not in key[0])
        assert lost <= Counter(item.element_id for item in said.passed if item.state == "cancelled")
        self.world.cancelled = []

    def teardown(self) -> None:
        """However it was driven, it comes to its end."""
        for _ in range(MOST_STEPS):
            if getattr(self, "tale", None) is not None and self.going_on():
                self.something_is_done(0, yes=False)
                self.all_three_say_the_same()


def things(said: Outcome) -> Iterator[tuple[Key, Act]]:
    """Everything that waits for somebody, and what to tell the engine when it is answered."""
    for task in said.user_tasks:
        yield named(task.element_id, task), lambda yes, task=task: TaskCompleted(task.id, {"yes": yes})
    for job in said.jobs:
        name = f"{job.element_id}:{job.listener}" if job.listener else job.element_id
        yield named(name, job), lambda yes, job=job: _job(job, yes)
    for awaited in said.awaited:
        yield (awaited.element_id, ()), lambda _, awaited=awaited: MessageReceived(awaited.id)


def _job(job, yes: bool) -> Stimulus:
    refused = yes and job.element_id.startswith("refuse")
    return JobRefused(job.id, "broken") if refused else JobCompleted(job.id)


def named(name: str, thing) -> Key:
    return name, tuple(item for item in thing.variables.items() if item[0].startswith("of_"))


TestAnyOrder = AnyOrder.TestCase
TestAnyOrder.settings = settings(laws(60), stateful_step_count=20)
