"""The handler of the bench of faults: an effect in the world that is written down with its idempotency key.

The service's own handlers are beside it, because the demo's rule book asks for them.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from handlers import case_record
from service.contract import Job, handler

__all__ = ["case_record", "have_effect"]

EFFECTS = "TOWPATH_BENCH_EFFECTS"
"""The environment variable that says in which file the effects are written down."""


@handler("bench.effect")
def have_effect(job: Job) -> dict[str, Any]:
    """Append one line: instance, key, attempt. A line is short: workers do not write into one another."""
    line = f"{job.instance_id} {job.id} {job.attempt}\n".encode()
    descriptor = os.open(Path(os.environ[EFFECTS]), os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    try:
        os.write(descriptor, line)
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    return {}
