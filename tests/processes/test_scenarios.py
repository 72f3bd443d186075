"""Every scenario of the rule book, one test each. What a scenario may say is tested in `tests/definitions`."""

from __future__ import annotations

import functools
from dataclasses import replace

import pytest

from service.app import create_app
from service.cli.trying import try_scenario
from service.data_files import processes_directory
from service.definitions.files import read_directory
from service.definitions.rulebook import RuleBook, load_rulebook
from service.definitions.scenarios import Expect, Scenario

FILES = sorted(str(file.relative_to(processes_directory())) for file in processes_directory().rglob("scenarios/*.json"))


@pytest.mark.parametrize("file", FILES)
def test_the_story_goes_as_told(file: str) -> None:
    assert try_scenario(create_app, _rulebook(), _scenario(file)) == []


def test_a_story_that_goes_otherwise_is_noticed() -> None:
    told = _scenario(FILES[0])
    wrong = replace(told.steps[0], expect=Expect(ended=("something else",)))
    problems = try_scenario(create_app, _rulebook(), replace(told, steps=(wrong, *told.steps[1:])))
    assert [(problem.file, "something else" in problem.message) for problem in problems] == [(FILES[0], True)]


def _scenario(file: str) -> Scenario:
    (scenario,) = (scenario for scenario in _rulebook().scenarios if scenario.file == file)
    return scenario


@functools.cache
def _rulebook() -> RuleBook:
    return load_rulebook(read_directory(processes_directory()))
