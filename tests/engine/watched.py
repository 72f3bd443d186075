"""Runs a diagram in a process of its own, and prints which of SpiffWorkflow's modules were loaded and what Python was
compiled or run from text meanwhile. What may be printed is in `test_no_python.py`."""

from __future__ import annotations

import json
import sys
from importlib import import_module
from typing import Any

from service.domain.errors import ModelError
from tests.engine.drawing import diagram, end, flow, flows, gateway, rule, script, start
from tests.engine.story import Decided, Story

TEXTS = (
    "=amount + 1",
    '=__import__("os").system("true")',
    "=().__class__.__bases__",
    '=open("/etc/passwd").read()',
    "=[x for x in range(3)]",
)


def run(text: str) -> tuple[str, Any]:
    """Start a process with this script, a business rule and a condition; say how it ended and what was computed."""
    drawn = diagram(
        start(),
        script("compute", text, "computed"),
        rule("decide", "level", "level"),
        gateway("which", default="which-other"),
        end(),
        end("other"),
        flows("begin compute decide which"),
        flow("which", "done", '=level = "TM"'),
        flow("which", "other"),
    )
    story = Story({"review.bpmn": drawn}, decisions={"level": Decided("TM")})
    try:
        story.begin(amount=1)
    except ModelError as refused:
        return refused.message, None
    return ", ".join(story.passed), story.variables["computed"]


def main() -> None:
    """Once to load everything, once watched."""
    import_module("service.app")
    for text in TEXTS:
        run(text)
    ran: list[str] = []
    watching = [True]
    sys.addaudithook(lambda event, _: ran.append(event) if watching and event in ("compile", "exec") else None)
    ended = {text: run(text) for text in TEXTS}
    watching.clear()
    sys.stdout.write(
        json.dumps(
            {
                "ended": {text: words for text, (words, _) in ended.items()},
                "computed": {text: value for text, (_, value) in ended.items()},
                "ran": ran,
                "dmn": [name for name in sys.modules if name.startswith("SpiffWorkflow.dmn")],
            },
            default=str,
        )
    )


if __name__ == "__main__":
    main()
