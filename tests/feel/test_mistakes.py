"""What people write by mistake: the error names the place and says what is meant. Slips that can be computed are in
`test_slips.py`."""

from __future__ import annotations

import pytest

from service.feel import FeelError, compile_expression, compile_unary_tests
from tests.feel.asking import reasons, value

MISTAKES = [
    ('"abc', 1, "This string is never closed"),
    ("'abc'", 1, 'between straight quotation marks, as in "open"'),
    ("“abc”", 1, "straight quotation marks"),
    ("‘abc’", 1, "straight quotation marks"),
    ("`abc`", 1, "straight quotation marks"),
    ("x == 5", 4, "equality is written with one “=”"),
    ("x <> 5", 4, "“is not” is written !="),
    ("x => 5", 4, "“at least” is written >="),
    ("x =< 5", 4, "“at most” is written <="),
    ("x ≤ 5", 3, "“at most” is written <="),
    ("x ≥ 5", 3, "“at least” is written >="),
    ("x ≠ 5", 3, "“is not” is written !="),
    ("a && b", 3, "joined by “and”"),
    ("a || b", 3, "joined by “or”"),
    ("not x", 5, "“(” after “not”, as in not(a)"),
    ("!x", 1, "“not” is written not(…)"),
    ("x is null", 6, "= null or != null"),
    ("x is not null", 10, "= null or != null"),
    ("x between 1, 5", 12, "the two bounds are joined by “and”"),
    ("x between 1 and", 16, "something is missing after “and”"),
    ("x in 1,2", 7, "several values stand in brackets, as in x in (1, 2)"),
    ("if a then b", 12, "every “if” says what holds otherwise"),
    ("if a b else c", 8, "Expected “then”"),
    ("a ? b : c", 7, "if a then b else c"),
    ("18+", 4, "“at least 18” is written >= 18"),
    ("1..5", 2, "a range stands in brackets, as in [1..5]"),
    ("[1..]", 5, "without an end it is written (>= 1)"),
    ("[..5]", 2, "a range stands in brackets"),
    ("[1..", 5, "something is missing after “..”"),
    ("[1..5", 6, "to close the range"),
    ("(1 + 2", 7, "“)” to close the bracket"),
    ("1 + 2)", 6, "no “(” stands before it"),
    ("1 + 2]", 6, "no “[” stands before it"),
    ("[1, 2", 6, "“]” or “,” in the list"),
    ("[1 + ]", 6, "Expected a value"),
    ("[1, 2,]", 7, "take away the last comma"),
    ("{a: 1,}", 7, "take away the last comma"),
    ("sum(1,)", 7, "take away the last comma"),
    ("function(a,) a", 12, "take away the last comma"),
    ("sum(1,,2)", 7, "missing between the two commas"),
    ("()", 2, "nothing stands in the brackets"),
    ("{a = 1}", 2, "the name of an entry and “:”"),
    ("sum(1 2)", 7, "an operator or a comma is missing before it"),
    ("f(a: 1, 2)", 9, "all with a name or all without one"),
    ("1,5", 2, "a point where it has decimals"),
    ("10%", 3, "10% is 0.1"),
    ("£5", 1, "money is written as a number alone"),
    ("5 €", 3, "money is written as a number alone"),
    ("x;", 2, "nothing ends an expression"),
    ("x++", 3, "one more than x is x + 1"),
    ("x += 1", 4, "one more than x is x + 1"),
    ("a[]", 3, "a condition or a position in the brackets"),
    ("a.", 3, "a name after “.”"),
    ("@2024-01-01", 2, 'a date is written @"2027-01-04", with quotation marks'),
    ("10:30", 3, 'a time is written @"10:30:00"'),
    ("10 years", 4, 'duration("P5D")'),
    ("for x in [1,2] x", 16, "Expected “return”"),
    ("x > 5 and < 9", 11, "said again, as in x > 1 and x < 5"),
    ("for x in 1 to 5 return x", 12, "from 1 to 5 is written 1..5 after “for x in”, and [1..5] elsewhere"),
    ("for x [1] return x", 7, "“in” after the name x"),
    ("some x in [1] x > 1", 15, "Expected “satisfies”"),
    ("function(x) => x", 13, "a function is written function(x) x + 1"),
    ("x -> x", 3, "a function is written function(x) x + 1"),
    ("x instance number", 3, "in two words: instance of"),
    ('x contains "a"', 12, 'contains(text, "part")'),
    ('string length "a"', 15, "an operator or a comma is missing before it"),
    ("=5", 1, "without “=” before it"),
    ("< 5", 1, "or a range in brackets, as in (< 5)"),
    ("x =", 4, "something is missing after “=”"),
    ("5 5", 3, "an operator or a comma is missing before it"),
    ("2 ^ 3", 3, "a power is written **"),
    ("x – 5", 3, "a plain hyphen"),
    ("3 × 4", 3, "“times” is written *"),
    ("6 ÷ 2", 3, "“divided by” is written /"),
    ("/* a", 1, "This comment is never closed"),
    ("", 1, "Expected a value"),
]


@pytest.mark.parametrize(("text", "character", "words"), MISTAKES)
def test_a_mistake_is_named_with_its_place_and_what_is_meant(text, character, words):
    with pytest.raises(FeelError) as wrong:
        compile_expression(text)

    assert wrong.value.position + 1 == character
    assert words in wrong.value.message
    assert not text or f"(at character {character} of: {text})" in wrong.value.message


def test_of_several_lines_the_line_is_named():
    with pytest.raises(FeelError, match=r"at line 2, character 4 of"):
        compile_expression("a and\nb == 1")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (">=18 <=20", "two bounds make a range, as in [18..20]"),
        ("18+", "“at least 18” is written >= 18"),
        ("open; closed", "parts are separated by “,”"),
        ("'open'", "straight quotation marks"),
        ("x == 5", "equality is written with one “=”"),
        ("1, 2,", "Expected a value"),
    ],
)
def test_a_mistake_in_a_cell_is_named_too(text, words):
    with pytest.raises(FeelError, match="at character") as wrong:
        compile_unary_tests(text)

    assert words in wrong.value.message


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("a AND b", "there is no name “a AND b” here; “and” is written in small letters"),
        ("True", "“true” is written in small letters"),
        ("NULL", "“null” is written in small letters"),
        ("None", "what is not there is written null"),
        ("IF a THEN b ELSE c", "“if” is written in small letters"),
        ("x not in (1, 2)", "“not in” is written not(x in …)"),
        ("x instanceof number", "in two words: instance of"),
        ("x mod 2", "modulo(a, b)"),
        ("P1DT2H", 'a duration is written @"P1DT2H"'),
        ("Sum(1, 2)", "there is no function “Sum” here; perhaps “sum” is meant"),
        ("substring befor(x, y)", "perhaps “substring before” is meant"),
        ("date(2024-01-01)", "not the number 2022"),
        ('"a" + 5', 'the text "a" + the number 5 has no result'),
    ],
)
def test_a_name_that_nobody_knows_says_what_may_be_meant(text, words):
    assert words in reasons(text)


@pytest.mark.parametrize("name", ["AND", "Terms AND conditions", "True story", "P1D"])
def test_a_name_that_somebody_knows_is_no_mistake(name):
    assert value(name, **{name: 5}) == 5
