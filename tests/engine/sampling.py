"""Stored states of instances as earlier builds wrote them: how a folder of `samples/` is read, played and added to.
What must come of them is in each folder's `story.json`; that it does is asserted in `test_samples.py`.

    .venv/bin/python -m tests.engine.sampling

writes, for this build's version of the state and of SpiffWorkflow, the states of every story that has none yet. A file
that is there is never written again: it is what an installation of that day has in its database. To add a story make a
folder with its diagrams and a `story.json` (see those that are there).
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from importlib.metadata import version
from pathlib import Path
from typing import Any

from service.domain.outcome import Outcome
from service.domain.stimuli import TimePassed
from service.engine.state import VERSION
from service.feel import HostFunction
from tests.engine.story import Decided, Story

SAMPLES = Path(__file__).parent / "samples"
BUILD = f"v{VERSION}-spiffworkflow-{version('SpiffWorkflow')}"
"""What makes two builds' states differ, and the name of the file they are kept in."""


class Sample:
    """One story. Its steps are `{"act": [verb, element or process, variables], "open": [...], "passed": [...]}`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._told = json.loads((folder / "story.json").read_text())
        self.steps: list[dict[str, Any]] = self._told["steps"]
        self.variables: dict[str, Any] = self._told["variables"]
        """What the instance ends with."""

    def states(self) -> Iterator[tuple[str, int, bytes]]:
        """Every stored state: the build that wrote it, after which step, and the bytes."""
        for file in sorted(self.folder.glob("v*.json")):
            for number, state in json.loads(file.read_text()).items():
                yield file.stem, int(number), state.encode()

    def tale(self) -> Story:
        """The story before its first step."""
        files = {file.name: file.read_bytes() for file in sorted(self.folder.glob("*.bpmn"))}
        decisions = {key: Decided(rows) for key, rows in self._told.get("decisions", {}).items()}
        tale = Story(files, context=self._told.get("context", {}), decisions=decisions)
        tale.functions = functions(tale)
        return tale

    def opened(self, number: int, state: bytes) -> Story:
        """The story after a step, going on from the stored state: this build has seen nothing of what came before."""
        tale = self.tale()
        for step in self.steps[: number + 1]:
            tale.now += waited(step["act"])
        tale.outcome = Outcome(state=state)
        return tale.act(TimePassed())

    def write(self) -> None:
        """Play the story and keep the state after every step, when this build's are not kept yet."""
        file = self.folder / f"{BUILD}.json"
        if file.exists():
            return
        tale, states = self.tale(), {}
        for number, step in enumerate(self.steps):
            play(tale, step["act"])
            if tale.outcome.ended is None:
                states[number] = tale.outcome.state.decode()
        file.write_text(json.dumps(states, indent=1, ensure_ascii=False) + "\n")


def samples() -> list[Sample]:
    """Every story there is."""
    return [Sample(file.parent) for file in sorted(SAMPLES.glob("*/story.json"))]


def play(tale: Story, act: list[Any]) -> None:
    """Do one act of a story."""
    verb, target, variables = act
    match verb:
        case "begin":
            tale.begin(target, variables.get("message"), **variables.get("variables", {}))
        case "wait":
            tale.wait(**variables)
        case _:
            getattr(tale, verb)(target, **variables)


def waited(act: list[Any]) -> timedelta:
    """By how much an act moves the clock."""
    return timedelta(**act[2]) if act[0] == "wait" else timedelta()


def functions(tale: Story) -> Mapping[str, HostFunction]:
    """A clock for stories: every timescale is ten days, and overdue after fourteen."""

    def after(start: Any, days: int) -> datetime:
        return datetime.fromisoformat(start) + timedelta(days=days)

    return {
        "today": HostFunction("today", (), lambda: tale.now.date()),
        "deadline": HostFunction("deadline", ("timescale", "start"), lambda _, start: after(start, 10)),
        "overdue from": HostFunction("overdue from", ("timescale", "start"), lambda _, start: after(start, 14)),
    }


if __name__ == "__main__":
    for one in samples():
        one.write()
