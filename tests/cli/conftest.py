"""A directory of one's own for each test, and `towpath` run in it as a user would. No test stands here."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from service.app import create_app
from service.cli import towpath
from service.data_files import processes_directory
from tests.support.databases import Copies


@dataclass
class Installation:
    """Where the commands of one test work."""

    directory: Path
    settings: dict[str, str] = field(default_factory=dict)

    def run(self, *arguments: str) -> Result:
        """Run `towpath` with these arguments and the installation's settings."""
        environment = {"TOWPATH_DATA": str(self.directory), **self.settings}
        return CliRunner().invoke(towpath, list(arguments), obj=create_app, env=environment)

    def words(self, *arguments: str) -> str:
        """What a command says that ends well."""
        result = self.run(*arguments)
        assert result.exit_code == 0, result.output
        return result.output

    def complaint(self, *arguments: str) -> str:
        """What a command says that ends in an error of ours, which is never a traceback."""
        result = self.run(*arguments)
        assert (result.exit_code, isinstance(result.exception, SystemExit)) == (1, True), result.output
        return result.output


@pytest.fixture
def empty(tmp_path: Path) -> Installation:
    """Nothing is there yet, not even the directory."""
    return Installation(tmp_path / "var")


@pytest.fixture
def demo(tmp_path: Path, copies: Callable[[str], Copies]) -> Installation:
    """The demo authority with its rule book."""
    copies("sqlite").new(tmp_path)
    return Installation(tmp_path)


@pytest.fixture
def rule_book(tmp_path: Path) -> Path:
    """A copy of the rule book to write in, without its scenarios."""
    return shutil.copytree(
        processes_directory(), tmp_path / "rules", ignore=lambda _directory, names: {"scenarios"} & set(names)
    )
