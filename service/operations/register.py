"""Changes to Towpath's own case register, made in the same transaction as the step that decided them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from service.domain.errors import ModelError
from service.domain.outcome import OpenJob
from service.operations.guards import names_in
from service.operations.step import Step
from service.operations.words import LOCAL
from service.store.cases import find_involvements, lock_case
from service.store.records import find_record, records_of_instance

PREFIX = "register."
"""Job types that begin so are never given to a handler."""


def is_register_change(job: OpenJob) -> bool:
    """Whether a job changes the register rather than the world."""
    return job.type.startswith(PREFIX)


def apply_register_change(step: Step, job: OpenJob) -> dict[str, Any]:
    """Make the change and give the job's result variables. Raises ModelError when there is no such change."""
    change = CHANGES.get(job.type)
    if change is None:
        raise ModelError(f"there is no register change {job.type!r}", element_id=job.element_id)
    return change(step, job.variables)


def _end_involvements(step: Step, variables: Mapping[str, Any]) -> dict[str, Any]:
    """End the involvements named in `involvements`, or every open one. Gives the number ended."""
    named = variables.get("involvements")
    lock_case(step.case.reference)
    today = step.env.now().astimezone(LOCAL).date()
    ended = 0
    for row in find_involvements(step.case.reference):
        if row.ended_on is None and (named is None or row.id in names_in(named)):
            row.ended_on = today
            ended += 1
            step.consequences.append(f"Involvement ended: {row.name}, {row.role}")
    return {"involvementsEnded": ended}


def _change_case(step: Step, variables: Mapping[str, Any]) -> dict[str, Any]:
    """Change the case as `changes` says: its status, or facts of the register.

    A case is never closed while an involvement is open, whatever the diagram draws: the register would then show
    somebody at work on a case that nobody owns (S3 5.2).
    """
    changes = variables.get("changes")
    if not isinstance(changes, Mapping):
        raise ModelError("register.change-case needs the input 'changes', a context")
    case = lock_case(step.case.reference) or step.case
    for name, value in changes.items():
        if name != "status":
            case.facts = {**case.facts, name: value}
        elif value == "closed":
            still_open = [row.name for row in find_involvements(case.reference) if row.ended_on is None]
            if still_open:
                raise ModelError(f"case {case.reference} cannot be closed: {len(still_open)} involvements are open")
            case.status = "closed"
            case.closed_on = step.env.now().astimezone(LOCAL).date()
            step.consequences.append("Case closed")
        elif value == "open":
            case.status = "open"
            case.closed_on = None
            step.consequences.append("Case opened again")
        else:
            raise ModelError(f"a case is open or closed, not {value!r}")
    return {}


def _keep_receipt(step: Step, variables: Mapping[str, Any]) -> dict[str, Any]:
    """Keep the case record's receipt with the oversight record it is for."""
    reference, receipt = variables.get("reference"), variables.get("receipt")
    record = find_record(str(reference))
    if record is None or not isinstance(receipt, Mapping):
        raise ModelError(f"there is no oversight record {reference!r} to keep a receipt for, or no receipt")
    record.receipt = dict(receipt)
    record.receipt_at = step.env.now()
    step.consequences.append(f"Receipt kept for oversight record {reference}")
    return {}


def _clear_signatures(step: Step, variables: Mapping[str, Any]) -> dict[str, Any]:
    """Clear every signature that stands in this instance but the one in `keep`, with the reason. None is deleted."""
    clear_signatures(step, str(variables.get("because") or "sent back"), keep=variables.get("keep"))
    return {}


def clear_signatures(step: Step, because: str, *, keep: Any = None, since: datetime | None = None) -> int:
    """Clear the signatures that stand in the step's instance, written at `since` or later when that is given, but the
    one in `keep`. None is deleted. Gives how many."""
    cleared = 0
    for row in records_of_instance(step.instance.id):
        late = since is None or row.written_at >= since
        if row.cleared_at is None and late and row.reference != keep:
            row.cleared_at = step.env.now()
            row.cleared_because = because
            cleared += 1
    step.consequences.append(f"Signatures cleared: {cleared}")
    return cleared


CHANGES: Mapping[str, Callable[[Step, Mapping[str, Any]], dict[str, Any]]] = {
    "register.end-involvements": _end_involvements,
    "register.change-case": _change_case,
    "register.keep-receipt": _keep_receipt,
    "register.clear-signatures": _clear_signatures,
}
