"""How every built-in function takes its arguments: by place and by name, too few, too many, null and of wrong kinds
(sections 10.3.2.13.5 and 10.3.4: whatever is outside a parameter's domain makes the result null)."""

from __future__ import annotations

import pytest

from service.feel import BUILTIN_NAMES
from service.feel.builtins import BUILTINS
from tests.feel.asking import reasons, text_of

D, T, DT = '@"2027-01-04"', '@"10:00:00"', '@"2027-01-04T10:00:00"'
RANGES = {"range1": "[1..5]", "range2": "[3..8]"}
CALLS = [
    ("date", {"from": '"2027-01-04"'}),
    ("date", {"year": "2027", "month": "1", "day": "4"}),
    ("date and time", {"from": '"2027-01-04T10:00:00"'}),
    ("date and time", {"date": D, "time": T}),
    ("date and time", {"date": '@"2027-01-04T10:00:00Z"', "timezone": '"Europe/London"'}),
    ("date and time", {"year": "1", "month": "1", "day": "1", "hour": "0", "minute": "0", "second": "0"}),
    ("time", {"from": '"10:00:00"'}),
    ("time", {"hour": "10", "minute": "0", "second": "0", "offset": '@"PT1H"'}),
    ("number", {"from": '"1"'}),
    ("number", {"from": '"1000"', "grouping separator": '" "', "decimal separator": '","'}),
    ("string", {"from": "1.1"}),
    ("duration", {"from": '"P1D"'}),
    ("years and months duration", {"from": D, "to": D}),
    ("range", {"from": '"[1..2]"'}),
    ("not", {"negand": "true"}),
    ("substring", {"string": '"foobar"', "start position": "3", "length": "2"}),
    ("string length", {"string": '"foo"'}),
    ("upper case", {"string": '"foo"'}),
    ("lower case", {"string": '"FOO"'}),
    ("substring before", {"string": '"foobar"', "match": '"bar"'}),
    ("substring after", {"string": '"foobar"', "match": '"ob"'}),
    ("replace", {"input": '"abc"', "pattern": '"B"', "replacement": '"x"', "flags": '"i"'}),
    ("contains", {"string": '"foobar"', "match": '"ob"'}),
    ("starts with", {"string": '"foobar"', "match": '"fo"'}),
    ("ends with", {"string": '"foobar"', "match": '"r"'}),
    ("matches", {"input": '"foobar"', "pattern": '"^FO"', "flags": '"i"'}),
    ("split", {"string": '"a;b"', "delimiter": '";"'}),
    ("string join", {"list": '["a", "b"]', "delimiter": '"-"'}),
    ("list contains", {"list": "[1, 2]", "element": "2"}),
    ("count", {"list": "[1, 2]"}),
    ("min", {"list": "[1, 2]"}),
    ("max", {"list": "[1, 2]"}),
    ("sum", {"list": "[1, 2]"}),
    ("mean", {"list": "[1, 2]"}),
    ("all", {"list": "[true, true]"}),
    ("any", {"list": "[true, false]"}),
    ("sublist", {"list": "[4, 5, 6]", "start position": "1", "length": "2"}),
    ("append", {"list": "[1]", "item": "2"}),
    ("concatenate", {"list": "[1, 2]"}),
    ("insert before", {"list": "[1, 3]", "position": "2", "newItem": "2"}),
    ("remove", {"list": "[1, 2]", "position": "1"}),
    ("list replace", {"list": "[1, 2]", "position": "1", "newItem": "9"}),
    ("list replace", {"list": "[1, 2]", "match": "function(item, newItem) item = 2", "newItem": "9"}),
    ("reverse", {"list": "[1, 2]"}),
    ("index of", {"list": "[1, 2]", "match": "2"}),
    ("union", {"list": "[1, 1]"}),
    ("distinct values", {"list": "[1, 1]"}),
    ("flatten", {"list": "[1, [2]]"}),
    ("product", {"list": "[2, 3]"}),
    ("median", {"list": "[2, 3]"}),
    ("stddev", {"list": "[2, 3]"}),
    ("mode", {"list": "[2, 3]"}),
    ("decimal", {"n": "1.25", "scale": "1"}),
    ("floor", {"n": "1.25", "scale": "1"}),
    ("ceiling", {"n": "1.25", "scale": "1"}),
    ("round up", {"n": "1.25", "scale": "1"}),
    ("round down", {"n": "1.25", "scale": "1"}),
    ("round half up", {"n": "1.25", "scale": "1"}),
    ("round half down", {"n": "1.25", "scale": "1"}),
    ("abs", {"n": "-1"}),
    ("modulo", {"dividend": "12", "divisor": "5"}),
    ("sqrt", {"number": "16"}),
    ("log", {"number": "10"}),
    ("exp", {"number": "5"}),
    ("odd", {"number": "5"}),
    ("even", {"number": "5"}),
    ("is", {"value1": "1", "value2": "1"}),
    *((name, {"point1": "1", "point2": "2"}) for name in ("before", "after", "coincides")),
    *((name, {"point": "1", "range": "[1..2]"}) for name in ("before", "after", "finishes", "during", "starts")),
    *((name, {"range": "[1..2]", "point": "1"}) for name in ("before", "after", "finished by", "includes")),
    ("started by", {"range": "[1..2]", "point": "1"}),
    *((name, RANGES) for name in ("before", "after", "meets", "met by", "overlaps", "overlaps before")),
    *((name, RANGES) for name in ("overlaps after", "finishes", "finished by", "includes", "during", "starts")),
    *((name, RANGES) for name in ("started by", "coincides")),
    ("day of year", {"date": D}),
    ("day of week", {"date": DT}),
    ("month of year", {"date": D}),
    ("week of year", {"date": DT}),
    ("last day of month", {"date": D}),
    ("sort", {"list": "[2, 1]", "precedes": "function(x, y) x < y"}),
    ("get value", {"m": "{a: 1}", "key": '"a"'}),
    ("get value", {"context": "{a: {b: 1}}", "keys": '["a", "b"]'}),
    ("get entries", {"m": "{a: 1}"}),
    ("context", {"entries": '[{key: "a", value: 1}]'}),
    ("context put", {"context": "{a: 1}", "key": '"b"', "value": "2"}),
    ("context put", {"context": "{a: {b: 1}}", "keys": '["a", "b"]', "value": "2"}),
    ("context merge", {"contexts": "[{a: 1}, {b: 2}]"}),
    ("get or else", {"value": "1", "default": "2"}),
    ("duplicate values", {"list": "[1, 1]"}),
    ("is empty", {"list": "[1]"}),
    ("partition", {"list": "[1, 2]", "size": "1"}),
]
MAY_BE_NULL = {
    ("time", "offset"),
    ("number", "grouping separator"),
    ("number", "decimal separator"),
    ("replace", "flags"),
    ("matches", "flags"),
    ("string join", "delimiter"),
    ("list contains", "element"),
    ("append", "item"),
    ("insert before", "newItem"),
    ("list replace", "newItem"),
    ("index of", "match"),
    ("is", "value1"),
    ("is", "value2"),
    ("context put", "value"),
    ("get or else", "value"),
    ("get or else", "default"),
}
"""Null has a meaning there; everywhere else it makes the result null."""
OF_ANY_KIND = MAY_BE_NULL - {
    ("time", "offset"),
    ("number", "grouping separator"),
    ("number", "decimal separator"),
    ("replace", "flags"),
    ("matches", "flags"),
    ("string join", "delimiter"),
}
TAKE_ITEMS = {"min", "max", "sum", "mean", "all", "any", "product", "median", "stddev", "mode"}
WRONG = "function() 1"
"""Of a kind that no parameter takes but those that take all, and those that want a function."""


def positional(name, arguments):
    return f"{name}({', '.join(arguments)})"


def by_name(name, arguments):
    return f"{name}({', '.join(f'{key}: {value}' for key, value in arguments.items())})"


def each_argument():
    return [(name, arguments, key) for name, arguments in CALLS for key in arguments]


def test_every_function_is_called_here():
    assert {name for name, _ in CALLS} == BUILTIN_NAMES


def test_time_of_day_is_not_built_in():
    assert not BUILTIN_NAMES & {"now", "today"}


def test_every_way_to_call_a_function_is_taken_here():
    asked = {(name, *arguments) for name, arguments in CALLS}
    offered = {(name, *(p.name for p in way.parameters)) for name, of in BUILTINS.items() for way in of.signatures}

    assert offered - asked == {("date and time", "year", "month", "day", "hour", "minute", "second", "offset")}


@pytest.mark.parametrize(("name", "arguments"), CALLS)
def test_arguments_by_name_are_those_by_place_in_any_order(name, arguments):
    turned = dict(reversed(arguments.items()))
    expected = text_of(positional(name, arguments.values()))

    assert expected != "null"
    assert text_of(by_name(name, arguments)) == expected
    assert text_of(by_name(name, turned)) == expected


@pytest.mark.parametrize("name", sorted(BUILTIN_NAMES))
def test_no_argument_at_all_is_too_few(name):
    assert text_of(f"{name}()") == "null"
    assert "argument" in reasons(f"{name}()")


@pytest.mark.parametrize("name", sorted(BUILTIN_NAMES - TAKE_ITEMS - {"append", "concatenate", "union"}))
def test_more_arguments_than_any_way_to_call_it_are_too_many(name):
    most = max(way.most for way in BUILTINS[name].signatures)
    call = positional(name, ["1"] * (most + 1))

    assert text_of(call) == "null"
    assert f"not {most + 1}" in reasons(call)


@pytest.mark.parametrize(("name", "arguments", "wrong"), each_argument())
def test_a_name_that_is_no_parameter_is_refused(name, arguments, wrong):
    call = by_name(name, {f"{key}x" if key == wrong else key: value for key, value in arguments.items()})

    assert text_of(call) == "null"
    assert f"{wrong}x" in reasons(call)


@pytest.mark.parametrize(("name", "arguments", "empty"), each_argument())
def test_a_null_that_is_outside_the_domain_makes_the_result_null(name, arguments, empty):
    with_null = {key: "null" if key == empty else value for key, value in arguments.items()}
    calls = [positional(name, with_null.values()), by_name(name, with_null)]

    assert {text_of(call) == "null" for call in calls} == {(name, empty) not in MAY_BE_NULL}
    if (name, empty) not in MAY_BE_NULL | {("string", "from"), ("not", "negand")}:
        assert all(reasons(call).startswith(f"{name}: ") and "null" in reasons(call) for call in calls)


@pytest.mark.parametrize(("name", "arguments", "wrong"), each_argument())
def test_an_argument_of_a_wrong_kind_makes_the_result_null_and_is_named(name, arguments, wrong):
    takes_functions = {("list replace", "position"), ("list replace", "match"), ("sort", "precedes")}
    if (name, wrong) in OF_ANY_KIND | takes_functions or name == "string":
        return
    of_lists = BUILTINS[name].signatures[0].parameters[0].kinds == ("list",)
    if of_lists and wrong in ("list", "entries", "contexts"):
        return
    call = positional(name, [WRONG if key == wrong else value for key, value in arguments.items()])

    assert text_of(call) == "null"
    assert reasons(call).startswith(f"{name}: ")
    assert "not a function" in reasons(call)


@pytest.mark.parametrize("name", sorted(TAKE_ITEMS))
def test_a_list_may_be_given_item_by_item(name):
    [arguments] = [arguments for called, arguments in CALLS if called == name]

    assert text_of(f"{name}({arguments['list'][1:-1]})") == text_of(f"{name}({arguments['list']})")


@pytest.mark.parametrize(
    ("call", "expected"),
    [
        ('contains(["foobar"], "of")', "false"),
        ("floor([1.5])", "1"),
        ('upper case(["a", "b"])', "null"),
        ("upper case([])", "null"),
        ("upper case([null])", "null"),
        ('day of week([@"2027-01-04"])', "Monday"),
        ("before([1], 2)", "true"),
        ("time(10, 0, 0, [null])", "10:00:00"),
        ('get value([{a: 1}], ["a"])', "1"),
        ('string join("a", "X")', "a"),
        ("count(5)", "1"),
        ("count(null)", "null"),
        ("reverse(1)", "[1]"),
        ("concatenate(1, [2])", "[1, 2]"),
        ('context({key: "a", value: 1})', "{a: 1}"),
    ],
)
def test_a_list_of_one_stands_for_its_item_and_an_item_for_a_list_of_one(call, expected):
    assert text_of(call) == expected


@pytest.mark.parametrize(
    ("call", "expected"),
    [
        ("is(value1: null)", "true"),
        ("is(value2: 1)", "false"),
        ("list contains(list: [null])", "true"),
        ("index of(list: [1, null])", "[2]"),
        ("insert before(list: [1], position: 1)", "[null, 1]"),
        ('context put(context: {}, key: "a")', "{a: null}"),
        ('number(from: "1,5", decimal separator: ",")', "1.5"),
        ('upper case(strin: "a")', "null"),
        ("floor(scale: 1)", "null"),
        ("round up(n: 1)", "null"),
        ("append(list: [1])", "[1, null]"),
    ],
)
def test_an_argument_that_is_left_out_by_name_is_null(call, expected):
    assert text_of(call) == expected


@pytest.mark.parametrize(
    ("call", "reason"),
    [
        ("upper case(1, 2)", "upper case: it takes 1 argument, not 2"),
        ("date(1, 2)", "date: it takes 1 or 3 arguments, not 2"),
        ("append()", "append: it takes at least 2 arguments, not 0"),
        ("min()", "min: it takes at least 1 argument, not 0"),
        ('upper case(text: "a")', "upper case: it takes (string), not (text)"),
        ("date(year: 1, day: 2)", "date: the argument “month” is missing"),
        ('get value(m: {}, k: "a")', "get value: it takes (m, key) or (context, keys), not (m, k)"),
        ("date(true)", "date: “from” must be a text, a date or a date and time, not the boolean true"),
        ('date(1, 2, "x")', 'date: “day” must be a number, not the text "x"'),
        ('list replace([1], "x", 2)', 'list replace: argument 2 must be a number or a function, not the text "x"'),
        ("not(3)", "not: “negand” must be true or false or null, not the number 3"),
        ("meets([1..2], 3)", "meets: “range2” must be a range, not the number 3"),
    ],
)
def test_a_wrong_call_says_what_is_wrong_with_it(call, reason):
    assert text_of(call) == "null"
    assert reasons(call) == reason
