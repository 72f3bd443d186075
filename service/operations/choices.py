"""What somebody can narrow a queue by, to choose from. What a choice means is in `wanted.py`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from service.access.chart import Chart
from service.domain.people import Actor
from service.operations.context import current_release, read_chart
from service.operations.environment import Environment
from service.operations.transaction import reading
from service.operations.wanted import team_ids_seen

MOST_PEOPLE = 100
"""People to choose from; where there are more, a team is chosen first."""

Choice = tuple[str, str]
"""An id and a name."""


@dataclass(frozen=True, slots=True)
class QueueChoices:
    """What somebody can narrow a queue by."""

    teams: tuple[Choice, ...]
    levels: tuple[Choice, ...]
    """The most senior last."""
    people: tuple[Choice, ...]
    """Of the chosen team, or of every team where they are not too many."""


@reading
def read_queue_choices(env: Environment, actor: Actor, *, team: str | None) -> QueueChoices:
    """The teams whose cases the actor may read, the levels, and the people in these teams or in the chosen one."""
    chart = read_chart(current_release(env))
    teams = team_ids_seen(actor, chart)
    people = tuple(sorted(set(_people(chart, (team,) if team in teams else teams)), key=lambda choice: choice[1]))
    return QueueChoices(
        teams=tuple(sorted(((one, chart.teams[one].name) for one in teams), key=lambda choice: choice[1])),
        levels=tuple(sorted(chart.levels.items(), key=lambda choice: chart.ranks.get(choice[0], 0))),
        people=tuple(choice for choice in people if choice[0] != actor.id) if len(people) <= MOST_PEOPLE else (),
    )


def _people(chart: Chart, teams: tuple[str | None, ...]) -> Iterator[Choice]:
    for post in chart.posts.values():
        if post.team_id in teams and post.holder_id is not None and post.team_id is not None:
            yield post.holder_id, chart.name_of(post.holder_id)
