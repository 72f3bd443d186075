"""What of the queue is wanted, and what of it this actor may see. Finding it is in `store/waiting.py`.

Whoever may read a user task (`Permission.READ_TASK`) may find it. The rule table itself is asked about each team, which
are few; what it says of persons (their cases, what waits for them, what they have claimed) is reached by index.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from service.access.chart import Chart, keys_of_actor
from service.access.rules import Permission, Subject, may
from service.domain.errors import Invalid
from service.domain.people import Actor
from service.store.cases import cases_of_person
from service.store.queue import ANYBODY, key_of_level
from service.store.searches import ORDERS, Reach, Search, Seen, Sort
from service.store.texts import ways_of

ME = "me"
ANYONE = "anyone"
CLAIMED = ("mine", "nobody", "any")
MAX_TEXT = 200


@dataclass(frozen=True, slots=True)
class Wanted:
    """What narrows a queue; everything that is set must hold."""

    person: str | None = None
    """Whose queue: a person's id, ME, or ANYONE for every task that the actor may see, whomever it waits for.

    None means ME for a person; ANYONE for a system, or when a team or a level is asked for.
    """
    level: str | None = None
    """Waits for this level, in whichever place."""
    team: str | None = None
    """The id of the team that owns the case."""
    due_after: datetime | None = None
    """Due then or later."""
    due_before: datetime | None = None
    """Due earlier than this."""
    overdue: bool = False
    text: str = ""
    """Words, or their beginnings: each in the task's name, its pathway's, the case's reference or its label."""
    claimed: str | None = None
    """`mine`: by whoever's queue it is (by the actor in ANYONE's); `nobody`; `any`.

    None means what that person can go on with, `mine` and `nobody`; in ANYONE's queue it means `any`.
    """
    sort: str = "opened"
    """`opened`: what has waited longest first. `due`: without a deadline last. `priority`: the most urgent first."""


@dataclass(frozen=True, slots=True)
class _Sight:
    """What an actor sees because of where they work."""

    team_ids: tuple[str, ...]
    whole: bool
    """There is nothing they do not see."""


def search_for(actor: Actor, chart: Chart, wanted: Wanted, now: datetime) -> Search:
    """How to find what is wanted and may be seen. Raises Invalid, naming everything in it that cannot be."""
    wrong = dict(_wrong(chart, wanted))
    if wrong:
        raise Invalid(wrong, "The queue cannot be narrowed like that.")
    sight = _sight_of(actor, chart)
    search = Search(
        reaches=(),
        free={None: None, "mine": False, "nobody": True, "any": None}[wanted.claimed],
        team_id=wanted.team,
        key=key_of_level(wanted.level) if wanted.level is not None else None,
        due_from=wanted.due_after,
        due_before=_earlier(wanted.due_before, now if wanted.overdue else None),
        ways=ways_of(wanted.text),
        sort=_sort(wanted),
    )
    person = _whose(actor, wanted)
    if person is None:
        return replace(search, reaches=tuple(_in_sight(actor, sight, wanted)))
    keys = keys_of_actor(actor) if person == actor.id else chart.keys_of(person)
    return replace(
        search,
        reaches=tuple(_queue_of(person, keys, wanted)),
        free=True if wanted.claimed is None else search.free,
        seen=None if sight.whole or person == actor.id else _seen_by(actor, sight),
    )


def team_ids_seen(actor: Actor, chart: Chart) -> tuple[str, ...]:
    """The teams all of whose cases an actor may read."""
    return _sight_of(actor, chart).team_ids


def _queue_of(person: str, keys: frozenset[str], wanted: Wanted) -> Iterator[Reach]:
    if wanted.claimed != "mine":
        teams = (wanted.team,) if wanted.team is not None else None
        yield from (Reach(key=key, team_ids=teams) for key in sorted(keys))
    if wanted.claimed != "nobody":
        yield Reach(key=ANYBODY, claimed_by=person)


def _in_sight(actor: Actor, sight: _Sight, wanted: Wanted) -> Iterator[Reach]:
    if wanted.claimed == "mine":
        yield Reach(key=ANYBODY, claimed_by=actor.id)
        return
    key = key_of_level(wanted.level) if wanted.level is not None else ANYBODY
    if wanted.team is None:
        yield Reach(key=key, team_ids=None if sight.whole else sight.team_ids)
    elif sight.whole or wanted.team in sight.team_ids:
        yield Reach(key=key, team_ids=(wanted.team,))
    if not sight.whole:
        yield from _queue_of(actor.id, keys_of_actor(actor), wanted)
        yield Reach(key=ANYBODY, cases=cases_of_person(actor.id))


def _seen_by(actor: Actor, sight: _Sight) -> Seen:
    return Seen(actor.id, keys_of_actor(actor), sight.team_ids, cases_of_person(actor.id))


def _sight_of(actor: Actor, chart: Chart) -> _Sight:
    def sees(subject: Subject) -> bool:
        return may(actor, Permission.READ_TASK, subject)

    found = (team.id for team in chart.teams.values() if sees(Subject(team=team, managerial=chart.managerial)))
    team_ids = tuple(sorted(found))
    return _Sight(team_ids, whole=sees(Subject()) or len(team_ids) == len(chart.teams))


def _whose(actor: Actor, wanted: Wanted) -> str | None:
    """The id of the person whose queue is wanted; None for everything in sight."""
    if wanted.person in (ME, actor.id):
        return actor.id
    if wanted.person is not None:
        return None if wanted.person == ANYONE else wanted.person
    alone = actor.kind == "person" and wanted.level is None and wanted.team is None
    return actor.id if alone else None


def _sort(wanted: Wanted) -> Sort:
    return next(sort for sort in ORDERS if sort == wanted.sort)


def _earlier(one: datetime | None, other: datetime | None) -> datetime | None:
    return min((moment for moment in (one, other) if moment is not None), default=None)


def _wrong(chart: Chart, wanted: Wanted) -> Iterator[tuple[str, list[str]]]:
    if wanted.person not in (None, ME, ANYONE) and wanted.person not in chart.people:
        yield "person", ["Nobody is known under this id"]
    if wanted.level is not None and wanted.level not in chart.levels:
        yield "level", ["The organisation has no such level"]
    if wanted.team is not None and wanted.team not in chart.teams:
        yield "team", ["There is no such team"]
    if wanted.claimed not in (None, *CLAIMED):
        yield "claimed", [f"Choose one of {', '.join(CLAIMED)}"]
    if wanted.sort not in ORDERS:
        yield "sort", [f"Choose one of {', '.join(ORDERS)}"]
    if wanted.due_after is not None and wanted.due_before is not None and wanted.due_after >= wanted.due_before:
        yield "due_before", ["It must be later than the beginning of the time that is asked for"]
    if len(wanted.text) > MAX_TEXT:
        yield "text", [f"Text must be {MAX_TEXT} characters or fewer"]
