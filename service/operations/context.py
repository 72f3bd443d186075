"""A case as expressions, guards and pages see it. Nothing is decided or written here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from functools import partial
from typing import Any

from service.access.chart import Chart
from service.access.rules import Subject
from service.domain.errors import NotFound
from service.domain.people import Actor, Team
from service.feel import LateContext
from service.operations.environment import Environment, ReleaseInUse
from service.operations.views import CaseIdentity
from service.operations.words import LOCAL
from service.store.cases import CaseRow, InvolvementRow, find_case, find_involvements, involved_people
from service.store.surroundings import surroundings
from service.store.tasks import open_task_keys

INVOLVEMENTS = frozenset({"involvements", "openInvolvements"})
"""What of a case is read only when an expression asks for it."""


def current_release(env: Environment) -> ReleaseInUse:
    """The release in force today. Raises NotFound when none was published."""
    return release_on(env, env.now())


def release_on(env: Environment, at: datetime) -> ReleaseInUse:
    """The release in force on a day; before the first one, the first one. Raises NotFound when none was published."""
    number = surroundings().release_on(at.astimezone(LOCAL).date())
    if number is None:
        raise NotFound("No rule book has been published. Run: towpath rulebook publish")
    return env.releases.get(number)


def read_chart(release: ReleaseInUse) -> Chart:
    """The organisation as it is now."""
    around = surroundings()
    return Chart(
        teams=around.teams,
        posts=around.posts,
        people=around.people,
        levels={level.id: level.name for level in release.rulebook.organisation.levels.values()},
        ranks={level.id: level.rank for level in release.rulebook.organisation.levels.values()},
        managerial=frozenset(level.id for level in release.rulebook.organisation.levels.values() if level.managerial),
    )


def require_case(reference: str) -> CaseRow:
    """The case. Raises NotFound."""
    case = find_case(reference)
    if case is None:
        raise unknown_case(reference)
    return case


def unknown_case(reference: str) -> NotFound:
    """What whoever asks for a case hears, whether it is not there or they may not know that it is."""
    return NotFound(f"There is no case {reference!r} that you may know of.")


def case_team(case: CaseRow, chart: Chart) -> Team:
    """The team that owns the case; the database allows no case without one."""
    return chart.teams[case.owning_team_id]


def case_subject(
    case: CaseRow, chart: Chart, keys: frozenset[str] = frozenset(), involved: frozenset[str] | None = None
) -> Subject:
    """The case as the rule table asks about it; `keys` are those that its open user tasks wait for.

    `involved` is given by whoever has read already which of those who ask is involved in it.
    """
    return Subject(
        team=case_team(case, chart),
        worker_id=case.allocated_worker_id,
        involved=involved_people([case.reference]).get(case.reference, frozenset()) if involved is None else involved,
        candidate_keys=keys,
        managerial=chart.managerial,
    )


def case_subjects(cases: Sequence[CaseRow], chart: Chart) -> dict[str, Subject]:
    """The same for many cases at once, with what their open user tasks wait for, by reference."""
    references = [case.reference for case in cases]
    involved, keys = involved_people(references), open_task_keys(references)
    return {
        case.reference: Subject(
            team=case_team(case, chart),
            worker_id=case.allocated_worker_id,
            involved=involved.get(case.reference, frozenset()),
            candidate_keys=keys.get(case.reference, frozenset()),
            managerial=chart.managerial,
        )
        for case in cases
    }


def case_scope(
    env: Environment, case: CaseRow, chart: Chart, known: Sequence[InvolvementRow] | None = None
) -> dict[str, Any]:
    """The name `case` of FEEL expressions (the shape is described in processes/README.md).

    `known` are its involvements, from whoever has read them already.
    """
    team = case_team(case, chart)
    worker = case.allocated_worker_id
    ready = {
        "reference": case.reference,
        "label": case.label,
        "status": case.status,
        "age": age_in_years(case.date_of_birth, env.now()),
        "owningTeam": {"id": team.id, "name": team.name, "kind": team.kind, "area": team.area, "service": team.service},
        "allocatedWorker": worker,
        "allocatedWorkerName": chart.name_of(worker) if worker else None,
        "facts": dict(case.facts),
    }
    return LateContext(ready, INVOLVEMENTS, partial(_involvements, case.reference, known))


def actor_scope(actor: Actor) -> dict[str, Any]:
    """The name `actor` of guard tables."""
    return {
        "id": actor.id,
        "name": actor.name,
        "levels": sorted(actor.levels),
        "posts": [post.id for post in actor.posts],
    }


def expression_context(
    env: Environment,
    release: ReleaseInUse,
    case: CaseRow,
    chart: Chart,
    known: Sequence[InvolvementRow] | None = None,
) -> Mapping[str, Any]:
    """The names that every expression of a diagram sees and no state keeps."""
    return {"case": case_scope(env, case, chart, known), "settings": dict(release.rulebook.settings)}


def case_identity(env: Environment, release: ReleaseInUse, case: CaseRow, chart: Chart) -> CaseIdentity:
    """The bar at the top of a page."""
    worker = case.allocated_worker_id
    return CaseIdentity(
        reference=case.reference,
        label=case.label,
        status="open" if case.status == "open" else "closed",
        age=_age_words(case, env.now()),
        owning_team=case_team(case, chart).name,
        allocated_worker=chart.name_of(worker) if worker else None,
        markers=_markers(release, case),
        facts_as_of=case.facts_as_of,
    )


def age_in_years(born: date | None, now: datetime) -> int | None:
    """Completed years on the local date; None for an unborn child."""
    if born is None:
        return None
    today = now.astimezone(LOCAL).date()
    return today.year - born.year - ((today.month, today.day) < (born.month, born.day))


def _age_words(case: CaseRow, now: datetime) -> str:
    years = age_in_years(case.date_of_birth, now)
    if years is not None and years >= 0:
        return "under 1 year" if years == 0 else f"{years} year{'' if years == 1 else 's'}"
    expected = case.expected_on
    return f"unborn, expected {expected.day} {expected:%B %Y}" if expected else "age not known"


def _markers(release: ReleaseInUse, case: CaseRow) -> tuple[str, ...]:
    words = release.rulebook.settings.get("warningMarkers") or {}
    return tuple(str(label) for fact, label in words.items() if case.facts.get(fact) is True)


def _involvements(reference: str, known: Sequence[InvolvementRow] | None) -> dict[str, Any]:
    rows = find_involvements(reference) if known is None else known
    involvements = [_involvement(row) for row in rows]
    return {"involvements": involvements, "openInvolvements": [row for row in involvements if row["open"]]}


def _involvement(row: InvolvementRow) -> dict[str, Any]:
    return {
        "id": row.id,
        "name": row.name,
        "role": row.role,
        "kind": row.kind,
        "startedOn": row.started_on,
        "endedOn": row.ended_on,
        "open": row.ended_on is None,
    }
