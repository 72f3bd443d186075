"""The pieces that every answer's schema is made of: instants, links and texts. The schemas themselves are not here."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from marshmallow import Schema, fields

LinkMaker = Callable[[Any], str | None]


class Described(Schema):
    """A schema whose docstring is its description in the OpenAPI document, so that it is written once."""

    error_messages = {  # noqa: RUF012 - so marshmallow has it
        "type": "Send a JSON object.",
        "unknown": "There is no field of this name here.",
    }

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        description = " ".join((cls.__doc__ or "").split())
        vars_of_meta = {"description": description}
        # Assigning it plainly would be a type error: for mypy a class in a class is never replaced.
        setattr(cls, "Meta", type("Meta", (cls.Meta,), vars_of_meta))  # noqa: B010


class Instant(fields.AwareDateTime):
    """A point in time, always written in UTC, so that the same instant is always the same text."""

    def _serialize(self, value: datetime | None, attr: str | None, obj: Any, **kwargs: Any) -> str | float | None:
        return super()._serialize(value and value.astimezone(UTC), attr, obj, **kwargs)


def links_to(**makers: LinkMaker) -> fields.Function:
    """Where to go from here: a name and a path each; a name is left out when there is nothing to go to."""

    def made(view: Any) -> dict[str, str]:
        paths = {name: maker(view) for name, maker in makers.items()}
        return {name: path for name, path in paths.items() if path}

    properties = {name: {"type": "string", "format": "uri-reference"} for name in makers}
    description = "Paths to what belongs to this."
    return fields.Function(made, metadata={"type": "object", "properties": properties, "description": description})


def words(description: str = "", *, allow_none: bool = False) -> fields.String:
    """A text, with what it holds."""
    return fields.String(allow_none=allow_none, metadata={"description": description} if description else {})
