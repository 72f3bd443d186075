"""Walking along the tokens: look, take, expect, and read a name of several words. No rule of the grammar is here."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import pairwise

from service.feel.errors import FeelError
from service.feel.grammar.hints import hint
from service.feel.limits import MAX_EXPRESSION_LENGTH, MAX_NESTING
from service.feel.names import NAME_SYMBOLS, KnownNames
from service.feel.tokens import Token, tokenise


class Cursor:
    """The tokens of one text and how far they have been read."""

    def __init__(self, text: str, known: Iterable[str] = ()) -> None:
        if len(text) > MAX_EXPRESSION_LENGTH:
            raise FeelError(f"An expression may have {MAX_EXPRESSION_LENGTH} characters; this one has {len(text)}")
        self.text = text
        self.tokens = tokenise(text)
        self.index = 0
        self.known = KnownNames(known)
        self._depth = 0

    @property
    def token(self) -> Token:
        """The next token."""
        return self.tokens[self.index]

    def peek(self, ahead: int = 1) -> Token:
        """The token `ahead` places after the next one; the last token when there is none."""
        return self.tokens[min(self.index + ahead, len(self.tokens) - 1)]

    def take(self) -> Token:
        """The next token, now read."""
        token = self.token
        self.index += token.kind != "end"
        return token

    def at(self, *texts: str) -> bool:
        """Whether the next token is one of these symbols or words."""
        return self.token.text in texts and self.token.kind in ("symbol", "name")

    def took(self, text: str) -> bool:
        """Take the next token if it is this symbol or word; say whether it was."""
        if not self.at(text):
            return False
        self.take()
        return True

    def expect(self, text: str, why: str = "") -> Token:
        """Take this symbol or word. Raises FeelError naming it when something else stands here."""
        if not self.at(text):
            raise self.wrong(f"“{text}”{why}")
        return self.take()

    def wrong(self, expected: str) -> FeelError:
        """The error for the next token when `expected` should stand there instead."""
        told = hint(self.tokens, self.index)
        message = f"Expected {expected}, but found {self.token.in_words()}{'; ' if told else ''}{told}"
        return FeelError(message, expression=self.text, position=self.token.start)

    @contextmanager
    def nested(self) -> Iterator[None]:
        """Count one more level of nesting. Raises FeelError when there are too many."""
        self._depth += 1
        if self._depth > MAX_NESTING:
            message = f"More than {MAX_NESTING} brackets or keywords stand inside one another"
            raise FeelError(message, expression=self.text, position=self.token.start)
        yield
        self._depth -= 1

    def name(self, what: str = "a name") -> str:
        """Read a name: the longest known one, else every word up to a symbol or keyword."""
        known = self.known.longest_at(self.tokens, self.index)
        words = self._plain_words()
        if known is not None and known[1] >= words:
            self.index += known[1]
            return known[0]
        if not words:
            raise self.wrong(what)
        taken = self.tokens[self.index : self.index + words]
        self.index += words
        return self._as_written(taken)

    def _plain_words(self) -> int:
        """How many tokens from here make a name without knowing it: words and numbers, and no keyword."""
        count = 0
        while self._goes_on(count):
            count += 1
        return count

    def _goes_on(self, count: int) -> bool:
        token = self.peek(count)
        if token.kind == "name":
            return not token.is_keyword
        # An apostrophe is no operator, so that it can only belong to a name, as in “worker's”.
        in_word = token.text in ("'", "’") and self.peek(count + 1).kind == "name"
        return count > 0 and (in_word or (token.kind == "number" and token.text.isdigit()))

    def label(self) -> str | None:
        """Read `name :`, as before an argument or a context entry; None, reading nothing, when it is not there."""
        end = self.index
        while self._may_be_in_label(self.tokens[end]):
            end += 1
        if end == self.index or self.tokens[self.index].kind != "name" or self.tokens[end].text != ":":
            return None
        name = self._as_written(self.tokens[self.index : end])
        self.index = end + 1
        self.known.add(name)
        return name

    def declared_name(self, end_words: tuple[str, ...]) -> str:
        """Read a name that is made here, up to one of `end_words`; any word and name symbol may be in it."""
        end = self.index
        while self._may_be_in_label(self.tokens[end]) and self.tokens[end].text not in end_words:
            end += 1
        if end == self.index or self.token.kind != "name":
            raise self.wrong("a name")
        name = self._as_written(self.tokens[self.index : end])
        self.index = end
        self.known.add(name)
        return name

    @staticmethod
    def _may_be_in_label(token: Token) -> bool:
        return token.kind in ("name", "number") or (token.kind == "symbol" and token.text in NAME_SYMBOLS)

    @staticmethod
    def _as_written(tokens: list[Token]) -> str:
        """The name's words joined as they were: a blank between two tokens where the text has one."""
        pieces = [tokens[0].text]
        for before, token in pairwise(tokens):
            pieces.append(" " + token.text if token.start > before.end else token.text)
        return "".join(pieces)
