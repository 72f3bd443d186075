"""Item definitions, and the conversions that DMN makes by itself."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from service.decisions import load
from service.domain.errors import ModelError
from service.feel import kind_of
from tests.decisions.tables import dmn, literal

TYPES = """
<itemDefinition id="t1" name="tLevel"><typeRef>string</typeRef>
  <allowedValues><text>"manager", "director"</text></allowedValues></itemDefinition>
<itemDefinition id="t2" name="tLevels" isCollection="true"><typeRef>tLevel</typeRef></itemDefinition>
<itemDefinition id="t3" name="tPerson"><itemComponent name="name"><typeRef>string</typeRef></itemComponent>
  <itemComponent name="levels" isCollection="true"><typeRef>tLevel</typeRef></itemComponent></itemDefinition>
<itemDefinition id="t4" name="tFew" isCollection="true"><typeRef>number</typeRef>
  <typeConstraint><text>count(?) &lt; 3</text></typeConstraint></itemDefinition>
<itemDefinition id="t5" name="tRound"><typeRef>tRound</typeRef></itemDefinition>
<itemDefinition id="t7" name="tAnyList"><typeRef>list</typeRef></itemDefinition>
<itemDefinition id="t6" name="tTest"><functionItem/></itemDefinition>
<itemDefinition id="t8" name="tOfNumber"><functionItem outputTypeRef="number"><parameters name="n" typeRef="number"/>
  </functionItem></itemDefinition>
"""


class TestFitting:
    @pytest.mark.parametrize(
        ("type_ref", "value"),
        [
            ("tLevel", "manager"),
            ("tLevels", ["manager", "director"]),
            ("tPerson", {"name": "Post 1", "levels": ["manager"], "more": True}),
            ("tPerson", {"name": None, "levels": None}),
            ("tFew", [1, 2]),
            ("tLevel", None),
            ("boolean", True),
            ("integer", 5),
            ("feel:string", "x"),
            ("tAnyList", [1]),
            ("dateTime", datetime(2027, 1, 4, tzinfo=UTC)),
        ],
    )
    def test_values_pass_as_they_are(self, type_ref, value):
        assert fitted(value, type_ref) == value

    @pytest.mark.parametrize(
        ("type_ref", "value", "expected"),
        [
            ("tLevel", ["manager"], "manager"),
            ("tLevels", "manager", ["manager"]),
            ("string", ["x"], "x"),
            ("list", "x", ["x"]),
            ("date and time", date(2027, 1, 4), datetime(2027, 1, 4, tzinfo=UTC)),
        ],
    )
    def test_values_are_converted_as_the_standard_says(self, type_ref, value, expected):
        assert fitted(value, type_ref) == expected

    @pytest.mark.parametrize(
        ("type_ref", "value"),
        [
            ("tLevel", "clerk"),
            ("tLevel", 5),
            ("tLevel", ["manager", "director"]),
            ("tLevels", ["manager", "clerk"]),
            ("tPerson", {"name": "Post 1"}),
            ("tPerson", {"name": 5, "levels": []}),
            ("tPerson", "Post 1"),
            ("tFew", [1, 2, 3]),
            ("tRound", 1),
            ("tTest", 1),
            ("date", datetime(2027, 1, 4, tzinfo=UTC)),
            ("number", True),
            ("feel:string", 5),
        ],
    )
    def test_other_values_are_refused(self, type_ref, value):
        with pytest.raises(ModelError, match=r'a\.dmn, decision "choose": '):
            fitted(value, type_ref)


class TestFunctions:
    @pytest.mark.parametrize("function", ["function(n) n", "function(n: number) n", "abs"])
    def test_pass_when_they_can_be_called_so(self, function):
        assert kind_of(decided(function, "tOfNumber")) == "function"

    @pytest.mark.parametrize("function", ["function() 1", "function(n, m) n", "function(t: string) t", "1"])
    def test_of_other_parameters_are_refused(self, function):
        with pytest.raises(ModelError, match="tOfNumber"):
            decided(function, "tOfNumber")

    def test_of_any_parameters_pass_where_the_type_names_none(self):
        assert kind_of(decided("function(n, m) n", "tTest")) == "function"


def decided(text, type_ref):
    return load({"a.dmn": dmn(literal(text, type_ref=type_ref), types=TYPES)}).decide("choose", {}).result


class TestInstanceOf:
    @pytest.mark.parametrize(
        ("value", "expected"), [("manager", True), ("clerk", True), (5, False), (["manager"], False), (None, False)]
    )
    def test_asks_the_type_without_its_allowed_values_or_conversions(self, value, expected):
        library = load({"a.dmn": dmn(literal("value instance of tLevel"), types=TYPES)})

        assert library.decide("choose", {"value": value}).result is expected


class TestImportedTypes:
    def test_go_by_the_name_of_the_import(self):
        base = dmn(types=TYPES).replace(b"example.org/d", b"example.org/base")
        using = dmn(
            '<import name="base" namespace="http://example.org/base"/>', literal("value", type_ref="base.tLevels")
        )
        library = load({"a.dmn": using, "b.dmn": base})

        assert library.problems == []
        assert library.decide("choose", {"value": "manager"}).result == ["manager"]
        with pytest.raises(ModelError, match="tLevel"):
            library.decide("choose", {"value": ["clerk"]})


def fitted(value, type_ref):
    return (
        load({"a.dmn": dmn(literal("value", type_ref=type_ref), types=TYPES)}).decide("choose", {"value": value}).result
    )
