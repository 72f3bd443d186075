"""The DMN file that a workbook was made of, kept inside it, so that nothing is lost on the way. What the sheets show is
not here."""

from __future__ import annotations

import base64
import binascii
import hashlib
import zlib
from dataclasses import dataclass
from pathlib import PurePosixPath, PureWindowsPath

from openpyxl import Workbook

from service.domain.errors import Invalid
from service.safe_xml import LARGEST

SHEET = "Towpath"
"""The name of the sheet; it is hidden so that no menu of Excel shows it."""
_FORMAT = "Decision tables of Towpath, version 1"
_CHUNK = 32_000
"""Characters in one cell. Excel keeps 32,767."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A DMN file and its name."""

    name: str
    dmn: bytes


def keep(workbook: Workbook, kept: Kept) -> None:
    """Put the file on a sheet of its own."""
    sheet = workbook.create_sheet(SHEET)
    sheet.sheet_state = "veryHidden"
    packed = base64.b64encode(zlib.compress(kept.dmn, 9)).decode()
    chunks = [packed[start : start + _CHUNK] for start in range(0, len(packed), _CHUNK)]
    for row, text in enumerate((_FORMAT, kept.name, digest(kept.dmn), *chunks), start=1):
        cell = sheet.cell(row, 1, text)
        cell.number_format, cell.data_type = "@", "s"


def kept_in(workbook: Workbook) -> Kept:
    """The file that a workbook was made of. Raises Invalid when it is not there, or not as it was put there."""
    if SHEET not in workbook.sheetnames:
        raise _lost("It has no hidden sheet with the decision file that it was made of.")
    rows = [str(row[0] or "") for row in workbook[SHEET].iter_rows(max_col=1, values_only=True)]
    if len(rows) < 4 or rows[0] != _FORMAT:
        raise _lost(f"Its hidden sheet “{SHEET}” is not the one that Towpath wrote.")
    try:
        unpacking = zlib.decompressobj()
        dmn = unpacking.decompress(base64.b64decode("".join(rows[3:]), validate=True), LARGEST + 1)
    except (binascii.Error, zlib.error, ValueError) as broken:
        raise _lost(f"The decision file on its hidden sheet “{SHEET}” is broken.") from broken
    if digest(dmn) != rows[2]:
        raise _lost(f"The decision file on its hidden sheet “{SHEET}” was changed.")
    if rows[1] in ("", ".", "..") or {PurePosixPath(rows[1]).name, PureWindowsPath(rows[1]).name} != {rows[1]}:
        raise _lost(f"The name of the decision file on its hidden sheet “{SHEET}” was changed.")
    return Kept(rows[1], dmn)


def digest(dmn: bytes) -> str:
    """By which a file is told from every other."""
    return hashlib.sha256(dmn).hexdigest()


def _lost(reason: str) -> Invalid:
    return Invalid(
        {"workbook": [f"{reason} Make a new one with “towpath rulebook to-excel”, and copy your cells into it."]},
        "This workbook cannot become a decision file.",
    )
