"""What a typed text can mean in the queue as it is: kinds of task, cases, words that many cases have. No page of it."""

from __future__ import annotations

from sqlalchemy import func, select

from service.store.queue import EntryRow
from service.store.searches import Way
from service.store.tables import db
from service.store.words import at_most_with, begins_with, cases_with, words_asked

MOST_WORDS = 6
"""Words of a text that are looked for; what follows is more than anybody types to find a task."""
MOST_CASES = 1_500
"""A word that no more cases have names them."""
MOST_GATHERED = 10_000
"""A word that no more cases have is worth gathering them; of what more have, every page has some soon."""


def ways_of(text: str, named: int = MOST_CASES, gathered: int = MOST_GATHERED) -> tuple[Way, ...] | None:
    """Every way in which a task has all the words, each in its kind or in its case. None when that is no matter:
    there is no word, or every kind of task has them all. Words are named, gathered or asked of each case in turn,
    depending on how many cases have them.
    """
    words = words_asked(text)[:MOST_WORDS]
    if not words:
        return None
    cases = {word: cases_with(word, named) for word in words}
    many = frozenset(word for word in words if cases[word] is None and not at_most_with(word, gathered))
    kinds: dict[tuple[str, ...], list[str]] = {words: []}
    every = kinds_waiting()
    for kind in every:
        kinds.setdefault(tuple(word for word in words if not begins_with(kind, word)), []).append(kind)
    if len(kinds.get((), ())) == len(every) > 0:
        return None
    ways = (_way(missing, tuple(some) if missing != words else None, cases, many) for missing, some in kinds.items())
    return tuple(way for way in ways if way.cases is None or way.cases)


def kinds_waiting() -> list[str]:
    """Every kind of which a task is open: one step down the index for each, however many tasks there are."""
    first = select(func.min(EntryRow.kind).label("kind")).cte("kinds", recursive=True)
    following = select(func.min(EntryRow.kind)).where(EntryRow.kind > first.c.kind).scalar_subquery()
    every = first.union_all(select(following).where(first.c.kind.is_not(None)))
    return list(db.session.scalars(select(every.c.kind).where(every.c.kind.is_not(None))))


def _way(
    missing: tuple[str, ...],
    kinds: tuple[str, ...] | None,
    cases: dict[str, frozenset[str] | None],
    many: frozenset[str],
) -> Way:
    """Tasks of these kinds whose case has the words that the kinds do not have."""
    named = [known for word in missing if (known := cases[word]) is not None]
    return Way(
        kinds=kinds,
        cases=frozenset.intersection(*named) if named else None,
        gathered=tuple(word for word in missing if cases[word] is None and word not in many),
        words=tuple(word for word in missing if word in many),
    )
