"""The commands behind the Makefile, one function each. How the environment and the assets are made is not here."""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from deployment.bootstrap import assets, demo, environment
from deployment.bootstrap.steps import PYTHON, ROOT, VENV, Stopped, run

UV = "uv==0.13.9"
MADE = (".venv", "service/web/assets/node_modules", "service/web/static", "deployment/bench/feelin/node_modules",
        "dist", ".pytest_cache", ".mypy_cache", ".ruff_cache", ".hypothesis", ".import_linter_cache")  # fmt: skip
"""What `make clean` removes. `var/` is not among it: it holds data."""
CHECKS = (
    ("lint", ("ruff", "check", ".")),
    ("format", ("ruff", "format", "--check", ".")),
    ("types", ("mypy",)),
    ("import contracts", ("lint-imports",)),
    ("rule book", ("towpath", "rulebook", "check")),
)


def main(arguments: list[str]) -> int | str:
    """Run one command. Returns an exit code, or the text with which the process should fail."""
    parser = argparse.ArgumentParser(prog="make", description="Set up, run and check Towpath.")
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("run").add_argument("--port", type=int, default=8080)
    for name in ("test", "check", "lock", "wheel", "clean"):
        commands.add_parser(name)
    options, rest = parser.parse_known_args(arguments)
    if rest and options.command != "test":
        parser.error(f"unknown: {' '.join(rest)}")
    try:
        if options.command == "run":
            return run_demo(options.port)
        if options.command == "test":
            return test(rest)
        return {"check": check, "lock": lock, "wheel": wheel, "clean": clean}[options.command]()
    except Stopped as stopped:
        return str(stopped)
    except KeyboardInterrupt:
        return 130


def run_demo(port: int) -> int:
    """`make run`: everything from nothing to the demo in a browser. The second time only the starting is left."""
    began = time.monotonic()
    demo.require_free(port)
    environment.ensure("run", "development")
    assets.ensure()
    print(f"Set up in {time.monotonic() - began:.0f} s.", flush=True)
    return demo.run_demo(port)


def test(arguments: list[str]) -> int:
    """`make test`: the same environment with the test tools; tests say by name what they need and do not find."""
    _develop()
    return subprocess.run([PYTHON, "-m", "pytest", *arguments], cwd=ROOT, check=False).returncode


def check() -> int:
    """`make check`: every check that is not a test. All are run, so that one look shows everything."""
    _develop()
    env = environment.with_environment_first()
    failed = []
    for name, (program, *rest) in CHECKS:
        print(f"\n{name}: {program} {' '.join(rest)}", flush=True)
        if subprocess.run([VENV / "bin" / program, *rest], cwd=ROOT, env=env, check=False).returncode != 0:
            failed.append(name)
    print(f"\nNot in order: {', '.join(failed)}." if failed else "\nAll in order.", flush=True)
    return 1 if failed else 0


def lock() -> int:
    """`make lock`: work the requirement files out again. One resolution for all of them, so that versions agree."""
    celery = ("--extra", "celery")
    names = {
        "development": ("--group", "dev", *celery),
        "run": ("--group", "build"),
        "service": (),
        "celery": celery,
        "fuzz": ("--group", "fuzz", *celery),
    }
    with tempfile.TemporaryDirectory() as place:
        uv = Path(place) / "bin" / "uv"
        run("Fetching the resolver", (sys.executable, "-m", "venv", place))
        run("Installing the resolver", (Path(place) / "bin" / "python", "-m", "pip", "install", "--quiet", UV))
        for name, groups in names.items():
            file = environment.REQUIREMENTS / f"{name}.txt"
            if name != "development":
                # uv prefers the versions it finds in the file it is about to write.
                shutil.copyfile(environment.REQUIREMENTS / "development.txt", file)
            rules = (
                "--universal",
                "--python-version",
                "3.11",
                "--generate-hashes",
                "--no-emit-index-url",
                "--no-header",
            )
            run(f"Locking {name}.txt", (uv, "pip", "compile", "--quiet", "pyproject.toml", *rules, *groups, "-o", file))
    return 0


def wheel() -> int:
    """`make wheel`: the wheel, with assets, rule book, migrations and demo inside. Raises Stopped when it cannot."""
    _develop()
    out = ROOT / "dist"
    run("Building the wheel", (PYTHON, "-m", "build", "--wheel", "--no-isolation", "--outdir", out, ROOT))
    newest = max(out.glob("*.whl"), key=lambda file: file.stat().st_mtime)
    print(newest.relative_to(ROOT), flush=True)
    return 0


def clean() -> int:
    """`make clean`: back to a bare checkout, except for the data."""
    for name in MADE:
        shutil.rmtree(ROOT / name, ignore_errors=True)
    for folder in ("service", "handlers", "tests", "deployment"):
        for cache in (ROOT / folder).rglob("__pycache__"):
            shutil.rmtree(cache, ignore_errors=True)
    print("Removed what was made. The data in var/ are kept; delete that folder yourself to start from nothing.")
    return 0


def _develop() -> None:
    environment.ensure("development")
    assets.ensure()
    os.environ.update(environment.with_environment_first())
