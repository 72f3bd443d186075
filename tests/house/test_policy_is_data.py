"""No word of the rule book stands in the mechanism: a new pathway costs no line of Python (design §1).

Comments and docstrings may give examples; names and text that the program uses may not.
"""

from __future__ import annotations

import ast
import functools
import json
import re
from collections.abc import Set
from pathlib import Path
from xml.etree import ElementTree

import pytest

from tests.house.source import ROOT, Module, modules

PROCESSES = ROOT / "processes"
BPMN = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
DMN = "{https://www.omg.org/spec/DMN/20191111/MODEL/}"
ZEEBE = "{http://camunda.org/schema/zeebe/1.0}"
FIXED = {"timescales", "decision-matrix"}
"""Two tables that every rule book has; the mechanism looks for them by name."""
PHRASES = re.compile(r"\b(?:closure day|oversight record)s?\b")
"""Terms of the whole field (design §4, §5) in which a word stands that a folder of the rule book is named after too."""
OUR_JOBS = "register."
"""Job types that begin so are Towpath's own: changes to its case register, applied with the step (design §1)."""


@pytest.mark.parametrize("module", modules("service"), ids=str)
def test_no_word_of_the_rule_book_is_in_the_mechanism(module: Module) -> None:
    assert sorted(_words(module.tree) & _spellings(_rule_book_words())) == []


def test_the_rule_book_has_words_to_look_for() -> None:
    assert {"closure", "team-manager"} <= _rule_book_words()


def test_a_word_of_the_rule_book_would_be_found() -> None:
    tree = ast.parse('def team_manager(): "A closure." ; x.y = f"the closure {1}"')
    assert _words(tree) & _spellings({"closure", "team-manager"}) == {"closure", "team_manager"}


@functools.cache
def _rule_book_words() -> frozenset[str]:
    names = {folder.name for folder in PROCESSES.iterdir() if folder.is_dir()}
    names |= {level["id"] for level in json.loads((PROCESSES / "organisation.json").read_text())["levels"]}
    names |= {json.loads(form.read_text())["id"] for form in PROCESSES.rglob("*.form")}
    for diagram in PROCESSES.rglob("*.bpmn"):
        names |= _attributes(diagram, f"{BPMN}process", "id") | _attributes(diagram, f"{BPMN}message", "name")
        names |= {job for job in _attributes(diagram, f"{ZEEBE}taskDefinition", "type") if not job.startswith(OUR_JOBS)}
    for table in PROCESSES.rglob("*.dmn"):
        names |= _attributes(table, f"{DMN}decision", "id")
    return frozenset(names - FIXED)


def _attributes(file: Path, tag: str, attribute: str) -> set[str]:
    return {element.attrib[attribute] for element in ElementTree.parse(file).iter(tag) if attribute in element.attrib}


def _spellings(names: Set[str]) -> Set[str]:
    return names | {re.sub(r"[^a-z0-9]", "_", name.lower()) for name in names}


def _words(tree: ast.Module) -> set[str]:
    """Every identifier, and every word in a text that is not a docstring."""
    docstrings = {
        id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }
    words: set[str] = set()
    for node in ast.walk(tree):
        words |= {
            value for name in ("id", "attr", "arg", "name") if isinstance(value := getattr(node, name, None), str)
        }
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docstrings:
            words |= {word.strip(".-") for word in re.findall(r"[\w.-]+", PHRASES.sub("", node.value))}
    return words
