"""What a typed text can mean in the queue as it is: kinds of task, cases, words that many cases have. No page of it."""

from __future__ import annotations

from sqlalchemy import func, select

from service.store.queue import EntryRow
from service.store.searches import Way
from service.store.tables import db
from service.store.words import begins_with, cases_with, words_asked

MOST_WORDS = 6
"""Words of a text that are looked for; what follows is more than anybody types to find a task."""
MOST_CASES = 300
"""A word that no more cases have names them; one that more have is asked of each task in turn."""


def ways_of(text: str) -> tuple[Way, ...] | None:
    """Every way in which a task has all the words, each in its kind or in its case. None when that is no matter:
    there is no word, or every kind of task has them all.
    """
    words = words_asked(text)[:MOST_WORDS]
    if not words:
        return None
    cases = {word: cases_with(word, MOST_CASES) for word in words}
    kinds: dict[tuple[str, ...], list[str]] = {words: []}
    every = kinds_waiting()
    for kind in every:
        kinds.setdefault(tuple(word for word in words if not begins_with(kind, word)), []).append(kind)
    if len(kinds.get((), ())) == len(every) > 0:
        return None
    ways = (_way(missing, tuple(some) if missing != words else None, cases) for missing, some in kinds.items())
    return tuple(way for way in ways if way.cases is None or way.cases)


def kinds_waiting() -> list[str]:
    """Every kind of which a task is open: one step down the index for each, however many tasks there are."""
    first = select(func.min(EntryRow.kind).label("kind")).cte("kinds", recursive=True)
    following = select(func.min(EntryRow.kind)).where(EntryRow.kind > first.c.kind).scalar_subquery()
    every = first.union_all(select(following).where(first.c.kind.is_not(None)))
    return list(db.session.scalars(select(every.c.kind).where(every.c.kind.is_not(None))))


def _way(missing: tuple[str, ...], kinds: tuple[str, ...] | None, cases: dict[str, frozenset[str] | None]) -> Way:
    """Tasks of these kinds whose case has the words that the kinds do not have."""
    named = [known for word in missing if (known := cases[word]) is not None]
    many = tuple(word for word in missing if cases[word] is None)
    return Way(kinds=kinds, cases=frozenset.intersection(*named) if named else None, words=many)
