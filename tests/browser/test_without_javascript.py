"""The main path with scripts turned off: every step is a page and a button. What scripts add is in `test_walk.py`."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import OpenWindow
from tests.browser.desk import EXEMPLAR_TASK, SERVICE_MANAGER, SIGN_OFF_TASK, TEAM_MANAGER, WORKER, Desk
from tests.support.demo import Installation, exemplar_of
from tests.support.world import SENT_BACK, SIGNATURE

CASE, CHILD = "K-102", "Child K-102"
ADD = "Add another to 4. What must be done?"
SECOND_ACTION = {"action": "Tell the health visitor", "owner": "Allocated worker", "due": "2099-02-01"}


def test_the_main_path(open_window: OpenWindow) -> None:
    _the_worker_keeps_a_draft_and_completes(_at_task(open_window, WORKER, EXEMPLAR_TASK))
    _the_team_manager_signs_with_two_actions(_at_task(open_window, TEAM_MANAGER, SIGN_OFF_TASK))
    _the_service_manager_changes_their_mind(_at_task(open_window, SERVICE_MANAGER, SIGN_OFF_TASK))
    case = _signed_in(open_window, WORKER).open_case(CASE)
    expect(case.page.get_by_label("Whose case this is")).to_contain_text("Closed")


def _the_worker_keeps_a_draft_and_completes(desk: Desk) -> None:
    expect(desk.page.locator("#draft-status")).to_be_empty()
    desk.write({"outcomes": "Health visits are kept."}).press("Save draft").sees("Draft saved at")
    assert desk.value_of("outcomes") == "Health visits are kept."
    desk.press("Submit").sees("There is a problem")
    desk.write(exemplar_of(CASE)).press("Save draft and check again").sees(
        "Nothing with the draft as it was last saved."
    )
    desk.press("Submit").heading(f"Done: {EXEMPLAR_TASK}")


def _the_team_manager_signs_with_two_actions(desk: Desk) -> None:
    desk.press("Claim this task").sees("You have claimed it.")
    desk.write(SIGNATURE).press(ADD)
    assert desk.value_of("actions-0-action") == SIGNATURE["actions"][0]["action"]
    desk.write(SECOND_ACTION, "actions-1-").press(ADD)
    desk.press("Remove 4. What must be done?, number 3")
    expect(desk.page.locator("#actions-2-action")).to_have_count(0)
    desk.press("Submit").heading(f"Done: {SIGN_OFF_TASK}")
    desk.open_case(CASE).sees("Tell the health visitor")


def _the_service_manager_changes_their_mind(desk: Desk) -> None:
    desk.write({"outcome": "sent-back"}).press("Update the questions that hang on: What do you decide?")
    desk.write(SENT_BACK).write({"outcome": "signed"}).press("Update the questions that hang on: What do you decide?")
    expect(desk.page.locator("#sentBackBecause")).to_have_count(0)
    desk.press("Submit").heading(f"Done: {SIGN_OFF_TASK}")


def _signed_in(open_window: OpenWindow, name: str) -> Desk:
    return open_window(java_script_enabled=False).sign_in(name)


def _at_task(open_window: OpenWindow, name: str, task: str) -> Desk:
    return _signed_in(open_window, name).open_task(task, CHILD)


@pytest.fixture(autouse=True)
def _proposed(towpath: Installation) -> None:
    assert towpath.server.propose(CASE).status_code == 202
