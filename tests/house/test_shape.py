"""Modules that fit a screen or three, functions that fit one, and no surprises between them (design §8)."""

from __future__ import annotations

import ast
import graphlib

import grimp

from tests.house.source import ROOT, modules

LONGEST_MODULE = 300
LONGEST_FUNCTION = 40
PRODUCT = ("service", "handlers", "deployment/bootstrap")


def test_no_module_is_longer_than_300_lines() -> None:
    long = {
        str(module): lines for module in modules(*PRODUCT, "tests") if (lines := _lines(module.text)) > LONGEST_MODULE
    }
    assert long == {}


def test_no_function_is_longer_than_40_lines() -> None:
    long = {
        f"{module.at(function)} {function.name}": lines
        for module in modules(*PRODUCT)
        for function in module.functions()
        if (lines := (function.end_lineno or 0) - function.lineno + 1) > LONGEST_FUNCTION
    }
    assert long == {}


def test_every_module_opens_by_saying_what_is_here() -> None:
    silent = [str(module) for module in modules(*PRODUCT, "tests") if not ast.get_docstring(module.tree)]
    assert silent == []


def test_nothing_is_imported_inside_a_function() -> None:
    hidden = [
        module.at(node)
        for module in modules(*PRODUCT)
        for function in module.functions()
        for node in ast.walk(function)
        if isinstance(node, ast.Import | ast.ImportFrom)
    ]
    assert hidden == []


def test_every_folder_of_modules_is_a_package() -> None:
    loose = {
        str(folder.relative_to(ROOT))
        for module in modules("service", "handlers")
        if not ((folder := (ROOT / module.path).parent) / "__init__.py").is_file()
    }
    assert loose == set()


def test_no_modules_import_each_other_in_a_circle() -> None:
    graph = grimp.build_graph("service", "handlers", cache_dir=None)
    imports = {module: graph.find_modules_directly_imported_by(module) for module in graph.modules}
    assert len(imports) >= len(modules("service", "handlers"))
    graphlib.TopologicalSorter(imports).prepare()


def _lines(text: str) -> int:
    return len(text.splitlines())
