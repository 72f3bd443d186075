"""What axe-core and a ruler say about a page at several widths. Which pages are looked at is in the tests."""

from __future__ import annotations

from functools import cache
from typing import Any

from playwright.sync_api import Page

from service.web.desk.pages import WEB

AXE = WEB / "assets" / "node_modules" / "axe-core" / "axe.min.js"
RUN = "() => axe.run(document, { resultTypes: ['violations'], preload: false })"
DESKTOP, PHONE, NARROWEST = 1280, 390, 320
TOO_WIDE = """() => [...document.querySelectorAll("body *")]
  .filter((one) => one.getBoundingClientRect().right > innerWidth + 1 && !one.closest("pre, .govuk-visually-hidden"))
  .map((one) => `${one.tagName.toLowerCase()}.${one.className}`)"""


def shortcomings(page: Page) -> list[str]:
    """Everything that is wrong with the page as it stands: on a desk, on a phone, and on the narrowest phone."""
    found = []
    for width in (DESKTOP, PHONE):
        page.set_viewport_size({"width": width, "height": 900})
        found += [f"at {width}: {words}" for words in violations(page)]
    page.set_viewport_size({"width": NARROWEST, "height": 700})
    if page.evaluate("() => document.scrollingElement.scrollWidth") > NARROWEST:
        found.append(f"at {NARROWEST} it scrolls sideways: {page.evaluate(TOO_WIDE)}")
    return found


def violations(page: Page) -> list[str]:
    """What axe-core finds, rule by rule, with the elements."""
    # Evaluated and not added as a script, because the pages' own policy would rightly refuse it.
    page.evaluate(_source())
    found = page.evaluate(RUN)["violations"]
    return [f"{one['id']}: {one['help']}: {_places(one)}" for one in found]


def _places(violation: dict[str, Any]) -> str:
    return "; ".join(" ".join(map(str, node["target"])) for node in violation["nodes"])


@cache
def _source() -> str:
    return AXE.read_text(encoding="utf-8")
