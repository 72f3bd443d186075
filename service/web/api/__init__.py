"""The HTTP API under /api/v1: JSON in, JSON out, a problem document when it goes wrong. Pages are in `desk/`."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, version
from typing import Any

from flask import Flask

from service.web.api import cases, docs, events, feed, health, incidents, instances, migrations, tasks
from service.web.api.problems import register_problems, register_unrouted
from service.web.api.routes import DescribedApi, Routes

ALL_ROUTES: tuple[Routes, ...] = (
    events.routes,
    instances.routes,
    tasks.routes,
    cases.routes,
    incidents.routes,
    migrations.routes,
    feed.routes,
    health.routes,
)
"""In the order of the documentation."""

BLUEPRINTS: tuple[Any, ...] = (*(routes.blueprint for routes in ALL_ROUTES), docs.blueprint)
"""To be left out of the protection of the desk's forms: the API reads no cookie."""

register_problems(docs.blueprint)


def init_api(app: Flask) -> None:
    """Put the API into the application, which must hold its Environment as `app.extensions["towpath"]`."""
    api = DescribedApi(app, spec_kwargs=_description())
    for routes in ALL_ROUTES:
        routes.register(app, api)
    app.register_blueprint(docs.blueprint)
    register_unrouted(app)
    api.spec.components.security_scheme("token", {"type": "http", "scheme": "bearer"})
    app.extensions[docs.DOCUMENT] = api.spec.to_dict()


def _description() -> dict[str, Any]:
    return {
        "title": "Towpath API",
        "version": _version(),
        "openapi_version": "3.1.0",
        "info": {
            "description": "Post case events, follow what they did, work the queue, and read what happened. Send "
            "`Authorization: Bearer …` with every request. When something goes wrong the answer is a problem document "
            "(RFC 9457) that says what to do."
        },
        "security": [{"token": []}],
    }


def _version() -> str:
    """The version of the installed package; a bare source tree has none."""
    try:
        return version("towpath")
    except PackageNotFoundError:
        return "0"
