"""Reading what was sent: size, content type, JSON, every wrong field at once. What the fields mean is in schemas."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NoReturn

import orjson
from flask import Request, request
from marshmallow import RAISE, ValidationError
from webargs.flaskparser import FlaskParser
from werkzeug.exceptions import BadRequest, RequestEntityTooLarge, UnsupportedMediaType

from service.domain.errors import Invalid, NotFound

DEEPEST = 64
"""Levels of lists and objects in one another. Forms have three; what keeps JSON gives up at a few hundred."""

LARGEST_BODY = 1024 * 1024
"""Bytes. A form's answers are a few kilobytes; a full batch of case events stays well below."""

JSON = "application/json"


def check_request() -> None:
    """Before any view of the API: read no more than `LARGEST_BODY`, and nothing that no text can keep.

    Raises NotFound or Invalid for the character U+0000 in an address: some databases would fail on it.
    """
    request.max_content_length = LARGEST_BODY + 1
    if "\x00" in request.path:
        raise NotFound("Nothing has the character U+0000 in its name.")
    fields = {name: ["Leave out the character U+0000."] for name, value in request.args.items() if "\x00" in value}
    if fields:
        raise Invalid(fields)


def sent_body() -> bytes:
    """The whole body. Raises RequestEntityTooLarge, also when a sender who did not say the length sends on and on."""
    body = request.get_data()
    if len(body) > LARGEST_BODY:
        raise RequestEntityTooLarge
    return body


def read_json(body: bytes) -> Any:
    """Strict JSON in UTF-8: no NaN, no half surrogates, and nothing that could not be kept.

    Raises BadRequest, saying where reading stopped or what could not be kept.
    """
    if not body.strip():
        raise BadRequest("The body is empty.")
    try:
        value = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise BadRequest(f"The body is not JSON at line {error.lineno}, column {error.colno}: {error.msg}.") from None
    fault = _fault_in(value)
    if fault:
        raise BadRequest(fault)
    return value


def messages_by_field(messages: Any, path: str = "") -> dict[str, list[str]]:
    """marshmallow's nested messages on one level: `{"actions": {0: {"owner": [...]}}}` becomes `actions.0.owner`."""
    return dict(_flat(messages, path))


class BodyParser(FlaskParser):
    """webargs, answering with our own errors, and refusing query parameters that the route does not know."""

    DEFAULT_UNKNOWN_BY_LOCATION = {**FlaskParser.DEFAULT_UNKNOWN_BY_LOCATION, "query": RAISE}  # noqa: RUF012 - so webargs has it

    def load_json(self, req: Request, *_: Any, **__: Any) -> Any:
        """The JSON body. Raises UnsupportedMediaType or BadRequest."""
        if not (req.mimetype == JSON or (req.mimetype.startswith("application/") and req.mimetype.endswith("+json"))):
            raise UnsupportedMediaType(f"This address reads {JSON}, and was sent {req.mimetype or 'no content type'}.")
        return read_json(sent_body())

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


def _fault_in(value: Any) -> str | None:
    """Why this JSON could not be kept; None when it could. Without recursion, which a deep body would exhaust."""
    waiting: list[tuple[Any, int]] = [(value, 0)]
    while waiting:
        item, depth = waiting.pop()
        if depth > DEEPEST:
            return f"The body has more than {DEEPEST} levels of lists and objects in one another."
        if isinstance(item, str) and "\x00" in item:
            return "The body holds the character U+0000, which no text can keep."
        if isinstance(item, list):
            waiting.extend((inner, depth + 1) for inner in item)
        elif isinstance(item, dict):
            waiting.extend((inner, depth + 1) for pair in item.items() for inner in pair)
    return None
