"""Seeing that the database is away behind an error that was answered as something else. What is answered then is in
`unavailable.py`."""

from __future__ import annotations

from sqlalchemy.exc import SQLAlchemyError
from werkzeug.exceptions import InternalServerError, ServiceUnavailable

from service.store.tables import is_away

RETRY_AFTER = 10
"""Seconds after which a program may try again: a server that was started anew answers by then."""


def unavailable() -> ServiceUnavailable:
    """The answer while the database is away. It says nothing of what the error says: that holds addresses."""
    return ServiceUnavailable("The database cannot be reached just now.")


def absence_behind(error: Exception) -> Exception:
    """The error, or that the service is unavailable when the database was away where something else was answered."""
    original = error.original_exception if isinstance(error, InternalServerError) else None
    return unavailable() if isinstance(original, SQLAlchemyError) and is_away(original) else error
