"""What the code may not do anywhere: commit twice, swallow, or run text as a program (design §1, §3, §8)."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from tests.house.source import Module, modules

BROAD = {"Exception", "BaseException"}
RUNNERS = {"eval", "exec", "compile", "__import__"}


def test_one_place_commits_and_it_is_in_operations() -> None:
    places = [module.path for module in modules("service") for _ in _calls_of(module, "commit")]
    assert [place.rpartition("/")[0] for place in places] == ["service/operations"], places


def test_nothing_commits_by_a_back_door() -> None:
    doors = [
        module.at(node)
        for module in modules("service")
        for node in module.all(ast.Constant)
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and node.value.upper() in {"COMMIT", "AUTOCOMMIT"}
    ]
    assert doors == []


def test_at_most_two_places_catch_everything() -> None:
    places = [module.at(node) for module in modules("service", "handlers") for node in _broad_excepts(module)]
    assert len(places) <= 2, places


def test_no_exception_is_swallowed_in_silence() -> None:
    silent = [
        module.at(node)
        for module in modules("service", "handlers")
        for node in module.all(ast.ExceptHandler)
        if isinstance(node, ast.ExceptHandler) and all(_says_nothing(statement) for statement in node.body)
    ]
    assert silent == []


def test_no_text_is_run_as_python() -> None:
    runs = [
        module.at(node)
        for module in modules("service", "handlers")
        for node in module.all(ast.Call)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in RUNNERS
    ]
    assert runs == []


def test_no_text_is_unpickled() -> None:
    unsafe = [
        module.at(node)
        for module in modules("service", "handlers")
        for node in module.all(ast.Import, ast.ImportFrom)
        if {"pickle", "marshal", "shelve"} & _imported(node)
    ]
    assert unsafe == []


def _calls_of(module: Module, method: str) -> Iterator[ast.AST]:
    for node in module.all(ast.Call):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == method:
            yield node


def _broad_excepts(module: Module) -> Iterator[ast.AST]:
    for node in module.all(ast.ExceptHandler):
        assert isinstance(node, ast.ExceptHandler)
        caught = {each.id for each in ast.walk(node.type) if isinstance(each, ast.Name)} if node.type else BROAD
        if caught & BROAD:
            yield node
    for node in _calls_of(module, "suppress"):
        assert isinstance(node, ast.Call)
        if {each.id for each in node.args if isinstance(each, ast.Name)} & BROAD:
            yield node


def _says_nothing(statement: ast.stmt) -> bool:
    is_dots = isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)
    return is_dots or isinstance(statement, ast.Pass)


def _imported(node: ast.AST) -> set[str]:
    if isinstance(node, ast.ImportFrom):
        return {node.module or ""}
    return {alias.name for alias in node.names} if isinstance(node, ast.Import) else set()
