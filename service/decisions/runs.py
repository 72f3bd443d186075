"""One call of a library: a decision after all that it requires, each evaluated once. How a single expression or table
is evaluated is not here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType
from typing import Any, NamedTuple

from service.decisions.boxed import Calls, evaluate, make_function
from service.decisions.explanations import RuleExplained
from service.decisions.expressions import Feel, Names, at
from service.decisions.graph import Graph, Thing
from service.decisions.model import Decision, DecisionService, InputData, Key, Knowledge, Rule, Table
from service.decisions.tables import MOST_KEPT, Checked, TableResult, evaluate_table
from service.feel import Allowance, HostFunction

MOST_STEPS = 2_000_000
"""Steps that all expressions and cells of one call may take together: ten times as many as a single one may."""


class Evaluation(NamedTuple):
    """What one decision gave in this call."""

    decision: Decision
    value: Any
    matched: tuple[Rule, ...] = ()
    inputs: Mapping[str, Any] = MappingProxyType({})
    rules: Sequence[RuleExplained] = ()


class Run:
    """A decision and what it requires, on one context. Results are kept for the length of the call."""

    def __init__(
        self, graph: Graph, context: Names, functions: Mapping[str, HostFunction], *, refuse_wrong_types: bool
    ) -> None:
        self._graph = graph
        self._context = context
        self._functions = functions
        self._refuse = refuse_wrong_types
        self._by_file: dict[str, Checked] = {}
        self.null_reasons: list[str] = []
        """Why expressions came to null on the way, with their places."""
        self._given: dict[Key, Any] = {}
        self._facts: dict[Key, Any] = {}
        self._calls = Calls()
        self._allowance = Allowance(MOST_STEPS)
        self.evaluations: dict[Key, Evaluation] = {}
        """In the order in which they were evaluated."""
        self.offered: list[Evaluation] = []
        """The decisions that services made, once for each call of a service, up to MOST_KEPT."""
        self.tables: list[TableResult] = []
        """The tables asked inside expressions and functions, up to MOST_KEPT."""

    def decide(self, key: Key) -> Evaluation:
        """Evaluate a decision, after what it requires. Raises ModelError."""
        if key not in self.evaluations:
            decision = self._graph.decision(key)
            names = self._names(decision)
            self.evaluations[key] = self._evaluate(decision, names)
        return self.evaluations[key]

    def offer(self, service: DecisionService) -> tuple[Any, Mapping[str, Any]]:
        """What a decision service gives when its parameters are taken from the context, and these."""
        function = self.service(service)
        arguments = [self._from_context(key) for key in (*service.inputs, *service.input_decisions)]
        return function.call(*arguments), dict(zip(function.parameters, arguments, strict=True))

    def service(self, service: DecisionService) -> HostFunction:
        """A decision service as a function: its parameters are its input data, then its input decisions."""
        givens = (*service.inputs, *service.input_decisions)
        parameters = tuple(self._graph.variable(given).name for given in givens)

        def call(*arguments: Any) -> Any:
            fitted = [self._fitted(given, value, service) for given, value in zip(givens, arguments, strict=True)]
            if any(value is None and given is not None for value, given in zip(fitted, arguments, strict=True)):
                return None
            context = dict(zip(parameters, fitted, strict=True))
            inner = Run(self._graph, context, self._functions, refuse_wrong_types=self._refuse)
            inner._calls, inner._allowance = self._calls, self._allowance
            inner.null_reasons, inner.offered, inner.tables = self.null_reasons, self.offered, self.tables
            inner._given = dict(zip(givens, fitted, strict=True))
            with self._calls.inside(service.place):
                value = inner.outputs(service)
            self.offered.extend(inner.evaluations.values())
            del self.offered[MOST_KEPT:]
            return value

        return HostFunction(service.variable.name, parameters, call)

    def _fitted(self, key: Key, value: Any, service: DecisionService) -> Any:
        """A value given for a fact or decision, by the types that its own file knows."""
        thing = self._graph.thing(key)
        return self._checked(thing).fit(value, thing.variable.type_ref, service.place)

    def outputs(self, service: DecisionService) -> Any:
        """What a service gives: the value of its one output decision, or a context of all of them."""
        values = {self._graph.variable(key).name: self._value(key) for key in service.outputs}
        value = next(iter(values.values())) if len(values) == 1 else values
        return self._checked(service).fit(value, self._result_type(service), service.place)

    def _evaluate(self, decision: Decision, names: Names) -> Evaluation:
        checked = self._checked(decision)
        if isinstance(decision.expression, Table):
            result = evaluate_table(decision.expression, names, checked)
            value = checked.fit(result.value, decision.variable.type_ref, decision.place)
            return Evaluation(decision, value, result.matched, result.inputs, result.rules)
        value = evaluate(decision.expression, names, checked, self._calls)
        inputs = {self._graph.variable(key).name: self._value(key) for key in (*decision.inputs, *decision.decisions)}
        return Evaluation(decision, checked.fit(value, decision.variable.type_ref, decision.place), inputs=inputs)

    def _names(self, decision: Decision) -> dict[str, Any]:
        """The context, with what the decision requires on top of it."""
        names = dict(self._context)
        for key in (*decision.inputs, *decision.decisions):
            self._put(names, decision, key, self._value(key))
        for key in decision.decisions:
            # Where a name has changed the id often has not: both are understood, as in Camunda.
            for alias in (key[1], self._graph.decision(key).name):
                names.setdefault(alias, self._value(key))
        for key in decision.knowledge:
            self._put(names, decision, key, self._function(key))
        return names

    def _put(self, names: dict[str, Any], asking: Thing, key: Key, value: Any) -> None:
        name = self._graph.variable(key).name
        imported = self._graph.import_name(asking, key)
        if imported:
            others = names.get(imported)
            names[imported] = {**(others if isinstance(others, Mapping) else {}), name: value}
        else:
            names[name] = value

    def _value(self, key: Key) -> Any:
        if key in self._given:
            return self._given[key]
        thing = self._graph.thing(key)
        return self._fact(thing) if isinstance(thing, InputData) else self.decide(key).value

    def _fact(self, data: InputData) -> Any:
        if data.key not in self._facts:
            value = self._from_context(data.key)
            self._facts[data.key] = self._checked(data).fit(value, data.variable.type_ref, data.place)
        return self._facts[data.key]

    def _from_context(self, key: Key) -> Any:
        """What the caller gave by a thing's name, or under the name by which a file imports the thing's own."""
        name = self._graph.variable(key).name
        for imported in self._graph.names_of_import(key[0]):
            facts = self._context.get(imported)
            if isinstance(facts, Mapping) and name in facts:
                return facts[name]
        return self._context.get(name)

    def _function(self, key: Key) -> HostFunction:
        thing = self._graph.thing(key)
        if isinstance(thing, DecisionService):
            return self.service(thing)
        if not isinstance(thing, Knowledge):
            raise at(thing.place, "it is required as a function, and is none.")
        function = replace(thing.function, result_type=thing.function.result_type or self._result_type(thing))
        return make_function(
            function, thing.variable.name, lambda: self._known_to(thing), self._checked(thing), self._calls
        )

    def _known_to(self, knowledge: Knowledge) -> Names:
        """The functions that a business knowledge model sees: those it requires, and itself."""
        names: dict[str, Any] = {}
        for key in (knowledge.key, *knowledge.knowledge):
            self._put(names, knowledge, key, self._function(key))
        return names

    def _result_type(self, thing: Knowledge | DecisionService) -> str:
        """The type of what a function gives; its variable may instead carry the type of the function itself."""
        type_ref = thing.variable.type_ref
        return "" if self._graph.types(thing.place.file).is_function(type_ref) else type_ref

    def _checked(self, thing: Thing) -> Checked:
        file = thing.place.file
        if file not in self._by_file:
            types = self._graph.types(file)
            feel = Feel(self._functions, self._graph.type_tests[file], self.null_reasons, self._allowance)
            self._by_file[file] = Checked(feel, types, self._refuse, self._graph.grids, self.tables)
        return self._by_file[file]
