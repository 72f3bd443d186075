"""`matches`, `replace` and `split`: patterns of XPath in linear time."""

from __future__ import annotations

import pytest

from tests.feel.asking import reasons, text_of, value


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('matches("foobar", "^fo*b")', "true"),
        ('matches("foobar", "^o")', "false"),
        ('matches("ABC", "b", "i")', "true"),
        ('matches("a b", "a b", "x")', "false"),
        ('matches("a.b", "a.b", "q")', "true"),
        ('matches("axb", "a.b", "q")', "false"),
        ('matches("a\\nb", "a.b")', "false"),
        ('matches("a\\nb", "a.b", "s")', "true"),
        ('matches("x", "^[a-z-[aeiou]]$")', "true"),
        ('matches("e", "^[a-z-[aeiou]]$")', "false"),
        ('matches("é", "^\\p{L}$")', "true"),
        ('replace("abcd", "(b)(c)", "$2$1")', "acbd"),
        ('replace("abc", "b", "\\$")', "a$c"),
        ('replace("0123456789", "(\\d{3})(\\d{3})(\\d{4})", "($1) $2-$3")', "(012) 345-6789"),
        ('split("a;b;;c", ";")', '["a", "b", "", "c"]'),
        ('split("John Doe", "\\s")', '["John", "Doe"]'),
    ],
)
def test_patterns(text, expected):
    assert text_of(text) == expected


@pytest.mark.parametrize(
    ("call", "reason"),
    [
        ('matches("a", "(")', "cannot be read"),
        ('matches("a", "(a)\\1")', "back-reference"),
        ('matches("a", "a", "p")', "no flag “p”"),
        ('replace("a", "a*", "b")', "matches the empty text"),
        ('replace("a", "a", "$")', "stands for nothing"),
        ('split("a", "")', "matches the empty text"),
        ('matches("a", "[^a-z-[b]]")', "negated class"),
    ],
)
def test_what_cannot_be_matched_is_null_and_says_why(call, reason):
    assert value(call) is None
    assert reason in reasons(call)


def test_a_pattern_that_would_take_forever_elsewhere_takes_no_time():
    assert value('matches(text, "^(a+)+$")', text="a" * 50_000 + "!") is False
