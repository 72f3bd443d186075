"""Sending calls beside the work: many at once become one, and a receiver that is away delays nobody."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable

from service.logs import get_logger

log = get_logger(__name__)

PAUSE = 0.05
"""Seconds between two calls of one process: everything that was committed in between is told at once."""

PAUSE_AFTER_FAILURE = 5.0
"""Seconds before the next try when nobody could be reached."""


class Sender:
    """A thread that sends. It starts with the first call, in whichever process that is: threads survive no fork."""

    def __init__(self, send: Callable[[], None], failures: tuple[type[Exception], ...]) -> None:
        self._send = send
        self._failures = failures
        self._asked = threading.Event()
        self._lock = threading.Lock()
        self._started_in: int | None = None

    def ask(self) -> None:
        """Have a call sent soon; return at once."""
        self._asked.set()
        if self._started_in != os.getpid():
            with self._lock:
                if self._started_in != os.getpid():
                    self._started_in = os.getpid()
                    threading.Thread(target=self._run, name="wake-ups", daemon=True).start()

    def _run(self) -> None:
        while True:
            self._asked.wait()
            self._asked.clear()
            try:
                self._send()
            except self._failures as error:
                log.warning("call_not_sent", error=type(error).__name__)
                threading.Event().wait(PAUSE_AFTER_FAILURE)
            else:
                threading.Event().wait(PAUSE)
