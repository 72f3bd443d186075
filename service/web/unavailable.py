"""What a request is answered while the database is away, on every page and address: 503, and when to try again. How an
error is seen to mean that is in `absence.py`."""

from __future__ import annotations

from flask import Flask, Response, make_response, request
from sqlalchemy.exc import SQLAlchemyError

from service.logs import get_logger
from service.store.tables import is_away
from service.web.absence import RETRY_AFTER, unavailable
from service.web.api.paths import PREFIX
from service.web.api.problems import answer_problem
from service.web.desk.errors import page_of_error

log = get_logger(__name__)


def init_absence(app: Flask) -> None:
    """Answer whatever meets a database that is away, whoever asks: before they are known, too."""
    app.register_error_handler(SQLAlchemyError, answer_absence)
    app.after_request(say_when_to_return)


def answer_absence(error: SQLAlchemyError) -> Response:
    """A problem document or a page. Raises the error again when the database is there and something else is wrong."""
    if not is_away(error):
        raise error
    log.warning("database_away", endpoint=request.endpoint, kind=type(error).__name__)
    asked_by_program = request.path == PREFIX or request.path.startswith(f"{PREFIX}/")
    return make_response(answer_problem(unavailable()) if asked_by_program else page_of_error(unavailable()))


def say_when_to_return(answer: Response) -> Response:
    """Every answer that the service is unavailable says when to try again."""
    if answer.status_code == 503:
        answer.headers.setdefault("Retry-After", str(RETRY_AFTER))
    return answer
