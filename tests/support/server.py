"""A real Towpath in processes of its own, beside a real pretend case-management system, for tests to drive."""

from __future__ import annotations

import os
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any

import httpx

from handlers.pretend.server import PretendServer

PATIENCE = 30.0
"""Seconds within which a server must answer and deliveries must end."""

QUICK = {"TOWPATH_TICK_SECONDS": "0.1"}
"""What each server is started with, so that nobody waits for the next look at what is due."""

HERE = httpx.Client(trust_env=False, timeout=PATIENCE, limits=httpx.Limits(max_keepalive_connections=0))
"""Calls on this machine: never through a proxy, and never on a connection to a server that was killed since."""


def free_port() -> int:
    """A port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


class RunningPretend:
    """The pretend case-management system on a thread of the test; use it as a `with`."""

    def __init__(self, directory: Path) -> None:
        self.server = PretendServer("127.0.0.1", 0, directory / "pretend.sqlite")
        self.thread = threading.Thread(target=self.server.serve_forever)

    def __enter__(self) -> RunningPretend:
        self.thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: object, trace: TracebackType | None) -> None:
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()

    @property
    def address(self) -> str:
        """Where it answers."""
        return f"http://127.0.0.1:{self.server.server_address[1]}"

    def be(self, mode: str, seconds: float = 0.5) -> None:
        """Tell it to be `ok`, `slow` by so many seconds, `down`, or to `refuse`."""
        HERE.post(f"{self.address}/control", json={"mode": mode, "seconds": seconds}).raise_for_status()

    def records(self) -> list[dict[str, Any]]:
        """Every oversight record it holds, the oldest first."""
        held: list[dict[str, Any]] = HERE.get(f"{self.address}/oversight-records").raise_for_status().json()["records"]
        return held


@dataclass
class RunningServer:
    """Towpath as its user runs it: `towpath serve`, in a process group of its own."""

    directory: Path
    database: Path
    case_management: str
    tokens: Mapping[str, str]
    """Who to bearer token; the case-management system's under `integrator`, people's under their ids."""
    settings: Mapping[str, str] = field(default_factory=dict)
    """Further environment variables."""
    port: int = field(default_factory=free_port)
    process: subprocess.Popen[bytes] | None = None

    @property
    def site(self) -> str:
        """Where the pages answer."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def address(self) -> str:
        """Where the API answers."""
        return f"{self.site}/api/v1"

    @property
    def variables(self) -> dict[str, str]:
        """The environment variables of its processes."""
        return {
            **os.environ,
            "TOWPATH_DATA": str(self.directory),
            "TOWPATH_DATABASE_URL": f"sqlite:///{self.database}",
            "TOWPATH_CASE_MANAGEMENT_URL": self.case_management,
            **QUICK,
            **self.settings,
        }

    def start(self) -> None:
        """Start it unless it runs, and wait until it answers."""
        if self.process is not None and self.process.poll() is None:
            return
        command = [sys.executable, "-m", "service", "serve", "--port", str(self.port)]
        self.process = subprocess.Popen(
            command, env=self.variables, start_new_session=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            try:
                if HERE.get(f"{self.address}/health").status_code == httpx.codes.OK:
                    return
            except httpx.TransportError:
                time.sleep(0.05)
        raise AssertionError("the server did not start")

    def kill(self) -> None:
        """End every process of it at once, as a power cut would."""
        if self.process is not None and self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()

    def propose(self, case: str = "K-101") -> httpx.Response:
        """Post the case event that starts the walk for a case; always the same one."""
        event = {
            "specversion": "1.0",
            "id": f"event-{case}",
            "source": "lcs",
            "type": "closure-proposed",
            "subject": case,
            "data": {},
        }
        return HERE.post(f"{self.address}/events", json=event, headers=self.bearer("integrator"))

    def waiting_tasks(self, person: str) -> dict[str, str]:
        """The user tasks in somebody's queue: case reference to id. A case with two keeps the older one."""
        answer = HERE.get(f"{self.address}/user-tasks", headers=self.bearer(person))
        tasks = answer.raise_for_status().json()["tasks"]
        return {task["case"]["reference"]: task["id"] for task in reversed(tasks)}

    def complete(self, task_id: str, person: str, answers: Mapping[str, Any]) -> httpx.Response:
        """Somebody completes a user task."""
        address = f"{self.address}/user-tasks/{task_id}/completion"
        return HERE.post(address, json={"answers": answers}, headers=self.bearer(person))

    def answer(self, case: str, person: str, answers: Mapping[str, Any]) -> None:
        """Somebody completes the user task that waits for them in a case. Raises when it is refused."""
        self.complete(self.waiting_tasks(person)[case], person, answers).raise_for_status()

    def ask(self, question: str) -> list[tuple[Any, ...]]:
        """What its database answers to a query."""
        connection = sqlite3.connect(f"file:{self.database}?mode=ro", uri=True)
        try:
            return connection.execute(question).fetchall()
        finally:
            connection.close()

    def wait_for(self, question: str, answer: object) -> None:
        """Return once its database gives this one value in answer to a query."""
        until = time.monotonic() + PATIENCE
        while self.ask(question) != [(answer,)]:
            assert time.monotonic() < until, f"{question}: {self.ask(question)}, and not {answer}"
            time.sleep(0.05)

    def tell(self, command: str) -> None:
        """Change its database behind its back."""
        connection = sqlite3.connect(self.database, timeout=PATIENCE)
        try:
            connection.executescript(command)
        finally:
            connection.close()

    def bearer(self, who: str) -> dict[str, str]:
        """The header with which somebody calls the API."""
        return {"Authorization": f"Bearer {self.tokens[who]}"}
