"""Names with spaces and symbols: which are known, and the longest at a token. Looking up values is not here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any

from service.feel.errors import FeelError
from service.feel.late import LateContext
from service.feel.tokens import KEYWORDS, Token, tokenise

NAME_SYMBOLS = frozenset(".-+*/'’")
"""The symbols that may stand inside a name."""
_WALK_DEPTH = 6
_WALK_ITEMS = 20
"""How deep, and into how many items of each list, names are looked for in the values of a scope."""


class KnownNames:
    """Names of more than one token, such as `Pre-bureau risk category`, found by their first token."""

    def __init__(self, names: Iterable[str] = ()) -> None:
        self._by_first: dict[str, list[tuple[tuple[str, ...], str]]] = {}
        for name in names:
            self.add(name)

    def add(self, name: str) -> None:
        """Make a name known; a name of a single plain word needs no help and is passed over."""
        parts = _parts(name)
        if len(parts) < 2:
            return
        entries = self._by_first.setdefault(parts[0], [])
        if (parts, name) not in entries:
            entries.append((parts, name))
            entries.sort(key=lambda entry: -len(entry[0]))

    def longest_at(self, tokens: Sequence[Token], index: int) -> tuple[str, int] | None:
        """The longest known name beginning at `tokens[index]` and how many tokens it takes; None when there is none."""
        for parts, name in self._by_first.get(tokens[index].text, ()):
            found = tokens[index : index + len(parts)]
            if len(found) == len(parts) and all(t.text == part for t, part in zip(found, parts, strict=True)):
                return name, len(parts)
        return None


@lru_cache(maxsize=8192)
def _parts(name: str) -> tuple[str, ...]:
    try:
        tokens = tokenise(name)[:-1]
    except FeelError:
        # A key such as `5" pipe` can be read only through `get value`.
        return ()
    return tuple(token.text for token in tokens) if tokens and tokens[0].kind == "name" else ()


_NONE: frozenset[str] = frozenset()


class NamesInPlay:
    """The names of `sources`, at any depth, that take several words or symbols. Looked for when first needed, once."""

    def __init__(self, *sources: Mapping[str, Any]) -> None:
        self._sources = sources
        self._found: set[str] | None = None

    def within(self, text: str) -> frozenset[str]:
        """Those that may stand in `text`."""
        beginnings = _beginnings(text)
        if not beginnings:
            return _NONE
        if self._found is None:
            found: set[str] = set()
            for source in self._sources:
                _gather(source, found, _WALK_DEPTH)
            self._found = found
        return frozenset(name for name in self._found if _parts(name)[:2] in beginnings) if self._found else _NONE


def has_plain_names(text: str) -> bool:
    """Whether no name of several words can stand in the text, so that it reads the same whatever is in scope."""
    return not _beginnings(text)


def _gather(value: Any, found: set[str], depth: int) -> None:
    """Add every key that is not plain, of this context and of those inside it."""
    # Names of several words inside what is late are not looked for: most expressions would read it only for that.
    for key, item in (value.known() if isinstance(value, LateContext) else value).items():
        if type(key) is str and not (key.isidentifier() and key not in KEYWORDS):
            found.add(key)
        kind = type(item)
        if depth and issubclass(kind, dict):
            _gather(item, found, depth - 1)
        elif depth and kind is list:
            for inner in item[:_WALK_ITEMS]:
                if type(inner) is dict:
                    _gather(inner, found, depth - 1)


@lru_cache(maxsize=4096)
def _beginnings(text: str) -> frozenset[tuple[str, ...]]:
    """Every two tokens with which a name of several could begin in the text; a dot between words makes a path."""
    tokens = tokenise(text)
    return frozenset(
        (first.text, second.text)
        for before, first, second in zip([None, *tokens], tokens, tokens[1:], strict=False)
        if first.kind == "name"
        and (second.kind in ("name", "number") or second.text in NAME_SYMBOLS - {"."})
        and not (first.is_keyword and before is not None and _ends_an_operand(before))
    )


def _ends_an_operand(token: Token) -> bool:
    """After such a token a keyword joins or closes; nothing can begin there."""
    return token.kind in ("number", "string") or (token.kind == "name" and not token.is_keyword)
