"""Whether this service can work, for load balancers and monitors. It says nothing about anybody or anything."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus

from werkzeug.exceptions import ServiceUnavailable

from service.domain.errors import ServiceError
from service.operations.identity import check_ready
from service.web.api.authentication import environment
from service.web.api.routes import Routes
from service.web.api.schemas import HealthSchema

routes = Routes("health", "Health", "Whether the service can work.")


@routes.open_get("/health", HealthSchema, HTTPStatus.SERVICE_UNAVAILABLE)
def read() -> Mapping[str, str]:
    """Ask whether the service can work

    200 when it can, 503 when it cannot. No token is needed.
    """
    try:
        check_ready(environment())
    except ServiceError:
        raise ServiceUnavailable("The database cannot be used, or holds no rule book yet.") from None
    return {"status": "ok"}
