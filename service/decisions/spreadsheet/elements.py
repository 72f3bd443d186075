"""New elements of a decision table, written as their neighbours are: with their prefix, their indentation, and ids when
those have ids. Which elements are needed is not known here."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

from service.decisions.spreadsheet.parts import Document, Part, as_attribute, as_text, last_line

_IDS = {
    "rule": "DecisionRule",
    "inputEntry": "UnaryTests",
    "outputEntry": "LiteralExpression",
    "input": "InputClause",
    "output": "OutputClause",
    "inputExpression": "LiteralExpression",
    "inputValues": "UnaryTests",
    "outputValues": "UnaryTests",
    "defaultOutputEntry": "LiteralExpression",
}
"""What the ids of new elements begin with, as in dmn-js; other elements have none."""


class Elements:
    """Writes new elements into one file. The same file and the same changes give the same ids."""

    def __init__(self, document: Document, seed: str) -> None:
        self._taken = {part.element.get("id", "") for part in document.root.everything()}
        self._seed = seed
        self._count = 0
        self._unit = document.root.inner().rpartition("\n")[2] or "  "
        """By how much each level of the file is indented."""

    def fresh_id(self, tag: str) -> str:
        """An id that nothing in the file has."""
        while True:
            self._count += 1
            tail = hashlib.sha256(f"{self._seed} {self._count}".encode()).hexdigest()[:7]
            if (found := f"{_IDS[tag]}_{tail}") not in self._taken:
                self._taken.add(found)
                return found

    def holder(self, parent: Part, tag: str, text: str, lead: str, like: Part | None, **attributes: str) -> str:
        """An element that holds `text`, such as a cell; `like` is one beside it."""
        inner, close = self.spaces(lead, like)
        inside = f"{inner}<{parent.prefix}text>{self.text(parent, text)}</{parent.prefix}text>{close}"
        return self.element(parent, tag, inside, lead, like, attributes)

    def element(
        self, parent: Part, tag: str, inside: str, lead: str, like: Part | None, attributes: Mapping[str, str]
    ) -> str:
        """An element with `inside` as its content, and the white space `lead` before it."""
        own = dict(attributes)
        if tag in _IDS and (like or parent).element.get("id") is not None:
            own = {"id": self.fresh_id(tag), **own}
        written = "".join(f' {name}="{as_attribute(value)}"' for name, value in own.items())
        name = f"{parent.prefix}{tag}"
        return f"{lead}<{name}{written}>{inside}</{name}>" if inside else f"{lead}<{name}{written} />"

    @staticmethod
    def text(parent: Part, text: str) -> str:
        """Text with the line ends of the file."""
        return as_text(text.replace("\n", parent.newline))

    def spaces(self, lead: str, like: Part | None) -> tuple[str, str]:
        """White space before the first element inside and before the end tag, of an element that stands at `lead`."""
        if like is not None and like.parts("text", *_IDS):
            return like.inner(), like.close()
        own = last_line(lead)
        return (own + self._unit, own) if "\n" in own else ("", "")

    def lead_inside(self, parent: Part, tag: str = "") -> str:
        """White space before a new element inside: as before the first of its kind, else as before any."""
        beside = parent.part(tag) if tag else None
        if beside is not None or parent.inner():
            return beside.lead() if beside else parent.inner()
        own = last_line(parent.lead())
        return own + self._unit if "\n" in own else ""
