"""The whole walk in a browser: from the case event to the receipt, with everything that can go wrong on the way."""

from __future__ import annotations

import re
import time
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import OpenWindow
from tests.browser.desk import EXEMPLAR_TASK, SERVICE_MANAGER, SIGN_OFF_TASK, TEAM_MANAGER, WORKER, Desk
from tests.support.demo import Installation, exemplar_of
from tests.support.server import PATIENCE
from tests.support.world import SENT_BACK, SIGNATURE

CASE, CHILD = "K-101", "Child K-101"
SOME_WORDS = "School attendance rose over two terms."


def test_the_whole_walk(walk: Walk) -> None:
    walk.the_case_management_system_proposes_the_closure_twice_and_it_begins_once()
    walk.the_workers_draft_survives_the_end_of_the_browser()
    walk.what_is_missing_is_listed_and_each_entry_leads_to_its_question()
    walk.a_rule_refuses_in_words()
    walk.the_worker_completes_the_exemplar()
    walk.the_worker_cannot_sign_their_own_work()
    walk.the_team_manager_claims_and_signs()
    walk.the_service_manager_sends_it_back()
    walk.the_worker_sees_why_and_completes_it_again()
    walk.the_team_manager_signs_again_beside_the_old_signature()
    walk.the_service_manager_signs_while_the_case_record_is_down()
    walk.the_case_is_closed_with_everything_on_its_page()
    walk.the_page_says_honestly_what_has_been_delivered()


class Walk:
    """The scenes, in the order in which they happen. Everybody has a browser of their own."""

    def __init__(self, open_window: OpenWindow, towpath: Installation) -> None:
        self.open_window = open_window
        self.server = towpath.server
        self.pretend = towpath.pretend

    def the_case_management_system_proposes_the_closure_twice_and_it_begins_once(self) -> None:
        first, second = self.server.propose(CASE), self.server.propose(CASE)
        assert (first.status_code, second.status_code) == (202, 202)
        assert first.json()["instance_id"] == second.json()["instance_id"]
        assert self.server.ask("SELECT count(*) FROM process_instances") == [(1,)]

    def the_workers_draft_survives_the_end_of_the_browser(self) -> None:
        desk = self._at_task(WORKER, EXEMPLAR_TASK)
        desk.write({"outcomes": SOME_WORDS})
        expect(desk.page.locator("#draft-status")).to_contain_text("Draft saved at")
        desk.page.context.close()
        desk = self._at_task(WORKER, EXEMPLAR_TASK)
        assert desk.value_of("outcomes") == SOME_WORDS
        desk.sees(f"saved by {WORKER}")
        self.worker = desk

    def what_is_missing_is_listed_and_each_entry_leads_to_its_question(self) -> None:
        self.worker.press("Submit")
        summary = self.worker.page.get_by_role("alert")
        expect(summary).to_contain_text("There is a problem")
        expect(summary).to_contain_text("Enter the child's views")
        links = summary.get_by_role("link").all()
        assert len(links) > 10
        for link in links:
            link.click()
            expect(self.worker.page.locator(link.get_attribute("href") or "")).to_be_focused()

    def a_rule_refuses_in_words(self) -> None:
        self.worker.write(exemplar_of(CASE, involvementsEnding=["K-101-1", "K-101-2", "K-101-4"])).press("Submit")
        summary = self.worker.page.get_by_role("alert")
        expect(summary).to_contain_text("You cannot do this yet")
        expect(summary).to_contain_text("School nursing service (School nurse)")
        expect(summary).to_contain_text("Who clears it: The worker, by listing them in the exemplar")
        expect(summary).to_contain_text("Rule: CC-R4")

    def the_worker_completes_the_exemplar(self) -> None:
        self.worker.write({"involvementsEnding": exemplar_of(CASE)["involvementsEnding"]}).press("Submit")
        self.worker.heading(f"Done: {EXEMPLAR_TASK}")
        self.worker.sees(f"{SIGN_OFF_TASK} ({TEAM_MANAGER}")

    def the_worker_cannot_sign_their_own_work(self) -> None:
        self.worker.open_case(CASE).sees(SIGN_OFF_TASK)
        expect(self.worker.page.get_by_role("link", name=SIGN_OFF_TASK)).to_have_count(0)
        self.worker.page.goto(f"{self.server.site}/tasks/{self.server.waiting_tasks('tm-cin-east')[CASE]}")
        self.worker.sees("You cannot do this task")
        self.worker.sees("Rule: CC-R6")
        expect(self.worker.page.get_by_role("button", name="Submit")).to_have_count(0)

    def the_team_manager_claims_and_signs(self) -> None:
        desk = self._at_task(TEAM_MANAGER, SIGN_OFF_TASK)
        desk.press("Claim this task").sees("You have claimed it.")
        self._submit(desk, SIGNATURE)
        desk.sees(f"{SIGN_OFF_TASK} ({SERVICE_MANAGER}")

    def the_service_manager_sends_it_back(self) -> None:
        desk = self._at_task(SERVICE_MANAGER, SIGN_OFF_TASK)
        expect(desk.page.locator("#sentBackBecause")).to_have_count(0)
        desk.write({"outcome": "sent-back"})
        expect(desk.page.locator("#sentBackBecause")).to_be_visible()
        self._submit(desk, SENT_BACK)
        desk.sees(f"{EXEMPLAR_TASK} ({WORKER}")

    def the_worker_sees_why_and_completes_it_again(self) -> None:
        desk = self._at_task(WORKER, EXEMPLAR_TASK)
        desk.sees(SENT_BACK["sentBackBecause"])
        desk.sees("Signature cleared")
        desk.press("Submit").heading(f"Done: {EXEMPLAR_TASK}")

    def the_team_manager_signs_again_beside_the_old_signature(self) -> None:
        desk = self._at_task(TEAM_MANAGER, SIGN_OFF_TASK)
        desk.sees("Signature cleared")
        desk.sees(SIGNATURE["impact"])
        self._submit(desk, SIGNATURE)

    def the_service_manager_signs_while_the_case_record_is_down(self) -> None:
        self._until_on_case_page(self._signed_in(SERVICE_MANAGER), "Delivered", 3)
        self.pretend.be("down")
        desk = self._at_task(SERVICE_MANAGER, SIGN_OFF_TASK)
        self._submit(desk, SIGNATURE)
        desk.sees("The case is closed. The pathway has ended. Nothing more is asked of anybody.")
        [self.reference] = re.findall(r"MO-\w{8}", desk.main.inner_text())
        self.manager = desk

    def the_case_is_closed_with_everything_on_its_page(self) -> None:
        page = self.manager.open_case(CASE).page
        expect(page.get_by_label("Whose case this is")).to_contain_text("Closed")
        expect(page.get_by_role("table", name="Involvements").get_by_text("Open")).to_have_count(0)
        expect(page.get_by_role("table", name="Involvements").get_by_role("row")).to_have_count(5)
        expect(page.get_by_role("article")).to_have_count(4)
        chronology = page.get_by_role("region", name="Chronology")
        for words in ("Started: Closure of a case", f"Completed: {SIGN_OFF_TASK}", "Release 1", SERVICE_MANAGER):
            expect(chronology).to_contain_text(words)

    def the_page_says_honestly_what_has_been_delivered(self) -> None:
        self.manager.open_case(CASE).reload_until("down (503)")
        record = self.manager.page.get_by_role("article").filter(has_text=self.reference)
        expect(record).to_contain_text("Delivery pending")
        expect(record).to_contain_text(re.compile(r"tried (once|\d+ times) .*down \(503\)"))
        self.pretend.be("ok")
        self._until_on_case_page(self.manager, "Delivered", 4)
        expect(record).to_contain_text("Receipt: ")
        expect(record).to_contain_text("CM-000004")

    def _signed_in(self, name: str) -> Desk:
        return self.open_window().sign_in(name)

    def _at_task(self, name: str, task: str) -> Desk:
        return self._signed_in(name).open_task(task, CHILD)

    def _submit(self, desk: Desk, answers: Any) -> None:
        desk.write(answers).press("Submit").heading(f"Done: {SIGN_OFF_TASK}")
        desk.sees("MO-")

    def _until_on_case_page(self, desk: Desk, tag: str, count: int) -> None:
        """Reload the page of the case until so many oversight records carry this tag."""
        desk.open_case(CASE)
        tags = desk.page.get_by_role("article").get_by_text(tag, exact=True)
        until = time.monotonic() + PATIENCE
        while tags.count() != count and time.monotonic() < until:
            desk.page.wait_for_timeout(200)
            desk.page.reload()
        expect(tags).to_have_count(count)


@pytest.fixture
def walk(open_window: OpenWindow, towpath: Installation) -> Walk:
    """Nothing has happened yet."""
    return Walk(open_window, towpath)
