"""The grammar of operands: literals, lists, contexts, ranges, `if`, `for`, functions. Operators are in `parser.py`."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from decimal import Decimal, DecimalException

from service.feel.errors import FeelError
from service.feel.grammar.types import TypeGrammar
from service.feel.syntax import (
    Against,
    AtLiteral,
    ContextOf,
    For,
    FunctionOf,
    If,
    ListOf,
    Literal,
    Loop,
    Name,
    Node,
    Quantified,
    RangeOf,
    Tests,
    TypeName,
)
from service.feel.tokens import Token, unquote
from service.feel.values import NUMBERS

COMPARISONS = ("=", "!=", "<", "<=", ">", ">=")
_FUNCTIONS_WITH_KEYWORDS = (
    ("date", "and", "time"),
    ("years", "and", "months", "duration"),
    ("get", "or", "else"),
    ("working", "days", "between"),
)
"""Functions with a keyword in their name. The last is the host's, and must be read before the host can offer it."""
_NO_BEGINNING = frozenset({"", ",", ")", "]", "}", "..", "then", "else", "return", "satisfies"})
"""What cannot follow a `]` that opens a range, so that the `]` closes something instead."""
_CONSTANTS = {"true": True, "false": False, "null": None}


class OperandGrammar(TypeGrammar):
    """Reads one operand; how operands join is the concern of the class that extends this one."""

    in_range_end = False
    """True while the end of a range is read, where `[` may close the range and need not open a filter."""

    @abstractmethod
    def expression(self, minimum: int = 0) -> Node:
        """Read an expression whose operators bind at least as tightly as `minimum`."""

    @abstractmethod
    def bound(self) -> Node:
        """Read an expression that ends before any comparison."""

    def operand(self) -> Node:
        """Read one operand. Raises FeelError."""
        token = self.token
        if token.kind == "number":
            self.take()
            return Literal(token.start, self._number(token))
        if token.kind == "string":
            self.take()
            return Literal(token.start, unquote(token.text))
        if token.kind == "name":
            return self._word(token.text, token.start)
        if token.text == "(":
            return self.bracketed(tests=False)
        if token.text in ("[", "]"):
            return self._list_or_range()
        if token.text == "{":
            return self._context()
        if token.text == "@":
            return self._at_literal()
        raise self.wrong("a value, a name or “(”")

    def _number(self, token: Token) -> Decimal:
        try:
            number = NUMBERS.create_decimal(token.text)
        except DecimalException:
            message = "This number is too large or too small for FEEL, which ends at 10 to the power of 6144"
            raise FeelError(message, expression=self.text, position=token.start) from None
        # 1e3 is 1000, down to the last place of what is worked out with it.
        return NUMBERS.add(number, 0) if "e" in token.text.lower() and number.adjusted() < NUMBERS.prec else number

    def _word(self, word: str, position: int) -> Node:
        if self.known.longest_at(self.tokens, self.index) is None:
            if word in _CONSTANTS:
                self.take()
                return Literal(position, _CONSTANTS[word])
            if word == "if":
                return self._if()
            if word == "for":
                return self._for()
            if word in ("some", "every"):
                return self._quantified()
            if word == "function":
                return self._function()
            if word == "not" and self.peek().kind == "name":
                self.take()
                raise self.wrong("“(” after “not”, as in not(a)")
            function = self._function_with_keyword()
            if function is not None:
                return Name(position, function)
        return Name(position, self.name("a value or a name"))

    def _function_with_keyword(self) -> str | None:
        """Read the name of a function that has a keyword in it, when it is called here."""
        for words in _FUNCTIONS_WITH_KEYWORDS:
            ahead = [token.text for token in self.tokens[self.index : self.index + len(words) + 1]]
            if ahead == [*words, "("]:
                self.index += len(words)
                return " ".join(words)
        return None

    @contextmanager
    def _inside(self) -> Iterator[None]:
        """Read the inside of brackets: one level deeper, and no longer at the end of a range."""
        before, self.in_range_end = self.in_range_end, False
        with self.nested():
            yield
        self.in_range_end = before

    def bracketed(self, *, tests: bool) -> Node:
        """Read `( … )`: an expression, a range, a range by one bound such as `(< 5)`, or tests when `tests`."""
        position = self.expect("(").start
        with self._inside():
            found = [self.test(self.expression)] if tests or self.at(*COMPARISONS) else [self.expression()]
            if self.at("..") and not isinstance(found[0], Against):
                return self._range_after(position, found[0], start_included=False)
            while tests and self.took(","):
                found.append(self.test(self.expression))
            self.expect(")", " to close the bracket")
        if tests and (len(found) > 1 or isinstance(found[0], Against)):
            return Tests(position, tuple(found))
        return _range_by_bound(found[0]) if isinstance(found[0], Against) else found[0]

    def test(self, otherwise: Callable[[], Node]) -> Node:
        """Read one unary test: an operator and a bound, else what `otherwise` reads."""
        if self.at(*COMPARISONS):
            operator = self.take()
            return Against(operator.start, operator.text, self.bound())
        return otherwise()

    def _list_or_range(self) -> Node:
        if self.at("]") and self.peek().text in _NO_BEGINNING:
            raise self.wrong("a value, a name or “(”")
        opening = self.take()
        items: list[Node] = []
        with self._inside():
            if opening.text == "]" or not self.at("]"):
                items.append(self.test(self.expression) if opening.text == "[" else self.expression())
                if self.at("..") and not isinstance(items[0], Against):
                    return self._range_after(opening.start, items[0], start_included=opening.text == "[")
                while opening.text == "[" and self.took(","):
                    self._no_end("]")
                    items.append(self.test(self.expression))
            if opening.text == "]":
                raise self.wrong("“..” of a range")
            self.expect("]", " or “,” in the list")
        return ListOf(opening.start, tuple(_range_by_bound(i) if isinstance(i, Against) else i for i in items))

    def _no_end(self, *closing: str) -> None:
        """Nothing may end right after a comma. Raises FeelError."""
        if self.at(*closing):
            raise self.wrong("something after the comma")

    def _range_after(self, position: int, start: Node, *, start_included: bool) -> Node:
        self.expect("..")
        if self.at("]", ")"):
            raise self.wrong("the end of the range; without an end it is written (>= 1)")
        self.in_range_end = True
        end = self.bound()
        self.in_range_end = False
        if not self.at("]", ")", "["):
            raise self.wrong("“]”, “)” or “[” to close the range")
        closing = self.take()
        return RangeOf(position, start, end, start_included, closing.text == "]")

    def _context(self) -> Node:
        position = self.expect("{").start
        entries: list[tuple[str, Node]] = []
        with self._inside():
            while not self.at("}"):
                entries.append((self._key(), self._ranging()))
                if not self.took(","):
                    break
                self._no_end("}")
            self.expect("}", " or “,” in the context")
        return ContextOf(position, tuple(entries))

    def _ranging(self) -> Node:
        """Read an expression, or a range by one bound without brackets, such as `< 5` (grammar rule 2.i)."""
        if self.at("<", "<=", ">", ">="):
            operator = self.take()
            return _range_by_bound(Against(operator.start, operator.text, self.bound()))
        return self.expression()

    def _key(self) -> str:
        if self.token.kind == "string" and self.peek().text == ":":
            key = unquote(self.take().text)
            self.take()
            self.known.add(key)
            return key
        label = self.label()
        if label is None:
            raise self.wrong("the name of an entry and “:”")
        return label

    def _at_literal(self) -> Node:
        position = self.take().start
        if self.token.kind != "string":
            raise self.wrong("a text in quotation marks after “@”")
        return AtLiteral(position, unquote(self.take().text))

    def _if(self) -> Node:
        position = self.take().start
        with self.nested():
            condition = self.expression()
            self.expect("then", " after the condition of “if”")
            then = self.expression()
            self.expect("else", ": every “if” says what holds otherwise")
            return If(position, condition, then, self.expression())

    def _loops(self, end_word: str) -> tuple[Loop, ...]:
        loops: list[Loop] = []
        while True:
            position = self.token.start
            name = self.declared_name(("in",))
            self.expect("in", f" after the name {name}")
            source = self.expression()
            until = self.expression() if self.took("..") else None
            loops.append(Loop(position, name, source, until))
            if not self.took(","):
                self.expect(end_word)
                return tuple(loops)

    def _for(self) -> Node:
        position = self.take().start
        with self.nested():
            return For(position, self._loops("return"), self.expression())

    def _quantified(self) -> Node:
        token = self.take()
        with self.nested():
            return Quantified(token.start, token.text == "every", self._loops("satisfies"), self.expression())

    def _function(self) -> Node:
        position = self.take().start
        self.expect("(", " after “function”")
        parameters: list[tuple[str, TypeName | None]] = []
        with self._inside():
            while not self.at(")"):
                label = self.label()
                parameters.append((label, self.type_name()) if label else (self.declared_name(()), None))
                if not self.took(","):
                    break
                self._no_end(")")
            self.expect(")", " after the parameters")
            external = self.took("external")
            return FunctionOf(position, tuple(parameters), self.expression(), external)


def _range_by_bound(test: Against) -> RangeOf:
    """The range that `(< 5)` or its like stands for."""
    position, bound = test.position, test.operand
    if test.operator in ("=", "!="):
        return RangeOf(position, bound, bound, True, True, test.operator)
    if test.operator in ("<", "<="):
        return RangeOf(position, None, bound, False, test.operator == "<=")
    return RangeOf(position, bound, None, test.operator == ">=", False)
