"""What comes from outside, locked; what belongs to one machine, absent (design §12)."""

from __future__ import annotations

import json
import re
import tomllib

import pytest

from tests.house.source import ROOT, tracked_files

REQUIREMENTS = sorted((ROOT / "deployment" / "requirements").glob("*.txt"))
PINNED = re.compile(r"^([a-z0-9][a-z0-9._-]*)(?:\[[^]]*\])?==(\S+)", re.MULTILINE)
HOME_OF_A_MACHINE = re.compile(r"(?:^|[^.A-Za-z0-9_])/(?:work|farm|root)/|file:///", re.MULTILINE)
REGISTRY = re.compile(r"https?://[^\s\"]+(?:\.whl|\.tgz|\.tar\.gz|/simple)\b")


@pytest.mark.parametrize("file", REQUIREMENTS, ids=lambda file: file.name)
def test_every_requirement_is_pinned_and_hashed(file) -> None:
    entries = re.split(r"\n(?=\S)", re.sub(r"\n? *#.*", "", file.read_text()).strip())
    assert len(entries) > 30
    assert [entry for entry in entries if not PINNED.match(entry) or "--hash=sha256:" not in entry] == []


@pytest.mark.parametrize("file", REQUIREMENTS, ids=lambda file: file.name)
def test_no_requirement_names_where_it_comes_from(file) -> None:
    assert re.findall(r"https?://|--index-url|--find-links|file:", file.read_text()) == []


def test_the_requirement_files_agree_and_contain_each_other() -> None:
    service, run, development, fuzz = (_pins(name) for name in ("service", "run", "development", "fuzz"))
    assert service.items() < run.items() < development.items() < fuzz.items()


def test_everything_that_pyproject_asks_for_is_locked() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    asked = {_name(each) for each in project["project"]["dependencies"]}
    tools = {_name(each) for group in project["dependency-groups"].values() for each in group if isinstance(each, str)}
    assert asked <= _pins("service").keys()
    assert tools <= _pins("fuzz").keys()
    assert tools - {"atheris"} <= _pins("development").keys()


def test_the_node_packages_are_locked_without_addresses() -> None:
    lock = json.loads((ROOT / "service/web/assets/package-lock.json").read_text())
    packages = {name: entry for name, entry in lock["packages"].items() if name and not entry.get("link")}
    assert packages
    assert [name for name, entry in packages.items() if "resolved" in entry or "integrity" not in entry] == []
    assert "omit-lockfile-registry-resolved=true" in (ROOT / "service/web/assets/.npmrc").read_text()


def test_no_file_names_a_machine_or_a_registry() -> None:
    found = [
        f"{name}: {hit.group().strip()}"
        for name in tracked_files()
        if name != "tests/house/test_supply.py"
        for pattern in (HOME_OF_A_MACHINE, REGISTRY)
        for hit in pattern.finditer(_text(name))
    ]
    assert found == []


def test_no_file_is_too_large_to_read() -> None:
    large = [name for name in tracked_files() if (ROOT / name).stat().st_size > 1_000_000]
    assert large == []


def _pins(name: str) -> dict[str, str]:
    return dict(PINNED.findall((ROOT / f"deployment/requirements/{name}.txt").read_text()))


def _name(requirement: str) -> str:
    return re.split(r"[<>=\[ ]", requirement.lower().replace("_", "-"), maxsplit=1)[0]


def _text(name: str) -> str:
    content = (ROOT / name).read_bytes()
    return "" if b"\0" in content[:8000] else content.decode("utf-8", "replace")
