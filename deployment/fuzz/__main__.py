"""Random input for minutes or hours: nothing may hang, grow without end, or raise what it does not document.

    .venv/bin/python -m deployment.fuzz --minutes 10 [--target expressions] [--seed 1] [--place var/fuzz]

With atheris (deployment/requirements/fuzz.txt; Linux and macOS) inputs are led by the lines they reach, else they are
random. Findings are kept under the place, each input with what it did; the command ends with 1 when there are any. The
last line is JSON.
"""

from __future__ import annotations

import argparse
import json
import re
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from deployment.fuzz.findings import Findings
from deployment.fuzz.notebook import Notebook
from deployment.fuzz.worker import find_guide

ROOT = Path(__file__).resolve().parents[2]
TARGETS = ("expressions", "unary-tests", "dmn", "json")
HANGS = 180.0
"""Seconds by the clock after which an attempt is ended; a busy machine, and many values, must not look like a hang."""


def main(arguments: list[str] | None = None) -> int:
    """Run the targets one after another."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=10, help="for each target")
    parser.add_argument("--target", choices=TARGETS, action="append")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--place", type=Path, default=ROOT / "var" / "fuzz")
    parser.add_argument("--unguided", action="store_true", help="without atheris, even where it is installed")
    options = parser.parse_args(arguments)
    guided = not options.unguided and find_guide() is not None
    done = []
    for target in options.target or TARGETS:
        place = options.place / target
        done.append(watch(target, options.minutes * 60, options.seed, place, guided=guided))
        for finding in Findings(place / "findings").all():
            print(f"{finding}\n{finding.with_suffix('.txt').read_text(encoding='utf-8').rstrip()}\n")
    print(json.dumps({"guided": guided, "targets": done}))
    return 1 if any(target["findings"] for target in done) else 0


def watch(target: str, seconds: float, seed: int, place: Path, *, guided: bool) -> dict[str, Any]:
    """Let workers try the target for so long; one that hangs or dies is a finding and is followed by another."""
    place.mkdir(parents=True, exist_ok=True)
    (place / "notebook").unlink(missing_ok=True)
    notebook, findings = Notebook(place / "notebook"), Findings(place / "findings")
    until, workers = time.monotonic() + seconds, 0
    with (place / "log").open("w+b") as log:
        while (left := until - time.monotonic()) > 0 or not workers:
            command = [sys.executable, "-m", "deployment.fuzz.worker", "--target", target, "--place", str(place)]
            command += ["--seconds", str(max(left, 1)), "--seed", str(seed + workers)]
            command += [] if guided else ["--unguided"]
            worker = subprocess.Popen(command, cwd=ROOT, stdout=log, stderr=log)
            ended = _wait(worker, notebook, findings)
            workers += 1
            if ended and notebook.running() is None and notebook.attempts == 0:
                raise SystemExit(f"The worker did not begin; {place / 'log'} says why.")
    text = (place / "log").read_text(encoding="utf-8", errors="replace")
    reached = re.findall(r"cov: (\d+) ft: (\d+)", text)
    return {
        "target": target,
        "seconds": round(seconds),
        "attempts": notebook.attempts,
        "findings": len(findings.all()),
        "edges reached": int(reached[-1][0]) if reached else None,
        "workers": workers,
    }


def _wait(worker: subprocess.Popen[bytes], notebook: Notebook, findings: Findings) -> int:
    """Wait for the worker's end and return its exit code; kill it when an attempt takes too long."""
    while worker.poll() is None:
        time.sleep(0.1)
        running = notebook.running()
        if running and running[0] > HANGS:
            worker.kill()
            worker.wait()
            findings.keep("hang", running[1], f"still running after {HANGS:.0f} seconds")
            notebook.end()
            return 0
    running = notebook.running()
    if worker.returncode and running:
        findings.keep("death", running[1], f"the process ended with {worker.returncode}")
        notebook.end()
    return int(worker.returncode)


if __name__ == "__main__":
    sys.exit(main())
