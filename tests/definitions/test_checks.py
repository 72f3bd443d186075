"""The alarm: what a diagram, a form or a setting points at must exist."""

from __future__ import annotations

import json
from dataclasses import dataclass

import pytest

from service.definitions.checks import check
from service.definitions.problem import Problem
from tests.definitions.small_book import GUARD_COLUMNS, SCENARIO, form, small_book, table


@dataclass(frozen=True)
class Pointer:
    kind: str
    value: str
    element_id: str = "write_views"
    process_id: str = "closing"
    file: str = "closing/closing.bpmn"


GOOD = [
    Pointer("form", "views"),
    Pointer("decision", "decision-matrix"),
    Pointer("guard", "closing-guards"),
    Pointer("guard", '=concatenate(["closing-guards"], guards)'),
    Pointer("property", 'guard==if answers.outcome = "sent" then ["closing-guards"] else []'),
    Pointer("property", "decision=CLOSE"),
    Pointer("property", "decision==decision"),
    Pointer("property", "colour=red"),
    Pointer("process", "closing"),
    Pointer("job-type", "case-record.write"),
    Pointer("message", "closing-proposed"),
    Pointer("thrown-message", "closing-done"),
    Pointer("candidate-group", "manager@owning-team, line-manager@sw1"),
    Pointer("candidate-group", '=[step.level + "@" + step.scope]'),
    Pointer("expression", 'overdue from("VISIT", eventTime)'),
    Pointer("expression", '=if x then ["manager@owning-team"] else []'),
    Pointer("expression", "working days after(today(), 3) < date(now())"),
    Pointer("expression", '"name@example.com" = email'),
    Pointer("something-new", "nowhere"),
]


@pytest.mark.parametrize("pointer", GOOD, ids=lambda pointer: f"{pointer.kind} {pointer.value}")
def test_what_exists_raises_no_alarm(pointer: Pointer) -> None:
    assert alarm(pointer) == []


@pytest.mark.parametrize(
    ("pointer", "says"),
    [
        (Pointer("form", "veiws"), "There is no form “veiws”"),
        (Pointer("decision", "matrix"), "There is no decision “matrix”"),
        (Pointer("expression", "=answers.seen = True"), "“true” is written in small letters"),
        (Pointer("expression", "=case.age > 5 or 7"), "“or” joins conditions, and the number 7 is none"),
        (Pointer("guard", "closing-gaurds"), "There is no guard “closing-gaurds”"),
        (Pointer("guard", "closing-guards, other"), "There is no guard “other”"),
        (Pointer("guard", "decision-matrix"), "lacks the columns clearedBy, message, overrideLevel, rule"),
        (Pointer("property", 'guard==concatenate(["closing-guards", "odd"], guards)'), "There is no guard “odd”"),
        (Pointer("property", "decision=CLOES"), "The decision matrix has no level for “CLOES”"),
        (Pointer("property", "gaurd=closing-guards"), "Is “guard” meant?"),
        (Pointer("property", "oneopenpercase=yes"), "Is “oneOpenPerCase” meant?"),
        (Pointer("process", "closng"), "There is no process “closng”"),
        (Pointer("job-type", "case-record.writ"), "Nothing handles jobs of the type “case-record.writ”"),
        (Pointer("message", " "), "The message has no name"),
        (Pointer("thrown-message", ""), "The message has no name"),
        (Pointer("candidate-group", "manger@area"), "There is no level “manger”"),
        (Pointer("candidate-group", "manager@aera"), "There is no scope “aera”"),
        (Pointer("candidate-group", "manager"), "is not written level@scope"),
        (Pointer("expression", "=[\"manger@owning-team\"]"), "There is no level “manger”"),
        (Pointer("expression", 'deadline("VIST", start)'), "VIST"),
        (Pointer("expression", 'overdue from( "VIST", start)'), "VIST"),
        (Pointer("expression", "1 +"), "cannot be read"),
        (Pointer("expression", '=overdue form("VISIT", start)'), "There is no function “overdue form”"),
    ],
    ids=lambda value: f"{value.kind} {value.value}" if isinstance(value, Pointer) else "",
)  # fmt: skip
def test_what_does_not_exist_is_named(pointer: Pointer, says: str) -> None:
    (problem,) = alarm(pointer)
    assert (problem.file, problem.where) == ("closing/closing.bpmn", "write_views")
    assert says in problem.message


def test_problems_come_file_by_file() -> None:
    found = check(small_book(), [Pointer("form", "z"), Pointer("form", "a", file="another.bpmn")], {"other"}, [])
    assert [problem.file for problem in found] == ["another.bpmn", "closing/closing.bpmn", "organisation.json"]


def test_two_pointers_at_one_hole_are_one_problem() -> None:
    assert len(alarm(Pointer("form", "veiws"), Pointer("form", "veiws"))) == 1


def test_an_expression_of_a_form_that_cannot_be_read_is_listed_once() -> None:
    found = check(small_book(views=form({"type": "text", "id": "t", "text": "=1 +"})), [], {"closing"}, [])
    assert [(problem.file, problem.where) for problem in found] == [("closing/forms/views.form", "t")]


def test_forms_are_asked_too() -> None:
    label = {"type": "text", "id": "t", "text": '=string(deadline("VIST", today()))'}
    found = check(small_book(views=form(label)), [], {"closing"}, [])
    assert [(problem.file, problem.where) for problem in found] == [("closing/forms/views.form", "t")]


def test_a_level_may_only_start_what_there_is() -> None:
    found = check(small_book(), [], {"another"}, [])
    assert [(problem.file, problem.where) for problem in found] == [("organisation.json", "worker")]


def test_a_setting_may_only_name_a_level_that_there_is() -> None:
    wrong = b'[{"id": "senior", "value": "duke@area", "type": "text", "why": "w"}]'
    found = check(small_book(settings=wrong), [], {"closing"}, [])
    assert found == [Problem("settings.json", "senior", "There is no level “duke” in the organisation.")]


def test_a_scenario_may_only_use_what_there_is() -> None:
    steps = [{"start": "opening", "as": "sw1"}, {"job": "gone"}, {"job": "case-record.write"}]
    story = json.dumps({**SCENARIO, "settings": {"levels": 1, "levles": 1}, "steps": steps}).encode()
    found = check(small_book(story=story), [], {"closing"}, {"case-record.write"})
    assert [(problem.where, problem.message) for problem in found] == [
        ("settings", "There is no setting “levles”."),
        ("step 1", "There is no process “opening”."),
        ("step 2", "Nothing handles jobs of the type “gone”."),
    ]


def test_a_row_of_the_matrix_may_only_name_a_level_that_there_is() -> None:
    matrix = table("decision-matrix", "decision", ["level"], ['"CLOSE"', '"duke"'], policy="RULE ORDER")
    found = check(small_book(matrix=matrix), [], {"closing"}, [])
    assert found == [Problem("matrix.dmn", "decision-matrix_0", "There is no level “duke” in the organisation.")]
    found = check(small_book(matrix=matrix), [Pointer("property", "decision=CLOSE")], {"closing"}, [])
    assert [problem.where for problem in found] == ["write_views", "decision-matrix_0"]


@pytest.mark.parametrize(
    ("cells", "says"),
    [
        (('"R"', '"sfot"', "null", '"m"', '"c"', '"s"'), "The severity “sfot” is not one of hard, soft"),
        (('"R"', '"soft"', "null", '"m"', '"c"', '"s"'), "no level is named that may override it"),
        (('"R"', '"hard"', '"manager"', '"m"', '"c"', '"s"'), "It is hard, so it cannot name a level"),
        (('"R"', '"soft"', '"duke"', '"m"', '"c"', '"s"'), "There is no level “duke”"),
        (('""', '"hard"', "null", '"m"', '"c"', '"s"'), "It gives no rule"),
        (('"R"', '"hard"', "null", "null", '"c"', '"s"'), "It gives no message"),
        (('"R"', '"hard"', "null", 'deadline("VIST", today())', '"c"', '"s"'), "VIST"),
    ],
)
def test_a_guard_that_would_refuse_badly_is_said(cells: tuple[str, ...], says: str) -> None:
    guards = table("closing-guards", "case.status", GUARD_COLUMNS, ("-", *cells), policy="COLLECT")
    (problem,) = check(small_book(guards=guards), [], {"closing"}, [])
    assert problem.file == "closing/guards.dmn"
    assert says in problem.message


def test_a_guard_may_compute_its_cells() -> None:
    cells = ("-", '"R" + "1"', 'if x then "soft" else "hard"', "settings.senior", 'string join(["a"])', '"c"', '"s"')
    guards = table("closing-guards", "case.status", GUARD_COLUMNS, cells, policy="COLLECT")
    assert check(small_book(guards=guards), [], {"closing"}, []) == []


def test_a_matrix_that_fails_is_said() -> None:
    broken = table("decision-matrix", "decision", ["level"], ['"CLOSE"', '"a" +'], policy="RULE ORDER")
    found = check(small_book(matrix=broken), [Pointer("property", "decision=CLOSE")], {"closing"}, [])
    assert any("The decision matrix fails for “CLOSE”" in problem.message for problem in found)


def test_a_book_without_a_matrix_lets_nobody_sign() -> None:
    found = check(small_book(matrix=None), [Pointer("property", "decision=CLOSE")], {"closing"}, [])
    assert ["nobody signs “CLOSE”" in problem.message for problem in found] == [True]


def alarm(*pointers: Pointer) -> list[Problem]:
    return check(small_book(), pointers, {"closing"}, {"case-record.write"})
