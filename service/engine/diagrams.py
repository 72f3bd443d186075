"""All diagrams of a release, read and compiled once and shared: nothing that runs changes them. Running is not here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from types import MappingProxyType
from typing import Any

from service.domain.errors import NotFound
from service.engine.building import build
from service.engine.checking import Reference, problems, references
from service.engine.drawn import Element, Problem, Process
from service.engine.reading import FileReader
from service.engine.starts import StartInfo, starts_of

KEPT_RELEASES = 16
"""How many sets of diagrams stay compiled. Instances are pinned to releases, and few releases are live at once."""


@dataclass(frozen=True, slots=True)
class ProcessInfo:
    """A process that can be started or called."""

    id: str
    name: str
    file: str
    documentation: str
    starts: tuple[StartInfo, ...]
    properties: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ElementInfo:
    """One element as drawn; `properties` as written, so FEEL values still begin with `=`."""

    id: str
    name: str
    kind: str
    documentation: str
    properties: Mapping[str, str] = field(default_factory=dict)
    lane: str | None = None
    """The name of the innermost lane it is drawn in. It says nothing about who may do a task."""


@dataclass(frozen=True, slots=True, eq=False)
class Diagrams:
    """Every process of a release."""

    processes: Mapping[str, ProcessInfo]
    references: tuple[Reference, ...]
    problems: tuple[Problem, ...]
    """What Towpath does not execute as drawn. The rest runs; reaching such an element is a ModelError."""
    elements: Mapping[tuple[str, str], ElementInfo]
    """By process id and element id."""
    specs: Mapping[str, Any] = field(repr=False)
    """SpiffWorkflow's specifications by scope key; for this room only."""

    def element(self, process_id: str, element_id: str) -> ElementInfo:
        """The element of the process. Raises NotFound."""
        found = self.elements.get((process_id, element_id))
        if found is None:
            raise NotFound(f"The process “{process_id}” has no element “{element_id}”.")
        return found


def compile_diagrams(files: Mapping[str, bytes]) -> Diagrams:
    """The diagrams in these files (path -> BPMN 2.0 XML); the same content gives the same object.

    Raises ModelError, naming the file, when one is not BPMN at all. All else that is wrong is in `problems`.
    """
    return _compile(tuple(sorted(files.items())))


@lru_cache(maxsize=KEPT_RELEASES)
def _compile(files: tuple[tuple[str, bytes], ...]) -> Diagrams:
    found: list[Problem] = []
    processes: dict[str, Process] = {}
    for path, content in files:
        reader = FileReader(path)
        for process in reader.read(content):
            first = processes.setdefault(process.element.id, process)
            if first is not process:
                message = f"the process id is used already in {first.element.file}"
                reader.problems.append(Problem(path, process.element.id, message))
        found.extend(reader.problems)
    specs: dict[str, Any] = {}
    for process in processes.values():
        found.extend(problems(process))
        specs.update(build(process))
    return Diagrams(
        processes=MappingProxyType({key: _process_info(process) for key, process in processes.items()}),
        references=tuple(item for process in processes.values() for item in references(process)),
        problems=tuple(dict.fromkeys(found)),
        elements=MappingProxyType(_element_infos(processes)),
        specs=MappingProxyType(specs),
    )


def _process_info(process: Process) -> ProcessInfo:
    element = process.element
    return ProcessInfo(
        id=element.id,
        name=element.name or element.id,
        file=element.file,
        documentation=element.documentation,
        starts=tuple(starts_of(process)),
        properties=element.properties,
    )


def _element_infos(processes: Mapping[str, Process]) -> dict[tuple[str, str], ElementInfo]:
    return {
        (key, element.id): _element_info(element)
        for key, process in processes.items()
        for element in (*process.elements(), process.element)
    }


def _element_info(element: Element) -> ElementInfo:
    return ElementInfo(element.id, element.name, element.kind, element.documentation, element.properties, element.lane)
