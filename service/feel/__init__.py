"""FEEL, the expression language of DMN 1.5: compiled once, evaluated within limits. Decision tables are not here."""

from service.feel.builtins import BUILTINS
from service.feel.errors import FeelError
from service.feel.expression import Evaluated, Expression, UnaryTests, compile_expression, compile_unary_tests
from service.feel.jsonvalues import from_json, to_json
from service.feel.late import LateContext
from service.feel.limits import DEFAULT, Allowance, Limits
from service.feel.printing import print_tree, tidy_expression, tidy_unary_tests
from service.feel.surroundings import Surroundings
from service.feel.values import DaysDuration, FeelFunction, HostFunction, Range, YearsMonthsDuration, adopt, kind_of
from service.feel.writing import write

BUILTIN_NAMES = frozenset(BUILTINS)
"""The names of the functions that every expression may call."""

__all__ = [
    "BUILTIN_NAMES",
    "DEFAULT",
    "Allowance",
    "DaysDuration",
    "Evaluated",
    "Expression",
    "FeelError",
    "FeelFunction",
    "HostFunction",
    "LateContext",
    "Limits",
    "Range",
    "Surroundings",
    "UnaryTests",
    "YearsMonthsDuration",
    "adopt",
    "compile_expression",
    "compile_unary_tests",
    "from_json",
    "kind_of",
    "print_tree",
    "tidy_expression",
    "tidy_unary_tests",
    "to_json",
    "write",
]
