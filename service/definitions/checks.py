"""The alarm: what diagrams, forms and settings point at exists, and every expression reads. Fixing is not here."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Protocol

from service.definitions.expressions import expressions
from service.definitions.pointing import Pointing, listed_texts
from service.definitions.problem import Problem
from service.definitions.rulebook import MATRIX, ORGANISATION, SETTINGS, RuleBook, problems
from service.definitions.table_checks import GUARD_OUTPUTS, table_problems
from service.definitions.table_coverage import coverage_problems
from service.domain.errors import ModelError

PROPERTIES = (
    "decision",
    "guard",
    "differentFrom",
    "differentFromPeople",
    "oversightRecord",
    "oversightOutcome",
    "oneOpenPerCase",
    "forEachCase",
    "sendBackTo",
)
"""The `zeebe:properties` that mean something here; others are let be, unless they look like a slip of the pen."""


class Reference(Protocol):
    """Something a diagram points at, as the engine found it."""

    @property
    def kind(self) -> str:
        """`form`, `decision`, `job-type`, `process`, `message`, `thrown-message`, `signal`, `thrown-signal`, `guard`,
        `candidate-group`, `expression` or `property`. Other kinds are let be."""
        ...

    @property
    def value(self) -> str:
        """The id or name; for a property `name=value`; an expression with or without its leading `=`."""
        ...

    @property
    def element_id(self) -> str:
        """The element that points."""
        ...

    @property
    def process_id(self) -> str:
        """The process it stands in."""
        ...

    @property
    def file(self) -> str:
        """The diagram's path."""
        ...


def check(
    rulebook: RuleBook, references: Iterable[Reference], processes: Collection[str], job_types: Collection[str]
) -> list[Problem]:
    """Everything to put right before this rule book may be published, sorted by file; empty when it is good.

    `processes` are the ids of the processes on the diagrams, `job_types` what has a handler or is applied by Towpath.
    """
    checking = _Checking(rulebook, frozenset(processes), frozenset(job_types), Pointing(rulebook))
    found = {*problems(rulebook), *table_problems(rulebook), *checking.book(), *coverage_problems(rulebook.library)}
    for reference in references:
        found.update(
            Problem(reference.file, reference.element_id, message) for message in checking.wrong_with(reference)
        )
    return sorted(found)


@dataclass(frozen=True, slots=True)
class _Checking:
    rulebook: RuleBook
    processes: frozenset[str]
    job_types: frozenset[str]
    pointing: Pointing

    def wrong_with(self, reference: Reference) -> Iterator[str]:
        """What is wrong with one reference, in words."""
        value = reference.value.strip()
        if reference.kind == "property":
            name, _, text = value.partition("=")
            yield from self._property(name, text)
        elif reference.kind == "guard":
            yield from self._guards(value)
        elif value.startswith("=") or reference.kind == "expression":
            yield from self.pointing.expression(value)
        elif reference.kind == "candidate-group":
            for text in value.split(","):
                yield from self.pointing.candidate_group(text.strip())
        elif reference.kind in ("message", "thrown-message") and not value:
            yield "The message has no name."
        else:
            yield from self._absent(reference.kind, value)

    def _absent(self, kind: str, value: str) -> Iterator[str]:
        there: Mapping[str, tuple[Collection[str], str]] = {
            "form": (self.rulebook.forms, "There is no form"),
            "decision": (self.rulebook.library.decisions, "There is no decision"),
            "process": (self.processes, "There is no process"),
            "job-type": (self.job_types, "Nothing handles jobs of the type"),
        }
        known, message = there.get(kind, ((value,), ""))
        if value not in known:
            yield f"{message} “{value}”."

    def _property(self, name: str, value: str) -> Iterator[str]:
        """A property that computes guards or names a decision of the matrix, or one nearly called like ours."""
        if name == "guard" and value.startswith("="):
            yield from self._guards(value)
        elif name == "decision" and value and not value.startswith("="):
            yield from self._matrix(value)
        elif name not in PROPERTIES:
            for near in difflib.get_close_matches(name.lower(), [known.lower() for known in PROPERTIES], 1, 0.8):
                known = next(known for known in PROPERTIES if known.lower() == near)
                yield f"The property “{name}” means nothing here. Is “{known}” meant?"

    def _matrix(self, code: str) -> Iterator[str]:
        if MATRIX not in self.rulebook.library.decisions:
            yield f"The rule book has no decision “{MATRIX}”, so nobody signs “{code}”."
            return
        context = {"decision": code, "settings": self.rulebook.settings}
        try:
            result = self.rulebook.library.decide(MATRIX, context).result
        except ModelError as error:
            yield f"The decision matrix fails for “{code}”: {error.message}"
            return
        rows = [row for row in (result if isinstance(result, list) else [result]) if isinstance(row, Mapping)]
        if not rows:
            yield f"The decision matrix has no level for “{code}”."
        for row in rows:
            yield from self.pointing.level(str(row.get("level")))

    def _guards(self, value: str) -> Iterator[str]:
        names = value.split(",")
        if value.startswith("="):
            yield from self.pointing.expression(value)
            names = listed_texts(value)
        for name in (name.strip() for name in names):
            decision = self.rulebook.library.decisions.get(name)
            if decision is None:
                yield f"There is no guard “{name}”: no decision has that id."
            elif missing := sorted(GUARD_OUTPUTS - {output.name for output in decision.outputs}):
                yield f"The guard “{name}” lacks the columns {', '.join(missing)}."

    def book(self) -> Iterator[Problem]:
        """What forms, organisation, settings and scenarios point at."""
        for form in self.rulebook.forms.values():
            for where, text in expressions(form.components):
                yield from (Problem(form.file, where, message) for message in self.pointing.expression(text))
        for level in self.rulebook.organisation.levels.values():
            for process in sorted(level.may_start - self.processes - {"*"}):
                yield Problem(ORGANISATION, level.id, f"It may start “{process}”, and there is no such process.")
        for setting in self.rulebook.setting_rows:
            if isinstance(setting.value, str):
                yield from (Problem(SETTINGS, setting.id, message) for message in self.pointing.group(setting.value))
        yield from self._scenarios()

    def _scenarios(self) -> Iterator[Problem]:
        for scenario in self.rulebook.scenarios:
            for name in sorted(set(scenario.settings) - set(self.rulebook.settings)):
                yield Problem(scenario.file, "settings", f"There is no setting “{name}”.")
            for step in scenario.steps:
                kind = {"start": "process", "job": "job-type"}.get(step.verb, "")
                for message in self._absent(kind, step.subject):
                    yield Problem(scenario.file, f"step {step.number}", message)
