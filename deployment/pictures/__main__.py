"""`python -m deployment.pictures`: a demo with work in it, a browser, and the pictures beside this file."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, ViewportSize, expect

from deployment.pictures.story import TEAM_MANAGERS_WORDS, tell
from tests.browser.chromium import find_chromium, running_chromium
from tests.browser.desk import EXEMPLAR_TASK, SERVICE_MANAGER, SIGN_OFF_TASK, Desk
from tests.support.demo import FILE, Demo
from tests.support.server import RunningServer

HERE = Path(__file__).parent
DESK_WIDTH = 1280
PHONE: ViewportSize = {"width": 390, "height": 844}


def main() -> int | str:
    """Take every picture. Returns what is missing, or 0."""
    path = find_chromium()
    if path is None:
        return "Chromium is needed to take the pictures."
    with tempfile.TemporaryDirectory() as place:
        made, served = Path(place) / "made", Path(place) / "served"
        made.mkdir()
        served.mkdir()
        demo = Demo(made)
        tell(RunningServer(made, made / FILE, "http://127.0.0.1:9", {}).variables)
        with demo.served(served) as towpath, running_chromium(path) as browser:
            towpath.server.wait_for("SELECT count(*) FROM oversight_records WHERE receipt_at IS NULL", 0)
            _take_all(browser, towpath.server)
    return 0


def _take_all(browser: Browser, server: RunningServer) -> None:
    manager = _window(browser, server, SERVICE_MANAGER)
    _take(manager, "queue", 1000)
    phone = Desk(browser.new_context(viewport=PHONE, device_scale_factor=2).new_page(), server.site)
    phone.sign_in(SERVICE_MANAGER)
    phone.page.screenshot(path=HERE / "queue-phone.png")
    worker = _window(browser, server, "Social worker 2, Children in Need East")
    _take(worker.open_task(EXEMPLAR_TASK, "Child K-103"), "task", 1750)
    _take(manager.open_task(SIGN_OFF_TASK, "Child K-102"), "sign-off", 1300)
    manager.write(TEAM_MANAGERS_WORDS).press("Submit").heading(f"Done: {SIGN_OFF_TASK}")
    _take(manager, "success", 860)
    server.wait_for("SELECT count(*) FROM oversight_records WHERE receipt_at IS NULL", 0)
    _take(manager.open_case("K-102"), "case", 1500)


def _window(browser: Browser, server: RunningServer, name: str) -> Desk:
    context = browser.new_context(viewport={"width": DESK_WIDTH, "height": 900})
    return Desk(context.new_page(), server.site).sign_in(name)


def _take(desk: Desk, name: str, height: int) -> None:
    """The top of the page as it is, with nothing in it that has the focus."""
    desk.page.set_viewport_size({"width": DESK_WIDTH, "height": height})
    desk.page.evaluate("document.activeElement.blur(); scrollTo(0, 0)")
    expect(desk.page.get_by_role("heading", level=1)).to_be_in_viewport()
    desk.page.screenshot(path=HERE / f"{name}.png")
    print(f"{name}.png")


if __name__ == "__main__":
    sys.exit(main())
