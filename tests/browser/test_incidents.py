"""A delivery that is refused for good: whoever opens the case or Problems sees it, and a button tries it again."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import OpenWindow
from tests.browser.desk import TEAM_MANAGER
from tests.support.demo import Installation

CASE = "K-101"
STUCK = "Deliver the record to the case record"


def test_it_is_seen_and_tried_again_until_it_is_delivered(open_window: OpenWindow, towpath: Installation) -> None:
    desk = open_window().sign_in(TEAM_MANAGER).open_case(CASE)
    problems = desk.page.get_by_role("region", name="Problems")
    expect(problems).to_contain_text(STUCK)
    expect(problems).to_contain_text("The case is locked in the case-management system.")
    desk.sees("Delivery stuck").page.get_by_role("link", name="See the problem").click()
    desk.heading("Problems").press_first("Try again").sees(f"Trying again: {STUCK}")
    desk.reload_until("The case is locked")
    towpath.pretend.be("ok")
    desk.open_case(CASE).press_first("Try again").sees(f"Trying again: {STUCK}")
    desk.reload_until("Receipt: ")
    expect(problems).to_have_count(0)
    desk.go("/problems").sees("Nothing is stuck.")


@pytest.fixture(scope="module", autouse=True)
def _stuck(towpath: Installation) -> None:
    towpath.let_a_delivery_get_stuck(CASE, "sw1-cin-east", "tm-cin-east")
