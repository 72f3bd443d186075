"""The authority's levels, what each may start, and its kinds of team. People and posts are in `store/`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from marshmallow import fields

from service.definitions.json_shapes import Id, Shape, Text, read_shape, repeated
from service.definitions.problem import BrokenRuleBook, Problem

EVERYTHING = "*"
"""In `mayStart`: every process that people start."""


@dataclass(frozen=True, slots=True)
class Level:
    """A level of authority. A higher `rank` has more of it."""

    id: str
    name: str
    rank: int
    managerial: bool = False
    may_start: frozenset[str] = frozenset()
    """Process ids, or `*` for every one."""
    source: str = ""


@dataclass(frozen=True, slots=True)
class TeamKind:
    """A kind of team that can own cases."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class Organisation:
    """The levels by id, lowest rank first, and the kinds of team by id."""

    levels: Mapping[str, Level]
    team_kinds: Mapping[str, TeamKind]

    def may_start(self, level_id: str, process_id: str) -> bool:
        """Whether a holder of the level may start the process. A level that is not known may start nothing."""
        level = self.levels.get(level_id)
        return level is not None and not level.may_start.isdisjoint({EVERYTHING, process_id})

    def outranks(self, one: str, other: str) -> bool:
        """Whether level `one` has more authority than level `other`; levels that are not known outrank nothing."""
        first, second = self.levels.get(one), self.levels.get(other)
        return first is not None and second is not None and first.rank > second.rank


class _LevelShape(Shape):
    id = Id(required=True)
    name = Text(required=True)
    rank = fields.Integer(required=True, strict=True)
    managerial = fields.Boolean(load_default=False)
    may_start = fields.List(Text(), data_key="mayStart", load_default=list)
    source = fields.String(load_default="")


class _TeamKindShape(Shape):
    id = Id(required=True)
    name = Text(required=True)


class _OrganisationShape(Shape):
    levels = fields.List(fields.Nested(_LevelShape), required=True)
    team_kinds = fields.List(fields.Nested(_TeamKindShape), data_key="teamKinds", load_default=list)


def load_organisation(file: str, content: bytes) -> Organisation:
    """The organisation in `organisation.json`: {levels: [...], teamKinds: [...]}. Raises ModelError."""
    raw = read_shape(file, content, _OrganisationShape())
    levels = [Level(**{**one, "may_start": frozenset(one["may_start"])}) for one in raw["levels"]]
    kinds = [TeamKind(**one) for one in raw["team_kinds"]]
    twice = [f"The level “{one}” stands twice." for one in repeated([level.id for level in levels])]
    twice += [f"The rank {one} stands twice." for one in repeated([level.rank for level in levels])]
    twice += [f"The kind of team “{one}” stands twice." for one in repeated([kind.id for kind in kinds])]
    if twice:
        raise BrokenRuleBook([Problem(file, "", message) for message in twice])
    ranked = sorted(levels, key=lambda level: level.rank)
    return Organisation({level.id: level for level in ranked}, {kind.id: kind for kind in kinds})
