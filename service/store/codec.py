"""The one way in which state, variables, answers and drafts get into the database and out: here encryption would sit.

The first byte of what is stored names its form, so that a later form can be read beside an earlier one:

    0x01  the content as it is          0x02  the content deflated (zlib), when that is shorter

The content is JSON in UTF-8 or the engine's opaque state. State that was stored before there was a form begins with
"{" and is read as it is. What may be asked of these columns in SQL is only whether they are null.
"""

from __future__ import annotations

import zlib
from typing import Any

import orjson
from sqlalchemy import Dialect, LargeBinary
from sqlalchemy.types import TypeDecorator

PLAIN, DEFLATED = b"\x01", b"\x02"
BEFORE_FORMS = b"{"
WORTH_DEFLATING = 200
"""Bytes. Below this the names in a JSON object do not come again often enough."""
LEVEL = 3
"""A form's answers of 671 bytes become 399 in 26 microseconds, and are read back in 16."""


class CodecError(ValueError):
    """Stored content is of a form that this version does not know. Is the database of a newer version?"""

    def __init__(self, form: bytes) -> None:
        super().__init__(f"{(self.__doc__ or '').split('. ')[0]}: {form.hex()}")


def encode(content: bytes) -> bytes:
    """Content as it is stored. Nothing stays nothing: an instance that has ended has no state."""
    if len(content) >= WORTH_DEFLATING:
        deflated = zlib.compress(content, LEVEL)
        if len(deflated) < len(content):
            return DEFLATED + deflated
    return PLAIN + content if content else b""


def decode(stored: bytes) -> bytes:
    """Content as it was given. Raises CodecError."""
    form = stored[:1]
    if form == PLAIN:
        return stored[1:]
    if form == DEFLATED:
        return zlib.decompress(stored[1:])
    if form in (b"", BEFORE_FORMS):
        return stored
    raise CodecError(form)


class EncodedBytes(TypeDecorator[bytes]):
    """Opaque bytes through the codec. What cannot be decoded comes out as it is: whoever opens it says so."""

    impl = LargeBinary
    cache_ok = True

    def process_bind_param(self, value: bytes | None, _dialect: Dialect) -> bytes | None:
        """Into the database."""
        return None if value is None else encode(value)

    def process_result_value(self, value: bytes | None, _dialect: Dialect) -> bytes | None:
        """Out of it; PostgreSQL's driver may give a view."""
        if value is None:
            return None
        try:
            return decode(bytes(value))
        except (CodecError, zlib.error):
            return bytes(value)


class EncodedJson(TypeDecorator[Any]):
    """A JSON value through the codec; None is null in the database."""

    impl = LargeBinary
    cache_ok = True

    def process_bind_param(self, value: Any, _dialect: Dialect) -> bytes | None:
        """Into the database."""
        return None if value is None else encode(orjson.dumps(value))

    def process_result_value(self, value: bytes | None, _dialect: Dialect) -> Any:
        """Out of it."""
        return None if value is None else orjson.loads(decode(bytes(value)))
