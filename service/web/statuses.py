"""Which HTTP status each kind of error answers with, for the API and the desk alike. The words are not here."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from types import MappingProxyType

from service.domain.errors import (
    Conflict,
    Invalid,
    ModelError,
    NotAllowed,
    NotAuthenticated,
    NotFound,
    Refused,
    ServiceError,
    UnreadableState,
)

STATUSES: Mapping[type[ServiceError], HTTPStatus] = MappingProxyType(
    {
        NotAuthenticated: HTTPStatus.UNAUTHORIZED,
        NotAllowed: HTTPStatus.FORBIDDEN,
        NotFound: HTTPStatus.NOT_FOUND,
        Conflict: HTTPStatus.CONFLICT,
        Refused: HTTPStatus.CONFLICT,
        Invalid: HTTPStatus.UNPROCESSABLE_ENTITY,
        ModelError: HTTPStatus.INTERNAL_SERVER_ERROR,
        UnreadableState: HTTPStatus.INTERNAL_SERVER_ERROR,
        ServiceError: HTTPStatus.INTERNAL_SERVER_ERROR,
    }
)


def row_of(error: type[ServiceError]) -> type[ServiceError]:
    """The nearest ancestor that has a row of its own: a narrower error answers as the kind it belongs to."""
    return next(kind for kind in error.__mro__ if kind in STATUSES)


def status_of(error: type[ServiceError]) -> HTTPStatus:
    """The status that this kind of error answers with."""
    return STATUSES[row_of(error)]
