"""All files of a library as one graph: what each thing requires, and the problems between files. Nothing is evaluated
here."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from service.decisions.expressions import at
from service.decisions.model import (
    Decision,
    DecisionFile,
    DecisionService,
    InputData,
    ItemType,
    Key,
    Knowledge,
    Parameter,
    Place,
    Problem,
)
from service.decisions.types import Types
from service.domain.errors import ModelError

Thing = Decision | InputData | Knowledge | DecisionService


class Graph:
    """The things of all files by key. Raises ModelError when two have the same one or decisions require each other."""

    def __init__(self, files: Iterable[DecisionFile]) -> None:
        self.files = tuple(files)
        self.decisions: dict[Key, Decision] = {}
        self.inputs: dict[Key, InputData] = {}
        self.services: dict[Key, DecisionService] = {}
        self._knowledge: dict[Key, Knowledge] = {}
        self._imports: dict[tuple[str, str], str] = {}
        things: dict[Key, Thing] = {}
        for file in self.files:
            self._imports.update({(file.namespace, namespace): name for name, namespace in file.imports})
            for thing in _things(file):
                _add(things, thing)
            self.decisions.update({decision.key: decision for decision in file.decisions})
            self.inputs.update({data.key: data for data in file.inputs})
            self.services.update({service.key: service for service in file.services})
            self._knowledge.update({knowledge.key: knowledge for knowledge in file.knowledge})
        self.types: Mapping[str, Types] = _types(self.files)
        for decision in self.decisions.values():
            self._refuse_cycles(decision, ())

    def decision(self, key: Key) -> Decision:
        """The decision of that key. Raises ModelError."""
        found = self.decisions.get(key)
        if found is None:
            raise ModelError(f'There is no decision "{key[1]}" in these files.', element_id=key[1])
        return found

    def knowledge_of(self, key: Key) -> Knowledge:
        """The business knowledge model of that key. Raises ModelError."""
        found = self._knowledge.get(key)
        if found is None:
            raise ModelError(f'There is no function "{key[1]}" in these files.', element_id=key[1])
        return found

    def variable(self, key: Key) -> Parameter:
        """What a thing is called in expressions, and its type. Raises ModelError when there is no such thing."""
        found = self.decisions.get(key) or self.inputs.get(key) or self.services.get(key) or self._knowledge.get(key)
        if found is None:
            raise ModelError(f'"{key[1]}" is required, but is in none of these files.', element_id=key[1])
        return found.variable

    def import_name(self, into: str, namespace: str) -> str:
        """The name under which a file sees the things of another; empty for its own and for nameless imports."""
        return "" if into == namespace else self._imports.get((into, namespace), "")

    def problems(self) -> Iterator[Problem]:
        """What the files hold that is not executed, and what they require that no file holds."""
        for file in self.files:
            yield from file.problems
            for thing in _things(file):
                for key in _required(thing):
                    if not (
                        key in self.decisions or key in self.inputs or key in self._knowledge or key in self.services
                    ):
                        yield _problem(thing.place, f'requires "{key[1]}", which is in none of these files.')
            for thing, type_ref in _typed(file):
                if not self.types[file.namespace].knows(type_ref):
                    yield _problem(
                        thing.place, f'the type "{type_ref}" is defined nowhere; its values are not checked.'
                    )

    def _refuse_cycles(self, decision: Decision, way: tuple[Decision, ...]) -> None:
        if decision in way:
            circle = [*way[way.index(decision) :], decision]
            names = " → ".join(f'"{step.name}"' for step in circle)
            raise at(decision.place, f"it requires itself: {names}.")
        for key in decision.decisions:
            if key in self.decisions:
                self._refuse_cycles(self.decisions[key], (*way, decision))


def _add(things: dict[Key, Thing], thing: Thing) -> None:
    other = things.setdefault(thing.key, thing)
    if other is not thing:
        raise at(thing.place, f'the id "{thing.key[1]}" is also that of {other.place}.')


def _types(files: Iterable[DecisionFile]) -> dict[str, Types]:
    definitions: dict[str, list[tuple[str, ItemType]]] = {}
    for file in files:
        definitions.setdefault(file.namespace, []).extend((type_.name, type_) for type_ in file.types)
    imported = {file.namespace: file.imports for file in files}
    return {
        namespace: Types(
            [
                *own,
                *(
                    (f"{name}.{type_name}", type_)
                    for name, other in imported[namespace]
                    for type_name, type_ in definitions.get(other, ())
                ),
            ]
        )
        for namespace, own in definitions.items()
    }


def _things(file: DecisionFile) -> tuple[Thing, ...]:
    return (*file.decisions, *file.inputs, *file.services, *file.knowledge)


def _required(thing: Thing) -> tuple[Key, ...]:
    match thing:
        case InputData():
            return ()
        case Decision():
            return (*thing.inputs, *thing.decisions, *thing.knowledge)
        case Knowledge():
            return thing.knowledge
        case DecisionService():
            return (*thing.outputs, *thing.inputs, *thing.input_decisions)


def _typed(file: DecisionFile) -> Iterator[tuple[Thing, str]]:
    yield from ((thing, thing.variable.type_ref) for thing in _things(file))


def _problem(place: Place, message: str) -> Problem:
    return Problem(place.file, place.element_id, f"{place.words}: {message}")
