"""Every kind of question as HTML: its control, its label, its error, and nothing that a person wrote taken for HTML."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from flask import Flask, render_template_string
from lxml import html

from service.definitions.fields import ASKING, SHOWN, Field, Option
from service.web.desk import init_desk
from service.web.desk.pages import WEB
from service.web.desk.questions import ask, error_links

HOSTILE = '<b>"x"</b></textarea><script>alert(1)</script>'


def test_every_kind_of_field_is_drawn(app: Flask) -> None:
    assert {field.kind for field in EVERY_KIND} == ASKING | SHOWN


@pytest.mark.parametrize("kind", sorted(ASKING | SHOWN))
def test_nothing_written_becomes_html(app: Flask, kind: str) -> None:
    field = replace(of_kind(kind), label=HOSTILE, description=HOSTILE, text=HOSTILE, options=(Option("x", HOSTILE),))
    page = draw(replace(field, prefix=HOSTILE), answers={field.key: HOSTILE}, errors={field.key: [HOSTILE]})

    assert page.xpath("//script | //b") == []


@pytest.mark.parametrize("kind", sorted(ASKING))
def test_an_error_is_beside_its_control_and_the_summary_leads_there(app: Flask, kind: str) -> None:
    field = of_kind(kind)
    errors = {field.key: ["Enter it"]}
    page = draw(field, errors=errors)
    anchors = [anchor for _, anchor in error_links(ask((field,), {}, errors), errors)]

    assert "Enter it" in page.text_content()
    assert [page.xpath("count(//*[@id=$id])", id=anchor) for anchor in anchors] == [1]


@pytest.mark.parametrize("kind", sorted(ASKING))
def test_every_control_has_a_label(app: Flask, kind: str) -> None:
    page = draw(of_kind(kind))
    controls = page.xpath("//input[not(@type='hidden')] | //textarea | //select")

    assert controls
    assert all(page.xpath("count(//label[@for=$id])", id=control.get("id")) == 1 for control in controls)


@pytest.mark.parametrize("kind", ["textfield", "textarea"])
def test_typed_text_is_kept_to_the_letter(app: Flask, kind: str) -> None:
    page = draw(of_kind(kind), answers={kind: HOSTILE})
    control = page.get_element_by_id(kind)

    assert (control.get("value") or control.text) == HOSTILE


def test_a_long_text_with_a_limit_counts_its_characters(app: Flask) -> None:
    assert draw(replace(of_kind("textarea"), max_length=200)).xpath("//*[@data-maxlength='200']")


def test_what_may_be_left_out_says_so(app: Flask) -> None:
    assert "(optional)" in draw(of_kind("textfield")).text_content()
    assert "(optional)" not in draw(replace(of_kind("textfield"), required=True)).text_content()
    assert "(optional)" not in draw(replace(of_kind("textfield"), properties={"optional": "no"})).text_content()


def test_what_was_chosen_is_chosen_again(app: Flask) -> None:
    assert draw(of_kind("radio"), answers={"radio": "b"}).xpath("//input[@checked]/@value") == ["b"]
    assert draw(of_kind("select"), answers={"select": "b"}).xpath("//option[@selected]/@value") == ["b"]
    assert draw(of_kind("checklist"), answers={"checklist": ["a", "b"]}).xpath("count(//input[@checked])") == 2


def test_a_row_can_be_added_and_taken_away_without_a_script(app: Flask) -> None:
    page = draw(of_kind("dynamiclist"), answers={"dynamiclist": [{"what": "Call"}, {"what": "Write"}]})

    assert page.xpath("//button[@type='submit']/@value") == [
        "remove:dynamiclist:0",
        "remove:dynamiclist:1",
        "add:dynamiclist",
    ]


def test_the_last_row_cannot_be_taken_away(app: Flask) -> None:
    assert draw(of_kind("dynamiclist")).xpath("//button/@value") == ["add:dynamiclist"]


def test_a_locked_answer_is_shown_and_not_asked(app: Flask) -> None:
    page = draw(replace(of_kind("select"), locked=True), answers={"select": "b"})

    assert "Second" in page.text_content()
    assert page.xpath("//select | //input") == []


OPTIONS = (Option("a", "First"), Option("b", "Second"))
EVERY_KIND = (
    Field("textfield", "1", "textfield", "Text"),
    Field("textarea", "2", "textarea", "Long text"),
    Field("number", "3", "number", "Number"),
    Field("checkbox", "4", "checkbox", "Tick"),
    Field("radio", "5", "radio", "One", options=OPTIONS),
    Field("select", "6", "select", "One of a list", options=OPTIONS),
    Field("checklist", "7", "checklist", "Many", options=OPTIONS),
    Field("datetime", "8", "datetime", "When", subtype="datetime"),
    Field("dynamiclist", "9", "dynamiclist", "Actions", fields=(Field("textfield", "w", "what", "What"),)),
    Field("text", "10", text="Guidance"),
    Field("separator", "11"),
    Field("spacer", "12"),
)


def of_kind(kind: str) -> Field:
    return next(field for field in EVERY_KIND if field.kind == kind)


def draw(field: Field, answers: dict[str, object] | None = None, errors: dict[str, list[str]] | None = None):
    [question] = ask((field,), answers or {}, errors or {})
    template = '{% from "desk/questions.html" import one %}<form>{{ one(question) }}</form>'
    return html.fromstring(render_template_string(template, question=question))


@pytest.fixture(scope="module")
def desk() -> Flask:
    app = Flask(__name__, template_folder=str(WEB / "templates"))
    init_desk(app)
    return app


@pytest.fixture
def app(desk: Flask) -> Iterator[Flask]:
    with desk.test_request_context():
        yield desk
