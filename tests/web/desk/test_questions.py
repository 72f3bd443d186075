"""Fields and answers become questions with names, values, errors and links. How they look is in `test_drawing.py`."""

from __future__ import annotations

from werkzeug.datastructures import MultiDict

from service.definitions.fields import Field, Option
from service.web.desk.forms import read_answers
from service.web.desk.questions import Question, ask, error_links


def test_an_untouched_form_shows_its_defaults() -> None:
    assert first(ask((REASON,), {}, {})).value == "achieved"


def test_a_default_does_not_come_back_over_what_was_cleared() -> None:
    assert first(ask((REASON, VIEWS), {"views": "typed"}, {})).value == ""


def test_hidden_questions_are_not_asked() -> None:
    assert ask((Field("textfield", "h", "h", hidden=True),), {}, {}) == ()


def test_a_date_is_shown_in_parts_without_leading_noughts() -> None:
    assert parts("2027-01-04") == ("4", "1", "2027")


def test_an_impossible_date_is_shown_as_it_was_typed() -> None:
    assert parts({"day": "31", "month": "feb", "year": ""}) == ("31", "feb", "")


def test_a_moment_is_shown_with_its_minutes() -> None:
    field = Field("datetime", "t", "talked", subtype="datetime")

    assert first(ask((field,), {"talked": "2027-01-04T14:30:00"}, {})).value["time"] == "14:30"


def test_a_list_shows_at_least_one_row_to_type_in() -> None:
    assert [column.name for column in first(ask((ACTIONS,), {}, {})).rows[0]] == ["actions-0-what", "actions-0-by"]


def test_columns_follow_the_row_they_belong_to() -> None:
    hidden = Field("textfield", "w", "what", hidden=True)
    field = Field("dynamiclist", "l", "actions", fields=ACTIONS.fields, rows=((hidden,),))

    assert first(ask((field,), {"actions": [{"what": "Call"}]}, {})).rows == ((),)


def test_each_message_leads_to_its_control() -> None:
    errors = {"actions.1.by": ["Enter by when"], "views": ["Enter the views"], "actions.1.what": ["Enter what"]}
    questions = ask((VIEWS, ACTIONS), {"actions": [{"what": "Call"}, {}]}, errors)

    assert error_links(questions, errors) == [
        ("Enter the views", "views"),
        ("Enter what", "actions-1-what"),
        ("Enter by when", "actions-1-by-day"),
    ]


def test_a_message_about_a_list_leads_to_its_first_control() -> None:
    questions = ask((ACTIONS,), {}, {"actions": ["Enter an action"]})

    assert error_links(questions, {"actions": ["Enter an action"]}) == [("Enter an action", "actions-0-what")]


def test_a_message_about_nothing_on_the_page_is_still_shown() -> None:
    assert error_links(ask((VIEWS,), {}, {}), {"unknown": ["This form does not ask that"]}) == [
        ("This form does not ask that", None)
    ]


def test_a_heading_stands_before_the_first_question_of_its_group() -> None:
    fields = [Field("textfield", name, name, group=group) for name, group in GROUPED]

    assert [question.headings for question in ask(fields, {}, {})] == [(), ("A",), (), ("B",), ("C",), ("A",)]


def test_what_is_shown_can_be_read_back() -> None:
    answers = {"reason": "moved", "views": "“yes”", "actions": [{"what": "Call", "by": "2027-01-29"}]}
    posted = {control: value for question in ask(FIELDS, answers, {}) for control, value in controls(question)}

    assert read_answers(FIELDS, MultiDict(posted)) == answers


GROUPED = (("a", ()), ("b", ("A",)), ("c", ("A",)), ("d", ("A", "B")), ("e", ("A", "C")), ("f", ("A",)))
REASON = Field("radio", "r", "reason", default="achieved", options=(Option("achieved", "Yes"), Option("moved", "No")))
VIEWS = Field("textarea", "v", "views")
COLUMNS = (Field("textfield", "w", "what"), Field("datetime", "b", "by", subtype="date"))
ACTIONS = Field("dynamiclist", "l", "actions", fields=COLUMNS)
FIELDS = (REASON, VIEWS, ACTIONS)


def first(questions: tuple[Question, ...]) -> Question:
    return questions[0]


def parts(value: object) -> tuple[str, str, str]:
    shown = first(ask((Field("datetime", "d", "on", subtype="date"),), {"on": value}, {})).value
    return shown["day"], shown["month"], shown["year"]


def controls(question: Question) -> list[tuple[str, str]]:
    """Name and value of every control that a page would post for this question."""
    if question.field.kind == "dynamiclist":
        inner = [pair for row in question.rows for column in row for pair in controls(column)]
        return [(f"{question.name}-rows", str(len(question.rows))), *inner]
    if question.field.kind == "datetime":
        return [(f"{question.name}-{part}", text) for part, text in question.value.items()]
    return [(question.name, question.value)]
