"""Who somebody is: people by their posts, other systems by their bearer tokens. What they may do is in `access/`."""

from __future__ import annotations

import uuid

from sqlalchemy.exc import SQLAlchemyError

from service.access.identity import new_token, token_digest
from service.access.rules import SCOPES
from service.domain.errors import Invalid, NotAuthenticated, NotFound, ServiceError
from service.domain.people import Actor, Post
from service.operations.context import current_release
from service.operations.environment import Environment
from service.operations.transaction import operation, reading, recognising
from service.operations.views import AuthorityView, PostHolder
from service.store.organisation import all_people, all_posts, all_teams, find_authority, find_person
from service.store.releases import newest_release
from service.store.surroundings import surroundings
from service.store.tables import db
from service.store.tokens import TokenRow, find_token


class NotReady(ServiceError):
    """The database is missing or empty. Run: towpath db upgrade, then towpath demo or towpath rulebook publish."""


@reading
def read_authority(env: Environment) -> AuthorityView:
    """The authority this installation serves; nameless before one was loaded."""
    row = find_authority()
    return AuthorityView(name=row.name, demo=row.demo) if row else AuthorityView(name="", demo=False)


@reading
def list_post_holders(env: Environment) -> tuple[PostHolder, ...]:
    """Everybody who holds a post, by team and then by rank, the most senior first."""
    levels = current_release(env).rulebook.organisation.levels
    teams, people = all_teams(), all_people()
    holders = []
    for post in all_posts().values():
        if post.holder_id is None:
            continue
        team = teams.get(post.team_id or "")
        level = levels.get(post.level)
        place = team.name if team else _above_teams(post)
        rank = level.rank if level else 0
        name = people.get(post.holder_id, post.holder_id)
        holder = PostHolder(post.holder_id, name, post.title, level.name if level else post.level, place)
        holders.append(((team is None, place, -rank, post.id), holder))
    return tuple(holder for _, holder in sorted(holders, key=lambda pair: pair[0]))


def _above_teams(post: Post) -> str:
    """Where a post stands that is in no team."""
    if post.area:
        return f"Area {post.area}"
    return f"Service {post.service}" if post.service else "The whole authority"


@reading
def read_actor(env: Environment, *, person_id: str) -> Actor:
    """A person in their posts. Raises NotAuthenticated when nobody is known under that id."""
    return _person(person_id)


@recognising
def read_token_actor(env: Environment, *, token: str) -> Actor:
    """Whoever bears this token. Raises NotAuthenticated when it is unknown or revoked."""
    known = find_token(token_digest(token))
    if known is None:
        raise NotAuthenticated("This bearer token is not known or was revoked. Make one: towpath token create")
    if known.person_id is not None:
        return _person(known.person_id)
    return Actor(id=f"token:{known.id}", name=known.name, kind="system", scopes=frozenset(known.scopes))


@operation
def create_token(
    env: Environment, actor: Actor, *, name: str, scopes: frozenset[str], person_id: str | None = None
) -> str:
    """A new bearer token, told once. It acts as a person, or has scopes of its own.

    Raises Invalid for an unknown scope, an empty name, both a person and scopes or neither, NotFound for an unknown
    person.
    """
    unknown = sorted(scopes - set(SCOPES))
    if unknown or not name.strip():
        raise Invalid(
            {"scope": [f"Unknown: {', '.join(unknown)}. Known scopes: {', '.join(SCOPES)}"]}
            if unknown
            else {"name": ["Enter a name that says whose token it is"]}
        )
    if person_id is not None and find_person(person_id) is None:
        raise NotFound(f"There is no person {person_id!r}.")
    if (person_id is None) == (not scopes):
        raise Invalid({"scope": [f"Choose at least one of {', '.join(SCOPES)}, or a person, and not both"]})
    token = new_token()
    db.session.add(
        TokenRow(
            id=str(uuid.uuid4()),
            name=name.strip(),
            digest=token_digest(token),
            scopes=sorted(scopes),
            person_id=person_id,
            created_at=env.now(),
        )
    )
    return token


@reading
def check_ready(env: Environment) -> None:
    """Go on only if the database answers and has a rule book. Raises NotReady."""
    try:
        ready = newest_release() is not None
    except SQLAlchemyError as error:
        raise NotReady() from error
    if not ready:
        raise NotReady("No rule book has been published. Run: towpath demo, or towpath rulebook publish")


def _person(person_id: str) -> Actor:
    around = surroundings()
    name = around.people.get(person_id)
    if name is None:
        raise NotAuthenticated(f"Nobody is known under {person_id!r}. Sign in again.")
    return Actor(id=person_id, name=name, posts=around.posts_held.get(person_id, ()))
