"""The alarm: what diagrams, forms and settings point at exists, and every expression reads. Fixing is not here."""

from __future__ import annotations

import difflib
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Protocol

from service.definitions.expressions import expressions, feel_text
from service.definitions.problem import Problem
from service.definitions.rulebook import MATRIX, RuleBook, problems
from service.domain.errors import ModelError
from service.feel import FeelError, compile_expression

GUARD_OUTPUTS = frozenset({"rule", "severity", "overrideLevel", "message", "clearedBy", "source"})
"""The columns that a refusal is made of."""
SCOPES = frozenset({"owning-team", "area", "service", "county"})
"""Where a level may be looked for; the level `line-manager` is looked for from a person instead."""
LINE_MANAGER = "line-manager"
REGISTER = "register."
"""Job types that begin so are applied by Towpath itself."""

PROPERTIES = (
    "decision",
    "guard",
    "differentFrom",
    "differentFromPeople",
    "oversightRecord",
    "oversightOutcome",
    "oneOpenPerCase",
)
"""The `zeebe:properties` that mean something here; others are let be, unless they look like a slip of the pen."""

_TEXT_LITERAL = re.compile(r'"((?:[^"\\]|\\.)*)"')
_LIST_OF_TEXTS = re.compile(r'\[\s*("[^"]*"\s*(?:,\s*"[^"]*"\s*)*)\]')
_TIMESCALE_CALL = re.compile(r'\b(?:deadline|overdue\s+from)\s*\(\s*(?:id\s*:\s*)?"([^"]*)"')
_GROUP = re.compile(r"([A-Za-z0-9_-]+)@([A-Za-z0-9_-]*)", re.ASCII)


class Reference(Protocol):
    """Something a diagram points at, as the engine found it."""

    @property
    def kind(self) -> str:
        """`form`, `decision`, `job-type`, `process`, `message`, `guard`, `candidate-group`, `expression` or `property`.

        Unknown kinds are let be.
        """
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
    checking = _Checking(rulebook, frozenset(processes), frozenset(job_types))
    found = {*problems(rulebook), *checking.forms(), *checking.organisation(), *checking.settings()}
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

    def wrong_with(self, reference: Reference) -> Iterator[str]:
        """What is wrong with one reference, in words."""
        value = reference.value.strip()
        if reference.kind == "property":
            name, _, text = value.partition("=")
            yield from self._property(name, text)
        elif reference.kind == "guard":
            yield from self._guards(value)
        elif reference.kind == "candidate-group":
            yield from self._groups(value)
        elif value.startswith("=") or reference.kind == "expression":
            yield from self.expression(value)
        elif reference.kind == "form" and value not in self.rulebook.forms:
            yield f"There is no form “{value}”."
        elif reference.kind == "decision" and value not in self.rulebook.library.decisions:
            yield f"There is no decision “{value}”."
        elif reference.kind == "process" and value not in self.processes:
            yield f"There is no process “{value}”."
        elif reference.kind == "job-type" and value not in self.job_types:
            yield f"Nothing handles jobs of the type “{value}”."
        elif reference.kind == "message" and not value:
            yield "The message has no name."

    def expression(self, text: str) -> Iterator[str]:
        """What is wrong with FEEL: it cannot be read, or it names a timescale or level that does not exist."""
        try:
            compile_expression(feel_text(text))
        except FeelError as error:
            yield f"Its expression cannot be read: {error.message}"
            return
        for timescale in sorted(set(_TIMESCALE_CALL.findall(text))):
            try:
                self.rulebook.timescale(timescale)
            except ModelError as error:
                yield error.message
        for literal in _TEXT_LITERAL.findall(text):
            yield from self.group(literal)

    def group(self, text: str) -> Iterator[str]:
        """What is wrong with a text such as `level@scope`; other text is none of our business."""
        match = _GROUP.fullmatch(text)
        if match is None or match[1] == LINE_MANAGER:
            return
        if match[1] not in self.rulebook.organisation.levels:
            yield f"There is no level “{match[1]}” in the organisation."
        if match[2] and match[2] not in SCOPES:
            yield f"There is no scope “{match[2]}”; it is one of {', '.join(sorted(SCOPES))}."

    def _groups(self, value: str) -> Iterator[str]:
        if value.startswith("="):
            yield from self.expression(value)
            return
        for text in value.split(","):
            if _GROUP.fullmatch(text.strip()) is None:
                yield f"The candidate group “{text.strip()}” is not written level@scope."
            yield from self.group(text.strip())

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
            yield from self.group(f"{row.get('level')}@")

    def _guards(self, value: str) -> Iterator[str]:
        names = value.split(",")
        if value.startswith("="):
            yield from self.expression(value)
            names = [name for texts in _LIST_OF_TEXTS.findall(value) for name in _TEXT_LITERAL.findall(texts)]
        for name in (name.strip() for name in names):
            decision = self.rulebook.library.decisions.get(name)
            if decision is None:
                yield f"There is no guard “{name}”: no decision has that id."
            elif missing := sorted(GUARD_OUTPUTS - {output.name for output in decision.outputs}):
                yield f"The guard “{name}” lacks the columns {', '.join(missing)}."

    def forms(self) -> Iterator[Problem]:
        """What the expressions in forms point at. That they can be read at all is among the form's own problems."""
        for form in self.rulebook.forms.values():
            for where, text in expressions(form.components):
                for message in self.expression(text):
                    if not message.startswith("Its expression cannot be read"):
                        yield Problem(form.file, where, message)

    def organisation(self) -> Iterator[Problem]:
        """Whether what a level may start exists, and whether the levels in the decision matrix do."""
        for level in self.rulebook.organisation.levels.values():
            for process in sorted(level.may_start - self.processes - {"*"}):
                yield Problem("organisation.json", level.id, f"It may start “{process}”, and there is no such process.")

    def settings(self) -> Iterator[Problem]:
        """Whether settings that name a level name one that exists."""
        for setting in self.rulebook.setting_rows:
            if isinstance(setting.value, str):
                for message in self.group(setting.value):
                    yield Problem("settings.json", setting.id, message)
