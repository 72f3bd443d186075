"""Writing to the case-management system, which stays the child's record. What is written is decided elsewhere.

A refusal is a failure: nobody can clear it from the pathway, so after the retries it becomes an incident that a person
looks at. Being slow, busy or unreachable is not a failure: the job waits. Messages carry references, never a record's
contents.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from urllib.parse import quote

import httpx

from service.contract import Job, Resources, RetryLater, handler

TIMEOUT = httpx.Timeout(10.0, connect=3.0)
"""Seconds. A job holds no transaction while it waits, but it does hold a worker."""
BUSY = frozenset({429, 502, 503, 504})
LONGEST_WAIT = timedelta(hours=1)
"""However long the other system asks us to stay away, we look again after this."""
LONGEST_REASON = 300


class CaseRecordRefused(Exception):
    """The case-management system refused the oversight record."""


@handler("case-record.write-oversight")
def write_oversight(reference: str, resources: Resources, job: Job) -> dict[str, Any]:
    """Deliver one oversight record. Returns `{"receipt": {...}}` as the case-management system gave it.

    The job's id is the idempotency key, so that a second try after a lost answer is not a second record. Raises
    RetryLater while the system is away, CaseRecordRefused when it will not have the record.
    """
    record = resources.oversight_record(reference)
    url = f"{resources.setting('case_management_url').rstrip('/')}/oversight-records/{quote(reference, safe='')}"
    try:
        answer = httpx.put(url, json=record, headers={"Idempotency-Key": job.id}, timeout=TIMEOUT)
    except httpx.TimeoutException as late:
        raise RetryLater(f"The case-management system did not answer in time about {reference}.") from late
    except (httpx.NetworkError, httpx.RemoteProtocolError) as away:
        raise RetryLater("The case-management system cannot be reached.") from away
    return {"receipt": _receipt(answer, reference)}


def _receipt(answer: httpx.Response, reference: str) -> dict[str, Any]:
    if answer.status_code in BUSY:
        raise RetryLater(f"The case-management system is busy or down ({answer.status_code}).", _asked_wait(answer))
    body = _json_object(answer)
    if not answer.is_success:
        reason = body.get("reason") or body.get("detail") or body.get("title") or "It gave no reason."
        raise CaseRecordRefused(
            f"The case-management system refused {reference} ({answer.status_code}): {str(reason)[:LONGEST_REASON]}"
        )
    if not body:
        raise CaseRecordRefused(f"The case-management system accepted {reference} but gave no receipt for it.")
    return body


def _json_object(answer: httpx.Response) -> dict[str, Any]:
    try:
        body = answer.json()
    except ValueError:
        return {}
    return body if isinstance(body, dict) else {}


def _asked_wait(answer: httpx.Response) -> timedelta | None:
    """The wait that the other system asked for, in whole seconds; its form as a date is left to our own back-off."""
    asked = answer.headers.get("Retry-After", "")
    return min(timedelta(seconds=int(asked)), LONGEST_WAIT) if asked.isdecimal() else None
