"""The signal that an operation has no result. It never leaves this room: it becomes null with its reason."""

from __future__ import annotations


class Absent(Exception):
    """There is no result; the argument says why, in words."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(reason)
