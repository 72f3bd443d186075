"""What a job is as it opens: its type, tries and headers, evaluated once. Who waits for it is with the specs."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from service.engine.drawn import Element
from service.engine.spiff import SpiffTask, turn_of
from service.engine.texts import Text
from service.engine.turn import wrong
from service.engine.variables import seen_by

LARGEST = 10**9
"""Whole numbers on a diagram are smaller: they are counts and ranks, and every database holds them."""
_WHOLE = re.compile(r"-?[0-9]{1,9}", re.ASCII)


def opened_job(task: SpiffTask, job_type: Text, retries: Text, headers: Mapping[str, str]) -> dict[str, Any]:
    """The job as the state keeps it. Raises ModelError naming the element of the task."""
    element: Element = task.task_spec.element
    turn, seen = turn_of(task), seen_by(task)
    kind = turn.evaluate(job_type, seen, element, "the job type")
    if not isinstance(kind, str) or not kind:
        raise wrong(element, f"the job type is not a text but {kind!r}")
    tries = turn.evaluate(retries, seen, element, "the number of retries")
    return {"type": kind, "retries": whole(element, tries, "the number of retries"), "headers": dict(headers)}


def whole(element: Element, value: Any, what: str) -> int:
    """A whole number, from a FEEL number or digits. Raises ModelError naming the element."""
    if isinstance(value, str) and _WHOLE.fullmatch(value.strip()):
        return int(value)
    if isinstance(value, Decimal) and value == value.to_integral_value() and abs(value) < LARGEST:
        return int(value)
    raise wrong(element, f"{what} is not a whole number of at most nine digits but {value!r}")
