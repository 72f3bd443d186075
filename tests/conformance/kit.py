"""Test cases of the DMN TCK read from their XML, and asked of our decisions. The cases themselves are not kept here."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any

from lxml import etree

from service.decisions import Library, load
from service.domain.errors import ModelError
from service.feel import HostFunction, compile_expression

XSI = "{http://www.w3.org/2001/XMLSchema-instance}"
_OUTSIDE_FEEL = re.compile(r"""kind="(Java|PMML)"|\bexternal\s*\{""")
_MADE_BY = {"date": "date", "dateTime": "date and time", "time": "time", "duration": "duration"}

KEPT_HERE = Path(__file__).parent / "tck"
NOW = datetime(2027, 1, 4, 9, 30, tzinfo=UTC)
CLOCK = {
    "now": HostFunction("now", (), lambda: NOW),
    "today": HostFunction("today", (), lambda: NOW.date()),
}


class NoTestCases(Exception):
    """The folder holds no test cases of the kit."""


@dataclass(frozen=True)
class Result:
    """One expected result of one test case."""

    case: str
    model: Path
    asked: str
    node: str
    expected: Any
    may_fail: bool
    """The expected null is an error by the standard; ours may then be a ModelError."""
    inputs: Mapping[str, Any] = field(hash=False, default_factory=dict)

    def __str__(self) -> str:
        return f"{self.model.stem}-{self.case}-{self.node}"

    @property
    def folder(self) -> str:
        """The folder of the kit, as the score names it."""
        return self.model.parent.name

    @property
    def level(self) -> str:
        """The compliance level, which is the folder's folder."""
        return self.model.parent.parent.name


def results(folder: Path) -> list[Result]:
    """Every expected result under a folder of the kit, in the order of the files. Raises NoTestCases."""
    found = [result for path in sorted(folder.resolve().rglob("*-test-*.xml")) for result in _results_in(path)]
    if not found:
        raise NoTestCases(f"There are no TCK test cases (*-test-*.xml) under {folder}.")
    return found


def _results_in(path: Path) -> Iterator[Result]:
    root = etree.parse(str(path)).getroot()
    model = path.parent / _text(root, "modelName")
    for case in _children(root, "testCase"):
        inputs = {node.get("name"): _value(node) for node in _children(case, "inputNode")}
        for node in _children(case, "resultNode"):
            [expected] = _children(node, "expected") or [None]
            yield Result(
                case=f"{path.stem.rpartition('-')[2]}.{case.get('id')}",
                model=model,
                asked=case.get("invocableName") or node.get("name"),
                node=node.get("name"),
                expected=None if expected is None else _value(expected),
                may_fail=node.get("errorResult") == "true",
                inputs=inputs,
            )


def calls_outside_feel(result: Result) -> bool:
    """Whether what is asked calls Java or PMML, or may: itself, or a business knowledge model of its file."""
    root = etree.parse(str(result.model)).getroot()
    parts = [*_children(root, "businessKnowledgeModel"), *_children(root, "decision")]
    return any(
        _OUTSIDE_FEEL.search(etree.tostring(part, encoding="unicode"))
        for part in parts
        if part.get("name") == result.asked or etree.QName(part).localname == "businessKnowledgeModel"
    )


def ask(result: Result) -> Any:
    """What our decisions say. Raises ModelError unless the result may fail."""
    library, ids = _library(result.model)
    try:
        found = library.decide(ids.get(result.asked, result.asked), result.inputs, functions=CLOCK).result
        several = result.asked != result.node and isinstance(found, dict) and result.node in found
        return found[result.node] if several else found
    except ModelError:
        if result.may_fail:
            return None
        raise


def same(found: Any, expected: Any) -> bool:
    """Equal as the kit sees it: numbers to eight digits after the point, everything else exactly."""
    if isinstance(found, Decimal) and isinstance(expected, Decimal):
        return abs(found - expected) <= Decimal("1e-8") * max(Decimal(1), abs(expected))
    if isinstance(found, list) and isinstance(expected, list):
        return len(found) == len(expected) and all(map(same, found, expected))
    if isinstance(found, dict) and isinstance(expected, dict):
        return found.keys() == expected.keys() and all(same(found[key], expected[key]) for key in found)
    return type(found) is type(expected) and bool(found == expected)


@lru_cache(maxsize=4)
def _library(model: Path) -> tuple[Library, dict[str, str]]:
    library = load({path.name: path.read_bytes() for path in _with_imports(model)}, refuse_wrong_types=False)
    ids = {info.name: info.id for info in library.decisions.values() if info.file == model.name}
    return library, {name: service for service, name in library.services.items()} | ids


def _with_imports(model: Path) -> list[Path]:
    """The model and what it imports, directly or not, from the models beside it."""
    roots = {path: etree.parse(str(path)).getroot() for path in sorted(model.parent.glob("*.dmn"))}
    needed = [model]
    for path in needed:
        wanted = {part.get("namespace") for part in _children(roots[path], "import")}
        needed += [other for other in roots if other not in needed and roots[other].get("namespace") in wanted]
    return needed


def _value(node: etree._Element) -> Any:
    if components := _children(node, "component"):
        return {component.get("name"): _value(component) for component in components}
    if lists := _children(node, "list"):
        return None if lists[0].get(f"{XSI}nil") == "true" else [_value(item) for item in _children(lists[0], "item")]
    values = _children(node, "value")
    if not values or values[0].get(f"{XSI}nil") == "true" or node.get(f"{XSI}nil") == "true":
        return None
    text = values[0].text or ""
    kind = values[0].get(f"{XSI}type", "xsd:string").rpartition(":")[2]
    if kind in ("decimal", "double", "integer", "float", "int", "long"):
        return Decimal(text.strip())
    if kind == "boolean":
        return text.strip() == "true"
    if kind in _MADE_BY:
        return compile_expression(f"{_MADE_BY[kind]}(text)").evaluate({"text": text.strip()})
    return text


def _children(node: etree._Element, name: str) -> list[etree._Element]:
    return [child for child in node if isinstance(child.tag, str) and etree.QName(child).localname == name]


def _text(node: etree._Element, name: str) -> str:
    return _children(node, name)[0].text or ""
