"""Scenarios: stories that a rule book must still tell, read from JSON into frozen steps. Running them is not here.

    {"name", "why"?, "authority", "case", "starts", "settings"?, "steps": [one object a step]}

Each step is one of these, with an optional "expect" of what is true afterwards:

    {"event": {"type", "data"?, "case"?}}                        another system posts a case event
    {"start": process id, "as"}                                  a person starts a process
    {"claim" | "release": element id, "as"}
    {"draft" | "complete": element id, "as", "answers"?}
    {"override": rule, "task": element id, "as", "reason"}       a person allows what a soft rule refuses
    {"record": {"facts"?, "involvements"?}}                      the system of record tells the register something
    {"wait": the moment to which the clock moves}
    {"job": type, "result"? or "fails"? or "error"?}             the oldest waiting job is done, fails or is refused
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, cast

import marshmallow as mm
from marshmallow import fields

from service.definitions.files import read_json
from service.definitions.json_shapes import Shape, Text, shaped
from service.definitions.problem import BrokenRuleBook, Problem

Verb = Literal["event", "start", "claim", "release", "draft", "complete", "override", "record", "wait", "job"]


@dataclass(frozen=True, slots=True)
class ExpectedTask:
    """A user task that is open, and the ids of everybody who may take it (in any order); None: whoever."""

    task: str
    people: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class Expect:
    """What is true after a step. What is None is not looked at."""

    open: tuple[ExpectedTask, ...] | None = None
    """Every open user task of the case, no more and no fewer."""
    refused: tuple[str, ...] | None = None
    """The rules that refuse the step, in any order; the step changes nothing."""
    not_allowed: bool = False
    """The person may not do it; with `refused`, because of these rules."""
    invalid: tuple[str, ...] | None = None
    """The keys of the wrong answers, in any order."""
    case_status: str | None = None
    thrown: tuple[str, ...] | None = None
    """Messages thrown by this step, in order."""
    ended: tuple[str, ...] | None = None
    """Processes whose instance this step ended, in any order."""
    history: tuple[str, ...] | None = None
    """Words that this step's history entries hold."""
    involvements: tuple[str, ...] | None = None
    """Ids of the involvements still open."""


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that happens. Which fields are set depends on `verb`; `number` counts from 1."""

    number: int
    verb: Verb
    subject: str
    """The event type, process id, element id, rule, moment or job type that stands under the verb."""
    by: str | None = None
    """The id of the person who does it (`as`)."""
    task: str | None = None
    answers: Mapping[str, Any] = field(default_factory=dict)
    reason: str = ""
    data: Mapping[str, Any] = field(default_factory=dict)
    """The data of the event, or the facts recorded."""
    involvements: tuple[Mapping[str, Any], ...] = ()
    """For `record`: id, kind, name, role, startedOn, endedOn (dates or None)."""
    case: str | None = None
    """The case of the event when it is not the scenario's."""
    moment: datetime | None = None
    """For `wait`; aware."""
    result: Mapping[str, Any] | None = None
    """The variables with which the job is done."""
    fails: str | None = None
    error: str | None = None
    """The BPMN error code with which the job is refused."""
    expect: Expect = field(default_factory=Expect)


@dataclass(frozen=True, slots=True)
class Scenario:
    """A story with an authority, a case and a clock of its own."""

    name: str
    file: str
    authority: str
    """The name of a file of people, teams and cases; `demo` is the one that comes with Towpath."""
    case: str
    starts: datetime
    """The clock at the first step; aware."""
    why: str = ""
    settings: Mapping[str, Any] = field(default_factory=dict)
    """Settings that differ from the rule book's for this story."""
    steps: tuple[Step, ...] = ()


_ALLOWED: Mapping[str, tuple[frozenset[str], frozenset[str]]] = {
    "event": (frozenset(), frozenset()),
    "start": (frozenset({"as"}), frozenset()),
    "claim": (frozenset({"as"}), frozenset()),
    "release": (frozenset({"as"}), frozenset()),
    "draft": (frozenset({"as"}), frozenset({"answers"})),
    "complete": (frozenset({"as"}), frozenset({"answers"})),
    "override": (frozenset({"as", "task", "reason"}), frozenset()),
    "record": (frozenset(), frozenset()),
    "wait": (frozenset(), frozenset()),
    "job": (frozenset(), frozenset({"result", "fails", "error"})),
}
"""What must stand beside each verb, and what may."""


def _texts(**more: Any) -> fields.List[str]:
    return fields.List(Text(), load_default=None, **more)


class _TaskShape(Shape):
    task = Text(required=True)
    people = _texts(data_key="for")


class _ExpectShape(Shape):
    open = fields.List(fields.Nested(_TaskShape), load_default=None)
    refused = _texts()
    not_allowed = fields.Boolean(data_key="notAllowed", load_default=False)
    invalid = _texts()
    case_status = Text(data_key="caseStatus", load_default=None)
    thrown = _texts()
    ended = _texts()
    history = _texts()
    involvements = _texts()


class _EventShape(Shape):
    type = Text(required=True)
    data = fields.Dict(keys=Text(), load_default=dict)
    case = Text(load_default=None)


class _InvolvementShape(Shape):
    id = Text(required=True)
    kind = Text(required=True)
    name = Text(required=True)
    role = Text(required=True)
    started_on = fields.Date(data_key="startedOn", required=True)
    ended_on = fields.Date(data_key="endedOn", load_default=None, allow_none=True)


class _RecordShape(Shape):
    facts = fields.Dict(keys=Text(), load_default=dict)
    involvements = fields.List(fields.Nested(_InvolvementShape), load_default=list)


class _StepShape(Shape):
    event = fields.Nested(_EventShape)
    record = fields.Nested(_RecordShape)
    start = Text()
    claim = Text()
    release = Text()
    draft = Text()
    complete = Text()
    override = Text()
    wait = fields.AwareDateTime(format="iso")
    job = Text()
    by = Text(data_key="as")
    task = Text()
    answers = fields.Dict(keys=Text())
    reason = Text()
    result = fields.Dict(keys=Text())
    fails = Text()
    error = Text()
    expect = fields.Nested(_ExpectShape)

    @mm.pre_load
    def fits_its_verb(self, data: Any, **_: Any) -> Any:
        """Exactly one verb, everything that it needs and nothing that it does not know."""
        if not isinstance(data, Mapping):
            return data
        verbs = [verb for verb in _ALLOWED if verb in data]
        if len(verbs) != 1:
            raise mm.ValidationError(f"A step has exactly one of {', '.join(_ALLOWED)}.")
        needed, known = _ALLOWED[verbs[0]]
        given = set(data) - {verbs[0], "expect"}
        wrong = {key: ["It is missing."] for key in sorted(needed - given)}
        wrong |= {key: [f"“{verbs[0]}” takes no such key."] for key in sorted(given - needed - known)}
        if wrong:
            raise mm.ValidationError(wrong)
        return data


class _ScenarioShape(Shape):
    name = Text(required=True)
    why = fields.String(load_default="")
    authority = Text(required=True)
    case = Text(required=True)
    starts = fields.AwareDateTime(format="iso", required=True)
    settings = fields.Dict(keys=Text(), load_default=dict)
    steps = fields.List(fields.Nested(_StepShape), required=True)


def load_scenario(file: str, content: bytes) -> Scenario:
    """The scenario in a JSON file. Raises ModelError naming every place that is wrong; an unknown key is wrong."""
    raw = shaped(file, read_json(file, content), _ScenarioShape())
    if not raw["steps"]:
        raise BrokenRuleBook([Problem(file, "steps", "A scenario has at least one step.")])
    steps = tuple(_step(number, step) for number, step in enumerate(raw.pop("steps"), start=1))
    return Scenario(file=file, steps=steps, **raw)


def _step(number: int, raw: Mapping[str, Any]) -> Step:
    rest = dict(raw)
    verb = next(verb for verb in _ALLOWED if verb in rest)
    subject = rest.pop(verb)
    expect = _expect(rest.pop("expect", {}))
    if verb == "event":
        event = dict(subject)
        return Step(number, "event", event.pop("type"), expect=expect, **event)
    if verb == "record":
        told = tuple(subject["involvements"])
        named = ", ".join([*subject["facts"], *(one["name"] for one in told)])
        return Step(number, "record", named, data=subject["facts"], involvements=told, expect=expect)
    if verb == "wait":
        return Step(number, "wait", subject.isoformat(), moment=subject, expect=expect)
    return Step(number, cast("Verb", verb), subject, expect=expect, **rest)


def _expect(raw: Mapping[str, Any]) -> Expect:
    tuples: dict[str, Any] = {key: tuple(value) if isinstance(value, list) else value for key, value in raw.items()}
    if tuples.get("open") is not None:
        tasks = (
            ExpectedTask(one["task"], None if one["people"] is None else tuple(one["people"])) for one in raw["open"]
        )
        tuples["open"] = tuple(tasks)
    return Expect(**tuples)
