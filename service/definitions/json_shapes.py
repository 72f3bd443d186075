"""JSON files of the rule book checked against a shape, every mistake named by its place. The shapes are not here."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, TypeVar

import marshmallow as mm

from service.definitions.files import read_json
from service.definitions.problem import BrokenRuleBook, Problem

Key = TypeVar("Key", str, int)
_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*", re.ASCII)
_PLAINER = {
    "Missing data for required field.": "It is missing.",
    "Field may not be null.": "It must not be null.",
    "Not a valid string.": "It must be text.",
    "Not a valid integer.": "It must be a whole number.",
    "Not a valid boolean.": "It must be true or false.",
    "Not a valid list.": "It must be a list.",
    "Not a valid mapping type.": "It must be an object.",
    "Not a valid datetime.": "It must be a date and time with its zone, such as 2027-01-04T09:00:00Z.",
    "Not a valid aware datetime.": "It must be a date and time with its zone, such as 2027-01-04T09:00:00Z.",
    "Invalid input type.": "It must be an object.",
}


class Shape(mm.Schema):
    """An object of a rule-book file. A key that is not known is a mistake: a misspelt rule would be no rule."""

    class Meta:
        """Refuse what is not known."""

        unknown = mm.RAISE

    error_messages = {  # noqa: RUF012 - so marshmallow has it
        "unknown": "No such key is known here.",
        "type": "It must be an object.",
    }


class Text(mm.fields.String):
    """Text that is not blank."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **more: Any) -> str:
        text = super()._deserialize(value, attr, data, **more)
        if not text.strip():
            raise mm.ValidationError("It must not be empty.")
        return text


class Id(Text):
    """An id that can stand in `level@scope`, in FEEL text and in an address: no spaces, no signs but - and _."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **more: Any) -> str:
        text = super()._deserialize(value, attr, data, **more)
        if not _ID.fullmatch(text):
            raise mm.ValidationError("It must be letters, digits, - and _ only.")
        return text


def read_shape(file: str, content: bytes, shape: Shape) -> dict[str, Any]:
    """The JSON of a file in the given shape. Raises ModelError naming every place that is wrong."""
    return shaped(file, read_json(file, content), shape)


def shaped(file: str, raw: Any, shape: Shape, where: str = "") -> dict[str, Any]:
    """JSON that is already read, in the given shape. `where` stands in front of the places that are wrong."""
    try:
        return dict(shape.load(raw))
    except mm.ValidationError as error:
        raise BrokenRuleBook([Problem(file, *wrong) for wrong in _places(error.messages, where)]) from error


def _places(messages: Any, path: str) -> Iterator[tuple[str, str]]:
    if isinstance(messages, Mapping):
        for key, inner in messages.items():
            yield from _places(inner, path if key == "_schema" else f"{path}.{key}".lstrip("."))
    else:
        yield from ((path, _PLAINER.get(str(message), str(message))) for message in messages)


def repeated(ids: list[Key]) -> list[Key]:
    """What stands more than once, sorted."""
    return sorted({one for one in ids if ids.count(one) > 1})
