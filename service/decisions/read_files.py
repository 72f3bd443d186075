"""One DMN file read from XML: its decisions, functions, services, facts, types, and what they require. Boxed
expressions and tables are read elsewhere, and nothing is evaluated."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import TypeVar

from service.decisions.model import (
    Decision,
    DecisionFile,
    DecisionService,
    Expression,
    Function,
    InputData,
    ItemType,
    Key,
    Knowledge,
    NotExecuted,
    Parameter,
    Table,
)
from service.decisions.read_expressions import read_function, read_only_expression
from service.decisions.reading import Reading, type_ref_of
from service.decisions.xml import Element, child, children, local_name, name_of, parse, text_of
from service.domain.errors import ModelError

ThingT = TypeVar("ThingT")

_DRAWN_ONLY = frozenset(
    (
        "description",
        "extensionElements",
        "knowledgeSource",
        "textAnnotation",
        "association",
        "group",
        "elementCollection",
        "performanceIndicator",
        "organizationUnit",
        "organisationUnit",
    )
)
"""What explains a file to people and changes no result."""


def read_file(file: str, content: bytes) -> DecisionFile:
    """All that a DMN file holds. Raises ModelError when it cannot be read; what is not executed is in `problems`."""
    root = parse(content, file)
    reading = Reading(file, root.get("expressionLanguage", ""))
    reader = _FileReader(root.get("namespace", ""), reading)
    for element in children(root):
        if local_name(element) not in _DRAWN_ONLY | _KINDS:
            reading.problem(element, f"<{local_name(element)}> is not executed.")
    return DecisionFile(
        file=file,
        namespace=reader.namespace,
        imports=tuple((name_of(e), e.get("namespace", "")) for e in children(root, "import")),
        types=tuple(read_type(e, reading) for e in children(root, "itemDefinition")),
        inputs=reader.read_all(root, "inputData", reader.input_data),
        decisions=reader.read_all(root, "decision", reader.decision),
        knowledge=reader.read_all(root, "businessKnowledgeModel", reader.knowledge),
        services=reader.read_all(root, "decisionService", reader.service),
        problems=tuple(reading.problems),
    )


_KINDS = frozenset(("import", "itemDefinition", "inputData", "decision", "businessKnowledgeModel", "decisionService"))


def read_type(element: Element, reading: Reading) -> ItemType:
    """An `itemDefinition` or `itemComponent`."""
    name = name_of(element)
    item = child(element, "functionItem")
    with reading.inside(f'type "{name}"'):
        return ItemType(
            name=name,
            base=type_ref_of(element),
            components=tuple((name_of(c), read_type(c, reading)) for c in children(element, "itemComponent")),
            collection=element.get("isCollection") == "true",
            function=item is not None,
            takes=() if item is None else tuple(type_ref_of(p) for p in children(item, "parameters")),
            allowed=reading.cell(child(element, "allowedValues"), "allowed values"),
            constraint=reading.cell(child(element, "typeConstraint"), "constraint"),
        )


class _FileReader:
    """The elements of one file; `problems` keeps the order of the file's parts because each is read in full."""

    def __init__(self, namespace: str, reading: Reading) -> None:
        self.namespace = namespace
        self.reading = reading

    def read_all(self, root: Element, name: str, read: Callable[[Element], ThingT]) -> tuple[ThingT, ...]:
        return tuple(read(element) for element in children(root, name))

    def input_data(self, element: Element) -> InputData:
        place = self.reading.place(element, f'input "{name_of(element)}"')
        return InputData(self._key(element), _variable(element), place)

    def decision(self, element: Element) -> Decision:
        key = self._key(element)
        name = name_of(element) or key[1]
        with self.reading.inside(f'decision "{name}"'):
            variable = _variable(element, key[1])
            return Decision(
                key=key,
                name=name,
                variable=variable,
                expression=_ranked(read_only_expression(element, self.reading, "the decision"), variable),
                place=self.reading.place(element),
                description=text_of(element, "description"),
                inputs=self._required(element, "informationRequirement", "requiredInput"),
                decisions=self._required(element, "informationRequirement", "requiredDecision"),
                knowledge=self._required(element, "knowledgeRequirement", "requiredKnowledge"),
            )

    def knowledge(self, element: Element) -> Knowledge:
        with self.reading.inside(f'function "{name_of(element)}"'):
            logic = child(element, "encapsulatedLogic")
            if logic is None:
                message = "A business knowledge model without logic is not executed."
                self.reading.problem(element, message)
                place = self.reading.place(element)
                function = Function((), NotExecuted(message, place), place)
            else:
                function = read_function(logic, self.reading)
            return Knowledge(
                key=self._key(element),
                variable=_variable(element),
                function=function,
                place=self.reading.place(element),
                description=text_of(element, "description"),
                knowledge=self._required(element, "knowledgeRequirement", "requiredKnowledge"),
            )

    def service(self, element: Element) -> DecisionService:
        return DecisionService(
            key=self._key(element),
            variable=_variable(element),
            place=self.reading.place(element, f'service "{name_of(element)}"'),
            outputs=self._keys(children(element, "outputDecision")),
            inputs=self._keys(children(element, "inputData")),
            input_decisions=self._keys(children(element, "inputDecision")),
        )

    def _required(self, element: Element, requirement: str, kind: str) -> tuple[Key, ...]:
        return self._keys(e for r in children(element, requirement) for e in children(r, kind))

    def _keys(self, elements: Iterable[Element]) -> tuple[Key, ...]:
        keys = []
        for element in elements:
            namespace, _, element_id = element.get("href", "").strip().rpartition("#")
            keys.append((namespace or self.namespace, element_id))
        return tuple(keys)

    def _key(self, element: Element) -> Key:
        # DMN lets an id be absent; nothing can then require the element, and its name serves to ask for it.
        element_id = element.get("id") or name_of(element)
        if not element_id:
            found = f"a <{local_name(element)}>"
            raise ModelError(f"{self.reading.file}: {found} has neither id nor name.", file=self.reading.file)
        return (self.namespace, element_id)


def _ranked(expression: Expression, variable: Parameter) -> Expression:
    """A table of one column that names no type has its results ranked by the type of the decision."""
    if not isinstance(expression, Table) or len(expression.outputs) != 1:
        return expression
    return replace(expression, outputs=(replace(expression.outputs[0], ranked_by=variable.type_ref),))


def _variable(element: Element, otherwise: str = "") -> Parameter:
    variable = child(element, "variable")
    if variable is None:
        return Parameter(name_of(element) or otherwise, type_ref_of(element))
    return Parameter(name_of(variable) or name_of(element) or otherwise, type_ref_of(variable))
