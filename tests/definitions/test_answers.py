"""What comes of the answers to a form, and what is said about wrong ones."""

from __future__ import annotations

from typing import Any

import pytest

from service.domain.errors import Invalid
from tests.definitions.paper import (
    SCOPE,
    TODAY,
    a_form,
    checklist,
    day,
    hide_if,
    number,
    radio,
    required,
    rows,
    text,
    tick,
    wrong,
)


def test_text_is_trimmed_and_has_one_kind_of_line_end() -> None:
    assert a_form(text()).read({"views": "  She feels\r\nsafe.\0 \n"}, SCOPE) == {"views": "She feels\nsafe."}


def test_a_blank_optional_answer_is_null_so_that_an_old_one_does_not_linger() -> None:
    form = a_form(text("a"), radio("b", "x"), tick("c"), checklist("d", "x"), rows("e", text("f")))
    assert form.read({"a": "  ", "b": ""}, {"a": "old"}) == {"a": None, "b": None, "c": False, "d": [], "e": []}


def test_every_wrong_answer_is_said_at_once_in_the_order_of_the_form() -> None:
    form = a_form(radio("reason", "safe", **required()), text("views", **required()), day("met", **required()))
    assert list(wrong(form, {"odd": 1, "met": "2027-02-30"}).items()) == [
        ("reason", ["Select the reason"]),
        ("views", ["Enter the child's views"]),
        ("met", ["Met must be a real date: February 2027 has 28 days"]),
        ("odd", ["This form has no such question"]),
    ]


def test_a_name_that_brings_its_article_takes_no_other() -> None:
    form = a_form(text("a", label="The plan", **required()), text("b", label="CIN plan", **required()))
    assert wrong(form, {}) == {"a": ["Enter the plan"], "b": ["Enter the CIN plan"]}


def test_a_question_as_label_makes_another_sentence() -> None:
    form = a_form(text(label="What does the child say?", **required()))
    assert wrong(form, {}) == {"views": ["Enter an answer to “What does the child say?”"]}


def test_the_forms_own_words_win() -> None:
    form = a_form(
        text("a", validate={"required": True, "requiredMessage": "Say a"}),
        text("b", **required(), properties={"errorRequired": "Say b", "errorName": "no b"}),
        text("c", validate={"maxLength": 2}, properties={"errorName": "the note"}),
    )
    assert wrong(form, {"c": "abc"}) == {
        "a": ["Say a"],
        "b": ["Say b"],
        "c": ["The note must be 2 characters or fewer"],
    }


@pytest.mark.parametrize(
    ("validate", "typed", "says"),
    [
        ({"maxLength": 3}, "abcd", "Child's views must be 3 characters or fewer"),
        ({"minLength": 3}, "ab", "Child's views must be 3 characters or more"),
        ({"pattern": "^[A-Z]\\d+$"}, "x1", "Child's views is not in the right format"),
        ({"validationType": "email"}, "a@b", "Enter an email address in the correct format, like name@example.com"),
        ({"validationType": "phone"}, "12", "Enter a telephone number, like 01632 960 001 or +44 808 157 0192"),
        ({}, 5, "Child's views must be text"),
        ({}, "x" * 100_001, "Child's views must be 100000 characters or fewer"),
    ],
)
def test_wrong_text_is_explained(validate: dict[str, Any], typed: Any, says: str) -> None:
    assert wrong(a_form(text(validate=validate)), {"views": typed}) == {"views": [says]}


def test_length_counts_a_line_end_once() -> None:
    assert a_form(text(validate={"maxLength": 3})).read({"views": "a\r\nb"}, SCOPE) == {"views": "a\nb"}


def test_a_pattern_cannot_make_the_service_think_for_ever() -> None:
    form = a_form(text(validate={"pattern": "^(a+)+$"}))
    assert wrong(form, {"views": "a" * 50_000 + "b"}) == {"views": ["Child's views is not in the right format"]}


@pytest.mark.parametrize(
    ("typed", "kept"),
    [("1,250", 1250), (" 2.50 ", 2.5), ("0.1", 0.1), (3, 3), (2.5, 2.5), ("-4", -4), ("0", 0)],
)
def test_a_number_is_read(typed: Any, kept: float) -> None:
    read = a_form(number()).read({"weeks": typed}, SCOPE)["weeks"]
    assert (read, type(read)) == (kept, type(kept))


@pytest.mark.parametrize(
    ("more", "typed", "says"),
    [
        ({}, "ten", "Weeks must be a number, like 30"),
        ({}, "0" * 50 + "7", "Weeks must be a number, like 30"),
        ({}, "1,2,3", "Weeks must be a number, like 30"),
        ({}, True, "Weeks must be a number, like 30"),
        ({}, float("nan"), "Weeks must be a number, like 30"),
        ({}, "1" * 16, "Weeks must have 15 digits or fewer"),
        ({"decimalDigits": 1}, 1e27, "Weeks must have 15 digits or fewer"),
        ({}, "0.1234567890123456", "Weeks must have 15 digits or fewer"),
        ({"decimalDigits": 0}, "1.5", "Weeks must be a whole number"),
        ({"decimalDigits": 1}, "1.55", "Weeks must have 1 decimal places or fewer"),
        ({"validate": {"min": 1}}, "0", "Weeks must be 1 or more"),
        ({"validate": {"max": 10}}, "10.5", "Weeks must be 10 or less"),
    ],
)
def test_a_wrong_number_is_explained(more: dict[str, Any], typed: Any, says: str) -> None:
    assert wrong(a_form(number(**more)), {"weeks": typed}) == {"weeks": [says]}


def test_a_number_may_be_the_least_and_the_most() -> None:
    form = a_form(number(validate={"min": 1, "max": 10}))
    assert [form.read({"weeks": typed}, SCOPE)["weeks"] for typed in (1, 10)] == [1, 10]


def test_a_group_changes_nothing_about_its_answers() -> None:
    form = a_form({"type": "group", "id": "g", "label": "Group", "components": [text(**required())]})
    assert form.read({"views": " She is well. "}, SCOPE) == {"views": "She is well."}
    assert form.keep({"views": "half"}) == {"views": "half"}
    assert wrong(form, {}) == {"views": ["Enter the child's views"]}


def test_a_number_can_be_kept_as_text() -> None:
    assert a_form(number(serializeToString=True)).read({"weeks": "1.10"}, SCOPE) == {"weeks": "1.10"}


@pytest.mark.parametrize(("sent", "kept"), [("3", 3), (3, 3), ("true", True), (False, False), ("x", "x")])
def test_a_choice_keeps_the_options_own_value(sent: Any, kept: Any) -> None:
    form = a_form(radio("choice", 3, True, False, "x", **required()))
    assert form.read({"choice": sent}, SCOPE) == {"choice": kept}


@pytest.mark.parametrize("sent", ["z", ["x"], {"a": "x"}, 4])
def test_only_what_is_offered_can_be_chosen(sent: Any) -> None:
    assert wrong(a_form(radio("choice", "x", "y")), {"choice": sent}) == {
        "choice": ["Select one of the options given for “Choice”"]
    }


def test_a_checklist_keeps_the_order_of_the_form_and_takes_a_single_one() -> None:
    form = a_form(checklist("who", "child", "mother", "school"))
    assert form.read({"who": ["school", "child", "school"]}, SCOPE) == {"who": ["child", "school"]}
    assert form.read({"who": "mother"}, SCOPE) == {"who": ["mother"]}
    assert "who" in wrong(form, {"who": ["child", "stranger"]})


def test_a_ticked_box_decides_as_a_truth_however_it_was_posted() -> None:
    form = a_form(tick("told"), text("why", **hide_if("told")), number(), text("few", **hide_if("weeks > 5")))
    assert set(form.read({"told": "on", "weeks": "6"}, SCOPE)) == {"told", "weeks"}
    assert set(form.read({"told": "", "weeks": "5"}, SCOPE)) == {"told", "weeks", "why", "few"}


def test_what_is_chosen_of_a_list_decides_too() -> None:
    form = a_form(checklist("who", "child", "school"), text("why", **hide_if('list contains(who, "child")')))
    assert set(form.read({"who": ["child"]}, SCOPE)) == {"who"}
    assert set(form.read({"who": "school"}, SCOPE)) == {"who", "why"}


def test_a_required_checklist_and_box_must_be_ticked() -> None:
    form = a_form(checklist("who", "child", **required()), tick("sure", **required()))
    says = {"who": ["Select who"], "sure": ["Confirm: Sure"]}
    assert wrong(form, {"who": [], "sure": False}) == wrong(form, {}) == says
    assert form.read({"who": "child", "sure": "on"}, SCOPE) == {"who": ["child"], "sure": True}


def test_a_date_in_three_boxes_becomes_one() -> None:
    assert a_form(day("met")).read({"met": {"day": "4", "month": "1", "year": "2027"}}, SCOPE) == {"met": "2027-01-04"}
    assert a_form(day("met")).read({"met": {"day": "", "month": "", "year": ""}}, SCOPE) == {"met": None}
    assert wrong(a_form(day("met")), {"met": {"day": "4", "month": "", "year": "2027"}}) == {
        "met": ["Met must include a month"]
    }


def test_a_time_and_a_moment_are_read_as_such() -> None:
    form = a_form(day("at", subtype="time"), day("when", subtype="datetime"))
    typed = {"at": "9:05", "when": {"date": "4/1/2027", "time": "14:30"}}
    assert form.read(typed, SCOPE) == {"at": "09:05:00", "when": "2027-01-04T14:30:00"}


def test_a_date_can_be_too_early_or_too_late() -> None:
    form = a_form(day("met", disallowPassedDates=True, properties={"latest": '=date("2027-02-01")'}))
    assert form.read({"met": "2027-01-04"}, SCOPE, functions=TODAY) == {"met": "2027-01-04"}
    assert wrong(form, {"met": "2027-01-03"}) == {"met": ["Met must be on or after 4 January 2027"]}
    assert wrong(form, {"met": "2027-02-02"}) == {"met": ["Met must be on or before 1 February 2027"]}


def test_hidden_and_locked_answers_are_dropped_however_they_were_sent() -> None:
    form = a_form(
        text("gone", **hide_if("true"), **required()),
        text("read", readonly=True, **required()),
        text("off", disabled=True),
    )
    assert form.read({"gone": "x", "read": "forged", "off": "forged"}, SCOPE) == {}


def test_what_the_form_does_not_ask_is_refused() -> None:
    assert wrong(a_form(text()), {"caseStatus": "closed"}) == {"caseStatus": ["This form has no such question"]}


@pytest.mark.parametrize("key", ["fields", "load", "context", "items", "class_", "__init__", "leave_out_blanks"])
def test_a_key_may_be_any_plain_name(key: str) -> None:
    assert a_form(text(key)).read({key: "x"}, SCOPE) == {key: "x"}


def test_answers_that_are_no_object_are_refused() -> None:
    with pytest.raises(Invalid):
        a_form(text()).read([], SCOPE)  # type: ignore[arg-type]
