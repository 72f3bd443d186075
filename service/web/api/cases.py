"""Cases over HTTP: reading them, and keeping the register's facts as the system of record has them. No decisions."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from service.domain.people import Actor
from service.operations.cases import list_cases, read_case
from service.operations.recording import Involvement, record_case
from service.operations.views import CaseIdentity, CaseView
from service.web.api.authentication import environment
from service.web.api.requests import CaseBody, CasesQuery
from service.web.api.routes import Reads, Routes
from service.web.api.schemas import CaseIdentitySchema, CaseSchema, CasesSchema

routes = Routes(
    "cases",
    "Cases",
    "The register: the facts of a case that decisions need. The authority's case-management system stays the record.",
)

EXAMPLE = {
    "facts": {"name_of_a_fact": True, "name_of_another": None},
    "involvements": [
        {"id": "i-1", "kind": "other", "name": "A school", "role": "School nurse", "started_on": "2026-03-16"}
    ],
}


@routes.get("/cases", CasesSchema, reads=Reads(query=CasesQuery))
def find(actor: Actor, *, query: Mapping[str, Any]) -> Mapping[str, tuple[CaseIdentity, ...]]:
    """List cases

    Those this token may see; `text` narrows them down.
    """
    return {"cases": list_cases(environment(), actor, text=query["text"])}


@routes.get("/cases/<reference>", CaseSchema, HTTPStatus.NOT_FOUND)
def read(actor: Actor, *, reference: str) -> CaseView:
    """Read a case

    Who owns it, who is involved, what is open, and everything that happened with who, when and under which rule.
    """
    return read_case(environment(), actor, reference=reference)


@routes.put(
    "/cases/<reference>",
    CaseIdentitySchema,
    HTTPStatus.BAD_REQUEST,
    HTTPStatus.NOT_FOUND,
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
    reads=Reads(body=CaseBody, example=EXAMPLE),
)
def record(actor: Actor, *, reference: str, body: Mapping[str, Any]) -> CaseIdentity:
    """Record facts of a case

    As the system of record has them now, and who is involved. What is not named stays as it is, null removes a fact,
    an `ended_on` ends an involvement, and the same again changes nothing. Who owns the case and whether it is open is
    decided here and not taken from outside.
    """
    involvements = [Involvement(**told) for told in body["involvements"]]
    return record_case(environment(), actor, reference=reference, facts=body["facts"], involvements=involvements)
