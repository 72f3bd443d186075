"""A whole rule book: loaded at once, with everything that is wrong named by file."""

from __future__ import annotations

import pytest

from service.definitions.files import digest
from service.definitions.problem import BrokenRuleBook, Problem
from service.definitions.rulebook import load_rulebook, problems
from service.domain.errors import ModelError, NotFound
from tests.definitions.small_book import files, form, small_book, table


def test_a_rule_book_holds_everything_under_one_address() -> None:
    book = small_book()
    assert book.digest == digest(files())
    assert (list(book.forms), dict(book.settings)) == (["views"], {"senior": "manager@area", "levels": 2})
    assert list(book.bpmn) == ["closing/closing.bpmn"]
    assert [scenario.file for scenario in book.scenarios] == ["closing/scenarios/story.json"]
    assert problems(book) == []


def test_a_timescale_comes_from_its_table() -> None:
    timescale = small_book().timescale("VISIT")
    assert (timescale.what, timescale.length, timescale.unit) == ("First visit", 5, "working days")


def test_a_timescale_that_is_not_there_is_named() -> None:
    with pytest.raises(ModelError, match="VISITS"):
        small_book().timescale("VISITS")
    with pytest.raises(ModelError, match="no decision “timescales”"):
        small_book(timescales=None).timescale("VISIT")


def test_a_form_that_is_not_there_is_not_found() -> None:
    assert small_book().form("views").id == "views"
    with pytest.raises(NotFound, match="no form “veiws”"):
        small_book().form("veiws")


def test_everything_that_cannot_be_read_is_named_at_once() -> None:
    with pytest.raises(BrokenRuleBook) as caught:
        small_book(organisation=b"{}", settings=None, calendar=b"[]", matrix=b"<x", views=b"{", story=b"{}")
    assert {problem.file for problem in caught.value.problems} == {
        "organisation.json",
        "settings.json",
        "calendar.json",
        "matrix.dmn",
        "closing/forms/views.form",
        "closing/scenarios/story.json",
    }
    assert "settings.json: The rule book has no such file." in caught.value.message


def test_two_forms_of_one_id_are_refused() -> None:
    twice = {**files(), "other/again.form": form()}
    with pytest.raises(BrokenRuleBook, match=r"other/again\.form, views: closing/forms/views\.form has a form"):
        load_rulebook(twice)


def test_a_file_that_does_not_belong_is_refused() -> None:
    with pytest.raises(BrokenRuleBook, match=r"run\.py"):
        load_rulebook({**files(), "run.py": b""})


def test_lesser_mistakes_are_problems_and_the_book_still_loads() -> None:
    bad_table = table("closing-guards", "case.status", ["rule"], ['"closed"', "1 +"], policy="COLLECT")
    book = small_book(views=form({"type": "html", "id": "h"}), guards=bad_table)
    found = problems(book)
    assert {problem.file for problem in found} == {"closing/forms/views.form", "closing/guards.dmn"}
    assert isinstance(found[0], Problem)
