"""A page of memory that a worker and its watcher share: how many inputs were tried, and which is tried since when."""

from __future__ import annotations

import mmap
import struct
import time
from pathlib import Path

_HEAD = struct.Struct("<QdQ")
_SIZE = 400_000


class Notebook:
    """The page, in a file. The worker writes it before each attempt, so that what it dies of is known."""

    def __init__(self, file: Path) -> None:
        if not file.exists():
            file.write_bytes(bytes(_SIZE))
        with file.open("r+b") as opened:
            self._page = mmap.mmap(opened.fileno(), _SIZE)

    def begin(self, content: bytes) -> None:
        """An attempt with this input begins."""
        kept = content[: _SIZE - _HEAD.size]
        self._page[_HEAD.size : _HEAD.size + len(kept)] = kept
        _HEAD.pack_into(self._page, 0, self.attempts, time.monotonic(), len(kept))

    def end(self) -> None:
        """The attempt is over."""
        _HEAD.pack_into(self._page, 0, self.attempts + 1, 0.0, 0)

    @property
    def attempts(self) -> int:
        """How many are over."""
        return int(_HEAD.unpack_from(self._page)[0])

    def running(self) -> tuple[float, bytes] | None:
        """How many seconds the attempt has run and with which input; None between two attempts."""
        _, began, length = _HEAD.unpack_from(self._page)
        return (time.monotonic() - began, self._page[_HEAD.size : _HEAD.size + length]) if began else None
