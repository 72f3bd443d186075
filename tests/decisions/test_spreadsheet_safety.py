"""Files that are no workbooks of ours, or are made to do harm, are refused in words."""

from __future__ import annotations

import zipfile
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from service.decisions.spreadsheet import from_workbook, packing, to_workbook
from service.decisions.spreadsheet.keeping import SHEET
from service.domain.errors import Invalid, ServiceError
from tests.decisions.workbooks import LEGAL, Open
from tests.feel.randomly import laws

OURS = to_workbook("legal.dmn", LEGAL)
BOMB = b'<!DOCTYPE w [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]><workbook>&b;</workbook>'


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        (b"", "It is not an Excel workbook"),
        (b"PK\x03\x04", "It is not an Excel workbook"),
        (LEGAL, "It is not an Excel workbook"),
        (OURS[: len(OURS) // 2], "It is not an Excel workbook"),
        (b"x" * (packing.LARGEST_FILE + 1), "It is larger than 20,000,000 bytes"),
    ],
    ids=["empty", "begun", "DMN", "cut off", "large"],
)
def test_what_is_no_workbook_is_refused(content, complaint) -> None:
    assert complaint in refusal(content)


def test_what_unpacks_to_too_much_is_refused_before_it_is_unpacked() -> None:
    assert "It unpacks to more than 30,000,000 bytes" in refusal(
        changed({"xl/media/image.png": b"\0" * (packing.LARGEST_CONTENT + 1)})
    )
    assert "2,000 parts" in refusal(changed({f"x/{number}": b"" for number in range(packing.MOST_PARTS)}))


@pytest.mark.parametrize("part", ["xl/workbook.xml", "xl/worksheets/sheet1.xml", "[Content_Types].xml", "docs/a.png"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_document_type_in_any_part_is_refused(part, encoding) -> None:
    bomb = b"<?xml version='1.0'?>".decode() + " " * 200_000 + BOMB.decode()
    assert "declares a document type" in refusal(changed({part: bomb.encode(encoding)}))


def test_a_link_to_another_workbook_is_not_followed() -> None:
    link = (
        b'<externalLink xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
        b' xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">'
        b'<externalBook r:id="rId1"/></externalLink>'
    )
    assert from_workbook(changed({"xl/externalLinks/externalLink1.xml": link})).dmn == LEGAL


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        (lambda book: book.remove(book[SHEET]), "It has no hidden sheet"),
        (lambda book: write(book, "A1", "Decision tables of Towpath, version 2"), "is not the one that Towpath wrote"),
        (lambda book: write(book, "A3", "0" * 64), "was changed"),
        (lambda book: write(book, "A4", "AAAA"), "is broken"),
        (lambda book: write(book, "A4", "é"), "is broken"),
        (lambda book: write(book, "A2", "../legal.dmn"), "The name of the decision file"),
        (lambda book: write(book, "A2", "C:\\legal.dmn"), "The name of the decision file"),
        (lambda book: write(book, "A2", ".."), "The name of the decision file"),
    ],
)
def test_a_workbook_whose_kept_file_is_lost_says_what_to_do(change, complaint) -> None:
    book = Open()
    change(book.book)
    told = book.complaints()
    assert complaint in told
    assert "Make a new one with “towpath rulebook to-excel”" in told


def test_a_workbook_made_by_hand_says_what_to_do() -> None:
    written = BytesIO()
    Workbook().save(written)
    assert "Make a new one with “towpath rulebook to-excel”" in refusal(written.getvalue())


def test_a_sheet_of_far_too_many_cells_is_refused() -> None:
    book = Open()
    book.sheet["XFD1048576"].value = "x"
    assert "It has more than 2,000,000 cells" in book.complaints()


@laws(100)
@given(st.integers(0, len(OURS) - 1), st.integers(0, 255))
def test_a_damaged_workbook_is_read_rightly_or_refused(place, value) -> None:
    damaged = OURS[:place] + bytes([value]) + OURS[place + 1 :]
    try:
        found = from_workbook(damaged).dmn
    except ServiceError:
        found = LEGAL
    assert found == LEGAL


@laws(100)
@given(st.sampled_from(zipfile.ZipFile(BytesIO(OURS)).namelist()), st.data())
def test_a_workbook_with_a_damaged_part_is_read_or_refused(name, data) -> None:
    part = zipfile.ZipFile(BytesIO(OURS)).read(name)
    place = data.draw(st.integers(0, len(part)))
    piece = data.draw(st.sampled_from([b"", b"<", b'"', b"9", b"<c/>", b"\xff", b"t", b"&amp;", b' r="A0"']))
    length = data.draw(st.integers(0, 9))
    try:
        found = from_workbook(changed({name: part[:place] + piece + part[place + length :]})).dmn
    except ServiceError:
        found = LEGAL
    assert found.startswith(b"<?xml")


def changed(parts):
    """Our workbook with other parts."""
    written = BytesIO()
    with zipfile.ZipFile(BytesIO(OURS)) as ours, zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in ours.namelist():
            if name not in parts:
                archive.writestr(name, ours.read(name))
        for name, content in parts.items():
            archive.writestr(name, content)
    return written.getvalue()


def refusal(content):
    """What is said about a workbook that cannot be used."""
    with pytest.raises(Invalid) as refused:
        from_workbook(content)
    return " ".join(refused.value.fields["workbook"])


def write(book, cell, text):
    """Write on the hidden sheet."""
    book[SHEET][cell].value = text
