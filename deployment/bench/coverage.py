"""What looking for gaps and overlaps costs: tables of 200 rules and 8 inputs of many kinds. The last line is JSON.

    .venv/bin/python -m deployment.bench.coverage [--rules 200] [--inputs 8] [--seed 1]

`cold` is the first look at a table, with every cell read anew; `typed` is the look after one cell was changed, as while
somebody types. Seconds of the processor, so that other work on the machine counts less; the aim is one second.
"""

from __future__ import annotations

import argparse
import json
import random
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from html import escape

from service.decisions import load
from service.decisions.coverage import Declarations, analyse_table
from service.decisions.coverage.cells import read_cell
from service.decisions.model import Cell, HitPolicy, Table

AIM = 1.0
"""Seconds that a look may take."""
FINEST = 1000
"""The numbers of a partition go from 0 to this."""
Row = list[str]


@dataclass(frozen=True)
class Case:
    """A kind of table."""

    name: str
    rows: list[Row]
    type_ref: str
    allowed: str = ""
    policy: HitPolicy = "UNIQUE"


def main() -> None:
    """Look at one table of each kind and tell what it cost."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rules", type=int, default=200)
    parser.add_argument("--inputs", type=int, default=8)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    told = {}
    for case in cases(options.rules, options.inputs, random.Random(options.seed)):
        told[case.name] = measured(case)
        print(f"{case.name:44}", *(f"{key} {value}" for key, value in told[case.name].items()))
    slowest = max(max(row["cold"], row["typed"]) for row in told.values())
    print(json.dumps({**vars(options), "aim": AIM, "slowest": slowest, "within": slowest <= AIM, "tables": told}))


def measured(case: Case) -> dict[str, float]:
    """Seconds for the first look and for one after a change, and what was found."""
    table, around = read(case)
    for cell in {cell.text for rule in table.rules for cell in rule.cells}:
        read_cell(cell, frozenset(around.names))
    read_cell.cache_clear()
    cold, found = timed(lambda: analyse_table(table, around))
    last = table.rules[-1]
    changed = replace(last, cells=(Cell("null", last.cells[0].place), *last.cells[1:]))
    typed, _ = timed(lambda: analyse_table(replace(table, rules=(*table.rules[:-1], changed)), around))
    return {
        "cold": cold,
        "typed": typed,
        "gaps": len(found.gaps),
        "more": found.more_gaps,
        "overlaps": found.overlap_count,
        "unreachable": len(found.unreachable),
        "complete": found.complete,
    }


def timed(work: Callable[[], object]) -> tuple[float, object]:
    """Seconds of the processor, and the result."""
    start = time.process_time()
    result = work()
    return round(time.process_time() - start, 3), result


def read(case: Case) -> tuple[Table, Declarations]:
    """The table as it is read from a file."""
    typed = f' typeRef="{case.type_ref}"'
    values = f"<inputValues><text>{escape(case.allowed)}</text></inputValues>" if case.allowed else ""
    inputs = "".join(
        f"<input id='i{n}'><inputExpression{typed}><text>c{n}</text></inputExpression>{values}</input>"
        for n in range(len(case.rows[0]))
    )
    rules = "".join(
        "<rule>" + "".join(f"<inputEntry><text>{escape(cell)}</text></inputEntry>" for cell in row)
        + f"<outputEntry><text>{number}</text></outputEntry></rule>"
        for number, row in enumerate(case.rows)
    )  # fmt: skip
    file = (
        '<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="d" name="D" namespace="n"><decision'
        f' id="t" name="t"><decisionTable hitPolicy="{case.policy}">{inputs}<output id="o"/>{rules}</decisionTable>'
        "</decision></definitions>"
    )
    library = load({"a.dmn": file.encode()})
    (decision,) = library.graph.decisions.values()
    if not isinstance(decision.expression, Table):
        raise TypeError("the file holds a table")
    return decision.expression, Declarations(library.graph.types("a.dmn"), {})


def cases(rules: int, inputs: int, rng: random.Random) -> Iterator[Case]:
    """Tables that leave nothing open, hardly anything, a lot, and tables that are hard to look through."""
    whole = [[interval(*ends) for ends in box] for box in partition(rules, inputs, rng)]
    yield Case("everything once", whole, "number")
    yield Case("everything once, FIRST", whole, "number", policy="FIRST")
    yield Case("everything once but one row", whole[1:], "number")
    halves = [partition(rules // 2, inputs, rng) for _ in range(2)]
    yield Case("everything twice", [[interval(*ends) for ends in box] for half in halves for box in half], "number")
    for dashes in (0.0, 0.3, 0.5, 0.8):
        rows = [[_maybe(dashes, lambda: any_interval(rng), rng) for _ in range(inputs)] for _ in range(rules)]
        for policy in ("UNIQUE", "FIRST"):
            yield Case(f"random numbers, {dashes:.0%} dashes, {policy}", rows, "number", policy=policy)
    for size, dashes, negated in ((3, 0.4, 0.3), (5, 0.4, 0.5), (5, 0.5, 0.2), (8, 0.4, 0.5), (10, 0.3, 0.5)):
        values = [f'"v{n}"' for n in range(size)]
        rows = [[_maybe(dashes, lambda v=values, n=negated: texts(v, n, rng), rng) for _ in range(inputs)]
                for _ in range(rules)]  # fmt: skip
        for policy in ("UNIQUE", "FIRST"):
            name = f"lists of {size} texts, {dashes:.0%} dashes, {negated:.0%} not"
            yield Case(f"{name}, {policy}", rows, "string", ", ".join(values), policy)
    truths = [[_maybe(0.35, lambda: rng.choice(["true", "false"]), rng) for _ in range(inputs)] for _ in range(rules)]
    yield Case("truths, 35% dashes, FIRST", truths, "boolean", policy="FIRST")
    opaque = [[*row[:-1], "> limit" if number % 5 == 0 else row[-1]] for number, row in enumerate(whole)]
    yield Case("everything once, some cells unread", opaque, "number")


def partition(parts: int, inputs: int, rng: random.Random) -> list[list[tuple[int, int]]]:
    """A space cut into boxes by cutting one box after another in two."""
    boxes = [[(0, FINEST)] * inputs]
    while len(boxes) < parts:
        box = boxes.pop(rng.randrange(len(boxes)))
        column = rng.randrange(inputs)
        low, high = box[column]
        cut = rng.randrange(low, high)
        if low < cut:
            boxes += [[*box[:column], ends, *box[column + 1 :]] for ends in ((low, cut), (cut, high))]
        else:
            boxes.append(box)
    return boxes


def interval(low: int, high: int) -> str:
    """The cell for a side of a box."""
    if (low, high) == (0, FINEST):
        return "-"
    return f"< {high}" if low == 0 else f">= {low}" if high == FINEST else f"[{low}..{high})"


def any_interval(rng: random.Random) -> str:
    """A cell with an interval anywhere."""
    low, high = sorted(rng.sample(range(FINEST), 2))
    return rng.choice([f"[{low}..{high}]", f"({low}..{high})", f"not([{low}..{high}])", f"< {low}, > {high}"])


def texts(values: list[str], negated: float, rng: random.Random) -> str:
    """A cell with one value or two, or with all but one."""
    if rng.random() < negated:
        return f"not({rng.choice(values)})"
    return ", ".join(rng.sample(values, rng.choice([1, 1, 2])))


def _maybe(dashes: float, cell: Callable[[], str], rng: random.Random) -> str:
    return "-" if rng.random() < dashes else cell()


if __name__ == "__main__":
    main()
