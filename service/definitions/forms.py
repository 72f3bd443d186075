"""A form of the rule book: its fields for one person, its answers read or kept. Drawing it is in `web/`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath
from types import MappingProxyType
from typing import Any

import marshmallow as mm

from service.definitions.answers import keep
from service.definitions.components import Component, Reading, asking, parse_components, repeated_keys, walk
from service.definitions.expressions import Functions, Resolver, expressions
from service.definitions.fields import Field
from service.definitions.files import read_json
from service.definitions.problem import Problem, unreadable
from service.definitions.resolve import resolve
from service.definitions.schemas import load, wrong_fields
from service.domain.errors import Invalid, ModelError
from service.feel import FeelError, compile_expression, to_json

_NONE: Functions = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Form:
    """A form-js form. `scope` is what its expressions see of the case; answers come on top of it, by key."""

    id: str
    title: str
    file: str
    components: tuple[Component, ...]
    problems: tuple[Problem, ...] = ()
    """What Towpath cannot draw or check in it."""

    @property
    def keys(self) -> tuple[str, ...]:
        """The keys of its answers, in order."""
        return tuple(component.key for component in asking(self.components))

    @property
    def reads(self) -> frozenset[str]:
        """The names of the scope that its expressions and options may read, answers among them."""
        named = {name for _, text in expressions(self.components) for name in compile_expression(text).names}
        return frozenset(
            named | {str(each.get("valuesKey")) for each in walk(self.components) if each.get("valuesKey")}
        )

    def fields(
        self, scope: Mapping[str, Any], answers: Mapping[str, Any] | None = None, *, functions: Functions = _NONE
    ) -> tuple[Field, ...]:
        """Its fields, expressions evaluated. Raises ModelError naming file and component when one cannot be.

        Without `answers` the form is blank: a variable of the scope with a field's key counts as its answer so far.
        """
        given = {} if answers is None else {**dict.fromkeys(self.keys), **answers}
        return resolve(self.components, given, Resolver(self.file, scope, functions))

    def initial(self, scope: Mapping[str, Any], *, functions: Functions = _NONE) -> dict[str, Any]:
        """What a blank form shows: a variable of the scope with the field's key, else its default. JSON."""
        fields = [field for field in self.fields(scope, functions=functions) if field.key]
        defaults = {field.key: None if field.kind == "dynamiclist" else field.default for field in fields}
        shown = {key: to_json(scope[key]) if key in scope else default for key, default in defaults.items()}
        return {key: value for key, value in shown.items() if value is not None}

    def read(
        self, answers: Mapping[str, Any], scope: Mapping[str, Any], *, functions: Functions = _NONE
    ) -> dict[str, Any]:
        """The answers cleaned, as JSON: trimmed, typed, ISO dates; hidden and locked fields dropped, blank ones null.

        Raises Invalid with every wrong field at once, rows as `actions.0.owner`; ModelError when the form is wrong.
        """
        if not isinstance(answers, Mapping):
            raise Invalid({"": ["Send the answers as an object"]})
        fields = self.fields(scope, answers, functions=functions)
        try:
            return load(fields, answers)
        except mm.ValidationError as error:
            raise Invalid(wrong_fields(error.messages)) from error

    def keep(self, answers: Mapping[str, Any]) -> dict[str, Any]:
        """The answers for a draft: known keys, nothing checked. Raises Invalid when there is too much to be kept."""
        return keep(self.components, answers)


def parse_form(file: str, content: bytes) -> Form:
    """The form in a form-js file. Raises ModelError when it is no form; lesser mistakes are in its `problems`."""
    raw = read_json(file, content)
    if not isinstance(raw, Mapping) or not isinstance(raw.get("components"), list):
        raise ModelError("It is not a form: it has no list of components.", file=file)
    form_id = raw.get("id")
    if not isinstance(form_id, str) or not form_id.strip():
        raise ModelError("The form has no id.", file=file)
    reading = Reading(file)
    components = parse_components(raw["components"], reading)
    repeated_keys(components, reading)
    for where, text in expressions(components):
        try:
            compile_expression(text)
        except FeelError as error:
            reading.wrong(where, unreadable(error))
    return Form(form_id, _title(raw, file), file, components, tuple(reading.problems))


def _title(raw: Mapping[str, Any], file: str) -> str:
    """Form editors keep no title, so it may stand as `title` or `name` of the form; else the file's name says it."""
    for name in ("title", "name"):
        if isinstance(raw.get(name), str) and raw[name].strip():
            return str(raw[name]).strip()
    words = PurePosixPath(file).stem.replace("-", " ").replace("_", " ")
    return words[:1].upper() + words[1:]
