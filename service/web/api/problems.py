"""Problem documents (RFC 9457): what went wrong, and what to do about it, for every error there is. No route is here.

The table is closed: each kind of ServiceError and each status that HTTP itself answers with has one row, and the
documentation page prints the rows.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from types import MappingProxyType
from typing import Any
from uuid import uuid4

import orjson
from flask import Flask, Response, request
from werkzeug.exceptions import HTTPException, InternalServerError, MethodNotAllowed
from werkzeug.routing import RequestRedirect

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
from service.logs import get_logger
from service.web.api.bodies import LARGEST_BODY
from service.web.api.paths import DOCUMENTATION, PREFIX, path_to_problem
from service.web.statuses import STATUSES, row_of, status_of

MEDIA_TYPE = "application/problem+json"

log = get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of problem. `slug` is what a program branches on; `remedy` is what a person does."""

    slug: str
    title: str
    remedy: str


SERVICE_PROBLEMS: Mapping[type[ServiceError], Kind] = MappingProxyType(
    {
        NotAuthenticated: Kind(
            "not-authenticated",
            "Towpath does not know who is asking",
            "Send a token in the header `Authorization: Bearer …`. The operator of this installation issues and "
            "replaces tokens with `towpath token create`.",
        ),
        NotAllowed: Kind(
            "not-allowed",
            "You may not do this",
            "Ask for a token with the scope that `detail` names, or ask somebody who holds the level it names. Sending "
            "the same request again will not help.",
        ),
        NotFound: Kind(
            "not-found",
            "There is nothing here under that name",
            "Check the reference that `detail` names. What you may not know exists is answered in the same words.",
        ),
        Conflict: Kind(
            "conflict",
            "It was true when you looked and is no longer",
            "Read it again with GET, look at what has changed, and decide whether your request still stands.",
        ),
        Refused: Kind(
            "refused",
            "The rule book refuses this",
            "Each of `refusals` says what is missing and, in `cleared_by`, whose action clears it. Do that first, then "
            "send the same request again. One with severity `soft` may be allowed with a written reason by the level "
            "in `override_level`.",
        ),
        Invalid: Kind(
            "invalid",
            "What was sent is not valid",
            "Put right every field that `fields` names, then send the request again. Nothing was changed.",
        ),
        ModelError: Kind(
            "rule-book-wrong",
            "The rule book is wrong",
            "You did nothing wrong and nothing was changed. Tell the people who keep the rule book, naming the "
            "`instance` of this problem; send the same request again once they have put it right.",
        ),
        UnreadableState: Kind(
            "cannot-be-opened",
            "This pathway cannot be opened",
            "You did nothing wrong and nothing was lost. Tell the operator of this installation the `instance` of this "
            "problem: the pathway goes on once a build and a release are in place that can open it.",
        ),
        ServiceError: Kind(
            "unexpected",
            "Something went wrong inside Towpath",
            "You did nothing wrong. Send the same request again in a few minutes: what was already done is not done "
            "twice. If it still fails, tell the operator of this installation the `instance` of this problem.",
        ),
    }
)

HTTP_PROBLEMS: Mapping[HTTPStatus, Kind] = MappingProxyType(
    {
        HTTPStatus.BAD_REQUEST: Kind(
            "malformed",
            "The request cannot be read",
            "Send one well-formed JSON document (RFC 8259) in UTF-8. `detail` says where reading stopped.",
        ),
        HTTPStatus.NOT_FOUND: Kind(
            "no-such-address",
            "There is no such address in this API",
            f"The addresses are listed at {DOCUMENTATION}, and for programs at {PREFIX}/openapi.json.",
        ),
        HTTPStatus.METHOD_NOT_ALLOWED: Kind(
            "method-not-allowed",
            "This address does not know that method",
            "Use one of the methods in the `Allow` header of this answer.",
        ),
        HTTPStatus.PRECONDITION_FAILED: Kind(
            "changed-since-you-looked",
            "Somebody saved a newer version",
            "Read it again with GET, bring your change together with the newer one, and send it with the new `ETag` in "
            "`If-Match`.",
        ),
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE: Kind(
            "too-large",
            "The request is too large",
            "Send less in one request: split a batch of events, or refer to large documents instead of sending them.",
        ),
        HTTPStatus.UNSUPPORTED_MEDIA_TYPE: Kind(
            "wrong-content-type",
            "The body has a content type that this address does not read",
            "Send the body as one of the content types that `detail` names, and say so in the `Content-Type` header.",
        ),
        HTTPStatus.PRECONDITION_REQUIRED: Kind(
            "if-match-missing",
            "Say which version you are changing",
            "Read the `ETag` of what you change with GET and send it in the header `If-Match`.",
        ),
        HTTPStatus.INTERNAL_SERVER_ERROR: SERVICE_PROBLEMS[ServiceError],
        HTTPStatus.SERVICE_UNAVAILABLE: Kind(
            "unavailable",
            "Towpath cannot work just now",
            "Send the same request again in a minute: what was already done is not done twice.",
        ),
    }
)


PLAIN_DETAILS: Mapping[HTTPStatus, str] = MappingProxyType(
    {
        HTTPStatus.BAD_REQUEST: "The request could not be read.",
        HTTPStatus.NOT_FOUND: "This API has nothing at the address you asked for.",
        HTTPStatus.METHOD_NOT_ALLOWED: "The address exists; it does not know the method you used.",
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE: f"The body is larger than {LARGEST_BODY:,} bytes.",
        HTTPStatus.INTERNAL_SERVER_ERROR: "Towpath met an error it did not expect. The log has it under `instance`.",
    }
)
"""What happened, where HTTP's own words would be about browsers and spelling."""


def words_of(status: HTTPStatus) -> str:
    """What an answer with this status means, for the documentation: the kinds of problem that have it."""
    ours = [SERVICE_PROBLEMS[error].title for error, found in STATUSES.items() if found is status]
    titles = ours or [HTTP_PROBLEMS[status].title if status in HTTP_PROBLEMS else status.phrase]
    return ". Or: ".join(titles)


def problem_of(error: ServiceError | HTTPException, occurrence: str) -> dict[str, Any]:
    """The problem document of an error. `occurrence` is a URI that names this one time, as it stands in the log."""
    status, kind = _status_and_kind(error)
    problem: dict[str, Any] = {
        "type": path_to_problem(kind.slug),
        "title": kind.title,
        "status": int(status),
        "detail": _detail_of(error, status),
        "instance": occurrence,
        "remedy": kind.remedy,
    }
    if isinstance(error, ServiceError) and isinstance(error.details.get("remedy"), str):
        problem["remedy"] = error.details["remedy"]
    if isinstance(error, NotAllowed | Refused) and error.refusals:
        problem["refusals"] = [refusal.as_dict() for refusal in error.refusals]
    if isinstance(error, Invalid):
        problem["fields"] = error.fields
    return problem


def document_of(error: ServiceError | HTTPException) -> dict[str, Any]:
    """The problem document of an error that has just happened, with a line in the log under the same name."""
    occurrence = uuid4().urn
    problem = problem_of(error, occurrence)
    kind = problem["type"].rpartition("#problem-")[2]
    # No path, no detail: both can hold a child's case reference next to what a person typed.
    log.info("problem_answered", kind=kind, endpoint=request.endpoint, status=problem["status"], occurrence=occurrence)
    if isinstance(error, InternalServerError):
        log.error("unexpected_error", error=type(error.original_exception).__name__, occurrence=occurrence)
    if isinstance(error, ModelError):
        log.error("rule_book_wrong", element_id=error.element_id, file=error.file, occurrence=occurrence)
    return problem


def answer_problem(error: ServiceError | HTTPException) -> Response:
    """The error as an HTTP answer. Redirects pass through: they are no problem."""
    if isinstance(error, RequestRedirect):
        return Response(status=error.code, headers={"Location": error.new_url})
    problem = document_of(error)
    answer = Response(orjson.dumps(problem), status=problem["status"], content_type=MEDIA_TYPE)
    if isinstance(error, NotAuthenticated):
        answer.headers["WWW-Authenticate"] = _challenge()
    if isinstance(error, MethodNotAllowed) and error.valid_methods:
        answer.headers["Allow"] = ", ".join(sorted(error.valid_methods))
    return answer


def answer_unrouted() -> Response | None:
    """Before any view: an address or method that the API does not have is a problem document, not a page."""
    error = request.routing_exception
    if error is None or not (request.path == PREFIX or request.path.startswith(f"{PREFIX}/")):
        return None
    return answer_problem(error)


def register_problems(blueprint: Any) -> None:
    """Answer every error of the blueprint's views with a problem document.

    HTTP errors are registered code by code: Flask prefers any handler for the code, even the desk's for the whole
    application, to a blueprint's handler for all of them.
    """
    blueprint.register_error_handler(ServiceError, answer_problem)
    blueprint.register_error_handler(HTTPException, answer_problem)
    for status in HTTP_PROBLEMS:
        blueprint.register_error_handler(int(status), answer_problem)


def register_unrouted(app: Flask) -> None:
    """Ask `answer_unrouted` first: a redirect to the sign-in page would tell a program nothing."""
    app.before_request_funcs.setdefault(None, []).insert(0, answer_unrouted)


def _status_and_kind(error: ServiceError | HTTPException) -> tuple[HTTPStatus, Kind]:
    if isinstance(error, ServiceError):
        return status_of(type(error)), SERVICE_PROBLEMS[row_of(type(error))]
    status = HTTPStatus(error.code or HTTPStatus.INTERNAL_SERVER_ERROR)
    if status in HTTP_PROBLEMS:
        return status, HTTP_PROBLEMS[status]
    nearest = HTTPStatus.BAD_REQUEST if status < HTTPStatus.INTERNAL_SERVER_ERROR else HTTPStatus.INTERNAL_SERVER_ERROR
    return status, HTTP_PROBLEMS[nearest]


def _detail_of(error: ServiceError | HTTPException, status: HTTPStatus) -> str:
    """What happened this time, in words, without internals: a stack or an expression can hold what a person typed."""
    if isinstance(error, ModelError):
        where = " of ".join(part for part in (error.element_id, error.file) if part)
        return f"The fault is at {where}." if where else "A diagram, table or form has a fault."
    if isinstance(error, ServiceError):
        return error.message
    said = error.description if error.description != type(error).description else None
    return said or PLAIN_DETAILS.get(status, error.name)


def _challenge() -> str:
    """RFC 6750: a request without any token is told only how to ask; one with a bad token is told that it is bad."""
    realm = 'Bearer realm="towpath"'
    return f'{realm}, error="invalid_token"' if "Authorization" in request.headers else realm
