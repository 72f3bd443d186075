"""What the rows of guards and of the decision matrix say, cell by cell, and what tables call. Evaluating them is in
`decisions/`."""

from __future__ import annotations

import html
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import get_args

from service.decisions.checks import functions_to_offer
from service.decisions.model import Table
from service.decisions.read_files import read_file
from service.definitions.pointing import Pointing, only_text
from service.definitions.problem import Problem
from service.definitions.rulebook import MATRIX, RuleBook
from service.domain.errors import Severity

GUARD_OUTPUTS = frozenset({"rule", "severity", "overrideLevel", "message", "clearedBy", "source"})
"""The columns that a refusal is made of."""
SEVERITIES: tuple[str, ...] = get_args(Severity)


@dataclass(frozen=True, slots=True)
class _Row:
    file: str
    id: str
    decision_id: str
    cells: Mapping[str, str]
    """The FEEL of each output, by column."""

    def text(self, column: str) -> str | None:
        """The cell's text when it is a plain text, else None: a computed cell cannot be checked beforehand."""
        return only_text(self.cells.get(column, ""))


def table_problems(rulebook: RuleBook) -> Iterator[Problem]:
    """Rows of guards that could refuse nobody or that nobody could override; what tables name that is not there."""
    pointing = Pointing(rulebook)
    offered = pointing.functions
    for place, name in functions_to_offer(rulebook.library.graph):
        if name not in offered:
            yield Problem(place.file, place.element_id, f"{place.words}: There is no function “{name}”.")
    for path, content in sorted(rulebook.files.items()):
        if path.endswith(".dmn"):
            written = html.unescape(content.decode("utf-8", "replace"))
            yield from (Problem(path, "", message) for message in pointing.timescales(written))
            for row in _rows(path, content):
                wrong = _wrong_row(row, pointing)
                yield from (Problem(path, row.id or row.decision_id, message) for message in wrong)


def _rows(path: str, content: bytes) -> Iterator[_Row]:
    for decision in read_file(path, content).decisions:
        if isinstance(decision.expression, Table):
            names = [output.name for output in decision.expression.outputs]
            for rule in decision.expression.rules:
                cells = dict(zip(names, (cell.text for cell in rule.outputs), strict=False))
                yield _Row(path, rule.id, decision.key[1], cells)


def _wrong_row(row: _Row, pointing: Pointing) -> Iterator[str]:
    if row.decision_id == MATRIX and (level := row.text("level")) is not None:
        yield from pointing.level(level)
    if set(row.cells) >= GUARD_OUTPUTS:
        severity, override = row.text("severity"), row.cells["overrideLevel"].strip()
        if severity is not None and severity not in SEVERITIES:
            yield f"The severity “{severity}” is not one of {', '.join(SEVERITIES)}."
        if severity == "soft" and override in ("", "null"):
            yield "It is soft, and no level is named that may override it."
        if severity not in ("soft", None) and override not in ("", "null"):
            yield f"It is {severity}, so it cannot name a level that may override it."
        if (level := only_text(override)) is not None:
            yield from pointing.level(level)
        for column in ("rule", "message", "clearedBy"):
            if row.cells[column].strip() in ("", "null", '""'):
                yield f"It gives no {column}, so its refusal would not say enough."
