"""What FEEL and texts of the rule book point at by name: timescales and levels. Where they stand is in `checks.py`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from service.clock import feel_functions
from service.definitions.expressions import feel_text
from service.definitions.problem import unreadable
from service.definitions.rulebook import RuleBook
from service.domain.errors import ModelError
from service.feel import FeelError, compile_expression
from service.feel.slips import look_at_expression

SCOPES = frozenset({"owning-team", "area", "service", "county"})
"""Where a level may be looked for; the level `line-manager` is looked for from a person instead."""
LINE_MANAGER = "line-manager"

_TEXT_LITERAL = re.compile(r'"((?:[^"\\]|\\.)*)"')
_LIST_OF_TEXTS = re.compile(r'\[\s*("[^"]*"\s*(?:,\s*"[^"]*"\s*)*)\]')
_TIMESCALE_CALL = re.compile(r'\b(?:deadline|overdue\s+from)\s*\(\s*(?:id\s*:\s*)?"([^"]*)"')
_GROUP = re.compile(r"([A-Za-z0-9_-]+)@([A-Za-z0-9_-]*)", re.ASCII)


def listed_texts(expression: str) -> list[str]:
    """The texts that stand in lists of texts, such as `["a", "b"]`, inside an expression."""
    return [text for listed in _LIST_OF_TEXTS.findall(expression) for text in _TEXT_LITERAL.findall(listed)]


def only_text(expression: str) -> str | None:
    """The text, when the expression is nothing but a text in quotes; else None."""
    match = _TEXT_LITERAL.fullmatch(expression.strip())
    return match[1] if match else None


@dataclass(frozen=True, slots=True)
class Pointing:
    """Asks one rule book whether what a text names is there. Every answer is what is wrong, in words."""

    rulebook: RuleBook

    @property
    def functions(self) -> frozenset[str]:
        """The functions that expressions may call beside those of FEEL itself."""
        moment = datetime(2027, 1, 4, tzinfo=UTC)
        return frozenset(feel_functions(self.rulebook.calendar, self.rulebook.timescale, moment))

    def expression(self, text: str) -> Iterator[str]:
        """What is wrong with FEEL: unreadable, surely not meant, or a function, timescale or level that is missing."""
        try:
            expression = compile_expression(feel_text(text))
        except FeelError as error:
            yield unreadable(error)
            return
        for name in sorted(expression.calls - self.functions):
            yield f"There is no function “{name}”."
        yield from (f"In {feel_text(text)}: {slip}." for slip in look_at_expression(feel_text(text)).slips)
        yield from self.timescales(text)
        for literal in sorted(set(_TEXT_LITERAL.findall(text))):
            yield from self.group(literal)

    def timescales(self, text: str) -> Iterator[str]:
        """The timescales that are asked for by name in FEEL, or in a whole file of it, and do not exist."""
        for timescale in sorted(set(_TIMESCALE_CALL.findall(text))):
            try:
                self.rulebook.timescale(timescale)
            except ModelError as error:
                yield error.message

    def group(self, text: str) -> Iterator[str]:
        """What is wrong with a text such as `level@scope`; other text is none of our business."""
        match = _GROUP.fullmatch(text)
        if match is None or match[1] == LINE_MANAGER:
            return
        yield from self.level(match[1])
        if match[2] not in SCOPES:
            yield f"There is no scope “{match[2]}”; it is one of {', '.join(sorted(SCOPES))}."

    def candidate_group(self, text: str) -> Iterator[str]:
        """Likewise where nothing but `level@scope` may stand."""
        if _GROUP.fullmatch(text) is None:
            yield f"The candidate group “{text}” is not written level@scope."
        yield from self.group(text)

    def level(self, level_id: str) -> Iterator[str]:
        """That there is no such level."""
        if level_id != LINE_MANAGER and level_id not in self.rulebook.organisation.levels:
            yield f"There is no level “{level_id}” in the organisation."
