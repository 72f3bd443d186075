"""Whether what was typed into a table means something: that it reads, knows its names, and is of its column's type.
Where it stands on a sheet is not known here."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from service.decisions.expressions import Feel
from service.decisions.graph import Graph
from service.decisions.read_files import read_file
from service.decisions.spreadsheet.parts import Document
from service.decisions.spreadsheet.tables import Column, words_of
from service.decisions.spreadsheet.values import IN_QUOTES
from service.decisions.types import WrongType, built_in
from service.decisions.xml import name_of
from service.feel import FeelError, compile_expression, compile_unary_tests
from service.feel.borders import constant_of
from service.feel.grammar import parse_expression, parse_tests
from service.feel.reading import everything_in, free_names
from service.feel.syntax import Against, Filter, Node, RangeOf, Tests
from service.feel.writing import quoted, write, write_literal

_PLAIN_WORD = re.compile(r"[^\W\d]\w*")
_NAMING = ("decision", "businessKnowledgeModel", "decisionService", "inputData", "variable", "formalParameter",
           "parameter", "column", "itemComponent", "import", "output")  # fmt: skip
"""The elements of DMN whose names expressions may know."""
_DATE = re.compile(r"\b(?:\d{1,2}[/.-]\d{1,2}[/.-]\d{2,4}|\d{4}[/-]\d{1,2}[/-]\d{1,2})\b")
_COMMA = re.compile(r"\d,\d")


class Cells:
    """What the cells of one file's tables may say."""

    def __init__(self, name: str, content: bytes, document: Document, names: Iterable[str]) -> None:
        """`names` are known to every expression besides what the file itself declares and uses."""
        file = read_file(name, content)
        self._types = Graph((file,)).types(name)
        self._feel = Feel({}, self._types.tests(Feel({})))
        named = {name_of(part.element) for part in document.root.everything() if part.name in _NAMING}
        self._declared = frozenset(named | set(names)) - {""}
        self._known = self._declared | _used(document, self._declared)

    def condition(self, text: str, column: Column) -> Iterator[str]:
        """What is wrong with the unary tests in a column of conditions."""
        try:
            read = compile_unary_tests(text, self._declared).names
            tree = parse_tests(text, self._declared)
        except FeelError as wrong:
            yield wrong.message + self._in_quotes(text, column)
            return
        yield from _mistyped(text)
        yield from self._unknown(read, tree, text, column)
        for value, exactly in _literals(tree):
            yield from self._misfit(value, column, exactly)

    def conclusion(self, text: str, column: Column) -> Iterator[str]:
        """What is wrong with an expression in a column of conclusions."""
        found = list(self.expression(text, column))
        yield from found
        compiled = None if found else compile_expression(text, self._declared)
        if compiled is None or compiled.names or compiled.calls or text == "null":
            return
        try:
            explained = compiled.evaluate_explained({})
        except FeelError as wrong:
            yield wrong.message
            return
        if explained.value is None:
            yield f"This comes to nothing (null): {'; '.join(explained.null_reasons) or 'nothing says why'}."
        else:
            yield from self._misfit(explained.value, column, exactly=True)

    def expression(self, text: str, column: Column) -> Iterator[str]:
        """What is wrong with any expression."""
        try:
            read = compile_expression(text, self._declared).names
        except FeelError as wrong:
            yield wrong.message + self._in_quotes(text, column)
            return
        yield from _mistyped(text)
        yield from self._unknown(read, parse_expression(text, self._declared), text, column)

    def allowed(self, text: str, column: Column) -> Iterator[str]:
        """What is wrong with the allowed values of a column, or with the ranking of a conclusion."""
        yield from self.condition(text, Column(column.kind, type=column.type))

    def type(self, name: str) -> Iterator[str]:
        """What is wrong with the name of a type."""
        if not self._types.knows(_plain_type(name)):
            yield f"There is no type “{name}” here. Those of FEEL are string, number, boolean, date, time and others."

    def _unknown(self, read: Iterable[str], tree: Node, text: str, column: Column) -> Iterator[str]:
        # In a filter, the entries of the filtered contexts are names; which there are is not known before.
        inside = {
            name for node in everything_in(tree) if isinstance(node, Filter) for name in free_names(node.condition)
        }
        unknown = sorted(set(read) - self._known - inside)
        if unknown:
            names = ", ".join(f"“{name}”" for name in unknown)
            meant = f"If it is meant as text, write {_quoted_words(text) or quoted(text)}"
            if _plain_type(column.type) == "boolean":
                meant = "Here stands true or false, in small letters"
            yield (
                f"Nothing here is called {names}. {meant}; "
                "if it is a fact that this file does not use yet, bring it in with a modeler first."
            )

    def _in_quotes(self, text: str, column: Column) -> str:
        is_text = _plain_type(column.type) == "string" and '"' not in text
        return f" If it is meant as text, write {_quoted_words(text) or quoted(text)}." if is_text else ""

    def _misfit(self, value: Any, column: Column, exactly: bool) -> Iterator[str]:
        type_ref = _plain_type(column.type)
        tests = self._types.tests(self._feel)
        try:
            if exactly or type_ref not in tests:
                self._types.fit(value, type_ref, self._feel)
            elif not tests[type_ref](value):
                raise WrongType(f"{write_literal(value)} is not of the type {type_ref}")
        except WrongType as wrong:
            hint = f" As text it is written {quoted(write(value))}." if type_ref == "string" else ""
            if isinstance(value, date) and built_in(type_ref) == "number":
                hint = " Excel makes a date of what looks like one, such as 5-9. A range is written [5..9]."
            yield f"Here {wrong}, so the rule would never be right.{hint}"
            return
        if exactly and column.allowed not in ("", "-"):
            values = value if isinstance(value, list) else [value]
            for each in values:
                if not self._passes(column.allowed, each):
                    yield f"{write_literal(each)} is not one of the allowed values of this column: {column.allowed}."

    def _passes(self, allowed: str, value: Any) -> bool:
        try:
            tests = compile_unary_tests(allowed, self._declared)
        except FeelError:
            return True
        return bool(tests.names) or tests.matches(value)


def _plain_type(name: str) -> str:
    plain = name.rpartition(":")[2]
    return "" if plain.lower() in ("any", "undefined") else plain


def _mistyped(text: str) -> Iterator[str]:
    """What reads as FEEL but is hardly meant so: 4/1/2027 divides, and 1,000 is 1 or 0."""
    outside = IN_QUOTES.sub('""', text)
    if found := _DATE.search(outside):
        yield f'{found[0]} is reckoned out as a sum. A date is written date("2027-01-04"), with the year first.'
    if _COMMA.search(outside) and not re.search(r"[(\[{]", outside):
        yield "A comma stands between two values. Write a number without it, 1000 or 0.5, and values as 1, 2."


def _used(document: Document, declared: frozenset[str]) -> frozenset[str]:
    """Every name that any expression of a file reads: facts of the host are declared nowhere."""
    used: set[str] = set()
    for part in document.root.everything():
        if part.name != "text" or not (text := words_of(part)):
            continue
        for compile_text in (compile_expression, compile_unary_tests):
            try:
                used |= compile_text(text, declared).names
            except FeelError:
                continue
            break
    return frozenset(used)


def _literals(tree: Node) -> Iterator[tuple[Any, bool]]:
    """The literal values that a cell's tests compare with, and whether the value must be exactly one of them."""
    for test in tree.tests if isinstance(tree, Tests) else ():
        if isinstance(test, Against):
            yield from ((value, False) for value in _literal(test.operand))
        elif isinstance(test, RangeOf):
            yield from ((value, False) for end in (test.start, test.end) if end is not None for value in _literal(end))
        else:
            yield from ((value, True) for value in _literal(test))


def _literal(node: Node) -> Iterator[Any]:
    value = constant_of(node)
    if value is not None:
        yield value


def _quoted_words(text: str) -> str:
    """`CIN, CP` as `"CIN", "CP"`; nothing when it is not such a list."""
    words = [word.strip() for word in text.split(",")]
    return ", ".join(quoted(word) for word in words) if all(map(_PLAIN_WORD.fullmatch, words)) else ""
