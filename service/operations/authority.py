"""Loading an authority: its organisation and the cases its register begins with. The demo is one file of these."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from service.domain.errors import Conflict, Invalid
from service.domain.people import Actor
from service.operations.environment import Environment
from service.operations.transaction import operation
from service.store.cases import CaseRow, InvolvementRow
from service.store.organisation import AuthorityRow, PersonRow, PostRow, TeamRow, find_authority
from service.store.tables import db


@operation
def load_authority(env: Environment, actor: Actor, *, data: Mapping[str, Any]) -> bool:
    """Load an authority into an empty installation; give False, and change nothing, when it is already loaded.

    `data` is JSON: authority {name, demo}, teams, people, posts, cases (see deployment/demo/). Raises Invalid naming
    what is missing, Conflict when another authority is loaded.
    """
    try:
        name = str(data["authority"]["name"])
        known = find_authority()
        if known is not None:
            if known.name != name:
                raise Conflict(f"This installation already serves {known.name}.")
            return False
        db.session.add(AuthorityRow(name=name, demo=bool(data["authority"].get("demo", False))))
        _load_organisation(data)
        for case in data["cases"]:
            _load_case(env, case)
        db.session.flush()
    except (KeyError, ValueError, TypeError) as error:
        raise Invalid({"authority": [f"The authority's file is not as it should be: {error!r}"]}) from error
    return True


def _load_organisation(data: Mapping[str, Any]) -> None:
    for team in data["teams"]:
        db.session.add(
            TeamRow(
                id=team["id"],
                name=team["name"],
                kind=team["kind"],
                area=team.get("area"),
                service=team.get("service"),
            )
        )
    for person in data["people"]:
        db.session.add(PersonRow(id=person["id"], name=person["name"]))
    db.session.flush()
    for post in data["posts"]:
        db.session.add(
            PostRow(
                id=post["id"],
                title=post["title"],
                level=post["level"],
                team_id=post.get("team"),
                area=post.get("area"),
                service=post.get("service"),
                line_manager_post_id=post.get("lineManagerPost"),
                holder_id=post.get("holder"),
            )
        )
    db.session.flush()


def _load_case(env: Environment, case: Mapping[str, Any]) -> None:
    db.session.add(
        CaseRow(
            reference=case["reference"],
            label=case["label"],
            date_of_birth=_date(case.get("dateOfBirth")),
            expected_on=_date(case.get("expectedOn")),
            status=case.get("status", "open"),
            owning_team_id=case["owningTeam"],
            allocated_worker_id=case.get("allocatedWorker"),
            facts=dict(case.get("facts", {})),
            facts_as_of=env.now(),
            closed_on=_date(case.get("closedOn")),
        )
    )
    db.session.flush()
    for involvement in case.get("involvements", ()):
        db.session.add(
            InvolvementRow(
                id=involvement["id"],
                case_reference=case["reference"],
                kind=involvement["kind"],
                name=involvement["name"],
                role=involvement["role"],
                person_id=involvement.get("person"),
                started_on=date.fromisoformat(involvement["startedOn"]),
                ended_on=_date(involvement.get("endedOn")),
            )
        )


def _date(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
