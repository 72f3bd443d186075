"""Whether an instance may go on, and who stopped it when it may not. Stopping it is in `steering.py`."""

from __future__ import annotations

from datetime import datetime

from service.domain.errors import Conflict
from service.operations.words import moment_words
from service.store.instances import InstanceRow


def require_running(instance: InstanceRow) -> None:
    """Go on only if the instance runs. Raises Conflict that says who suspended or cancelled it, when and why."""
    if instance.status != "running":
        raise Conflict(f"“{instance.name}” {standing_words(instance)}.")


def standing_words(instance: InstanceRow) -> str:
    """What became of an instance that does not run: "was suspended by … on …: …", without a full stop."""
    if instance.status == "suspended":
        return _told("suspended", instance.suspended_by, instance.suspended_at, instance.suspended_because)
    if instance.status == "cancelled":
        return _told("cancelled", instance.ended_by, instance.ended_at, instance.ended_because)
    return f"came to its end{_on(instance.ended_at)}"


def _told(how: str, who: str | None, when: datetime | None, because: str | None) -> str:
    reason = (because or "").strip().rstrip(".")
    return f"was {how}{f' by {who}' if who else ''}{_on(when)}{f': {reason}' if reason else ''}"


def _on(when: datetime | None) -> str:
    return f" on {moment_words(when)}" if when else ""
