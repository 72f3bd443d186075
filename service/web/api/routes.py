"""How a route of the API is declared: guarded, read, written and documented by one line. No route is here."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

from flask import Flask, Response
from flask_smorest import Api, Blueprint
from marshmallow import Schema

from service.web.api.authentication import View, open_to_all, token_actor
from service.web.api.bodies import BodyParser, check_request
from service.web.api.paths import PREFIX
from service.web.api.problems import MEDIA_TYPE, register_problems, words_of
from service.web.api.schemas import ProblemSchema

ALWAYS = (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN, HTTPStatus.INTERNAL_SERVER_ERROR)
"""What every guarded route can answer, whatever it does."""


@dataclass(frozen=True, slots=True)
class Reads:
    """What a route reads besides its path."""

    query: type[Schema] | None = None
    body: type[Schema] | None = None
    example: Mapping[str, Any] | None = None
    documented: Mapping[str, Any] = field(default_factory=dict)
    """Further keys of the OpenAPI operation, for what the route reads by itself (other media, headers)."""


NOTHING = Reads()


class Routes:
    """The routes of one noun, under one heading of the documentation."""

    def __init__(self, name: str, title: str, description: str) -> None:
        self.name = name
        self.title = title
        self.description = description
        self.blueprint: Any = Blueprint(f"api-{name}", __name__, url_prefix=PREFIX)
        self.blueprint.ARGUMENTS_PARSER = BodyParser()
        self.blueprint.before_request(check_request)
        self.blueprint.after_request(keep_out_of_caches)
        register_problems(self.blueprint)

    def get(self, path: str, answers: type[Schema], *problems: HTTPStatus, reads: Reads = NOTHING) -> Declare:
        """A route that reads; the view gets the actor first, `query` by name, and the path's parts by name."""
        return self._declare("GET", path, answers, HTTPStatus.OK, problems, reads)

    def post(
        self,
        path: str,
        answers: type[Schema] | None,
        *problems: HTTPStatus,
        reads: Reads = NOTHING,
        status: HTTPStatus = HTTPStatus.OK,
    ) -> Declare:
        """A route that acts; the view gets the actor first, `body` by name, and the path's parts by name.

        Without a schema of what it answers its status must be one that has no body.
        """
        return self._declare("POST", path, answers, status, problems, reads)

    def put(self, path: str, answers: type[Schema], *problems: HTTPStatus, reads: Reads = NOTHING) -> Declare:
        """A route that puts one thing in place of another; the view is called as for `post`."""
        return self._declare("PUT", path, answers, HTTPStatus.OK, problems, reads)

    def open_get(self, path: str, answers: type[Schema], *problems: HTTPStatus) -> Declare:
        """A route that anybody may read, without a token; the view gets no actor."""

        def declare(view: View) -> View:
            documented = self.blueprint.doc(operationId=self._operation_id(view), security=[])(view)
            return self._register("GET", path, open_to_all(self._shape(documented, answers, HTTPStatus.OK, problems)))

        return declare

    def register(self, app: Flask, api: Api) -> None:
        """Put the routes into the application and into the OpenAPI document, under this heading.

        Not `api.register_blueprint`: it would make the blueprint's name a second heading.
        """
        app.register_blueprint(self.blueprint)
        self.blueprint.register_views_in_doc(api, app, api.spec, name=self.blueprint.name, parameters=None)
        api.spec.tag({"name": self.title, "description": self.description})

    def _declare(
        self,
        method: str,
        path: str,
        answers: type[Schema] | None,
        status: HTTPStatus,
        problems: tuple[HTTPStatus, ...],
        reads: Reads,
    ) -> Declare:
        def declare(view: View) -> View:
            shaped = view
            if reads.query is not None:
                shaped = self.blueprint.arguments(reads.query, location="query", arg_name="query")(shaped)
            if reads.body is not None:
                shaped = self.blueprint.arguments(reads.body, arg_name="body", example=reads.example)(shaped)
            shaped = self.blueprint.doc(operationId=self._operation_id(view), **reads.documented)(shaped)
            found = (*problems, *ALWAYS, *((HTTPStatus.UNPROCESSABLE_ENTITY,) if reads.query or reads.body else ()))
            return self._register(method, path, token_actor(self._shape(shaped, answers, status, found)))

        return declare

    def _shape(
        self, view: View, answers: type[Schema] | None, status: HTTPStatus, problems: tuple[HTTPStatus, ...]
    ) -> View:
        shaped: View = self.blueprint.response(int(status), answers)(view)
        for problem in sorted(set(problems)):
            shaped = self.blueprint.alt_response(int(problem), problem.name)(shaped)
        return shaped

    def _operation_id(self, view: View) -> str:
        """What a generated client calls it: `user_tasks_claim`."""
        return f"{self.name}_{view.__name__}".replace("-", "_")

    def _register(self, method: str, path: str, view: View) -> View:
        self.blueprint.add_url_rule(path, view_func=view, methods=[method], tags=[self.title])
        return view


def keep_out_of_caches(answer: Response) -> Response:
    """Answers about children stay out of every cache."""
    answer.headers.setdefault("Cache-Control", "no-store")
    return answer


Declare = Callable[[View], View]


class DescribedApi(Api):  # type: ignore[misc]  # flask-smorest has no types
    """flask-smorest's document, without its error handling: ours answers problem documents, on our routes only."""

    DEFAULT_ERROR_RESPONSE_NAME = None
    """Each route names what can go wrong."""

    def _register_error_handlers(self) -> None:
        """Nothing: the desk's pages have their own."""

    def _register_pagination_header(self) -> None:
        """Nothing: pages of ours end in a cursor."""

    def _register_responses(self) -> None:
        """Every status as a problem document, kept only where a route names it."""
        for status in HTTPStatus:
            if status >= HTTPStatus.BAD_REQUEST:
                content = {MEDIA_TYPE: {"schema": ProblemSchema}}
                response = {"description": words_of(status), "content": content}
                self.spec.components.response(status.name, response, lazy=True)
