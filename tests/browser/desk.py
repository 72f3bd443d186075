"""What a person does at the desk, in the words of the page: signs in, opens a user task, writes, presses buttons."""

from __future__ import annotations

import re
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from playwright.sync_api import Locator, Page, expect

from tests.support.server import PATIENCE

WORKER = "Social worker 1, Children in Need East"
WORKER_2 = "Social worker 2, Children in Need East"
TEAM_MANAGER = "Team manager, Children in Need East"
SERVICE_MANAGER = "Service manager, Children in Need East"
EXEMPLAR_TASK = "Complete the closure exemplar"
SIGN_OFF_TASK = "Sign off"


@dataclass
class Desk:
    """One window of a browser at the desk."""

    page: Page
    site: str

    def sign_in(self, name: str) -> Desk:
        """Choose who to be from the list of the demo, which is shown to whoever asks for the queue."""
        self.go("/")
        self.page.get_by_role("button", name=f"Sign in as {name}", exact=True).click()
        return self.heading("My queue")

    def sign_out(self) -> Desk:
        """Leave."""
        self.page.get_by_role("button", name="Sign out").click()
        return self.heading("Choose who you are")

    def go(self, path: str) -> Desk:
        """Type an address."""
        self.page.goto(f"{self.site}{path}")
        return self

    def open_task(self, task: str, child: str) -> Desk:
        """Open a user task from the queue."""
        row = self.page.get_by_role("row").filter(has=self.page.get_by_role("link", name=child, exact=True))
        row.get_by_role("link", name=task).click()
        return self.heading(task)

    def open_case(self, reference: str) -> Desk:
        """Go to the page of a case."""
        return self.go(f"/cases/{reference}").heading(f"Child {reference}")

    def press(self, button: str) -> Desk:
        """Press a button by its words."""
        self.page.get_by_role("button", name=button, exact=True).click()
        return self

    def press_first(self, words: str) -> Desk:
        """Press the first button that begins with these words."""
        self.page.get_by_role("button", name=re.compile(f"^{re.escape(words)}")).first.click()
        return self

    def write(self, answers: Mapping[str, Any], prefix: str = "") -> Desk:
        """Answer questions by their keys, as `service.web.desk.forms` names their controls."""
        for key, value in answers.items():
            self._write_one(f"{prefix}{key}", value)
        return self

    def heading(self, words: str) -> Desk:
        """Wait for the page with this heading."""
        expect(self.page.get_by_role("heading", level=1)).to_have_text(words)
        return self

    def sees(self, words: str) -> Desk:
        """Wait for these words anywhere in what the page says."""
        expect(self.main).to_contain_text(words)
        return self

    def reload_until(self, words: str) -> Desk:
        """Open the same address again and again, as people do, until the page says these words."""
        address, until = self.page.url.partition("#")[0], time.monotonic() + PATIENCE
        while words not in self.main.inner_text() and time.monotonic() < until:
            self.page.wait_for_timeout(200)
            self.page.goto(address)
        return self.sees(words)

    def value_of(self, key: str) -> str:
        """What stands in a text field."""
        return self.page.locator(f"#{key}").input_value()

    @property
    def main(self) -> Locator:
        """The page without its header and footer."""
        return self.page.locator("main")

    def _write_one(self, name: str, value: Any) -> None:
        if isinstance(value, list) and value and isinstance(value[0], Mapping):
            for index, row in enumerate(value):
                self.write(row, f"{name}-{index}-")
        elif isinstance(value, list):
            boxes = self.page.locator(f'input[name="{name}"]')
            for box in boxes.all():
                box.set_checked(box.get_attribute("value") in value)
        elif self.page.locator(f"#{name}-day").count():
            day = date.fromisoformat(value)
            for part in ("day", "month", "year"):
                self.page.locator(f"#{name}-{part}").fill(str(getattr(day, part)))
        elif self.page.locator(f'input[type=radio][name="{name}"]').count():
            self.page.locator(f'input[name="{name}"][value="{value}"]').check()
        elif self.page.locator(f"select#{name}").count():
            self.page.locator(f"#{name}").select_option(value)
        else:
            self.page.locator(f"#{name}").fill(value)
