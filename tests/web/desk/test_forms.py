"""A posted form becomes answers. The pages that post it are tested beside this file."""

from __future__ import annotations

import pytest
from werkzeug.datastructures import MultiDict

from service.definitions.fields import Field, Option
from service.web.desk.forms import read_answers, with_row, without_row


def test_text_is_trimmed_and_has_one_kind_of_line_end() -> None:
    assert read(VIEWS, views="  She said:\r\n“yes”. ") == {"views": "She said:\n“yes”."}


def test_what_was_left_blank_is_left_out() -> None:
    assert read(VIEWS, views="   ") == {}


def test_a_box_that_was_not_ticked_is_an_answer() -> None:
    assert read(CONSENT) == {"consent": False}
    assert read(CONSENT, consent="true") == {"consent": True}


def test_a_choice_keeps_the_type_of_its_option() -> None:
    assert read(RISK, risk="2") == {"risk": 2}


def test_an_unknown_choice_is_kept_for_the_schema_to_refuse() -> None:
    assert read(RISK, risk="9") == {"risk": "9"}


def test_a_checklist_is_a_list_even_with_nothing_chosen() -> None:
    assert read(SERVICES) == {"services": []}
    assert read_answers((SERVICES,), MultiDict([("services", "school"), ("services", "gp")])) == {
        "services": ["school", "gp"]
    }


def test_day_month_and_year_become_iso_text() -> None:
    assert read(REVIEW, **{"review-day": "4", "review-month": "1", "review-year": "2027"}) == {"review": "2027-01-04"}


@pytest.mark.parametrize("typed", [("31", "2", "2027"), ("4", "January", "2027"), ("", "1", "2027"), ("x", "1", "2")])
def test_a_date_that_is_none_yet_is_kept_as_it_was_typed(typed: tuple[str, str, str]) -> None:
    parts = dict(zip(("day", "month", "year"), typed, strict=True))

    assert read(REVIEW, **{f"review-{name}": text for name, text in parts.items()}) == {"review": parts}


def test_no_date_at_all_is_left_out() -> None:
    assert read(REVIEW, **{"review-day": "", "review-month": "", "review-year": " "}) == {}


def test_a_moment_keeps_its_date_and_its_time() -> None:
    posted = {"talked-day": "4", "talked-month": "1", "talked-year": "2027", "talked-time": "2:30pm"}

    assert read(TALKED, **posted) == {"talked": {"day": "4", "month": "1", "year": "2027", "time": "2:30pm"}}


def test_hidden_and_locked_fields_are_not_read() -> None:
    fields = (Field("textfield", "a", "a", hidden=True), Field("textfield", "b", "b", locked=True))

    assert read_answers(fields, MultiDict({"a": "forged", "b": "forged"})) == {}


def test_rows_of_a_list_are_read_in_order_and_blank_ones_dropped() -> None:
    posted = {"actions-rows": "3", "actions-0-what": "Call", "actions-1-what": " ", "actions-2-what": "Write"}

    assert read(ACTIONS, **posted) == {"actions": [{"what": "Call"}, {"what": "Write"}]}


def test_a_draft_keeps_blank_rows() -> None:
    posted = MultiDict({"actions-rows": "2", "actions-0-what": "Call"})

    assert read_answers((ACTIONS,), posted, blank_rows=True) == {"actions": [{"what": "Call"}, {}]}


@pytest.mark.parametrize("rows", ["-1", "²", "99999999999999999999", "many", ""])
def test_a_forged_number_of_rows_reads_no_row(rows: str) -> None:
    assert read(ACTIONS, **{"actions-rows": rows, "actions-0-what": "Call"}) == {"actions": []}


def test_more_rows_than_the_form_takes_are_not_read() -> None:
    posted = {"actions-rows": "9", **{f"actions-{row}-what": "Call" for row in range(9)}}

    assert len(read(ACTIONS, **posted)["actions"]) == ACTIONS.max_rows


def test_a_row_is_added_and_taken_away() -> None:
    answers = {"views": "kept", "actions": [{"what": "Call"}]}

    assert with_row(answers, "actions")["actions"] == [{"what": "Call"}, {}]
    assert without_row(answers, "actions", 0) == {"views": "kept", "actions": []}
    assert without_row(answers, "actions", 7) == answers


VIEWS = Field("textarea", "v", "views")
CONSENT = Field("checkbox", "c", "consent")
RISK = Field("select", "r", "risk", options=(Option(1, "Unlikely"), Option(2, "Possible")))
SERVICES = Field("checklist", "s", "services", options=(Option("school", "School"), Option("gp", "GP")))
REVIEW = Field("datetime", "d", "review", subtype="date")
TALKED = Field("datetime", "t", "talked", subtype="datetime")
ACTIONS = Field("dynamiclist", "l", "actions", fields=(Field("textfield", "w", "what"),), max_rows=4)


def read(field: Field, **posted: str) -> dict[str, object]:
    return read_answers((field,), MultiDict(posted))
