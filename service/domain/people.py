"""Who acts, and what they hold. Who may do what is not here but in `access/`."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal


@dataclass(frozen=True, slots=True)
class Post:
    """A post in the organisation: a level of authority in one place, held by at most one person."""

    id: str
    title: str
    level: str
    """A level id of the rule book's `organisation.json`, such as `team-manager`."""
    team_id: str | None = None
    area: str | None = None
    service: str | None = None
    line_manager_post_id: str | None = None
    holder_id: str | None = None


@dataclass(frozen=True, slots=True)
class Team:
    """A team that can own a case."""

    id: str
    name: str
    kind: str
    area: str | None = None
    service: str | None = None


@dataclass(frozen=True, slots=True)
class Actor:
    """Whoever asks for an operation: a person in their posts, another system, or Towpath itself.

    `id` is what the history keeps; `name` is what a page shows.
    """

    id: str
    name: str
    kind: Literal["person", "system"] = "person"
    posts: tuple[Post, ...] = ()
    scopes: frozenset[str] = field(default_factory=frozenset)
    """What a bearer token was issued for, such as `events:write`. Empty for people at the desk."""

    @property
    def levels(self) -> frozenset[str]:
        """Every level held through any post."""
        return frozenset(post.level for post in self.posts)


TOWPATH = Actor(id="towpath", name="Towpath", kind="system", scopes=frozenset({"*"}))
"""The service itself: timers, jobs and deliveries act under this name."""
