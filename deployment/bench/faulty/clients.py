"""Clients that insist: each walk is driven from its case event to its last answer, and whatever is not answered is
asked again, word for word, until it is. What was answered is written down for the verdict."""

from __future__ import annotations

import random
import threading
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import httpx

HANDS = ("first", "second")
"""The user tasks of a walk, in order."""

AT_ONCE = 6
"""How many walks a client has under way."""

GONE = 409
"""What the service answers to a completion that has been made before."""


@dataclass
class Ledger:
    """What the service has promised, and how often it had to be asked."""

    events: dict[str, str] = field(default_factory=dict)
    """Case reference to Towpath's id of the accepted event."""
    completions: dict[tuple[str, str], str] = field(default_factory=dict)
    """Case reference and element to the task that was answered."""
    unsure: set[tuple[str, str]] = field(default_factory=set)
    """Those whose first answer was lost: a Conflict told that they had been made."""
    answers: Counter[str] = field(default_factory=Counter)
    strange: list[str] = field(default_factory=list)
    """Answers that no fault explains."""

    def answered(self) -> int:
        """How many requests were answered, refusals included."""
        return sum(number for answer, number in dict(self.answers).items() if answer.isdigit() and int(answer) < 500)

    def wait_for(self, number: int, seconds: float) -> None:
        """Return once so many more requests were answered, or after so many seconds."""
        enough, until = self.answered() + number, time.monotonic() + seconds
        while self.answered() < enough and time.monotonic() < until:
            time.sleep(0.02)


@dataclass
class Client:
    """One client of the service with a share of the walks."""

    sites: Sequence[str]
    tokens: Mapping[str, str]
    worker: str
    cases: Sequence[str]
    ledger: Ledger
    stop: threading.Event
    begin_no_more: threading.Event
    chance: random.Random

    def run(self) -> None:
        """Drive the walks, a few at a time, until all have been answered or the bench stops."""
        with httpx.Client(trust_env=False, timeout=10.0) as http:
            to_begin, going = list(reversed(self.cases)), dict[str, int]()
            while not self.stop.is_set():
                if self.begin_no_more.is_set():
                    to_begin.clear()
                if not (to_begin or going):
                    return
                while to_begin and len(going) < AT_ONCE:
                    case = to_begin.pop()
                    if self._begin(http, case):
                        going[case] = 0
                for case, task in self._waiting(http).items():
                    if case in going and self._complete(http, case, HANDS[going[case]], task):
                        going[case] += 1
                        if going[case] == len(HANDS):
                            del going[case]
                time.sleep(0.05)

    def _begin(self, http: httpx.Client, case: str) -> bool:
        event = {
            "specversion": "1.0", "id": f"walk-{case}", "source": "bench", "type": "walk-asked", "subject": case,
            "data": {},
        }  # fmt: skip
        answer, _ = self._insist(http, "POST", "/events", "bench", event)
        if answer is None:
            return False
        if not answer.is_success:
            self.ledger.strange.append(f"event {case}: {answer.status_code} {answer.text[:300]}")
            return False
        self.ledger.events[case] = answer.json()["id"]
        return True

    def _waiting(self, http: httpx.Client) -> dict[str, str]:
        answer, _ = self._insist(http, "GET", "/user-tasks?limit=200", self.worker, None)
        if answer is None or not answer.is_success:
            return {}
        return {task["case"]["reference"]: task["id"] for task in answer.json()["tasks"]}

    def _complete(self, http: httpx.Client, case: str, element: str, task: str) -> bool:
        path = f"/user-tasks/{task}/completion"
        answer, lost = self._insist(http, "POST", path, self.worker, {"answers": {}})
        if answer is None:
            return False
        if answer.status_code == GONE and lost:
            self.ledger.unsure.add((case, element))
        elif answer.status_code == GONE:
            return False  # locked or changed by something else: the queue is read again
        elif not answer.is_success:
            self.ledger.strange.append(f"{element} of {case}: {answer.status_code} {answer.text[:300]}")
            return False
        self.ledger.completions[case, element] = task
        return True

    def _insist(
        self, http: httpx.Client, method: str, path: str, who: str, body: Mapping[str, Any] | None
    ) -> tuple[httpx.Response | None, bool]:
        """The first answer that is one, neither a broken connection nor a server in trouble; and whether one was lost.

        None when the bench ends before there is one.
        """
        lost = False
        while not self.stop.is_set():
            site = self.chance.choice(self.sites)
            try:
                answer = http.request(
                    method, f"{site}/api/v1{path}", json=body, headers={"Authorization": f"Bearer {self.tokens[who]}"}
                )
            except httpx.TransportError as error:
                self.ledger.answers[type(error).__name__] += 1
            else:
                self.ledger.answers[str(answer.status_code)] += 1
                if answer.status_code < httpx.codes.INTERNAL_SERVER_ERROR:
                    return answer, lost
            lost = True
            time.sleep(0.05)
        return None, lost


@dataclass
class FeedReader:
    """Somebody who reads the feed by its cursor, as integrators do, and must miss nothing."""

    sites: Sequence[str]
    token: str
    stop: threading.Event
    seen: list[str] = field(default_factory=list)

    def run(self) -> None:
        """Read until the bench stops."""
        cursor = 0
        with httpx.Client(trust_env=False, timeout=10.0, headers={"Authorization": f"Bearer {self.token}"}) as http:
            while not self.stop.is_set():
                for site in self.sites:
                    try:
                        answer = http.get(f"{site}/api/v1/feed", params={"after": cursor, "limit": 500})
                    except httpx.TransportError:
                        continue
                    if answer.is_success:
                        self.seen += [event["id"] for event in answer.json()["events"]]
                        cursor = answer.json()["next_after"]
                time.sleep(0.1)
