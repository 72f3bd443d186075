"""The API's own documentation: OpenAPI for programs and one page for people. What they say stands at the routes."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import orjson
from flask import Blueprint, Response, current_app, render_template, request

from service.web.api.authentication import open_to_all
from service.web.api.bodies import JSON
from service.web.api.guide import chapters_of, shapes_of
from service.web.api.paths import PREFIX
from service.web.api.problems import HTTP_PROBLEMS, SERVICE_PROBLEMS, Kind
from service.web.statuses import STATUSES

DOCUMENT = "towpath.openapi"
"""Under this name the application keeps its OpenAPI document."""

blueprint = Blueprint(
    "api-docs", __name__, url_prefix=PREFIX, template_folder=str(Path(__file__).parents[1] / "templates")
)


def openapi_document() -> Mapping[str, Any]:
    """The OpenAPI document of this application."""
    document: Mapping[str, Any] = current_app.extensions[DOCUMENT]
    return document


def problem_kinds() -> tuple[tuple[int, Kind], ...]:
    """Every kind of problem with its status, by status."""
    ours = {kind.slug: (int(STATUSES[error]), kind) for error, kind in SERVICE_PROBLEMS.items()}
    all_kinds = {**{kind.slug: (int(status), kind) for status, kind in HTTP_PROBLEMS.items()}, **ours}
    return tuple(sorted(all_kinds.values(), key=lambda pair: (pair[0], pair[1].slug)))


@blueprint.get("/openapi.json")
@open_to_all
def openapi() -> Response:
    """The OpenAPI 3.1 document."""
    return Response(orjson.dumps(openapi_document(), option=orjson.OPT_INDENT_2), content_type=JSON)


@blueprint.get("/docs")
@open_to_all
def docs() -> str:
    """The documentation as one page without scripts."""
    document = openapi_document()
    shapes = shapes_of(document)
    address = request.host_url.rstrip("/")
    return render_template(
        "api/docs.html",
        layout="desk/layout.html" if "desk" in current_app.blueprints else "api/base.html",
        bare=True,
        title=document["info"]["title"],
        words=document["info"]["description"],
        address=address,
        chapters=chapters_of(document, address),
        shapes=shapes,
        shape_names={shape.name for shape in shapes},
        problems=problem_kinds(),
    )
