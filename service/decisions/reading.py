"""What is kept while one file is read: where we are, and the problems met. What an element means is not here."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

from service.decisions.model import Cell, Literal, Place, Problem
from service.decisions.xml import Element, child, children, identity, local_name, text_of

_FEEL = re.compile(r"(?:^|/)(?:s-)?feel(?:-unary-tests)?(?:/|$)", re.IGNORECASE)
"""`feel`, and the addresses that the versions of DMN give it."""


class Reading:
    """The reading of one file."""

    def __init__(self, file: str, language: str) -> None:
        self.file = file
        self.problems: list[Problem] = []
        self.foreign = ""
        """What was last found to be written in another language than FEEL."""
        self._language = language
        self._path: list[str] = []

    @contextmanager
    def inside(self, words: str) -> Iterator[None]:
        """Everything read meanwhile stands in `words`, such as `decision "May it close"` or `rule 3`."""
        self._path.append(words)
        try:
            yield
        finally:
            self._path.pop()

    def place(self, element: Element, *words: str) -> Place:
        """Where `element` stands, with `words` as the last steps of the way to it."""
        return Place(self.file, identity(element), ", ".join((*self._path, *words)))

    def problem(self, element: Element, message: str) -> None:
        """Name something that is wrong or is not executed."""
        where = ", ".join(self._path)
        self.problems.append(Problem(self.file, identity(element), f"{where}: {message}" if where else message))

    def only(self, element: Element, *names: str) -> None:
        """Name the child elements that are none of these and no notes: they are not executed."""
        for found in children(element):
            if local_name(found) not in (*names, "description", "extensionElements"):
                self.problem(found, f"<{local_name(found)}> is not executed.")

    def literal(self, element: Element | None, words: str, around: Element | None = None) -> Literal:
        """The FEEL expression in `element`; an empty one when it is absent. `around` then says where that is."""
        if element is None:
            return Literal("", self.place(around, words) if around is not None else Place(self.file, "", words))
        self._check_language(element, words)
        return Literal(text_of(element), self.place(element, words), type_ref_of(element))

    def cell(self, element: Element | None, words: str) -> Cell | None:
        """The unary tests in `element`, or None when it is absent or lets everything pass."""
        if element is None or text_of(element) in ("", "-"):
            return None
        self._check_language(element, words)
        return Cell(text_of(element), self.place(element, words))

    def _check_language(self, element: Element, words: str) -> None:
        language = element.get("expressionLanguage") or self._language
        if language and _FEEL.search(language) is None:
            self.foreign = f'{words} is written in "{language}"; only FEEL is executed.'
            self.problem(element, self.foreign)


def type_ref_of(element: Element) -> str:
    """The `typeRef` of an element without any prefix, empty when there is none or it is Any."""
    inner = child(element, "typeRef")
    found = element.get("typeRef") or (inner.text if inner is not None else None) or ""
    name = found.strip().rpartition(":")[2]
    return "" if name.lower() in ("any", "undefined") else name
