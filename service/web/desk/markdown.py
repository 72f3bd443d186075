"""Guidance text to HTML: paragraphs, headings, lists, bold, italics and links. Anything else stays text, escaped."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import groupby

from markupsafe import Markup, escape

_BULLET = re.compile(r"\s{0,3}[-*+]\s+(?P<item>.+)")
_NUMBER = re.compile(r"\s{0,3}\d{1,3}[.)]\s+(?P<item>.+)")
_HEADING = re.compile(r"(?P<marks>#{1,6})\s+(?P<title>.+?)\s*#*")
_LINK = re.compile(r"\[(?P<words>[^\[\]]+)\]\((?P<address>(?:https?://|mailto:|/(?!/)|#)[^\s()<>\"']*)\)")
_BOLD = re.compile(r"\*\*(?=\S)(.+?)(?<=\S)\*\*")
_ITALIC = re.compile(r"(?<![\w*])[*_](?=\S)([^*_]+?)(?<=\S)[*_](?![\w*])")
_LISTS = {
    "bullet": Markup('<ul class="govuk-list govuk-list--bullet">{}</ul>'),
    "number": Markup('<ol class="govuk-list govuk-list--number">{}</ol>'),
}
_TITLE = Markup('<h{rank} class="govuk-heading-{size}">{title}</h{rank}>')


def render_markdown(text: str, heading: int = 3) -> Markup:
    """The text as HTML, safe to put on a page. `heading` is the level that the largest heading becomes."""
    lines = text.splitlines()
    marks = [len(match["marks"]) for match in map(_HEADING.fullmatch, lines) if match]
    return Markup("\n").join(_blocks(lines, heading - min(marks, default=1)))


def _blocks(lines: Iterable[str], above: int) -> Iterator[Markup]:
    for kind, group in groupby(lines, key=_kind):
        if kind in _LISTS:
            items = Markup("").join(Markup("<li>{}</li>").format(_inline(_item(line))) for line in group)
            yield _LISTS[kind].format(items)
        elif kind == "heading":
            yield from (_heading(line, above) for line in group)
        elif kind == "text":
            yield Markup('<p class="govuk-body">{}</p>').format(_inline(" ".join(line.strip() for line in group)))


def _kind(line: str) -> str:
    if not line.strip():
        return "blank"
    if _HEADING.fullmatch(line):
        return "heading"
    if _BULLET.fullmatch(line):
        return "bullet"
    return "number" if _NUMBER.fullmatch(line) else "text"


def _item(line: str) -> str:
    match = _BULLET.fullmatch(line) or _NUMBER.fullmatch(line)
    return match["item"] if match else line


def _heading(line: str, above: int) -> Markup:
    """`above` is added to the number of marks, so that the text's largest heading gets the level it was given."""
    match = _HEADING.fullmatch(line)
    title, marks = (match["title"], len(match["marks"])) if match else (line, 1)
    rank = min(6, above + marks)
    return _TITLE.format(rank=rank, size="m" if rank <= 3 else "s", title=_inline(title))


def _inline(text: str) -> Markup:
    """Links are cut out first, so that nothing inside an address is taken for bold."""
    parts: list[Markup] = []
    end = 0
    for match in _LINK.finditer(text):
        parts.append(_emphasis(text[end : match.start()]))
        parts.append(Markup('<a class="govuk-link" href="{}">{}</a>').format(match["address"], match["words"]))
        end = match.end()
    return Markup("").join([*parts, _emphasis(text[end:])])


def _emphasis(text: str) -> Markup:
    escaped = _BOLD.sub(r"<strong>\1</strong>", str(escape(text)))
    return Markup(_ITALIC.sub(r"<em>\1</em>", escaped))  # noqa: S704 escaped in the line above
