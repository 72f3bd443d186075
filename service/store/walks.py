"""Reading lists of the queue in order, many at once, from where one left off. Which lists to read is in `waiting.py`.

Of every list no more is read than could be shown, each from its own index, and what was read is merged: the database is
given no choice of index, as each part asks for one column, in the order of one index on it. PostgreSQL has LATERAL for
that; SQLite has none, but takes a correlated subquery for row ids.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Select,
    Tuple,
    bindparam,
    func,
    literal_column,
    select,
    text,
    true,
    tuple_,
    union_all,
)
from sqlalchemy.dialects.postgresql import ARRAY

from service.store.lists import Lists
from service.store.queue import EntryRow
from service.store.searches import ORDERS, Sort
from service.store.tables import db

entries = EntryRow.__table__
Condition = ColumnElement[bool]
PLACED = ("task_id", "opened_at", "due_at", "rank", "tie")
WRITTEN_OUT = 12
"""Lists for which SQLite is given a query each; what a search for more costs to write, it is spared otherwise."""
NOTED = "reads in order"
"""Where a session notes the transaction that reads lists in order."""
EVERYTHING = tuple(column.name for column in entries.c)


class Hidden:
    """Columns so written that no index on them is taken for a condition: the one that is meant must be."""

    def __init__(self, columns: Any) -> None:
        self.columns = columns

    def __getattr__(self, name: str) -> Any:
        column = self.columns[name]
        return column if name in ("task_id", "tie") else func.coalesce(column, column, type_=column.type)


def listed(
    lists: Lists,
    sort: Sort,
    limit: int,
    *,
    names: Sequence[str] = PLACED,
    offset: int = 0,
    where: Callable[[Any], Iterable[Condition]] = lambda _: (),
) -> Select[Any]:
    """Of each list, in order, the first `limit` entries for which all of `where` holds: their columns `names`. `offset`
    leaves out the first.
    """
    if db.engine.dialect.name == "postgresql":
        numbers = func.unnest(bindparam(None, list(lists.numbers), type_=ARRAY(BigInteger)))
        number = numbers.table_valued("number", name="lists").render_derived()
        inner = select(*(entries.c[name] for name in names)).where(
            entries.c[lists.column] == number.c.number, *where(entries.c)
        )
        each = inner.order_by(*in_order(sort, entries.c)).limit(limit).offset(offset).lateral("each")
        return select(*each.c).select_from(number.join(each, true()))
    if 0 < len(lists.numbers) <= WRITTEN_OUT:
        return _written_out(lists, sort, limit, names, offset, where)
    number = func.json_each(json.dumps(lists.numbers)).table_valued("value", name="lists")
    sought, found = entries.alias("sought"), entries.alias("found")
    rows: Select[Any] = (
        select(literal_column("sought.rowid"))
        .select_from(sought)
        .where(sought.c[lists.column] == number.c.value, *where(sought.c))
        .order_by(*in_order(sort, sought.c))
        .limit(limit)
        .offset(offset)
        .correlate(number)
    )
    # What is looked for follows from the number, so SQLite cannot but take the numbers first.
    both = select(*(found.c[name] for name in names))
    return both.select_from(number.join(found, literal_column("found.rowid").in_(rows)))


def _written_out(
    lists: Lists,
    sort: Sort,
    limit: int,
    names: Sequence[str],
    offset: int,
    where: Callable[[Any], Iterable[Condition]],
) -> Select[Any]:
    """The same for few lists, a query for each: where no more than its index is asked for, no more is read."""
    each = []
    for number in lists.numbers:
        known = entries.alias()
        query = select(*(known.c[name] for name in names)).where(known.c[lists.column] == number, *where(known.c))
        some = query.order_by(*in_order(sort, known.c)).limit(limit).offset(offset).subquery()
        each.append(select(some))
    together = union_all(*each).subquery() if len(each) > 1 else each[0].subquery()
    return select(together)


def read_in_order() -> None:
    """Until the transaction ends, PostgreSQL takes no bitmap of an index: that is all of a list, which is then sorted.

    What it knows of lists is how long one is on average, and the long ones are those that are read.
    """
    noted = db.session.info.get(NOTED)
    if db.engine.dialect.name == "postgresql" and noted is not db.session().get_transaction():
        db.session.execute(text("SET LOCAL enable_bitmapscan = off"))
        db.session.info[NOTED] = db.session().get_transaction()


def values_in(values: Iterable[str]) -> Select[Any]:
    """Texts as rows of one column: as one parameter, however many."""
    known = sorted(values)
    if db.engine.dialect.name == "postgresql":
        given = func.unnest(bindparam(None, known, type_=ARRAY(entries.c.key.type)))
        return select(given.table_valued("value", name="given").render_derived().c.value)
    return select(func.json_each(json.dumps(known)).table_valued("value", name="given").c.value)


def in_order(sort: Sort, c: Any) -> list[Any]:
    """The columns of an order."""
    return [c[name] for name in ORDERS[sort]]


def behind(sort: Sort, c: Any, after: tuple[Any, ...]) -> Condition:
    """What comes after a place in an order."""
    return tuple_(*in_order(sort, c)) > _place(sort, c, after)


def until(sort: Sort, c: Any, last: tuple[Any, ...]) -> Condition:
    """What comes no later than a place in an order."""
    return tuple_(*in_order(sort, c)) <= _place(sort, c, last)


def _place(sort: Sort, c: Any, place: tuple[Any, ...]) -> Tuple:
    columns = in_order(sort, c)
    return tuple_(*(bindparam(None, value, type_=column.type) for column, value in zip(columns, place, strict=True)))
