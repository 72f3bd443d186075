"""Expressions and unary tests as the other rooms use them. The language itself is in the other modules."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType
from typing import Any

from service.feel.builtins import BUILTINS
from service.feel.compile import build, build_tests
from service.feel.compile.tests import Test
from service.feel.errors import FeelError
from service.feel.grammar import parse_expression, parse_tests
from service.feel.limits import DEFAULT, Limits
from service.feel.names import names_in_play
from service.feel.reading import called_names, free_names
from service.feel.runtime import Code, Evaluation, Frame, Scope, TypeTest
from service.feel.values import HostFunction, adopt

_NOTHING: Mapping[str, Any] = MappingProxyType({})
_CACHED = 4096


@dataclass(frozen=True, slots=True)
class Evaluated:
    """A value, and why nulls were met on the way to it, each reason once."""

    value: Any
    null_reasons: tuple[str, ...] = ()
    unknown_names: tuple[str, ...] = ()
    """The names that were read and that nothing in the scope bears: misspelt, or not written yet."""
    unknown_entries: tuple[str, ...] = ()
    """The entries that were read of contexts that do not have them."""


def _evaluated(value: Any, run: Evaluation) -> Evaluated:
    return Evaluated(value, tuple(run.reasons), tuple(run.unknown_names), tuple(run.unknown_entries))


@lru_cache(maxsize=_CACHED)
def _compiled(text: str, known: frozenset[str]) -> Code:
    return build(parse_expression(text, known))


@lru_cache(maxsize=_CACHED)
def _compiled_tests(text: str, known: frozenset[str]) -> Test:
    return build_tests(parse_tests(text, known))


class _Compiled:
    """What expressions and unary tests share: the text, the names it needs, and how an evaluation begins."""

    def __init__(self, text: str, names: frozenset[str]) -> None:
        self.text = text
        self._given_names = names
        tree = self._tree()
        self.names = free_names(tree) - BUILTINS.keys() - {"?"}
        """The names read from the scope, the first segment of every path; without the functions called."""
        self.calls = called_names(tree) - BUILTINS.keys()
        """The functions called that are not built in, so that the host or the scope must offer them."""

    def _tree(self) -> Any:
        return parse_expression(self.text, self._given_names)

    def _known(self, *sources: Mapping[str, Any]) -> frozenset[str]:
        return self._given_names | names_in_play(self.text, *sources)

    def _begin(
        self,
        scope: Mapping[str, Any],
        functions: Mapping[str, HostFunction],
        types: Mapping[str, TypeTest],
        limits: Limits,
    ) -> Frame:
        return Frame(Scope(scope), None, Evaluation(self.text, functions, types, limits))

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.text!r})"


class Expression(_Compiled):
    """A FEEL expression."""

    def evaluate(
        self,
        scope: Mapping[str, Any],
        *,
        functions: Mapping[str, HostFunction] = _NOTHING,
        types: Mapping[str, TypeTest] = _NOTHING,
        limits: Limits = DEFAULT,
    ) -> Any:
        """The value for this scope; null where something is missing. Raises FeelError when a limit is met."""
        return self.evaluate_explained(scope, functions=functions, types=types, limits=limits).value

    def evaluate_explained(
        self,
        scope: Mapping[str, Any],
        *,
        functions: Mapping[str, HostFunction] = _NOTHING,
        types: Mapping[str, TypeTest] = _NOTHING,
        limits: Limits = DEFAULT,
    ) -> Evaluated:
        """The value, with the reasons for every null met on the way. Raises FeelError when a limit is met."""
        frame = self._begin(scope, functions, types, limits)
        try:
            value = _compiled(self.text, self._known(scope, functions))(frame)
            frame.evaluation.measure(value)
        except RecursionError:
            raise frame.evaluation.too_much("nests its values or calls too deeply") from None
        return _evaluated(value, frame.evaluation)


class UnaryTests(_Compiled):
    """FEEL unary tests, such as a cell of a decision table."""

    def _tree(self) -> Any:
        return parse_tests(self.text, self._given_names)

    def matches(
        self,
        value: Any,
        scope: Mapping[str, Any] = _NOTHING,
        *,
        functions: Mapping[str, HostFunction] = _NOTHING,
        types: Mapping[str, TypeTest] = _NOTHING,
        limits: Limits = DEFAULT,
    ) -> bool:
        """Whether the value passes; what cannot be decided does not. Raises FeelError when a limit is met."""
        return self.matches_explained(value, scope, functions=functions, types=types, limits=limits).value is True

    def matches_explained(
        self,
        value: Any,
        scope: Mapping[str, Any] = _NOTHING,
        *,
        functions: Mapping[str, HostFunction] = _NOTHING,
        types: Mapping[str, TypeTest] = _NOTHING,
        limits: Limits = DEFAULT,
    ) -> Evaluated:
        """True, false or null, with the reasons for nulls. Raises FeelError when a limit is met."""
        frame = self._begin(scope, functions, types, limits)
        try:
            tests = _compiled_tests(self.text, self._known(scope, functions))
            verdict = tests(frame.inner({"?": adopt(value)}), adopt(value))
        except RecursionError:
            raise frame.evaluation.too_much("nests its values or calls too deeply") from None
        except TypeError as error:
            raise FeelError(f"The value to test cannot be read: {error}", expression=self.text) from None
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
