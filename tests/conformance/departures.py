"""What we leave as it is, and why: each comes to null instead. Calls of Java and PMML are told apart in `kit.py`."""

from __future__ import annotations

DEPARTURES: dict[str, str] = {}
