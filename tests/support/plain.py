"""A plain process of so many user tasks with forms of 2 kB, for counting and measuring. Nothing is measured here."""

from __future__ import annotations

import random
import string
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import orjson

from service.domain.events import CaseEvent
from service.operations.events import receive_event
from service.operations.views import EventView
from service.store.cases import CaseRow
from service.store.tables import begin_writing, db
from tests.engine.drawing import diagram, end, flows, message, start, user
from tests.operations.publishing import publish
from tests.support.world import INTEGRATOR, World

EVENT_TYPE = "visit-reported"
WORKER = "sw1-cin-east"
"""Who may complete every task."""

FIELDS = 8
TEXT = 240
"""Characters of each of the eight answers of a form, and so about 2 kB a form."""


def publish_plain(world: World, tasks: int = 3) -> None:
    """Publish the process as the next release: one user task after another, each with a form of its own."""
    ids = [f"report_{number}" for number in range(1, tasks + 1)]
    drawn = diagram(
        start(message="m"),
        *(user(each, name=f"Report {each}", form=each, groups="social-worker@owning-team") for each in ids),
        end(),
        flows(" ".join(["begin", *ids, "done"])),
        process_id="visit",
        outside=message("m", EVENT_TYPE),
    )
    forms = {f"drawn/forms/{each}.form": form(each) for each in ids}
    publish(world, drawn, files=forms)


def form(form_id: str) -> bytes:
    """A form of eight texts."""
    components = [
        {"id": key, "key": key, "type": "textarea", "label": f"Question {key}", "validate": {"required": True}}
        for key in keys_of(form_id)
    ]
    return orjson.dumps({"id": form_id, "title": form_id, "type": "default", "components": components})


def keys_of(form_id: str) -> list[str]:
    """The keys of a form's answers; every form has its own, as on a good diagram."""
    return [f"{form_id}_{number}" for number in range(1, FIELDS + 1)]


def answers_to(form_id: str, *, seed: int = 0, words: bool = False) -> Mapping[str, Any]:
    """2 kB of answers: letters at random, which nothing can make shorter, or words, which compress as prose does."""
    chance = random.Random(seed)
    if words:
        return {key: " ".join(chance.choices(WORDS, k=40))[:TEXT].strip() for key in keys_of(form_id)}
    letters = string.ascii_letters + string.digits
    return {key: "".join(chance.choices(letters, k=TEXT)) for key in keys_of(form_id)}


def add_case(reference: str) -> None:
    """A case of the worker's team."""
    begin_writing()
    db.session.add(
        CaseRow(
            reference=reference,
            label=f"Child {reference}",
            owning_team_id="cin-east",
            allocated_worker_id=WORKER,
            facts={"lookedAfter": False},
            facts_as_of=datetime(2027, 1, 4, tzinfo=UTC),
        )
    )
    db.session.commit()
    db.session.close()


def begin(world: World, reference: str) -> EventView:
    """Start the process for a case."""
    event = CaseEvent("lcs", f"{EVENT_TYPE}-{reference}", EVENT_TYPE, reference, world.clock.moment, {})
    return receive_event(world.env, INTEGRATOR, event=event)


WORDS = [
    *("the", "child", "said", "that", "school", "is", "better", "since", "summer", "and", "she", "likes", "new"),
    *("teacher", "they", "visited", "twice", "father", "agreed", "to", "plan", "mother", "was", "worried", "about"),
    *("money", "help", "with", "housing", "under", "way", "no", "concern", "seen", "during", "this", "visit", "next"),
]
"""What compressible answers are made of."""
