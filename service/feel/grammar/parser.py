"""The grammar of operators, of a whole expression and of unary tests. Operands are read in `operands.py`."""

from __future__ import annotations

from collections.abc import Iterable

from service.feel.grammar.operands import COMPARISONS, OperandGrammar
from service.feel.syntax import (
    Arithmetic,
    Between,
    Call,
    Comparison,
    Filter,
    In,
    InstanceOf,
    Logic,
    Name,
    Negative,
    Node,
    Path,
    Tests,
)

_OR, _AND, _COMPARISON, _SUM, _PRODUCT, _POWER = range(1, 7)
_STRENGTH = {
    "or": _OR,
    "and": _AND,
    **dict.fromkeys((*COMPARISONS, "between", "in"), _COMPARISON),
    "+": _SUM,
    "-": _SUM,
    "*": _PRODUCT,
    "/": _PRODUCT,
    "**": _POWER,
}
_AFTER_A_RANGE = frozenset({"and", "or", "then", "else", "return", "satisfies", "in", "between", "instance"})
_MAX_CHAIN = 250
"""Operators in a row on one level; the tree grows one level with each."""


def parse_expression(text: str, known: Iterable[str] = ()) -> Node:
    """The syntax tree of one expression, given the names in scope that are not plain words. Raises FeelError."""
    parser = _Parser(text, known)
    tree = parser.expression()
    if parser.token.kind != "end":
        raise parser.wrong("an operator or the end of the expression")
    return tree


def parse_tests(text: str, known: Iterable[str] = ()) -> Tests:
    """The syntax tree of unary tests, such as the cell of a decision table. Raises FeelError."""
    return _Parser(text, known).tests()


class _Parser(OperandGrammar):
    """Reads expressions by the strength of their operators."""

    def expression(self, minimum: int = 0) -> Node:
        return self._joined(self._signed(), minimum)

    def bound(self) -> Node:
        return self.expression(_SUM)

    def _joined(self, left: Node, minimum: int) -> Node:
        for _ in range(_MAX_CHAIN):
            token = self.token
            strength = _STRENGTH.get(token.text, 0) if token.kind in ("symbol", "name") else 0
            if not strength or strength < minimum:
                return left
            self.take()
            left = self._operation(left, token.text, token.start, strength)
        raise self.wrong(f"at most {_MAX_CHAIN} operators in a row")

    def _operation(self, left: Node, operator: str, position: int, strength: int) -> Node:
        if operator == "between":
            low = self.bound()
            self.expect("and", " between the two bounds of “between”")
            return Between(position, left, low, self.bound())
        if operator == "in":
            return In(position, left, self._in_tests())
        right = self.expression(strength + 1)
        if strength == _COMPARISON:
            return Comparison(position, operator, left, right)
        kind = Logic if strength in (_OR, _AND) else Arithmetic
        return kind(position, operator, left, right)

    def _in_tests(self) -> Tests:
        position = self.token.start
        if not self.at("("):
            return Tests(position, (self.test(self.bound),))
        inner = self.bracketed(tests=True)
        if isinstance(inner, Tests):
            return inner
        return Tests(position, (self._joined(self._with_suffixes(inner), _SUM),))

    def _signed(self) -> Node:
        if not self.at("-"):
            return self._with_suffixes(self.operand())
        position = self.take().start
        if self.token.kind == "number":
            # The sign is part of the number (grammar rule 35), so that `-1 instance of number` asks of -1.
            return self._with_suffixes(Negative(position, self.operand()))
        with self.nested():
            return Negative(position, self._signed())

    def _with_suffixes(self, node: Node) -> Node:
        for _ in range(_MAX_CHAIN):
            position = self.token.start
            if self.at("."):
                self.take()
                node = Path(position, node, self._path_name())
            elif self.at("[") and not (self.in_range_end and self._bracket_closes_range()):
                node = self._filter(node)
            elif self.at("("):
                node = self._call(node)
            elif self.at("instance") and self.peek().text == "of":
                self.index += 2
                node = InstanceOf(position, node, self.type_name())
            else:
                return node
        raise self.wrong(f"at most {_MAX_CHAIN} brackets or dots in a row")

    def _path_name(self) -> str:
        if self.token.is_keyword and self.known.longest_at(self.tokens, self.index) is None:
            return self.take().text
        return self.name("a name after “.”")

    def _bracket_closes_range(self) -> bool:
        after = self.peek()
        if after.kind == "name":
            return after.text in _AFTER_A_RANGE
        return after.kind == "end" or (after.kind == "symbol" and after.text not in ("(", "{", "@", "-", "["))

    def _filter(self, node: Node) -> Node:
        position = self.expect("[").start
        with self._inside():
            if self.at("]"):
                raise self.wrong("a condition or a position in the brackets")
            condition = self.expression()
            self.expect("]", " to close the filter")
        return Filter(position, node, condition)

    def _call(self, function: Node) -> Node:
        position = self.expect("(").start
        arguments: list[Node] = []
        named: list[tuple[str, Node]] = []
        with self._inside():
            while not self.at(")"):
                label = self.label()
                if (arguments and label is not None) or (named and label is None):
                    raise self.wrong("arguments all with a name or all without one")
                if label is None:
                    arguments.append(self._ranging())
                else:
                    named.append((label, self._ranging()))
                if not self.took(","):
                    break
                self._no_end(")")
            self.expect(")", " or “,” after an argument")
        position = function.position if isinstance(function, Name) else position
        return Call(position, function, tuple(arguments), tuple(named))

    def tests(self) -> Tests:
        """Read a whole set of unary tests."""
        if self.at("-") and self.peek().kind == "end":
            return Tests(self.token.start, ())
        start = self.token.start
        if self.at("not") and self.peek().text == "(":
            self.take()
            negated = self._negated_tests(start)
            if negated is not None:
                return negated
            self.index = 0
        found = [self.test(self.expression)]
        while self.took(","):
            found.append(self.test(self.expression))
        if self.token.kind != "end":
            raise self.wrong("“,” and another test, or the end")
        return Tests(start, tuple(found))

    def _negated_tests(self, start: int) -> Tests | None:
        """Read `( tests )`; None when something follows, so that `not(a) or b` is read as an expression instead."""
        inner = self.bracketed(tests=True)
        if self.token.kind != "end":
            return None
        tests = inner.tests if isinstance(inner, Tests) else (inner,)
        return Tests(start, tests, negated=True)
