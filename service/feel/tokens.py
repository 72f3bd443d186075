"""Text to tokens. Which tokens make a name, and what they mean together, is not decided here."""

from __future__ import annotations

import re
from dataclasses import dataclass

from service.feel.characters import instead_of
from service.feel.errors import FeelError

NAME_START = (
    "?A-Z_a-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02ff\u0370-\u037d\u037f-\u167f\u1681-\u180d\u180f-\u1fff"
    "\u200c-\u200d\u2070-\u218f\u2c00-\u2fef\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufffd\U00010000-\U000effff"
)
"""The characters of the standard's `name start char`, without the two that are also white space."""

KEYWORDS = frozenset(
    word
    for words in (
        "if then else",
        "for return in",
        "some every satisfies",
        "and or between instance",
        "function true false null",
    )
    for word in words.split()
)
"""Words that end a name, unless a name in scope contains them."""

_TOKEN = re.compile(
    rf"""(?P<space>[\s\u180e\u200b\ufeff]+|//[^\n]*|/\*[^*]*\*+(?:[^/*][^*]*\*+)*/)
    |(?P<number>[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?|\.[0-9]+(?:[eE][+-]?[0-9]+)?)
    |(?P<string>"(?:[^"\\]|\\.)*")
    |(?P<name>[{NAME_START}][{NAME_START}0-9\u00b7\u0300-\u036f\u203f-\u2040]*)
    |(?P<symbol>\.\.|\*\*|<=|>=|!=|->|[-+*/<>=()\[\]{{}},:.@'’])""",
    re.VERBOSE | re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class Token:
    """One word, number, string or symbol of the text; `kind` is number, string, name, symbol or end."""

    kind: str
    text: str
    start: int
    end: int

    @property
    def is_keyword(self) -> bool:
        """True for a word with a meaning of its own."""
        return self.kind == "name" and self.text in KEYWORDS

    def in_words(self) -> str:
        """The token as an error message names it."""
        return "the end of the expression" if self.kind == "end" else f"“{self.text}”"


def tokenise(text: str) -> list[Token]:
    """The tokens of the text, without blanks and comments, closed by one of kind `end`. Raises FeelError."""
    tokens: list[Token] = []
    position = 0
    while position < len(text):
        match = _TOKEN.match(text, position)
        if match is None or (match.group() == "/" and text.startswith("/*", position)):
            raise _unreadable(text, position)
        if match.lastgroup != "space":
            tokens.append(Token(match.lastgroup or "", match.group(), position, match.end()))
        position = match.end()
    tokens.append(Token("end", "", len(text), len(text)))
    return tokens


def _unreadable(text: str, position: int) -> FeelError:
    if text[position] == '"':
        message = "This string is never closed: a closing quotation mark was expected"
    elif text.startswith("/*", position):
        message = "This comment is never closed: “*/” was expected"
    else:
        told = instead_of(text[position]) or "a name, a value or an operator was expected"
        message = f"“{text[position]}” has no meaning in FEEL; {told}"
    return FeelError(message, expression=text, position=position)


_ESCAPE = re.compile(r"\\(?:u([0-9a-fA-F]{4})|U([0-9a-fA-F]{6})|(.))", re.DOTALL)
_SIMPLE = {"n": "\n", "r": "\r", "t": "\t", '"': '"', "'": "'", "\\": "\\"}


def unquote(token_text: str) -> str:
    """The string that a string token stands for. A backslash before any other character stays, as in `"\\d+"`."""

    def replaced(match: re.Match[str]) -> str:
        code = match.group(1) or match.group(2)
        if code is None:
            return _SIMPLE.get(match.group(3), match.group())
        return chr(int(code, 16)) if int(code, 16) <= 0x10FFFF else match.group()

    text = _ESCAPE.sub(replaced, token_text[1:-1])
    if any("\ud800" <= character <= "\udfff" for character in text):
        # Two \u escapes may be the halves of one character; a lone half has no meaning and becomes U+FFFD.
        text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return text
