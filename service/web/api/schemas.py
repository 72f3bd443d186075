"""What the API answers, as marshmallow schemas over the views of `operations/`. What it reads is in `requests.py`.

Every answer is a function of the view alone, links included: asked twice, the same view gives the same bytes.
"""

from __future__ import annotations

from marshmallow import fields

from service.web.api.parts import Described, Instant, links_to, words
from service.web.api.paths import path_to


class RefusalSchema(Described):
    """One reason the rule book says no."""

    rule = words("The rule's id.")
    message = words("What is missing or in the way.")
    cleared_by = words("Whose action clears it.")
    severity = words("`hard`, `soft` (may be allowed with a reason), `quality` or `level`.")
    override_level = words("The level that may allow it with a written reason.", allow_none=True)
    source = words("Where the rule comes from.")


class EventSchema(Described):
    """An accepted case event and what it did. Sending the event again answers with exactly this."""

    id = words("Towpath's own id of it.")
    source = words()
    event_id = words("The sender's id.")
    type = words()
    case_reference = words()
    received_at = Instant()
    status = words("`accepted`, `delivered`, `held` (nobody waits for it yet) or `quarantined`.")
    did = words("What it did; or why nothing happened.")
    instance_id = words("The process instance it started or reached.", allow_none=True)
    links = links_to(
        self=lambda event: path_to("events", event.id),
        instance=lambda event: path_to("process-instances", event.instance_id) if event.instance_id else None,
        case=lambda event: path_to("cases", event.case_reference),
    )


class StoppedSchema(Described):
    """Who suspended or cancelled a process instance, when and why."""

    by = words()
    at = Instant()
    because = words()


class InstanceSchema(Described):
    """A process instance."""

    id = words()
    process_id = words()
    name = words()
    case_reference = words()
    status = words("`running`, `suspended`, `completed` or `cancelled`.")
    started_at = Instant()
    started_by = words()
    ended_at = Instant(allow_none=True)
    release = fields.Integer(metadata={"description": "The release of the rule book it runs under."})
    waiting_for = fields.List(fields.String(), metadata={"description": "The names of its open user tasks and jobs."})
    wake_at = Instant(allow_none=True)
    incidents = fields.Integer(metadata={"description": "How many are open."})
    suspended = fields.Nested(StoppedSchema, allow_none=True, metadata={"description": "Null unless it is suspended."})
    cancelled = fields.Nested(StoppedSchema, allow_none=True, metadata={"description": "Null unless it was cancelled."})
    links = links_to(
        self=lambda instance: path_to("process-instances", instance.id),
        case=lambda instance: path_to("cases", instance.case_reference),
    )


class CaseIdentitySchema(Described):
    """A case in the register."""

    reference = words()
    label = words()
    status = words("`open` or `closed`.")
    age = words("In words.")
    owning_team = words()
    allocated_worker = words(allow_none=True)
    markers = fields.List(fields.String())
    facts_as_of = Instant(allow_none=True)
    links = links_to(self=lambda case: path_to("cases", case.reference))


class TaskSummarySchema(Described):
    """A user task as a row in a queue."""

    id = words()
    name = words()
    element_id = words("Its id on the diagram.")
    pathway = words()
    case = fields.Nested(CaseIdentitySchema)
    opened_at = Instant()
    due_at = Instant(allow_none=True)
    overdue = fields.Boolean()
    why_me = words("Why it is in this queue.")
    claimed_by = words(allow_none=True)
    claimed_by_me = fields.Boolean()
    blocked = fields.Nested(RefusalSchema, allow_none=True)
    status = words("`open`, or how it ended.")
    links = links_to(
        self=lambda task: path_to("user-tasks", task.id),
        claim=lambda task: path_to("user-tasks", task.id, "claim"),
        completion=lambda task: path_to("user-tasks", task.id, "completion"),
    )


class QueueSchema(Described):
    """One page of a queue."""

    tasks = fields.List(fields.Nested(TaskSummarySchema))
    total = fields.Integer(metadata={"description": "Of all pages: counted to 1,000 at most."})
    more_than_total = fields.Boolean(metadata={"description": "There are, or may be, more than were counted."})
    next_after = words("Send it as `after` for the next page; null on the last.", allow_none=True)


def questions_and_answers() -> fields.Function:
    """What somebody wrote, as a list of question and answer."""
    return fields.Function(
        lambda written: [{"question": question, "answer": answer} for question, answer in written.body],
        metadata={"type": "array", "items": {"type": "object"}, "description": "Questions and answers, in order."},
    )


class AnsweredSchema(Described):
    """What somebody answered at an earlier step of the same process instance."""

    name = words()
    by = words()
    at = Instant()
    body = questions_and_answers()


class AllowedSchema(Described):
    """A soft refusal that somebody allowed in this process instance."""

    rule = words()
    what = words("What the rule said.")
    reason = words()
    by = words()
    at = Instant()


class OversightSchema(Described):
    """A management-oversight record."""

    reference = words()
    decision = words()
    level = words()
    outcome = words()
    outcome_words = words()
    by = words()
    at = Instant()
    body = questions_and_answers()
    release = fields.Integer()
    rule = words()
    cleared_at = Instant(allow_none=True)
    cleared_because = words(allow_none=True)
    delivery = words("Whether the system of record has it: `pending`, `delivered` or `stuck`.")
    delivery_words = words()
    receipt = fields.Dict(keys=fields.String(), allow_none=True)


class InvolvementSchema(Described):
    """Somebody's part in a case."""

    id = words()
    name = words()
    role = words()
    kind = words()
    started_on = fields.Date()
    ended_on = fields.Date(allow_none=True)


class IncidentSchema(Described):
    """Something is stuck and a person must look."""

    id = words()
    case_reference = words()
    instance_id = words()
    what = words()
    message = words()
    raised_at = Instant()
    resolved_at = Instant(allow_none=True)
    may_retry = fields.Boolean()
    kind = words("What is stuck: a `job`, a user `task`, a `timer`, an `event`, or the `state` of the instance.")
    links = links_to(
        retry=lambda incident: path_to("incidents", incident.id, "retry") if incident.may_retry else None,
        instance=lambda incident: path_to("process-instances", incident.instance_id) if incident.instance_id else None,
        case=lambda incident: path_to("cases", incident.case_reference),
    )


class IncidentsSchema(Described):
    """Everything that is stuck."""

    incidents = fields.List(fields.Nested(IncidentSchema))


class HistorySchema(Described):
    """One thing that happened to a case."""

    id = words()
    at = Instant()
    who = words()
    what = words("A sentence.")
    verb = words()
    release = fields.Integer(allow_none=True)
    rule = words(allow_none=True)
    details = fields.Function(
        lambda entry: [{"name": name, "value": value} for name, value in entry.details],
        metadata={"type": "array", "items": {"type": "object"}},
    )
    on_behalf_of = words(allow_none=True)


class CaseSchema(Described):
    """A case: who owns it, who is involved, what is open and everything that happened."""

    identity = fields.Nested(CaseIdentitySchema)
    involvements = fields.List(fields.Nested(InvolvementSchema))
    tasks = fields.List(fields.Nested(TaskSummarySchema))
    instances = fields.List(fields.Nested(InstanceSchema))
    records = fields.List(fields.Nested(OversightSchema))
    incidents = fields.List(fields.Nested(IncidentSchema))
    history = fields.List(fields.Nested(HistorySchema), metadata={"description": "Newest first."})
    record_system = words("The system of record whose facts these are.")
    links = links_to(self=lambda case: path_to("cases", case.identity.reference))


class CasesSchema(Described):
    """The cases that were found."""

    cases = fields.List(fields.Nested(CaseIdentitySchema))


class FeedEntrySchema(Described):
    """One committed outgoing event, as a CloudEvent with the extension attribute `sequence`."""

    specversion = fields.Constant("1.0")
    id = words()
    source = fields.Constant("towpath")
    type = words()
    subject = fields.String(attribute="case_reference", metadata={"description": "The case reference."})
    time = Instant(attribute="at")
    datacontenttype = fields.Constant("application/json")
    data = fields.Dict(keys=fields.String())
    sequence = fields.Integer(metadata={"description": "Its place in the feed."})


class FeedSchema(Described):
    """Outgoing events in the order in which they were committed."""

    events = fields.List(fields.Nested(FeedEntrySchema))
    next_after = fields.Integer(metadata={"description": "Send it as `after` to read on, now or later."})


class HealthSchema(Described):
    """Whether this service can work."""

    status = words("`ok`.")


class ProblemSchema(Described):
    """A problem document (RFC 9457): what went wrong, and what to do about it."""

    type = fields.String(metadata={"format": "uri-reference", "description": "The kind of problem, explained there."})
    title = words("The kind of problem, in words.")
    status = fields.Integer(metadata={"description": "The HTTP status once more."})
    detail = words("What happened this time.")
    instance = fields.String(metadata={"format": "uri", "description": "This one time, as it stands in the log."})
    remedy = words("What to do about it.")
    refusals = fields.List(
        fields.Nested(RefusalSchema), metadata={"description": "When a rule says no: every reason at once."}
    )
    fields_ = fields.Dict(
        keys=fields.String(),
        values=fields.List(fields.String()),
        attribute="fields",
        data_key="fields",
        metadata={"description": "When what was sent is wrong: every wrong field at once, by name or path."},
    )
