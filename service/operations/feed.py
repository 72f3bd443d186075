"""Reading the outbox as a feed. Writing to it is in `advancing.py`; pushing it to subscribers is not here."""

from __future__ import annotations

from service.access.rules import Permission, Subject, require
from service.domain.errors import Invalid
from service.domain.people import Actor
from service.operations.environment import Environment
from service.operations.transaction import reading
from service.operations.views import FeedEntry
from service.store.events import outbox_after

MAX_PAGE = 500


@reading
def read_feed(env: Environment, actor: Actor, *, after: int = 0, limit: int = 100) -> tuple[FeedEntry, ...]:
    """Committed outgoing events after a cursor, in order. Raises NotAllowed, Invalid."""
    require(actor, Permission.READ_FEED, Subject())
    if not 1 <= limit <= MAX_PAGE:
        raise Invalid({"limit": [f"Ask for 1 to {MAX_PAGE} at a time"]})
    if after < 0:
        raise Invalid({"after": ["A cursor is 0 or more"]})
    return tuple(
        FeedEntry(
            sequence=row.sequence, id=row.id, type=row.type, case_reference=row.case_reference, at=row.at, data=row.data
        )
        for row in outbox_after(after, limit)
    )
