"""The walk without a mouse: everything is reached with Tab, and whoever watches sees where the focus is."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import OpenWindow
from tests.browser.desk import EXEMPLAR_TASK, SERVICE_MANAGER, SIGN_OFF_TASK, TEAM_MANAGER, WORKER
from tests.browser.keyboard import Keyboard
from tests.support.demo import Installation, exemplar_of
from tests.support.world import SIGNATURE

CASE, CHILD = "K-101", "Child K-101"


def test_a_worker_completes_and_a_manager_signs(open_window: OpenWindow) -> None:
    worker = _at_task(open_window, WORKER, EXEMPLAR_TASK)
    _what_is_missing_takes_the_focus(worker)
    worker.write(exemplar_of(CASE))
    worker.follow("Submit")
    _says(worker, f"Done: {EXEMPLAR_TASK}")
    manager = _at_task(open_window, TEAM_MANAGER, SIGN_OFF_TASK)
    manager.write(SIGNATURE)
    manager.follow("Submit")
    _says(manager, f"Done: {SIGN_OFF_TASK}")
    expect(manager.page.locator("main")).to_contain_text(f"{SIGN_OFF_TASK} ({SERVICE_MANAGER}")


def test_enter_in_a_text_field_keeps_a_draft_and_signs_nothing(open_window: OpenWindow, towpath: Installation) -> None:
    worker = _at_task(open_window, WORKER, EXEMPLAR_TASK, "Child K-102")
    worker.tab_to("meetingChair")
    worker.type("Team manager")
    with worker.page.expect_navigation():
        worker.press("Enter")
    expect(worker.page.locator("main")).to_contain_text("Draft saved at")
    assert towpath.server.waiting_tasks("sw1-cin-east").keys() >= {"K-102"}


def _what_is_missing_takes_the_focus(worker: Keyboard) -> None:
    worker.follow("Submit")
    expect(worker.page.locator(".govuk-error-summary")).to_be_focused()
    worker.tab_to("Select why this case is closing")
    worker.press("Enter")
    assert worker.focus()["id"] == "closureReason"


def _at_task(open_window: OpenWindow, name: str, task: str, child: str = CHILD) -> Keyboard:
    window = open_window()
    window.page.goto(f"{window.site}/")
    keyboard = Keyboard(window.page)
    keyboard.follow(f"Sign in as {name}")
    keyboard.follow(f"{task}, {child}")
    _says(keyboard, task)
    return keyboard


def _says(keyboard: Keyboard, heading: str) -> None:
    expect(keyboard.page.get_by_role("heading", level=1)).to_have_text(heading)


@pytest.fixture(autouse=True)
def _proposed(towpath: Installation) -> None:
    for case in (CASE, "K-102"):
        assert towpath.server.propose(case).status_code == 202
