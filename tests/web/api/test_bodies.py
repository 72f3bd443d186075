"""Reading JSON strictly, and naming wrong fields by their path."""

from __future__ import annotations

import pytest
from werkzeug.exceptions import BadRequest

from service.web.api.bodies import DEEPEST, messages_by_field, read_json


def test_nested_messages_become_paths() -> None:
    messages = {"actions": {0: {"owner": ["Enter an owner"]}}, "reason": ["Enter a reason"]}
    assert messages_by_field(messages) == {"actions.0.owner": ["Enter an owner"], "reason": ["Enter a reason"]}


def test_a_message_about_the_whole_is_under_the_name_of_its_place() -> None:
    assert messages_by_field({"_schema": ["Send an object"]}) == {"body": ["Send an object"]}
    assert messages_by_field({"case": {"_schema": ["Send an object"]}}) == {"case": ["Send an object"]}


def test_where_reading_stopped_is_said() -> None:
    with pytest.raises(BadRequest, match="line 2, column 2"):
        read_json(b'{"a":\n ?}')


@pytest.mark.parametrize("body", [b'{"a\\u0000": 1}', b'["\\u0000"]', b'{"a": {"b": "\\u0000"}}'])
def test_a_null_character_is_refused_wherever_it_hides(body: bytes) -> None:
    with pytest.raises(BadRequest, match=r"U\+0000"):
        read_json(body)


def test_a_text_about_the_null_character_is_welcome() -> None:
    assert read_json(b'{"a": "written \\\\u0000"}') == {"a": r"written \u0000"}


def test_a_body_may_be_deep_but_not_bottomless() -> None:
    assert read_json(b"[" * DEEPEST + b"]" * DEEPEST)
    with pytest.raises(BadRequest, match="levels"):
        read_json(b"[" * (DEEPEST + 2) + b"]" * (DEEPEST + 2))
