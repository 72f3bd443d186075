"""The questions of a form ready to be drawn: name, what was answered and what is wrong with it. No HTML is here."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from service.definitions.fields import Field
from service.web.desk.forms import DATE_PARTS

Errors = Mapping[str, Sequence[str]]
"""What is wrong, by dotted path: `{"views": ["Enter the views"], "actions.0.owner": [...]}`."""


@dataclass(frozen=True, slots=True)
class Question:
    """One field on a page. `name` is its HTML name, and the id of its first control unless `anchor` differs."""

    field: Field
    name: str
    path: str
    value: Any
    """Text; a list of texts for a checklist; whether it is ticked; a mapping of parts for a date or time."""
    errors: tuple[str, ...] = ()
    rows: tuple[tuple[Question, ...], ...] = ()
    headings: tuple[str, ...] = ()
    """The titles of groups that begin with this question."""

    @property
    def anchor(self) -> str:
        """The id of the control that an error summary leads to."""
        if self.field.kind == "datetime":
            return f"{self.name}-time" if self.field.subtype == "time" else f"{self.name}-day"
        if self.field.kind == "dynamiclist":
            first = next((column for row in self.rows for column in row if column.field.asks), None)
            return first.anchor if first else f"{self.name}-add"
        return self.name

    @property
    def choices(self) -> list[dict[str, Any]]:
        """The options as the component macros take them."""
        given = self.value if isinstance(self.value, list) else [self.value]
        chosen = [(option, option.text in given) for option in self.field.options]
        return [{"value": one.text, "text": one.label, "checked": on, "selected": on} for one, on in chosen]


def ask(
    fields: Iterable[Field], answers: Mapping[str, Any], errors: Errors, *, within: tuple[str, str] = ("", "")
) -> tuple[Question, ...]:
    """The questions in the order of the form; hidden fields are left out. `within` is the name and path so far."""
    questions: list[Question] = []
    group: tuple[str, ...] = ()
    fields = tuple(fields)
    # Defaults stand in a form that nobody has touched; in any other, what is blank was left blank.
    answers = answers or {field.key: field.default for field in fields}
    for field in fields:
        if field.hidden:
            continue
        name, path = f"{within[0]}{field.key or field.id}", f"{within[1]}{field.key or field.id}"
        value = answers.get(field.key) if field.key else None
        questions.append(
            Question(
                field,
                name,
                path,
                _shown(field, value),
                tuple(errors.get(path, ())),
                tuple(_rows(field, value, errors, name, path)) if field.kind == "dynamiclist" else (),
                _new_headings(group, field.group),
            )
        )
        group = field.group
    return tuple(questions)


def error_links(questions: Sequence[Question], errors: Errors) -> list[tuple[str, str | None]]:
    """Each message with the id of its control, in the order of the page; then those that no question shows."""
    links: list[tuple[str, str | None]] = []
    shown: set[str] = set()
    for question in _all(questions):
        shown.add(question.path)
        links += [(message, question.anchor) for message in question.errors]
    for path, messages in errors.items():
        if path not in shown:
            links += [(message, None) for message in messages]
    return links


def _all(questions: Sequence[Question]) -> Iterator[Question]:
    for question in questions:
        yield question
        for row in question.rows:
            yield from _all(row)


def _rows(field: Field, value: Any, errors: Errors, name: str, path: str) -> Iterator[tuple[Question, ...]]:
    """A row for each that was answered, and at least one, so that there is something to type in."""
    answered = [row for row in value if isinstance(row, Mapping)] if isinstance(value, list | tuple) else []
    blanks = max(1, field.min_rows) - len(answered)
    for index, row in enumerate([*answered, *([{}] * blanks)]):
        columns = field.rows[index] if index < len(field.rows) else field.fields
        yield ask(columns, row, errors, within=(f"{name}-{index}-", f"{path}.{index}."))


def _new_headings(before: tuple[str, ...], now: tuple[str, ...]) -> tuple[str, ...]:
    """What begins here; coming back out of an inner group names the outer one again, so that nobody reads on in it."""
    if now == before:
        return ()
    same = 0
    while same < min(len(before), len(now)) and before[same] == now[same]:
        same += 1
    return now[same:] or now[-1:]


def _shown(field: Field, value: Any) -> Any:
    if field.kind == "checkbox":
        return value is True
    if field.kind == "checklist":
        return [_text(item) for item in value] if isinstance(value, list | tuple) else []
    if field.kind == "datetime":
        return _parts(field, value)
    return "" if isinstance(value, Mapping | list | tuple) else _text(value)


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else str(value)


def _parts(field: Field, value: Any) -> dict[str, str]:
    """Day, month, year and time of ISO text, or the parts as they were typed."""
    if isinstance(value, Mapping):
        return {part: _text(value.get(part)) for part in (*DATE_PARTS, "time")}
    text = _text(value)
    if field.subtype == "time":
        return {"time": _minutes(text)}
    day, _, clock = text.partition("T")
    pieces = day.split("-")
    numbers = [piece.lstrip("0") or piece for piece in pieces] if len(pieces) == 3 else ["", "", ""]
    return {"day": numbers[2], "month": numbers[1], "year": numbers[0], "time": _minutes(clock)}


def _minutes(text: str) -> str:
    return text[:5] if text.count(":") == 2 else text
