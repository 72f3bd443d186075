"""A small whole rule book to write tests with: two levels, one form, a guard, a matrix, a timescale."""

from __future__ import annotations

import json
from collections.abc import Sequence

from service.definitions.rulebook import RuleBook, load_rulebook

DMN = "https://www.omg.org/spec/DMN/20191111/MODEL/"
GUARD_COLUMNS = ("rule", "severity", "overrideLevel", "message", "clearedBy", "source")


def files(**changed: bytes | None) -> dict[str, bytes]:
    """The files; a keyword replaces one by its stem (`settings=b"[]"`) or takes it away (`settings=None`)."""
    book = {f"{path.rpartition('/')[2].partition('.')[0]}": path for path in BOOK}
    changes = {book[stem]: content for stem, content in changed.items()}
    return {path: content for path, content in {**BOOK, **changes}.items() if content is not None}


def small_book(**changed: bytes | None) -> RuleBook:
    return load_rulebook(files(**changed))


def table(
    name: str,
    given: str,
    outputs: Sequence[str],
    *rules: Sequence[str],
    policy: str,
    says: str = "",
    type_: str = "Any",
) -> bytes:
    """A decision table with one input; each rule is its input entry and its output entries, in FEEL. `says` is the
    description of the decision."""
    columns = "".join(f'<output id="{name}_{output}" name="{output}"/>' for output in outputs)
    rows = "".join(_rule(f"{name}_{number}", rule) for number, rule in enumerate(rules))
    return f"""<definitions xmlns="{DMN}" id="d" name="d" namespace="n:{name}"><decision id="{name}" name="{name}">
      <description>{says}</description>
      <decisionTable id="{name}_t" hitPolicy="{policy}">
        <input id="{name}_i"><inputExpression id="{name}_e" typeRef="{type_}">
          <text>{given}</text></inputExpression></input>
        {columns}{rows}
      </decisionTable></decision></definitions>""".encode()


def _rule(rule_id: str, entries: Sequence[str]) -> str:
    first, *rest = (f"<text>{entry.replace('<', '&lt;')}</text>" for entry in entries)
    results = "".join(f'<outputEntry id="{rule_id}_{i}">{text}</outputEntry>' for i, text in enumerate(rest))
    return f'<rule id="{rule_id}"><inputEntry id="{rule_id}_in">{first}</inputEntry>{results}</rule>'


def form(*components: object, form_id: str = "views") -> bytes:
    return json.dumps({"id": form_id, "components": components}).encode()


ORGANISATION = {
    "levels": [
        {"id": "worker", "name": "Worker", "rank": 10, "mayStart": ["closing"]},
        {"id": "manager", "name": "Manager", "rank": 20, "managerial": True, "mayStart": ["*"]},
    ]
}
SETTINGS = [
    {"id": "senior", "value": "manager@area", "type": "text", "why": "It is not a post."},
    {"id": "levels", "value": 2, "type": "number", "why": "Two managers read it."},
]
SCENARIO = {
    "name": "A story",
    "authority": "demo",
    "case": "K-101",
    "starts": "2027-01-04T09:30:00+00:00",
    "steps": [{"event": {"type": "proposed"}}],
}
BOOK: dict[str, bytes] = {
    "organisation.json": json.dumps(ORGANISATION).encode(),
    "settings.json": json.dumps(SETTINGS).encode(),
    "calendar.json": b'{"name": "Calendar"}',
    "timescales.dmn": table(
        "timescales",
        "timescale",
        ["what", "length", "unit", "countsFirstDay", "source"],
        ['"VISIT"', '"First visit"', "5", '"working days"', "false", '"S1"'],
        policy="UNIQUE",
        says="Gaps intended: a timescale without a row is an error.",
    ),
    "matrix.dmn": table(
        "decision-matrix",
        "decision",
        ["mode", "level", "scope"],
        ['"CLOSE"', '"SEQ"', '"manager"', '"area"'],
        ['"CLOSE"', '"SEQ"', '"line-manager"', '"author"'],
        policy="RULE ORDER",
    ),
    "closing/guards.dmn": table(
        "closing-guards",
        "case.status",
        GUARD_COLUMNS,
        ['"closed"', '"R1"', '"hard"', "null", '"It is closed."', '"Nobody"', '"S1"'],
        policy="COLLECT",
    ),
    "closing/closing.bpmn": b"<definitions/>",
    "closing/forms/views.form": form({"type": "textfield", "id": "views", "key": "views", "label": "Views"}),
    "closing/scenarios/story.json": json.dumps(SCENARIO).encode(),
    "closing/README.md": b"What closing is.",
}
