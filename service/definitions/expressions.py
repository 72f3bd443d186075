"""The FEEL in a form: where it stands and what it comes to for one scope. Which field it makes is in `resolve.py`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from service.definitions.components import Component, is_expression, is_number, is_numeric_text, walk
from service.domain.errors import ModelError
from service.feel import HostFunction, compile_expression, to_json

Functions = Mapping[str, HostFunction]
_TEMPLATE = re.compile(r"\{\{(.*?)\}\}", re.DOTALL)
_TRANSLATED = ("label", "description", "text")


@dataclass(frozen=True, slots=True)
class Resolver:
    """One form and one scope: what is known of the case, and the answers by key."""

    file: str
    scope: Mapping[str, Any]
    functions: Functions

    def evaluate(self, component: Component, text: str, *, certain: bool = False) -> Any:
        """The FEEL value of an expression, with or without its `=`. Raises ModelError naming file and component.

        FEEL makes a function that nobody offers null; in a form that would quietly lift a limit, so it is an error.
        When `certain`, so is a null that came of a name nobody knows.
        """
        try:
            expression = compile_expression(feel_text(text))
            called = expression.calls - self.functions.keys()
            if absent := sorted(name for name in called if name not in self.scope):
                raise ModelError(f"There is no function “{absent[0]}” here.")
            found = expression.evaluate_explained(self.scope, functions=self.functions)
            if certain and found.value is None and found.unknown_names:
                raise ModelError(f"There is no name “{found.unknown_names[0]}” here.")
            return found.value
        except ModelError as error:
            raise self.wrong(component, error.message) from error

    def wrong(self, component: Component, message: str) -> ModelError:
        """An error of the form, said of the component."""
        return ModelError(message, element_id=component.id, file=self.file)

    def value(self, component: Component, raw: Any, *, certain: bool = False) -> Any:
        """An attribute that is a literal or an expression."""
        return self.evaluate(component, raw, certain=certain) if is_expression(raw) else raw

    def words(self, component: Component, name: str) -> str:
        """A label, description or text: plain, an expression, or plain with `{{expressions}}` in it."""
        raw = component.get(name)
        if is_expression(raw):
            return in_words(self.evaluate(component, raw))
        if not isinstance(raw, str):
            return ""
        return _TEMPLATE.sub(lambda match: in_words(self.evaluate(component, match[1])), raw)

    def truth(self, component: Component, raw: Any, *, certain: bool = False) -> bool:
        """Whether a switch is on; null and anything that is not true count as off."""
        return self.value(component, raw, certain=certain) is True

    def limit(self, component: Component, name: str) -> Decimal | None:
        """A number of `validate`, or None when there is none. Raises ModelError for what is no number."""
        value = self.value(component, component.part("validate").get(name), certain=True)
        if value is None or value == "":
            return None
        if isinstance(value, Decimal) or is_number(value) or is_numeric_text(value):
            return Decimal(str(value))
        raise self.wrong(component, f"Its validation “{name}” is not a number.")


def feel_text(text: str) -> str:
    """The expression without the `=` in front."""
    return text.removeprefix("=").strip()


def in_words(value: Any) -> str:
    """A FEEL value as a page shows it: nothing for null, ISO for dates, commas in a list."""
    plain = to_json(value)
    if isinstance(plain, list):
        return ", ".join(str(item) for item in plain if item is not None)
    if isinstance(plain, bool):
        return "yes" if plain else "no"
    return "" if plain is None else str(plain)


def expressions(components: Sequence[Component]) -> Iterator[tuple[str, str]]:
    """Every FEEL expression of a form, without `=`, after the id of its component."""
    for component in walk(components):
        for text in _of(component):
            yield component.id, feel_text(text)


def _of(component: Component) -> Iterator[str]:
    translated = [component.get(name) for name in _TRANSLATED]
    for raw in translated:
        if isinstance(raw, str) and not is_expression(raw):
            yield from (match[1] for match in _TEMPLATE.finditer(raw))
    switches = [component.part("conditional").get("hide"), component.get("readonly"), component.get("disabled")]
    limits = [component.get("valuesExpression"), *component.part("validate").values()]
    custom = component.part("properties").values()
    yield from (text for text in (*translated, *switches, *limits, *custom) if is_expression(text))
