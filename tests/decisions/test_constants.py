"""Constants that no value of their column can meet are problems; all others are let be."""

from __future__ import annotations

import pytest

from tests.decisions.tables import problems, table

TYPES = (
    '<itemDefinition name="tStatus"><typeRef>string</typeRef>'
    '<allowedValues><text>"CIN", "CP"</text></allowedValues></itemDefinition>'
    '<itemDefinition name="tAge"><typeRef>number</typeRef>'
    "<allowedValues><text>[0..25]</text></allowedValues></itemDefinition>"
    '<itemDefinition name="tStatuses" isCollection="true"><typeRef>string</typeRef></itemDefinition>'
    '<itemDefinition name="tItself"><typeRef>tItself</typeRef></itemDefinition>'
)


def told(cell, type_ref):
    return problems(table([f"{cell} => 1"], inputs=(f"n: {type_ref}",)), types=TYPES)


@pytest.mark.parametrize(
    ("cell", "type_ref", "constant"),
    [
        ('"18"', "number", '"18"'),
        ("18", "string", "18"),
        ('"true"', "boolean", '"true"'),
        ('< "2026-04-01"', "date", '"2026-04-01"'),
        ('["a".."c"]', "date", '"a"'),
        ('date("2026-04-01")', "date and time", '@"2026-04-01"'),
        ('not("18")', "number", '"18"'),
        ("1, 2", "tStatus", "1"),
        ('"15"', "tAge", '"15"'),
        ("true", "integer", "true"),
    ],
)
def test_a_constant_of_another_type_never_matches(cell, type_ref, constant):
    kind = {"tStatus": "string", "tAge": "number", "integer": "number"}.get(type_ref, type_ref)

    [problem] = told(cell, type_ref)

    assert f"{constant} is not of the type {kind}, as the values of this column are; the test {cell} never" in problem
    assert "rule 1" in problem


@pytest.mark.parametrize(
    ("cell", "type_ref"),
    [
        ("18", "number"),
        ("< 200", "tAge"),
        ("null", "number"),
        ("-", "date"),
        ('> date("2026-04-01")', "date"),
        ('"a"', "tStatuses"),
        ('"a"', "list"),
        ("18", ""),
        ("18", "Any"),
        ("18", "tItself"),
        ('duration("P1D")', "dayTimeDuration"),
        ("? + 1 > 18", "number"),
    ],
)
def test_what_can_match_is_let_be(cell, type_ref):
    assert told(cell, type_ref) == []
