"""The lists of the queue: each open user task stands in some, and each is known by a number. Reading is in `walks.py`.

A list is what an equality asks for: the tasks that wait for one key, claimed or not; those of them of one team, due on
one day, of one kind. The columns of the entries hold the numbers, so that every list is a stretch of one narrow index,
in the order of a page, and any few lists together are merged.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

SECONDS_A_DAY = 86_400
FREE = 1
"""The last bit of a list's number: nobody has claimed what stands in it."""


@dataclass(frozen=True, slots=True)
class Lists:
    """Some lists of one sort."""

    column: str
    """The column of the entries that has their numbers."""
    numbers: tuple[int, ...]


def list_number(*named: str, free: bool) -> int:
    """The number of a list: 62 bits that follow from what it is a list of, and whether it is claimed.

    Two lists as good as never have the same one; whoever shows what stands in one asks the entry itself all the same.
    """
    return _number(named) | (FREE if free else 0)


def lists_of(key: str, *, team_id: str, due_at: datetime, kind: str, free: bool) -> dict[str, int]:
    """The lists that an entry stands in, by column."""
    return {
        "key_list": list_number(key, free=free),
        "team_list": list_number(key, "team", team_id, free=free),
        "day_list": list_number(key, "day", str(day_of(due_at)), free=free),
        "kind_list": list_number(key, "kind", kind, free=free),
    }


def lists_by(by: str, names: Iterable[tuple[str, ...]], free: bool | None) -> Lists:
    """The lists of one sort (`key`, `team`, `day` or `kind`) by what they are lists of; `free` None is for either."""
    frees = (True, False) if free is None else (free,)
    return Lists(f"{by}_list", tuple(list_number(*name, free=each) for name in dict.fromkeys(names) for each in frees))


def day_of(moment: datetime) -> int:
    """The day of an instant, in UTC, as a number that counts on."""
    return int(moment.timestamp() // SECONDS_A_DAY)


@lru_cache(maxsize=10_000)
def _number(named: tuple[str, ...]) -> int:
    return int.from_bytes(hashlib.sha256("\x00".join(named).encode()).digest()[:8]) >> 1 & ~FREE
