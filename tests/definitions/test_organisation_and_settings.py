"""The organisation and the settings, and what is said about mistakes in them."""

from __future__ import annotations

import json
from typing import Any

import pytest

from service.definitions.organisation import Level, Organisation, TeamKind, load_organisation
from service.definitions.problem import BrokenRuleBook
from service.definitions.settings import load_settings


def test_levels_come_lowest_rank_first_whatever_the_file_says() -> None:
    organisation = read({"levels": [MANAGER, WORKER], "teamKinds": [{"id": "east", "name": "East"}]})
    assert list(organisation.levels) == ["worker", "manager"]
    assert organisation.levels["manager"] == Level("manager", "Manager", 20, True, frozenset({"*"}), "S1")
    assert organisation.team_kinds == {"east": TeamKind("east", "East")}


def test_who_may_start_what() -> None:
    organisation = read({"levels": [MANAGER, WORKER]})
    asked = [("manager", "any"), ("worker", "closing"), ("worker", "other"), ("stranger", "closing")]
    assert [organisation.may_start(level, process) for level, process in asked] == [True, True, False, False]


def test_a_rank_is_compared_and_a_stranger_has_none() -> None:
    organisation = read({"levels": [MANAGER, WORKER]})
    asked = [("manager", "worker"), ("worker", "manager"), ("worker", "worker"), ("stranger", "worker")]
    assert [organisation.outranks(*pair) for pair in asked] == [True, False, False, False]


@pytest.mark.parametrize(
    ("change", "where", "says"),
    [
        ({"rank": "high"}, "levels.0.rank", "whole number"),
        ({"rank": 1.5}, "levels.0.rank", "whole number"),
        ({"name": " "}, "levels.0.name", "must not be empty"),
        ({"id": "team manager"}, "levels.0.id", "letters, digits"),
        ({"mayStrat": []}, "levels.0.mayStrat", "No such key"),
        ({"id": "manager", "rank": 5}, "", "The level “manager” stands twice"),
        ({"rank": 20}, "", "The rank 20 stands twice"),
    ],
)
def test_a_mistake_in_the_organisation_is_named_by_its_place(change: dict[str, Any], where: str, says: str) -> None:
    with pytest.raises(BrokenRuleBook) as caught:
        read({"levels": [{**WORKER, **change}, MANAGER]})
    (problem,) = caught.value.problems
    assert (problem.file, problem.where) == ("organisation.json", where)
    assert says in problem.message


def test_every_mistake_is_named_at_once() -> None:
    with pytest.raises(BrokenRuleBook) as caught:
        read({"levels": [{"id": "worker"}], "teams": []})
    assert {problem.where for problem in caught.value.problems} == {"levels.0.name", "levels.0.rank", "teams"}


def test_settings_are_read_in_order() -> None:
    rows = settings({**SETTING, "id": "b"}, {**SETTING, "id": "a", "value": 2.5})
    assert [(row.id, row.value) for row in rows] == [("b", 2), ("a", 2.5)]


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("number", 2),
        ("text", "manager@area"),
        ("boolean", False),
        ("date", "2027-01-04"),
        ("list", ["a", "b"]),
        ("markers", {"fact": "Words"}),
    ],
)
def test_each_type_takes_its_values_and_no_others(kind: str, value: Any) -> None:
    assert settings({**SETTING, "type": kind, "value": value})[0].value == value
    with pytest.raises(BrokenRuleBook, match=f"must be a {kind}"):
        settings({**SETTING, "type": kind, "value": [["nonsense"]]})


@pytest.mark.parametrize(
    ("change", "where", "says"),
    [
        ({"why": ""}, "0.why", "must not be empty"),
        ({"id": "two words"}, "0.id", "plain name"),
        ({"type": "odd"}, "0.type", "one of number"),
        ({"value": True}, "0", "must be a number"),
        ({"extra": 1}, "0.extra", "No such key"),
    ],
)
def test_a_mistake_in_a_setting_is_named(change: dict[str, Any], where: str, says: str) -> None:
    with pytest.raises(BrokenRuleBook) as caught:
        settings({**SETTING, **change})
    assert [(problem.where, says in problem.message) for problem in caught.value.problems] == [(where, True)]


@pytest.mark.parametrize("content", [b"{}", b'"text"', b"null"])
def test_settings_are_a_list(content: bytes) -> None:
    with pytest.raises(BrokenRuleBook, match="must be a list of settings"):
        load_settings("settings.json", content)


def test_a_setting_stands_once() -> None:
    with pytest.raises(BrokenRuleBook, match="stands twice"):
        settings(SETTING, SETTING)


WORKER = {"id": "worker", "name": "Worker", "rank": 10, "mayStart": ["closing"]}
MANAGER = {"id": "manager", "name": "Manager", "rank": 20, "managerial": True, "mayStart": ["*"], "source": "S1"}
SETTING = {"id": "levels", "value": 2, "type": "number", "why": "Two managers read it."}


def read(raw: Any) -> Organisation:
    return load_organisation("organisation.json", json.dumps(raw).encode())


def settings(*rows: Any) -> Any:
    return load_settings("settings.json", json.dumps(rows).encode())
