"""All files of a library as one graph: what each thing requires, and the problems between files. Nothing is evaluated
here."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from service.decisions.expressions import Feel, at
from service.decisions.matching import Grids
from service.decisions.model import (
    Decision,
    DecisionFile,
    DecisionService,
    InputData,
    Key,
    Knowledge,
    Parameter,
    Problem,
)
from service.decisions.types import Types
from service.domain.errors import ModelError

Thing = Decision | InputData | Knowledge | DecisionService


class Graph:
    """The things of all files by key. Raises ModelError when two have the same one or decisions require each other."""

    def __init__(self, files: Iterable[DecisionFile]) -> None:
        self.files = tuple(files)
        self._things: dict[Key, Thing] = {}
        for file in self.files:
            for thing in things_of(file):
                self._add(thing)
        self.decisions: Mapping[Key, Decision] = {key: t for key, t in self._things.items() if isinstance(t, Decision)}
        self._imports = {(file.file, namespace): name for file in self.files for name, namespace in file.imports}
        self._types = _types(self.files)
        self.type_tests = {file: types.tests(Feel({})) for file, types in self._types.items()}
        """By file, for FEEL's `instance of`."""
        self.grids = Grids()
        sound: set[Key] = set()
        for key in self.decisions:
            self._refuse_cycles(key, [], sound)

    def thing(self, key: Key) -> Thing:
        """The decision, fact, function or service of that key. Raises ModelError."""
        found = self._things.get(key)
        if found is None:
            raise ModelError(f'"{key[1]}" is required, but is in none of these files.', element_id=key[1])
        return found

    def holds(self, key: Key) -> bool:
        """Whether there is anything of that key."""
        return key in self._things

    def decision(self, key: Key) -> Decision:
        """The decision of that key. Raises ModelError when there is none."""
        found = self.thing(key)
        if not isinstance(found, Decision):
            raise at(found.place, "it is required as a decision, and is none.")
        return found

    def services(self) -> Iterator[DecisionService]:
        """Every decision service."""
        return (thing for thing in self._things.values() if isinstance(thing, DecisionService))

    def variable(self, key: Key) -> Parameter:
        """What a thing is called in expressions, and its type. Raises ModelError when there is no such thing."""
        return self.thing(key).variable

    def types(self, file: str) -> Types:
        """The types that a file knows."""
        return self._types[file]

    def import_name(self, into: Thing, key: Key) -> str:
        """The name under which a thing sees those of another file; empty for its own and for nameless imports."""
        return "" if into.key[0] == key[0] else self._imports.get((into.place.file, key[0]), "")

    def names_of_import(self, namespace: str) -> Iterator[str]:
        """The names under which files import those of a namespace; a nameless import is none."""
        return (name for (_, imported), name in self._imports.items() if imported == namespace and name)

    def problems(self) -> Iterator[Problem]:
        """What the files hold that is not executed, and what they require that no file holds."""
        for file in self.files:
            yield from file.problems
            for thing in things_of(file):
                for key in _required(thing):
                    if not self.holds(key):
                        message = f'{thing.place.words}: requires "{key[1]}", which is in none of these files.'
                        yield Problem(thing.place.file, thing.place.element_id, message)

    def _add(self, thing: Thing) -> None:
        other = self._things.setdefault(thing.key, thing)
        if other is not thing:
            raise at(thing.place, f'the id "{thing.key[1]}" is also that of {other.place}.')

    def _refuse_cycles(self, key: Key, way: list[Key], sound: set[Key]) -> None:
        if key in sound or key not in self.decisions:
            return
        if key in way:
            circle = [*way[way.index(key) :], key]
            names = " → ".join(f'"{self.decisions[step].name}"' for step in circle)
            raise at(self.decisions[key].place, f"it requires itself: {names}.")
        for required in self.decisions[key].decisions:
            self._refuse_cycles(required, [*way, key], sound)
        sound.add(key)


def _types(files: Iterable[DecisionFile]) -> dict[str, Types]:
    """The types of each file: its own first, then those of files with its namespace; others by the import's name."""
    by_namespace: dict[str, list[DecisionFile]] = {}
    for file in files:
        by_namespace.setdefault(file.namespace, []).append(file)
    types = {
        file.file: Types(
            (type_.name, type_)
            for other in (*(o for o in by_namespace[file.namespace] if o is not file), file)
            for type_ in other.types
        )
        for file in files
    }
    for file in files:
        for name, namespace in file.imports:
            for other in by_namespace.get(namespace, ()):
                types[file.file].take_in(name, types[other.file])
    return types


def things_of(file: DecisionFile) -> tuple[Thing, ...]:
    """Everything in a file that has a name and can be required."""
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
