"""Boxed expressions evaluated. Tables are in `tables.py`; what a decision requires is in `runs.py`."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from service.decisions.expressions import Names, at
from service.decisions.model import (
    Conditional,
    Context,
    Expression,
    Filter,
    Function,
    Invocation,
    Iteration,
    ListOf,
    Literal,
    NotExecuted,
    Place,
    Relation,
    Table,
    Typed,
)
from service.decisions.tables import Checked
from service.feel import HostFunction, Range
from service.feel.values import in_words

DEEPEST = 24
"""Functions of the model inside one another; each level costs two dozen frames of Python's own stack."""
MOST_CALLS = 10_000
"""Calls of the model's functions in one evaluation."""
MOST_TURNS = 50_000
"""Items that boxed loops and filters may go through in one evaluation, those inside one another too."""

_KEPT_IN_A_TURN = 100
"""Items of the list so far that are handed on in the time of one turn."""

_QUANTIFIED = {
    "every": "every item in items satisfies item",
    "some": "some item in items satisfies item",
}


_NO_NAME = re.compile(r"[(\[{]|^(?:if|for|some|every|function)\b")
"""What tells that the function of an invocation is not named, but worked out."""


class Calls:
    """How often and how deep the model's functions have been called in one evaluation, and how often loops turned."""

    def __init__(self) -> None:
        self._total = 0
        self._turns = 0
        self._depth = 0

    def turn(self, place: Place, kept: int = 0) -> None:
        """One turn of the loop that stands at `place`, which hands on a list of `kept` items. Raises ModelError when
        there have been too many."""
        self._turns += 1 + kept // _KEPT_IN_A_TURN
        if self._turns > MOST_TURNS:
            raise at(place, f"loops and filters have gone through more than {MOST_TURNS:,} items.")

    @contextmanager
    def inside(self, place: Place) -> Iterator[None]:
        """One call of the function that stands at `place`. Raises ModelError when there have been too many."""
        self._total += 1
        if self._total > MOST_CALLS:
            raise at(place, f"functions were called more than {MOST_CALLS:,} times.")
        if self._depth >= DEEPEST:
            raise at(place, f"functions call one another more than {DEEPEST} deep.")
        self._depth += 1
        try:
            yield
        finally:
            self._depth -= 1


def evaluate(expression: Expression, names: Names, checked: Checked, calls: Calls) -> Any:
    """The value of a boxed expression of any kind. Raises ModelError saying where it stands."""
    return _Evaluation(checked, calls).value(expression, names)


def make_function(
    function: Function, name: str, names: Callable[[], Names], checked: Checked, calls: Calls
) -> HostFunction:
    """A boxed function as FEEL can call it. Its body sees its parameters, and `names`, asked for when it is called."""

    def call(*arguments: Any) -> Any:
        fitted = checked.fit_all(arguments, [parameter.type_ref for parameter in function.parameters], function.place)
        if fitted is None:
            return None
        given = {parameter.name: value for parameter, value in zip(function.parameters, fitted, strict=True)}
        with calls.inside(function.place):
            value = evaluate(function.body, {**names(), **given}, checked, calls)
        return checked.fit(value, function.result_type, function.place)

    return HostFunction(name, tuple(parameter.name for parameter in function.parameters), call)


class _Evaluation:
    def __init__(self, checked: Checked, calls: Calls) -> None:
        self._checked = checked
        self._feel = checked.feel
        self._calls = calls

    def value(self, expression: Expression, names: Names) -> Any:
        match expression:
            case Literal():
                value = self._feel.value(expression, names)
                return self._checked.fit(value, expression.type_ref, expression.place)
            case Table():
                return self._checked.table_inside(expression, names)
            case Context():
                return self._context(expression, names)
            case Invocation():
                return self._invocation(expression, names)
            case ListOf():
                return [self.value(item, names) for item in expression.items]
            case Relation():
                return self._relation(expression, names)
            case Function():
                return make_function(expression, "function", lambda: names, self._checked, self._calls)
            case Conditional():
                return self._conditional(expression, names)
            case Iteration():
                return self._iteration(expression, names)
            case Filter():
                return self._filter(expression, names)
            case Typed():
                return self._checked.fit(
                    self.value(expression.expression, names), expression.type_ref, expression.place
                )
            case NotExecuted():
                return self._not_executed(expression)

    def _not_executed(self, expression: NotExecuted) -> None:
        if self._checked.refuse:
            raise at(expression.place, expression.message)
        self._feel.note(expression.place, expression.message)

    def _conditional(self, conditional: Conditional, names: Names) -> Any:
        holds = self.value(conditional.condition, names)
        if holds is not None and not isinstance(holds, bool):
            return self._feel.note(conditional.place, f"{in_words(holds)} after “if” is no condition")
        return self.value(conditional.then if holds else conditional.otherwise, names)

    def _context(self, context: Context, names: Names) -> Any:
        # One dictionary that grows, so that a function among the entries can call itself.
        seen = dict(names)
        entries: dict[str, Any] = {}
        for parameter, expression in context.entries:
            value = self._checked.fit(self.value(expression, seen), parameter.type_ref, context.place)
            if not parameter.name:
                return value
            entries[parameter.name] = seen[parameter.name] = value
        return entries

    def _invocation(self, invocation: Invocation, names: Names) -> Any:
        arguments = {f"argument_{n}": self.value(e, names) for n, (_, e) in enumerate(invocation.bindings)}
        called = "function_called"
        if isinstance(invocation.function, Literal):
            called = invocation.function.text
            if _NO_NAME.search(called):
                called = f"({called})"
        else:
            arguments[called] = self.value(invocation.function, names)
        bound = ", ".join(f"{p.name}: argument_{n}" for n, (p, _) in enumerate(invocation.bindings))
        return self._feel.text(f"{called}({bound})", {**names, **arguments}, invocation.place)

    def _relation(self, relation: Relation, names: Names) -> list[dict[str, Any]]:
        return [
            {
                column.name: self._checked.fit(self.value(cell, names), column.type_ref, relation.place)
                for column, cell in zip(relation.columns, row, strict=True)
            }
            for row in relation.rows
        ]

    def _iteration(self, iteration: Iteration, names: Names) -> Any:
        items = self._items(iteration.source, names)
        if items is None:
            return self._feel.note(iteration.place, f"what “{iteration.variable.name}” runs over is null")
        results: list[Any] = []
        for item in items:
            so_far = {"partial": list(results)} if iteration.keeps_partial else {}
            self._calls.turn(iteration.place, kept=len(results) if so_far else 0)
            results.append(self.value(iteration.body, {**names, **so_far, iteration.variable.name: item}))
        if iteration.kind == "for":
            return results
        return self._feel.text(_QUANTIFIED[iteration.kind], {"items": results}, iteration.place)

    def _filter(self, filter_: Filter, names: Names) -> Any:
        items = self._items(filter_.source, names)
        if items is None:
            return self._feel.note(filter_.place, "null has no items")
        if not items and isinstance(filter_.match, Literal):
            # Whether it is a condition or a position can then only be told by how it is written.
            return self._feel.text(f"[][{filter_.match.text}\n]", names, filter_.place)
        kept = []
        for item in items:
            self._calls.turn(filter_.place)
            own = item if isinstance(item, Mapping) else {}
            match = self.value(filter_.match, {**names, "item": item, **own})
            if match is True:
                kept.append(item)
            elif match is not None and match is not False:
                return self._feel.text("items[wanted]", {"items": items, "wanted": match}, filter_.place)
        return kept

    def _items(self, source: Expression, names: Names) -> list[Any] | None:
        value = self.value(source, names)
        if isinstance(value, Range):
            place = source.place if isinstance(source, Literal) else None
            return None if place is None else list(self._feel.text("for i in items return i", {"items": value}, place))
        if isinstance(value, list) or value is None:
            return value
        return [value]
