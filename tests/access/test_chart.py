"""Whom a candidate group means: each scope, the line, who is passed over upwards, and when there is nobody at all."""

from __future__ import annotations

from dataclasses import replace

import pytest

from service.access.chart import Candidate, Chart, candidate_for_group, candidate_for_person, keys_of_actor
from service.domain.errors import ModelError
from service.domain.people import TOWPATH, Post
from tests.access.people import EAST, LINE, WEST, actor, chart, post

NOBODY: frozenset[str] = frozenset()


@pytest.mark.parametrize(
    ("group", "key", "words"),
    [
        ("team-manager@owning-team", "team-manager@team:east", "Team manager for Team East"),
        ("service-manager@area", "service-manager@area:East", "Service manager for area East"),
        ("head-of-service@service", "head-of-service@service:Children in Need", "for service Children in Need"),
        ("director@county", "director@county", "Director for the county"),
    ],
)
def test_a_level_has_a_place(group: str, key: str, words: str) -> None:
    found = asked(group)
    assert found.key == key
    assert words in found.words


def test_a_key_is_held_by_whoever_holds_the_post_now() -> None:
    assert chart().holders("team-manager@team:east") == {"manager"}
    assert chart(vacant("team-manager-east")).holders("team-manager@team:east") == NOBODY
    assert chart().holders("person:worker") == {"worker"}
    assert chart().holders("person:somebody who left") == NOBODY


def test_a_person_holds_the_keys_of_every_post() -> None:
    acting = post("service-manager", "manager", place=EAST)
    keys = keys_of_actor(actor("manager", acting))
    assert {"person:manager", "post:team-manager-east", "team-manager@team:east"} <= keys
    assert {"post:service-manager-east", "service-manager@area:East"} <= keys
    assert "team-manager@team:west" not in keys


def test_a_line_manager_is_the_post_above() -> None:
    assert asked("line-manager@worker") == Candidate(
        "post:team-manager-east", "Team manager, Team East: line manager of Person worker"
    )


def test_a_vacant_post_in_the_line_is_passed_over() -> None:
    assert asked("line-manager@worker", chart(vacant("team-manager-east"))).key == "post:service-manager-east"


def test_an_excluded_line_manager_is_passed_over_upwards() -> None:
    """SOD-10."""
    assert asked("line-manager@worker", excluded={"manager", "service-manager"}).key == "post:head-of-service"


def test_whoever_acts_up_is_not_their_own_line_manager() -> None:
    acting = replace(named("service-manager-east"), id="acting", holder_id="manager")
    own = replace(named("team-manager-east"), line_manager_post_id="acting")
    assert asked("line-manager@manager", chart(acting, own)).key == "post:head-of-service"


def test_a_level_nobody_may_fill_goes_up_with_the_reason() -> None:
    """SOD-10: up one level, never waived."""
    found = asked("team-manager@owning-team", excluded={"manager"})
    assert found.key == "post:service-manager-east"
    assert "instead of the Team manager for Team East" in found.words
    assert asked("team-manager@owning-team", chart(vacant("team-manager-east"))) == found


def test_one_of_two_holders_left_is_enough() -> None:
    second = replace(named("team-manager-east"), id="second", holder_id="second")
    assert asked("team-manager@owning-team", chart(second), {"manager"}).key == "team-manager@team:east"


def test_a_line_that_bites_its_tail_ends() -> None:
    round_and_round = replace(named("service-manager-east"), holder_id=None, line_manager_post_id="team-manager-east")
    with pytest.raises(ModelError, match="nobody above Person worker may act"):
        asked("line-manager@worker", chart(round_and_round), {"manager"})


@pytest.mark.parametrize(
    ("group", "words"),
    [
        ("team-manager", "must be written level@scope"),
        ("captain@county", "names a level that the organisation does not have"),
        ("team-manager@street", "names a scope that is none of owning-team, area, service, county"),
        ("line-manager@nobody", "nobody above nobody may act"),
        ("line-manager@director", "nobody above Person director may act"),
    ],
)
def test_what_nobody_could_mean_is_a_mistake_of_the_rule_book(group: str, words: str) -> None:
    with pytest.raises(ModelError, match=words):
        asked(group)


def test_when_nobody_is_left_up_to_the_top_it_is_not_waived() -> None:
    everybody = {each.holder_id for each in LINE if each.holder_id}
    with pytest.raises(ModelError, match="nobody may act as Team manager for Team East, nor anybody above"):
        asked("team-manager@owning-team", excluded=everybody)


def test_a_level_that_this_team_does_not_have_goes_nowhere() -> None:
    with pytest.raises(ModelError, match="nobody may act as Service manager for area West"):
        candidate_for_group("service-manager@area", WEST, chart(), NOBODY)


def test_a_named_person_must_be_somebody() -> None:
    assert candidate_for_person("worker", chart()).key == "person:worker"
    with pytest.raises(ModelError, match="does not know"):
        candidate_for_person("nobody", chart())


def test_names_of_people_of_those_who_left_and_of_the_service_itself() -> None:
    assert [chart().name_of(each) for each in ("worker", "left", TOWPATH.id)] == ["Person worker", "left", "Towpath"]


def asked(group: str, where: Chart | None = None, excluded: set[str] | frozenset[str] = NOBODY) -> Candidate:
    """Whom the group means for a case of team East."""
    return candidate_for_group(group, EAST, where or chart(), excluded)


def named(post_id: str) -> Post:
    """A post of the organisation."""
    return chart().posts[post_id]


def vacant(post_id: str) -> Post:
    """The same post with nobody in it."""
    return replace(named(post_id), holder_id=None)
