"""A browser, a running Towpath for each module, and windows that are watched. What is done in them is in the tests."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, ViewportSize, expect

from service.web.desk.pages import STATIC
from tests.browser.chromium import NAMES, VARIABLE, find_chromium, running_chromium
from tests.browser.desk import Desk
from tests.browser.watching import Watch
from tests.support.demo import Demo, Installation
from tests.support.server import PATIENCE

OpenWindow = Callable[..., Desk]
MILLISECONDS = PATIENCE * 1000
DESKTOP: ViewportSize = {"width": 1280, "height": 900}


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """Chromium, started once for each module. Skips by name what is missing."""
    path = find_chromium()
    if path is None:
        pytest.skip(f"Chromium is not installed: none of {', '.join(NAMES)} is on the path, and {VARIABLE} is not set")
    if not (STATIC / "assets.json").is_file():
        pytest.skip("The page assets are not built: run make test, or npm run build in service/web/assets")
    expect.set_options(timeout=MILLISECONDS)
    with running_chromium(path) as browser:
        yield browser


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Demo:
    """The database of the demo, made once."""
    return Demo(tmp_path_factory.mktemp("demo"))


@pytest.fixture(scope="module")
def towpath(chromium: Browser, demo: Demo, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """A server on a fresh copy of the demo, and the case-management system beside it."""
    with demo.served(tmp_path_factory.mktemp("served")) as installation:
        yield installation


@pytest.fixture
def open_window(chromium: Browser, towpath: Installation) -> Iterator[OpenWindow]:
    """Opens windows that share nothing with each other. The test fails when one did what no page may do."""
    opened: list[tuple[BrowserContext, Watch]] = []

    def open_one(**options: Any) -> Desk:
        context = chromium.new_context(viewport=DESKTOP, **options)
        context.set_default_timeout(MILLISECONDS)
        opened.append((context, Watch(context, towpath.server.site)))
        return Desk(context.new_page(), towpath.server.site)

    yield open_one
    for context, _ in opened:
        context.close()
    assert [problem for _, watch in opened for problem in watch.problems] == []
