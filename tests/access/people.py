"""A small organisation for the tests of access: one line from a worker to the county, and a second team beside it."""

from __future__ import annotations

from service.access.chart import Chart
from service.domain.people import Actor, Post, Team

EAST = Team("east", "Team East", "children-in-need", area="East", service="Children in Need")
WEST = Team("west", "Team West", "children-in-need", area="West", service="Children in Need")

LEVELS = {
    "social-worker": "Social worker",
    "team-manager": "Team manager",
    "service-manager": "Service manager",
    "head-of-service": "Head of service",
    "director": "Director",
    "commissioning": "Director of commissioning",
}
MANAGERIAL = frozenset(LEVELS) - {"social-worker", "commissioning"}


def post(
    level: str, holder: str | None, *, team: Team | None = None, above: str | None = None, place: Team | None = None
) -> Post:
    """A post named after its level and place; `place` is whose area and service it manages."""
    where = team or place
    return Post(
        id=f"{level}-{where.id}" if where else level,
        title=f"{LEVELS[level]}, {where.name}" if where else LEVELS[level],
        level=level,
        team_id=team.id if team else None,
        area=where.area if where else None,
        service=where.service if where else None,
        line_manager_post_id=above,
        holder_id=holder,
    )


LINE = (
    post("director", "director"),
    post("commissioning", "commissioning"),
    Post(
        "head-of-service",
        "Head of service",
        "head-of-service",
        None,
        None,
        "Children in Need",
        "director",
        "head",
    ),
    post("service-manager", "service-manager", place=EAST, above="head-of-service"),
    post("team-manager", "manager", team=EAST, above="service-manager-east"),
    post("social-worker", "worker", team=EAST, above="team-manager-east"),
    post("team-manager", "west-manager", team=WEST, above="head-of-service"),
    post("social-worker", "west-worker", team=WEST, above="team-manager-west"),
)


def chart(*instead: Post) -> Chart:
    """The organisation; posts given here stand in the place of those with the same id."""
    posts = {each.id: each for each in (*LINE, *instead)}
    people = {each.holder_id: f"Person {each.holder_id}" for each in posts.values() if each.holder_id}
    return Chart({EAST.id: EAST, WEST.id: WEST}, posts, people, LEVELS, MANAGERIAL)


def actor(person_id: str, *instead: Post) -> Actor:
    """A person in the posts they hold."""
    return Actor(person_id, f"Person {person_id}", posts=chart(*instead).posts_of(person_id))


def system(*scopes: str) -> Actor:
    """Another system with a token for these scopes."""
    return Actor("token:1", "Another system", "system", scopes=frozenset(scopes))
