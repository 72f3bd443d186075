"""Expressions and unary tests as the other rooms use them. The language itself is in the other modules."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any, Generic, NamedTuple, TypeVar

from service.feel.borders import Borders, borders_of
from service.feel.builtins import BUILTINS
from service.feel.compile import build, build_tests
from service.feel.compile.tests import Test
from service.feel.errors import FeelError
from service.feel.grammar import parse_expression, parse_tests
from service.feel.limits import DEFAULT, Limits
from service.feel.names import has_plain_names
from service.feel.reading import called_names, free_names
from service.feel.runtime import MISSING, Code, Evaluation, TypeTest
from service.feel.surroundings import NOTHING, Surroundings
from service.feel.syntax import Literal, Name, Node, Tests
from service.feel.values import HostFunction, adopt

_CACHED = 4096
_NO_NAMES: frozenset[str] = frozenset()
CodeT = TypeVar("CodeT", Code, Test)


class Evaluated(NamedTuple):
    """A value, and why nulls were met on the way to it, each reason once."""

    value: Any
    null_reasons: tuple[str, ...] = ()
    unknown_names: tuple[str, ...] = ()
    """The names that were read and that nothing in the scope bears: misspelt, or not written yet."""
    unknown_entries: tuple[str, ...] = ()
    """The entries that were read of contexts that do not have them."""
    asked_host: bool = False
    """Whether a function of the host was called, which may do more than give the same answer again."""


_PLAIN = {verdict: Evaluated(verdict) for verdict in (True, False, None)}
"""What most cells come to."""


def _evaluated(value: Any, run: Evaluation | None = None) -> Evaluated:
    if run is None or (not run.reasons and not run.asked_host):
        return _PLAIN[value] if value is None or isinstance(value, bool) else Evaluated(value)
    return Evaluated(value, tuple(run.reasons), tuple(run.unknown_names), tuple(run.unknown_entries), run.asked_host)


@lru_cache(maxsize=_CACHED)
def _compiled(text: str, known: frozenset[str]) -> Code:
    return build(parse_expression(text, known))


@lru_cache(maxsize=_CACHED)
def _compiled_tests(text: str, known: frozenset[str]) -> Test:
    return build_tests(parse_tests(text, known))


class _Compiled(ABC, Generic[CodeT]):
    """What expressions and unary tests share: the text, the names it needs, and its code."""

    def __init__(self, text: str, names: frozenset[str]) -> None:
        self.text = text
        self._given_names = names
        tree = self._tree()
        self._is_plain = has_plain_names(text)
        self.names = free_names(tree) - BUILTINS.keys() - {"?"}
        """The names read from the scope, the first segment of every path; without the functions called."""
        self.calls = called_names(tree) - BUILTINS.keys()
        """The functions called that are not built in, so that the host or the scope must offer them."""
        self._latest: tuple[frozenset[str], CodeT] | None = None
        if self._is_plain:
            self._look_at(tree)

    def _look_at(self, tree: Any) -> None:
        """Note what the tree alone tells, when no name in scope can make another of the text."""

    @abstractmethod
    def _tree(self) -> Node: ...

    @abstractmethod
    def _compile(self, known: frozenset[str]) -> CodeT: ...

    def _code(self, surroundings: Surroundings) -> CodeT:
        """The code for the names of several words that are in play; nearly always the same as the time before."""
        known = _NO_NAMES if self._is_plain else surroundings.names.within(self.text)
        latest = self._latest
        if latest is None or latest[0] != known:
            # One assignment of both together, as other threads read them.
            latest = self._latest = (known, self._compile(self._given_names | known))
        return latest[1]

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.text!r})"


class Expression(_Compiled[Code]):
    """A FEEL expression."""

    _literal: Any = MISSING
    """What the expression comes to, whatever is in scope, when it is a number, text, boolean or null."""

    _name: str | None = None
    """The one name that the expression is."""

    def _look_at(self, tree: Node) -> None:
        if isinstance(tree, Literal):
            self._literal = tree.value
        elif isinstance(tree, Name):
            self._name = tree.name

    def _tree(self) -> Node:
        return parse_expression(self.text, self._given_names)

    def _compile(self, known: frozenset[str]) -> Code:
        return _compiled(self.text, known)

    def evaluate(
        self,
        scope: Mapping[str, Any],
        *,
        functions: Mapping[str, HostFunction] = NOTHING,
        types: Mapping[str, TypeTest] = NOTHING,
        limits: Limits = DEFAULT,
    ) -> Any:
        """The value for this scope; null where something is missing. Raises FeelError when a limit is met."""
        return self._run(Surroundings(scope, functions, types, limits))[0]

    def evaluate_explained(
        self,
        scope: Mapping[str, Any],
        *,
        functions: Mapping[str, HostFunction] = NOTHING,
        types: Mapping[str, TypeTest] = NOTHING,
        limits: Limits = DEFAULT,
    ) -> Evaluated:
        """The value, with the reasons for every null met on the way. Raises FeelError when a limit is met."""
        return self.evaluate_in(Surroundings(scope, functions, types, limits))

    def evaluate_in(self, surroundings: Surroundings) -> Evaluated:
        """As `evaluate_explained`, in a scope that several evaluations share."""
        value = self.at_hand(surroundings)
        return _evaluated(*self._run(surroundings)) if value is MISSING else _evaluated(value)

    def at_hand(self, surroundings: Surroundings) -> Any:
        """The value of a literal, or of a name alone that is neither list nor context; MISSING for everything else."""
        if self._literal is not MISSING:
            return self._literal
        return MISSING if self._name is None else surroundings.simple(self._name)

    @property
    def is_literal(self) -> bool:
        """Whether it comes to the same in every scope, being a number, text, boolean or null."""
        return self._literal is not MISSING

    def _run(self, surroundings: Surroundings) -> tuple[Any, Evaluation]:
        frame = surroundings.begin(self.text)
        evaluation = frame.evaluation
        try:
            value = self._code(surroundings)(frame)
            evaluation.measure(value)
        except RecursionError:
            raise evaluation.too_much("nests its values or calls too deeply") from None
        if evaluation.steps:
            surroundings.account_for(evaluation)
        return value, evaluation


class UnaryTests(_Compiled[Test]):
    """FEEL unary tests, such as a cell of a decision table."""

    borders: Borders | None = None
    """Where the value may lie, when nothing else decides; None when something does, or may."""

    def _look_at(self, tree: Tests) -> None:
        self.borders = borders_of(tree)

    def _tree(self) -> Tests:
        return parse_tests(self.text, self._given_names)

    def _compile(self, known: frozenset[str]) -> Test:
        return _compiled_tests(self.text, known)

    def matches(
        self,
        value: Any,
        scope: Mapping[str, Any] = NOTHING,
        *,
        functions: Mapping[str, HostFunction] = NOTHING,
        types: Mapping[str, TypeTest] = NOTHING,
        limits: Limits = DEFAULT,
    ) -> bool:
        """Whether the value passes; what cannot be decided does not. Raises FeelError when a limit is met."""
        return self.matches_in(value, Surroundings(scope, functions, types, limits)).value is True

    def matches_explained(
        self,
        value: Any,
        scope: Mapping[str, Any] = NOTHING,
        *,
        functions: Mapping[str, HostFunction] = NOTHING,
        types: Mapping[str, TypeTest] = NOTHING,
        limits: Limits = DEFAULT,
    ) -> Evaluated:
        """True, false or null, with the reasons for nulls. Raises FeelError when a limit is met."""
        return self.matches_in(value, Surroundings(scope, functions, types, limits))

    def matches_in(self, value: Any, surroundings: Surroundings) -> Evaluated:
        """As `matches_explained`, in a scope that several evaluations share."""
        frame = surroundings.begin(self.text)
        try:
            adopted = adopt(value)
            verdict = self._code(surroundings)(frame.inner({"?": adopted}), adopted)
        except RecursionError:
            raise frame.evaluation.too_much("nests its values or calls too deeply") from None
        except TypeError as error:
            raise FeelError(f"The value to test cannot be read: {error}", expression=self.text) from None
        if frame.evaluation.steps:
            surroundings.account_for(frame.evaluation)
        return _evaluated(verdict, frame.evaluation)


def _too_deep(text: str) -> FeelError:
    return FeelError("This expression nests too deeply; write it in smaller steps", expression=text)


@lru_cache(maxsize=_CACHED)
def _expression(text: str, names: frozenset[str]) -> Expression:
    try:
        return Expression(text, names)
    except RecursionError:
        raise _too_deep(text) from None


@lru_cache(maxsize=_CACHED)
def _unary_tests(text: str, names: frozenset[str]) -> UnaryTests:
    try:
        return UnaryTests(text, names)
    except RecursionError:
        raise _too_deep(text) from None


def compile_expression(text: str, names: Iterable[str] = ()) -> Expression:
    """The compiled expression, from a cache; `names` of several words are known beforehand. Raises FeelError."""
    return _expression(text, frozenset(names))


def compile_unary_tests(text: str, names: Iterable[str] = ()) -> UnaryTests:
    """The compiled unary tests, from a cache. `names` as for `compile_expression`. Raises FeelError."""
    return _unary_tests(text, frozenset(names))
