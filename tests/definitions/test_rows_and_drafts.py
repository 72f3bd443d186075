"""Lists of rows, and answers kept as a draft."""

from __future__ import annotations

import json
from typing import Any

import pytest

from service.domain.errors import Invalid
from tests.definitions.paper import (
    SCOPE,
    a_form,
    actions,
    day,
    hide_if,
    number,
    required,
    rows,
    text,
    wrong,
)


def test_rows_are_cleaned_and_blank_ones_dropped() -> None:
    sent = [{"action": " Visit ", "owner": "SW"}, {"action": "", "owner": " ", "done": False}, {"action": "Call"}]
    assert actions().read({"actions": sent}, SCOPE) == {
        "actions": [
            {"action": "Visit", "owner": "SW", "done": False},
            {"action": "Call", "owner": None, "done": False},
        ]
    }


def test_a_wrong_row_is_named_by_where_it_stood() -> None:
    assert wrong(actions(), {"actions": [{"action": ""}, {"owner": "SW"}, {"owner": "SW", "spare": 1}]}) == {
        "actions.1.action": ["Enter the action (row 2)"],
        "actions.2.action": ["Enter the action (row 3)"],
        "actions.2.spare": ["This form has no such question (row 3)"],
    }


def test_a_blank_row_counts_for_nothing() -> None:
    form = a_form(rows("actions", text("action")), text("why", **hide_if("count(actions) > 1")))
    assert set(form.read({"actions": [{"action": "Visit"}, {"action": ""}]}, SCOPE)) == {"actions", "why"}
    assert set(form.read({"actions": [{"action": "Visit"}, {"action": "Call"}]}, SCOPE)) == {"actions"}


def test_a_column_can_hide_row_by_row() -> None:
    form = a_form(rows("actions", text("action"), text("owner", **hide_if('action = "none"'), **required())))
    sent = [{"action": "none"}, {"action": "Visit"}]
    assert [row[1].hidden for row in form.fields(SCOPE, {"actions": sent})[0].rows] == [True, False]
    assert list(wrong(form, {"actions": sent})) == ["actions.1.owner"]


def test_a_list_may_need_rows_and_takes_no_more_than_its_limit() -> None:
    form = a_form(rows("actions", text("action"), properties={"minRows": "2", "maxRows": "3"}))
    assert wrong(form, {}) == {"actions": ["Enter the actions"]}
    assert wrong(form, {"actions": [{"action": "a"}]}) == {"actions": ["Actions must have 2 rows or more"]}
    assert wrong(form, {"actions": [{"action": "a"}] * 4}) == {"actions": ["Actions must have 3 rows or fewer"]}


@pytest.mark.parametrize("sent", ["text", [["x"]], [5]])
def test_rows_that_are_no_rows_are_refused_and_not_a_crash(sent: Any) -> None:
    assert wrong(actions(), {"actions": sent})


def test_a_draft_keeps_what_was_typed_even_when_it_is_wrong() -> None:
    form = a_form(text(validate={"maxLength": 1}), number(), day("met"), text("gone", **hide_if("true")))
    typed = {"views": " too long ", "weeks": "ten", "met": {"day": "31", "month": "", "year": "x"}, "gone": "kept"}
    assert form.keep({**typed, "unknown": "x"}) == typed


def test_a_draft_keeps_rows_with_known_columns() -> None:
    sent = [{"action": "Visit", "forged": 1}, {"action": ""}]
    assert actions().keep({"actions": sent}) == {"actions": [{"action": "Visit"}, {"action": ""}]}


def test_a_draft_that_is_too_large_is_refused_and_not_cut_short() -> None:
    with pytest.raises(Invalid) as caught:
        actions().keep({"actions": [{"action": "x" * 100_001}]})
    assert caught.value.fields == {"actions.0.action": ["This answer must be 100000 characters or fewer"]}


def test_a_draft_may_be_as_long_as_the_limit_and_as_many() -> None:
    sent = [{"action": "x" * 100_000}] + [{"action": "y"}] * 499
    assert actions().keep({"actions": sent}) == {"actions": sent}
    with pytest.raises(Invalid):
        actions().keep({"actions": [*sent, {"action": "y"}]})


def test_all_answers_of_a_draft_together_are_bounded() -> None:
    with pytest.raises(Invalid, match="too long to be kept"):
        actions().keep({"actions": [{"action": "x" * 99_000}] * 11})


def test_a_draft_is_good_json() -> None:
    kept = a_form(text(), number()).keep({"views": "a\0\ud800", "weeks": float("inf")})
    assert json.loads(json.dumps(kept, allow_nan=False).encode()) == {"views": "a�", "weeks": None}
