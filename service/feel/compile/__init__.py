"""From syntax tree to closures: what each part of an expression means. How it is written is in `grammar/`."""

from service.feel.compile import calls, loops, operators, terms, tests
from service.feel.compile.core import build
from service.feel.compile.tests import build_tests

__all__ = ["build", "build_tests", "calls", "loops", "operators", "terms", "tests"]
