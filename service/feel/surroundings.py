"""What several evaluations in one scope share, so that it is worked out once. What is evaluated is not here."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from service.feel.absent import Absent
from service.feel.limits import DEFAULT, Allowance, Limits
from service.feel.names import NamesInPlay
from service.feel.runtime import MISSING, Evaluation, Frame, Scope, TypeTest
from service.feel.values import HostFunction

NOTHING: Mapping[str, Any] = MappingProxyType({})


class Surroundings:
    """A scope with the functions, types and limits of the evaluations in it. The scope must stay as it is.

    Each evaluation has limits, reasons and unknown names of its own; shared are the FEEL values of the scope's names,
    and the allowance that the work of each is taken from.
    """

    __slots__ = ("_allowance", "_functions", "_given", "_limits", "_scope", "_types", "names")

    def __init__(
        self,
        scope: Mapping[str, Any] = NOTHING,
        functions: Mapping[str, HostFunction] = NOTHING,
        types: Mapping[str, TypeTest] = NOTHING,
        limits: Limits = DEFAULT,
        allowance: Allowance | None = None,
    ) -> None:
        self._given = scope
        self._scope = Scope(scope)
        self._functions = functions
        self._types = types
        self._limits = limits
        self._allowance = allowance
        self.names = NamesInPlay(scope, functions)

    def redefine(self, names: frozenset[str]) -> bool:
        """Whether any of the names of built-in functions has a meaning of its own here."""
        return not (names.isdisjoint(self._functions) and names.isdisjoint(self._given))

    def simple(self, name: str) -> Any:
        """The value of a name that has one which is neither list nor context, else MISSING: reading it is no work."""
        try:
            value = self._scope.get(name, MISSING)
        except Absent:
            return MISSING
        return MISSING if isinstance(value, list | dict) else value

    def begin(self, text: str) -> Frame:
        """The outermost frame of a new evaluation of `text`."""
        return Frame(self._scope, None, Evaluation(text, self._functions, self._types, self._limits))

    def account_for(self, evaluation: Evaluation) -> None:
        """Take the work of an evaluation that is over from the allowance. Raises FeelError when that is used up."""
        if self._allowance is not None and not self._allowance.take(evaluation.steps):
            raise evaluation.too_much(f"and those before it take more than {self._allowance.most} steps together")
