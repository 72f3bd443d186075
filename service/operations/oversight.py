"""Writing the oversight record in the transaction of the decision it records. Delivering it is a process of its own."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from service.access.chart import keys_of_post
from service.definitions.fields import Field
from service.domain.errors import ModelError
from service.operations.asked import Asked
from service.operations.step import Step
from service.operations.views import AllowedView
from service.operations.words import moment_words
from service.store.records import OversightRow
from service.store.tables import db
from service.store.tasks import overrides_in

ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
"""Without signs that people misread to each other on the telephone."""


def write_oversight_record(asked: Asked, answers: Mapping[str, Any]) -> str | None:
    """Write the record when the diagram asks for one; give its reference (requirements XC-7, XC-10, XC-11)."""
    properties = asked.task.properties
    if properties.get("oversightRecord") != "yes":
        return None
    fields = asked.fields(answers)
    if not fields:
        raise ModelError(f"{asked.task.name!r} writes an oversight record but has no form")
    outcome = str(answers.get(str(properties.get("oversightOutcome")), "recorded"))
    step = asked.step
    reference = "MO-" + "".join(secrets.choice(ALPHABET) for _ in range(8))
    db.session.add(
        OversightRow(
            reference=reference,
            case_reference=step.case.reference,
            instance_id=step.instance.id,
            task_id=asked.task.id,
            decision=f"{step.instance.name}: {asked.task.name}",
            decision_code=properties.get("decision"),
            level=_level(asked),
            outcome=outcome,
            outcome_words=_option_words(fields, str(properties.get("oversightOutcome")), outcome),
            person_id=asked.actor.id,
            person_name=asked.actor.name,
            release_number=step.release.number,
            rule=str(properties.get("rule") or properties.get("decision") or ""),
            recorded_in=str(properties.get("recorded") or ""),
            body=[list(line) for line in (*questions_and_answers(fields, answers), *_exceptions(step))],
            written_at=step.env.now(),
        )
    )
    step.consequences.append(f"Oversight record {reference} written")
    return reference


def allowed_in(step: Step) -> tuple[AllowedView, ...]:
    """What was allowed in spite of a rule in the step's instance."""
    return tuple(
        AllowedView(
            rule=row.rule,
            what=" ".join(row.allowed),
            reason=row.reason,
            by=step.chart.name_of(row.allowed_by),
            at=row.allowed_at,
        )
        for row in overrides_in(step.instance.id)
    )


def _exceptions(step: Step) -> list[tuple[str, str]]:
    """What was allowed, as lines of the record: a decision stands on it, so the child's record must show it."""
    return [
        (f"Allowed in spite of {view.rule}", f"{view.reason} ({view.by}, {moment_words(view.at)})")
        for view in allowed_in(step)
    ]


def questions_and_answers(fields: Iterable[Field], answers: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Every question that was answered, with its answer in words, in the order of the form."""
    found: list[tuple[str, str]] = []
    for field in fields:
        value = answers.get(field.key)
        if value in (None, "", []):
            continue
        if field.kind == "dynamiclist":
            for number, row in enumerate(value, start=1):
                parts = [f"{label}: {text}" for label, text in questions_and_answers(field.fields, row)]
                found.append((f"{field.label} {number}", "; ".join(parts)))
        else:
            found.append((field.label, _answer_words(field, value)))
    return found


def _answer_words(field: Field, value: Any) -> str:
    labels = {option.value: option.label for option in field.options}
    if isinstance(value, list):
        # An answer to choose can hold a comma itself: "School nursing service, School nurse".
        return "; ".join(labels.get(item, str(item)) for item in value)
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if field.subtype == "date":
        day = date.fromisoformat(value)
        return f"{day.day} {day:%B %Y}"
    return labels.get(value, str(value))


def _option_words(fields: Iterable[Field], key: str, value: str) -> str:
    for field in fields:
        if field.key == key:
            return _answer_words(field, value)
    return value


def _level(asked: Asked) -> str:
    """The post through which the actor answers: the one the task waits for, else their first."""
    keys = asked.subject().candidate_keys
    posts = asked.actor.posts
    chosen = next((post for post in posts if keys_of_post(post) & keys), posts[0] if posts else None)
    return chosen.title if chosen else asked.actor.name
