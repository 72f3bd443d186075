"""What completing a user task costs: modules and lines loaded, statements, commits, time. The last line is JSON.

    .venv/bin/python -m deployment.bench.completion [--rounds 30]

One installation on SQLite in a temporary directory, one case after another. Times are of the operation alone,
without HTTP, warm, and depend on the machine and its disk; the counts do not.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

from service.operations.environment import ReleaseCache
from service.operations.tasks import complete_task
from service.store.cases import CaseRow, InvolvementRow
from service.store.tables import begin_writing, db
from tests.support.counting import Counting
from tests.support.world import EXEMPLAR, SIGNATURE, START, World, make_ready, make_world

WARMING = 3
"""Rounds that are not counted: the first ones compile expressions and statements."""

LOAD = """
import json, sys
import service.operations.tasks
print(json.dumps({name: module.__file__ for name, module in sys.modules.items() if name.split(".")[0] == "service"}))
"""


def main() -> None:
    """Walk one closure after another and tell what each completion cost."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=30)
    rounds = parser.parse_args().rounds
    times: dict[str, list[float]] = {}
    counts: dict[str, Counter[str]] = {}
    with tempfile.TemporaryDirectory() as directory:
        address = f"sqlite:///{Path(directory) / 'towpath.sqlite'}"
        make_ready(Path(directory), address)
        world = make_world(Path(directory), address, ReleaseCache())
        with world.app.app_context():
            for number in range(rounds + WARMING):
                if number == WARMING:
                    times.clear()
                walk(world, new_case(number), times, counts)
            db.engine.dispose()
    print(json.dumps({"database": "SQLite", "rounds": rounds, **loaded(), "steps": told(times, counts)}))


def new_case(number: int) -> str:
    """A case like the demo's first one."""
    reference = f"B-{number}"
    begin_writing()
    db.session.add(
        CaseRow(
            reference=reference,
            label=f"Child {reference}",
            owning_team_id="cin-east",
            allocated_worker_id="sw1-cin-east",
            facts={"childProtectionPlan": False, "lookedAfter": False, "strongerFamilies": False, "unallocated": False},
            facts_as_of=START,
        )
    )
    db.session.flush()
    db.session.add(
        InvolvementRow(
            id=f"{reference}-1",
            case_reference=reference,
            kind="key-team",
            name="Children in Need East",
            role="Key team",
            started_on=date(2026, 1, 5),
        )
    )
    db.session.commit()
    db.session.close()
    return reference


def walk(world: World, case: str, times: dict[str, list[float]], counts: dict[str, Counter[str]]) -> None:
    """One closure, each completion timed and its statements counted."""
    world.propose(case)
    exemplar = {**EXEMPLAR, "involvementsEnding": [f"{case}-1"]}
    people = (("sw1-cin-east", exemplar), ("tm-cin-east", SIGNATURE), ("sm-cin-east", SIGNATURE))
    for number, (person, answers) in enumerate(people, start=1):
        element = "complete_closure_exemplar" if number == 1 else "sign"
        actor, task = world.person(person), world.task(element, case)
        with Counting() as counted:
            began = time.perf_counter()
            complete_task(world.env, actor, task_id=task, answers=answers)
            took = (time.perf_counter() - began) * 1000
        times.setdefault(f"{number} {element}", []).append(took)
        counts[f"{number} {element}"] = Counter(statements=len(counted.statements), commits=counted.commits)


def loaded() -> dict[str, Any]:
    """What a fresh process loads of the service in order to complete a user task, by room."""
    done = subprocess.run([sys.executable, "-c", LOAD], check=True, capture_output=True, text=True)
    files: dict[str, str] = json.loads(done.stdout)
    lines = {name: len(Path(file).read_text().splitlines()) for name, file in files.items()}
    rooms: Counter[str] = Counter()
    for name, count in lines.items():
        rooms[name.split(".")[1] if "." in name else name] += count
    return {
        "modules_loaded": len(lines),
        "lines_loaded": sum(lines.values()),
        "lines_by_room": dict(sorted(rooms.items())),
    }


def told(times: dict[str, list[float]], counts: dict[str, Counter[str]]) -> list[dict[str, Any]]:
    """Each step with its median and its counts."""
    return [
        {"step": name, "median_ms": round(statistics.median(values), 1), **counts[name]}
        for name, values in times.items()
    ]


if __name__ == "__main__":
    main()
