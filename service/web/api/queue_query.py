"""What `GET /user-tasks` reads: which tasks, of whom, in which order. What they mean is in `operations/wanted.py`."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from datetime import date, datetime, time
from typing import Any

from marshmallow import fields, validate

from service.operations.queue import MAX_PAGE
from service.operations.wanted import ANYONE, CLAIMED, MAX_TEXT, ME, Wanted
from service.operations.words import LOCAL
from service.store.searches import ORDERS
from service.web.api.parts import Described
from service.web.api.requests import count_of

MESSAGES: dict[str, str | list[Any] | dict[Any, Any]] = {
    "invalid": "Send a day, such as 2027-01-04, or a moment with its offset, such as 2027-01-04T09:30:00Z."
}


class DayOrMoment(fields.AwareDateTime):
    """A day, which is its beginning where the children live; or a moment with its offset."""

    default_error_messages = MESSAGES

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> datetime:
        if isinstance(value, str) and len(value) == len("2027-01-04"):
            with suppress(ValueError):
                return datetime.combine(date.fromisoformat(value), time.min, LOCAL)
        return super()._deserialize(value, attr, data, **kwargs)


def _id(description: str) -> fields.String:
    return fields.String(validate=validate.Length(min=1, max=80), metadata={"description": description})


def _moment(description: str) -> DayOrMoment:
    return DayOrMoment(metadata={"type": "string", "description": description})


class QueueQuery(Described):
    """Which tasks, in which order, and which page of them. Everything that is sent must hold."""

    person = _id(
        f"Whose queue: what this person has claimed, and what they could claim. A person's id; `{ME}`; or `{ANYONE}`, "
        f"for every task that you may see, whomever it waits for. Left out: `{ME}` for a person; `{ANYONE}` for a "
        "system, or where `team` or `level` is sent. Nobody finds what they may not read."
    )
    level = _id("Tasks that wait for this level of the organisation, in whichever place.")
    team = _id("Tasks about cases that this team owns.")
    due_after = _moment("Tasks due at this moment, or from the beginning of this day, or later.")
    due_before = _moment("Tasks due before this moment, or before this day begins.")
    overdue = fields.Boolean(load_default=False, metadata={"description": "Only tasks whose deadline has passed."})
    text = fields.String(
        load_default="",
        validate=validate.Length(max=MAX_TEXT),
        metadata={
            "description": "Words, or how they begin: each in the task's name, its pathway's, the case's reference "
            "or its label."
        },
    )
    claimed = fields.String(
        validate=validate.OneOf(CLAIMED),
        metadata={
            "description": "By whom: `mine` is whoever's queue it is; `nobody`; `any`. Left out: what that person can "
            f"go on with, so not what others have claimed; in `{ANYONE}`'s queue it makes no difference."
        },
    )
    sort = fields.String(
        load_default="opened",
        validate=validate.OneOf(list(ORDERS)),
        metadata={"description": "What has waited longest first; by deadline, none last; the most urgent first."},
    )
    after = fields.String(
        validate=validate.Length(min=1, max=200),
        metadata={
            "description": "The `next_after` of the page before, with the same `sort`; left out for the first page. "
            "It stays good while tasks come and go: none is shown twice, and none that stays is left out."
        },
    )
    limit = count_of(50, most=MAX_PAGE, what="user tasks")


def wanted_of(query: Mapping[str, Any]) -> Wanted:
    """What narrows the queue, of what was read."""
    return Wanted(**{name: value for name, value in query.items() if name not in ("after", "limit")})
