"""Who may do what, as a table that reads aloud. When it may be done is not here but on the diagram and in the guards.

Each permission has alternatives; one whole alternative must hold. Each phrase says, when it fails, why.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum

from service.access.chart import keys_of_actor
from service.domain.errors import NotAllowed
from service.domain.people import Actor, Team


class Permission(Enum):
    """Everything that is asked before it is done, in the words a refusal uses."""

    READ_CASE = "read this case"
    READ_TASK = "read this user task"
    CLAIM_TASK = "claim this user task"
    RELEASE_TASK = "release this user task"
    SAVE_DRAFT = "save answers for this user task"
    COMPLETE_TASK = "complete this user task"
    OVERRIDE_REFUSAL = "allow this in spite of the rule"
    POST_EVENT = "post case events"
    RECORD_CASE = "record case facts"
    READ_FEED = "read the feed of outgoing events"
    RETRY_INCIDENT = "retry this"
    SEND_BACK = "send this user task back"
    CANCEL_INSTANCE = "cancel this pathway"
    SUSPEND_INSTANCE = "suspend this pathway"
    RESUME_INSTANCE = "resume this pathway"
    MOVE_TIMER = "move a timer of this pathway"
    READ_VARIABLES = "read the variables of this pathway"
    REPAIR_VARIABLES = "repair the variables of this pathway"
    MIGRATE_INSTANCES = "move pathways to another release"


@dataclass(frozen=True, slots=True)
class Subject:
    """What a permission is asked about; each permission uses the parts it needs."""

    team: Team | None = None
    """The team that owns the case."""
    worker_id: str | None = None
    """The allocated worker."""
    involved: frozenset[str] = frozenset()
    """People with an open involvement in the case."""
    candidate_keys: frozenset[str] = frozenset()
    claimed_by: str | None = None
    claimed_by_name: str = ""
    excluded: frozenset[str] = frozenset()
    """People who may not do this because of what they did before (requirements §4.3)."""
    override_levels: frozenset[str] = frozenset()
    """The levels that may allow the refusal in question: the one it names and those above it (requirements §4.2)."""
    managerial: frozenset[str] = frozenset()
    """The levels that manage. A post above a team that manages nothing sees no case through it."""


@dataclass(frozen=True, slots=True)
class Phrase:
    """One condition and, for when it fails, the reason in words."""

    holds: Callable[[Actor, Subject], bool]
    because: str


def _is_above(actor: Actor, subject: Subject) -> bool:
    team = subject.team
    return team is not None and any(
        post.team_id is None
        and post.level in subject.managerial
        and (post.area is None or post.area == team.area)
        and (post.service is None or post.service == team.service)
        for post in actor.posts
    )


def _token_allows(scope: str) -> Phrase:
    return Phrase(
        lambda actor, _: scope in actor.scopes or "*" in actor.scopes,
        f"the token was not issued for {scope}",
    )


waits_for_them = Phrase(
    lambda actor, subject: bool(keys_of_actor(actor) & subject.candidate_keys),
    "it is not waiting for you or for a post you hold",
)
nobody_else_has_it = Phrase(
    lambda actor, subject: subject.claimed_by in (None, actor.id),
    "somebody else has claimed it",
)
nobody_has_it = Phrase(lambda _, subject: subject.claimed_by is None, "it is already claimed")
they_have_it = Phrase(lambda actor, subject: subject.claimed_by == actor.id, "you have not claimed it")
did_no_earlier_part = Phrase(
    lambda actor, subject: actor.id not in subject.excluded,
    "you did an earlier part of it, and nobody signs their own work",
)
works_in_owning_team = Phrase(
    lambda actor, subject: subject.team is not None and any(post.team_id == subject.team.id for post in actor.posts),
    "your team does not own the case",
)
is_above_owning_team = Phrase(_is_above, "you are not above the team that owns the case")
is_allocated_worker = Phrase(lambda actor, subject: actor.id == subject.worker_id, "you are not the allocated worker")
is_involved = Phrase(lambda actor, subject: actor.id in subject.involved, "you are not involved in the case")
holds_the_override_level = Phrase(
    lambda actor, subject: bool(subject.override_levels & actor.levels),
    "you do not hold the level that may allow it",
)

Alternatives = tuple[tuple[Phrase, ...], ...]

_READ_CASE: Alternatives = (
    (_token_allows("cases:read"),),
    (is_allocated_worker,),
    (is_involved,),
    (is_above_owning_team,),
    (works_in_owning_team,),
    (waits_for_them,),
)

_STEER: Alternatives = ((_token_allows("instances:write"),), (is_above_owning_team,))
"""Whoever answers for the team's work, never the team itself: stopping a pathway stops a protection of a child."""

RULES: Mapping[Permission, Alternatives] = {
    Permission.READ_CASE: _READ_CASE,
    Permission.READ_TASK: (*_READ_CASE, (they_have_it,)),
    Permission.CLAIM_TASK: ((did_no_earlier_part, nobody_has_it, waits_for_them),),
    Permission.RELEASE_TASK: ((they_have_it,),),
    Permission.SAVE_DRAFT: ((did_no_earlier_part, nobody_else_has_it, waits_for_them),),
    Permission.COMPLETE_TASK: ((did_no_earlier_part, nobody_else_has_it, waits_for_them),),
    Permission.OVERRIDE_REFUSAL: (
        (holds_the_override_level, did_no_earlier_part, is_above_owning_team),
        (holds_the_override_level, did_no_earlier_part, works_in_owning_team),
    ),
    Permission.POST_EVENT: ((_token_allows("events:write"),),),
    Permission.RECORD_CASE: ((_token_allows("cases:write"),),),
    Permission.READ_FEED: ((_token_allows("feed:read"),),),
    Permission.RETRY_INCIDENT: (
        (_token_allows("incidents:write"),),
        (is_above_owning_team,),
        (works_in_owning_team,),
    ),
    Permission.SEND_BACK: ((did_no_earlier_part, nobody_else_has_it, waits_for_them),),
    Permission.CANCEL_INSTANCE: _STEER,
    Permission.SUSPEND_INSTANCE: _STEER,
    Permission.RESUME_INSTANCE: _STEER,
    Permission.MOVE_TIMER: _STEER,
    Permission.READ_VARIABLES: _STEER,
    Permission.REPAIR_VARIABLES: _STEER,
    Permission.MIGRATE_INSTANCES: ((_token_allows("migrations:write"),),),
}
"""The table. Read it aloud in review."""

SCOPES: tuple[str, ...] = (
    "events:write",
    "cases:read",
    "cases:write",
    "feed:read",
    "incidents:write",
    "instances:write",
    "migrations:write",
)
"""What a bearer token can be issued for."""


def why_not(actor: Actor, permission: Permission, subject: Subject) -> str | None:
    """Why this actor may not, in words; None when they may. Answers with the alternative that came nearest."""
    nearest: tuple[int, str] | None = None
    for alternative in RULES[permission]:
        failed = [phrase.because for phrase in alternative if not phrase.holds(actor, subject)]
        if not failed:
            return None
        held = len(alternative) - len(failed)
        # Of equals, a system hears of its token, which stands first; a person of what stands last, which is about them.
        if nearest is None or held > nearest[0] or (held == nearest[0] and actor.kind == "person"):
            nearest = (held, failed[0])
    return nearest[1] if nearest else "no rule allows it"


def may(actor: Actor, permission: Permission, subject: Subject) -> bool:
    """Whether this actor may."""
    return why_not(actor, permission, subject) is None


def require(actor: Actor, permission: Permission, subject: Subject) -> None:
    """Go on only if this actor may. Raises NotAllowed with the reason."""
    because = why_not(actor, permission, subject)
    if because is not None:
        raise NotAllowed(permission.value, because)
