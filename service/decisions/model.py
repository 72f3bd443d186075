"""Decisions as they are read from DMN files: frozen words, no behaviour. Reading and evaluating are elsewhere."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal as OneOf
from typing import TypeAlias

HitPolicy = OneOf["UNIQUE", "FIRST", "PRIORITY", "ANY", "COLLECT", "RULE ORDER", "OUTPUT ORDER"]
Aggregation = OneOf["SUM", "MIN", "MAX", "COUNT"]

Key: TypeAlias = tuple[str, str]
"""A thing in a library of files: the namespace of its file, and its id."""


@dataclass(frozen=True, slots=True)
class Problem:
    """Something in a file that is wrong or is not executed."""

    file: str
    element_id: str
    message: str


@dataclass(frozen=True, slots=True)
class Place:
    """Where an expression stands, for messages: `closing.dmn, decision "May it close", rule 3, column "Age"`."""

    file: str
    element_id: str
    words: str

    def __str__(self) -> str:
        return f"{self.file}, {self.words}"


@dataclass(frozen=True, slots=True)
class Literal:
    """A FEEL expression."""

    text: str
    place: Place
    type_ref: str = ""


@dataclass(frozen=True, slots=True)
class Cell:
    """The unary tests of one input cell or of a list of allowed values; empty when everything passes."""

    text: str
    place: Place


@dataclass(frozen=True, slots=True)
class Parameter:
    """A typed name: a parameter, a context entry, a column, a variable. `type_ref` is empty when anything goes."""

    name: str
    type_ref: str = ""


@dataclass(frozen=True, slots=True)
class Context:
    """A boxed context. The entry without a name, if any, is its result."""

    entries: tuple[tuple[Parameter, Expression], ...]
    place: Place


@dataclass(frozen=True, slots=True)
class Invocation:
    """A function called with named arguments."""

    function: Expression
    bindings: tuple[tuple[Parameter, Expression], ...]
    place: Place


@dataclass(frozen=True, slots=True)
class ListOf:
    """A boxed list."""

    items: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Relation:
    """A boxed table of contexts."""

    columns: tuple[Parameter, ...]
    rows: tuple[tuple[Expression, ...], ...]
    place: Place


@dataclass(frozen=True, slots=True)
class Function:
    """A boxed function, or what a business knowledge model holds."""

    parameters: tuple[Parameter, ...]
    body: Expression
    place: Place
    result_type: str = ""


@dataclass(frozen=True, slots=True)
class Conditional:
    """A boxed if."""

    condition: Expression
    then: Expression
    otherwise: Expression
    place: Place


@dataclass(frozen=True, slots=True)
class Iteration:
    """A boxed for, every or some."""

    kind: OneOf["for", "every", "some"]
    variable: Parameter
    source: Expression
    body: Expression
    place: Place
    keeps_partial: bool = False
    """Whether the body may read `partial`, the list of the results so far."""


@dataclass(frozen=True, slots=True)
class Filter:
    """A boxed filter: the items of `source` for which `match` is true."""

    source: Expression
    match: Expression
    place: Place


@dataclass(frozen=True, slots=True)
class Typed:
    """A boxed expression with a type of its own: a value that is not of the type does not pass."""

    expression: Expression
    type_ref: str
    place: Place


@dataclass(frozen=True, slots=True)
class NotExecuted:
    """An expression that is missing or of a kind that is not executed. Asking for its value is a ModelError, or null
    where wrong types make null too."""

    message: str
    place: Place


@dataclass(frozen=True, slots=True)
class Input:
    """A column of conditions."""

    id: str
    label: str
    expression: Literal
    type_ref: str = ""
    allowed: Cell | None = None


@dataclass(frozen=True, slots=True)
class Output:
    """A column of results. `allowed` is also the ranking of PRIORITY and OUTPUT ORDER, best first."""

    id: str
    name: str
    label: str
    type_ref: str
    place: Place
    allowed: Cell | None = None
    default: Literal | None = None
    ranked_by: str = ""
    """The type of the decision whose only column this is; its allowed values rank where the column names no type."""


@dataclass(frozen=True, slots=True)
class Rule:
    """A row. `number` counts from 1, as the editor shows it."""

    id: str
    number: int
    cells: tuple[Cell, ...]
    outputs: tuple[Literal, ...]
    annotations: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Table:
    """A decision table."""

    hit_policy: HitPolicy
    aggregation: Aggregation | None
    inputs: tuple[Input, ...]
    outputs: tuple[Output, ...]
    rules: tuple[Rule, ...]
    place: Place


Expression: TypeAlias = (
    Literal
    | Table
    | Context
    | Invocation
    | ListOf
    | Relation
    | Function
    | Conditional
    | Iteration
    | Filter
    | Typed
    | NotExecuted
)


@dataclass(frozen=True, slots=True)
class ItemType:
    """An item definition. At most one of `base`, `components` and `function` says what it is."""

    name: str
    base: str = ""
    components: tuple[tuple[str, ItemType], ...] = ()
    collection: bool = False
    function: bool = False
    takes: tuple[str, ...] = ()
    """Of a function the types of its parameters; empty when they are not said."""
    allowed: Cell | None = None
    constraint: Cell | None = None
    """What the whole value must fulfil; `allowed` is asked of each item of a collection."""


@dataclass(frozen=True, slots=True)
class InputData:
    """A fact that comes from outside."""

    key: Key
    variable: Parameter
    place: Place


@dataclass(frozen=True, slots=True)
class Decision:
    """A decision with what it requires."""

    key: Key
    name: str
    variable: Parameter
    expression: Expression
    place: Place
    description: str = ""
    """What its author wrote beside it."""
    inputs: tuple[Key, ...] = ()
    decisions: tuple[Key, ...] = ()
    knowledge: tuple[Key, ...] = ()


@dataclass(frozen=True, slots=True)
class Knowledge:
    """A business knowledge model: a function for decisions that require it."""

    key: Key
    variable: Parameter
    function: Function
    place: Place
    description: str = ""
    knowledge: tuple[Key, ...] = ()


@dataclass(frozen=True, slots=True)
class DecisionService:
    """Decisions offered as a function, whose parameters are the input data and then the input decisions."""

    key: Key
    variable: Parameter
    place: Place
    outputs: tuple[Key, ...] = ()
    inputs: tuple[Key, ...] = ()
    input_decisions: tuple[Key, ...] = ()


@dataclass(frozen=True, slots=True)
class DecisionFile:
    """All that one file holds."""

    file: str
    namespace: str
    imports: tuple[tuple[str, str], ...]
    """Name and namespace of each file that this one imports."""
    types: tuple[ItemType, ...]
    inputs: tuple[InputData, ...]
    decisions: tuple[Decision, ...]
    knowledge: tuple[Knowledge, ...]
    services: tuple[DecisionService, ...]
    problems: tuple[Problem, ...]
