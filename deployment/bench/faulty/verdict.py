"""What was lost and what was doubled, asked of the database, the effects and whoever read the feed. No opinion."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg

from deployment.bench.faulty.clients import HANDS, Ledger

ONCE = {"EventAccepted": 1, "InstanceStarted": 1, "JobCompleted": 1, "TaskCompleted": len(HANDS)}
"""What the history of each walk has, but for its timers: the second fires only when nobody answers within a second."""


@dataclass
class Verdict:
    """Asks one database. Each check yields a sentence for everything that is not as it was promised."""

    url: str
    ledger: Ledger
    effects: Path
    seen: Sequence[str]
    """Ids of the feed's events in the order a reader got them."""

    def told(self) -> dict[str, Any]:
        """Counts of what there is, and every sentence; `lost` is empty when nothing was lost or doubled."""
        with psycopg.connect(self.url) as connection:
            self.connection = connection
            checks = (self._events, self._completions, self._walks, self._effects, self._history, self._feed)
            wrong = [*self.ledger.strange, *(sentence for check in checks for sentence in check())]
            return {
                "events": len(self.ledger.events),
                "completions": len(self.ledger.completions),
                "completions_told_by_conflict": len(self.ledger.unsure),
                "outgoing": len(self.seen),
                "history_entries": self._ask("SELECT count(*) FROM history")[0][0],
                "effects_repeated_under_their_key": self.repeated,
                "answers": dict(sorted(self.ledger.answers.items())),
                "lost": wrong,
            }

    repeated = 0

    def unfinished(self) -> int:
        """How many walks that were begun have not come to their end."""
        with psycopg.connect(self.url) as connection:
            self.connection = connection
            return int(self._ask("SELECT count(*) FROM process_instances WHERE status = 'running'")[0][0])

    def _ask(self, question: str) -> list[tuple[Any, ...]]:
        return self.connection.execute(question.encode()).fetchall()

    def _events(self) -> Iterator[str]:
        known = dict(self._ask("SELECT id, status FROM case_events"))
        for case, row_id in self.ledger.events.items():
            if known.get(row_id) != "delivered":
                yield f"the accepted event of {case} is {known.get(row_id, 'not there')}"

    def _completions(self) -> Iterator[str]:
        known = {task: (element, status) for task, element, status in self._ask(
            "SELECT id, element_id, status FROM user_tasks")}  # fmt: skip
        for (case, element), task in self.ledger.completions.items():
            if known.get(task) != (element, "completed"):
                yield f"the answered completion of {element} in {case} is {known.get(task, 'not there')}"

    def _walks(self) -> Iterator[str]:
        started: Counter[str] = Counter()
        for case, status in self._ask("SELECT case_reference, status FROM process_instances"):
            started[case] += 1
            if status != "completed":
                yield f"the walk of {case} is {status}"
        for case in self.ledger.events.keys() | started.keys():
            if started[case] != 1:
                yield f"{case} was begun {started[case]} times"
        for what, message in self._ask("SELECT what, message FROM incidents WHERE resolved_at IS NULL"):
            yield f"stuck: {what}: {message}"

    def _effects(self) -> Iterator[str]:
        keys: defaultdict[str, set[str]] = defaultdict(set)
        attempts = 0
        for line in self.effects.read_text().splitlines():
            instance, key, _ = line.split()
            keys[instance].add(key)
            attempts += 1
        self.repeated = attempts - sum(map(len, keys.values()))
        for (instance,) in self._ask("SELECT id FROM process_instances"):
            if len(keys[instance]) != 1:
                yield f"the effect of {instance} happened under {len(keys[instance])} keys"

    def _history(self) -> Iterator[str]:
        verbs: defaultdict[str, Counter[str]] = defaultdict(Counter)
        for case, verb in self._ask("SELECT case_reference, verb FROM history"):
            verbs[case][verb] += 1
        nudges = Counter(case for (case,) in self._ask("SELECT case_reference FROM outbox WHERE type = 'walk-nudged'"))
        ends = Counter(case for (case,) in self._ask("SELECT case_reference FROM outbox WHERE type = 'walk-ended'"))
        for case in self.ledger.events:
            found = {verb: verbs[case][verb] for verb in ONCE}
            if found != ONCE:
                yield f"the history of {case} has {found}"
            if not 1 <= verbs[case]["TimerFired"] <= 2 or nudges[case] > 1:
                yield f"in {case} timers fired {verbs[case]['TimerFired']} times and nudged {nudges[case]} times"
            if ends[case] != 1:
                yield f"the end of {case} was sent {ends[case]} times"

    def _feed(self) -> Iterator[str]:
        kept = [row_id for (row_id,) in self._ask("SELECT id FROM outbox ORDER BY sequence")]
        if Counter(self.seen) != Counter(kept):
            yield f"the feed's reader got {len(self.seen)} of {len(kept)} events, {len(set(self.seen))} different"
