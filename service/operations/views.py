"""What operations answer: frozen values for pages, the API and the command line. How they are found is not here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Literal

from service.definitions.fields import Field
from service.domain.errors import Refusal
from service.operations.instance_views import IncidentView, InstanceView, StoppedView


@dataclass(frozen=True, slots=True)
class AuthorityView:
    """The authority this installation serves."""

    name: str
    demo: bool


@dataclass(frozen=True, slots=True)
class PostHolder:
    """A person who can sign in to the demo, as the post they hold."""

    person_id: str
    name: str
    title: str
    level_name: str
    team_name: str
    """The team's name, or the area or service for posts above a team."""


@dataclass(frozen=True, slots=True)
class CaseIdentity:
    """The bar at the top of a page about a child."""

    reference: str
    label: str
    status: Literal["open", "closed"]
    age: str
    """In words: "9 years", "expected 14 March 2027"."""
    owning_team: str
    allocated_worker: str | None
    markers: tuple[str, ...] = ()
    """Register facts that are true and marked as warnings by the rule book's settings."""
    facts_as_of: datetime | None = None


@dataclass(frozen=True, slots=True)
class TaskSummary:
    """A user task as a row in a queue."""

    id: str
    name: str
    element_id: str
    pathway: str
    case: CaseIdentity
    opened_at: datetime
    due_at: datetime | None
    overdue: bool
    why_me: str
    claimed_by: str | None
    """The name of whoever has claimed it."""
    claimed_by_me: bool
    status: str = "open"
    blocked: Refusal | None = None
    """Why this person may see but not do it (segregation of duties); None when they may."""


@dataclass(frozen=True, slots=True)
class QueuePage:
    """One page of a queue. `next_after` is the cursor of the next page; None on the last."""

    tasks: tuple[TaskSummary, ...]
    total: int
    """Of all pages, as far as they were counted."""
    next_after: str | None = None
    more_than_total: bool = False
    """There are more than were counted, or may be."""


@dataclass(frozen=True, slots=True)
class DraftView:
    """Answers that were saved and not yet sent."""

    answers: Mapping[str, Any]
    version: int
    saved_at: datetime
    saved_by: str


@dataclass(frozen=True, slots=True)
class OversightView:
    """A management-oversight record: the decision, who made it and whether the case record has it."""

    reference: str
    decision: str
    level: str
    outcome: str
    outcome_words: str
    by: str
    at: datetime
    body: tuple[tuple[str, str], ...]
    """Question and answer, in the order of the form."""
    release: int
    rule: str
    cleared_at: datetime | None = None
    cleared_because: str | None = None
    delivery: Literal["pending", "delivered", "stuck"] = "pending"
    delivery_words: str = ""
    receipt: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class AnsweredView:
    """What somebody answered at an earlier step of the same process instance."""

    name: str
    """Of the user task."""
    by: str
    at: datetime
    body: tuple[tuple[str, str], ...]
    """Question and answer, in the order of the form."""


@dataclass(frozen=True, slots=True)
class AllowedView:
    """A soft refusal that somebody allowed in this process instance, with their reason."""

    rule: str
    what: str
    """What the rule said."""
    reason: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class SentBackView:
    """Who sent a later user task back to this one, when and why."""

    by: str
    at: datetime
    because: str
    from_name: str
    """Of the user task that was sent back."""


@dataclass(frozen=True, slots=True)
class TaskView:
    """A user task as a page: what is asked, why me, the form, and what stands in the way."""

    summary: TaskSummary
    asks: str
    """What the diagram's documentation says is asked."""
    form_id: str | None
    form_title: str
    fields: tuple[Field, ...]
    answers: Mapping[str, Any]
    """The draft if there is one, else the answers of the last time round, else empty."""
    version: int
    """Of the draft; 0 when there is none. Send it back with a save or a completion."""
    draft: DraftView | None
    checklist: tuple[Refusal, ...]
    """What would be refused if these answers were sent now."""
    overridable: tuple[Refusal, ...]
    """Those of the checklist that this person may allow with a written reason."""
    records: tuple[OversightView, ...]
    """What the deciders before wrote in this process instance."""
    may: frozenset[str]
    """Of claim, release, save, complete, override."""
    cannot: Mapping[str, str] = field(default_factory=dict)
    """Why not, in words, for each of those that this person may not."""
    release: int = 0
    rule_words: str = ""
    """The row of the decision matrix behind this task, in words; empty when the task decides nothing."""
    instance_id: str = ""
    answered: tuple[AnsweredView, ...] = ()
    """What was answered before, the last time round of each step; what is an oversight record is not repeated."""
    allowed: tuple[AllowedView, ...] = ()
    """What was allowed in spite of a rule on the way here: whoever signs must know it."""
    sent_back: SentBackView | None = None
    send_back_to: tuple[tuple[str, str], ...] = ()
    """Element id and name of each task that the diagram lets this one be sent back to."""
    suspended: StoppedView | None = None
    """Set while the instance is suspended: nothing can be done but save a draft."""


@dataclass(frozen=True, slots=True)
class InvolvementView:
    """Somebody's part in a case."""

    id: str
    name: str
    role: str
    kind: str
    started_on: date
    ended_on: date | None


@dataclass(frozen=True, slots=True)
class HistoryView:
    """One thing that happened to a case."""

    id: str
    at: datetime
    who: str
    what: str
    """A sentence."""
    verb: str
    release: int | None
    rule: str | None
    details: tuple[tuple[str, str], ...] = ()
    on_behalf_of: str | None = None


@dataclass(frozen=True, slots=True)
class CaseView:
    """A case as a page."""

    identity: CaseIdentity
    involvements: tuple[InvolvementView, ...]
    tasks: tuple[TaskSummary, ...]
    instances: tuple[InstanceView, ...]
    records: tuple[OversightView, ...]
    incidents: tuple[IncidentView, ...]
    history: tuple[HistoryView, ...]
    """Newest first."""
    record_system: str = ""
    """The system of record whose facts these are, in words."""


@dataclass(frozen=True, slots=True)
class Completion:
    """What completing a user task did."""

    task_id: str
    task_name: str
    case_reference: str
    instance_id: str
    oversight_reference: str | None
    next: tuple[str, ...]
    """What waits now, in words: "Sign off (Team manager, Children in Need East)"."""
    instance_ended: bool
    case_status: str
    """Of the case after it: open or closed."""


@dataclass(frozen=True, slots=True)
class SentBack:
    """What sending a user task back did."""

    task_id: str
    task_name: str
    to_element_id: str
    to_name: str
    case_reference: str
    instance_id: str
    next: tuple[str, ...]
    """What waits now, in words."""


EventStatus = Literal["accepted", "delivered", "held", "quarantined"]


@dataclass(frozen=True, slots=True)
class EventView:
    """An accepted case event and what it did. A replay answers with the very same values."""

    id: str
    source: str
    event_id: str
    type: str
    case_reference: str
    received_at: datetime
    status: EventStatus
    did: str
    """In words: "Started Closure of a case"; or why nothing happened."""
    instance_id: str | None


@dataclass(frozen=True, slots=True)
class FeedEntry:
    """One committed outgoing event."""

    sequence: int
    id: str
    type: str
    case_reference: str
    at: datetime
    data: Mapping[str, Any]
