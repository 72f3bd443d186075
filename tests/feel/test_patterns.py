"""`matches`, `replace` and `split`: patterns of XPath (clause 7.6 of its functions and operators) in linear time."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.feel import FeelError, Limits, compile_expression
from tests.feel.asking import reasons, value

SMALL = st.recursive(
    st.sampled_from(["a", "b", "[ab]", "[^a]", "."]),
    lambda inner: st.one_of(
        st.tuples(inner, inner).map("".join),
        st.tuples(inner, inner).map(lambda two: f"({two[0]}|{two[1]})"),
        st.tuples(inner, st.sampled_from(["*", "+", "?", "{2}", "{1,2}", "*?", "+?"])).map(
            lambda p: f"(?:{p[0]}){p[1]}"
        ),
        inner.map(lambda part: f"^{part}"),
        inner.map(lambda part: f"{part}$"),
    ),
    max_leaves=8,
)
"""Patterns that mean the same in XPath and in Python."""
FOUND = [
    ("foobar", "^fo*b", "", True),
    ("foobar", "^o", "", False),
    ("abc\n", "c$", "", False),
    ("", "^$", "", True),
    ("a", "|b", "", True),
    ("aaa", "^a{2,3}$", "", True),
    ("a", "^a{2,}$", "", False),
    ("\U0001f40e", "^.$", "", True),
    ("-", "^[a-]$", "", True),
    ("-", "^[-a]$", "", True),
    ("^", "^[a^]$", "", True),
    ("]", "^[\\]]$", "", True),
    ("\t", "^[\\t-\\r]$", "", True),
]
FLAGS = [
    ("ABC", "b", "i", True),
    ("ABC", "b", "", False),
    ("\u212a", "k", "i", True),
    ("a\nb", "a.b", "", False),
    ("a\rb", "a.b", "", False),
    ("a\nb", "a.b", "s", True),
    ("1\n2", "^2$", "", False),
    ("1\n2", "^2$", "m", True),
    ("hello world", "hello\\ s world", "x", True),
    ("hello world", "hello[ ]world", "x", True),
    ("helloworld", "hello[ ]world", "x", False),
    ("a b", "a b", "x", False),
    ("a", "\\p{ L u }", "x", False),
    ("a.b", "a.b", "q", True),
    ("axb", "a.b", "q", False),
    ("a", "A", "ii", True),
]
CLASSES = [
    ("x", "^[a-z-[aeiou]]$", "", True),
    ("e", "^[a-z-[aeiou]]$", "", False),
    ("E", "^[a-z-[aeiou]]$", "i", False),
    ("o", "^[A-Z-[o]]$", "i", False),
    ("b", "^[a-z-[a-c-[b]]]$", "", True),
    ("a", "^[a-z-[a-c-[b]]]$", "", False),
    ("8", "^[^a-z-[7]]$", "", True),
    ("7", "^[^a-z-[7]]$", "", False),
    ("5", "^[\\d-[5-9]]$", "", False),
    ("4", "^[\\d-[5-9]]$", "", True),
    ("q", "[^Q]", "i", False),
    ("M", "[^\\p{Ll}m]", "i", False),
    ("é", "^[\\D]$", "", True),
    ("1", "^[\\D]$", "", False),
    ("a", "^[^\\S]$", "", False),
    ("a", "^[\\p{Cn}]$", "", False),
    ("\u0378", "^\\p{Cn}$", "", True),
]
CHARACTERS = [
    ("é", "^\\p{L}$", "", True),
    ("é", "^\\P{L}$", "", False),
    ("m", "\\p{Lu}", "i", False),
    ("m", "[\\p{Lu}]", "i", False),
    ("m", "[m\\p{Lu}]", "i", True),
    ("é", "^\\w$", "", True),
    ("_", "^\\w$", "", False),
    ("+", "^\\w$", "", True),
    ("_", "^\\W$", "", True),
    ("\u0663", "^\\d$", "", True),
    ("\u00a0", "^\\s$", "", False),
    ("\u000c", "^\\s$", "", False),
    ("a:b", "^\\i\\c*$", "", True),
    ("1", "^\\i", "", False),
    (" ", "^[\\C]$", "", True),
    ("ω", "^\\p{IsGreek}$", "", True),
    ("ω", "^[\\P{IsBasicLatin}]$", "", True),
    ("a", "\\P{IsBasicLatin}", "", False),
]
BACK_REFERENCES = [
    ("Mum", "([md])[aeiou]\\1", "i", True),
    ("mud", "([md])[aeiou]\\1", "", False),
    ("xx", "^(abc|x)\\1$", "", True),
    ("abcx", "^(abc|x)\\1$", "", False),
    ("abab", "^(a)(b)\\1\\2$", "", True),
    ("a1", "^(a)1$", "", True),
    ("aa0", "^(a)\\10$", "", True),
    ("cacacb", "^(c(a|b)){2}c(b)$", "", True),
    ("aab", "^(?:([ab])\\1)+b$", "", True),
]


@pytest.mark.parametrize(
    ("text", "pattern", "flags", "expected"), [*FOUND, *FLAGS, *CLASSES, *CHARACTERS, *BACK_REFERENCES]
)
def test_a_pattern_is_found_or_not(text, pattern, flags, expected):
    assert value("matches(text, pattern, flags)", text=text, pattern=pattern, flags=flags) is expected


@given(SMALL, st.text("abc", max_size=8))
def test_a_pattern_is_found_where_another_matcher_finds_it(pattern, text):
    assert value("matches(text, pattern)", text=text, pattern=pattern) is (re.search(pattern, text) is not None)


@pytest.mark.parametrize(
    ("text", "pattern", "replacement", "flags", "expected"),
    [
        ("banana", "a", "o", "", "bonono"),
        ("abcd", "(ab)|(a)", "[1=$1][2=$2]", "", "[1=ab][2=]cd"),
        ("abcd", "(b)(c)", "$2$1", "", "acbd"),
        ("abc", "b", "$0$0", "", "abbc"),
        ("abc", "b", "\\$\\\\", "", "a$\\c"),
        ("abc", "(b)", "$12", "", "ab2c"),
        ("abc", "b", "$1", "", "ac"),
        ("aa bb ab", "([ab])\\1", "<$1>", "", "<a> <b> ab"),
        ("a.b", ".", "$1", "q", "a$1b"),
        ("aB", "b", "x", "i", "ax"),
        ("\U0001f40e!", "!", "\U0001f600", "", "\U0001f40e\U0001f600"),
        ("0123456789", "(\\d{3})(\\d{3})(\\d{4})", "($1) $2-$3", "", "(012) 345-6789"),
    ],
)
def test_every_match_is_replaced(text, pattern, replacement, flags, expected):
    scope = {"text": text, "pattern": pattern, "by": replacement, "flags": flags}

    assert compile_expression("replace(text, pattern, by, flags)").evaluate(scope) == expected


@pytest.mark.parametrize(
    ("text", "delimiter", "expected"),
    [
        ("John Doe", "\\s", ["John", "Doe"]),
        ("a;b;c;;", ";", ["a", "b", "c", "", ""]),
        ("a1b22c", "\\d+", ["a", "b", "c"]),
        ("a|b", "\\|", ["a", "b"]),
        ("", ";", [""]),
    ],
)
def test_a_text_is_split_at_every_match(text, delimiter, expected):
    assert value("split(text, delimiter)", text=text, delimiter=delimiter) == expected


@pytest.mark.parametrize(
    ("pattern", "reason"),
    [
        ("(", "a “(” without its “)”"),
        (")", "a “)” without its “(”"),
        ("a**", "“*” has nothing before it"),
        ("a{,3}", "“{” has nothing before it"),
        ("a]", "“]” has nothing before it"),
        ("a{3,2}", "ends below its beginning"),
        ("a{1001}", "at most 1000 times"),
        ("(" * 60 + ")" * 60, "at most 50 groups"),
        ("(?i)a", "but “(?:”"),
        ("(?P<n>a)", "but “(?:”"),
        ("\\b", "“\\b” stands for nothing"),
        ("\\x61", "“\\x” stands for nothing"),
        ("\\", "“\\” stands for nothing"),
        ("\\p{Greek}", "no category or block of characters “Greek”"),
        ("\\p{Lu", "no category or block"),
        ("\\pL", "no category or block"),
        ("[]", "empty or never closed"),
        ("[^]", "empty or never closed"),
        ("[a", "empty or never closed"),
        ("[z-a]", "goes upwards"),
        ("[a-\\d]", "goes upwards"),
        ("[a-c-e]", "must be written “\\-”"),
        ("[a[b]", "must be written “\\[”"),
        ("[a-[a]]", "nothing is left"),
        ("[\\1]", "“\\1” stands for nothing"),
        ("\\1(a)", "a group that is not there"),
        ("(a\\1)", "a group that is not there"),
        ("(.)\\1", "back-reference \\1 cannot be matched in linear time"),
        ("(a)?\\1", "back-reference \\1 cannot be matched in linear time"),
        ("((a))\\1", "back-reference \\1 cannot be matched in linear time"),
        ("(((a{100}){100}){100})", "asks too much of the matcher"),
        ("a" * 2001, "at most 2000 characters"),
    ],
)
def test_what_is_no_pattern_is_null_and_says_why(pattern, reason):
    found = compile_expression("matches(text, pattern)").evaluate_explained({"text": "a", "pattern": pattern})

    assert found.value is None
    assert reason in found.null_reasons[0]


@pytest.mark.parametrize(
    ("call", "reason"),
    [
        ('matches("a", "a", "p")', "no flag “p”"),
        ('matches("a", "a", " ")', "no flag “ ”"),
        ('replace("a", "a*", "b")', "matches the empty text"),
        ('replace("a", "^", "b")', "matches the empty text"),
        ('replace("a", "a", "$")', "write “\\$”"),
        ('replace("a", "a", "$x")', "write “\\$”"),
        ('replace("a", "a", "\\\\")', "write “\\\\”"),
        ('split("a", "")', "matches the empty text"),
        ('split("a", "x*")', "matches the empty text"),
    ],
)
def test_what_cannot_be_done_is_null_and_says_why(call, reason):
    assert value(call) is None
    assert reason in reasons(call)


def test_a_pattern_that_would_take_forever_elsewhere_takes_no_time():
    assert value('matches(text, "^(a+)+$")', text="a" * 50_000 + "!") is False


@pytest.mark.parametrize(
    ("expression", "limits", "what"),
    [
        ('for i in 1..5 return matches("a", "a" + string(i))', Limits(patterns=4), "4 different patterns"),
        ('matches(text, "[\\w.]{1,64}@[\\w.]{1,64}")', Limits(steps=5_000), "5000 steps"),
        ('replace(text, "a", text)', Limits(), "1000000 characters"),
        ('split(text, "a")', Limits(list_length=500), "500 items"),
    ],
)
def test_matching_is_bounded(expression, limits, what):
    with pytest.raises(FeelError, match=what):
        compile_expression(expression).evaluate({"text": "a" * 10_000}, limits=limits)
