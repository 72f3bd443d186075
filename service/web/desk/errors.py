"""What went wrong, as a page in plain words with what to do next. Each error's status is in `web/statuses.py`."""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus

from flask import (
    Blueprint,
    Flask,
    Response,
    g,
    jsonify,
    make_response,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect

from service.domain.errors import ModelError, NotAllowed, NotAuthenticated, NotFound, Refused, ServiceError
from service.logs import get_logger
from service.operations.identity import read_authority
from service.web.absence import absence_behind
from service.web.desk.guards import PERSON, environment
from service.web.statuses import status_of

log = get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Words:
    """A page about an error: its heading, and paragraphs that say what happened and what to do."""

    title: str
    paragraphs: tuple[str, ...]


OUT_OF_DATE = Words(
    "This page was out of date",
    (
        "You were signed out, or somebody signed in again in this browser, after it was opened. Nothing was sent.",
        "Open the task again from your queue, signing in if you are asked to, and send it from there.",
    ),
)
BY_STATUS: dict[int, Words] = {
    400: Words("The page sent something we could not read", ("Nothing was changed. Go back and try again.",)),
    401: Words(
        "You are not signed in",
        ("This service has no sign-in yet: an identity provider must be configured by whoever runs it.",),
    ),
    403: Words("You may not do this", ("Nothing was changed.",)),
    404: Words(
        "Page not found",
        (
            "If you typed the web address, check it is correct.",
            "If you followed a link, what it led to may have moved on, or may not be yours to see.",
        ),
    ),
    405: Words("This page cannot be opened on its own", ("It only answers a button on another page.",)),
    409: Words("Somebody or something was first", ("Nothing of yours was changed.",)),
    413: Words("That was too much to send at once", ("Shorten your answers and send them again.",)),
    422: Words("Some of what was sent is missing or wrong", ("Nothing was changed. Go back and put it right.",)),
    500: Words(
        "Sorry, there is a problem with the service",
        (
            "Nothing was half done: what you sent was either kept completely or not at all.",
            "Look in your queue to see which. If it happens again, tell whoever runs this service when it happened.",
        ),
    ),
    503: Words(
        "Sorry, the service is unavailable",
        (
            "Nothing was half done: what you sent was either kept completely or not at all.",
            "Try again in a minute. What was already done is not done twice.",
        ),
    ),
}
MODEL_ERROR = Words(
    "Something is wrong in the rule book",
    (
        "This is not your fault and nothing was changed. The task stays open and your draft is kept.",
        "The problem is on the Problems page for whoever looks after the process.",
    ),
)
OWN_NAMES = frozenset({"csrf_token", "_version", "_do", "_rule"})
CODES = (400, 403, 404, 405, 413, 500, 503)
"""What HTTP itself answers with on these pages."""
BARE = (HTTPStatus.INTERNAL_SERVER_ERROR, HTTPStatus.SERVICE_UNAVAILABLE)
"""Pages that ask the database for nothing: it may be what is wrong."""


def register_errors(desk: Blueprint) -> None:
    """Every error of the desk's own views becomes a page."""
    desk.register_error_handler(ServiceError, page_of_error)
    desk.register_error_handler(HTTPException, page_of_error)
    for code in CODES:
        desk.register_error_handler(code, page_of_error)


def register_unknown_addresses(app: Flask) -> None:
    """An address that no room answers becomes a page too; what the API answers never comes here."""
    for code in CODES:
        app.register_error_handler(code, page_of_error)


def page_of_error(error: Exception) -> ResponseReturnValue:
    """The page, or JSON when a module of ours asked for that; the sign-in page when nobody is signed in."""
    if isinstance(error, RequestRedirect):
        return error.get_response()
    error = absence_behind(error)
    status, words = _status_and_words(error)
    _log(error, status)
    message = error.message if isinstance(error, ServiceError) else words.title
    if request.accept_mimetypes.best == "application/json":
        return jsonify(message=_for_draft(error, message)), status
    if isinstance(error, NotAuthenticated) and read_authority(environment()).demo:
        session.pop(PERSON, None)
        onward = request.full_path.rstrip("?") if request.method == "GET" and request.path != "/" else None
        return redirect(url_for("desk.sign_in.choose", next=onward))
    return answer_page(error, status, words)


def answer_page(error: Exception, status: int, words: Words) -> Response:
    """The page about an error, with its refusals when it has any."""
    page = render_template(
        "desk/error.html",
        words=words,
        detail=_detail(error, words),
        refusals=error.refusals if isinstance(error, NotAllowed | Refused) else (),
        status=status,
        typed=() if status == HTTPStatus.REQUEST_ENTITY_TOO_LARGE else _typed(),
        bare=status in BARE and not isinstance(error, ServiceError),
    )
    return make_response(page, status)


def _status_and_words(error: Exception) -> tuple[int, Words]:
    if isinstance(error, CSRFError):
        return 400, OUT_OF_DATE
    if isinstance(error, ModelError):
        return int(status_of(type(error))), MODEL_ERROR
    if isinstance(error, ServiceError):
        status = int(status_of(type(error)))
        return status, BY_STATUS[status]
    status = (error.code if isinstance(error, HTTPException) else None) or 500
    return status, BY_STATUS.get(status, BY_STATUS[400 if 400 <= status < 500 else 500])


def _detail(error: Exception, words: Words) -> str | None:
    """The error's own words, where they were written for whoever reads this page."""
    if isinstance(error, ModelError | NotFound) or not isinstance(error, ServiceError):
        return None
    return error.message if error.message != words.title else None


def _typed() -> list[tuple[str, str]]:
    """What stood in the form that was sent, so that it can be copied from the page about the error."""
    if request.method != "POST" or not (request.endpoint or "").startswith("desk.tasks."):
        return []
    fields = [(name, value.strip()) for name, value in request.form.items(multi=True)]
    return [(name.removeprefix("_"), value) for name, value in fields if value and not _is_ours(name)]


def _is_ours(name: str) -> bool:
    """Whether the page itself put it into the form; reasons for allowing something were typed."""
    return name in OWN_NAMES or name.endswith("-rows")


def _for_draft(error: Exception, message: str) -> str:
    if isinstance(error, NotAuthenticated | CSRFError):
        return "Your draft is not saved: you are no longer signed in. Copy what you typed, then sign in again."
    return f"Your draft is not saved. {message}"


def _log(error: Exception, status: int) -> None:
    """Ids only: a message can hold what a person typed."""
    if isinstance(error, ModelError):
        log.error("rule book wrong", element=error.element_id, file=error.file, endpoint=request.endpoint)
    elif status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        log.error("page failed", endpoint=request.endpoint, kind=type(error).__name__)
    reader = g.get("reader")
    log.info("page refused", endpoint=request.endpoint, status=status, reader=reader.id if reader else None)
