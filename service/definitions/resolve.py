"""A form's components as the fields one person sees with these answers. Checking the answers is in `schemas.py`."""

from __future__ import annotations

import re
from collections import ChainMap
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any, cast

from service.definitions.answers import as_list, plain
from service.definitions.components import Component, asking, is_expression
from service.definitions.expressions import Resolver, feel_text, in_words
from service.definitions.fields import CHOSEN, MAX_ROWS, Field, Option
from service.domain.errors import ModelError
from service.feel import compile_expression, to_json

_ROWS = re.compile(r"[0-9]{1,4}", re.ASCII)


def resolve(components: Sequence[Component], answers: Mapping[str, Any], resolver: Resolver) -> tuple[Field, ...]:
    """The fields in the order of the form, those that only show something among them.

    Whether a field is hidden can hang on an answer that is itself hidden, so the question is asked again, with hidden
    answers taken as null, until nothing changes any more.
    """
    asked = tuple(asking(components))
    hidden: frozenset[str] = frozenset()
    settled = resolver
    for _ in range(len(asked) + 2):
        entered = {
            one.key: None if one.id in hidden else plain(one, answers.get(one.key, one.get("defaultValue")))
            for one in asked
            if one.key in answers or one.key not in resolver.scope
        }
        settled = replace(resolver, scope=ChainMap(entered, cast("dict[str, Any]", resolver.scope)))
        now = frozenset(_hidden(components, settled, False))
        if now == hidden:
            break
        hidden = now
    view = _View(answers, settled, hidden, frozenset(one.key for one in asked))
    return tuple(view.fields(components, (), frozenset()))


def _hidden(components: Sequence[Component], resolver: Resolver, within: bool) -> Iterator[str]:
    for component in components:
        gone = within or resolver.truth(component, component.part("conditional").get("hide"))
        if gone:
            yield component.id
        if component.kind == "group":
            yield from _hidden(component.children, resolver, gone)


@dataclass(frozen=True, slots=True)
class _View:
    answers: Mapping[str, Any]
    resolver: Resolver
    hidden: frozenset[str]
    keys: frozenset[str]

    def fields(self, components: Sequence[Component], group: tuple[str, ...], reads: frozenset[str]) -> Iterator[Field]:
        """The fields of a form or a group; `reads` are the keys that decide about the groups around them."""
        for component in components:
            own = reads | self._hide_reads(component)
            if component.kind == "group":
                title = self.resolver.words(component, "label")
                yield from self.fields(component.children, (*group, title) if title else group, own)
                continue
            field = replace(
                _field(component, self.resolver),
                group=group,
                hidden=component.id in self.hidden,
                hide_reads=tuple(sorted(own)),
            )
            yield self._with_rows(component, field) if component.kind == "dynamiclist" else field

    def _hide_reads(self, component: Component) -> frozenset[str]:
        hide = component.part("conditional").get("hide")
        return compile_expression(feel_text(hide)).names & self.keys if is_expression(hide) else frozenset()

    def _with_rows(self, component: Component, field: Field) -> Field:
        given = as_list(self.answers.get(component.key))
        rows = [row if isinstance(row, Mapping) else {} for row in given[: field.max_rows + 1]]
        columns = self._row(component, {}, len(rows))
        return replace(
            field, fields=columns, rows=tuple(self._row(component, row, number) for number, row in enumerate(rows))
        )

    def _row(self, component: Component, row: Mapping[str, Any], number: int) -> tuple[Field, ...]:
        """The columns for one row: its own answers come first, `parent` is the form, `i` counts from 1."""
        own = {one.key: plain(one, row.get(one.key)) for one in asking(component.children)}
        outer = {key: value for key, value in self.resolver.scope.items() if key not in own}
        scope = {**outer, "this": own, "parent": dict(self.resolver.scope), "i": Decimal(number + 1)}
        return resolve(component.children, row, replace(self.resolver, scope=scope))


def _field(component: Component, resolver: Resolver) -> Field:
    validate = component.part("validate")
    properties = {
        name: in_words(resolver.value(component, value)) for name, value in component.part("properties").items()
    }
    appearance = component.part("appearance")
    locked = resolver.truth(component, component.get("disabled")) or resolver.truth(
        component, component.get("readonly")
    )
    chooses = component.kind in CHOSEN
    min_rows, max_rows = _row_limits(component, properties, resolver)
    return Field(
        kind=component.kind,
        id=component.id,
        key=component.key,
        label=resolver.words(component, "label"),
        description=resolver.words(component, "description"),
        text=resolver.words(component, "text"),
        required=resolver.truth(component, validate.get("required"), certain=True) or min_rows > 0,
        required_message=str(validate.get("requiredMessage") or ""),
        locked=locked,
        options=_options(component, resolver) if chooses else (),
        min_length=_whole(resolver.limit(component, "minLength")),
        max_length=_whole(resolver.limit(component, "maxLength")),
        minimum=resolver.limit(component, "min"),
        maximum=resolver.limit(component, "max"),
        decimal_digits=component.get("decimalDigits") if isinstance(component.get("decimalDigits"), int) else None,
        as_text=component.get("serializeToString") is True,
        pattern=str(validate["pattern"]) if validate.get("pattern") else None,
        format=validate.get("validationType") if validate.get("validationType") in ("email", "phone") else None,
        subtype=str(component.get("subtype")) if component.kind == "datetime" else None,
        earliest=_earliest(component, resolver, properties),
        latest=properties.get("latest") or None,
        default=component.get("defaultRepetitions" if component.kind == "dynamiclist" else "defaultValue"),
        prefix=str(appearance.get("prefixAdder") or ""),
        suffix=str(appearance.get("suffixAdder") or ""),
        min_rows=min_rows,
        max_rows=max_rows,
        properties=properties,
    )


def _whole(limit: Decimal | None) -> int | None:
    return None if limit is None else int(limit)


def _row_limits(component: Component, properties: Mapping[str, str], resolver: Resolver) -> tuple[int, int]:
    """From the properties `minRows` and `maxRows`; without "add" and "remove" the list is as long as it begins.

    Raises ModelError when one of them is no number of rows.
    """
    numbers = {name: properties.get(name) or None for name in ("minRows", "maxRows")}
    if component.get("allowAddRemove") is False:
        numbers["defaultRepetitions"] = str(component.get("defaultRepetitions") or 1)
    for name, text in numbers.items():
        if text is not None and _ROWS.fullmatch(text) is None:
            raise resolver.wrong(component, f"Its “{name}” is not a number of rows.")
    ends = int(numbers.get("defaultRepetitions") or MAX_ROWS)
    least, most = numbers["minRows"], numbers["maxRows"]
    return int(least or 0), min(int(most), MAX_ROWS) if most is not None else ends


def _earliest(component: Component, resolver: Resolver, properties: Mapping[str, str]) -> str | None:
    if properties.get("earliest"):
        return properties["earliest"]
    return in_words(resolver.evaluate(component, "today()")) or None if component.get("disallowPassedDates") else None


def _options(component: Component, resolver: Resolver) -> tuple[Option, ...]:
    """The options from `values`, from a variable (`valuesKey`) or from FEEL (`valuesExpression`); null means none."""
    given: Any = component.get("values") or []
    if expression := component.get("valuesExpression"):
        given = to_json(resolver.evaluate(component, expression))
    elif key := component.get("valuesKey"):
        given = to_json(resolver.scope.get(key))
    if not isinstance(given, list | None):
        raise ModelError("Its options must be a list.", element_id=component.id, file=resolver.file)
    return tuple(_option(item) for item in given or [])


def _option(item: Any) -> Option:
    if isinstance(item, Mapping):
        return Option(item.get("value"), in_words(item.get("label", item.get("value"))))
    return Option(item, in_words(item))
