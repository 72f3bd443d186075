"""An accepted event that cannot be delivered is somebody's problem: it is shown, and can be tried again."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from service.domain.errors import Invalid
from service.operations.cases import read_case
from service.operations.events import read_event, receive_event
from service.operations.incidents import list_incidents, retry_incident
from service.operations.views import EventView
from tests.operations.publishing import publish
from tests.operations.test_events import EVENT, FAILING
from tests.support.world import INTEGRATOR, World


def test_it_is_shown_as_a_problem_of_its_case(world: World) -> None:
    in_quarantine(world)
    [incident] = read_case(world.env, world.person("tm-cin-east"), reference="K-101").incidents
    assert (incident.what, incident.may_retry) == ("Case event try-it", True)


def test_tried_again_while_nothing_has_changed_it_is_shown_again(sqlite_world: World) -> None:
    event, manager = in_quarantine(sqlite_world), sqlite_world.person("tm-cin-east")
    [first] = list_incidents(sqlite_world.env, manager)
    retry_incident(sqlite_world.env, manager, incident_id=first.id)
    sqlite_world.settle()
    [second] = list_incidents(sqlite_world.env, manager)
    assert second.id != first.id
    assert read_event(sqlite_world.env, INTEGRATOR, event_id=event.id).status == "quarantined"


def test_an_event_of_tomorrow_is_not_accepted(sqlite_world: World) -> None:
    """It would choose tomorrow's rules, and its deadlines would never come."""
    tomorrow = replace(EVENT, time=sqlite_world.clock() + timedelta(days=1))
    with pytest.raises(Invalid) as wrong:
        receive_event(sqlite_world.env, INTEGRATOR, event=tomorrow)
    assert set(wrong.value.fields) == {"time"}


def in_quarantine(world: World) -> EventView:
    publish(world, FAILING)
    view = receive_event(world.env, INTEGRATOR, event=replace(EVENT, type="try-it", data={"go": "no"}))
    assert view.status == "quarantined"
    return view
