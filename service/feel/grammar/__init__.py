"""From text to syntax tree. What a tree means is in `compile/`."""

from service.feel.grammar.parser import parse_expression, parse_tests

__all__ = ["parse_expression", "parse_tests"]
