"""From BPMN XML to drawn processes: nesting, flows and the problems met on the way. Executing is not here."""

from __future__ import annotations

from dataclasses import dataclass, field

from service.engine import xml
from service.engine.dialect import (
    read_detail,
    read_mappings,
    read_properties,
    read_repeat,
)
from service.engine.drawn import Element, Flow, Listener, Problem, Process, Scope, scope_key
from service.engine.event_dialect import FileWords, NotExecuted, read_words
from service.engine.listening import read_listeners
from service.engine.texts import read_optional
from service.engine.vocabulary import wrong_words

DRAWING_ONLY = frozenset(
    {
        "documentation", "extensionElements", "laneSet", "dataObject", "dataObjectReference", "dataStoreReference",
        "textAnnotation", "association", "group", "incoming", "outgoing", "ioSpecification", "property",
        "dataInputAssociation", "dataOutputAssociation", "auditing", "monitoring", "category",
        "multiInstanceLoopCharacteristics", "standardLoopCharacteristics", "completionCondition",
    }
)  # fmt: skip
"""What a process may hold that only the reader of the drawing needs, or that its holder has read already."""

NESTING = frozenset({"subProcess", "adHocSubProcess"})


@dataclass(slots=True)
class FileReader:
    """Reads one file. `problems` fills while it reads."""

    file: str
    words: FileWords = field(default_factory=FileWords)
    problems: list[Problem] = field(default_factory=list)
    lanes: dict[str, str] = field(default_factory=dict)

    def read(self, content: bytes) -> list[Process]:
        """Every executable process of the file. Raises ModelError when the file is not BPMN."""
        root = xml.parse(self.file, content)
        self.words = read_words(root)
        for node in root:
            if xml.local_name(node) in ("message", "error", "signal", "escalation"):
                self._check_words(node, node.get("id") or "")
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
        self._check_words(node, process_id)
        self.lanes = read_lanes(node)
        element = self._element(node, process_id, kind="process")
        if element.not_executed is not None:
            return None
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
            if kind in NESTING and element.not_executed is None:
                inner.append(self._scope(item, process_id, scope_key(process_id, element.id)))
        flows = self._flows(node, {element.id for element in elements})
        triggered, ad_hoc = xml.flag(node, "triggeredByEvent", False), xml.local_name(node) == "adHocSubProcess"
        return Scope(key, tuple(elements), flows, tuple(inner), triggered, ad_hoc)

    def _flow_node(self, node: xml.Node, process_id: str) -> Element | None:
        element_id = node.get("id")
        if not element_id:
            self._problem(process_id, f"a {xml.local_name(node)} has no id")
            return None
        self._check_words(node, element_id)
        return self._element(node, process_id)

    def _element(self, node: xml.Node, process_id: str, kind: str | None = None) -> Element:
        detail, repeat, not_executed = None, None, None
        listeners: tuple[Listener, ...] = ()
        try:
            if kind is None:
                repeat = read_repeat(node)
                detail = read_detail(node, self.words)
            listeners = read_listeners(node)
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
            listeners=listeners,
            lane=self._lane(node),
            for_compensation=xml.flag(node, "isForCompensation", False),
            not_executed=not_executed,
        )

    def _lane(self, node: xml.Node) -> str | None:
        """The innermost lane of the element; what is drawn inside a sub-process is in the lane of that."""
        outer: xml.Node | None = node
        while outer is not None:
            lane = self.lanes.get(outer.get("id") or "")
            if lane is not None:
                return lane
            outer = outer.getparent()
        return None

    def _flows(self, node: xml.Node, known: set[str]) -> tuple[Flow, ...]:
        defaults = {item.get("default") for item in node if item.get("default")}
        flows: list[Flow] = []
        for item in xml.children(node, "bpmn:sequenceFlow"):
            flow_id = item.get("id") or ""
            source, target = item.get("sourceRef") or "", item.get("targetRef") or ""
            if source not in known or target not in known:
                self._problem(flow_id, f"the flow leads from “{source}” to “{target}”, which are not both drawn here")
                continue
            self._check_words(item, flow_id)
            condition = read_optional(xml.text_of(xml.child(item, "bpmn:conditionExpression")))
            flows.append(Flow(flow_id, source, target, condition, flow_id in defaults))
        return tuple(flows)

    def _check_words(self, node: xml.Node, element_id: str) -> None:
        for message in wrong_words(node):
            self._problem(element_id, message)

    def _problem(self, element_id: str, message: str) -> None:
        self.problems.append(Problem(self.file, element_id, message))


def read_lanes(node: xml.Node) -> dict[str, str]:
    """The name of the innermost lane of each element the lanes of this process refer to."""
    found: dict[str, str] = {}
    for holder in (*xml.children(node, "bpmn:laneSet"), *xml.children(node, "bpmn:childLaneSet")):
        for lane in xml.children(holder, "bpmn:lane"):
            name = " ".join((lane.get("name") or lane.get("id") or "").split())
            found.update({xml.text_of(item): name for item in xml.children(lane, "bpmn:flowNodeRef")})
            found.update(read_lanes(lane))
    return found
