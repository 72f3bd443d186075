"""What may not be lost or repeated when a server is killed, as counts. The server itself is in `tests/support`."""

from __future__ import annotations

import time
from collections import Counter
from typing import Any

from tests.support.server import PATIENCE, RunningPretend, RunningServer

Facts = dict[str, Counter[Any]]

QUESTIONS = {
    "history": "SELECT verb, subject, CASE WHEN actor_id LIKE 'token:%' THEN 'token' ELSE actor_id END FROM history",
    "tasks": "SELECT element_id, status, ended_by FROM user_tasks",
    "answers": "SELECT element_id, ended_by FROM user_tasks WHERE answers IS NOT NULL",
    "outbox": "SELECT type, case_reference FROM outbox",
    "events": "SELECT type, status FROM case_events",
    "jobs": "SELECT type, status FROM jobs",
    "records": "SELECT level, outcome, receipt_at IS NOT NULL FROM oversight_records",
    "instances": "SELECT process_id, status FROM process_instances",
    "case": "SELECT status, (SELECT count(*) FROM involvements WHERE case_reference = reference AND ended_on IS NULL) "
    "FROM cases WHERE reference = 'K-101'",
}


def wait_until_delivered(server: RunningServer) -> None:
    """Return once every process has ended and every event is delivered."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        pending = [status for _, status in server.ask(QUESTIONS["instances"]) + server.ask(QUESTIONS["events"])]
        if "running" not in pending and "accepted" not in pending:
            return
        time.sleep(0.1)
    raise AssertionError(f"never delivered: {pending}")


def facts(server: RunningServer, pretend: RunningPretend) -> Facts:
    """Everything that happened: what is in the database, and what the case-management system holds."""
    found = {name: Counter(server.ask(question)) for name, question in QUESTIONS.items()}
    found["case management"] = Counter(held["record"]["level"] for held in pretend.records())
    return found
