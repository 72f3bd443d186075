"""A search of the queue taken apart: what is reached alike, in which lists it stands, what is asked of each entry."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import product
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, or_

from service.store.lists import Lists, lists_by
from service.store.queue import NEVER
from service.store.searches import Search, Seen, Way
from service.store.walks import entries, values_in
from service.store.words import has_word, is_gathered

MOST_LISTS = 800
"""Lists that are read in one statement; a narrowing that stands in more of them is soon met by whoever walks."""

Condition = ColumnElement[bool]


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a search: the reaches that differ in nothing but their key, and one way to find the text."""

    keys: tuple[str, ...]
    team_ids: tuple[str, ...] | None
    claimed_by: str | None
    cases: frozenset[str] | None
    free: bool | None
    way: Way | None

    @property
    def bounded(self) -> bool:
        """It cannot be long: one person's, or of cases that are named."""
        return (
            self.claimed_by is not None
            or self.cases is not None
            or (self.way is not None and self.way.cases is not None)
        )

    @property
    def kinds(self) -> tuple[str, ...] | None:
        """The kinds that it is narrowed to."""
        return self.way.kinds if self.way is not None else None


def parts_of(search: Search) -> list[Part]:
    """What a search consists of, without what can find nothing."""
    keys: dict[Any, list[str]] = {}
    for reach in search.reaches:
        if reach.team_ids != () and reach.cases != frozenset():
            keys.setdefault((reach.team_ids, reach.claimed_by, reach.cases), []).append(reach.key)
    ways = search.ways if search.ways is not None else (None,)
    return [
        Part(
            keys=tuple(dict.fromkeys(same)),
            team_ids=team_ids,
            claimed_by=claimed_by,
            cases=cases,
            free=search.free if claimed_by is None else None,
            way=way,
        )
        for ((team_ids, claimed_by, cases), same), way in product(keys.items(), ways)
    ]


def plain_lists(part: Part) -> Lists:
    """The lists of all that is reached, in whichever order."""
    if part.team_ids is None:
        return lists_by("key", ((key,) for key in part.keys), part.free)
    return lists_by("team", ((key, "team", team) for key in part.keys for team in part.team_ids), part.free)


def kind_lists(part: Part) -> Lists | None:
    """The lists of its kinds, in the order in which they were opened; None where that is no way to go."""
    return _lists(part, "kind", part.kinds)


def day_lists(part: Part, days: range | None) -> Lists | None:
    """The lists of what is due on one of these days, in the order in which they were opened; None as above."""
    return _lists(part, "day", [str(day) for day in days[: MOST_LISTS + 1]] if days is not None else None)


def _lists(part: Part, by: str, names: Iterable[str] | None) -> Lists | None:
    if names is None or part.team_ids is not None:
        return None
    found = lists_by(by, ((key, by, name) for key in part.keys for name in names), part.free)
    return found if len(found.numbers) <= MOST_LISTS else None


def reached(part: Part, c: Any) -> Iterator[Condition]:
    """What makes an entry one of this part's, whatever else is asked of it."""
    yield c.key.in_(part.keys)
    if part.team_ids is not None:
        yield c.team_id.in_(part.team_ids)
    if part.claimed_by is not None:
        yield c.claimed_by == part.claimed_by
    if part.cases is not None:
        yield c.case_reference.in_(values_in(part.cases))
    if part.way is not None and part.way.cases is not None:
        yield c.case_reference.in_(values_in(part.way.cases))
    if part.free is not None:
        yield c.free == part.free


def rest(search: Search, part: Part, c: Any, *, told: str = "") -> Iterator[Condition]:
    """What else is asked of each entry. What the lists tell already, by `kind` or `due`, is left out."""
    if search.team_id is not None and part.team_ids != (search.team_id,):
        yield c.team_id == search.team_id
    if search.key is not None and part.keys != (search.key,):
        yield _has_entry(c, [search.key])
    if told != "due":
        yield from due(search, c)
    if search.seen is not None:
        yield _is_seen(search.seen, c)
    if part.kinds is not None and told != "kind":
        yield c.kind.in_(part.kinds)
    if part.way is not None:
        yield from (is_gathered(c.case_reference, word) for word in part.way.gathered)
        yield from (has_word(c.case_reference, word) for word in part.way.words)


def due(search: Search, c: Any) -> Iterator[Condition]:
    """When it must be due."""
    if search.due_from is not None:
        yield c.due_at >= search.due_from
    if search.due_from is not None or search.due_before is not None:
        yield c.due_at < (search.due_before or NEVER)


def _is_seen(seen: Seen, c: Any) -> Condition:
    return or_(
        c.team_id.in_(seen.team_ids),
        c.claimed_by == seen.person_id,
        c.case_reference.in_(values_in(seen.cases)),
        _has_entry(c, sorted(seen.keys)),
    )


def _has_entry(c: Any, keys: list[str]) -> Condition:
    other = entries.alias().c
    return exists().where(and_(other.task_id == c.task_id, other.key.in_(keys)))
