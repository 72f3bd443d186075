"""What the units, the compose file and the runbook tell one to run exists, with these options and settings."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import click
import pytest

from service.cli import towpath
from tests.house.source import ROOT

DEPLOYMENT = ROOT / "deployment"
FILES = [*sorted((DEPLOYMENT / "systemd").glob("*")), DEPLOYMENT / "compose.yaml", DEPLOYMENT / "runbook.md"]
COMMAND = re.compile(r"(?:ExecStart=/opt/towpath/bin/|command: |^ {4})(towpath [^\n#]*)", re.MULTILINE)
SETTING = re.compile(r"TOWPATH_[A-Z_]+")


def commands() -> list[tuple[str, str]]:
    """Every command that one of the files names."""
    return [(file.name, " ".join(found.split())) for file in FILES for found in COMMAND.findall(file.read_text())]


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


def test_no_unit_starts_a_process_that_there_may_be_only_one_of() -> None:
    """Whatever fires timers can run any number of times, so that none is missed when one dies."""
    templates = {file.name for file in FILES if "@" in file.name}
    assert templates == {"towpath-worker@.service", "towpath-celery@.service"}
