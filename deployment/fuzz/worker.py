"""The process that tries one input after another. It may hang or die; `__main__.py` watches it."""

from __future__ import annotations

import argparse
import importlib
import importlib.util
import resource
import sys
import time
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

from deployment.fuzz.findings import Findings
from deployment.fuzz.notebook import Notebook

_MEMORY = 3 << 30
_MOST_BYTES = 200_000
_POOL = 2_000


def main() -> None:
    """Try inputs for the target until the time is over."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--target", required=True)
    parser.add_argument("--seconds", type=float, required=True)
    parser.add_argument("--seed", type=int, required=True)
    parser.add_argument("--place", type=Path, required=True)
    parser.add_argument("--unguided", action="store_true")
    options = parser.parse_args()
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    guide = None if options.unguided else find_guide()
    target = _target(options.target, guide)
    attempt = Attempt(target.attempt, options.place)
    if guide is None:
        try_at_random(target, attempt, options.seconds, options.seed)
    else:
        try_guided(guide, target, attempt, options)


def find_guide() -> Any:
    """Atheris, when it is installed: it goes on from inputs that reach lines no other has reached."""
    return importlib.import_module("atheris") if importlib.util.find_spec("atheris") else None


def _target(name: str, guide: Any) -> Any:
    if guide is None:
        return importlib.import_module("deployment.fuzz.targets").TARGETS[name]
    with guide.instrument_imports(include=["service"]):
        return importlib.import_module("deployment.fuzz.targets").TARGETS[name]


class Attempt:
    """Tries one input and keeps it when it does what it may not."""

    def __init__(self, attempt: Callable[[bytes], None], place: Path) -> None:
        self._attempt = attempt
        self._notebook = Notebook(place / "notebook")
        self._findings = Findings(place / "findings")

    def __call__(self, content: bytes) -> None:
        if len(content) > _MOST_BYTES:
            return
        self._notebook.begin(content)
        try:
            self._attempt(content)
        except Exception as error:  # noqa: BLE001 - whatever is raised here is what we look for
            self._findings.keep_error(error, content)
        self._notebook.end()


def try_at_random(target: Any, attempt: Attempt, seconds: float, seed: int) -> None:
    """Inputs made of the seeds and of each other, without looking at what they reach."""
    random, pool, until = Random(seed), target.seeds(), time.monotonic() + seconds
    for content in pool:
        attempt(content)
    while time.monotonic() < until:
        content = target.renew(random.choice(pool), random)
        attempt(content)
        if random.random() < 0.1:
            pool.append(content)
        if len(pool) > _POOL:
            pool = target.seeds()


def try_guided(guide: Any, target: Any, attempt: Attempt, options: argparse.Namespace) -> None:
    """Inputs that atheris chooses, changed by its ways and by ours. Does not return."""
    corpus = options.place / "corpus"
    corpus.mkdir(exist_ok=True)
    for number, content in enumerate(target.seeds()):
        (corpus / f"seed-{number}").write_bytes(content)

    def renew(content: bytes, most: int, seed: int) -> bytes:
        random = Random(seed)
        made: bytes = guide.Mutate(content, most) if random.random() < 0.15 else target.renew(content, random)
        return made[:most]

    flags = (f"-max_total_time={int(options.seconds)}", f"-seed={options.seed}", f"-max_len={_MOST_BYTES}",
             "-len_control=0", "-timeout=600", "-rss_limit_mb=0", "-reload=0", "-print_final_stats=1")  # fmt: skip
    guide.Setup([sys.argv[0], str(corpus), *flags], attempt, custom_mutator=renew)
    guide.Fuzz()


if __name__ == "__main__":
    main()
