"""Any edits of any sheet give exactly these edits in the decision file, and leave every other byte."""

from __future__ import annotations

import re
from html import escape

from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from service.decisions import load
from tests.decisions.tables import dmn
from tests.decisions.workbooks import FIRST_RULE, Open
from tests.feel.randomly import laws

CONDITIONS = ["-", "", "1", "< 18", "[1..5)", "not(7)", "2, 3", "? > 1 and ? < 9", "> -4"]
CONCLUSIONS = [
    '"a"',
    '"<b> & c"',
    "null",
    '"=1+1"',
    '"two\nlines"',
    '"é “x” 😀"',
    '"_x0041_"',
    "n",
    'string(n) + "]]>"',
]
NOTES = ["", "S1 §6a", "a & b < c", "two\nlines", "- a dash", "=SUM(A1)", "42", "_x000A_"]
EDITS = ["change", "add", "delete", "move", "copy", "drag"]

rows = st.tuples(st.sampled_from(CONDITIONS), st.sampled_from(CONCLUSIONS), st.sampled_from(NOTES))
spaces = st.sampled_from(["", "\n", "\n  ", "\r\n\t", "\n<!-- a > b -->\n "])


@laws(60)
@given(st.lists(rows, max_size=6), st.lists(spaces, min_size=4, max_size=4), st.data())
def test_a_file_says_what_its_sheet_says_and_nothing_else_is_changed(rules, gaps, data) -> None:
    content = written(rules, gaps)
    book = Open(content)
    there = [(index, row) for index, row in enumerate(rules)]
    for edit in data.draw(st.lists(st.sampled_from(EDITS), max_size=5)):
        there = apply(edit, book, there, data)
    put(book, there)
    returned = book.back()

    there = [(None if index is not None and index < 0 else index, row) for index, row in there]
    expected = [resolved(row, rules[index] if index is not None else None) for index, row in there]
    assert list(map(as_empty, said(returned.dmn))) == list(map(as_empty, expected))
    assert around(returned.dmn) == around(content)
    same = [index for (index, _), row in zip(there, expected, strict=True) if index is not None and row == rules[index]]
    assert all(rule_of(content, index) in returned.dmn for index in same)
    if [(index, row) for index, row in enumerate(rules)] == there:
        assert (returned.dmn, returned.changes) == (content, ())
    assert load({"a": returned.dmn}).problems == load({"a": content}).problems


def apply(edit, book, there, data):
    """One more edit of the rows: each the place of the rule it came from, and its cells. None is a new one, and
    `~place` one that is new and bears the mark of another."""
    if edit == "add" or not there:
        row = data.draw(rows.filter(lambda row: row[0]))
        return [*there, (None, row)] if data.draw(st.booleans()) else [(None, row), *there]
    place = data.draw(st.integers(0, len(there) - 1))
    index, row = there[place]
    if edit == "change":
        new = data.draw(rows)
        return [*there[:place], (index, new), *there[place + 1 :]]
    without = [*there[:place], *there[place + 1 :]]
    if edit == "delete":
        return without
    if edit == "move":
        to = data.draw(st.integers(0, len(without)))
        return [*without[:to], (index, row), *without[to:]]
    # A row that is dragged down is copied with its mark.
    dragged = None if edit == "copy" or index is None or not row[0] else ~abs(index)
    return [*there[: place + 1], (dragged, row), *there[place + 1 :]]


def put(book, there) -> None:
    """Write the rows on the sheet. Excel shows a rule that lets everything pass as an empty cell or as a dash."""
    book.sheet.delete_rows(FIRST_RULE, 100)
    for number, (index, cells) in enumerate(there, start=1):
        sheet_row = ["" if index is None else f"[rule {max(index, ~index) + 1}]", None, *cells]
        book.write(number, [escaped(value) for value in sheet_row])
        for cell in book.sheet[FIRST_RULE - 1 + number]:
            if isinstance(cell.value, str):
                cell.data_type = "s"


def resolved(row, before):
    """What the file should say for a row."""
    condition, conclusion, note = row
    if not condition:
        condition = before[0] if before is not None and before[0] in ("", "-") else "-"
    return (condition, conclusion, note)


def as_empty(row):
    """A row with one way to let everything pass: rows that say the same may be taken for each other."""
    return tuple("" if text == "-" else text for text in row)


def escaped(value):
    return None if value in ("", None) else re.sub(r"_x([0-9A-F]{4})_", r"_x005F_x\1_", value)


def written(rules, gaps):
    """A file with these rules and this white space."""
    outer, inner, text, end = gaps
    parts = [
        f'{outer}<rule id="r{number}" x:y="{number}&gt;">'
        + (f"{inner}<description>{escape(note)}</description>" if note else "")
        + f"{inner}<inputEntry>{text}<text>{escape(condition)}</text></inputEntry>"
        + f'{inner}<outputEntry id="o{number}">{text}<text>{escape(conclusion, quote=False)}</text>{end}</outputEntry>'
        + f"{end}</rule>"
        for number, (condition, conclusion, note) in enumerate(rules)
    ]
    table = (
        '<decision id="d1" name="Choice"><decisionTable hitPolicy="COLLECT" xmlns:x="http://example.org/x">'
        "<input><inputExpression><text>n</text></inputExpression></input><output/>"
        f"{''.join(parts)}{outer}</decisionTable></decision>"
    )
    return dmn('<inputData id="n" name="n"/>', table)


def said(content):
    """The rules of a file, read without any code of ours."""
    here = "*[local-name()='{}']/*[local-name()='text']"
    root = etree.fromstring(content, etree.XMLParser(remove_comments=True))
    found = []
    for rule in root.iter("{*}rule"):
        texts = [rule.xpath(f"string({here.format(name)})") for name in ("inputEntry", "outputEntry")]
        note = rule.xpath("string(*[local-name()='description'])")
        found.append(tuple(text.strip() for text in (*texts, note)))
    return found


def around(content):
    """All of a file but its rules, and but the space and comments between them."""
    return re.sub(
        rb"(\s|<!--.*?-->)*(<rule\b.*?</rule>(\s|<!--.*?-->)*)*(?=</decisionTable>)", b"", content, flags=re.DOTALL
    )


def rule_of(content, index):
    """A rule as it is written."""
    return re.findall(rb"<rule\b.*?</rule>", content, re.DOTALL)[index]
