"""A context some of whose entries are read only when an expression asks for them. Where they come from is not here."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any


class LateContext(dict[str, Any]):
    """A context whose late entries come from `read`, called at most once and only when one of them is wanted.

    `late` names all that `read` gives. `adopted` says whether every value in it is one that FEEL has.
    """

    __slots__ = ("_late", "_read", "adopted")

    def __init__(
        self,
        ready: Mapping[str, Any],
        late: frozenset[str],
        read: Callable[[], Mapping[str, Any]],
        *,
        adopted: bool = False,
    ) -> None:
        super().__init__(ready)
        self.adopted = adopted
        self._late = late
        self._read: Callable[[], Mapping[str, Any]] | None = read

    def adopt(self, made_ours: Callable[[Any], Any]) -> LateContext:
        """The same of FEEL values, which reads the late entries through this one, so that it is still done once."""
        ready = {name: made_ours(value) for name, value in dict.items(self)}

        def late() -> Any:
            return made_ours({name: value for name, value in self.items() if name in self._late})

        return LateContext(ready, self._late, late, adopted=True)

    def known(self) -> dict[str, Any]:
        """What is there without reading: the entries that are ready, and the names of those that are late."""
        return {**dict.fromkeys(self._late), **dict(dict.items(self))}

    def whole(self) -> LateContext:
        """The context with every entry read."""
        if self._read is not None:
            read, self._read = self._read, None
            super().update(read())
        return self

    def __getitem__(self, name: str) -> Any:
        return dict.__getitem__(self.whole() if name in self._late else self, name)

    def get(self, name: str, default: Any = None) -> Any:
        """As of any mapping."""
        return dict.get(self.whole() if name in self._late else self, name, default)

    def __contains__(self, name: object) -> bool:
        return name in self._late or super().__contains__(name)

    def __iter__(self) -> Iterator[str]:
        return dict.__iter__(self.whole())

    def __len__(self) -> int:
        return dict.__len__(self.whole())

    def __eq__(self, other: object) -> bool:
        return dict.__eq__(self.whole(), other.whole() if isinstance(other, LateContext) else other)

    def __ne__(self, other: object) -> bool:
        return not self == other

    def keys(self) -> Any:
        """As of any mapping."""
        return dict.keys(self.whole())

    def values(self) -> Any:
        """As of any mapping."""
        return dict.values(self.whole())

    def items(self) -> Any:
        """As of any mapping."""
        return dict.items(self.whole())
