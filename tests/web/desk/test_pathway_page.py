"""The page of one pathway: what it shows, what its buttons do, and that a slip loses nothing that was typed."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from service.operations.cases import read_case
from tests.support.world import World

WHY = "The court has asked us to wait."


def test_whoever_answers_for_it_stops_it_and_the_page_says_so(page: str, above: FlaskClient) -> None:
    shown = send(above, page, "suspend", reason=WHY).text
    assert "Suspended by Service manager, Children in Need East" in shown
    assert WHY in shown
    assert "Resume this pathway" in above.get(page).text


def test_without_a_reason_the_page_says_what_is_missing(page: str, above: FlaskClient) -> None:
    answer = send(above, page, "cancel", reason=" ")
    assert (answer.status_code, "Enter the reason for cancelling this" in answer.text) == (422, True)


def test_what_is_no_json_is_said_and_still_there(page: str, above: FlaskClient) -> None:
    answer = send(above, page, "variables", at="", variables="{half", reason=WHY)
    assert (answer.status_code, "This is not JSON at line 1" in answer.text, "{half" in answer.text) == (
        422,
        True,
        True,
    )


def test_whoever_does_the_work_sees_where_it_stands_and_no_button(page: str, sign_in: SignIn) -> None:
    shown = sign_in("sw1-cin-east").get(page).text
    assert "Where it stands" in shown
    assert "Suspend this pathway" not in shown
    assert 'id="variables"' not in shown


def send(client: FlaskClient, page: str, deed: str, **typed: str) -> TestResponse:
    """Press a button of the page, with the token that the page holds."""
    found = re.search(r'name="csrf_token" value="([^"]+)"', client.get(page).text)
    assert found is not None
    return client.post(f"{page}/{deed}", data={"csrf_token": found.group(1), **typed}, follow_redirects=True)


SignIn = Callable[[str], FlaskClient]


@pytest.fixture
def sign_in(sqlite_world: World) -> SignIn:
    """Sign somebody in."""
    sqlite_world.at_exemplar()

    def client_of(person_id: str) -> FlaskClient:
        client = sqlite_world.app.test_client()
        with client.session_transaction() as session:
            session["person_id"] = person_id
        return client

    return client_of


@pytest.fixture
def above(sign_in: SignIn) -> FlaskClient:
    """The service manager above the team."""
    return sign_in("sm-cin-east")


@pytest.fixture
def page(sign_in: SignIn, sqlite_world: World) -> str:
    """The address of the page."""
    world = sqlite_world
    return f"/pathways/{read_case(world.env, world.person('sm-cin-east'), reference='K-101').instances[0].id}"
