"""Asking a guard table what stands in the way. What a guard refuses is in `processes/`; who may act is in `access/`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, cast, get_args

from service.domain.errors import ModelError, Refusal, Severity
from service.feel import from_json
from service.operations.environment import ReleaseInUse

SEVERITIES = frozenset(get_args(Severity))


def guard_ids(properties: Mapping[str, Any]) -> tuple[str, ...]:
    """The guard tables a task or a start event names: a list, or a comma-separated text."""
    return names_in(properties.get("guard"))


def names_in(value: Any) -> tuple[str, ...]:
    """Names in a property: a FEEL list, or a comma-separated text."""
    if value is None:
        return ()
    parts = value.split(",") if isinstance(value, str) else value
    return tuple(str(part).strip() for part in parts if str(part).strip())


def ask_guards(release: ReleaseInUse, guards: Sequence[str], scope: Mapping[str, Any], now: datetime) -> list[Refusal]:
    """Every refusal of these guard tables for this scope, in order.

    Raises ModelError when a table is wrong, or when it asks for something that is not there: a guard that cannot see
    must not let anybody through.
    """
    decide = release.decider(now)
    context = {name: from_json(value) for name, value in scope.items()}
    found: list[Refusal] = []
    for guard in guards:
        decided = decide(guard, context)
        if decided.null_reasons:
            raise ModelError(f"guard {guard!r} cannot decide: {'; '.join(map(str, decided.null_reasons))}")
        for row in decided.result or ():
            refusal = _refusal(guard, row)
            if refusal not in found:
                found.append(refusal)
    return found


def _refusal(guard: str, row: Mapping[str, Any]) -> Refusal:
    severity = row.get("severity")
    if severity not in SEVERITIES or not row.get("rule") or not row.get("message") or not row.get("clearedBy"):
        raise ModelError(f"guard {guard!r} gave a refusal without rule, severity, message or clearedBy")
    return Refusal(
        rule=str(row["rule"]),
        message=str(row["message"]),
        cleared_by=str(row["clearedBy"]),
        severity=cast("Severity", severity),
        override_level=(row.get("overrideLevel") or None) if severity == "soft" else None,
        source=str(row.get("source") or ""),
    )
