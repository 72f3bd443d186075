"""Reading the outbox as a feed. Writing to it is in `advancing.py`; pushing it to subscribers is not here."""

from __future__ import annotations

from service.access.rules import Permission, Subject, require
from service.domain.errors import Invalid
from service.domain.people import Actor
from service.operations.claiming import number_feed
from service.operations.environment import Environment
from service.operations.transaction import reading
from service.operations.views import FeedEntry
from service.store.events import has_unnumbered, outbox_after

MAX_PAGE = 500


def read_feed(env: Environment, actor: Actor, *, after: int = 0, limit: int = 100) -> tuple[FeedEntry, ...]:
    """Committed outgoing events after a cursor, in order. Raises NotAllowed, Invalid.

    An event that is committed later than this answer is never before the last one in it.
    """
    require(actor, Permission.READ_FEED, Subject())
    if not 1 <= limit <= MAX_PAGE:
        raise Invalid({"limit": [f"Ask for 1 to {MAX_PAGE} at a time"]})
    if after < 0:
        raise Invalid({"after": ["A cursor is 0 or more"]})
    if _waits_for_numbers(env):
        number_feed(env, actor)
    return _read(env, after, limit)


@reading
def _waits_for_numbers(env: Environment) -> bool:
    return has_unnumbered()


@reading
def _read(env: Environment, after: int, limit: int) -> tuple[FeedEntry, ...]:
    return tuple(
        FeedEntry(
            sequence=row.position or 0,
            id=row.id,
            type=row.type,
            case_reference=row.case_reference,
            at=row.at,
            data=row.data,
        )
        for row in outbox_after(after, limit)
    )
