"""A case event as another system posts it (CloudEvents 1.0). What it does is not here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class CaseEvent:
    """One event of another system. `source` and `id` together name it for ever."""

    source: str
    id: str
    type: str
    """The BPMN message or signal name."""
    subject: str
    """The case reference, which is the business key."""
    time: datetime | None = None
    """When it happened, aware; None when the sender does not say, then the time of receipt counts."""
    data: Mapping[str, Any] = field(default_factory=dict)
    correlation_key: str | None = None
    """What a waiting message is found by; the case reference when None. A signal has none."""
