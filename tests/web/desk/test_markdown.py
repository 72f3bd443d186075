"""Guidance text on a page: what is drawn and what stays text."""

from __future__ import annotations

import pytest

from service.web.desk.markdown import render_markdown


@pytest.mark.parametrize(
    "hostile",
    [
        "<script>alert(1)</script>",
        "**<img src=x onerror=alert(1)>**",
        "# <b>big</b>",
        "- <i>item</i>",
        "[<b>x</b>](https://example.org)",
    ],
)
def test_html_in_the_text_stays_text(hostile: str) -> None:
    drawn = render_markdown(hostile)

    assert "&lt;" in drawn
    assert not any(tag in drawn for tag in ("<script", "<img", "<b>", "<i>"))


@pytest.mark.parametrize(
    "link", ["[x](javascript:alert(1))", "[x](data:text/html,1)", "[x](//evil.example)", '[x](https://a" onclick="b)']
)
def test_a_link_to_anything_but_a_page_is_no_link(link: str) -> None:
    assert "<a" not in render_markdown(link)


def test_a_link_is_drawn() -> None:
    drawn = render_markdown("See [the guide](https://example.org/a_b_c?x=1&y=2).")

    assert '<a class="govuk-link" href="https://example.org/a_b_c?x=1&amp;y=2">the guide</a>.' in drawn


def test_bold_and_italics_are_drawn_but_not_inside_words() -> None:
    assert "<strong>all</strong> <em>of</em> a_b_c" in render_markdown("**all** _of_ a_b_c")


def test_lists_are_drawn_as_lists() -> None:
    drawn = render_markdown("Before:\n- one\n- two\n\n1. first\n2. second")

    assert drawn.count("<li>") == 4
    assert drawn.index("<ul") < drawn.index("<ol")


def test_the_largest_heading_gets_the_level_of_its_place() -> None:
    drawn = render_markdown("## Large\ntext\n### Small", heading=4)

    assert "<h4" in drawn
    assert "<h5" in drawn


def test_lines_of_one_paragraph_stay_together() -> None:
    assert render_markdown("one\ntwo\n\nthree").count("<p ") == 2
