"""How a built-in function is declared, found and given its arguments. The functions themselves are in `builtins/`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal, DecimalException
from typing import Any, TypeVar

from service.feel.absent import Absent
from service.feel.runtime import Evaluation, size_as_work
from service.feel.values import Function, in_words, kind_of

FunctionT = TypeVar("FunctionT", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter: its name, the kinds of value it takes (`any` takes all), and whether it may be left out."""

    name: str
    kinds: frozenset[str]
    optional: bool


@dataclass(frozen=True, slots=True)
class Signature:
    """One way to call a function."""

    parameters: tuple[Parameter, ...]
    call: Callable[..., Any]
    variadic: bool
    """True when the last parameter is a list that may also be given as separate arguments."""
    with_evaluation: bool


class Builtin(Function):
    """A built-in function with all its ways to be called."""

    __slots__ = ("name", "signatures")

    def __init__(self, name: str) -> None:
        self.name = name
        self.signatures: list[Signature] = []

    @property
    def parameters(self) -> tuple[str, ...]:
        """The parameter names of the first way to call it."""
        return tuple(parameter.name for parameter in self.signatures[0].parameters)


BUILTINS: dict[str, Builtin] = {}


def builtin(declaration: str, *, with_evaluation: bool = False) -> Callable[[FunctionT], FunctionT]:
    """Register a function under a declaration such as `substring(string: string, start position: number)`.

    `?` after a kind makes the parameter optional, `|` joins kinds, and `*` at the end lets the items of the last list
    stand as separate arguments.
    """
    name, _, rest = declaration.partition("(")
    variadic = rest.endswith("*)")
    parameters = tuple(_parameter(part) for part in rest.rstrip("*)").split(", ") if part)

    def register(function: FunctionT) -> FunctionT:
        signature = Signature(parameters, function, variadic, with_evaluation)
        BUILTINS.setdefault(name, Builtin(name)).signatures.append(signature)
        return function

    return register


def _parameter(text: str) -> Parameter:
    name, _, kinds = text.partition(": ")
    return Parameter(name, frozenset(kinds.removesuffix("?").split("|")), kinds.endswith("?"))


def call_builtin(
    function: Builtin, evaluation: Evaluation, positional: Sequence[Any], named: Sequence[tuple[str, Any]]
) -> Any:
    """The function's result; null with a reason when no way to call it fits or it has no result."""
    reason = ""
    for signature in function.signatures:
        try:
            arguments = _bound(signature, positional, named)
        except Absent as absent:
            reason = reason or absent.reason
            continue
        evaluation.step(sum(map(size_as_work, arguments)))
        try:
            given = (evaluation, *arguments) if signature.with_evaluation else arguments
            result = signature.call(*given)
        except Absent as absent:
            return evaluation.absent(f"{function.name}: {absent.reason}")
        except (DecimalException, OverflowError, ValueError):
            return evaluation.absent(f"{function.name}: the result is outside what FEEL can hold")
        return evaluation.checked(Decimal(result) if type(result) is int else result)
    return evaluation.absent(f"{function.name}: {reason}")


def _bound(signature: Signature, positional: Sequence[Any], named: Sequence[tuple[str, Any]]) -> list[Any]:
    if named:
        positional = _by_name(signature, named)
    elif signature.variadic:
        positional = _gathered(signature, positional)
    if len(positional) > len(signature.parameters):
        raise Absent(f"it takes {len(signature.parameters)} arguments, not {len(positional)}")
    missing = [p.name for p in signature.parameters[len(positional) :] if not p.optional]
    if missing:
        raise Absent(f"the argument “{missing[0]}” is missing")
    return [_fitted(p, value) for p, value in zip(signature.parameters, positional, strict=False)]


_LEFT_OUT = object()


def _by_name(signature: Signature, named: Sequence[tuple[str, Any]]) -> list[Any]:
    given = dict(named)
    unknown = given.keys() - {p.name for p in signature.parameters}
    if unknown or len(given) != len(named):
        wrong = sorted(unknown) or [named[0][0]]
        raise Absent(f"it has no single parameter “{wrong[0]}”")
    values = [given.get(p.name, _LEFT_OUT) for p in signature.parameters]
    for parameter, value in zip(signature.parameters, values, strict=True):
        if value is _LEFT_OUT and not parameter.optional:
            raise Absent(f"the argument “{parameter.name}” is missing")
    return [None if value is _LEFT_OUT else value for value in _trimmed(values)]


def _trimmed(values: list[Any]) -> list[Any]:
    while values and values[-1] is _LEFT_OUT:
        values = values[:-1]
    return values


def _gathered(signature: Signature, positional: Sequence[Any]) -> list[Any]:
    """The positional arguments with those of the variadic tail gathered into one list."""
    fixed = len(signature.parameters) - 1
    tail = list(positional[fixed:])
    if fixed == 0 and len(tail) == 1 and (isinstance(tail[0], list) or tail[0] is None):
        return list(positional)
    return [*positional[:fixed], tail] if tail else list(positional)


def _fitted(parameter: Parameter, value: Any) -> Any:
    """The argument as the parameter takes it; a list of one stands for its item, and an item for a list of one."""
    kinds = parameter.kinds
    kind = kind_of(value)
    if kind in kinds or "any" in kinds:
        return value
    if kind == "list" and len(value) == 1 and kind_of(value[0]) in kinds and value[0] is not None:
        return value[0]
    if "list" in kinds and value is not None:
        return [value]
    wanted = " or ".join(sorted(kinds - {"null"}))
    raise Absent(f"“{parameter.name}” must be a {wanted}, not {in_words(value)}")
