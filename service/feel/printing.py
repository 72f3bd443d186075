"""From a syntax tree back to text, with no more brackets than a reader needs. Values are written in `writing.py`."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import TypeAlias, assert_never, cast

from service.feel.errors import FeelError
from service.feel.grammar import parse_expression, parse_tests
from service.feel.names import NAME_SYMBOLS
from service.feel.syntax import (
    Against,
    Arithmetic,
    AtLiteral,
    Between,
    Call,
    Comparison,
    ContextOf,
    Filter,
    For,
    FunctionOf,
    If,
    In,
    InstanceOf,
    ListOf,
    Literal,
    Logic,
    Loop,
    Name,
    Negative,
    Node,
    Path,
    Quantified,
    RangeOf,
    Tests,
    TypeName,
)
from service.feel.tokens import tokenise
from service.feel.values import NUMBERS
from service.feel.writing import quoted

_OPEN, _OR, _AND, _COMPARISON, _SUM, _PRODUCT, _POWER, _SIGN, _OPERAND = range(9)
_STRENGTH = {"or": _OR, "and": _AND, "+": _SUM, "-": _SUM, "*": _PRODUCT, "/": _PRODUCT, "**": _POWER}
_LONGEST_PLAIN = NUMBERS.prec
"""Digits up to which a number is written without an exponent."""

Joining: TypeAlias = Arithmetic | Logic | Comparison | Between | In | InstanceOf | Negative | Against
Reaching: TypeAlias = If | For | Quantified | FunctionOf
"""These reach as far to the right as they can, so that only brackets end them."""
Standing: TypeAlias = Literal | AtLiteral | Name | ListOf | ContextOf | RangeOf | Path | Filter | Call
AnyNode: TypeAlias = Joining | Reaching | Standing | Loop | Tests | TypeName


def tidy_expression(text: str, names: Iterable[str] = ()) -> str:
    """The expression on one line with regular blanks and brackets, so that two of one meaning are easily compared.

    Its meaning stays: where the grammar has no other way to write it, it is left as it is. Comments are not kept.
    `names` as for `compile_expression`. Raises FeelError.
    """
    return _tidied(text, frozenset(names), parse_expression)


def tidy_unary_tests(text: str, names: Iterable[str] = ()) -> str:
    """Unary tests, such as a cell of a decision table, as `tidy_expression` writes an expression. Raises FeelError."""
    return _tidied(text, frozenset(names), parse_tests)


def _tidied(text: str, known: frozenset[str], parse: Callable[[str, frozenset[str]], Node]) -> str:
    try:
        tree = parse(text, known)
        tidied = print_tree(tree)
        # A name such as `a-b` may be in scope beside `a` and `b`: what brackets held apart would be read as that name.
        return tidied if _read(tidied, known, parse) == tree else text.strip()
    except RecursionError:
        raise FeelError("This expression nests too deeply to be written again", expression=text) from None


def _read(text: str, known: frozenset[str], parse: Callable[[str, frozenset[str]], Node]) -> Node | None:
    try:
        return parse(text, known)
    except FeelError:
        return None


def print_tree(node: Node) -> str:
    """The text of a tree; reading it gives the tree again, unless names in scope make it read otherwise."""
    known = cast(AnyNode, node)
    match known:
        case If(condition=condition, then=then, otherwise=otherwise):
            return f"if {_bound(condition, _OR)} then {_bound(then, _OR)} else {print_tree(otherwise)}"
        case For(loops=loops, body=body):
            return f"for {_joined(loops)} return {print_tree(body)}"
        case Quantified(every=every, loops=loops, condition=condition):
            return f"{'every' if every else 'some'} {_joined(loops)} satisfies {print_tree(condition)}"
        case FunctionOf(parameters=parameters, body=body, external=external):
            names = ", ".join(
                name if wanted is None else f"{name}: {print_tree(wanted)}" for name, wanted in parameters
            )
            return f"function({names}) {'external ' if external else ''}{print_tree(body)}"
        case Loop(name=name, source=source, until=until):
            return f"{name} in {_bound(source, _OR)}" + (f"..{_bound(until, _OR)}" if until is not None else "")
        case Tests():
            return _tests(known)
        case TypeName():
            return _type(known)
        case Literal() | AtLiteral() | Name() | ListOf() | ContextOf() | RangeOf() | Path() | Filter() | Call():
            return _standing(known)
        case _:
            return _joining(known)


def _joining(node: Joining) -> str:
    match node:
        case Arithmetic(operator=operator, left=left, right=right) | Logic(operator=operator, left=left, right=right):
            strength = _STRENGTH[operator]
            # `-a ** b` is read as `(-a) ** b`, which not every reader expects.
            return (
                f"{_bound(left, _OPERAND if operator == '**' else strength)} {operator} {_bound(right, strength + 1)}"
            )
        case Comparison(operator=operator, left=left, right=right):
            return f"{_bound(left, _SUM)} {operator} {_bound(right, _SUM)}"
        case Between(value=value, low=low, high=high):
            return f"{_bound(value, _SUM)} between {_bound(low, _SUM)} and {_bound(high, _SUM)}"
        case In(value=value, tests=tests):
            return f"{_bound(value, _SUM)} in {_after_in(tests)}"
        case InstanceOf(value=value, type=wanted):
            return f"{_bound(value, _OPERAND)} instance of {_type(wanted)}"
        case Negative(operand=operand):
            text = _bound(operand, _OPERAND)
            # A sign before a number belongs to the number alone: `-1[a]` is `(-1)[a]`.
            return f"-({text})" if text[0] in "0123456789." and not isinstance(operand, Literal) else f"-{text}"
        case Against(operator=operator, operand=operand):
            return f"{operator} {_bound(operand, _SUM)}"
        case _:
            assert_never(node)


def _standing(node: Standing) -> str:
    match node:
        case Literal():
            return _literal(node)
        case AtLiteral(text=text):
            return f"@{quoted(text)}"
        case Name(name=name):
            return name
        case ListOf(items=items):
            return f"[{_joined(items)}]"
        case ContextOf(entries=entries):
            return "{" + ", ".join(f"{_key(key)}: {print_tree(value)}" for key, value in entries) + "}"
        case RangeOf():
            return _range(node)
        case Path(value=value, name=name):
            return f"{_bound(value, _OPERAND)}.{name}"
        case Filter(value=value, condition=condition):
            return f"{_bound(value, _OPERAND)}[{print_tree(condition)}]"
        case Call(function=function, arguments=arguments, named=named):
            given = (*map(print_tree, arguments), *(f"{name}: {print_tree(value)}" for name, value in named))
            return f"{_bound(function, _OPERAND)}({', '.join(given)})"
        case _:
            assert_never(node)


def _bound(node: Node, least: int) -> str:
    """The text of a node, in brackets when it binds less tightly than `least`."""
    text = print_tree(node)
    return text if _strength(cast(AnyNode, node)) >= least else f"({text})"


def _strength(node: AnyNode) -> int:
    if isinstance(node, Arithmetic | Logic):
        return _STRENGTH[node.operator]
    if isinstance(node, Comparison | Between | In | InstanceOf | Against):
        return _COMPARISON
    if isinstance(node, Negative):
        return _SIGN
    return _OPEN if isinstance(node, If | For | Quantified | FunctionOf) else _OPERAND


def _joined(nodes: Iterable[Node]) -> str:
    return ", ".join(map(print_tree, nodes))


def _tests(node: Tests) -> str:
    text = _joined(node.tests)
    if node.negated:
        return f"not({text})"
    only = node.tests[0] if len(node.tests) == 1 else None
    # Alone in a cell, `not(…)` turns the tests in it round; in brackets it is the function.
    is_call_of_not = isinstance(only, Call) and isinstance(only.function, Name) and only.function.name == "not"
    return f"({text})" if is_call_of_not else text or "-"


def _after_in(node: Tests) -> str:
    if len(node.tests) != 1:
        return f"({_joined(node.tests)})"
    only = node.tests[0]
    text = print_tree(only) if isinstance(only, Against) else _bound(only, _SUM)
    # After `in`, `(< 5)` is the test itself and no range.
    return f"({text})" if text.startswith(("(<", "(>", "(=", "(!=")) else text


def _range(node: RangeOf) -> str:
    if node.start is not None and node.end is not None and not node.operator:
        opening, closing = "[" if node.start_included else "(", "]" if node.end_included else ")"
        return f"{opening}{_bound(node.start, _SUM)}..{_bound(node.end, _SUM)}{closing}"
    if node.operator and node.start is not None:
        return f"({node.operator} {_bound(node.start, _SUM)})"
    operator, bound = ("<", node.end) if node.end is not None else (">", node.start)
    included = node.end_included or node.start_included
    return f"({operator}{'=' if included else ''} {'null' if bound is None else _bound(bound, _SUM)})"


def _type(node: TypeName) -> str:
    if node.name == "function" and (node.arguments or node.result is not None):
        result = f" -> {_type(node.result)}" if node.result is not None else ""
        return f"function<{_joined(node.arguments)}>{result}"
    inside = _joined(node.arguments) or ", ".join(f"{name}: {_type(wanted)}" for name, wanted in node.fields)
    return f"{node.name}<{inside}>" if inside else node.name


def _literal(node: Literal) -> str:
    if isinstance(node.value, str):
        return quoted(node.value)
    if isinstance(node.value, Decimal):
        plain = -_LONGEST_PLAIN < node.value.adjusted() < _LONGEST_PLAIN
        return format(node.value, "f") if plain else str(node.value)
    return "null" if node.value is None else str(node.value).lower()


def _key(name: str) -> str:
    """The name of an entry, in quotation marks when it could not be read without."""
    try:
        tokens = tokenise(name)[:-1]
    except FeelError:
        return quoted(name)
    begins = bool(tokens) and tokens[0].kind == "name"
    goes_on = all(token.kind in ("name", "number") or token.text in NAME_SYMBOLS for token in tokens)
    whole = "".join(token.text for token in tokens) == name.replace(" ", "") and " ".join(name.split()) == name
    return name if begins and goes_on and whole else quoted(name)
