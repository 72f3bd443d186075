"""Every error has a status, a problem document and something to do about it."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

import pytest
from werkzeug.exceptions import HTTPException, InternalServerError, TooManyRequests
from werkzeug.exceptions import NotFound as NoSuchAddress

from service.domain.errors import (
    Conflict,
    Invalid,
    ModelError,
    NotAllowed,
    NotFound,
    Refusal,
    Refused,
    ServiceError,
)
from service.web.api.problems import HTTP_PROBLEMS, SERVICE_PROBLEMS, problem_of
from service.web.statuses import STATUSES, status_of

OCCURRENCE = "urn:uuid:00000000-0000-0000-0000-000000000001"


def test_every_kind_of_error_has_a_row_in_both_tables() -> None:
    kinds = [ServiceError]
    for kind in kinds:
        kinds.extend(kind.__subclasses__())
    ours = {kind for kind in kinds if kind.__module__ == ServiceError.__module__}
    assert ours == set(STATUSES) == set(SERVICE_PROBLEMS)


def test_a_narrower_error_answers_as_the_kind_it_belongs_to() -> None:
    class TooLate(Conflict):
        """It is too late."""

    assert status_of(TooLate) is HTTPStatus.CONFLICT
    assert told(TooLate())["type"].endswith("#problem-conflict")


def test_every_problem_says_what_to_do() -> None:
    remedies = [kind.remedy for kind in (*SERVICE_PROBLEMS.values(), *HTTP_PROBLEMS.values())]
    assert all(remedy.endswith(".") for remedy in remedies)


def test_no_two_kinds_share_a_name() -> None:
    kinds = {*SERVICE_PROBLEMS.values(), *HTTP_PROBLEMS.values()}
    assert len({kind.slug for kind in kinds}) == len(kinds)


def test_a_refusal_teaches() -> None:
    problem = told(Refused("complete “Agree”", [REFUSAL]))
    assert problem["status"] == HTTPStatus.CONFLICT
    assert problem["refusals"] == [
        {
            "rule": "R-1",
            "message": "A date is missing.",
            "cleared_by": "The allocated worker",
            "severity": "soft",
            "override_level": "a-level",
            "source": "Standards, page 4",
        }
    ]


def test_whoever_may_not_is_told_why_with_the_rule() -> None:
    problem = told(NotAllowed("sign this", "you wrote it", [REFUSAL]))
    assert (problem["status"], problem["detail"]) == (403, "You may not sign this, because you wrote it.")
    assert problem["refusals"][0]["rule"] == "R-1"


def test_every_wrong_field_is_in_the_problem() -> None:
    assert told(Invalid({"views": ["Enter the child's views"]}))["fields"] == {"views": ["Enter the child's views"]}


def test_a_problem_without_refusals_or_fields_does_not_pretend_to_have_them() -> None:
    assert told(NotFound("There is no case K-9.")) == {
        "type": "/api/v1/docs#problem-not-found",
        "title": SERVICE_PROBLEMS[NotFound].title,
        "status": 404,
        "detail": "There is no case K-9.",
        "instance": OCCURRENCE,
        "remedy": SERVICE_PROBLEMS[NotFound].remedy,
    }


def test_an_operation_may_know_a_better_remedy() -> None:
    assert told(NotFound("No.", remedy="Record the case first."))["remedy"] == "Record the case first."


def test_a_wrong_rule_book_tells_where_and_nothing_that_was_typed() -> None:
    error = ModelError("cannot compare 'the mother said' with 3", element_id="agree_date", file="a.bpmn")
    assert told(error)["detail"] == "The fault is at agree_date of a.bpmn."
    assert "mother" not in str(told(error))


def test_an_unexpected_error_shows_no_internals() -> None:
    problem = told(InternalServerError(original_exception=KeyError("secret")))
    assert (problem["status"], "secret" in str(problem)) == (500, False)


@pytest.mark.parametrize("error", [NoSuchAddress(), InternalServerError()])
def test_what_happened_is_not_told_in_words_for_browsers(error: HTTPException) -> None:
    assert told(error)["detail"] != error.description


def test_a_status_without_a_row_of_its_own_is_still_a_problem_document() -> None:
    assert (told(TooManyRequests())["status"], told(TooManyRequests())["type"]) == (
        429,
        "/api/v1/docs#problem-malformed",
    )


def told(error: ServiceError | HTTPException) -> dict[str, Any]:
    """The problem document of an error."""
    return problem_of(error, OCCURRENCE)


REFUSAL = Refusal("R-1", "A date is missing.", "The allocated worker", "soft", "a-level", "Standards, page 4")
