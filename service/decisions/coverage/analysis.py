"""Gaps, overlaps and unreachable rules of decision tables, looked for without running them: the whole way from a table
to its findings. How each is found is in the other modules."""

from __future__ import annotations

from collections.abc import Iterator

from service.decisions.checks import parts_of
from service.decisions.coverage.cells import read_cell
from service.decisions.coverage.dimensions import TOO_LONG
from service.decisions.coverage.domains import Declarations
from service.decisions.coverage.findings import Coverage, RuleRef, Unanalysed
from service.decisions.coverage.gaps import Gaps
from service.decisions.coverage.overlaps import Overlaps
from service.decisions.coverage.subject import Subject
from service.decisions.coverage.unreachable import UnreachableRules
from service.decisions.expressions import at
from service.decisions.graph import Graph, things_of
from service.decisions.library import Library
from service.decisions.model import Decision, Knowledge, Table
from service.domain.errors import ModelError

MOST = 10
"""Gaps and overlaps that are listed of one table."""
EFFORT = 80_000
"""Slices of a table that are looked at for each kind of finding. All together take less than
a second on a small machine."""
_ONE_RESULT = ("UNIQUE", "ANY", "FIRST", "PRIORITY")
_NO_GAPS = "The table is too intricate to look for every gap; there may be more than are listed."
_NOT_TRIED = "What cannot be analysed leaves too much to try out; there may be more gaps and overlaps than are listed."
_NO_HIDDEN = "The table is too intricate to look for every rule that never decides; there may be more than are listed."


def analyse(
    library: Library, decision_id: str, *, most: int = MOST, effort: int = EFFORT, all_gaps: bool = False
) -> Coverage:
    """What a decision's table leaves open, decides twice or never decides.

    At most `most` gaps and as many overlaps are listed. Gaps are looked for where the hit policy gives one result and
    no output has a default, as else no rule need match; with `all_gaps` in every table. Raises ModelError when there
    is no such decision, or more than one, or it has no table.
    """
    found = [decision for key, decision in library.graph.decisions.items() if key[1] == decision_id]
    if len(found) != 1:
        raise ModelError(f'There are {len(found)} decisions "{decision_id}".', element_id=decision_id)
    (decision,) = found
    if not isinstance(decision.expression, Table):
        raise at(decision.place, "it is not a decision table.")
    around = _around(library.graph, decision)
    return analyse_table(decision.expression, around, most=most, effort=effort, all_gaps=all_gaps)


def analyse_library(
    library: Library, *, most: int = MOST, effort: int = EFFORT
) -> Iterator[tuple[Decision | Knowledge, Coverage]]:
    """The same for every table of a library, also those inside other expressions and business knowledge models, each
    with the decision or the model that holds it."""
    for file in library.graph.files:
        for owner in things_of(file):
            if isinstance(owner, Decision | Knowledge):
                logic = owner.expression if isinstance(owner, Decision) else owner.function
                for part in parts_of(logic):
                    if isinstance(part, Table):
                        around = _around(library.graph, owner, part)
                        yield owner, analyse_table(part, around, most=most, effort=effort)


def analyse_table(
    table: Table, around: Declarations, *, most: int = MOST, effort: int = EFFORT, all_gaps: bool = False
) -> Coverage:
    """The same for any table, given the names and types it sees."""
    subject = Subject(table, around)
    sought = all_gaps or (table.hit_policy in _ONE_RESULT and all(column.default is None for column in table.outputs))
    gaps, overlaps, unreachable = Gaps(subject, most), Overlaps(subject, most), UnreachableRules(subject)
    unanswered = []
    if sought:
        gaps.look(effort)
        unanswered = list(gaps.unanswered(effort))
    if table.hit_policy in ("UNIQUE", "ANY"):
        overlaps.look()
    unreachable.look(effort)
    given_up = [(gaps.finished, _NO_GAPS), (unreachable.finished, _NO_HIDDEN), (not subject.judge.tired, _NOT_TRIED)]
    return Coverage(
        place=table.place,
        hit_policy=table.hit_policy,
        gaps=tuple(gaps.found),
        gaps_sought=sought,
        more_gaps=gaps.more,
        overlaps=tuple(overlaps.found),
        overlap_count=overlaps.count,
        unreachable=tuple(unreachable.found),
        unanswered=tuple(unanswered),
        unanalysed=tuple(_unanalysed(subject)),
        unfinished=tuple(words for finished, words in given_up if not finished),
    )


def _around(graph: Graph, owner: Decision | Knowledge, table: Table | None = None) -> Declarations:
    """What a table of this owner sees. The types of names are used only where nothing can come between."""
    names = {thing.variable.name: "" for file in graph.files for thing in things_of(file)}
    logic = owner.expression if isinstance(owner, Decision) else owner.function.body
    if table is None or logic is table:
        if isinstance(owner, Knowledge):
            names |= {parameter.name: parameter.type_ref for parameter in owner.function.parameters}
        else:
            required = [graph.thing(key) for key in (*owner.inputs, *owner.decisions) if graph.holds(key)]
            names |= {
                thing.variable.name: thing.variable.type_ref
                for thing in required
                if thing.place.file == owner.place.file
            }
    return Declarations(graph.types(owner.place.file), names)


def _unanalysed(subject: Subject) -> Iterator[Unanalysed]:
    """The lists of values and the cells that could not be followed."""
    names = frozenset(subject.around.names)
    for number, dimension in enumerate(subject.dimensions):
        label = subject.regions.label(number)
        for cell, reason in dimension.unsure_limits:
            yield _not_followed(None, label, cell.text, reason)
        for ref, rule, sure, maybe in zip(
            subject.refs, subject.table.rules, subject.sure_boxes, subject.maybe_boxes, strict=True
        ):
            if sure[number] == maybe[number]:
                continue
            for column in dimension.columns:
                read = read_cell(rule.cells[column].text, names)
                reason = read.unknown or read.by_value
                if read.borders:
                    reason = reason or dimension.line.unknown or TOO_LONG
                if reason:
                    yield _not_followed(ref, label, read.text, reason)


def _not_followed(rule: RuleRef | None, column: str, test: str, reason: str) -> Unanalysed:
    where = "The allowed values" if rule is None else f"Rule {rule.number}"
    words = f"{where}, column “{column}”: the test {test} was left out of account, because {reason}."
    return Unanalysed(rule, column, test, reason, words)
