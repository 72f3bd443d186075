"""Did every part of the suite run? A green run that left out the browser or PostgreSQL proves less than it says."""

from __future__ import annotations

import sys
import xml.etree.ElementTree as ElementTree
from collections.abc import Callable

PARTS: dict[str, Callable[[str], bool]] = {
    "the browser journeys (tests/browser)": lambda name: name.startswith("tests.browser."),
    "the store on PostgreSQL": lambda name: "postgres" in name.lower(),
    "the scenarios of the rule book (tests/processes)": lambda name: name.startswith("tests.processes."),
    "the part of the DMN TCK kept here (tests/conformance)": lambda name: name.startswith("tests.conformance."),
    "the rules of the house (tests/house)": lambda name: name.startswith("tests.house."),
}


def main(report: str) -> int:
    """Read pytest's JUnit report; return 1, saying what is missing, unless every part ran and nothing was skipped."""
    cases = list(ElementTree.parse(report).getroot().iter("testcase"))
    names = [f"{case.get('classname')}.{case.get('name')}" for case in cases]
    missing = [part for part, belongs in PARTS.items() if not any(map(belongs, names))]
    skipped = [name for name, case in zip(names, cases, strict=True) if case.find("skipped") is not None]
    for part in missing:
        print(f"Nothing ran of {part}.")
    for name in skipped:
        print(f"Skipped: {name}")
    return 1 if missing or skipped or not cases else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
