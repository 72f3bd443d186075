"""Every list has somebody who handles each of its members: stimuli, outcomes, errors, permissions, scopes, verbs."""

from __future__ import annotations

import ast
import dataclasses
import typing
from collections.abc import Iterator

import pytest

from service.access.rules import RULES, SCOPES, Permission
from service.domain.errors import ServiceError
from service.domain.outcome import Outcome
from service.domain.stimuli import Stimulus
from service.operations.showing import SENTENCES
from service.web.api.problems import SERVICE_PROBLEMS
from service.web.statuses import STATUSES
from tests.house.source import Module, modules

STIMULI = {kind.__name__ for kind in typing.get_args(Stimulus)}


def test_every_stimulus_is_handled_by_the_engine() -> None:
    told_apart = {name for module in modules("service/engine") for name in _kinds_told_apart(module)}
    assert STIMULI - told_apart == set()


def test_everything_an_outcome_says_is_followed() -> None:
    said = {field.name for field in dataclasses.fields(Outcome)}
    assert said - _attributes("service/operations", "service/store") == set()


def test_every_error_has_a_status_and_a_remedy() -> None:
    errors = {ServiceError, *_descendants(ServiceError)}
    ours = {error for error in errors if error.__module__ == ServiceError.__module__}
    assert len(ours) == 9
    assert STATUSES.keys() == SERVICE_PROBLEMS.keys() == ours


def test_every_error_of_a_room_is_one_of_the_nine() -> None:
    raised = {
        (module.path, node.name)
        for module in modules("service")
        for node in module.all(ast.ClassDef)
        if isinstance(node, ast.ClassDef) and {"Exception", "RuntimeError", "ValueError"} & _bases(node)
    }
    assert {name for path, name in raised if path.startswith(("service/operations", "service/web"))} == set()


def test_every_permission_has_a_rule_and_is_asked_somewhere() -> None:
    assert RULES.keys() == set(Permission)
    asked = _attributes("service/operations", "service/web")
    assert {permission.name for permission in Permission} - asked == set()


def test_every_scope_a_token_can_have_opens_something() -> None:
    (rules,) = (module for module in modules("service/access") if module.path.endswith("rules.py"))
    opening = {text for call in _calls(rules, "_token_allows") for text in _texts(call)}
    assert opening == set(SCOPES)


@pytest.mark.parametrize("verb", sorted(SENTENCES))
def test_every_sentence_of_the_chronology_is_about_something_that_is_recorded(verb: str) -> None:
    assert verb in _recorded_verbs()


def test_everything_that_is_recorded_has_a_sentence() -> None:
    assert _recorded_verbs() - SENTENCES.keys() == set()


def _descendants(kind: type[ServiceError]) -> Iterator[type[ServiceError]]:
    for child in kind.__subclasses__():
        yield child
        yield from _descendants(child)


def _bases(node: ast.ClassDef) -> set[str]:
    return {base.id for base in node.bases if isinstance(base, ast.Name)}


def _kinds_told_apart(module: Module) -> Iterator[str]:
    """The classes that the module asks about, with `isinstance` or in a `match`."""
    for node in module.all(ast.MatchClass):
        if isinstance(node, ast.MatchClass) and isinstance(node.cls, ast.Name):
            yield node.cls.id
    for call in _calls(module, "isinstance"):
        yield from (node.id for node in ast.walk(call.args[1]) if isinstance(node, ast.Name))


def _calls(module: Module, function: str) -> Iterator[ast.Call]:
    for node in module.all(ast.Call):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == function:
            yield node


def _texts(call: ast.Call) -> set[str]:
    return {node.value for node in call.args if isinstance(node, ast.Constant) and isinstance(node.value, str)}


def _attributes(*folders: str) -> set[str]:
    nodes = (node for module in modules(*folders) for node in module.all(ast.Attribute))
    return {node.attr for node in nodes if isinstance(node, ast.Attribute)}


def _recorded_verbs() -> set[str]:
    """The verbs that operations write: the second argument of `record`, and every `verb=` of a history row."""
    verbs = set()
    for module in modules("service/operations"):
        verbs |= {text for call in _calls(module, "record") for text in _texts(call) if text.isidentifier()}
        keywords = (node for node in module.all(ast.keyword) if isinstance(node, ast.keyword) and node.arg == "verb")
        verbs |= {node.value.value for node in keywords if isinstance(node.value, ast.Constant)}
    return verbs
