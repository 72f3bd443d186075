"""One step of an instance: what is known while it is taken, what it brought about. Taking it is in `advancing.py`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from service.access.chart import Chart
from service.domain.people import Actor
from service.operations.context import read_chart, require_case
from service.operations.environment import Environment, ReleaseInUse
from service.store.cases import CaseRow
from service.store.history import HistoryRow, add_entry
from service.store.instances import InstanceRow


@dataclass
class Step:
    """An instance, locked, with everything an operation on it needs; and the consequences, gathered for the history."""

    env: Environment
    actor: Actor
    instance: InstanceRow
    release: ReleaseInUse
    case: CaseRow
    chart: Chart
    because: Callable[[], str] = str
    """Says what ended the user tasks that this step ends and nobody completed: "by the timer “Too late”"."""
    ended: set[str] = field(default_factory=set)
    """User tasks and jobs whose end is what brought the step about; their rows say so already."""
    consequences: list[str] = field(default_factory=list)
    """What followed, as sentences, in order."""
    rules: list[dict[str, Any]] = field(default_factory=list)
    """Decisions evaluated on the way and the rules that matched."""
    opened: list[str] = field(default_factory=list)
    """What waits now that did not wait before, in words."""


def take_up(
    env: Environment,
    actor: Actor,
    instance: InstanceRow,
    *,
    chart: Chart | None = None,
    case: CaseRow | None = None,
) -> Step:
    """Everything needed to advance an instance that the caller has locked, or to look at it.

    `chart` is given by whoever looks at many instances at once, so that the organisation is read only once; `case` by
    whoever has locked it already.
    """
    release = env.releases.get(instance.release_number)
    return Step(
        env=env,
        actor=actor,
        instance=instance,
        release=release,
        case=case if case is not None else require_case(instance.case_reference),
        chart=chart if chart is not None else read_chart(release),
    )


def record(
    step: Step,
    verb: str,
    subject: str,
    *,
    rule: str | None = None,
    details: Mapping[str, Any] | None = None,
) -> None:
    """The one history entry of an operation: who, what, when, under which release and rule, and what followed."""
    kept = {name: detail for name, detail in (details or {}).items() if detail is not None}
    if step.consequences:
        kept["followed"] = list(step.consequences)
    if step.rules:
        kept["rules"] = list(step.rules)
    add_entry(
        HistoryRow(
            at=step.env.now(),
            case_reference=step.case.reference,
            instance_id=step.instance.id,
            actor_id=step.actor.id,
            actor_name=step.actor.name,
            verb=verb,
            subject=subject,
            release_number=step.release.number,
            rule=rule,
            details=kept,
        )
    )
