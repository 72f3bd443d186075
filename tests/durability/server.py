"""A real Towpath in processes of its own, beside a real pretend case-management system; killed and started at will."""

from __future__ import annotations

import os
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

PATIENCE = 30.0
"""Seconds within which a server must answer and deliveries must end."""

PEOPLE = ("sw1-cin-east", "tm-cin-east", "sm-cin-east")

EVENT = {
    "specversion": "1.0",
    "id": "event-1",
    "source": "lcs",
    "type": "closure-proposed",
    "subject": "K-101",
    "data": {},
}

QUESTIONS = {
    "history": "SELECT verb, subject, CASE WHEN actor_id LIKE 'token:%' THEN 'token' ELSE actor_id END FROM history",
    "tasks": "SELECT element_id, status, ended_by FROM user_tasks",
    "answers": "SELECT element_id, given_by FROM answers JOIN user_tasks ON user_tasks.id = answers.task_id",
    "outbox": "SELECT type, case_reference FROM outbox",
    "events": "SELECT type, status FROM case_events",
    "jobs": "SELECT type, status FROM jobs",
    "records": "SELECT level, outcome, receipt_at IS NOT NULL FROM oversight_records",
    "instances": "SELECT process_id, status FROM process_instances",
    "case": "SELECT status, (SELECT count(*) FROM involvements WHERE case_reference = reference AND ended_on IS NULL) "
    "FROM cases WHERE reference = 'K-101'",
}


def free_port() -> int:
    """A port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@dataclass
class RunningServer:
    """Towpath as its user runs it: `towpath serve`, in a process group of its own."""

    directory: Path
    database: Path
    case_management: str
    tokens: Mapping[str, str]
    """Who to bearer token."""
    port: int = field(default_factory=free_port)
    process: subprocess.Popen[bytes] | None = None

    @property
    def address(self) -> str:
        """Where the API answers."""
        return f"http://127.0.0.1:{self.port}/api/v1"

    @property
    def variables(self) -> dict[str, str]:
        """The environment variables of its processes."""
        return {
            **os.environ,
            "TOWPATH_DATA": str(self.directory),
            "TOWPATH_DATABASE_URL": f"sqlite:///{self.database}",
            "TOWPATH_CASE_MANAGEMENT_URL": self.case_management,
            "TOWPATH_TICK_SECONDS": "0.1",
            "TOWPATH_LEASE_SECONDS": "1",
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
                if httpx.get(f"{self.address}/health").status_code == httpx.codes.OK:
                    return
            except httpx.TransportError:
                time.sleep(0.05)
        raise AssertionError("the server did not start")

    def kill(self) -> None:
        """End every process of it at once, as a power cut would."""
        if self.process is not None and self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()

    def propose(self) -> httpx.Response:
        """Post the case event that starts the walk; always the same one."""
        return httpx.post(f"{self.address}/events", json=EVENT, headers=self._bearer("integrator"), timeout=PATIENCE)

    def waiting_task(self, person: str) -> str:
        """The id of the one user task in somebody's queue."""
        answer = httpx.get(f"{self.address}/user-tasks", headers=self._bearer(person), timeout=PATIENCE)
        [task] = answer.raise_for_status().json()["tasks"]
        task_id: str = task["id"]
        return task_id

    def complete(self, task_id: str, person: str, answers: Mapping[str, Any]) -> httpx.Response:
        """Somebody completes a user task."""
        address = f"{self.address}/user-tasks/{task_id}/completion"
        return httpx.post(address, json={"answers": answers}, headers=self._bearer(person), timeout=PATIENCE)

    def delivered(self) -> None:
        """Wait until every process has ended and every event is delivered."""
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            pending = [status for _, status in self._ask(QUESTIONS["instances"]) + self._ask(QUESTIONS["events"])]
            if "running" not in pending and "accepted" not in pending:
                return
            time.sleep(0.1)
        raise AssertionError(f"never delivered: {self.facts()}")

    def facts(self) -> dict[str, Counter[Any]]:
        """Everything that happened, as counts: what is in the database, and what the case-management system holds."""
        found = {name: Counter(self._ask(question)) for name, question in QUESTIONS.items()}
        held = httpx.get(f"{self.case_management}/oversight-records").raise_for_status().json()
        found["case management"] = Counter(record["record"]["level"] for record in held["records"])
        return found

    def _ask(self, question: str) -> list[tuple[Any, ...]]:
        connection = sqlite3.connect(f"file:{self.database}?mode=ro", uri=True)
        try:
            return connection.execute(question).fetchall()
        finally:
            connection.close()

    def _bearer(self, who: str) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.tokens[who]}"}
