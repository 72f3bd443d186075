"""What the wheel carries. That it runs by itself is tried in `.ci/wheel_runs`, which needs a network."""

from __future__ import annotations

import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from service.data_files import demo_directory, migrations_directory, processes_directory, static_directory

ROOT = Path(__file__).resolve().parents[2]
CARRIED = {
    "service/_data/processes": processes_directory(),
    "service/_data/migrations": migrations_directory(),
    "service/_data/demo": demo_directory(),
    "service/web/static": static_directory(),
}
TOP = {"service", "handlers", "towpath.dist-info"}


@pytest.mark.parametrize("place", CARRIED)
def test_the_wheel_carries_every_file_that_the_checkout_has(wheel: frozenset[str], place: str) -> None:
    here = {f"{place}/{name}" for name in _files(CARRIED[place])}
    assert here
    assert here == {name for name in wheel if name.startswith(f"{place}/")}


def test_the_wheel_carries_all_the_code_and_nothing_of_the_workshop(wheel: frozenset[str]) -> None:
    code = {str(file.relative_to(ROOT)) for folder in ("service", "handlers") for file in (ROOT / folder).rglob("*.py")}
    assert {name for name in code if "node_modules" not in name} <= wheel
    assert {re.sub(r"-.*(?=\.dist-info)", "", name.partition("/")[0]) for name in wheel} == TOP
    assert [name for name in wheel if "assets/" in name or "__pycache__" in name] == []


def _files(folder: Path) -> set[str]:
    files = (file for file in folder.rglob("*") if file.is_file() and "__pycache__" not in file.parts)
    return {str(file.relative_to(folder)) for file in files}


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> frozenset[str]:
    """The names in a wheel built from this checkout."""
    out = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(out), str(ROOT)]
    subprocess.run(command, check=True, capture_output=True)
    (built,) = out.glob("*.whl")
    with zipfile.ZipFile(built) as archive:
        return frozenset(archive.namelist())
