"""The rule table as a table of truth: every permission, and everybody who stands somewhere towards a case."""

from __future__ import annotations

from dataclasses import replace

import pytest

from service.access.rules import SCOPES, Permission, Subject, may, require, why_not
from service.domain.errors import NotAllowed
from service.domain.people import Actor
from tests.access.people import EAST, MANAGERIAL, actor, post, system

WHO: dict[str, Actor] = {
    "the allocated worker": actor("worker"),
    "a colleague in the team": actor("colleague", post("social-worker", "colleague", team=EAST)),
    "the team's manager": actor("manager"),
    "another team's manager": actor("west-manager"),
    "another team's worker": actor("west-worker"),
    "the manager above": actor("service-manager"),
    "the director": actor("director"),
    "somebody above who manages nothing": actor("commissioning"),
    "a manager who did an earlier part": actor("excluded", post("team-manager", "excluded", team=EAST)),
    "somebody involved": Actor("involved", "Somebody involved"),
    "a system without a scope": system(),
    "a system with every scope": system(*SCOPES),
}

SUBJECT = Subject(
    team=EAST,
    worker_id="worker",
    involved=frozenset({"involved"}),
    candidate_keys=frozenset({"team-manager@team:east"}),
    excluded=frozenset({"excluded"}),
    override_levels=frozenset({"team-manager"}),
    managerial=MANAGERIAL,
)
"""A case of team East with a user task that waits, unclaimed, for the team's managers."""

OF_THE_TEAM = {"the allocated worker", "a colleague in the team", "the team's manager"}
ABOVE = {"the manager above", "the director"}
EXCLUDED = "a manager who did an earlier part"
SYSTEM = "a system with every scope"
READERS = OF_THE_TEAM | ABOVE | {EXCLUDED, "somebody involved", SYSTEM}

TRUTH: dict[Permission, set[str]] = {
    Permission.READ_CASE: READERS,
    Permission.READ_TASK: READERS,
    Permission.CLAIM_TASK: {"the team's manager"},
    Permission.RELEASE_TASK: set(),
    Permission.SAVE_DRAFT: {"the team's manager"},
    Permission.COMPLETE_TASK: {"the team's manager"},
    Permission.OVERRIDE_REFUSAL: {"the team's manager"},
    Permission.POST_EVENT: {SYSTEM},
    Permission.RECORD_CASE: {SYSTEM},
    Permission.READ_FEED: {SYSTEM},
    Permission.RETRY_INCIDENT: OF_THE_TEAM | ABOVE | {EXCLUDED, SYSTEM},
    Permission.SEND_BACK: {"the team's manager"},
    Permission.CANCEL_INSTANCE: ABOVE | {SYSTEM},
    Permission.SUSPEND_INSTANCE: ABOVE | {SYSTEM},
    Permission.RESUME_INSTANCE: ABOVE | {SYSTEM},
    Permission.MOVE_TIMER: ABOVE | {SYSTEM},
    Permission.READ_VARIABLES: ABOVE | {SYSTEM},
    Permission.REPAIR_VARIABLES: ABOVE | {SYSTEM},
    Permission.MIGRATE_INSTANCES: {SYSTEM},
}


@pytest.mark.parametrize("permission", Permission)
def test_who_may(permission: Permission) -> None:
    assert {who for who, person in WHO.items() if may(person, permission, SUBJECT)} == TRUTH[permission]


def test_whoever_claimed_it_may_release_it_and_nobody_else() -> None:
    claimed = replace(SUBJECT, claimed_by="manager")
    assert {who for who, person in WHO.items() if may(person, Permission.RELEASE_TASK, claimed)} == {
        "the team's manager"
    }


@pytest.mark.parametrize("permission", [Permission.CLAIM_TASK, Permission.SAVE_DRAFT, Permission.COMPLETE_TASK])
def test_what_somebody_else_has_claimed_is_theirs(permission: Permission) -> None:
    claimed = replace(SUBJECT, claimed_by="another manager")
    assert why_not(actor("manager"), permission, claimed) in (
        "somebody else has claimed it",
        "it is already claimed",
    )


def test_whoever_a_task_waits_for_may_read_the_case_it_is_about() -> None:
    waits_for_west = replace(SUBJECT, candidate_keys=frozenset({"team-manager@team:west"}))
    assert may(actor("west-manager"), Permission.READ_CASE, waits_for_west)


def test_nobody_below_the_level_allows_a_refusal_nor_the_level_of_another_place() -> None:
    subject = replace(SUBJECT, override_levels=frozenset({"service-manager"}))
    elsewhere = replace(actor("west-manager").posts[0], id="sm-west", level="service-manager", team_id=None)
    outsider = Actor("outsider", "Outsider", posts=(elsewhere,))
    assert may(actor("service-manager"), Permission.OVERRIDE_REFUSAL, subject)
    assert "level" in str(why_not(actor("manager"), Permission.OVERRIDE_REFUSAL, subject))
    assert not may(outsider, Permission.OVERRIDE_REFUSAL, subject)


def test_nobody_overrides_what_names_no_level() -> None:
    assert not may(actor("manager"), Permission.OVERRIDE_REFUSAL, replace(SUBJECT, override_levels=frozenset()))


@pytest.mark.parametrize(
    ("scope", "permission"),
    [
        ("events:write", Permission.POST_EVENT),
        ("cases:read", Permission.READ_CASE),
        ("cases:write", Permission.RECORD_CASE),
        ("feed:read", Permission.READ_FEED),
        ("incidents:write", Permission.RETRY_INCIDENT),
        ("migrations:write", Permission.MIGRATE_INSTANCES),
        ("instances:write", Permission.SUSPEND_INSTANCE),
    ],
)
def test_each_scope_opens_one_door(scope: str, permission: Permission) -> None:
    others = set(SCOPES) - {scope}
    assert may(system(scope), permission, SUBJECT)
    assert not may(system(*others), permission, SUBJECT)


def test_a_refusal_says_what_was_missing_where_most_was_there() -> None:
    with pytest.raises(NotAllowed, match="allow this in spite of the rule, because your team does not own the case"):
        require(actor("west-manager"), Permission.OVERRIDE_REFUSAL, SUBJECT)


def test_somebody_excluded_hears_that_and_not_that_they_are_a_stranger() -> None:
    excluded = WHO[EXCLUDED]
    assert "nobody signs their own work" in str(why_not(excluded, Permission.COMPLETE_TASK, SUBJECT))


def test_a_system_hears_which_scope_its_token_lacks() -> None:
    assert why_not(system("cases:read"), Permission.RETRY_INCIDENT, SUBJECT) == (
        "the token was not issued for incidents:write"
    )
