"""What a decision table says, as a sheet shows it. The sheet itself, and changes to the table, are elsewhere."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias, get_args

from service.decisions.model import Aggregation, HitPolicy
from service.decisions.spreadsheet.parts import Document, Part
from service.decisions.xml import Element, child, name_of, text_of
from service.domain.errors import ModelError

Kind = Literal["condition", "conclusion", "description", "annotation"]
Row: TypeAlias = tuple[str, ...]
"""The text of each cell, in the order of the columns."""


@dataclass(frozen=True, slots=True)
class Column:
    """The heading of a column. What a kind of column does not have is empty."""

    kind: Kind
    label: str = ""
    expression: str = ""
    """What a condition asks; the name under which a conclusion is given."""
    type: str = ""
    allowed: str = ""
    default: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """A decision table in words: conditions first, then conclusions, the description of a rule, its annotations."""

    title: str
    hit_policy: str
    """With its aggregation: `COLLECT SUM`."""
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]


HIT_POLICIES = tuple(
    f"{policy} {aggregation}".strip()
    for policy in get_args(HitPolicy)
    for aggregation in ("", *(get_args(Aggregation) if policy == "COLLECT" else ()))
)
DESCRIPTION = Column("description", "Description")


def tables_in(document: Document) -> list[Part]:
    """Every decision table of a file, wherever it stands: in a decision, in a function, in a context."""
    root = document.root
    return [part for part in root.everything() if part.name == "decisionTable" and part.namespace == root.namespace]


def read_table(table: Part) -> Table:
    """What the table says. Raises ModelError when its rules do not fit its columns."""
    columns = columns_of(table)
    wanted = [len(table.parts(name)) for name in ("input", "output", "annotation")]
    rows = []
    for number, rule in enumerate(table.parts("rule"), start=1):
        if [len(rule.parts(name)) for name in ("inputEntry", "outputEntry")] != wanted[:2]:
            raise ModelError(f"{title_of(table)}, rule {number}: it has more or fewer cells than there are columns.")
        rows.append(
            tuple(
                "" if cell is None else words_of(cell if column.kind == "description" else cell.part("text"))
                for cell, column in zip(entries_of(rule, wanted[2]), columns, strict=True)
            )
        )
    policy = table.element.get("hitPolicy", "UNIQUE")
    return Table(title_of(table), f"{policy} {table.element.get('aggregation', '')}".strip(), columns, tuple(rows))


def columns_of(table: Part) -> tuple[Column, ...]:
    """The headings, in the order in which a sheet shows them."""
    return (
        *(_condition(part) for part in table.parts("input")),
        *(_conclusion(part) for part in table.parts("output")),
        DESCRIPTION,
        *(Column("annotation", label=_attribute(part.element, "name")) for part in table.parts("annotation")),
    )


def entries_of(rule: Part, annotations: int) -> list[Part | None]:
    """The elements of a rule under each column; None where it has none. `annotations` is how many columns there are."""
    notes: list[Part | None] = [*rule.parts("annotationEntry")]
    notes += [None] * (annotations - len(notes))
    return [*rule.parts("inputEntry"), *rule.parts("outputEntry"), rule.part("description"), *notes[:annotations]]


def words_of(part: Part | None) -> str:
    """The text in an element without space around it, each line break a single character."""
    return plain(part.element.text or "") if part else ""


def plain(text: str) -> str:
    """Text as it is compared: without space around it, each line break a single character."""
    return text.replace("\r\n", "\n").replace("\r", "\n").strip()


def title_of(table: Part) -> str:
    """What the table is called: the names around it, from the outside in."""
    names = []
    here = table.parent
    while here is not None and here.name != "definitions":
        variable = child(here.element, "variable")
        own = name_of(here.element) or here.element.get("id", "")
        entry = name_of(variable) if variable is not None else ""
        if here.name in ("decision", "businessKnowledgeModel"):
            names.append(own or "Decision table")
        elif here.name == "contextEntry" and entry:
            names.append(entry)
        here = here.parent
    return ", ".join(reversed(names)) or "Decision table"


def _condition(part: Part) -> Column:
    expression = part.part("inputExpression")
    return Column(
        "condition",
        label=_attribute(part.element, "label"),
        expression=_text_in(part.element, "inputExpression"),
        type=_attribute(expression.element, "typeRef") if expression else "",
        allowed=_text_in(part.element, "inputValues"),
    )


def _conclusion(part: Part) -> Column:
    return Column(
        "conclusion",
        label=_attribute(part.element, "label"),
        expression=_attribute(part.element, "name"),
        type=_attribute(part.element, "typeRef"),
        allowed=_text_in(part.element, "outputValues"),
        default=_text_in(part.element, "defaultOutputEntry"),
    )


def _text_in(element: Element, name: str) -> str:
    return plain(text_of(child(element, name)))


def _attribute(element: Element, name: str) -> str:
    return plain(element.get(name, ""))
