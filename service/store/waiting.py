"""Asking the queue: which open tasks, in which order, from where. Who may ask for what is in `operations/wanted.py`.

A search is a few parts, each some lists of entries that are kept in the order of a page, and what narrows them. Its
cost must not depend on how many tasks are open, so it is never left to a planner's guess which index is walked.

First a glance: the first entries of the narrowest lists that fit, narrowed and counted. That is the total, as far as it
is told at all. If a glance came to the end of every list, the page is what it saw, sorted. If not, there is much to be
found. Then each list is tried a little way in order; where the narrowing is often met, that fills the page. Where it is
not, the lists of what is narrowed to are merged, if there are such lists in this order; or all that meets it is
collected by another index, if it is not too much. Only what has neither is walked until the page is full: two
narrowings each of which many tasks meet, and few meet both.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from operator import lt
from typing import Any

from sqlalchemy import CompoundSelect, Select, func, select, union, union_all

from service.store.cases import CaseRow
from service.store.instances import InstanceRow
from service.store.lists import Lists, day_of, list_number
from service.store.narrowing import Part, day_lists, due, kind_lists, parts_of, plain_lists, reached, rest
from service.store.queue import ANYBODY, NEVER
from service.store.searches import ORDERS, Glance, Place, Search, Sort
from service.store.tables import db
from service.store.tasks import TaskRow
from service.store.walks import EVERYTHING, PLACED, Hidden, behind, entries, in_order, listed, read_in_order, until

MOST = 1_000
"""A total is told up to here; beyond, that there are more."""


@dataclass(frozen=True, slots=True)
class Effort:
    """How many entries are looked at before something else is done."""

    look: int = MOST + 1
    """Of all the lists of a part together, before it counts as a long one; twice as many, if they are only counted."""
    tried: int = 500
    """Of a long list, before another way is looked for."""
    collected: int = 20_000
    """Of a part, to be sorted rather than walked in order."""


ENOUGH = Effort()


@dataclass(frozen=True, slots=True)
class Whole:
    """A user task with its instance and its case."""

    task: TaskRow
    instance: InstanceRow
    case: CaseRow


def glance(search: Search, effort: Effort = ENOUGH) -> Glance:
    """Count what is found, in one statement, looking at no more than the first of each long list."""
    parts = parts_of(search)
    if not parts:
        return Glance(0, whole=True)
    read_in_order()
    found, looked, most = [], [], []
    for number, part in enumerate(parts):
        if part.bounded:
            found.append(select(entries.c.tie).where(*reached(part, entries.c), *rest(search, part, entries.c)))
            continue
        told = _look(search, part, 0)[1]
        asked = any(True for _ in rest(search, part, entries.c, told=told))
        # What nothing more is asked of is counted in the index alone, and may be longer: some of it is there twice.
        most.append(effort.look if asked else 2 * effort.look)
        look, _ = _look(search, part, most[-1], names=EVERYTHING if asked else ("tie",))
        seen = look.cte(f"look_{number}")
        found.append(select(seen.c.tie).where(*rest(search, part, seen.c, told=told)))
        looked.append(select(func.count()).select_from(seen).scalar_subquery())
    counted = select(func.count()).select_from(_each_once(found).limit(MOST + 1).subquery()).scalar_subquery()
    total, *lengths = db.session.execute(select(counted, *looked)).one()
    return Glance(min(total, MOST), whole=total <= MOST and all(map(lt, lengths, most)))


def page(
    search: Search, after: tuple[Any, ...] | None, limit: int, *, few: bool, effort: Effort = ENOUGH
) -> list[Place]:
    """The next tasks in the search's order, after a place in it. `few` where a glance came to the end of everything."""
    parts = parts_of(search)
    read_in_order()
    short = [_narrowed(search, part, after) for part in parts if part.bounded]
    long = [part for part in parts if not part.bounded]
    if few:
        collected = [_collected(search, part, after, 2 * effort.look) for part in long]
        return _places(search.sort, [*short, *collected], limit)
    if not any(True for part in long for _ in rest(search, part, entries.c)):
        return _places(
            search.sort, [*short, *(_walked(search, part, after, limit, plain_lists(part)) for part in long)], limit
        )
    days = _days(search)
    plain = [plain_lists(part) for part in long]
    narrow = [_narrowest(search, part, days) or lists for part, lists in zip(long, plain, strict=True)]
    rounds = [(plain, effort.tried)]
    if narrow != plain:
        rounds += [(narrow, effort.tried // 10 + 1), (narrow, 2 * effort.tried)]
    for lists, tried in rounds:
        last = _last_tried(search, lists, after, tried)
        walks = [_walked(search, part, after, limit, some, last) for part, some in zip(long, lists, strict=True)]
        found = _places(search.sort, [*short, *walks], limit)
        if last is None or (len(found) == limit and found[-1].at(search.sort) <= last):
            return found
    surely = [_surely(search, part, after, limit, some, effort) for part, some in zip(long, narrow, strict=True)]
    return _places(search.sort, [*short, *surely], limit)


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


def _places(sort: Sort, selects: Sequence[Select[Any]], limit: int) -> list[Place]:
    if not selects:
        return []
    table = _each_once(selects).subquery()
    ordered = select(table).order_by(*in_order(sort, table.c)).limit(limit)
    return [Place(**row._mapping) for row in db.session.execute(ordered)]


def _each_once(selects: Sequence[Select[Any]]) -> Select[Any] | CompoundSelect[Any]:
    """The rows of all of them, none twice: a task stands in a list of each key that it waits for."""
    return union(*selects) if len(selects) > 1 else selects[0].distinct()


def _narrowed(search: Search, part: Part, after: tuple[Any, ...] | None) -> Select[Any]:
    """All of a part that cannot be long."""
    query = select(*(entries.c[name] for name in PLACED)).where(
        *reached(part, entries.c), *rest(search, part, entries.c)
    )
    return query if after is None else query.where(behind(search.sort, entries.c, after))


def _look(search: Search, part: Part, most: int, *, names: Sequence[str] = EVERYTHING) -> tuple[Select[Any], str]:
    """At most so many entries of a part that may be long, and what need not be asked of them any more."""
    sort: Sort
    if search.due_from is not None or search.due_before is not None:
        told, lists, sort = "due", plain_lists(part), "due"
    elif (kinds := kind_lists(part)) is not None:
        told, lists, sort = "kind", kinds, "opened"
    else:
        told, lists, sort = "", plain_lists(part), search.sort
    conditions = (lambda c: due(search, c)) if told == "due" else (lambda _: ())
    return listed(lists, sort, most, names=names, where=conditions).limit(most), told


def _collected(search: Search, part: Part, after: tuple[Any, ...] | None, most: int) -> Select[Any]:
    """What a look sees of a part, in no order."""
    look = _look(search, part, most)[0].subquery()
    query = select(*(look.c[name] for name in PLACED)).where(*reached(part, look.c), *rest(search, part, look.c))
    return query if after is None else query.where(behind(search.sort, look.c, after))


def _walked(
    search: Search,
    part: Part,
    after: tuple[Any, ...] | None,
    limit: int,
    lists: Lists,
    last: tuple[Any, ...] | None = None,
) -> Select[Any]:
    """The first of each list that meet everything, in order."""

    def conditions(c: Any) -> Any:
        hidden = Hidden(c)
        yield from rest(search, part, hidden)
        if search.sort == "due":  # the index that is walked can begin and end there
            yield from due(search, c)
        if after is not None:
            yield behind(search.sort, c, after)
        if last is not None:
            yield until(search.sort, c, last)

    names = (*PLACED, "key", "team_id", "free")
    found = listed(lists, search.sort, limit, names=names, where=conditions).subquery()
    return select(*(found.c[name] for name in PLACED)).where(*reached(part, found.c))


def _last_tried(
    search: Search, lists: Sequence[Lists], after: tuple[Any, ...] | None, tried: int
) -> tuple[Any, ...] | None:
    """The place up to which everything is tried; None when the lists end before."""
    sort = search.sort

    def conditions(c: Any) -> Any:
        if after is not None:
            yield behind(sort, c, after)
        if sort == "due":
            yield from due(search, c)

    ends = [listed(some, sort, 1, names=ORDERS[sort], offset=tried - 1, where=conditions).subquery() for some in lists]
    table = union_all(*(select(*in_order(sort, end.c)) for end in ends)).subquery()
    first = db.session.execute(select(table).order_by(*in_order(sort, table.c)).limit(1)).first()
    return tuple(first) if first is not None else None


def _narrowest(search: Search, part: Part, days: range | None) -> Lists | None:
    """The lists of what a part is narrowed to, if there are such lists in the order that is asked for."""
    return kind_lists(part) or day_lists(part, days) if search.sort == "opened" else None


def _surely(
    search: Search, part: Part, after: tuple[Any, ...] | None, limit: int, lists: Lists, effort: Effort
) -> Select[Any]:
    """A page of a part whose narrowings are seldom met."""
    narrowed = part.kinds is not None or search.due_from is not None or search.due_before is not None
    if narrowed and lists == plain_lists(part) and _is_collected(search, part, effort.collected):
        return _collected(search, part, after, effort.collected)
    return _walked(search, part, after, limit, lists)


def _is_collected(search: Search, part: Part, most: int) -> bool:
    """Whether what another index finds for a part is little enough to be collected."""
    look, told = _look(search, part, most, names=("tie",))
    if not told:
        return False
    return (db.session.scalar(select(func.count()).select_from(look.subquery())) or 0) < most


def _days(search: Search) -> range | None:
    """The days in which the wanted tasks are due; open ends are where there is no further task."""
    if search.due_from is None and search.due_before is None:
        return None
    ends = []
    for function in (func.min, func.max):
        both = [
            select(function(entries.c.due_at))
            .where(entries.c.key_list == list_number(ANYBODY, free=free), entries.c.due_at < NEVER)
            .scalar_subquery()
            for free in (True, False)
        ]
        ends += both
    known = db.session.execute(select(*ends)).one()
    first = [moment for moment in known[:2] if moment is not None]
    if not first:
        return range(0)
    last = [moment for moment in known[2:] if moment is not None]
    begins = max(filter(None, (search.due_from, min(first))))
    before = search.due_before - timedelta(microseconds=1) if search.due_before is not None else None
    return range(day_of(begins), day_of(min(filter(None, (before, max(last))))) + 1)
