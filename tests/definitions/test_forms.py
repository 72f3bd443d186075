"""What a person sees of a form, and the mistakes in one."""

from __future__ import annotations

from typing import Any

import pytest

from service.definitions.fields import Option
from service.definitions.forms import parse_form
from service.domain.errors import ModelError
from tests.definitions.paper import (
    SCOPE,
    TODAY,
    a_form,
    asked,
    hide_if,
    number,
    radio,
    rows,
    text,
)


def test_labels_and_texts_are_evaluated() -> None:
    form = a_form(text(label='="Views of " + case.label'), {"type": "text", "id": "t", "text": "Age: {{case.age}}"})
    asked, shown = form.fields(SCOPE)
    assert (asked.label, shown.text) == ("Views of Child K-101", "Age: 9")


def test_a_group_gives_its_title_and_hides_what_is_in_it() -> None:
    inner = {"type": "group", "id": "g", "label": "The plan", "components": [text()], **hide_if("case.age > 8")}
    (field,) = a_form(inner).fields(SCOPE)
    assert (field.group, field.hidden) == (("The plan",), True)


def test_options_come_from_the_case() -> None:
    workers = [{"value": "p1", "label": "Social worker 1"}, "p2"]
    form = a_form({"type": "select", "id": "w", "key": "worker", "label": "Worker", "valuesExpression": "=workers"})
    assert form.fields({"workers": workers})[0].options == (Option("p1", "Social worker 1"), Option("p2", "p2"))
    assert form.fields({"workers": None})[0].options == ()


@pytest.mark.parametrize("validate", [{"max": "=settngs.most"}, {"required": "=isNeeded"}])
def test_a_misspelt_name_lifts_no_limit(validate: dict[str, Any]) -> None:
    with pytest.raises(ModelError, match="There is no name"):
        a_form(number(validate=validate)).fields(SCOPE)


@pytest.mark.parametrize("limit", ["ten", "NaN", "=case.label"])
def test_a_limit_that_is_no_number_is_an_error_of_the_form(limit: str) -> None:
    with pytest.raises(ModelError, match="“max” is not a number"):
        a_form(number(validate={"max": limit})).fields(SCOPE)


def test_a_limit_may_be_null_by_what_is_known() -> None:
    (field,) = a_form(number(validate={"max": "=if case.age > 8 then null else 3"})).fields(SCOPE)
    assert field.maximum is None


@pytest.mark.parametrize("most", ["three", "²", "-1"])
def test_a_number_of_rows_that_is_none_is_an_error_of_the_form(most: str) -> None:
    with pytest.raises(ModelError, match="not a number of rows"):
        a_form(rows("people", text("who"), properties={"maxRows": most})).fields(SCOPE)


def test_options_may_lie_in_a_variable() -> None:
    form = a_form({"type": "select", "id": "w", "key": "worker", "label": "Worker", "valuesKey": "workers"})
    assert form.fields({"workers": ["p1"]})[0].options == (Option("p1", "p1"),)
    assert form.fields({})[0].options == ()


def test_truths_dates_and_lists_are_put_in_words() -> None:
    form = a_form({"type": "text", "id": "t", "text": "{{a}}, {{b}}, {{c}}, {{d}}."})
    shown = form.fields({"a": True, "b": False, "c": None, "d": ["x", "y"]})[0].text
    assert shown == "yes, no, , x, y."


def test_options_that_are_no_list_are_the_forms_fault() -> None:
    form = a_form({"type": "select", "id": "w", "key": "worker", "label": "Worker", "valuesExpression": "=case.age"})
    with pytest.raises(ModelError, match="options must be a list") as caught:
        form.fields(SCOPE)
    assert (caught.value.file, caught.value.element_id) == ("forms/views.form", "w")


def test_a_field_hides_by_another_answer_and_says_by_which() -> None:
    form = a_form(radio("outcome", "agree", "reject"), text("why", **hide_if('outcome != "reject"')))
    assert [field.hidden for field in form.fields(SCOPE, {"outcome": "reject"})] == [False, False]
    assert [field.hidden for field in form.fields(SCOPE, {"outcome": "agree"})] == [False, True]
    assert form.fields(SCOPE)[1].hide_reads == ("outcome",)


def test_an_answer_wins_over_a_variable_of_the_same_name() -> None:
    form = a_form(radio("outcome", "agree", "reject"), text("why", **hide_if('outcome = "agree"')))
    before = {"outcome": "agree"}
    assert form.fields(before, {"outcome": "reject"})[1].hidden is False
    assert form.fields(before, {})[1].hidden is False
    assert form.fields(before)[1].hidden is True


def test_a_hidden_answer_decides_nothing() -> None:
    form = a_form(
        text("first", **hide_if("case.age = 9")),
        text("second", **hide_if("first != null")),
        text("third", **hide_if("second = null")),
    )
    answers = {"first": "typed before it was hidden", "second": "y", "third": "z"}
    assert [field.hidden for field in form.fields(SCOPE, answers)] == [True, False, False]


def test_fields_that_hide_each_other_do_not_hang_the_page() -> None:
    form = a_form(text("one", **hide_if("two = null")), text("two", **hide_if("one != null")))
    assert len(form.fields(SCOPE, {"one": "a", "two": "b"})) == 2


def test_limits_can_be_expressions() -> None:
    form = a_form(number(validate={"min": "2", "max": "=case.age"}))
    (field,) = form.fields(SCOPE)
    assert (field.minimum, field.maximum, field.max_length) == (2, 9, None)


def test_a_blank_form_begins_with_what_is_known() -> None:
    form = a_form(text("known"), text("usual", defaultValue="as usual"), text("other"))
    assert form.initial({"known": "from the last step"}) == {"known": "from the last step", "usual": "as usual"}


def test_a_function_that_nobody_offers_is_no_silent_null() -> None:
    form = a_form(text(**hide_if("today() > date(case.label)")))
    with pytest.raises(ModelError, match="no function “today” here") as caught:
        form.fields(SCOPE)
    assert caught.value.file == "forms/views.form"
    assert form.fields(SCOPE, functions=TODAY)[0].hidden is False


def test_an_expression_that_fails_names_file_and_component() -> None:
    form = a_form(text(label="=1 +"))
    assert [(problem.where, problem.file) for problem in form.problems] == [("views", "forms/views.form")]
    with pytest.raises(ModelError) as caught:
        form.fields(SCOPE)
    assert caught.value.element_id == "views"


@pytest.mark.parametrize(
    ("component", "says"),
    [
        ({"type": "filepicker", "id": "f", "key": "f"}, "It is a “filepicker” component"),
        ({"type": "html", "id": "h"}, "It is a “html” component"),
        ({"type": "textfield", "id": "t", "key": "a.b", "label": "L"}, "must be a plain name"),
        ({"type": "textfield", "id": "t", "key": "Meta", "label": "L"}, "must be a plain name"),
        ({"type": "textfield", "id": "t", "key": "a"}, "It has no label"),
        (asked("radio"), "exactly one of values"),
        ({**asked("radio"), "values": ["x"]}, "an object with value and label"),
        ({**asked("radio"), "values": [{"value": 1}, {"value": "1"}]}, "stands twice"),
        (asked("datetime"), "Its subtype must be one of"),
        ({"type": "group", "id": "g", "path": "p", "components": []}, "group with a `path`"),
        ({"type": "text", "id": "t", "text": "{{#if x}}"}, "cannot be read"),
        ({**asked("textfield"), "validate": {"pattern": "(?=x)"}}, "RE2"),
        ({**asked("textfield"), "validate": {"odd": 1}}, "validation “odd”"),
        ({**asked("textfield"), "validate": {"maxLength": "x"}}, "number or an expression"),
        ({**asked("number"), "validate": {"min": 2, "max": 1}}, "larger than its largest"),
        ({**asked("textfield"), "conditional": {"hide": "=x ="}}, "cannot be read"),
        ({**asked("textfield"), "properties": {"earliest": "31/12/2026"}}, "a date such as"),
        ({**asked("textfield"), "validate": {"validationType": "iban"}}, "validation type “iban”"),
        ({**asked("textfield"), "properties": {"x": 1}}, "properties must be text"),
    ],
)
def test_a_mistake_is_named(component: dict[str, Any], says: str) -> None:
    (problem,) = a_form(component).problems
    assert says in problem.message
    assert problem.where == component["id"]


def test_two_answers_under_one_key_are_a_mistake_but_not_across_lists() -> None:
    assert [p.where for p in a_form(text("a"), {**text("a"), "id": "again"}).problems] == ["again"]
    assert a_form(text("a"), rows("r", {**text("a"), "id": "inner"})).problems == ()


def test_a_form_has_an_end() -> None:
    assert a_form(*(text(f"k{n}") for n in range(500))).problems == ()
    assert "at most 500" in a_form(*(text(f"k{n}") for n in range(501))).problems[0].message


def test_groups_are_not_nested_without_end() -> None:
    nested: dict[str, Any] = text()
    for depth in range(8):
        nested = {"type": "group", "id": f"g{depth}", "components": [nested]}
    assert ["nested more than 6 deep" in problem.message for problem in a_form(nested).problems] == [True]


def test_a_list_in_a_list_is_a_mistake() -> None:
    assert "list inside a list" in a_form(rows("a", rows("b", text("c")))).problems[0].message


def test_a_submit_button_is_left_to_the_page() -> None:
    form = a_form({"type": "button", "id": "b", "action": "submit", "label": "Submit"})
    assert (form.components, form.problems) == ((), ())


@pytest.mark.parametrize("content", [b"[]", b'{"id": "x"}', b'{"components": []}', b'{"id": " ", "components": []}'])
def test_what_is_no_form_cannot_be_read(content: bytes) -> None:
    with pytest.raises(ModelError) as caught:
        parse_form("x.form", content)
    assert caught.value.file == "x.form"


def test_a_form_is_titled_by_itself_or_by_its_file() -> None:
    assert parse_form("a/close-case.form", b'{"id": "x", "components": []}').title == "Close case"
    assert parse_form("x.form", b'{"id": "x", "title": "Exemplar", "components": []}').title == "Exemplar"
