"""How a step is announced, timed, run and excused when it fails. Which steps there are is not here."""

from __future__ import annotations

import hashlib
import json
import subprocess
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
STAMPS = VENV / "towpath-stamps.json"
"""What is already done, each with the hash of what it was made from. It goes when the environment goes."""

NO_NETWORK = (
    "Temporary failure in name resolution",
    "Name or service not known",
    "Failed to establish a new connection",
    "Network is unreachable",
    "Connection refused",
    "Read timed out",
    "ENOTFOUND",
    "EAI_AGAIN",
    "ECONNREFUSED",
    "ETIMEDOUT",
    "Could not find a version that satisfies",
)
REMEDIES = (
    (NO_NETWORK, "The package registry did not give it. Check the network and the proxy settings, then try again."),
    (("ensurepip is not available", "No module named ensurepip", "No module named venv"),
     "This Python cannot make virtual environments. On Debian or Ubuntu: apt-get install python3-venv"),
    (("No space left on device", "ENOSPC"), "The disk is full. Make room (about 700 MB) and try again."),
    (("DO NOT MATCH THE HASHES",), "A downloaded package is not the one that was locked. Do not go on; ask who runs "
     "your package mirror."),
)  # fmt: skip


class Stopped(Exception):
    """A command cannot go on; the text says why and what to do about it."""


@contextmanager
def timed(what: str) -> Iterator[None]:
    """Say what is being done, and how long it took once it is."""
    print(f"{what} … ", end="", flush=True)
    began = time.monotonic()
    try:
        yield
    except BaseException:
        print("stopped", flush=True)
        raise
    print(f"{time.monotonic() - began:.0f} s", flush=True)


def run(what: str, command: Sequence[str | Path], *, cwd: Path = ROOT, env: Mapping[str, str] | None = None) -> None:
    """Run one slow command under a progress line. Raises Stopped with the end of its output and the remedy."""
    with timed(what):
        done = subprocess.run(
            [str(part) for part in command],
            cwd=cwd,
            env=env,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            check=False,
        )
        if done.returncode != 0:
            raise Stopped(excuse(what, done.stdout))


def excuse(what: str, output: str) -> str:
    """What to tell the person when a step failed: the last lines of its output, then what to do."""
    tail = "\n".join(f"    {line}" for line in output.strip().splitlines()[-20:])
    for signs, remedy in REMEDIES:
        if any(sign in output for sign in signs):
            return f"{tail}\n{what} did not work. {remedy}"
    return f"{tail}\n{what} did not work. The lines above say why; what was done before it is kept."


def fingerprint(paths: Iterable[Path], *extra: str) -> str:
    """One hash over the names and contents of files; folders count with everything in them."""
    digest = hashlib.sha256("\0".join(extra).encode())
    files = {file for path in paths for file in (path.rglob("*") if path.is_dir() else (path,)) if file.is_file()}
    for file in sorted(files):
        digest.update(f"\0{file.relative_to(ROOT)}\0".encode())
        digest.update(hashlib.sha256(file.read_bytes()).digest())
    return digest.hexdigest()


def is_stamped(name: str, value: str) -> bool:
    """Was this step done before from exactly these inputs?"""
    return _stamps().get(name) == value


def stamp(name: str, value: str) -> None:
    """Remember that this step is done from these inputs."""
    STAMPS.write_text(json.dumps({**_stamps(), name: value}, indent=2, sort_keys=True), encoding="utf-8")


def _stamps() -> dict[str, Any]:
    try:
        found = json.loads(STAMPS.read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}
