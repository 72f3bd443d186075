"""The virtual environment and what is in it: locked packages, then Towpath itself. Node packages are not here."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from deployment.bootstrap.steps import PYTHON, ROOT, VENV, fingerprint, is_stamped, run, stamp

REQUIREMENTS = ROOT / "deployment" / "requirements"
PIP = (PYTHON, "-m", "pip", "--disable-pip-version-check", "--no-input", "install", "--quiet")


def ensure(*sets: str) -> None:
    """Make the environment hold one of the requirement `sets`, the first being what to install, and Towpath.

    A later name is a larger set that contains the first: when it is there already, nothing is left to do.
    """
    _ensure_venv()
    if not any(is_stamped(name, _wanted(name)) for name in sets):
        file = REQUIREMENTS / f"{sets[0]}.txt"
        # The list is complete, so pip need not work out dependencies again; every archive must match its hash.
        command = (*PIP, "--require-hashes", "--no-deps", "-r", file)
        run(f"Installing {_count(file)} Python packages", command)
        stamp(sets[0], _wanted(sets[0]))
    itself = fingerprint([ROOT / "pyproject.toml"], str(ROOT))
    if not is_stamped("towpath", itself):
        run("Installing Towpath itself", (*PIP, "--no-deps", "--no-build-isolation", "--editable", ROOT))
        stamp("towpath", itself)


def with_environment_first() -> dict[str, str]:
    """The process environment in which `node`, `npm` and `towpath` are those of the virtual environment."""
    inherited = {name: value for name, value in os.environ.items() if name not in ("PYTHONHOME", "PYTHONPATH")}
    return {**inherited, "VIRTUAL_ENV": str(VENV), "PATH": f"{VENV / 'bin'}{os.pathsep}{os.environ.get('PATH', '')}"}


def _ensure_venv() -> None:
    if _is_usable():
        return
    if VENV.exists():
        print("The environment in .venv does not work under this Python any more; it is made again.", flush=True)
        shutil.rmtree(VENV)
    run("Creating the virtual environment", (sys.executable, "-m", "venv", VENV))


def _is_usable() -> bool:
    """Does .venv hold a Python that runs, is new enough and can install? An upgrade of the system's may break it."""
    question = "import sys, pip; sys.exit(sys.version_info < (3, 11))"
    return (
        PYTHON.exists() and subprocess.run([PYTHON, "-c", question], capture_output=True, check=False).returncode == 0
    )


def _wanted(name: str) -> str:
    return fingerprint([REQUIREMENTS / f"{name}.txt"])


def _count(file: Path) -> int:
    """How many packages a requirements file lists for this kind of machine."""
    lines = file.read_text(encoding="utf-8").splitlines()
    return sum("==" in line and "win32" not in line for line in lines if line[:1].isalnum())
