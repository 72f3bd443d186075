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
Named = Sequence[tuple[str, Any]]
_MANY = 1_000_000


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter: its place, its name, the kinds of value it takes (`any` takes all), whether it may be left out."""

    place: int
    name: str
    kinds: tuple[str, ...]
    optional: bool


@dataclass(frozen=True, slots=True)
class Signature:
    """One way to call a function."""

    parameters: tuple[Parameter, ...]
    call: Callable[..., Any]
    tail: str
    """`*` when the last parameter is a list that may also be given as separate arguments, `...` when it stands for one
    argument or more; empty for neither."""
    with_evaluation: bool
    least: int
    most: int
    """How many arguments it takes when they are not named."""


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

    `?` after a kind makes the parameter optional, `|` joins kinds. `*` at the end lets the items of the last list stand
    as separate arguments; `...` makes the last parameter one or more arguments, which the function gets as a list.
    """
    name, _, rest = declaration.partition("(")
    tail = next((mark for mark in ("*", "...") if rest.endswith(f"{mark})")), "")
    parts = [part for part in rest.removesuffix(f"{tail})").split(", ") if part]
    parameters = tuple(_parameter(place, part) for place, part in enumerate(parts, start=1))
    least = sum(not parameter.optional for parameter in parameters)
    most = _MANY if tail else len(parameters)

    def register(function: FunctionT) -> FunctionT:
        signature = Signature(parameters, function, tail, with_evaluation, least, most)
        BUILTINS.setdefault(name, Builtin(name)).signatures.append(signature)
        return function

    return register


def _parameter(place: int, text: str) -> Parameter:
    name, _, kinds = text.partition(": ")
    return Parameter(place, name, tuple(kinds.removesuffix("?").split("|")), kinds.endswith("?"))


class _OtherShape(Absent):
    """Arguments so many, or of these names, belong to another way to call the function, if to any."""


class _OtherKind(Absent):
    """An argument is of a kind that its parameter does not take."""

    def __init__(self, parameter: Parameter, value: Any) -> None:
        super().__init__(f"“{parameter.name}” does not take {in_words(value)}")
        self.parameter = parameter
        self.value = value


def call_builtin(function: Builtin, evaluation: Evaluation, positional: Sequence[Any], named: Named) -> Any:
    """The function's result; null with a reason when no way to call it fits or it has no result."""
    misfits: list[Absent] = []
    for signature in function.signatures:
        try:
            arguments = _bound(signature, positional, named)
        except _OtherShape:
            continue
        except Absent as misfit:
            misfits.append(misfit)
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
    reason = _misfit_in_words(misfits) if misfits else _no_such_shape(function, positional, named)
    return evaluation.absent(f"{function.name}: {reason}")


def _misfit_in_words(misfits: list[Absent]) -> str:
    """Which argument keeps the call from every way it could be meant, and what it may be."""
    kinds = [misfit for misfit in misfits if isinstance(misfit, _OtherKind)]
    if not kinds:
        return misfits[0].reason
    place = max(misfit.parameter.place for misfit in kinds)
    alike = [misfit for misfit in kinds if misfit.parameter.place == place]
    names = {f"“{misfit.parameter.name}”" for misfit in alike}
    name = names.pop() if len(names) == 1 else f"argument {place}"
    *others, wanted = dict.fromkeys(_kind_in_words(kind) for misfit in alike for kind in misfit.parameter.kinds)
    return f"{name} must be {', '.join(others)}{' or ' * bool(others)}{wanted}, not {in_words(alike[0].value)}"


def _kind_in_words(kind: str) -> str:
    return {"null": "null", "string": "a text", "boolean": "true or false"}.get(kind, f"a {kind}")


def _no_such_shape(function: Builtin, positional: Sequence[Any], named: Named) -> str:
    """Why no way to call the function has so many arguments, or arguments of these names."""
    if named:
        ways = dict.fromkeys(", ".join(p.name for p in signature.parameters) for signature in function.signatures)
        return f"it takes {' or '.join(f'({way})' for way in ways)}, not ({', '.join(name for name, _ in named)})"
    if any(signature.tail for signature in function.signatures):
        words = f"at least {function.signatures[0].least}"
    else:
        counts = {n for signature in function.signatures for n in range(signature.least, signature.most + 1)}
        words = " or ".join(map(str, sorted(counts)))
    return f"it takes {words} argument{'s' * (not words.endswith('1'))}, not {len(positional)}"


def _bound(signature: Signature, positional: Sequence[Any], named: Named) -> list[Any]:
    """The arguments as the function takes them. Raises Absent."""
    if named:
        positional = _by_name(signature, named)
    elif not signature.least <= len(positional) <= signature.most:
        raise _OtherShape("so many arguments")
    elif signature.tail == "*":
        positional = _gathered(signature, positional)
    if signature.tail == "...":
        parameters = signature.parameters
        fixed = [_fitted(p, value) for p, value in zip(parameters[:-1], positional, strict=False)]
        return [*fixed, [_fitted(parameters[-1], value) for value in positional[len(fixed) :]]]
    return [_fitted(p, value) for p, value in zip(signature.parameters, positional, strict=False)]


_LEFT_OUT = object()


def _by_name(signature: Signature, named: Named) -> list[Any]:
    """The values in the order of the parameters; one that is not given is null, if null is a value for it."""
    given = dict(named)
    if given.keys() - {p.name for p in signature.parameters} or len(given) != len(named):
        raise _OtherShape("arguments of these names")
    values = [given.get(p.name, _LEFT_OUT) for p in signature.parameters]
    for parameter, value in zip(signature.parameters, values, strict=True):
        if value is _LEFT_OUT and not parameter.optional and not {"any", "null"} & {*parameter.kinds}:
            raise Absent(f"the argument “{parameter.name}” is missing")
    while values[-1] is _LEFT_OUT and len(values) > signature.least:
        values.pop()
    return [None if value is _LEFT_OUT else value for value in values]


def _gathered(signature: Signature, positional: Sequence[Any]) -> list[Any]:
    """The positional arguments with those of the tail gathered into one list."""
    fixed = len(signature.parameters) - 1
    tail = list(positional[fixed:])
    if fixed == 0 and len(tail) == 1 and (isinstance(tail[0], list) or tail[0] is None):
        return list(positional)
    return [*positional[:fixed], tail]


def _fitted(parameter: Parameter, value: Any) -> Any:
    """The argument as the parameter takes it; a list of one stands for its item, and an item for a list of one."""
    kinds = parameter.kinds
    kind = kind_of(value)
    if kind in kinds or "any" in kinds:
        return value
    if kind == "list" and len(value) == 1 and kind_of(value[0]) in kinds:
        return value[0]
    if "list" in kinds and value is not None:
        return [value]
    raise _OtherKind(parameter, value)
