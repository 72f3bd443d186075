"""Names with spaces and symbols: which are known, and the longest at a token. Looking up values is not here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from itertools import pairwise
from typing import Any

from service.feel.errors import FeelError
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


def names_in_play(text: str, *sources: Mapping[str, Any]) -> frozenset[str]:
    """The names of `sources`, at any depth, that take several words or symbols and may stand in `text`."""
    beginnings = _beginnings(text)
    if not beginnings:
        return frozenset()
    found: set[str] = set()
    for source in sources:
        _gather(source, found, _WALK_DEPTH)
    return frozenset(name for name in found if _parts(name)[:2] in beginnings)


def _gather(value: Any, found: set[str], depth: int) -> None:
    """Add every key that is not plain, of this context and of those inside it."""
    for key, item in value.items():
        if type(key) is str and not (key.isidentifier() and key not in KEYWORDS):
            found.add(key)
        kind = type(item)
        if depth and kind is dict:
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
        for first, second in pairwise(tokens)
        if first.kind == "name" and (second.kind in ("name", "number") or second.text in NAME_SYMBOLS - {"."})
    )
