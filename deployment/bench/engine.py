"""What a step of the engine costs: load, step and save, against SpiffWorkflow that only keeps it all. Last line: JSON.

    .venv/bin/python -m deployment.bench.engine [--rounds 15] [--postgres postgresql+psycopg://user@host/database]

The bar is SpiffWorkflow itself, as it comes, on the same process of 12 user tasks with boundary timers: it holds its
instance in memory and saves nothing. It is timed twice: as installed, where it gathers what it would log whenever a
task changes its state, and with its loggers at WARNING, as Towpath sets them ("quiet"). Towpath's step takes the stored
bytes and gives new ones. "Warm" is a process that has this instance open from the step before, "cold" one that has not
seen it; diagrams and expressions are compiled in both. The commit is timed apart: one row's bytes updated and
committed, by the clock on the wall.

All other times are of the processor, not of the clock, so that other work on the machine counts less. Engines take
turns in every round, a ratio is that of one round, and given are the median, least and greatest of all rounds.
"""

from __future__ import annotations

import argparse
import json
import logging
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from sqlalchemy import create_engine, text

from deployment.bench import engine_subjects as subjects
from deployment.bench.engine_subjects import Ours
from service.domain.outcome import Outcome
from service.engine.keeping import KEPT

TASKS = 12
TURNS = 200
WIDTHS = (1, 10, 50, 100, 200)
SIZES = (1_000, 10_000, 100_000, 1_000_000)
LENGTHS = (12, 48, 192)
LOGGERS = ("spiff", "spiff.task", "spiff.workflow")


def main() -> None:
    """Time everything and print one JSON object."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--postgres")
    given = parser.parse_args()
    found: dict[str, Any] = {
        "rounds": given.rounds,
        "twelve_tasks": twelve_tasks(given.rounds),
        "weekly_review": weekly_review(given.rounds),
        "by_finished_tasks": {length: finished(length, given.rounds) for length in LENGTHS},
        "by_open_tasks": {width: wide(subjects.beside(width)) for width in WIDTHS},
        "by_repetitions_at_once": {width: wide(subjects.many(width, sequential=False)) for width in WIDTHS},
        "by_repetitions_in_turn": {width: wide(subjects.many(width, sequential=True)) for width in WIDTHS},
        "by_bytes_of_variables": {size: heavy(size, given.rounds) for size in SIZES},
        "inside": inside(given.rounds),
        "commit_ms": commits(given.postgres, given.rounds),
    }
    print(json.dumps(found))


def twelve_tasks(rounds: int) -> dict[str, Any]:
    """The bar: one step of the process with 12 tasks, in each way."""
    drawn = subjects.chain(TASKS)
    ours, begin = Ours(drawn), subjects.spiff(drawn)
    ways: dict[str, Callable[[], list[float]]] = {
        "spiffworkflow": lambda: _spiff_walk(begin, logging.NOTSET),
        "spiffworkflow_quiet": lambda: _spiff_walk(begin, logging.WARNING),
        "warm": lambda: [took for took, _ in walk(ours)],
        "cold": lambda: [took for took, _ in walk(ours, KEPT.clear)],
    }
    seen: dict[str, list[float]] = {name: [] for name in ways}
    for number in range(rounds + 2):
        for name, way in ways.items():
            took = statistics.fmean(way())
            if number >= 2:
                seen[name].append(took)
    ratios = {
        f"{way}_to_{bar}": _spread([ours / theirs for ours, theirs in zip(seen[way], seen[bar], strict=True)], 3)
        for way in ("warm", "cold")
        for bar in ("spiffworkflow", "spiffworkflow_quiet")
    }
    return {**{f"{name}_ms": _spread(times) for name, times in seen.items()}, **ratios}


def _spiff_walk(begin: Callable[[], Any], level: int) -> list[float]:
    for name in LOGGERS:
        logging.getLogger(name).setLevel(level)
    workflow, took = begin(), []
    while not workflow.completed:
        took.append(_timed(lambda: subjects.spiff_step(workflow))[0])
    for name in LOGGERS:
        logging.getLogger(name).setLevel(logging.WARNING)
    return took


def walk(
    ours: Ours, before: Callable[[], object] = lambda: None, answers: Any = None
) -> Iterator[tuple[float, Outcome]]:
    """Every step of an instance to its end: milliseconds and outcome. `before` each step is not timed."""
    outcome = ours.begin()
    while outcome.ended is None:
        before()
        took, outcome = _timed(lambda now=outcome: ours.step(now, subjects.ANSWERS if answers is None else answers))
        yield took, outcome


def weekly_review(rounds: int) -> dict[str, Any]:
    """The second turn of a loop against the two-hundredth: time, and bytes of the state."""
    ours, begin = Ours(subjects.review()), subjects.spiff(subjects.review())
    answers = {**subjects.ANSWERS, "enough": False}
    second, last, cold_ratio, sizes = [], [], [], set()
    for _ in range(rounds):
        outcome, took, cold = ours.begin(), [], []
        for turn in range(TURNS + 5):
            if turn in (2, 3, 4, TURNS + 2, TURNS + 3, TURNS + 4):
                KEPT.clear()
                spent, outcome = _timed(lambda now=outcome: ours.step(now, answers))
                cold.append(spent)
            else:
                spent, outcome = _timed(lambda now=outcome: ours.step(now, answers))
                took.append(spent)
            if turn in (1, TURNS - 1):
                sizes.add((turn + 1, len(outcome.state)))
        second.append(statistics.median(took[1:11]))
        last.append(statistics.median(took[TURNS - 13 : TURNS - 3]))
        cold_ratio.append(statistics.median(cold[3:]) / statistics.median(cold[:3]))
    workflow = begin()
    theirs = [_timed(lambda: subjects.spiff_step(workflow, answers))[0] for _ in range(60)]
    return {
        "second_ms": _spread(second),
        "two_hundredth_ms": _spread(last),
        "ratio": _spread([b / a for a, b in zip(second, last, strict=True)], 3),
        "ratio_cold": _spread(cold_ratio, 3),
        "bytes_of_state_by_turn": dict(sorted(sizes)),
        "spiffworkflow_quiet_second_ms": round(theirs[1], 2),
        "spiffworkflow_quiet_sixtieth_ms": round(theirs[-1], 2),
    }


def finished(length: int, rounds: int) -> dict[str, Any]:
    """The last steps of a long chain, when nearly all of it is done."""
    ours = Ours(subjects.chain(length))
    runs = [[(took, len(outcome.state)) for took, outcome in walk(ours, answers={})] for _ in range(min(rounds, 5) + 1)]
    return {
        "last_steps_ms": _spread([statistics.fmean(took for took, _ in run[-9:-1]) for run in runs[1:]]),
        "bytes": runs[-1][-2][1],
    }


def wide(drawn: bytes) -> dict[str, Any]:
    """Many tasks: the start, the first step and all steps."""
    ours = Ours(drawn)
    list(walk(ours, answers={}))
    began, outcome = _timed(ours.begin)
    steps = [took for took, _ in walk(ours, answers={})]
    return {
        "start_ms": round(began, 2),
        "first_step_ms": round(steps[0], 3),
        "median_step_ms": round(statistics.median(steps), 3),
        "all_steps_ms": round(sum(steps), 1),
        "bytes_at_start": len(outcome.state),
    }


def heavy(size: int, rounds: int) -> dict[str, Any]:
    """A step while the instance has so many bytes of variables, of which the step needs none."""
    row = {"name": "n" * 40, "on": "2027-01-04", "score": 1.5, "notes": "x" * 100}
    rows = [row] * max(1, size // len(json.dumps(row)))
    ours = Ours(subjects.chain(3), {"rows": rows})
    warm = [took for _ in range(rounds) for took, _ in walk(ours, answers={})]
    cold = [took for _ in range(rounds) for took, _ in walk(ours, KEPT.clear, {})]
    return {"warm_ms": _spread(warm), "cold_ms": _spread(cold)}


def inside(rounds: int) -> dict[str, Any]:
    """Steps inside sub-processes in one another, and inside a called process."""
    places = {f"sub_processes_{depth}_deep": Ours(subjects.nested(depth)) for depth in (1, 3, 8)}
    places["called_process"] = Ours(subjects.called())
    return {
        name: {
            "warm_ms": _spread([next(walk(ours))[0] for _ in range(rounds)]),
            "cold_ms": _spread([next(walk(ours, KEPT.clear))[0] for _ in range(rounds)]),
        }
        for name, ours in places.items()
    }


def commits(postgres: str | None, rounds: int) -> dict[str, Any]:
    """One row's state updated and committed."""
    state = Ours(subjects.chain(TASKS)).begin().state
    with tempfile.TemporaryDirectory() as directory:
        addresses = {"SQLite": f"sqlite:///{Path(directory) / 'bench.sqlite'}"}
        addresses |= {"PostgreSQL": postgres} if postgres else {}
        return {name: _committed(address, state, rounds) for name, address in addresses.items()}


def _committed(address: str, state: bytes, rounds: int) -> dict[str, float]:
    database, took = create_engine(address), []
    with database.connect() as connection:
        if address.startswith("sqlite"):
            connection.execute(text("PRAGMA journal_mode=WAL"))
        kind = "BLOB" if address.startswith("sqlite") else "BYTEA"
        connection.execute(text(f"CREATE TABLE bench_engine_states (id INTEGER PRIMARY KEY, state {kind})"))
        connection.execute(text("INSERT INTO bench_engine_states VALUES (1, :state)"), {"state": state})
        connection.commit()
        for _ in range(rounds * TASKS):
            began = time.perf_counter()
            connection.execute(text("UPDATE bench_engine_states SET state = :state WHERE id = 1"), {"state": state})
            connection.commit()
            took.append((time.perf_counter() - began) * 1000)
        connection.execute(text("DROP TABLE bench_engine_states"))
        connection.commit()
    database.dispose()
    return _spread(took)


def _timed(act: Callable[[], Any]) -> tuple[float, Any]:
    began = time.process_time()
    result = act()
    return (time.process_time() - began) * 1000, result


def _spread(times: Sequence[float], digits: int = 3) -> dict[str, float]:
    return {
        "median": round(statistics.median(times), digits),
        "least": round(min(times), digits),
        "greatest": round(max(times), digits),
    }


if __name__ == "__main__":
    main()
