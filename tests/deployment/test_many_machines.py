"""What the units, the compose file and the runbook tell one to run exists, with these options and settings."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path

import click
import pytest

from deployment.bootstrap.commands import MADE
from service.cli import towpath
from tests.house.source import ROOT

DEPLOYMENT = ROOT / "deployment"
DOCKERFILE = DEPLOYMENT / "Dockerfile"
COMPOSE = DEPLOYMENT / "compose.yaml"
FILES = [*sorted((DEPLOYMENT / "systemd").glob("*")), COMPOSE, DEPLOYMENT / "runbook.md", DOCKERFILE]
COMMAND = re.compile(r"(?:ExecStart=/opt/towpath/bin/|command: |^ {4})(towpath [^\n#]*)", re.MULTILINE)
SETTING = re.compile(r"TOWPATH_[A-Z_]+")


def commands() -> list[tuple[str, str]]:
    """Every command that one of the files names."""
    named = [(file.name, " ".join(found.split())) for file in FILES for found in COMMAND.findall(file.read_text())]
    return [*named, *((DOCKERFILE.name, shlex.join(json.loads(found))) for found in instructions("CMD"))]


def instructions(name: str) -> list[str]:
    """What follows this word in the Dockerfile, each time."""
    return re.findall(rf"^{name} (.*)$", DOCKERFILE.read_text(), re.MULTILINE)


@pytest.mark.parametrize(("file", "line"), commands())
def test_every_command_exists_with_its_options(file: str, line: str) -> None:
    program: click.Command = towpath
    context = click.Context(towpath, info_name="towpath")
    words = shlex.split(line)[1:]
    while isinstance(program, click.Group):
        found = program.get_command(context, words.pop(0))
        assert found is not None, f"{file}: {line}"
        program = found
    # Reads the words and runs nothing; raises for an option that is not there.
    assert program.make_context(program.name, words, parent=context).params is not None


def test_each_kind_of_process_has_its_command() -> None:
    named = {line.split()[1] for _, line in commands()}
    assert {"serve", "worker", "celery", "doctor", "db"} <= named


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_every_setting_is_one_that_is_read(file: Path) -> None:
    read = set(SETTING.findall((ROOT / "service" / "config.py").read_text())) | {"TOWPATH_IMAGE"}
    assert set(SETTING.findall(file.read_text())) - read == set()


def test_what_the_image_is_made_of_is_there() -> None:
    sources = [words.split()[0] for words in instructions("COPY")]
    assert sources == ["deployment/requirements/celery.txt", "dist/*.whl"]
    hashed = (ROOT / sources[0]).read_text()
    assert [word for word in ("celery==", "psycopg==", "--hash=sha256:") if word not in hashed] == []
    assert {"dist"} <= set(MADE)


def test_the_image_does_not_run_as_root() -> None:
    [user] = instructions("USER")
    assert any("useradd --system" in made and made.endswith(f" {user}") for made in instructions("RUN"))


def test_the_image_keeps_its_data_where_the_compose_file_says() -> None:
    [directory] = instructions("WORKDIR")
    assert instructions("ENV") == [f"TOWPATH_DATA={directory}"]
    assert f"TOWPATH_DATA: {directory}\n" in COMPOSE.read_text()


def test_no_unit_starts_a_process_that_there_may_be_only_one_of() -> None:
    """Whatever fires timers can run any number of times, so that none is missed when one dies."""
    templates = {file.name for file in FILES if "@" in file.name}
    assert templates == {"towpath-worker@.service", "towpath-celery@.service"}
