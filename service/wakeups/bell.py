"""The bell of one process: whoever looks for due work sleeps until it rings. Calling other processes is not here."""

from __future__ import annotations

import threading


class Bell:
    """Calls within this process; those that reach others are its subclasses. Nothing here raises or keeps a caller."""

    def __init__(self) -> None:
        self._rung = threading.Event()

    @property
    def hears_others(self) -> bool:
        """Whether calls of other processes arrive now; if not, one must look often."""
        return False

    def call(self) -> None:
        """There is due work: tell everybody. Returns at once."""
        self.ring()

    def ring(self) -> None:
        """Wake this process."""
        self._rung.set()

    def wait(self, seconds: float) -> None:
        """Return when called, or after so many seconds."""
        self._rung.wait(seconds)
        self._rung.clear()

    def listen(self) -> None:
        """Begin to hear others. Whoever only calls never listens."""

    def serve_calls(self) -> None:
        """Take calls from the broker until told to stop. Raises ValueError where there is none."""
        raise ValueError("There is no broker to take calls from. Set TOWPATH_BROKER_URL, or run: towpath worker")

    def reaches(self) -> bool | None:
        """Whether what carries the calls answers; None where nothing does."""
        return None

    def close(self) -> None:
        """End what runs beside."""
