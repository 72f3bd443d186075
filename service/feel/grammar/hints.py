"""What people usually meant where an expression cannot be read. No rule of the grammar is here."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence

from service.feel.tokens import KEYWORDS, Token

_QUOTES = 'a text stands between straight quotation marks, as in "open"'
_CLOSING = {")": "(", "]": "[", "}": "{"}
_COMPARISONS = frozenset({"=", "!=", "<", "<=", ">", ">="})
_JOINING = frozenset({"+", "-", "*", "/", "**", "and", "or", "in", "between", ".."}) | _COMPARISONS
_LENGTHS = re.compile(r"(?:year|month|week|day|hour|minute|second)s?", re.IGNORECASE)
_VALUES = frozenset({"string", "number", "name"})
_SEARCHING = frozenset({"contains", "like", "starts", "ends", "with", "matches"})

Around = tuple[Token, Token, Token]
"""The token before the wrong one, the wrong one, and the one after it."""


def hint(tokens: Sequence[Token], index: int) -> str:
    """A sentence about what may be meant at the token that cannot stand there; empty when nobody can say."""
    around = (tokens[index - 1] if index else tokens[-1], tokens[index], tokens[min(index + 1, len(tokens) - 1)])
    return (_by_pair(around) or _by_side(around, tokens, index) if index else "") or _by_place(around, tokens, index)


def _by_pair(around: Around) -> str:
    before, here, _ = around
    pair = _PAIRS.get((before.text, here.text))
    return pair if pair and before.kind == "symbol" else ""


_PAIRS: Mapping[tuple[str, str], str] = {
    ("=", "="): "equality is written with one “=”",
    ("<", ">"): "“is not” is written !=",
    ("=", ">"): "“at least” is written >=; a function is written function(x) x + 1",
    ("=", "<"): "“at most” is written <=",
    ("+", "+"): "an expression changes nothing; one more than x is x + 1",
    ("+", "="): "an expression changes nothing; one more than x is x + 1",
    ("-", "="): "an expression changes nothing; one less than x is x - 1",
    (",", ","): "something is missing between the two commas",
    (",", "]"): "take away the last comma, or write what follows it",
    (",", ")"): "take away the last comma, or write what follows it",
    (",", "}"): "take away the last comma, or write what follows it",
    ("(", ")"): "nothing stands in the brackets",
}


def _by_side(around: Around, tokens: Sequence[Token], index: int) -> str:
    """What two things side by side, with nothing between them, may mean."""
    before, here, after = around
    if here.kind == "name" and here.text == "null" and before.text in ("is", "not"):
        return "whether something is there is asked by = null or != null"
    if here.text == "," and before.kind == after.kind == "number":
        return _comma(tokens, index)
    if here.text == ":" and before.kind == after.kind == "number":
        return 'a time is written @"10:30:00"'
    if before.kind == "number" and here.kind == "name" and _LENGTHS.fullmatch(here.text):
        return 'a length of time is written duration("P5D"), five days, or duration("P1Y"), a year'
    if here.kind == "string" and before.text in _SEARCHING:
        return 'a text is searched by contains(text, "part"), starts with(text, "part") or matches(text, "pattern")'
    if here.kind == "name" and here.text[0] in "€₤₹":
        return "a sum of money is written as a number alone"
    return _two_values(before, here)


def _two_values(before: Token, here: Token) -> str:
    if before.text == "@":
        return 'a date is written @"2027-01-04", with quotation marks'
    if here.text == "instance":
        return "it is written in two words: instance of"
    if here.text == "to" and before.kind == "number":
        return "from 1 to 5 is written 1..5 after “for x in”, and [1..5] elsewhere"
    if before.text in KEYWORDS or before.text == "not" or here.text in KEYWORDS:
        return ""
    if here.kind in _VALUES and before.kind in _VALUES:
        return "an operator or a comma is missing before it"
    return ""


def _comma(tokens: Sequence[Token], index: int) -> str:
    earlier = {token.text for token in tokens[:index]}
    if "between" in earlier:
        return "the two bounds are joined by “and”"
    if "in" in earlier:
        return "several values stand in brackets, as in x in (1, 2)"
    return "a number has a point where it has decimals, as in 1.5, and no sign between thousands"


def _by_place(around: Around, tokens: Sequence[Token], index: int) -> str:
    """What the wrong token itself, or the place where it stands, tells."""
    before, here, after = around
    if here.text in ("'", "’"):
        return _QUOTES
    if here.kind == "end":
        return _at_the_end(before, tokens)
    if here.text == "=" and after.text == ">":
        return _arrow(tokens, index)
    told = _SYMBOLS.get(here.text)
    if told is not None and here.kind == "symbol":
        return told(tokens, index)
    return ""


def _at_the_end(before: Token, tokens: Sequence[Token]) -> str:
    if before.text == "+" and len(tokens) == 3 and tokens[0].kind == "number":
        return f"“at least {tokens[0].text}” is written >= {tokens[0].text}"
    if before.text in _JOINING and before.kind in ("symbol", "name"):
        return f"something is missing after “{before.text}”"
    return ""


def _closing(tokens: Sequence[Token], index: int) -> str:
    closing = tokens[index].text
    opening = _CLOSING[closing]
    given = [token.text for token in tokens[:index] if token.kind == "symbol"]
    return "" if given.count(opening) > given.count(closing) else f"no “{opening}” stands before it"


def _comparison(tokens: Sequence[Token], index: int) -> str:
    if not index:
        if tokens[0].text == "=":
            return "an expression is written without “=” before it"
        return f"write what is compared, as in x {tokens[0].text} 5, or a range in brackets, as in ({tokens[0].text} 5)"
    if tokens[index - 1].text in ("and", "or"):
        return f"what is compared is said again, as in x > 1 and x {tokens[index].text} 5"
    if tokens[0].text in _COMPARISONS:
        return "two bounds make a range, as in [18..20]; a comma means “or”"
    return ""


def _colon(tokens: Sequence[Token], index: int) -> str:
    if any(token.text.endswith("?") for token in tokens[:index] if token.kind == "name"):
        return "a choice is written if a then b else c"
    return "a name before “:” stands only in { } and between the brackets of a call"


def _dots(_tokens: Sequence[Token], index: int) -> str:
    return "a range stands in brackets, as in [1..5]" + ("" if index else "; without a beginning it is (<= 5)")


def _arrow(_tokens: Sequence[Token], _index: int) -> str:
    return "a function is written function(x) x + 1"


_SYMBOLS: Mapping[str, Callable[[Sequence[Token], int], str]] = {
    **dict.fromkeys(_CLOSING, _closing),
    **dict.fromkeys(_COMPARISONS, _comparison),
    ":": _colon,
    "..": _dots,
    "->": _arrow,
}
