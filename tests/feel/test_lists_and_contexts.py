"""Contexts, paths, filters, loops and functions made by an expression. Built-in functions: `test_builtin_*.py`."""

from __future__ import annotations

import pytest

from tests.feel.asking import reasons, text_of, value

PEOPLE = [{"name": "A", "role": "key worker", "years": 3}, {"name": "B", "role": "nurse"}]


class TestPaths:
    def test_lead_into_contexts(self):
        assert value("case.team.name", case={"team": {"name": "North"}}) == "North"

    def test_of_a_list_give_the_list_of_entries(self):
        assert value("people.name", people=PEOPLE) == ["A", "B"]

    def test_to_nowhere_are_null_and_say_so(self):
        assert value("case.nobody", case={}) is None
        assert "no entry “nobody”" in reasons("case.nobody", case={})


class TestFilters:
    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            ("[1, 2, 3][item > 1]", "[2, 3]"),
            ("[1, 2, 3][1]", "1"),
            ("[1, 2, 3][-1]", "3"),
            ("[1, 2, 3][4]", "null"),
            ("[][1]", "null"),
            ("[][-1]", "null"),
            ("5[1]", "5"),
            ("null[1]", "null"),
            ("[{item: 1}, {item: 2}][item = 2].item", "[2]"),
        ],
    )
    def test_pick_by_condition_or_place(self, text, expected):
        assert text_of(text) == expected

    def test_see_the_entries_of_each_item(self):
        assert value('people[role = "nurse"].name', people=PEOPLE) == ["B"]

    def test_leave_out_what_cannot_be_compared(self):
        assert value("people[years > 1].name", people=PEOPLE) == ["A"]


class TestLoops:
    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            ("for a in [1, 2], b in [10, 20] return a * b", "[10, 20, 20, 40]"),
            ("for a in 1..3, b in 1..a return b", "[1, 1, 2, 1, 2, 3]"),
            ("for i in 3..1 return i", "[3, 2, 1]"),
            ("for i in 1..4 return if i = 1 then 1 else i * partial[-1]", "[1, 2, 6, 24]"),
            ('for d in @"2027-01-30"..@"2027-02-01" return d.day', "[30, 31, 1]"),
            ("for i in (1..4) return i", "[2, 3]"),
            ("for i in null return i", "null"),
        ],
    )
    def test_for_makes_a_list(self, text, expected):
        assert text_of(text) == expected

    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            ("some x in [1, 2] satisfies x > 1", True),
            ("every x in [1, 2] satisfies x > 1", False),
            ("every x in [] satisfies false", True),
            ("some x in [1, null] satisfies x > 1", None),
            ("every x in null satisfies x > 1", None),
        ],
    )
    def test_some_and_every_ask(self, text, expected):
        assert value(text) is expected


class TestContexts:
    def test_see_their_earlier_entries(self):
        assert text_of('{a: 1, "b c": a + 1}') == "{a: 1, b c: 2}"

    def test_with_an_entry_twice_are_null(self):
        assert value("{a: 1, a: 2}") is None


class TestFunctions:
    def test_are_called_by_place_or_by_name(self):
        assert value("{minus: function(a, b) a - b, r: [minus(5, 3), minus(b: 5, a: 3)]}.r") == [2, -2]

    def test_may_call_themselves(self):
        assert value("{fact: function(n) if n < 2 then 1 else n * fact(n - 1), r: fact(10)}.r") == 3628800

    def test_remember_where_they_were_made(self):
        assert value("(function(x) function(y) x + y)(1)(2)") == 3

    @pytest.mark.parametrize("call", ['double("a")', "double()", "double(1, 2)", "double(m: 1)"])
    def test_called_wrongly_are_null(self, call):
        assert value(f"{{double: function(n: number) n * 2, r: {call}}}.r") is None

    def test_take_the_item_of_a_list_of_one(self):
        assert value("{double: function(n: number) n * 2, r: double([4])}.r") == 8

    def test_of_other_languages_are_never_run(self):
        java = '{f: function(a) external {java: {class: "java.lang.Math"}}, r: f(1)}.r'

        assert value(java) is None
        assert "external functions are never run" in reasons(java)
