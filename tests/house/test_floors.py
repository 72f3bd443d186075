"""The import contracts leave no room out. Whether they are kept is `lint-imports`'s to say, in `make check`."""

from __future__ import annotations

import tomllib
from typing import Any

import pytest

from tests.house.source import ROOT

SERVICE = ROOT / "service"
DOOR = "__main__"
"""`python -m service`, which only calls the application."""
ROOMS = {path.stem for path in SERVICE.iterdir() if (path / "__init__.py").is_file() or path.suffix == ".py"}
ROOMS -= {"__init__", DOOR}


@pytest.mark.parametrize(
    ("library", "knowing"),
    [
        ("SpiffWorkflow", {"engine"}),
        ("flask", {"web", "app", "cli", "ticker"}),
        ("marshmallow", {"definitions", "web"}),
    ],
)
def test_a_library_is_forbidden_to_every_room_but_those_that_may_know_it(library: str, knowing: set[str]) -> None:
    forbidden = set(_contract_about(library)["source_modules"])
    assert forbidden == {f"service.{room}" for room in ROOMS - knowing} | {"handlers"}


def test_handlers_are_forbidden_every_room_but_the_contract() -> None:
    forbidden = set(_contract_about("service.operations")["forbidden_modules"])
    assert forbidden == {f"service.{room}" for room in ROOMS - {"contract"}}


def test_the_floors_are_exhaustive() -> None:
    (floors,) = (contract for contract in _contracts() if contract["type"] == "layers")
    named = {room.strip() for floor in floors["layers"] for room in floor.split("|")}
    assert floors["exhaustive"] is True
    assert named == ROOMS | {DOOR}


def test_every_contract_is_named_by_its_reason() -> None:
    assert all(len(contract["name"].split()) > 8 for contract in _contracts())


def _contracts() -> list[dict[str, Any]]:
    return tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]


def _contract_about(library: str) -> dict[str, Any]:
    """The first contract that forbids this import; the general ones come before the particular."""
    return next(contract for contract in _contracts() if library in contract.get("forbidden_modules", ()))
