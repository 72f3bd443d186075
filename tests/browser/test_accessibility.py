"""No page, in no state, has a shortcoming that axe-core finds, and none scrolls sideways on the narrowest phone."""

from __future__ import annotations

import pytest

from tests.browser.axe import shortcomings
from tests.browser.conftest import OpenWindow
from tests.browser.states import STATES, prepare
from tests.support.demo import Installation


@pytest.mark.parametrize("name", STATES)
def test_nothing_is_wrong_with(name: str, open_window: OpenWindow, busy: Installation) -> None:
    state, desk = STATES[name], open_window()
    if state.who is not None:
        desk.sign_in(state.who)
    state.bring(desk, busy.server)
    assert shortcomings(desk.page) == []


def test_a_page_with_shortcomings_is_noticed(open_window: OpenWindow) -> None:
    page = open_window().page
    page.set_content("<p style='width: 50em; color: #ccc'>Too pale, too wide, and in no language.</p>")
    found = " ".join(shortcomings(page))
    assert "color-contrast" in found
    assert "html-has-lang" in found
    assert "scrolls sideways" in found


@pytest.fixture(scope="module")
def busy(towpath: Installation) -> Installation:
    """An authority at work: cases at every point of the walk."""
    prepare(towpath)
    return towpath
