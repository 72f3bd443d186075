"""How fast conditions and decision tables are, against SpiffWorkflow's own DMN engine and feelin. Last line: JSON.

    .venv/bin/npm --prefix deployment/bench/feelin ci --ignore-scripts      once, for feelin
    .venv/bin/python -m deployment.bench.feel [--rounds 15] [--without-feelin]

The same condition and the same 40 rows for all (`feel_subjects.py`): numbers in ranges, enumerations, a boolean and
dates, hit policy UNIQUE. Everything is parsed once, only evaluation is timed, and the results are compared first.
SpiffWorkflow reads Python in its cells, and stops at the first rule that matches where the other two look for a second
one. feelin is called with text each time, as its interface is made, and again with parsing done beforehand ("kept").

Times are of the processor, not of the clock, so that other work on the machine counts less; feelin's include what Node
does beside (compiling, collecting garbage). Engines take turns in every round, a ratio is that of one round, and given
are the median, least and greatest of all rounds.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from deployment.bench import feel_subjects as subjects
from deployment.bench.feel_subjects import Ask, Row

FEELIN = Path(__file__).parent / "feelin"
NODE = Path(__file__).parents[2] / ".venv" / "bin" / "node"
BANDS = 5
"""Of ages, which makes 40 rows."""
ROUND_SECONDS = 0.1
"""How long one engine is timed in one round, about."""
WARM_ROUNDS = 10
"""Rounds before the first that counts; Node compiles what runs often, which takes it a second."""

Timed = Callable[[int, int | None], float]
"""Microseconds of one evaluation: over so many turns of all contexts, or of the one at a place."""


class Feelin:
    """feelin in a Node process of its own, asked over its standard input."""

    def __init__(self, process: subprocess.Popen[str], table: list[Row]) -> None:
        self._process = process
        self.node = self._ask(
            "prepare",
            condition=subjects.CONDITION,
            conditions=subjects.CONDITIONS,
            table={
                "inputs": [name for name, _ in subjects.INPUTS],
                "outputs": [name for name, _ in subjects.OUTPUTS],
                "rules": [[[cell.feel for cell in row.cells], row.outputs] for row in table],
            },
            contexts=[_in_json(row.context) for row in table],
        )["node"]

    def results(self, subject: str) -> list[Any]:
        """What it gives for every context."""
        found: list[Any] = self._ask("results", subject=subject)
        return found

    def timed(self, subject: str) -> Timed:
        """Times it, by its own count of microseconds."""

        def microseconds(turns: int, only: int | None) -> float:
            chosen = {} if only is None else {"only": only}
            return float(self._ask("time", subject=subject, turns=turns, **chosen))

        return microseconds

    def _ask(self, verb: str, **request: Any) -> Any:
        assert self._process.stdin
        assert self._process.stdout
        print(json.dumps({"verb": verb, **request}), file=self._process.stdin, flush=True)
        return json.loads(self._process.stdout.readline())


@contextmanager
def feelin(table: list[Row]) -> Iterator[Feelin]:
    """feelin, for as long as the block lasts."""
    if not (FEELIN / "node_modules").is_dir():
        raise SystemExit(f"feelin is not installed; see the top of {Path(__file__).name}.")
    command = [str(NODE), "bench.js"]
    with subprocess.Popen(command, cwd=FEELIN, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        yield Feelin(process, table)
        process.communicate()


def timed(ask: Ask, contexts: Sequence[dict[str, Any]]) -> Timed:
    """Times an engine that runs in this process."""

    def microseconds(turns: int, only: int | None) -> float:
        chosen = contexts if only is None else [contexts[only]]
        began = time.process_time()
        for _ in range(turns):
            for context in chosen:
                ask(context)
        return (time.process_time() - began) * 1e6 / turns / len(chosen)

    return microseconds


def compare(engines: dict[str, Timed], rounds: int, contexts: int, only: int | None = None) -> dict[str, Any]:
    """Microseconds of each engine, and how many times as long as Towpath each took, round by round."""
    turns = {name: _turns(engine, contexts if only is None else 1, only) for name, engine in engines.items()}
    taken: dict[str, list[float]] = {name: [] for name in engines}
    for _ in range(rounds):
        for name, engine in engines.items():
            taken[name].append(engine(turns[name], only))
    ratios = {
        name: [theirs / ours for theirs, ours in zip(times, taken["towpath"], strict=True)]
        for name, times in taken.items()
        if name != "towpath"
    }
    return {
        "microseconds": {name: round(statistics.median(times), 1) for name, times in taken.items()},
        "times_as_long_as_towpath": {name: _spread(values) for name, values in ratios.items()},
    }


def _turns(engine: Timed, contexts: int, only: int | None) -> int:
    """How many turns fill a round. Finding out warms the engine up, for several rounds' time."""
    turns = 1
    while (took := engine(turns, only) * turns * contexts / 1e6) < ROUND_SECONDS:
        turns *= 2
    for _ in range(WARM_ROUNDS):
        engine(turns, only)
    return max(1, round(turns * ROUND_SECONDS / took))


def _spread(values: list[float]) -> dict[str, float]:
    return {name: round(of(values), 2) for name, of in (("median", statistics.median), ("least", min), ("most", max))}


def agree(answers: dict[str, list[Any]]) -> None:
    """Stop unless all engines gave the same results."""
    told = {name: json.dumps([_in_json(answer) for answer in given]) for name, given in answers.items()}
    if len(set(told.values())) > 1:
        raise SystemExit("The engines disagree:\n" + "\n".join(f"{name}: {text}" for name, text in told.items()))


def _in_json(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _in_json(item) for name, item in value.items()}
    if isinstance(value, Decimal):
        return int(value)
    return f"@{value}" if isinstance(value, date) else value


def growth(rounds: int) -> dict[str, Any]:
    """What ever longer tables cost Towpath alone, averaged over all rows."""
    tables = {f"{bands * 8} rows": subjects.rows(bands) for bands in (5, 25, 125)}
    asks = {
        name: timed(subjects.towpath_table(table), [row.context for row in table]) for name, table in tables.items()
    }
    taken = {name: [ask(max(1, 400 // len(tables[name])), None) for _ in range(rounds)] for name, ask in asks.items()}
    return {name: round(statistics.median(times), 1) for name, times in taken.items()}


def measure(rounds: int, other: Feelin | None, table: list[Row]) -> dict[str, Any]:
    """Every comparison, after making sure that the engines agree."""
    contexts = [row.context for row in table]
    conditions = {"towpath": subjects.towpath_condition(), "spiffworkflow": subjects.spiff_condition()}
    tables = {"towpath": subjects.towpath_table(table), "spiffworkflow": subjects.spiff_table(table)}
    both: dict[str, dict[str, Timed]] = {}
    for subject, asks, given in (("condition", conditions, subjects.CONDITIONS), ("table", tables, contexts)):
        answers = {name: [ask(context) for context in given] for name, ask in asks.items()}
        both[subject] = {name: timed(ask, given) for name, ask in asks.items()}
        for way in ("text", "kept") if other else ():
            answers[f"feelin {way}"] = other.results(f"{subject}_{way}")
            both[subject][f"feelin {way}"] = other.timed(f"{subject}_{way}")
        agree(answers)
    return {
        "condition": compare(both["condition"], rounds, len(subjects.CONDITIONS)),
        "table, every row in turn": compare(both["table"], rounds, len(contexts)),
        "table, first row": compare(both["table"], rounds, len(contexts), only=0),
        "table, last row": compare(both["table"], rounds, len(contexts), only=-1),
        "towpath as tables grow, microseconds": growth(rounds),
    }


def main() -> None:
    """Compare and tell."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--without-feelin", action="store_true")
    given = parser.parse_args()
    table = subjects.rows(BANDS)
    before = os.getloadavg()[0]
    if given.without_feelin:
        node, found = None, measure(given.rounds, None, table)
    else:
        with feelin(table) as other:
            node, found = other.node, measure(given.rounds, other, table)
    around = {"rows": len(table), "rounds": given.rounds, "node": node, "load": [before, os.getloadavg()[0]]}
    print(json.dumps({**around, **found}))


if __name__ == "__main__":
    main()
