"""The fields of a form as a marshmallow schema that cleans answers or says, field by field, what is wrong with them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

import marshmallow as mm

from service.definitions import wording
from service.definitions.answers import (
    MAX_KEPT_TEXT,
    READ_MOMENT,
    as_list,
    blank,
    blank_row,
    read_number,
    read_tick,
    tidy,
)
from service.definitions.components import compile_pattern
from service.definitions.dates import NotADate
from service.definitions.fields import Field, posted

_EMAIL = re.compile(r"[^@\s]+@[^@\s.]+(\.[^@\s.]+)+")
_PHONE = re.compile(r"\+?[\d\s()-]{7,20}")
MAX_DIGITS = 15
"""More digits than JSON numbers carry without loss."""


class Answers(mm.Schema):
    """The answers to one form: a field for each question that is asked here and now. Blank answers count as missing."""

    class Meta:
        """Refuse what the form does not ask."""

        unknown = mm.RAISE

    error_messages = {  # noqa: RUF012 - so marshmallow has it
        "unknown": wording.UNKNOWN,
        "type": "Send the answers as an object",
    }

    def __init__(self, fields: Sequence[Field]) -> None:
        super().__init__()
        # Not by a class for each form: making one takes longer than reading the answers.
        self.declared_fields = {field.key: Answer(field) for field in fields if field.asks}
        self._init_fields()

    @mm.pre_load
    def leave_out_blanks(self, data: Any, **_: Any) -> Any:
        """An empty string is no answer: `required` alone decides whether that is wrong."""
        return {key: value for key, value in data.items() if not blank(value)} if isinstance(data, Mapping) else data


class Answer(mm.fields.Field[Any]):
    """One question. Its cleaned answer is JSON; an optional one that was left blank is null, false or an empty list."""

    def __init__(self, asked: Field) -> None:
        self.asked = asked
        absent = wording.missing(asked)
        super().__init__(
            required=asked.required,
            load_default=mm.missing if asked.required else _when_blank(asked.kind),
            error_messages={"required": absent, "null": absent},
        )

    def _deserialize(self, value: Any, attr: str | None, data: Any, **_: Any) -> Any:  # noqa: ARG002
        return _READERS[self.asked.kind](self.asked, value)


def _when_blank(kind: str) -> Callable[[], Any] | bool | None:
    if kind in ("checklist", "dynamiclist"):
        return list
    return False if kind == "checkbox" else None


def _text(field: Field, value: Any) -> str:
    if not isinstance(value, str):
        raise mm.ValidationError(wording.sentence(field, "must be text"))
    text = tidy(value).strip()
    longest = MAX_KEPT_TEXT if field.max_length is None else field.max_length
    if len(text) > longest:
        raise mm.ValidationError(wording.sentence(field, f"must be {longest} characters or fewer"))
    if field.min_length is not None and len(text) < field.min_length:
        raise mm.ValidationError(wording.sentence(field, f"must be {field.min_length} characters or more"))
    if field.format == "email" and not _EMAIL.fullmatch(text):
        raise mm.ValidationError("Enter an email address in the correct format, like name@example.com")
    if field.format == "phone" and not _PHONE.fullmatch(text):
        raise mm.ValidationError("Enter a telephone number, like 01632 960 001 or +44 808 157 0192")
    pattern = compile_pattern(field.pattern) if field.pattern else None
    if pattern is not None and pattern.search(text) is None:
        raise mm.ValidationError(wording.wrong_format(field))
    return text


def _number(field: Field, value: Any) -> int | float | str:
    number = read_number(value)
    if number is None:
        raise mm.ValidationError(wording.sentence(field, "must be a number, like 30"))
    if len(number.normalize().as_tuple().digits) > MAX_DIGITS or abs(number) >= 10**MAX_DIGITS:
        raise mm.ValidationError(wording.sentence(field, f"must have {MAX_DIGITS} digits or fewer"))
    digits = field.decimal_digits
    if digits is not None and number != round(number, digits):
        rest = "must be a whole number" if digits == 0 else f"must have {digits} decimal places or fewer"
        raise mm.ValidationError(wording.sentence(field, rest))
    if field.minimum is not None and number < field.minimum:
        raise mm.ValidationError(wording.sentence(field, f"must be {field.minimum:f} or more"))
    if field.maximum is not None and number > field.maximum:
        raise mm.ValidationError(wording.sentence(field, f"must be {field.maximum:f} or less"))
    return format(number, "f") if field.as_text else _json_number(number)


def _json_number(number: Decimal) -> int | float:
    return int(number) if number == number.to_integral_value() else float(number)


def _tick(field: Field, value: Any) -> bool:
    ticked = read_tick(value)
    if field.required and not ticked:
        raise mm.ValidationError(wording.missing(field))
    return ticked


def _one_of(field: Field, value: Any) -> Any:
    return _chosen(field, [value])[0]


def _some_of(field: Field, value: Any) -> list[Any]:
    chosen = _chosen(field, as_list(value))
    return [option.value for option in field.options if option.value in chosen]


def _chosen(field: Field, values: Sequence[Any]) -> list[Any]:
    """The options' own values for what was sent: an HTML form posts `3` as text, the option keeps the number."""
    known = {option.text: option.value for option in field.options}
    texts = [posted(value) for value in values if not blank(value)]
    if any(text not in known for text in texts):
        raise mm.ValidationError(wording.not_an_option(field))
    return [known[text] for text in texts]


def _moment(field: Field, value: Any) -> str:
    try:
        read = READ_MOMENT[field.subtype or "date"](value)
    except NotADate as error:
        raise mm.ValidationError(wording.sentence(field, str(error))) from error
    if field.earliest and read < field.earliest:
        raise mm.ValidationError(wording.sentence(field, f"must be on or after {wording.day(field.earliest)}"))
    if field.latest and read[: len(field.latest)] > field.latest:
        raise mm.ValidationError(wording.sentence(field, f"must be on or before {wording.day(field.latest)}"))
    return read


def _rows(field: Field, value: Any) -> list[dict[str, Any]]:
    given = as_list(value)
    if len(given) > field.max_rows:
        raise mm.ValidationError(wording.sentence(field, f"must have {field.max_rows} rows or fewer"))
    wrong: dict[Any, Any] = {}
    rows: list[dict[str, Any]] = []
    for number, row in enumerate(given):
        if blank_row(row):
            continue
        try:
            rows.append(load(field.rows[number], row))
        except mm.ValidationError as error:
            wrong[number] = error.messages
    if not wrong and len(rows) < field.min_rows:
        raise mm.ValidationError(wording.sentence(field, f"must have {field.min_rows} rows or more"))
    if wrong:
        raise mm.ValidationError(wrong)
    return rows


_READERS: Mapping[str, Callable[[Field, Any], Any]] = {
    "textfield": _text,
    "textarea": _text,
    "number": _number,
    "checkbox": _tick,
    "radio": _one_of,
    "select": _one_of,
    "checklist": _some_of,
    "datetime": _moment,
    "dynamiclist": _rows,
}


def load(fields: Sequence[Field], answers: Any) -> dict[str, Any]:
    """The cleaned answers. What is hidden or locked is dropped. Raises marshmallow's ValidationError."""
    dropped = {field.key for field in fields if field.key and not field.asks}
    sent = (
        {key: value for key, value in answers.items() if key not in dropped}
        if isinstance(answers, Mapping)
        else answers
    )
    return dict(Answers(fields).load(sent))


def wrong_fields(messages: Any) -> dict[str, list[str]]:
    """marshmallow's nested messages as `actions.0.owner` -> messages; they come in the order of the form."""
    return dict(_flat(messages, ""))


def _flat(messages: Any, path: str) -> Iterator[tuple[str, list[str]]]:
    if isinstance(messages, Mapping):
        for key, inner in messages.items():
            here = path if key == "_schema" else f"{path}.{key}" if path else str(key)
            for name, found in _flat(inner, here):
                yield name, [wording.in_row(text, key + 1) for text in found] if isinstance(key, int) else found
    else:
        yield path, [str(message) for message in messages]
