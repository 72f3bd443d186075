"""Whatever is sent, a form answers with clean JSON or with what is wrong: never with a crash."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from service.domain.errors import Invalid
from tests.definitions.paper import (
    SCOPE,
    TODAY,
    a_form,
    checklist,
    day,
    hide_if,
    number,
    radio,
    required,
    rows,
    text,
    tick,
)

WHOLE = a_form(
    text(validate={"maxLength": 5, "minLength": 2, "pattern": "^[a-z ]*$"}),
    number(decimalDigits=1, validate={"min": -1, "max": 99}),
    day("met", disallowPassedDates=True),
    day("at", subtype="time"),
    day("when", subtype="datetime"),
    radio("outcome", "agree", 3, True),
    checklist("who", "child", "mother", **required()),
    tick("sure"),
    text("why", **hide_if('outcome = "agree" or weeks > 5 or count(actions) > 1')),
    rows(
        "actions",
        text("action", **required()),
        day("due"),
        number(id="row_weeks"),
        text("note", **hide_if('action = "none"')),
    ),
)
WORDS = st.text(max_size=8) | st.sampled_from(
    ["agree", "3", "2027-02-30", "2027-01-05", "10:30", "2027-01-05T10:30", "1,000"]
)
SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | WORDS
PARTS = st.dictionaries(st.sampled_from(["day", "month", "year", "date", "time", "x"]), SCALARS)
JSON = st.recursive(
    SCALARS | PARTS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORDS, inner), max_leaves=6
)
ROWS = st.lists(st.dictionaries(st.sampled_from(["action", "due", "weeks", "note", "odd"]), JSON) | JSON, max_size=3)
ANSWERS = st.fixed_dictionaries(
    {}, optional={**dict.fromkeys(WHOLE.keys, JSON), "actions": ROWS | JSON, "unknown": JSON}
)


def test_one_of_every_kind_is_a_good_form() -> None:
    assert WHOLE.problems == ()


@given(ANSWERS)
@settings(deadline=None, max_examples=60)
def test_reading_never_crashes_and_gives_json(answers: dict[str, Any]) -> None:
    try:
        read = WHOLE.read(answers, SCOPE, functions=TODAY)
    except Invalid:
        return
    assert json.loads(json.dumps(read, allow_nan=False)) == read


@given(st.dictionaries(st.sampled_from(WHOLE.keys), JSON, max_size=1))
@settings(deadline=None, max_examples=60)
def test_what_was_read_reads_again_as_the_same(answers: dict[str, Any]) -> None:
    try:
        read = WHOLE.read({"who": ["child"], **answers}, SCOPE, functions=TODAY)
    except Invalid:
        return
    assert WHOLE.read(read, SCOPE, functions=TODAY) == read


@given(ANSWERS)
@settings(deadline=None, max_examples=60)
def test_keeping_never_crashes_and_is_good_json(answers: dict[str, Any]) -> None:
    kept = WHOLE.keep(answers)
    assert json.loads(json.dumps(kept, allow_nan=False).encode()) == kept
    assert WHOLE.keep(kept) == kept
