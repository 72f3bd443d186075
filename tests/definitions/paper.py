"""Small forms to write tests with, and what is known of the case they are about."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from service.definitions.forms import Form, parse_form
from service.domain.errors import Invalid
from service.feel import HostFunction

SCOPE = {"case": {"age": Decimal(9), "label": "Child K-101"}}
TODAY = {"today": HostFunction("today", (), lambda: date(2027, 1, 4))}


def a_form(*components: dict[str, Any]) -> Form:
    return parse_form("forms/views.form", json.dumps({"id": "views", "components": components}).encode())


def wrong(form: Form, answers: dict[str, Any]) -> dict[str, list[str]]:
    with pytest.raises(Invalid) as caught:
        form.read(answers, SCOPE, functions=TODAY)
    return caught.value.fields


def _component(kind: str) -> Callable[..., dict[str, Any]]:
    def make(key: str, **more: Any) -> dict[str, Any]:
        return {"type": kind, "id": key, "key": key, "label": key.capitalize(), **more}

    return make


def text(key: str = "views", **more: Any) -> dict[str, Any]:
    return _component("textarea")(key, **({"label": "Child's views"} if key == "views" else {}) | more)


def number(**more: Any) -> dict[str, Any]:
    return _component("number")("weeks", **more)


def day(key: str, **more: Any) -> dict[str, Any]:
    return _component("datetime")(key, **{"subtype": "date"} | more)


tick = _component("checkbox")


def radio(key: str, *values: Any, **more: Any) -> dict[str, Any]:
    return _component("radio")(key, values=[{"value": value, "label": str(value)} for value in values], **more)


def checklist(key: str, *values: Any, **more: Any) -> dict[str, Any]:
    return {**radio(key, *values, **more), "type": "checklist"}


def rows(key: str, *columns: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"type": "dynamiclist", "id": key, "path": key, "label": key.capitalize(), "components": columns, **more}


def actions() -> Form:
    return a_form(rows("actions", text("action", **required()), text("owner"), tick("done")))


def required() -> dict[str, Any]:
    return {"validate": {"required": True}}


def hide_if(expression: str) -> dict[str, Any]:
    return {"conditional": {"hide": f"={expression}"}}


def asked(kind: str) -> dict[str, Any]:
    return {"type": kind, "id": "t", "key": "a", "label": "L"}
