"""A user task as it is asked of somebody: its subject for the rules, its scope for guards, its form. Only reading."""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, cast

from service.access.rules import Permission, Subject, require, why_not
from service.definitions.fields import Field
from service.definitions.forms import Form
from service.domain.errors import Conflict, Invalid, ModelError, NotAllowed, NotFound, Refusal
from service.domain.people import Actor
from service.feel import HostFunction, LateContext
from service.operations.context import actor_scope, case_subject, expression_context
from service.operations.environment import Environment
from service.operations.guards import ask_guards, guard_ids
from service.operations.step import Step, take_up
from service.operations.words import moment_words
from service.store.asking import Found, find_with_case
from service.store.cases import InvolvementRow
from service.store.records import OversightRow, records_of_instance
from service.store.tasks import OverrideRow, TaskRow, contributors_of, overrides_of

NOBODY = Actor(id="", name="")
"""Somebody with no past: guards asked for them give only what stands in anybody's way."""


@dataclass(frozen=True, slots=True)
class Beside:
    """What guards ask of other tables, from whoever reads it for many tasks at once."""

    involvements: Sequence[InvolvementRow]
    records: Sequence[OversightRow]
    overrides: Sequence[OverrideRow]


@dataclass
class Asked:
    """A user task with its instance, taken up by an actor."""

    task: TaskRow
    step: Step
    beside: Beside | None = None
    involved: frozenset[str] | None = None
    """Those of whoever asks that are involved in the case; None when that was not read with the task."""

    @property
    def actor(self) -> Actor:
        """Who asks."""
        return self.step.actor

    def subject(self) -> Subject:
        """The task as the rule table asks about it."""
        claimed_by = self.task.claimed_by
        return replace(
            self._case_subject,
            claimed_by=claimed_by,
            claimed_by_name=self.step.chart.name_of(claimed_by) if claimed_by else "",
            excluded=frozenset(self.task.excluded),
        )

    @cached_property
    def _case_subject(self) -> Subject:
        return case_subject(self.step.case, self.step.chart, frozenset(self.task.candidates), self.involved)

    def override_subject(self, refusal: Refusal) -> Subject:
        """The same for allowing a refusal: whoever had a hand in the answers may not."""
        wrote = contributors_of(self.step.instance, [self.task.element_id])
        subject = self.subject()
        levels = self.step.chart.levels_from(refusal.override_level)
        return replace(subject, override_levels=levels, excluded=subject.excluded | wrote)

    def form(self) -> Form | None:
        """The form of the task; None when it asks nothing. Raises ModelError when the release lacks it."""
        if self.task.form_id is None:
            return None
        form = self.step.release.rulebook.forms.get(self.task.form_id)
        if form is None:
            raise ModelError(f"form {self.task.form_id!r} is not in release {self.step.release.number}")
        return form

    def fields(self, answers: Mapping[str, Any]) -> tuple[Field, ...]:
        """The fields of the form as the actor sees them with these answers; none when the task has no form."""
        form = self.form()
        if form is None:
            return ()
        return form.fields(self.scope(self.actor, answers), answers, functions=self._functions())

    def initial(self) -> dict[str, Any]:
        """What the form begins with: its defaults and what the process already knows."""
        form = self.form()
        return form.initial(self.scope(self.actor, {}), functions=self._functions()) if form else {}

    def read(self, answers: Mapping[str, Any]) -> dict[str, Any]:
        """The answers as the form accepts them. Raises Invalid with every wrong field."""
        form = self.form()
        if form is None:
            return {}
        return form.read(answers, self.scope(self.actor, answers), functions=self._functions())

    def believable(self, answers: Mapping[str, Any]) -> dict[str, Any]:
        """The answers with null for each that the form would not accept: guards must not be asked about nonsense."""
        try:
            return self.read(answers)
        except Invalid as wrong:
            doubtful = {field.split(".", 1)[0] for field in wrong.fields}
            return {**answers, **dict.fromkeys(doubtful)}

    def _functions(self) -> Mapping[str, HostFunction]:
        return self.step.release.functions(self.step.env.now())

    def scope(self, actor: Actor, answers: Mapping[str, Any]) -> Mapping[str, Any]:
        """What guards and forms see."""
        form = self.form()
        # Every question has an answer, if only null: what is then still missing is a slip of the rule book's pen.
        unanswered = dict.fromkeys(form.keys) if form else {}
        asking = {"actor": actor_scope(actor), "answers": {**unanswered, **answers}}
        return ChainMap(asking, cast("dict[str, Any]", self._standing))

    @cached_property
    def _standing(self) -> Mapping[str, Any]:
        """What is so whoever asks and whatever they answer; read once, before anything is changed."""
        step = self.step
        involvements = self.beside.involvements if self.beside else None
        ready = {
            **self.task.variables,
            **expression_context(step.env, step.release, step.case, step.chart, involvements),
            "task": {
                "elementId": self.task.element_id,
                "decision": self.task.properties.get("decision"),
                "variables": dict(self.task.variables),
            },
        }
        return LateContext(ready, frozenset({"signatures"}), self._signatures)

    def _signatures(self) -> dict[str, Any]:
        records = self.beside.records if self.beside else records_of_instance(self.task.instance_id)
        return {
            "signatures": [
                {"by": row.person_id, "byName": row.person_name, "level": row.level, "outcome": row.outcome}
                for row in records
                if row.cleared_at is None
            ]
        }

    def refusals(self, actor: Actor, answers: Mapping[str, Any]) -> list[Refusal]:
        """What the guards refuse for this actor and these answers, less what was allowed by override.

        An override allows what was read when it was given: the same rule with other words stands in the way again.
        """
        guards = guard_ids(self.task.properties)
        found = ask_guards(self.step.release, guards, self.scope(actor, answers), self.step.env.now()) if guards else []
        if all(refusal.severity != "soft" for refusal in found):
            return found
        overrides = self.beside.overrides if self.beside else overrides_of(self.task.id)
        allowed = {row.rule: row.allowed for row in overrides}
        return [
            refusal
            for refusal in found
            if refusal.severity != "soft" or refusal.message not in allowed.get(refusal.rule, ())
        ]

    def personal_refusals(self, answers: Mapping[str, Any]) -> list[Refusal]:
        """What the guards refuse to this actor and would not refuse to a stranger: the words for "not you"."""
        anybody = {refusal.rule for refusal in self.refusals(NOBODY, answers)}
        return [refusal for refusal in self.refusals(self.actor, answers) if refusal.rule not in anybody]

    def require(self, permission: Permission) -> None:
        """Go on only if the actor may. Raises NotAllowed, with the rule book's own words for an excluded person."""
        subject = self.subject()
        if self.actor.id in subject.excluded and why_not(self.actor, permission, subject) is not None:
            refusals = self.personal_refusals({}) or [own_work()]
            raise NotAllowed(permission.value, clause(refusals[0].message), refusals)
        require(self.actor, permission, subject)


def own_work() -> Refusal:
    """The refusal for an excluded person when the task's guards have no words of their own."""
    return Refusal(
        rule="SOD-1",
        message="You did an earlier part of this, and nobody signs their own work.",
        cleared_by="Somebody else whom it waits for",
        source="requirements §4.3",
    )


def find_asked(env: Environment, actor: Actor, task_id: str) -> Asked:
    """A user task to look at. Raises NotFound, also for a task that this actor may not know of."""
    return _known(env, actor, find_with_case(task_id, actor.id))


def lock_asked(env: Environment, actor: Actor, task_id: str) -> Asked:
    """A user task to act on, its instance and then its case locked. Raises NotFound; Conflict when it waits no more.

    The case too, because what the guards see of the register must still be so when the step is committed.
    """
    asked = lock_asked_or_ended(env, actor, task_id)
    require_open(asked)
    return asked


def lock_asked_or_ended(env: Environment, actor: Actor, task_id: str) -> Asked:
    """The same, whether it still waits or not."""
    return _known(env, actor, find_with_case(task_id, actor.id, lock=True))


def require_open(asked: Asked) -> None:
    """Go on only if the user task still waits. Raises Conflict that says who or what was first, and when."""
    if asked.task.status != "open":
        raise Conflict(f"“{asked.task.name}” {ended_words(asked)}.")


def ended_words(asked: Asked) -> str:
    """What became of a user task that waits no more: "was completed by … on …"."""
    who = asked.step.chart.name_of(asked.task.ended_by or "")
    when = f" on {moment_words(asked.task.ended_at)}" if asked.task.ended_at else ""
    if asked.task.status == "cancelled" and asked.task.ended_because:
        return f"was cancelled {asked.task.ended_because}{when}"
    return f"was {asked.task.status} by {who}{when}"


def _known(env: Environment, actor: Actor, found: Found | None) -> Asked:
    unknown = NotFound("There is no user task here that you may know of. It may have been done by somebody else.")
    if found is None:
        raise unknown
    step = take_up(env, actor, found.instance, case=found.case)
    asked = Asked(task=found.task, step=step, involved=frozenset({actor.id} if found.involved else ()))
    if why_not(actor, Permission.READ_TASK, asked.subject()) is not None:
        raise unknown
    return asked


def clause(sentence: str) -> str:
    """A sentence as the clause after "because"."""
    text = sentence.strip().rstrip(".")
    return text[:1].lower() + text[1:]
