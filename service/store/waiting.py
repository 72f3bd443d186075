"""Asking the queue: which open tasks, in which order, from where. Who may ask for what is in `operations/wanted.py`.

A search is a few reaches (a candidate key, a team, what somebody claimed), each a stretch of one index of the entries,
and what narrows them. Its cost must not depend on how many tasks are open, so it is never left to a planner's guess
which index is walked: each part orders by the columns of the one that is meant.

First a glance: of each reach at most LOOK entries, by the most selective index that fits, narrowed and counted. That
is the total, as far as it is told at all. If a glance came to the end of every reach, the page is what it saw, sorted.
If not, there is much to be found, and the page is walked in order, from the cursor, until it is full.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import product
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, bindparam, exists, func, or_, select, tuple_, union

from service.store.cases import CaseRow
from service.store.instances import InstanceRow
from service.store.queue import NEVER, EntryRow
from service.store.searches import ORDERS, Glance, Place, Reach, Search, Seen, Sort, Way
from service.store.tables import db
from service.store.tasks import TaskRow
from service.store.words import has_word

MOST = 1_000
"""A total is told up to here; beyond, that there are more."""
LOOK = MOST + 1
"""Entries of a reach that are looked at before it counts as a long one."""
FEW_KINDS = 20
"""More kinds than these are soon met by whoever walks in order, and are not looked up one by one."""
AT_ONCE = 50
"""Stretches of index that are read in one statement."""

PLACED = ("task_id", "opened_at", "due_at", "rank", "tie")

entries = EntryRow.__table__
Condition = ColumnElement[bool]


@dataclass(frozen=True, slots=True)
class Whole:
    """A user task with its instance and its case."""

    task: TaskRow
    instance: InstanceRow
    case: CaseRow


@dataclass(frozen=True, slots=True)
class _Stretch:
    """One part of a search: a reach, claimed or not, and one way to find the text."""

    reach: Reach
    free: bool | None
    way: Way | None

    @property
    def bounded(self) -> bool:
        """It cannot be long: one person's, or of cases that are named."""
        return self.reach.bounded or (self.way is not None and self.way.cases is not None)


def glance(search: Search) -> Glance:
    """Count what is found, in one statement, looking at no more than a page's worth of each long reach."""
    stretches = list(_stretches(search))
    if not stretches:
        return Glance(0, whole=True)
    each = _each(stretches)
    looks = [_look(search, one, each).cte(f"look_{number}") for number, one in enumerate(stretches)]
    both = list(zip(looks, stretches, strict=True))
    found = [select(look.c.tie).where(*_rest(search, one, look.c)) for look, one in both]
    counted = select(func.count()).select_from(union(*found).limit(LOOK).subquery()).scalar_subquery()
    looked = [select(func.count()).select_from(look).scalar_subquery() for look in looks]
    total, *lengths = db.session.execute(select(counted, *looked)).one()
    whole = all(length < each or one.bounded for length, one in zip(lengths, stretches, strict=True))
    return Glance(min(total, MOST), whole=whole and total <= MOST)


def page(search: Search, after: tuple[Any, ...] | None, limit: int, *, few: bool) -> list[Place]:
    """The next tasks in the search's order, after a place in it. `few` where a glance came to the end of everything."""
    stretches = list(_stretches(search))
    each = _each(stretches)
    found: dict[str, Place] = {}
    for first in range(0, len(stretches), AT_ONCE):
        parts = [
            _collected(search, one, each, after) if few or one.bounded else _walked(search, one, after, limit)
            for one in stretches[first : first + AT_ONCE]
        ]
        table = union(*parts).subquery()
        ordered = select(table).order_by(*_columns(search.sort, table.c)).limit(limit)
        found |= {row.task_id: Place(**row._mapping) for row in db.session.execute(ordered)}
    return sorted(found.values(), key=lambda place: place.at(search.sort))[:limit]


def whole_tasks(task_ids: Sequence[str]) -> list[Whole]:
    """User tasks by id, in the order of the ids, in one statement. One that is not there is left out."""
    query = (
        select(TaskRow, InstanceRow, CaseRow)
        .join(InstanceRow, InstanceRow.id == TaskRow.instance_id)
        .join(CaseRow, CaseRow.reference == TaskRow.case_reference)
        .where(TaskRow.id.in_(task_ids))
    )
    found = {row[0].id: Whole(*row) for row in db.session.execute(query)} if task_ids else {}
    return [found[task_id] for task_id in task_ids if task_id in found]


def _stretches(search: Search) -> Iterator[_Stretch]:
    for reach, way in product(search.reaches, search.ways if search.ways is not None else (None,)):
        short = reach.bounded or (way is not None and way.cases is not None)
        if reach.claimed_by is not None:
            yield _Stretch(reach, None, way)
        elif short or (search.free is not None and reach.team_ids is None):
            yield _Stretch(reach, search.free, way)
        elif reach.team_ids is not None:  # their index is not told what is claimed: most who look at a team want both
            yield from (_Stretch(replace(reach, team_ids=(one,)), search.free, way) for one in reach.team_ids)
        else:
            yield from (_Stretch(reach, free, way) for free in (True, False))


def _each(stretches: Sequence[_Stretch]) -> int:
    """How far to look along each: a long search looks at less of each of its parts, and all in all at no more."""
    return max(AT_ONCE, 8 * LOOK // max(8, len(stretches)))


def _look(search: Search, one: _Stretch, each: int) -> Select[Any]:
    """The entries that one index gives for a stretch: all where they must be few, else the first of them."""
    query = select(entries).where(*_reached(one))
    if one.way is not None and one.way.cases is not None:
        return query.where(entries.c.case_reference.in_(sorted(one.way.cases)))
    if one.reach.bounded:
        return query
    if search.due_from is not None or search.due_before is not None:
        return query.where(*_due(search, entries.c)).order_by(entries.c.due_at, entries.c.tie).limit(each)
    kinds = one.way.kinds if one.way is not None else None
    if kinds is not None and len(kinds) <= FEW_KINDS and one.reach.team_ids is None:
        return query.where(entries.c.kind.in_(kinds)).order_by(entries.c.kind, entries.c.key).limit(each)
    return query.order_by(*_columns(search.sort, entries.c)).limit(each)


def _collected(search: Search, one: _Stretch, each: int, after: tuple[Any, ...] | None) -> Select[Any]:
    look = _look(search, one, each).subquery()
    query = select(*(look.c[name] for name in PLACED)).where(*_rest(search, one, look.c))
    return query if after is None else query.where(_behind(search.sort, look.c, after))


def _walked(search: Search, one: _Stretch, after: tuple[Any, ...] | None, limit: int) -> Select[Any]:
    hidden = _Hidden()
    query = select(*(entries.c[name] for name in PLACED)).where(*_reached(one), *_rest(search, one, hidden))
    if after is not None:
        query = query.where(_behind(search.sort, entries.c, after))
    return select(query.order_by(*_columns(search.sort, entries.c)).limit(limit).subquery())


class _Hidden:
    """The columns of the entries, so written that no index on them is taken for a condition: the order's must be."""

    def __getattr__(self, name: str) -> Any:
        column = entries.c[name]
        return column if name in ("task_id", "tie") else func.coalesce(column, column, type_=column.type)


def _reached(one: _Stretch) -> Iterator[Condition]:
    """What an index answers: the reach itself."""
    reach, c = one.reach, entries.c
    yield c.key == reach.key
    if reach.team_ids is not None:
        yield c.team_id == reach.team_ids[0] if len(reach.team_ids) == 1 else c.team_id.in_(reach.team_ids)
    if reach.claimed_by is not None:
        yield c.claimed_by == reach.claimed_by
    if reach.cases is not None:
        yield c.case_reference.in_(sorted(reach.cases))
    if one.free is not None:
        yield c.free == one.free


def _rest(search: Search, one: _Stretch, c: Any) -> Iterator[Condition]:
    """What is asked of each entry that was reached. `c` are the columns to ask."""
    if search.team_id is not None and one.reach.team_ids != (search.team_id,):
        yield c.team_id == search.team_id
    if search.key is not None and one.reach.key != search.key:
        yield _has_entry(c, [search.key])
    yield from _due(search, c)
    if search.seen is not None:
        yield _is_seen(search.seen, c)
    if one.way is not None:
        if one.way.kinds is not None:
            yield c.kind.in_(one.way.kinds)
        if one.way.cases is not None:
            yield c.case_reference.in_(sorted(one.way.cases))
        yield from (has_word(c.case_reference, word) for word in one.way.words)


def _due(search: Search, c: Any) -> Iterator[Condition]:
    if search.due_from is not None:
        yield c.due_at >= search.due_from
    if search.due_from is not None or search.due_before is not None:
        yield c.due_at < (search.due_before or NEVER)


def _is_seen(seen: Seen, c: Any) -> Condition:
    return or_(
        c.team_id.in_(seen.team_ids),
        c.claimed_by == seen.person_id,
        c.case_reference.in_(sorted(seen.cases)),
        _has_entry(c, sorted(seen.keys)),
    )


def _has_entry(c: Any, keys: list[str]) -> Condition:
    other = entries.alias().c
    return exists().where(and_(other.task_id == c.task_id, other.key.in_(keys)))


def _columns(sort: Sort, c: Any) -> list[Any]:
    return [c[name] for name in ORDERS[sort]]


def _behind(sort: Sort, c: Any, after: tuple[Any, ...]) -> Condition:
    columns = _columns(sort, c)
    values = [bindparam(None, value, type_=column.type) for column, value in zip(columns, after, strict=True)]
    return tuple_(*columns) > tuple_(*values)
