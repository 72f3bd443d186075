"""Passed and total, per folder and per level of the kit. What is right is decided in the test."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator


class Scores:
    """The verdict on each result asked so far."""

    def __init__(self) -> None:
        self._counts: dict[tuple[str, str], Counter[str]] = {}

    def note(self, level: str, folder: str, verdict: str) -> None:
        """One result of a folder is "right", "wrong" or "out of scope"."""
        self._counts.setdefault((level, folder), Counter())[verdict] += 1

    def lines(self) -> Iterator[str]:
        """A line for each folder, then one for each level: right results of all, those out of scope included."""
        levels: dict[str, Counter[str]] = {}
        for (level, folder), counts in sorted(self._counts.items()):
            yield f"{level}/{folder}: {_of_all(counts)}"
            levels.setdefault(level, Counter()).update(counts)
        for level, counts in levels.items():
            yield f"{level}: {_of_all(counts)}, {counts['right'] / counts.total():.2%}"


def _of_all(counts: Counter[str]) -> str:
    outside = f" ({counts['out of scope']} out of scope)" if counts["out of scope"] else ""
    return f"{counts['right']}/{counts.total()}{outside}"
