"""A question of a form as one person sees it: every expression evaluated. Parsing and checking are not here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

TYPED = frozenset({"textfield", "textarea", "number"})
"""Answered by typing."""
ONE_OF = frozenset({"radio", "select"})
"""Answered by choosing one option."""
CHOSEN = ONE_OF | {"checklist"}
"""Answered from the options."""
ASKING = TYPED | CHOSEN | {"checkbox", "datetime", "dynamiclist"}
"""Kinds that take an answer."""
SHOWN = frozenset({"text", "separator", "spacer"})
"""Kinds that only show something."""
MAX_ROWS = 100
"""The most rows of a list that a form which says nothing takes."""


def posted(value: Any) -> str:
    """A JSON value as the text that an HTML form posts for it."""
    return str(value).lower() if isinstance(value, bool) else str(value).strip()


@dataclass(frozen=True, slots=True)
class Option:
    """One answer that may be chosen. `value` is what is kept (JSON), `label` what is read."""

    value: Any
    label: str

    @property
    def text(self) -> str:
        """The value as an HTML form posts it back."""
        return posted(self.value)


@dataclass(frozen=True, slots=True)
class Field:
    """One component of a form, ready to be drawn or to check an answer. `kind` is the component type of form-js."""

    kind: str
    id: str
    """The id of the component in the form's file."""
    key: str = ""
    """Under which name the answer is kept; empty for what only shows something."""
    label: str = ""
    description: str = ""
    text: str = ""
    """Markdown of a `text` component."""
    group: tuple[str, ...] = ()
    """The titles of the groups around it, outermost first."""
    required: bool = False
    required_message: str = ""
    hidden: bool = False
    """Its `conditional.hide` says so for these answers."""
    hide_reads: tuple[str, ...] = ()
    """The keys of this form that decide whether it is hidden: it can change while the form is filled in."""
    locked: bool = False
    """Disabled or read-only: shown, and no answer is taken for it."""
    options: tuple[Option, ...] = ()
    min_length: int | None = None
    max_length: int | None = None
    minimum: Decimal | None = None
    maximum: Decimal | None = None
    decimal_digits: int | None = None
    as_text: bool = False
    """A number kept as text (`serializeToString`)."""
    pattern: str | None = None
    format: str | None = None
    """`email` or `phone`."""
    subtype: str | None = None
    """`date`, `time` or `datetime`."""
    earliest: str | None = None
    """ISO text; an earlier date is refused. Likewise `latest`."""
    latest: str | None = None
    default: Any = None
    prefix: str = ""
    suffix: str = ""
    min_rows: int = 0
    max_rows: int = MAX_ROWS
    fields: tuple[Field, ...] = ()
    """The columns of a `dynamiclist`, as they are in a row that is still blank."""
    rows: tuple[tuple[Field, ...], ...] = ()
    """The columns once more for each row of the answers: what is hidden or on offer can differ from row to row."""
    properties: Mapping[str, str] = field(default_factory=dict)
    """The custom properties of the component."""

    @property
    def asks(self) -> bool:
        """Whether it takes an answer here and now."""
        return self.kind in ASKING and not self.hidden and not self.locked
