"""Instances kept open from one turn to the next, so that the next need not read them. How they are read is not here.

They are found by the bytes themselves and the diagrams: a process that holds an older state, or another release, finds
nothing and reads what it has. An instance is taken out to be worked on, so that no two turns share one; a turn that
fails puts nothing back, and the next reads the last good bytes.
"""

from __future__ import annotations

import threading
from collections import OrderedDict

from service.engine.diagrams import Diagrams
from service.engine.instance import Instance

MOST_INSTANCES = 256
MOST_BYTES = 16 * 1024 * 1024
"""Of states; in memory an instance takes about ten times as much."""


class Kept:
    """Instances at rest, the ones used longest ago dropped first. Threads may share it."""

    def __init__(self, most_instances: int = MOST_INSTANCES, most_bytes: int = MOST_BYTES) -> None:
        self._most_instances, self._most_bytes = most_instances, most_bytes
        self._instances: OrderedDict[tuple[Diagrams, bytes], Instance] = OrderedDict()
        self._bytes = 0
        self._lock = threading.Lock()

    def put(self, diagrams: Diagrams, state: bytes, instance: Instance) -> None:
        """Keep an instance; whoever puts it must not touch it afterwards."""
        if len(state) > self._most_bytes:
            return
        with self._lock:
            self._remove((diagrams, state))
            self._instances[diagrams, state] = instance
            self._bytes += len(state)
            while len(self._instances) > self._most_instances or self._bytes > self._most_bytes:
                (_, dropped), _ = self._instances.popitem(last=False)
                self._bytes -= len(dropped)

    def take(self, diagrams: Diagrams, state: bytes) -> Instance | None:
        """The instance in this state, which is nobody else's from now on; None when none is kept."""
        with self._lock:
            return self._remove((diagrams, state))

    def clear(self) -> None:
        """Forget all."""
        with self._lock:
            self._instances.clear()
            self._bytes = 0

    def _remove(self, key: tuple[Diagrams, bytes]) -> Instance | None:
        instance = self._instances.pop(key, None)
        if instance is not None:
            self._bytes -= len(key[1])
        return instance


KEPT = Kept()
"""Those of this operating system process."""
