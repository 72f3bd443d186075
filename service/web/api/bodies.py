"""Reading what was sent: size, content type, JSON, every wrong field at once. What the fields mean is in schemas."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NoReturn

import orjson
from flask import Request, request
from marshmallow import RAISE, ValidationError
from webargs.flaskparser import FlaskParser
from werkzeug.exceptions import BadRequest, UnsupportedMediaType

from service.domain.errors import Invalid

LARGEST_BODY = 1024 * 1024
"""Bytes. A form's answers are a few kilobytes; a full batch of case events stays well below."""

JSON = "application/json"


def limit_body() -> None:
    """Before any view of the API: read no more than `LARGEST_BODY`; more than that is answered 413."""
    request.max_content_length = LARGEST_BODY


def read_json(body: bytes) -> Any:
    """Strict JSON in UTF-8: no NaN, no half surrogates. Raises BadRequest, saying where reading stopped."""
    if not body.strip():
        raise BadRequest("The body is empty.")
    try:
        value = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise BadRequest(f"The body is not JSON at line {error.lineno}, column {error.colno}: {error.msg}.") from None
    # Databases keep text up to this character or refuse it; better said here than met there.
    if b"\\u0000" in body and _holds_null_character(value):
        raise BadRequest("The body holds the character U+0000, which no text can keep.")
    return value


def messages_by_field(messages: Any, path: str = "") -> dict[str, list[str]]:
    """marshmallow's nested messages on one level: `{"actions": {0: {"owner": [...]}}}` becomes `actions.0.owner`."""
    return dict(_flat(messages, path))


class BodyParser(FlaskParser):
    """webargs, answering with our own errors, and refusing query parameters that the route does not know."""

    DEFAULT_UNKNOWN_BY_LOCATION = {**FlaskParser.DEFAULT_UNKNOWN_BY_LOCATION, "query": RAISE}  # noqa: RUF012

    def load_json(self, req: Request, *_: Any, **__: Any) -> Any:
        """The JSON body. Raises UnsupportedMediaType or BadRequest."""
        if not (req.mimetype == JSON or (req.mimetype.startswith("application/") and req.mimetype.endswith("+json"))):
            raise UnsupportedMediaType(f"This address reads {JSON}, and was sent {req.mimetype or 'no content type'}.")
        return read_json(req.get_data())

    def handle_error(self, error: ValidationError, *_: Any, **__: Any) -> NoReturn:
        """Raise Invalid with every wrong field, named as it was sent."""
        messages = error.messages if isinstance(error.messages, dict) else {"json": error.messages}
        fields: dict[str, list[str]] = {}
        for of_location in messages.values():
            fields.update(messages_by_field(of_location))
        raise Invalid(fields, "Some of what was sent is missing or wrong.") from error


def _flat(messages: Any, path: str) -> Iterator[tuple[str, list[str]]]:
    if isinstance(messages, Mapping):
        for name, inner in messages.items():
            yield from _flat(inner, path if name == "_schema" else f"{path}.{name}".lstrip("."))
    else:
        yield path or "body", [str(message) for message in (messages if isinstance(messages, list) else [messages])]


def _holds_null_character(value: Any) -> bool:
    if isinstance(value, str):
        return "\x00" in value
    if isinstance(value, list):
        return any(_holds_null_character(item) for item in value)
    if isinstance(value, dict):
        return any("\x00" in key or _holds_null_character(item) for key, item in value.items())
    return False
