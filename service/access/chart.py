"""The organisation as one value, and whom a candidate group on a diagram means in it. Rows and queries are not here."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass, field

from service.domain.errors import ModelError
from service.domain.people import TOWPATH, Actor, Post, Team

LINE_MANAGER = "line-manager"
"""Not a level but a relation: `line-manager@<person id>` is whoever that person's post answers to."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """One key that a user task waits for, and why whoever holds it is asked."""

    key: str
    words: str


@dataclass(frozen=True, slots=True)
class Chart:
    """Teams, posts and people as they are now."""

    teams: Mapping[str, Team]
    posts: Mapping[str, Post]
    people: Mapping[str, str]
    levels: Mapping[str, str]
    """Level id to its name, from the rule book's organisation."""
    managerial: frozenset[str] = frozenset()
    """The levels that manage, from the rule book's organisation."""
    ranks: Mapping[str, int] = field(default_factory=dict)
    """Level id to its rank; the higher decides more."""

    def levels_from(self, level: str | None) -> frozenset[str]:
        """This level and every managing level above it: authority substitutes upwards, never downwards."""
        if level is None or level not in self.ranks:
            return frozenset()
        above = {other for other, rank in self.ranks.items() if rank > self.ranks[level] and other in self.managerial}
        return frozenset(above | {level})

    def posts_of(self, person_id: str) -> tuple[Post, ...]:
        """The posts a person holds."""
        return tuple(post for post in self.posts.values() if post.holder_id == person_id)

    def name_of(self, person_id: str) -> str:
        """A person's name, or their id when they have left; Towpath's own when it acted by itself."""
        return TOWPATH.name if person_id == TOWPATH.id else self.people.get(person_id, person_id)

    def holders(self, key: str) -> frozenset[str]:
        """Everybody who holds a candidate key now."""
        if key.startswith("person:"):
            return frozenset({key.removeprefix("person:")}) & self.people.keys()
        return frozenset(p.holder_id for p in self.posts.values() if p.holder_id is not None and key in keys_of_post(p))

    def level_of(self, key: str) -> str:
        """The level that a candidate key asks for; "" for a person's."""
        if key.startswith("post:"):
            post = self.posts.get(key.removeprefix("post:"))
            return post.level if post is not None else ""
        level, separator, _ = key.partition("@")
        return level if separator else ""

    def keys_of(self, person_id: str) -> frozenset[str]:
        """Every candidate key that a person holds, by themselves and through their posts."""
        held = (keys_of_post(post) for post in self.posts_of(person_id))
        return frozenset({f"person:{person_id}"}).union(*held)

    def line_above(self, post: Post) -> Iterator[Post]:
        """The posts above a post, nearest first. Ends where the line ends or bites its own tail."""
        seen = {post.id}
        next_id = post.line_manager_post_id
        while next_id is not None and next_id in self.posts and next_id not in seen:
            seen.add(next_id)
            yield self.posts[next_id]
            next_id = self.posts[next_id].line_manager_post_id


def keys_of_post(post: Post) -> frozenset[str]:
    """Every candidate key that holding this post gives."""
    keys = {f"post:{post.id}", f"{post.level}@county"}
    if post.team_id:
        keys.add(f"{post.level}@team:{post.team_id}")
    if post.area:
        keys.add(f"{post.level}@area:{post.area}")
    if post.service:
        keys.add(f"{post.level}@service:{post.service}")
    return frozenset(keys)


def keys_of_actor(actor: Actor) -> frozenset[str]:
    """Every candidate key an actor holds, as a person and through their posts."""
    keys = {f"person:{actor.id}"}
    for post in actor.posts:
        keys |= keys_of_post(post)
    return frozenset(keys)


def candidate_for_person(person_id: str, chart: Chart) -> Candidate:
    """The candidate that is one named person. Raises ModelError when nobody is known under that id."""
    if person_id not in chart.people:
        raise ModelError(f"a user task is assigned to {person_id!r}, whom the organisation does not know")
    return Candidate(f"person:{person_id}", f"{chart.name_of(person_id)} is named for it")


def candidate_for_group(group: str, team: Team, chart: Chart, excluded: Set[str]) -> Candidate:
    """The candidate that `<level>@<scope>` means for a case that `team` owns.

    Scopes are owning-team, area, service and county, or a person's id after `line-manager@`. A post that is vacant, or
    whose holder may not act, is passed over upwards (SOD-10). Raises ModelError when the group is unknown or nobody
    could ever act.
    """
    level, separator, scope = group.partition("@")
    if not separator:
        raise ModelError(f"candidate group {group!r} must be written level@scope")
    if level == LINE_MANAGER:
        return _line_manager(scope, chart, excluded)
    if level not in chart.levels:
        raise ModelError(f"candidate group {group!r} names a level that the organisation does not have")
    places = {
        "owning-team": (f"{level}@team:{team.id}", team.name),
        "area": (f"{level}@area:{team.area}", f"area {team.area}"),
        "service": (f"{level}@service:{team.service}", f"service {team.service}"),
        "county": (f"{level}@county", "the county"),
    }
    if scope not in places:
        raise ModelError(f"candidate group {group!r} names a scope that is none of {', '.join(places)}")
    key, place = places[scope]
    asked = f"{chart.levels[level]} for {place}"
    if chart.holders(key) - excluded:
        return Candidate(key, asked)
    for post in chart.posts.values():
        if key in keys_of_post(post) and (above := _first_above(post, chart, excluded)) is not None:
            return Candidate(f"post:{above.id}", f"{above.title}: instead of the {asked}, where nobody may act")
    raise ModelError(f"nobody may act as {asked}, nor anybody above")


def _line_manager(person_id: str, chart: Chart, excluded: Set[str]) -> Candidate:
    # Somebody who acts up into the post above their own is not their own line manager.
    passed_over = excluded | {person_id}
    for held in chart.posts_of(person_id)[:1]:
        above = _first_above(held, chart, passed_over)
        if above is not None:
            return Candidate(f"post:{above.id}", f"{above.title}: line manager of {chart.name_of(person_id)}")
    raise ModelError(f"nobody above {chart.name_of(person_id)} may act: every line manager is missing or excluded")


def _first_above(post: Post, chart: Chart, passed_over: Set[str]) -> Post | None:
    """The nearest post above whose holder may act."""
    return next((above for above in chart.line_above(post) if above.holder_id not in {None, *passed_over}), None)
