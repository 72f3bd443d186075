"""The processes of an installation, each in a group of its own: started, killed outright, and started again."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

LOGGED = 2_000_000
"""Bytes after which a node's log begins anew."""


@dataclass
class Node:
    """One process of the service. A fault may kill it at any moment; the keeper starts it again."""

    name: str
    command: list[str]
    variables: Mapping[str, str]
    log: Path
    process: subprocess.Popen[bytes] | None = None
    started: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def start(self) -> None:
        """Start it unless it runs."""
        with self._lock:
            if self.process is not None and self.process.poll() is None:
                return
            fresh = not self.log.exists() or self.log.stat().st_size > LOGGED
            with self.log.open("wb" if fresh else "ab") as log:
                self.process = subprocess.Popen(
                    self.command, env={**os.environ, **self.variables}, start_new_session=True,
                    stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                )  # fmt: skip
            self.started += 1

    def kill(self) -> None:
        """End every process of it at once, as a power cut would."""
        with self._lock:
            if self.process is not None:
                with contextlib.suppress(ProcessLookupError):
                    os.killpg(self.process.pid, signal.SIGKILL)
                self.process.wait()


def command(*arguments: str) -> list[str]:
    """A command of `towpath` under the clock of the bench."""
    return [sys.executable, "-m", "deployment.bench.faulty.clocked", *arguments]
