"""From BPMN XML to drawn processes: nesting, flows and the problems met on the way. Executing is not here."""

from __future__ import annotations

from dataclasses import dataclass, field

from service.engine import xml
from service.engine.dialect import (
    KNOWN_ATTRIBUTES,
    KNOWN_EXTENSIONS,
    FileWords,
    NotExecuted,
    read_detail,
    read_mappings,
    read_properties,
    read_repeat,
    read_words,
)
from service.engine.drawn import Element, Flow, Problem, Process, Scope, scope_key
from service.engine.texts import read_optional

DRAWING_ONLY = frozenset(
    {
        "documentation", "extensionElements", "laneSet", "dataObject", "dataObjectReference", "dataStoreReference",
        "textAnnotation", "association", "group", "incoming", "outgoing", "ioSpecification", "property",
        "dataInputAssociation", "dataOutputAssociation", "auditing", "monitoring", "category",
        "multiInstanceLoopCharacteristics", "standardLoopCharacteristics", "completionCondition",
    }
)  # fmt: skip
"""What a process may hold that only the reader of the drawing needs, or that its holder has read already."""


@dataclass(slots=True)
class FileReader:
    """Reads one file. `problems` fills while it reads."""

    file: str
    words: FileWords = field(default_factory=FileWords)
    problems: list[Problem] = field(default_factory=list)

    def read(self, content: bytes) -> list[Process]:
        """Every executable process of the file. Raises ModelError when the file is not BPMN."""
        root = xml.parse(self.file, content)
        self.words = read_words(root)
        return [process for node in xml.children(root, "bpmn:process") if (process := self._process(node)) is not None]

    def _process(self, node: xml.Node) -> Process | None:
        process_id = node.get("id") or ""
        if not any(xml.local_name(item) not in DRAWING_ONLY for item in node):
            return None  # an empty pool
        if not xml.flag(node, "isExecutable", True):
            self._problem(process_id, "the process is not marked as executable, so it cannot be started")
            return None
        if not process_id:
            self._problem("", "a process has no id")
            return None
        self._check_extensions(node, process_id)
        element = self._element(node, process_id, kind="process")
        return Process(element, self._scope(node, process_id, process_id))

    def _scope(self, node: xml.Node, process_id: str, key: str) -> Scope:
        elements: list[Element] = []
        inner: list[Scope] = []
        for item in node:
            kind = xml.local_name(item)
            if xml.namespace(item) != xml.BPMN or kind in DRAWING_ONLY or kind == "sequenceFlow":
                continue
            element = self._flow_node(item, process_id)
            if element is None:
                continue
            elements.append(element)
            if kind == "subProcess" and element.not_executed is None:
                inner.append(self._scope(item, process_id, scope_key(process_id, element.id)))
        return Scope(key, tuple(elements), self._flows(node, {element.id for element in elements}), tuple(inner))

    def _flow_node(self, node: xml.Node, process_id: str) -> Element | None:
        element_id = node.get("id")
        if not element_id:
            self._problem(process_id, f"a {xml.local_name(node)} has no id")
            return None
        self._check_extensions(node, element_id)
        return self._element(node, process_id)

    def _element(self, node: xml.Node, process_id: str, kind: str | None = None) -> Element:
        detail, repeat, not_executed = None, None, None
        if kind is None:
            try:
                repeat = read_repeat(node)
                detail = read_detail(node, self.words)
            except NotExecuted as reason:
                not_executed = str(reason)
                self._problem(node.get("id") or "", f"this element {not_executed}")
        return Element(
            id=node.get("id") or "",
            name=" ".join((node.get("name") or "").split()),
            kind=kind or xml.local_name(node),
            process_id=process_id,
            file=self.file,
            documentation=xml.text_of(xml.child(node, "bpmn:documentation")),
            properties=read_properties(node),
            inputs=read_mappings(node, "input"),
            outputs=read_mappings(node, "output"),
            detail=detail,
            repeat=repeat,
            not_executed=not_executed,
        )

    def _flows(self, node: xml.Node, known: set[str]) -> tuple[Flow, ...]:
        defaults = {item.get("default") for item in node if item.get("default")}
        flows: list[Flow] = []
        for item in xml.children(node, "bpmn:sequenceFlow"):
            flow_id = item.get("id") or ""
            source, target = item.get("sourceRef") or "", item.get("targetRef") or ""
            if source not in known or target not in known:
                self._problem(flow_id, f"the flow leads from “{source}” to “{target}”, which are not both drawn here")
                continue
            condition = read_optional(xml.text_of(xml.child(item, "bpmn:conditionExpression")))
            flows.append(Flow(flow_id, source, target, condition, flow_id in defaults))
        return tuple(flows)

    def _check_extensions(self, node: xml.Node, element_id: str) -> None:
        known = KNOWN_EXTENSIONS.get(xml.local_name(node), frozenset()) | {"properties", "ioMapping"}
        for item in xml.extensions(node):
            name = xml.local_name(item)
            if name not in known:
                self._problem(element_id, f"zeebe:{name} is not executed here")
            words = frozenset(map(str, item.keys()))
            for attribute in sorted(words - KNOWN_ATTRIBUTES.get(name, words)):
                self._problem(element_id, f"zeebe:{name} has “{attribute}”, which is not executed here")
        if xml.is_camunda_7(node):
            self._problem(element_id, "is drawn for Camunda 7; what its camunda: words say is not executed here")
        form = xml.extension(node, "formDefinition")
        if form is not None and not form.get("formId"):
            self._problem(element_id, "the form is not named by a form id, so no form can be shown")

    def _problem(self, element_id: str, message: str) -> None:
        self.problems.append(Problem(self.file, element_id, message))
