"""Everything that can go wrong, by name. Status numbers are not here; they appear only in `web/`.

ServiceError
├── NotAuthenticated   nobody we know is asking
├── NotAllowed         somebody we know may not do this, because …
├── NotFound           it does not exist, or you may not know that it does
├── Conflict           true when you looked, no longer
├── Refused            the rule book says no, and what would clear it
├── Invalid            what was sent is wrong; every wrong field at once
└── ModelError         a diagram, table or form is wrong: our fault
    └── UnreadableState  a process instance cannot be opened with this build and release
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal

Severity = Literal["hard", "soft", "quality", "level"]


@dataclass(frozen=True, slots=True)
class Refusal:
    """One reason the rule book says no: the rule, what is missing, and whose action clears it (requirements §1.6)."""

    rule: str
    message: str
    cleared_by: str
    severity: Severity = "hard"
    override_level: str | None = None
    """The level that may allow it with a written reason; only ever set when `severity` is `soft`."""
    source: str = ""

    def as_dict(self) -> dict[str, Any]:
        """The refusal as JSON: the same object on a page, in a problem document and in the history."""
        return asdict(self)


class ServiceError(Exception):
    """Something went wrong that Towpath has no better name for."""

    def __init__(self, message: str | None = None, **details: Any) -> None:
        self.message = message or (type(self).__doc__ or "").strip().splitlines()[0]
        self.details: dict[str, Any] = details
        super().__init__(self.message)


class NotAuthenticated(ServiceError):
    """Sign in first, or send a valid bearer token."""


class NotAllowed(ServiceError):
    """You may not do this."""

    def __init__(self, permission: str, because: str, refusals: Sequence[Refusal] = (), **details: Any) -> None:
        self.permission = permission
        self.because = because
        self.refusals = tuple(refusals)
        super().__init__(f"You may not {permission}, because {because}.", **details)


class NotFound(ServiceError):
    """There is nothing here under that name."""


class Conflict(ServiceError):
    """It was true when you looked and is no longer: somebody or something was first."""


class Refused(ServiceError):
    """The rule book refuses this."""

    def __init__(self, action: str, refusals: Sequence[Refusal], **details: Any) -> None:
        if not refusals:
            raise ValueError("a refusal without a reason teaches nobody")
        self.action = action
        self.refusals = tuple(refusals)
        reasons = " ".join(f"{r.message} [Rule: {r.rule}]" for r in self.refusals)
        super().__init__(f"You cannot {action} yet. {reasons}", **details)


class Invalid(ServiceError):
    """What was sent is not valid."""

    def __init__(self, fields: Mapping[str, Sequence[str]], message: str | None = None, **details: Any) -> None:
        self.fields = {name: list(problems) for name, problems in fields.items()}
        super().__init__(message or "Some answers are missing or wrong.", **details)


class ModelError(ServiceError):
    """A diagram, table or form is wrong."""

    def __init__(self, message: str, *, element_id: str | None = None, file: str | None = None, **details: Any) -> None:
        self.element_id = element_id
        self.file = file
        super().__init__(message, **details)


class UnreadableState(ModelError):
    """The stored state of a process instance cannot be opened."""
