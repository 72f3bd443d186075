"""The language by the chapters of the standard: expression and expected text. Built-in functions are elsewhere."""

from __future__ import annotations

import pytest

from service.feel import FeelError, compile_expression
from tests.feel.asking import reasons, text_of, value

LOGIC = {  # Table 50
    ("true", "true"): ("true", "true"),
    ("true", "false"): ("false", "true"),
    ("true", "otherwise"): ("null", "true"),
    ("false", "true"): ("false", "true"),
    ("false", "false"): ("false", "false"),
    ("false", "otherwise"): ("false", "null"),
    ("otherwise", "true"): ("null", "true"),
    ("otherwise", "false"): ("false", "null"),
    ("otherwise", "otherwise"): ("null", "null"),
}


@pytest.mark.parametrize("other", ["null", "1", '"true"', "[true]", "{}", '@"P1D"', "missing", "[1..2]"])
@pytest.mark.parametrize(("pair", "verdicts"), LOGIC.items())
def test_and_and_or_know_three_values_whatever_the_third_is(pair, verdicts, other):
    left, right = (other if side == "otherwise" else side for side in pair)

    assert (text_of(f"{left} and {right}"), text_of(f"{left} or {right}")) == verdicts


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # 10.3.2.15, tables 52 to 54: comparison
        ('@"10:00:00" < @"10:00:01Z"', "true"),
        ('@"10:00:00" < @"10:00:00+01:00"', "false"),
        ('@"2027-01-04T10:00:00" < @"2027-01-04T10:00:01@Europe/Paris"', "true"),
        ('@"2027-01-04T10:00:00" = @"2027-01-04T10:00:00@Europe/Paris"', "false"),
        ("2 between 3 and null", "false"),
        ("2 between 1 and null", "null"),
        ('1 between "a" and "b"', "null"),
        ("1 + 1 between 1 and 2 + 1 and true", "true"),
        ("[1, null] = [1, null]", "true"),
        ('[1, "a"] = [1, 2]', "false"),
        ("(>= 2) != (> 2)", "true"),
        ("(= 10) = [10..10]", "false"),
        ("1 = [1]", "null"),
        # table 55: in
        ("5 in (<5, >5)", "false"),
        ("5 in ((5..10])", "false"),
        ("5 in (1, null)", "false"),
        ("5 in (> 3, null)", "true"),
        ("null in (null)", "true"),
        ("null in [1..2]", "null"),
        ("[4, 5] in [[4, 5], 6]", "true"),
        ("5 in (? > 3)", "true"),
        # tables 56 to 60: arithmetic
        ('date("2027-01-04") - date and time("2027-01-03T00:00:00Z")', "P1D"),
        ('date("2027-01-04") - date and time("2027-01-03T00:00:00")', "null"),
        ('@"P1D" + @"P1Y"', "null"),
        ('@"P1M" * -1.9', "-P1M"),
        ('@"P1D" / @"PT0S"', "null"),
        ('2 / @"P1D"', "null"),
        ("null + 1", "null"),
        ('"a" - "b"', "null"),
        ("[1] + [2]", "null"),
        ("2 ** -1", "0.5"),
        ("0 ** 0", "1"),
        ("0 ** -1", "null"),
        ("4 ** 0.5", "2"),
        ("(-8) ** (1 / 3)", "null"),
        ("10 ** -7000", "null"),
        ("10 ** 6145", "null"),
        ("5 + 2 ** 5 * 2", "69"),
        ("1--1", "2"),
        # table 65: properties
        ('@"10:11:12.5".second', "12.5"),
        ('@"-PT12.5S".seconds', "-12.5"),
        ('[@"2026-01-01", @"2027-01-01"].year', "[2026, 2027]"),
        ("(< 2).start included", "false"),
    ],
)
def test_operators_have_the_meaning_of_the_standard(text, expected):
    assert text_of(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # table 68, 10.3.2.5: filters
        ("[1, 2, 3][-3]", "1"),
        ("[1, 2, 3][1.5]", "null"),
        ("[1, 2, 3][null]", "[]"),
        ('[1, 2, 3]["a"]', "null"),
        ("[][1]", "null"),
        ("100[0]", "null"),
        ("100[item = 100]", "[100]"),
        ("{a: 1}[a = 1]", "[{a: 1}]"),
        ("null[item = null]", "null"),
        ("[{item: 1}, {item: 2}][item > 1]", "[{item: 2}]"),
        ("[{x: 1, y: 2}, {x: null, y: 3}][x < 2]", "[{x: 1, y: 2}]"),
        # 10.3.1.4: paths
        ("[{a: {b: [1]}}, {a: {b: [2.1, 2.2]}}].a.b", "[[1], [2.1, 2.2]]"),
        ("[{a: 1}, 5].a", "[1, null]"),
        ("null.a", "null"),
        # 10.3.2.14: loops
        ("for i in 3..1 return i", "[3, 2, 1]"),
        ("for i in 1.5..3 return i", "null"),
        ("for i in 1..2, j in [i, 10] return j", "[1, 10, 2, 10]"),
        ("for i in 0..4 return if i = 0 then 1 else i * partial[-1]", "[1, 1, 2, 6, 24]"),
        ("for i in 1..3 return partial", "[[], [[]], [[], [[]]]]"),
        ("for i in 1..3 return count(partial)", "[0, 1, 2]"),
        ("some x in [] satisfies true", "false"),
        ("every x in [] satisfies false", "true"),
        ("some x in [true, null] satisfies x", "true"),
        ("every x in [false, null] satisfies x", "false"),
        ("every x in [1] satisfies x", "null"),
        ("if [true] then 1 else 2", "2"),
        # 10.3.1.2, rule 2.i: a range without brackets
        ("{r: < 5, x: 3 in r}.x", "true"),
        ("list contains([(< 5)], < 5)", "true"),
    ],
)
def test_lists_and_loops_have_the_meaning_of_the_standard(text, expected):
    assert text_of(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("f(a: 3)", "3"),
        ("f(b: 3)", "null"),
        ("f(c: 3)", "null"),
        ("f(3)", "null"),
        ("f(3, 4, 5)", "null"),
        ("f([3], 4)", "3"),
        ("f([3, 4], 4)", "null"),
        ('f("3", 4)', "null"),
        ("l(3)", "[3]"),
        ('l("a")', "null"),
        ('m(@"2027-01-04")', "2027-01-04T00:00:00Z"),
        ("(function(f, x) f(x))(abs, -5)", "5"),
        ("{add: function(x) function(y) x + y, r: add(1)(2)}.r", "3"),
        ("{abs: function(x) 5, r: abs(-1)}.r", "5"),
    ],
)
def test_arguments_are_converted_or_the_result_is_null(text, expected):
    functions = "f: function(a: number, b) a, l: function(a: list<number>) a, m: function(a: date and time) a"

    assert text_of(f"{{{functions}, result: {text}}}.result") == expected


def test_an_argument_left_out_by_name_is_told():
    assert "the argument “b” was not given" in reasons("{f: function(a, b) a, r: f(a: 1)}.r")


@pytest.mark.parametrize(
    "text",
    [
        "true and 1", "1 < null", '1 = "1"', "2 between 1 and null", "5 in (< null)", "5 in (? + 1)", "null in [1..2]",
        "1 / 0", "-null", "[1][2]", '[1]["a"]', "null[1]", "null.a", "{}.a", '"a".b', "[1..null]", '["a"..1]', '@"x"',
        "for i in null return i", "some i in null satisfies i", "every i in [null] satisfies i", "{a: 1, a: 2}",
        "1 instance of tLost", "lost", "lost(1)", "1(2)", "abs()", 'abs("a")', "(function(a) a)()", "not(1)",
        '(function(a: number) a)("x")', "(function(a) external {})(1)",
    ],
)  # fmt: skip
def test_every_null_of_the_language_has_its_reason(text):
    found = compile_expression(text).evaluate_explained({})

    assert found.value is None
    assert found.null_reasons


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("-1 instance of number", True),
        ("-1[item < 0] = [-1]", True),
        ("(function(a: number) a) instance of function<number> -> Any", True),
        ("(function(a: number) a) instance of function<string> -> Any", False),
        ("(function(a: Any) a) instance of function<string> -> Any", True),
        ("(function(a: number) a) instance of function<Null> -> Any", True),
        ("(function(a: list<number>) a) instance of function<list<string>> -> Any", False),
        ("(function(a: context<x: number>) a) instance of function<context<x: number, y: string>> -> Any", True),
        ("(function(a: context<x: number>) a) instance of function<context<y: string>> -> Any", False),
        ("(function(a: function<number> -> Any) a) instance of function<function<Any> -> number> -> Any", True),
        ("(function(a: function<Any> -> Any) a) instance of function<function<number> -> number> -> Any", False),
        ("(function(a) a) instance of function<string> -> Any", True),
        ("(function(a) a) instance of function<string, string> -> Any", False),
    ],
)
def test_a_function_is_of_a_type_when_it_takes_what_the_type_gives(text, expected):
    assert value(text) is expected


@pytest.mark.parametrize(
    "text",
    [
        "1 /* a */ + // b\n 2",
        "/**/3",
        "/* // */ 3",
        "// a\n3 // b",
        "[1, /* x */ 3][2] /* y */",
        "{a /* x */ : 3}.a",
        "\u180e3\u200b",
        "\ufeff1\u00a0+\u30002",
    ],
)
def test_comments_and_white_space_stand_anywhere(text):
    assert value(text) == 3


@pytest.mark.parametrize("name", ["if x", "then", "for whom", "a and b", "date of birth", "null value", "what if?"])
def test_a_name_may_hold_keywords(name):
    assert value(f"{{{name}: 5, r: {name} + 1}}.r" if name != "then" else f"{{{name}: 6}}.{name}") == 6
    assert value(f"{{{name}: 5}}.{name}") == 5


@pytest.mark.parametrize(
    "attempt",
    [
        "{}.__class__",
        '"a".__class__',
        "abs.call",
        "abs.__globals__",
        "(function(x) x).__closure__",
        "[1..2].operator",
        '@"2027-01-04".isoformat',
        '@"P1D".total_seconds',
        "1.real",
        '__import__("os")',
        'eval("1")',
        "__builtins__",
        "frame",
    ],
)
def test_nothing_of_python_is_reached(attempt):
    assert value(attempt) is None


def test_an_entry_named_like_something_of_python_is_an_entry():
    assert value("{__class__: 1}.__class__") == 1
    assert value("m.__class__", m={"__class__": "x"}) == "x"


def test_a_list_that_keeps_all_that_was_made_before_is_bounded():
    with pytest.raises(FeelError, match="steps"):
        compile_expression("for i in 1..49000 return partial").evaluate({})


def test_the_last_item_made_before_is_read_without_that_work():
    assert value("count(for i in 1..20000 return if i = 1 then 1 else partial[-1])") == 20000
