"""Workbooks as bytes: opened without trusting them, and written so that the same content gives the same bytes. What is
in a workbook is not here."""

from __future__ import annotations

import re
import warnings
import zipfile
import zlib
from io import BytesIO
from xml.parsers import expat

from lxml import etree
from openpyxl import Workbook, load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from service.domain.errors import Invalid

LARGEST_FILE = 20_000_000
LARGEST_CONTENT = 30_000_000
MOST_PARTS = 2_000
"""Bytes of a workbook, bytes of all that is packed in it, and how many things are packed in it."""
_BROKEN = (
    ArithmeticError, AssertionError, AttributeError, EOFError, LookupError, MemoryError, OSError, RuntimeError,
    SyntaxError, TypeError, ValueError, zipfile.BadZipFile, zlib.error, etree.LxmlError, InvalidFileException,
)  # fmt: skip
"""What openpyxl and zipfile raise on files that are no workbooks. They have no common name for it."""


def pack(workbook: Workbook) -> bytes:
    """The workbook as a file, without the time at which it was written, and with rows that grow with their text."""
    written, result = BytesIO(), BytesIO()
    workbook.save(written)
    with zipfile.ZipFile(written) as archive, zipfile.ZipFile(result, "w", zipfile.ZIP_DEFLATED) as timeless:
        for name in archive.namelist():
            content = archive.read(name)
            if name == "docProps/core.xml":
                content = re.sub(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", b"1980-01-01T00:00:00Z", content)
            if name.startswith("xl/worksheets/"):
                # openpyxl takes every height for one that somebody chose, which Excel then never changes.
                content = re.sub(rb'(<row [^>]*?) customHeight="1"', rb"\1", content)
            timeless.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
    return result.getvalue()


def unpack(content: bytes) -> Workbook:
    """The workbook in a file. Raises Invalid when it is too large, unsafe, or none."""
    try:
        _look_through(content)
        with warnings.catch_warnings():
            # What openpyxl warns of it leaves out: pictures, charts, rules for colours. No table needs them.
            warnings.simplefilter("ignore")
            return load_workbook(BytesIO(content), keep_links=False)
    except _BROKEN as broken:
        raise _refused(f"It is not an Excel workbook (.xlsx) that can be read: {broken}.") from broken


def _look_through(content: bytes) -> None:
    """Refuse what would grow when it is read: packed bytes, and XML with a document type."""
    if len(content) > LARGEST_FILE:
        raise _refused(f"It is larger than {LARGEST_FILE:,} bytes.")
    with zipfile.ZipFile(BytesIO(content)) as archive:
        parts = archive.infolist()
        # zipfile never unpacks more of a part than it declares.
        if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > LARGEST_CONTENT:
            raise _refused(f"It unpacks to more than {LARGEST_CONTENT:,} bytes or {MOST_PARTS:,} parts.")
        for part in parts:
            _refuse_document_type(archive.read(part))


def _refuse_document_type(part: bytes) -> None:
    def refuse(*_: object) -> None:
        raise _refused("One of its parts declares a document type, which no workbook needs.")

    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = refuse
    try:
        parser.Parse(part, True)
    except expat.ExpatError:
        # A picture, or XML that openpyxl will not read either.
        return


def _refused(reason: str) -> Invalid:
    return Invalid({"workbook": [reason]}, "This workbook cannot be opened.")
