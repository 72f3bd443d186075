"""`towpath` under a clock that can be moved from outside: the seconds in a file are added to the machine's time."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

from service import cli
from service.app import create_app
from service.logs import configure_logs

OFFSET = "TOWPATH_BENCH_CLOCK"
"""The environment variable that says where the file is."""


def now() -> datetime:
    """The machine's time and what the file adds to it."""
    text = Path(os.environ[OFFSET]).read_text() or "0"
    return datetime.now(UTC) + timedelta(seconds=float(text))


if __name__ == "__main__":
    configure_logs()
    cli.towpath(obj=partial(create_app, now=now))
