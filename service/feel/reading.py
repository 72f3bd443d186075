"""Which nodes are in a syntax tree, and which names it reads. Nothing is run here."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields

from service.feel.syntax import Call, ContextOf, For, FunctionOf, Name, Node, Quantified


def mentions(node: Node, name: str) -> bool:
    """Whether the name is read anywhere in the tree."""
    return name in free_names(node)


def free_names(node: Node) -> frozenset[str]:
    """The names read from the scope, without those called as functions and those the expression makes itself."""
    return frozenset(found for found, called in _reads(node, frozenset()) if not called)


def called_names(node: Node) -> frozenset[str]:
    """The names called as functions that the expression does not make itself, built-in ones too."""
    return frozenset(found for found, called in _reads(node, frozenset()) if called)


def _reads(node: Node, made: frozenset[str]) -> Iterator[tuple[str, bool]]:
    """Each name read and whether it is called; `made` are the names that the expression around it makes."""
    if isinstance(node, Name):
        if node.name not in made:
            yield node.name, False
    elif isinstance(node, Call) and isinstance(node.function, Name):
        if node.function.name not in made:
            yield node.function.name, True
        for argument in (*node.arguments, *(value for _, value in node.named)):
            yield from _reads(argument, made)
    elif isinstance(node, For | Quantified):
        yield from _loop_reads(node, made)
    elif isinstance(node, FunctionOf):
        yield from _reads(node.body, made | {name for name, _ in node.parameters})
    elif isinstance(node, ContextOf):
        for key, value in node.entries:
            yield from _reads(value, made | {key})
            made |= {key}
    else:
        for child in children(node):
            yield from _reads(child, made)


def _loop_reads(node: For | Quantified, made: frozenset[str]) -> Iterator[tuple[str, bool]]:
    for loop in node.loops:
        yield from _reads(loop.source, made)
        if loop.until is not None:
            yield from _reads(loop.until, made)
        made |= {loop.name}
    body = node.body if isinstance(node, For) else node.condition
    yield from _reads(body, made | {"partial"} if isinstance(node, For) else made)


def everything_in(node: Node) -> Iterator[Node]:
    """The node and every node inside it, in the order in which they are written."""
    rest = [node]
    while rest:
        node = rest.pop()
        yield node
        rest.extend(reversed(list(children(node))))


def children(node: Node) -> Iterator[Node]:
    """The nodes directly inside a node."""
    for field in fields(node):
        yield from _nodes_in(getattr(node, field.name))


def _nodes_in(value: object) -> Iterator[Node]:
    if isinstance(value, Node):
        yield value
    elif isinstance(value, tuple):
        for item in value:
            yield from _nodes_in(item)
