"""A library of decisions: what it holds, deciding, explaining. Files come in as bytes; nothing is read from disk."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from service.decisions.checks import check_library
from service.decisions.explanations import RuleExplained
from service.decisions.graph import Graph
from service.decisions.model import Decision, HitPolicy, Key, Problem, Rule, Table
from service.decisions.read_files import read_file
from service.decisions.runs import Evaluation, Run
from service.decisions.tables import TableResult
from service.domain.errors import ModelError
from service.feel import HostFunction


@dataclass(frozen=True, slots=True)
class MatchedRule:
    """A rule that matched. `number` counts from 1, as the editor shows it."""

    rule_id: str
    number: int
    annotations: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TableDecided:
    """What a table gave that is no decision of its own."""

    where: str
    """Its place in words: the file and the decision or business knowledge model."""
    result: Any
    matched: tuple[MatchedRule, ...]
    inputs: Mapping[str, Any]
    rules: Sequence[RuleExplained]


@dataclass(frozen=True, slots=True)
class Decided:
    """What a decision gave, and by which rules."""

    decision_id: str
    result: Any
    """One output column: its value. Several: a context by column name. COLLECT, RULE ORDER and OUTPUT ORDER: a list."""
    inputs: Mapping[str, Any]
    """What the table asked, by column label; without a table, what the decision or service required, by name."""
    matched: tuple[MatchedRule, ...] = ()
    rules: Sequence[RuleExplained] = ()
    """What became of each rule of its table, and of one that did not match the first cell that failed."""
    required: tuple[Decided, ...] = ()
    """The decisions it required, directly or not, in the order in which they were made; then those that decision
    services made on the way, once for each call."""
    tables: tuple[TableDecided, ...] = ()
    """The tables inside expressions and functions on the way, such as that of a business knowledge model."""
    null_reasons: tuple[str, ...] = ()
    """Why expressions came to null on the way, each with its place: a name that is misspelt shows here."""


@dataclass(frozen=True, slots=True)
class InputInfo:
    """A column of conditions; for a decision without a table, a fact it requires."""

    id: str
    label: str
    expression: str
    type: str


@dataclass(frozen=True, slots=True)
class OutputInfo:
    """A column of results."""

    id: str
    name: str
    label: str
    type: str


@dataclass(frozen=True, slots=True)
class DecisionInfo:
    """A decision as its file describes it."""

    id: str
    name: str
    file: str
    hit_policy: HitPolicy | None
    """None when the decision has no table."""
    inputs: tuple[InputInfo, ...]
    outputs: tuple[OutputInfo, ...]
    required: tuple[str, ...] = ()
    """Ids of the decisions it requires directly."""
    description: str = ""


class Library:
    """All decisions of some files. Immutable; may be shared between threads."""

    def __init__(self, graph: Graph, *, refuse_wrong_types: bool) -> None:
        self.graph = graph
        """What the files hold, for whoever looks at decisions without asking them."""
        self._refuse_wrong_types = refuse_wrong_types
        self._keys: dict[str, list[Key]] = {}
        for key in graph.decisions:
            self._keys.setdefault(key[1], []).append(key)
        self._services = {service.key[1]: service for service in graph.services()}
        self.services: Mapping[str, str] = {key: service.variable.name for key, service in self._services.items()}
        """Id and name of each decision service."""
        self.decisions: Mapping[str, DecisionInfo] = {
            decision_id: _info(graph, graph.decisions[keys[0]]) for decision_id, keys in self._keys.items()
        }
        self.problems: list[Problem] = [*graph.problems(), *check_library(graph)]

    def decide(
        self, decision_id: str, context: Mapping[str, Any], *, functions: Mapping[str, HostFunction] | None = None
    ) -> Decided:
        """Evaluate a decision on FEEL values by name. Raises ModelError naming file, decision, rule and column.

        Everything in `context` is visible to every expression, whether or not the decision is drawn as requiring it.
        `decision_id` may also be that of a decision service, which sees only its own parameters.
        """
        run = Run(self.graph, context, functions or {}, refuse_wrong_types=self._refuse_wrong_types)
        try:
            if decision_id in self._services:
                result, inputs = run.offer(self._services[decision_id])
                return Decided(decision_id, result, inputs, **_on_the_way(run, run.offered))
            evaluation = run.decide(self._key(decision_id))
        except RecursionError as endless:
            raise ModelError(f'The decision "{decision_id}" nests too deeply to evaluate.') from endless
        # What a decision requires is complete before the decision itself.
        *required, _ = run.evaluations.values()
        return _decided(evaluation, **_on_the_way(run, [*required, *run.offered]))

    def _key(self, decision_id: str) -> Key:
        keys = self._keys.get(decision_id, [])
        if not keys:
            raise ModelError(f'There is no decision "{decision_id}".', element_id=decision_id)
        if len(keys) > 1:
            places = " and ".join(self.graph.decisions[key].place.file for key in keys)
            raise ModelError(f'There is a decision "{decision_id}" in {places}.', element_id=decision_id)
        return keys[0]


def load(files: Mapping[str, bytes], *, refuse_wrong_types: bool = True) -> Library:
    """Read DMN files, by path. Raises ModelError naming file and element for what cannot be a set of decisions:
    broken or unsafe XML, an id used twice, decisions that require each other, an unknown hit policy.

    A cell that does not parse or was surely not meant, and all that is not executed, is in `Library.problems`; asking
    for the value of a decision that does not parse is a ModelError. So is what the standard leaves undefined or makes
    null: a value that is not of the type its file declares, a broken hit policy, missing logic, a function in Java. A
    guard that cannot read its facts must not let pass. With `refuse_wrong_types=False` these are null, with a reason.
    """
    try:
        graph = Graph(read_file(path, content) for path, content in sorted(files.items()))
        return Library(graph, refuse_wrong_types=refuse_wrong_types)
    except RecursionError as endless:
        raise ModelError("These decision files nest too deeply to read.") from endless


def _decided(evaluation: Evaluation, **on_the_way: Any) -> Decided:
    matched = tuple(map(_matched, evaluation.matched))
    decision_id = evaluation.decision.key[1]
    return Decided(decision_id, evaluation.value, evaluation.inputs, matched, evaluation.rules, **on_the_way)


def _on_the_way(run: Run, required: Sequence[Evaluation]) -> dict[str, Any]:
    return {
        "required": tuple(map(_decided, required)),
        "tables": tuple(map(_table_decided, run.tables)),
        "null_reasons": tuple(run.null_reasons),
    }


def _table_decided(result: TableResult) -> TableDecided:
    matched = tuple(map(_matched, result.matched))
    return TableDecided(str(result.table.place), result.value, matched, result.inputs, result.rules)


def _matched(rule: Rule) -> MatchedRule:
    return MatchedRule(rule.id, rule.number, rule.annotations)


def _info(graph: Graph, decision: Decision) -> DecisionInfo:
    table = decision.expression if isinstance(decision.expression, Table) else None
    facts = [graph.thing(key) for key in decision.inputs if graph.holds(key)]
    return DecisionInfo(
        id=decision.key[1],
        name=decision.name,
        file=decision.place.file,
        hit_policy=table.hit_policy if table else None,
        inputs=tuple(InputInfo(c.id, c.label, c.expression.text, c.type_ref) for c in table.inputs)
        if table
        else tuple(InputInfo(f.key[1], f.variable.name, f.variable.name, f.variable.type_ref) for f in facts),
        outputs=tuple(OutputInfo(c.id, c.name, c.label, c.type_ref) for c in table.outputs) if table else (),
        required=tuple(key[1] for key in decision.decisions),
        description=decision.description,
    )
