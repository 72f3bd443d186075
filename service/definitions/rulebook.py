"""The rule book as one frozen value, loaded from its files. Storing, running and checking its diagrams are not here."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from types import MappingProxyType
from typing import Any, TypeVar

from service import decisions
from service.clock import Calendar, Timescale, load_calendar, timescale_from_decision
from service.definitions.files import digest, file_problems
from service.definitions.forms import Form, parse_form
from service.definitions.organisation import Organisation, load_organisation
from service.definitions.problem import BrokenRuleBook, Problem
from service.definitions.scenarios import Scenario, load_scenario
from service.definitions.settings import Setting, load_settings
from service.domain.errors import ModelError, NotFound

ORGANISATION = "organisation.json"
SETTINGS = "settings.json"
CALENDAR = "calendar.json"
SCENARIOS = "scenarios"
"""The folder, at any depth, whose JSON files are scenarios."""
TIMESCALES = "timescales"
"""The decision that gives, for the input `timescale`, what, length, unit, countsFirstDay and source."""
MATRIX = "decision-matrix"
"""The decision that gives, for the input `decision`, the levels that sign."""

Loaded = TypeVar("Loaded")


@dataclass(frozen=True, slots=True)
class RuleBook:
    """A whole rule book. Equal content has an equal `digest`."""

    digest: str
    forms: Mapping[str, Form]
    """By form id."""
    organisation: Organisation
    settings: Mapping[str, Any]
    """Setting id -> value: what FEEL sees as `settings`."""
    calendar: Calendar
    library: decisions.Library
    bpmn: Mapping[str, bytes]
    """Path -> diagram, for the engine."""
    scenarios: tuple[Scenario, ...] = ()
    setting_rows: tuple[Setting, ...] = ()
    """The settings with their reasons and sources."""
    files: Mapping[str, bytes] = field(default_factory=dict, repr=False)
    """Everything it was loaded from."""

    def form(self, form_id: str) -> Form:
        """The form of this id. Raises NotFound."""
        try:
            return self.forms[form_id]
        except KeyError:
            raise NotFound(f"There is no form “{form_id}” in this rule book.") from None

    def timescale(self, timescale_id: str) -> Timescale:
        """The row of the table of timescales. Raises ModelError when there is none, or when it makes no sense."""
        if TIMESCALES not in self.library.decisions:
            raise ModelError(f"The rule book has no decision “{TIMESCALES}”, so “{timescale_id}” has no length.")
        decided = self.library.decide(TIMESCALES, {"timescale": timescale_id})
        return timescale_from_decision(timescale_id, decided.result)


def load_rulebook(files: Mapping[str, bytes]) -> RuleBook:
    """The rule book in these files (relative posix path -> content).

    Raises ModelError listing, by file, everything that cannot be read. Lesser mistakes are in `problems`.
    """
    wrong = file_problems(files)
    loader = _Loader(files, wrong)
    forms = loader.each(".form", parse_form)
    scenarios = [
        loader.read(name, load_scenario)
        for name in sorted(files)
        if name.endswith(".json") and SCENARIOS in PurePosixPath(name).parts[:-1]
    ]
    organisation = loader.required(ORGANISATION, load_organisation)
    rows = loader.required(SETTINGS, load_settings)
    calendar = loader.required(CALENDAR, lambda name, content: load_calendar(content, file=name))
    library = loader.decisions()
    by_id = _by_id(forms, wrong)
    if wrong or organisation is None or rows is None or calendar is None or library is None:
        raise BrokenRuleBook(sorted(wrong))
    return RuleBook(
        digest=digest(files),
        forms=by_id,
        organisation=organisation,
        settings=MappingProxyType({row.id: row.value for row in rows}),
        calendar=calendar,
        library=library,
        bpmn=MappingProxyType({name: files[name] for name in sorted(files) if name.endswith(".bpmn")}),
        scenarios=tuple(scenario for scenario in scenarios if scenario is not None),
        setting_rows=rows,
        files=MappingProxyType(dict(files)),
    )


@dataclass(frozen=True, slots=True)
class _Loader:
    """Reads file after file; what is wrong is noted, and the reading goes on."""

    files: Mapping[str, bytes]
    wrong: list[Problem]

    def read(self, name: str, load: Callable[[str, bytes], Loaded]) -> Loaded | None:
        """The file as `load` makes it, or None when that raised ModelError."""
        try:
            return load(name, self.files[name])
        except BrokenRuleBook as error:
            self.wrong.extend(error.problems)
        except ModelError as error:
            self.wrong.append(Problem(error.file or name, error.element_id or "", error.message))
        return None

    def each(self, kind: str, load: Callable[[str, bytes], Loaded]) -> list[Loaded]:
        """Every file of one kind."""
        loaded = [self.read(name, load) for name in sorted(self.files) if name.endswith(kind)]
        return [one for one in loaded if one is not None]

    def required(self, name: str, load: Callable[[str, bytes], Loaded]) -> Loaded | None:
        """A file that every rule book has."""
        if name in self.files:
            return self.read(name, load)
        self.wrong.append(Problem(name, "", "The rule book has no such file."))
        return None

    def decisions(self) -> decisions.Library | None:
        """All decision tables together, since one may need another in another file."""
        tables = {name: content for name, content in self.files.items() if name.endswith(".dmn")}
        try:
            return decisions.load(tables)
        except ModelError as error:
            self.wrong.append(Problem(error.file or "*.dmn", error.element_id or "", error.message))
            return None


def _by_id(forms: list[Form], wrong: list[Problem]) -> Mapping[str, Form]:
    by_id: dict[str, Form] = {}
    for form in forms:
        if form.id in by_id:
            wrong.append(Problem(form.file, form.id, f"{by_id[form.id].file} has a form with the same id."))
        by_id.setdefault(form.id, form)
    return MappingProxyType(by_id)


def problems(rulebook: RuleBook) -> list[Problem]:
    """What is wrong with forms and decision tables by themselves, sorted by file. Diagrams are in `checks.py`."""
    found = [problem for form in rulebook.forms.values() for problem in form.problems]
    found += [Problem(one.file, one.element_id, one.message) for one in rulebook.library.problems]
    return sorted(found)
