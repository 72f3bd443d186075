"""What every operation is given: the clock, the settings, and the rule books in use. No request, no session."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from service import clock, engine
from service.config import Config
from service.decisions import Decided
from service.definitions.rulebook import RuleBook, load_rulebook
from service.domain.errors import ModelError
from service.feel import HostFunction
from service.store import releases
from service.wakeups import Bell


def utc_now() -> datetime:
    """The instant, aware, in UTC."""
    return datetime.now(UTC)


@dataclass(frozen=True)
class ReleaseInUse:
    """A published release, opened: rule book and diagrams, shared by every instance that is pinned to it."""

    number: int
    rulebook: RuleBook
    diagrams: engine.Diagrams

    def functions(self, now: datetime) -> Mapping[str, HostFunction]:
        """The clock's functions for FEEL, at this instant."""
        return clock.feel_functions(self.rulebook.calendar, self.rulebook.timescale, now)

    def decider(self, now: datetime) -> Callable[[str, Mapping[str, Any]], Decided]:
        """How a diagram or a guard has a decision made, at this instant."""
        functions = self.functions(now)
        return lambda decision_id, context: self.rulebook.library.decide(decision_id, context, functions=functions)


def open_release(number: int, files: Mapping[str, bytes]) -> ReleaseInUse:
    """Read a rule book's files whole. Raises ModelError naming the file that is wrong."""
    rulebook = load_rulebook(files)
    return ReleaseInUse(number=number, rulebook=rulebook, diagrams=engine.compile_diagrams(rulebook.bpmn))


@dataclass
class ReleaseCache:
    """Releases opened once per process. A release never changes, so nothing here is ever stale."""

    _opened: dict[int, ReleaseInUse] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def get(self, number: int) -> ReleaseInUse:
        """The release with this number. Raises ModelError when it is not stored or cannot be read."""
        with self._lock:
            opened = self._opened.get(number)
            if opened is None:
                files = releases.release_files(number)
                if not files:
                    raise ModelError(f"release {number} of the rule book is not in the database")
                opened = self._opened[number] = open_release(number, files)
            return opened


@dataclass(frozen=True)
class Environment:
    """One installation, running."""

    config: Config
    now: Callable[[], datetime] = utc_now
    releases: ReleaseCache = field(default_factory=ReleaseCache)
    job_types: frozenset[str] = frozenset()
    """The job types that have a handler."""
    wakeups: Bell = field(default_factory=Bell)
    """Calls whoever waits for due work."""
