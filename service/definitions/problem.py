"""What is wrong with a rule book, said so that its author can put it right. Finding it is in the other modules."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from service.domain.errors import ModelError


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One thing to put right: the file, the element, key or row in it, and what is wrong in plain words."""

    file: str
    where: str
    message: str

    def __str__(self) -> str:
        place = f"{self.file}, {self.where}" if self.where else self.file
        return f"{place}: {self.message}"


def unreadable(error: ModelError) -> str:
    """The words for an expression that cannot be read; the same wherever it is noticed, so that it is listed once."""
    return f"Its expression cannot be read: {error.message}"


class BrokenRuleBook(ModelError):
    """The rule book cannot be read. `problems` holds everything that is wrong with it."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        first = self.problems[0]
        listing = "\n".join(f"- {problem}" for problem in self.problems)
        super().__init__(
            f"The rule book cannot be read:\n{listing}",
            element_id=first.where or None,
            file=first.file,
            problems=[str(problem) for problem in self.problems],
        )
