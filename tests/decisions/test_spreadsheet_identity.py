"""A decision file that goes to a workbook and comes back unedited is the same file, byte for byte."""

from __future__ import annotations

import codecs
import re
import zipfile
from io import BytesIO

import pytest
from openpyxl import load_workbook

from service.data_files import processes_directory
from service.decisions.spreadsheet import from_workbook, to_workbook
from service.decisions.xml import NAMESPACES
from service.domain.errors import ModelError
from tests.decisions.tables import boxed, dmn, feel, function, literal, table
from tests.decisions.workbooks import LEGAL, Open

RULEBOOK = sorted(processes_directory().rglob("*.dmn"))
TABLE = table(['"a", "b" | < 1 => "x" | 1 # because', "- | [1..2] => null | 2"], inputs=("s", "n"), outputs=("x", "y"))
INNER = TABLE.partition(">")[2].partition("</decision>")[0]
ODD = {
    "a byte order mark": codecs.BOM_UTF8 + LEGAL,
    "line ends of Windows": LEGAL.replace(b"\n", b"\r\n"),
    "line ends of both kinds": LEGAL.replace(b"\n", b"\r\n", 9),
    "no line ends": dmn(TABLE),
    "no declaration": LEGAL.partition(b"\n")[2],
    "UTF-16": LEGAL.decode().replace("UTF-8", "UTF-16").encode("utf-16"),
    "UTF-16 of the other order": codecs.BOM_UTF16_BE + LEGAL.decode().replace("UTF-8", "UTF-16").encode("utf-16-be"),
    "Latin 1": LEGAL.decode().replace("UTF-8", "ISO-8859-1").replace("Young", "Jünger").encode("latin-1"),
    "no ids": LEGAL.replace(b' id="', b' own:id="'),
    "references for characters": LEGAL.replace(b"Young", b"Y&#111;ung&#13;&#10;&#x1F600;"),
    "space around texts": LEGAL.replace(b"&lt; 16", b"\n\t &lt; 16  \n"),
    "several lines in a cell": LEGAL.replace(b'"head"', b'"head" +\n    "master"'),
    "comments in cells": LEGAL.replace(b'"head"', b'"he<!-- <the end> -->ad"<?note x?>'),
    "what Excel takes for an escape": LEGAL.replace(b"Young", b"_x0041_ and _x005F_"),
    "what Excel takes for a formula": LEGAL.replace(b'"head"', b"=1+1").replace(b"Young", b"=HYPERLINK(1)"),
    "annotations": dmn(
        TABLE.replace("<rule", '<annotation name="Source"/><annotation/><rule', 1).replace(
            "</rule>", "<annotationEntry><text>Act, s. 47</text></annotationEntry></rule>", 1
        )
    ),
    "an element between rules": LEGAL.replace(b"<!-- then the others -->", b"<own:line/>"),
}


@pytest.mark.parametrize("file", RULEBOOK, ids=lambda file: file.name)
def test_every_file_of_the_rule_book_comes_back_as_it_was(file) -> None:
    assert comes_back(file.read_bytes())


@pytest.mark.parametrize("odd", ODD)
def test_a_file_comes_back_with(odd) -> None:
    assert comes_back(ODD[odd])


@pytest.mark.parametrize("namespace", NAMESPACES)
def test_every_version_of_dmn_comes_back(namespace) -> None:
    assert comes_back(dmn(TABLE, namespace=namespace))


@pytest.mark.parametrize(
    "parts",
    [
        (table(["- => 1"], decision_id="one"), table(["- => 2"], decision_id="two")),
        (function("", "n", logic=INNER), literal("double(1)")),
        (boxed(f'<context><contextEntry><variable name="a"/>{INNER}</contextEntry></context>'),),
        (boxed(f"<list>{INNER}{feel('1')}</list>"),),
        (table([], outputs=("x",)),),
    ],
    ids=["two decisions", "a function", "a context", "a list", "no rules"],
)
def test_a_table_comes_back_wherever_it_stands(parts) -> None:
    assert comes_back(dmn(*parts))


def test_the_same_file_gives_the_same_workbook() -> None:
    workbook = to_workbook("legal.dmn", LEGAL)
    assert workbook == to_workbook("legal.dmn", LEGAL)
    archive = zipfile.ZipFile(BytesIO(workbook))
    assert {part.date_time[0] for part in archive.infolist()} == {1980}
    assert set(re.findall(rb">(\d{4})-", archive.read("docProps/core.xml"))) == {b"1980"}


def test_the_name_of_the_file_comes_back() -> None:
    assert from_workbook(to_workbook("legal.dmn", LEGAL)).name == "legal.dmn"


def test_a_large_table_comes_back() -> None:
    rules = [f'"{number}", "{number * 7919 % 10007}" => "{"long " * 60}{number}"' for number in range(500)]
    content = dmn(table(rules, inputs=("s",)))
    assert len(content) > 200_000
    assert comes_back(content)


def test_what_is_shown_is_text_whatever_it_looks_like() -> None:
    cells = ["=1+1", "-", "1E3", "true", "2027-01-04", "+5", "@x", "007"]
    sheet = Open(dmn(table([f"{cell} => 1" for cell in cells]))).sheet
    shown = [sheet.cell(10 + place, 3) for place in range(len(cells))]
    assert [(cell.value, cell.data_type, cell.number_format) for cell in shown] == [(text, "s", "@") for text in cells]


def test_a_sheet_has_its_decision_s_name_as_far_as_excel_allows() -> None:
    names = ["May it close?", "A/B [draft]: " + "long " * 9, "a-b draft  " + "long " * 9, "history", "'"]
    decisions = [table(["- => 1"], decision_id=f"d{at}").replace(f'name="d{at}"', f'name="{name}"', 1)
                 for at, name in enumerate([*names, names[1]])]  # fmt: skip
    titles = Open(dmn(*decisions)).book.sheetnames
    assert titles[:1] == ["May it close"]
    assert len({title.casefold() for title in titles}) == len(titles) == 7
    assert all(len(title) <= 31 and not set(title) & set("[]:*?/\\") for title in titles)
    assert comes_back(dmn(*decisions))


def test_rows_are_as_high_as_their_text_and_grow_with_it() -> None:
    described = LEGAL.replace(b"Young", b"Young " * 60)
    heights = Open(described).sheet.row_dimensions
    assert heights[10].height > 3 * heights[11].height
    part = zipfile.ZipFile(BytesIO(to_workbook("legal.dmn", described))).read("xl/worksheets/sheet1.xml")
    assert b'<row r="10" ht="' in part
    assert b"customHeight" not in part


def test_the_kept_file_is_hidden_from_every_menu() -> None:
    book = Open().book
    assert [(sheet.title, sheet.sheet_state) for sheet in book] == [("Who signs", "visible"), ("Towpath", "veryHidden")]


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        (dmn(literal("1")), "legal.dmn has no decision table"),
        (b"<definitions", "is not XML"),
        (LEGAL.replace(b'hitPolicy="FIRST"', b'hitPolicy="ALL"'), 'no hit policy "ALL"'),
        (LEGAL.replace(b"Young", b"y" * 33_000), "F10: Excel keeps 32,767 characters"),
        (b'<!DOCTYPE d [<!ENTITY a "b">]>' + LEGAL.partition(b"\n")[2], "document type"),
    ],
)
def test_what_cannot_become_a_workbook_says_why(content, complaint) -> None:
    with pytest.raises(ModelError, match=complaint):
        to_workbook("legal.dmn", content)


def comes_back(content):
    """Whether it does, from our own workbook and from one that another program has opened and saved."""
    ours = to_workbook("legal.dmn", content)
    saved = BytesIO()
    load_workbook(BytesIO(ours)).save(saved)
    for workbook in (ours, saved.getvalue()):
        returned = from_workbook(workbook)
        if (returned.dmn, returned.changes, returned.unread) != (content, (), ()):
            return False
    return True
