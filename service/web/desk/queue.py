"""The queue: user tasks a page at a time, narrowed by what the address says. Doing one is in `tasks.py`."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from service.domain.errors import Invalid
from service.domain.people import Actor
from service.operations.choices import read_queue_choices
from service.operations.environment import Environment
from service.operations.queue import list_user_tasks
from service.operations.views import QueuePage
from service.operations.wanted import ME, Wanted
from service.web.desk.guards import signed_in
from service.web.desk.words import LONDON

pages = Blueprint("queue", __name__)
ROWS = 25
"""User tasks on one page."""
CHOICES = ("person", "level", "team", "claimed", "sort", "text")
DATES = {"due_after": "due from", "due_before": "due by"}
PARTS = ("day", "month", "year")
NAMES = (*CHOICES, "overdue", *(f"{name}-{part}" for name in DATES for part in PARTS))
"""Everything in the address that narrows the queue; the cursor is beside it."""


@pages.get("/")
@signed_in
def show(env: Environment, actor: Actor) -> ResponseReturnValue:
    """The page after the cursor `after`, or the first, of what was asked for."""
    asked = {name: value for name in NAMES if (value := request.args.get(name, "").strip())}
    after = request.args.get("after") or None
    page, errors = QueuePage((), 0), dict[str, list[str]]()
    try:
        page = list_user_tasks(env, actor, wanted=wanted_of(asked), after=after, limit=ROWS)
    except Invalid as error:
        errors = error.fields
    choices = read_queue_choices(env, actor, team=asked.get("team"))
    body = render_template(
        "desk/queue.html", page=page, after=after, now=env.now(), asked=asked, choices=choices, errors=errors
    )
    return body, 422 if errors else 200


def wanted_of(asked: Mapping[str, str]) -> Wanted:
    """What the address asks for. Raises Invalid, naming each date that is none."""
    moments: dict[str, datetime | None] = {}
    wrong: dict[str, list[str]] = {}
    for name, words in DATES.items():
        try:
            moments[name] = _moment(asked, name)
        except ValueError:
            wrong[name] = [f"Date {words} must be a real date, such as 27 3 2027"]
    if wrong:
        raise Invalid(wrong)
    # What is due by a day is due before that day ends.
    until = moments["due_before"] and moments["due_before"] + timedelta(days=1)
    chosen: Any = {name: value for name in CHOICES if (value := asked.get(name))}
    return Wanted(
        **{"person": ME, **chosen},
        overdue=asked.get("overdue") == "true",
        due_after=moments["due_after"],
        due_before=until,
    )


def _moment(asked: Mapping[str, str], name: str) -> datetime | None:
    """The beginning of a day in London; None when nothing of it was typed. Raises ValueError."""
    day, month, year = (asked.get(f"{name}-{part}", "") for part in PARTS)
    if not (day or month or year):
        return None
    typed = date(int(year), int(month), int(day))
    if not 1900 <= typed.year <= 2999:
        raise ValueError(typed)
    return datetime.combine(typed, time.min, LONDON)
