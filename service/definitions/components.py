"""The components of a form-js file, parsed and searched for mistakes. Evaluating them is in `resolve.py`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeGuard

import re2

from service.definitions.fields import ASKING, CHOSEN, SHOWN
from service.definitions.problem import Problem

KINDS = ASKING | SHOWN | {"group"}
IGNORED = frozenset({"button"})
"""Every page has its own buttons, so those of a form are left out without a word."""
MAX_DEPTH = 6
MAX_COMPONENTS = 500
_KEY = re.compile(r"[A-Za-z_][A-Za-z0-9_]*", re.ASCII)
_MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}:\d{2})?|\d{2}:\d{2}:\d{2}", re.ASCII)
_VALIDATIONS = frozenset(
    ["required", "requiredMessage", "minLength", "maxLength", "min", "max", "pattern", "validationType"]
)
_SUBTYPES = ("date", "time", "datetime")
_OPTION_SOURCES = ("values", "valuesKey", "valuesExpression")


@dataclass(frozen=True, slots=True)
class Component:
    """One component as it stands in the file; `raw` is its JSON, `key` the name of its answer or empty."""

    kind: str
    id: str
    key: str
    raw: Mapping[str, Any]
    children: tuple[Component, ...] = ()

    def get(self, name: str) -> Any:
        """The attribute, or None."""
        return self.raw.get(name)

    def part(self, name: str) -> Mapping[str, Any]:
        """The attribute when it is an object, else an empty one."""
        value = self.raw.get(name)
        return value if isinstance(value, Mapping) else {}


@dataclass(slots=True)
class Reading:
    """What parsing one file has found so far."""

    file: str
    problems: list[Problem] = field(default_factory=list)
    ids: set[str] = field(default_factory=set)
    count: int = 0

    def wrong(self, where: str, message: str) -> None:
        """Note one thing to put right."""
        self.problems.append(Problem(self.file, where, message))


def walk(components: Sequence[Component]) -> Iterator[Component]:
    """Every component, outermost first."""
    for component in components:
        yield component
        yield from walk(component.children)


def asking(components: Sequence[Component]) -> Iterator[Component]:
    """The components that take an answer in this scope: through groups, not into the columns of a list."""
    for component in components:
        if component.kind == "group":
            yield from asking(component.children)
        elif component.kind in ASKING:
            yield component


def parse_components(raw: Any, reading: Reading, *, in_list: bool = False, depth: int = 0) -> tuple[Component, ...]:
    """The components of a form, group or list. What cannot be used is left out and noted in `reading`."""
    if not isinstance(raw, list):
        reading.wrong("", "Its `components` must be a list.")
        return ()
    if depth > MAX_DEPTH:
        reading.wrong("", f"Its groups are nested more than {MAX_DEPTH} deep.")
        return ()
    parsed = [_parse(item, reading, in_list, depth) for item in raw]
    return tuple(component for component in parsed if component is not None)


def _parse(raw: Any, reading: Reading, in_list: bool, depth: int) -> Component | None:
    reading.count += 1
    if not isinstance(raw, Mapping) or reading.count > MAX_COMPONENTS:
        reading.wrong("", f"A component must be an object, and a form has at most {MAX_COMPONENTS} of them.")
        return None
    kind, where = str(raw.get("type") or ""), str(raw.get("id") or raw.get("key") or raw.get("path") or "")
    if kind in IGNORED:
        return None
    if kind not in KINDS:
        reading.wrong(where, f"It is a “{kind}” component. Towpath draws these: {', '.join(sorted(KINDS))}.")
        return None
    if where in reading.ids:
        reading.wrong(where, "Another component of this form has the same id.")
    reading.ids.add(where)
    children: tuple[Component, ...] = ()
    if kind == "dynamiclist" and in_list:
        reading.wrong(where, "It is a list inside a list, which Towpath does not draw.")
        return None
    if kind in ("group", "dynamiclist"):
        inside_list = in_list or kind == "dynamiclist"
        children = parse_components(raw.get("components"), reading, in_list=inside_list, depth=depth + 1)
    component = Component(kind, where, _key(kind, raw), raw, children)
    for message in _mistakes(component):
        reading.wrong(where, message)
    return component


def _key(kind: str, raw: Mapping[str, Any]) -> str:
    if kind not in ASKING:
        return ""
    return str(raw.get("path" if kind == "dynamiclist" else "key") or "")


def repeated_keys(components: Sequence[Component], reading: Reading) -> None:
    """Note every key that two components of one scope share: one answer would overwrite the other."""
    seen: set[str] = set()
    for component in asking(components):
        if component.key in seen:
            reading.wrong(component.id, f"Another component keeps its answer under “{component.key}” too.")
        seen.add(component.key)
        repeated_keys(component.children, reading)


def _mistakes(component: Component) -> Iterator[str]:
    if component.kind in ASKING:
        if not _KEY.fullmatch(component.key) or component.key == "Meta":
            yield f"Its key “{component.key}” must be a plain name: letters, digits and _, not beginning with a digit."
        if not component.get("label") and component.kind != "dynamiclist":
            yield "It has no label, so nobody can tell what is asked."
        yield from _validation_mistakes(component)
    if component.kind == "group" and component.get("path"):
        yield "A group with a `path` is not supported: leave the path empty."
    if component.kind == "datetime" and component.get("subtype") not in _SUBTYPES:
        yield f"Its subtype must be one of {', '.join(_SUBTYPES)}."
    for name in ("earliest", "latest"):
        if not _is_moment(component.part("properties").get(name, "=")):
            yield f"Its property “{name}” must be a date such as 2027-01-04, or an expression."
    if component.kind in CHOSEN:
        yield from _option_mistakes(component)
    if not all(isinstance(value, str) for value in component.part("properties").values()):
        yield "Its custom properties must be text."


def _validation_mistakes(component: Component) -> Iterator[str]:
    validate = component.part("validate")
    for name in sorted(set(validate) - _VALIDATIONS):
        yield f"Its validation “{name}” is not one that Towpath knows."
    for name in ("minLength", "maxLength", "min", "max"):
        value = validate.get(name)
        if not (value is None or is_number(value) or is_expression(value) or is_numeric_text(value)):
            yield f"Its validation “{name}” must be a number or an expression."
    low, high = validate.get("min"), validate.get("max")
    if is_number(low) and is_number(high) and float(low) > float(high):
        yield "Its smallest value is larger than its largest."
    pattern = validate.get("pattern")
    if pattern and compile_pattern(str(pattern)) is None:
        yield f"Its pattern “{pattern}” is not a regular expression that RE2 reads."
    if validate.get("validationType") not in (None, "", "custom", "email", "phone"):
        yield f"Its validation type “{validate['validationType']}” is not one that Towpath knows."


def _option_mistakes(component: Component) -> Iterator[str]:
    sources = [name for name in _OPTION_SOURCES if component.get(name)]
    if len(sources) != 1:
        yield "Its options must come from exactly one of values, valuesKey and valuesExpression."
    values = component.get("values")
    if values is None:
        return
    if not isinstance(values, list) or not all(isinstance(item, Mapping) and "value" in item for item in values):
        yield "Each of its values must be an object with value and label."
        return
    texts = [str(item["value"]) for item in values]
    for text in sorted({text for text in texts if texts.count(text) > 1}):
        yield f"Its value “{text}” stands twice among the options."


def _is_moment(value: Any) -> bool:
    return is_expression(value) or (isinstance(value, str) and _MOMENT.fullmatch(value) is not None)


def is_expression(value: Any) -> TypeGuard[str]:
    """Whether a string is FEEL: it begins with `=`."""
    return isinstance(value, str) and value.startswith("=")


def is_number(value: Any) -> TypeGuard[int | float]:
    """Whether it is a JSON number; true and false are not."""
    return isinstance(value, int | float) and not isinstance(value, bool)


def is_numeric_text(value: Any) -> bool:
    """Whether it is text that holds a number, as form editors write limits."""
    return isinstance(value, str) and (not value or re.fullmatch(r"-?\d+(\.\d+)?", value, re.ASCII) is not None)


def compile_pattern(pattern: str) -> Any | None:
    """The pattern for RE2, whose matching time is linear in the text, or None when it reads no such pattern."""
    options = re2.Options()
    options.log_errors = False
    try:
        return re2.compile(pattern, options)
    except re2.error:
        return None
