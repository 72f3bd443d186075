"""What the pages load in the browser: Node packages, then the build into `service/web/static/`. Pages are not here."""

from __future__ import annotations

from pathlib import Path

from deployment.bootstrap.environment import with_environment_first
from deployment.bootstrap.steps import ROOT, VENV, Stopped, fingerprint, is_stamped, run, stamp

SOURCE = ROOT / "service" / "web" / "assets"
BUILT = ROOT / "service" / "web" / "static"
NPM = VENV / "bin" / "npm"


def ensure() -> None:
    """Have the built files in place, made from exactly the sources that are there now."""
    if not (SOURCE / "package-lock.json").is_file():
        raise Stopped(f"{SOURCE.relative_to(ROOT)}/package-lock.json is missing. Is this a whole checkout?")
    sources = fingerprint(_sources())
    if BUILT.is_dir() and is_stamped("assets", sources) and is_stamped("built", fingerprint([BUILT])):
        return
    _ensure_node_packages()
    run("Building the page assets", (NPM, "run", "build"), cwd=SOURCE, env=with_environment_first())
    if not BUILT.is_dir():
        raise Stopped(f"The build ended well but wrote nothing to {BUILT.relative_to(ROOT)}.")
    stamp("assets", sources)
    stamp("built", fingerprint([BUILT]))


def _ensure_node_packages() -> None:
    locked = fingerprint(path for path in (SOURCE / "package-lock.json", SOURCE / ".npmrc") if path.is_file())
    # npm writes this file last, so that it tells a finished installation from an interrupted one.
    if (SOURCE / "node_modules" / ".package-lock.json").is_file() and is_stamped("node_modules", locked):
        return
    # No scripts: one of the packages would start a telemetry service when it is installed.
    command = (NPM, "ci", "--ignore-scripts", "--no-audit", "--no-fund")
    run("Installing the Node packages", command, cwd=SOURCE, env=with_environment_first())
    stamp("node_modules", locked)


def _sources() -> list[Path]:
    return [path for path in SOURCE.iterdir() if path.name != "node_modules"]
