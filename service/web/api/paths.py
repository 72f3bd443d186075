"""The addresses of the API as pure functions, so that an answer depends on nothing but what it answers. No routing."""

from __future__ import annotations

from urllib.parse import quote

PREFIX = "/api/v1"
DOCUMENTATION = f"{PREFIX}/docs"


def path_to(*segments: object) -> str:
    """`path_to("events", "a b")` is `/api/v1/events/a%20b`."""
    return "/".join((PREFIX, *(quote(str(segment), safe="") for segment in segments)))


def path_to_problem(slug: str) -> str:
    """Where the documentation explains this kind of problem; it is the `type` of a problem document."""
    return f"{DOCUMENTATION}#problem-{slug}"
