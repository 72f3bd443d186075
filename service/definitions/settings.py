"""The settings: values the authority chose, each with its reason. What they do is in diagrams, tables and forms."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import marshmallow as mm
from marshmallow import fields

from service.definitions.files import read_json
from service.definitions.json_shapes import Shape, Text, repeated, shaped
from service.definitions.problem import BrokenRuleBook, Problem


@dataclass(frozen=True, slots=True)
class Setting:
    """One value the authority chose. `value` is JSON of the `type`; `why` and `source` are for people."""

    id: str
    value: Any
    type: str
    why: str
    source: str = ""


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _is_date(value: Any) -> bool:
    try:
        return isinstance(value, str) and date.fromisoformat(value).isoformat() == value
    except ValueError:
        return False


TYPES: Mapping[str, Callable[[Any], bool]] = {
    "number": _is_number,
    "text": lambda value: isinstance(value, str) and bool(value.strip()),
    "boolean": lambda value: isinstance(value, bool),
    "date": _is_date,
    "list": lambda value: isinstance(value, list) and all(isinstance(item, str) for item in value),
    "markers": lambda value: isinstance(value, dict) and all(isinstance(item, str) for item in value.values()),
}
"""What a value of each type must be. `list` is a list of texts, `markers` names facts and gives the words for each."""


class _SettingShape(Shape):
    id = Text(required=True)
    value = fields.Raw(required=True)
    type = Text(required=True)
    why = Text(required=True)
    source = fields.String(load_default="")

    @mm.validates_schema
    def _fits(self, data: Mapping[str, Any], **_: Any) -> None:
        if not str(data["id"]).isidentifier():
            raise mm.ValidationError("It must be a plain name, since FEEL reads it as `settings.name`.", "id")
        if data["type"] not in TYPES:
            raise mm.ValidationError(f"It must be one of {', '.join(TYPES)}.", "type")
        if not TYPES[data["type"]](data["value"]):
            raise mm.ValidationError(f"The value of “{data['id']}” must be a {data['type']}.", "_schema")


def load_settings(file: str, content: bytes) -> tuple[Setting, ...]:
    """The settings in `settings.json`: [{id, value, type, why, source}]. Raises ModelError, naming each place."""
    raw = read_json(file, content)
    if not isinstance(raw, list):
        raise BrokenRuleBook([Problem(file, "", "It must be a list of settings.")])
    shape = _SettingShape()
    rows: list[Setting] = []
    wrong: list[Problem] = []
    for number, item in enumerate(raw):
        try:
            rows.append(Setting(**shaped(file, item, shape, str(number))))
        except BrokenRuleBook as error:
            wrong.extend(error.problems)
    wrong += [Problem(file, one, "This setting stands twice.") for one in repeated([row.id for row in rows])]
    if wrong:
        raise BrokenRuleBook(wrong)
    return tuple(rows)
