"""What the API answers about one user task: its form, its draft, what stands in the way. Queues are in `schemas.py`."""

from __future__ import annotations

from marshmallow import fields

from service.web.api.parts import Described, Instant, links_to, words
from service.web.api.paths import path_to
from service.web.api.schemas import (
    AllowedSchema,
    AnsweredSchema,
    OversightSchema,
    RefusalSchema,
    StoppedSchema,
    TaskSummarySchema,
)


class OptionSchema(Described):
    """One answer that may be chosen."""

    value = fields.Raw()
    label = words()


class FormFieldSchema(Described):
    """A question of a form. Send its answer under `key`."""

    key = words()
    kind = words("The component type of form-js.")
    label = words()
    description = words()
    text = words("What is only shown, as Markdown.")
    group = fields.List(fields.String())
    required = fields.Boolean()
    hidden = fields.Boolean(metadata={"description": "Not asked with the answers as they stand."})
    locked = fields.Boolean(metadata={"description": "Shown only: no answer is taken for it."})
    options = fields.List(fields.Nested(OptionSchema))
    min_length = fields.Integer(allow_none=True)
    max_length = fields.Integer(allow_none=True)
    minimum = fields.Float(allow_none=True)
    maximum = fields.Float(allow_none=True)
    decimal_digits = fields.Integer(allow_none=True)
    pattern = words("A regular expression the answer must match.", allow_none=True)
    format = words("`email` or `phone`.", allow_none=True)
    subtype = words("`date`, `time` or `datetime`.", allow_none=True)
    earliest = words(allow_none=True)
    latest = words(allow_none=True)
    min_rows = fields.Integer()
    max_rows = fields.Integer()
    fields_ = fields.List(
        fields.Nested(lambda: FormFieldSchema()),
        attribute="fields",
        data_key="fields",
        metadata={"description": "The questions of each row of a list."},
    )


class DraftSchema(Described):
    """Answers that were saved and not yet sent."""

    answers = fields.Dict(keys=fields.String())
    version = fields.Integer(metadata={"description": "The `ETag` of this draft, without its quotation marks."})
    saved_at = Instant()
    saved_by = words()


class SentBackSchema(Described):
    """Who sent a later user task back to this one, when and why."""

    by = words()
    at = Instant()
    because = words()
    from_name = words("Of the user task that was sent back.")


class SendingBackSchema(Described):
    """What sending a user task back did."""

    task_id = words()
    task_name = words()
    to_element_id = words()
    to_name = words()
    case_reference = words()
    instance_id = words()
    next = fields.List(fields.String(), metadata={"description": "What waits now, in words."})
    links = links_to(
        instance=lambda sent: path_to("process-instances", sent.instance_id),
        case=lambda sent: path_to("cases", sent.case_reference),
    )


class TaskSchema(Described):
    """A user task: what is asked, the form, and what stands in the way."""

    summary = fields.Nested(TaskSummarySchema)
    asks = words("What the diagram says is asked.")
    form_id = words(allow_none=True)
    form_title = words()
    fields_ = fields.List(fields.Nested(FormFieldSchema), attribute="fields", data_key="fields")
    answers = fields.Dict(keys=fields.String())
    version = fields.Integer(metadata={"description": "Of the draft; 0 when there is none. Also in `ETag`."})
    draft = fields.Nested(DraftSchema, allow_none=True)
    checklist = fields.List(
        fields.Nested(RefusalSchema), metadata={"description": "What would be refused if these answers were sent now."}
    )
    overridable = fields.List(fields.Nested(RefusalSchema))
    records = fields.List(fields.Nested(OversightSchema))
    answered = fields.List(fields.Nested(AnsweredSchema))
    allowed = fields.List(fields.Nested(AllowedSchema))
    may = fields.Function(
        lambda task: sorted(task.may),
        metadata={"type": "array", "items": {"type": "string"}, "description": "What this token may do here."},
    )
    cannot = fields.Dict(keys=fields.String(), values=fields.String())
    sent_back = fields.Nested(SentBackSchema, allow_none=True)
    send_back_to = fields.Function(
        lambda task: [{"element_id": element_id, "name": name} for element_id, name in task.send_back_to],
        metadata={"type": "array", "items": {"type": "object"}, "description": "Where it can be sent back to."},
    )
    suspended = fields.Nested(StoppedSchema, allow_none=True, metadata={"description": "Null unless it is suspended."})
    release = fields.Integer()
    rule_words = words()
    instance_id = words()
    links = links_to(
        self=lambda task: path_to("user-tasks", task.summary.id),
        draft=lambda task: path_to("user-tasks", task.summary.id, "draft"),
        completion=lambda task: path_to("user-tasks", task.summary.id, "completion"),
        instance=lambda task: path_to("process-instances", task.instance_id) if task.instance_id else None,
        case=lambda task: path_to("cases", task.summary.case.reference),
    )


class CompletionSchema(Described):
    """What completing a user task did."""

    task_id = words()
    task_name = words()
    case_reference = words()
    instance_id = words()
    oversight_reference = words("Of the oversight record that was written.", allow_none=True)
    next = fields.List(fields.String(), metadata={"description": "What waits now, in words."})
    instance_ended = fields.Boolean()
    case_status = words("Of the case after it: `open` or `closed`.")
    links = links_to(
        instance=lambda done: path_to("process-instances", done.instance_id),
        case=lambda done: path_to("cases", done.case_reference),
    )
