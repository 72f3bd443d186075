"""Texts of any characters, one character each however many bytes it takes; patterns in plain words only."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from service.feel import compile_expression, print_tree, write
from service.feel.syntax import Literal
from tests.feel.asking import value
from tests.feel.randomly import laws

CHARACTERS = st.sampled_from("abAB ,.-é𝕏😀ßİ\\\"'\n\t$|*[(") | st.characters(exclude_categories=("Cs",))
TEXTS = st.text(CHARACTERS, max_size=8)
HARD = st.sampled_from(["\\n", "\\", '\\"', "\\u0041", "\x00", "\x85", "\u2028", "\ufeff", "\u202e"])
SPECIAL = frozenset(".\\?*+{}()[]|^$-")
SOME = st.text(CHARACTERS, min_size=1, max_size=3)


def plainly(text):
    """The pattern that matches only the text."""
    return "".join(f"\\{character}" if character in SPECIAL else character for character in text)


@laws(100)
@given(TEXTS, SOME, TEXTS)
def test_a_text_is_found_where_it_was_put(before, middle, after):
    whole = before + middle + after
    scope = {"w": whole, "m": middle, "b": before, "a": after}

    assert value("contains(w, m) and starts with(w, b) and ends with(w, a)", **scope) is True
    assert value("string length(w) = string length(b) + string length(m) + string length(a)", **scope) is True
    assert value("b + m + a = w", **scope) is True
    assert value("substring before(w, m)", **scope) == whole[: whole.find(middle)]
    assert value("substring after(w, m)", **scope) == whole[whole.find(middle) + len(middle) :]
    assert value("contains(b, m)", **scope) is (middle in before)


@laws(100)
@given(st.text(CHARACTERS, min_size=1, max_size=8), st.data())
def test_parts_of_a_text_are_counted_in_characters(text, data):
    place = data.draw(st.integers(1, len(text)))
    length = data.draw(st.integers(1, len(text) - place + 1))

    for start in (place, place - len(text) - 1):
        scope = {"t": text, "p": start, "n": length}
        assert value("substring(t, p)", **scope) == text[place - 1 :]
        assert value("substring(t, p, n)", **scope) == text[place - 1 : place - 1 + length]
    assert value("string length(t)", t=text) == len(text)
    assert value("upper case(t)", t=text) == text.upper()
    assert value("lower case(t)", t=text) == text.lower()


@laws(100)
@given(
    st.lists(st.text(st.sampled_from("ab é𝕏"), max_size=3), min_size=1, max_size=4),
    st.sampled_from([",", "; ", "--", "|", "."]),
)
def test_what_was_joined_is_split_again(parts, glue):
    pattern = plainly(glue)

    assert value("string join(v, g)", v=parts, g=glue) == glue.join(parts)
    assert value("split(string join(v, g), p)", v=parts, g=glue, p=pattern) == parts
    assert value("string join(v)", v=parts) == "".join(parts)


@laws(80)
@given(
    st.text(st.sampled_from("abc$\\ 𝕏"), max_size=8),
    st.sampled_from(["a", "bc", "$", "𝕏"]),
    st.sampled_from(["", "z", "aa"]),
)
def test_plain_replacing_and_matching(text, old, new):
    pattern = plainly(old)

    assert value("replace(t, p, n)", t=text, p=pattern, n=new) == text.replace(old, new)
    assert value('replace(t, p, n, "q")', t=text, p=old, n=new) == text.replace(old, new)
    assert value("matches(t, p)", t=text, p=pattern) is (old in text)


@laws(150)
@given(st.lists(CHARACTERS | HARD, max_size=6).map("".join))
def test_a_text_that_is_written_is_read_as_itself(text):
    assert compile_expression(print_tree(Literal(0, text))).evaluate({}) == text
    assert print_tree(Literal(0, text)).isprintable()
    assert value(write([text])) == [text]
    assert value("string(t)", t=text) == text


@laws(60)
@given(st.integers(-(10**9), 10**9), st.integers(0, 99), st.sampled_from([(" ", ","), (",", "."), (".", ",")]))
def test_a_number_is_read_with_its_separators(whole, cents, separators):
    grouping, point = separators
    text = f"{whole:,}".replace(",", grouping) + f"{point}{cents:02}"
    sign = -1 if whole < 0 else 1

    assert value("number(t, g, p)", t=text, g=grouping, p=point) == whole + sign * Decimal(cents) / 100


@laws(60)
@given(
    st.recursive(
        st.none() | st.booleans() | st.decimals(-99, 99, places=1) | TEXTS,
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=2),
        max_leaves=6,
    )
)
def test_lists_and_contexts_that_are_written_are_read_as_themselves(given_value):
    assert value(write([given_value])) == [given_value]
