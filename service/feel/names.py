"""Names with spaces and symbols: which are known, and the longest at a token. Looking up values is not here."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any

from service.feel.errors import FeelError
from service.feel.tokens import KEYWORDS, Token, tokenise

_SPACE = re.compile(r"\s+")
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


def is_plain(name: str) -> bool:
    """True for a name that is one word and no keyword, so that it can be read without knowing it."""
    return name.isidentifier() and name not in KEYWORDS


def names_in_play(text: str, *sources: Mapping[str, Any]) -> frozenset[str]:
    """The names of `sources`, at any depth, that are not plain and whose letters occur in `text`."""
    squashed = _SPACE.sub("", text)
    return frozenset(
        name
        for source in sources
        for name in _keys(source, _WALK_DEPTH)
        if not is_plain(name) and _SPACE.sub("", name) in squashed
    )


def _keys(value: Any, depth: int) -> Iterator[str]:
    if depth == 0:
        return
    if isinstance(value, Mapping):
        for key, item in value.items():
            if isinstance(key, str):
                yield key
            if isinstance(item, Mapping | list):
                yield from _keys(item, depth - 1)
    elif isinstance(value, list):
        for item in value[:_WALK_ITEMS]:
            yield from _keys(item, depth - 1)
