"""Boxed expressions, as DMN draws them. Tables are in `test_tables.py`."""

from __future__ import annotations

import pytest

from service.domain.errors import ModelError
from tests.decisions.tables import boxed, decide, feel, result


class TestContexts:
    def test_see_their_earlier_entries(self):
        assert result(boxed(context(a="1", b="a + 1"))) == {"a": 1, "b": 2}

    def test_are_their_result_entry_when_they_have_one(self):
        assert result(boxed(context(a="1").replace("</context>", f"{entry('', 'a + 5')}</context>"))) == 6

    def test_may_hold_functions(self):
        assert result(boxed(f"<context>{function('double', 'n * 2')}{entry('', 'double(4)')}</context>")) == 8

    def test_may_hold_functions_that_call_themselves(self):
        factorial = function("fact", "if n <= 1 then 1 else n * fact(n - 1)")

        assert result(boxed(f"<context>{factorial}{entry('', 'fact(5)')}</context>")) == 120


def test_a_list_is_its_items():
    assert result(boxed(f"<list>{feel('1')}{feel('n')}</list>"), n=2) == [1, 2]


def test_a_relation_is_a_list_of_contexts():
    relation = f'<relation><column name="a"/><column name="b"/><row>{feel("1")}{feel("n")}</row></relation>'

    assert result(boxed(relation), n=2) == [{"a": 1, "b": 2}]


class TestConditionals:
    @pytest.mark.parametrize(("condition", "expected"), [("true", 1), ("false", 2), ("null", 2), ('"yes"', None)])
    def test_hold_only_when_true(self, condition, expected):
        xml = f"<conditional><if>{feel(condition)}</if><then>{feel('1')}</then><else>{feel('2')}</else></conditional>"

        assert result(boxed(xml)) == expected


class TestLoops:
    @pytest.mark.parametrize(
        ("kind", "part", "body", "expected"),
        [
            ("for", "return", "i * 2", [2, 4, 6]),
            ("for", "return", "count(partial)", [0, 1, 2]),
            ("every", "satisfies", "i > 0", True),
            ("every", "satisfies", "i > 1", False),
            ("some", "satisfies", "i > 2", True),
            ("some", "satisfies", "i > 3", False),
        ],
    )
    def test_go_over_a_list(self, kind, part, body, expected):
        assert result(boxed(loop(kind, "[1, 2, 3]", part, body))) == expected

    def test_go_over_a_range(self):
        assert result(boxed(loop("for", "[1..3]", "return", "i"))) == [1, 2, 3]

    @pytest.mark.parametrize(("source", "expected"), [("1..3", [1, 2, 3]), ("3..1", [3, 2, 1]), ("(1..4)", [2, 3])])
    def test_go_over_what_may_stand_after_in(self, source, expected):
        assert result(boxed(loop("for", source, "return", "i"))) == expected

    def test_keep_what_was_made_before_as_it_was(self):
        assert result(boxed(loop("for", "1..3", "return", "partial"))) == [[], [[]], [[], [[]]]]

    def test_call_their_item_partial_when_they_are_told_to(self):
        assert result(boxed(loop("for", "[1, 2]", "return", "partial").replace('"i"', '"partial"'))) == [1, 2]

    def test_find_partial_wherever_it_stands_in_the_body(self):
        inner = loop("for", "[i]", "return", "count(partial)").replace('"i"', '"j"')
        body = loop("for", "1..2", "return", "0").replace(feel("0"), f"<list>{inner}{feel('partial')}</list>")

        assert result(boxed(body)) == [[[0], []], [[0], [[[0], []]]]]

    def test_that_hand_on_what_was_made_before_count_it(self):
        with pytest.raises(ModelError, match="more than 50,000 items"):
            result(boxed(loop("for", "1..4000", "return", "partial[-1]")))

    def test_go_over_one_item_as_over_a_list_of_it(self):
        assert result(boxed(loop("for", "5", "return", "i * 2"))) == [10]

    def test_over_nothing_give_nothing(self):
        assert result(boxed(loop("for", "null", "return", "i"))) is None


class TestFilters:
    @pytest.mark.parametrize(("match", "expected"), [("item > 1", [2, 3]), ("item > 9", []), ("2", 2), ("null", [])])
    def test_keep_what_matches(self, match, expected):
        assert result(boxed(f"<filter><in>{feel('[1, 2, 3]')}</in><match>{feel(match)}</match></filter>")) == expected

    @pytest.mark.parametrize(
        ("match", "expected"), [("1", None), ("-1 // the last", None), ("item > 1", []), ("true", [])]
    )
    def test_filters_of_nothing_give_nothing_and_positions_null(self, match, expected):
        assert result(boxed(f"<filter><in>{feel('[]')}</in><match>{feel(match)}</match></filter>")) == expected

    def test_see_an_entry_called_item_rather_than_the_item(self):
        xml = f"<filter><in>{feel('[{item: 1}, {item: 2}]')}</in><match>{feel('item > 1')}</match></filter>"

        assert result(boxed(xml)) == [{"item": 2}]

    def test_by_what_is_no_condition_are_null(self):
        xml = f"<filter><in>{feel('[1, 2]')}</in><match>{feel('string(item)')}</match></filter>"

        assert result(boxed(xml)) is None

    def test_see_the_entries_of_each_item(self):
        xml = f"<filter><in>{feel('[{a: 1}, {a: 2}]')}</in><match>{feel('a = 2')}</match></filter>"

        assert result(boxed(xml)) == [{"a": 2}]


def test_a_function_of_another_language_is_refused_when_it_is_called():
    java = '<contextEntry><variable name="f"/><functionDefinition kind="Java"/></contextEntry>'
    with pytest.raises(ModelError, match="written in Java"):
        result(boxed(f"<context>{java}{entry('', 'f()')}</context>"))


def entry(name, text):
    variable = f'<variable name="{name}"/>' if name else ""
    return f"<contextEntry>{variable}{feel(text)}</contextEntry>"


def context(**entries):
    return f"<context>{''.join(entry(name, text) for name, text in entries.items())}</context>"


def loop(kind, source, part, body):
    return f'<{kind} iteratorVariable="i"><in>{feel(source)}</in><{part}>{feel(body)}</{part}></{kind}>'


def function(name, body):
    definition = f'<functionDefinition><formalParameter name="n"/>{feel(body)}</functionDefinition>'
    return f'<contextEntry><variable name="{name}"/>{definition}</contextEntry>'


class TestInvocations:
    @pytest.mark.parametrize(
        "function", ["abs", "function(n) -n", "if true then abs else floor", "[abs][1]", "{f: abs}.f", "(abs)"]
    )
    def test_call_whatever_gives_a_function(self, function):
        xml = f'<invocation>{feel(function)}<binding><parameter name="n"/>{feel("-1")}</binding></invocation>'

        assert result(boxed(xml)) == 1

    def test_call_functions_with_keywords_in_their_names(self):
        binding = f'<binding><parameter name="from"/>{feel(chr(34) + "2027-01-04T00:00:00" + chr(34))}</binding>'

        assert result(boxed(f"<invocation>{feel('date and time')}{binding}</invocation>")).year == 2027


@pytest.mark.parametrize(
    ("xml", "reason"),
    [
        (
            f"<conditional><if>{feel('1')}</if><then>{feel('1')}</then><else>{feel('2')}</else></conditional>",
            "condition",
        ),
        (f'<for iteratorVariable="i"><in>{feel("null")}</in><return>{feel("i")}</return></for>', "“i” runs over is"),
        (f"<filter><in>{feel('null')}</in><match>{feel('true')}</match></filter>", "null has no items"),
    ],
)
def test_a_null_has_its_reason(xml, reason):
    found = decide(boxed(xml))

    assert found.result is None
    assert reason in found.null_reasons[0]
