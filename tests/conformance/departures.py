"""What we leave as it is, and why: each comes to null instead. Calls of Java and PMML are told apart in `kit.py`."""

from __future__ import annotations

DEPARTURES = {
    "1111-feel-matches-function-01.K2-MatchesFunc-17-K2-MatchesFunc-17": "a back-reference is not linear in time",
}
