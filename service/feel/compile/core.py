"""The table from kinds of syntax to the functions that compile them. None of these is here."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from service.feel.reading import everything_in
from service.feel.runtime import Code
from service.feel.syntax import Node

NodeT = TypeVar("NodeT", bound=Node)

_builders: dict[type[Node], Callable[[Any], Code]] = {}


def builds(kind: type[NodeT]) -> Callable[[Callable[[NodeT], Code]], Callable[[NodeT], Code]]:
    """Register a function as the one that compiles nodes of this kind."""

    def register(function: Callable[[NodeT], Code]) -> Callable[[NodeT], Code]:
        _builders[kind] = function
        return function

    return register


def build(node: Node) -> Code:
    """The function that evaluates the node."""
    return _builders[type(node)](node)


def steps_of(*nodes: Node) -> int:
    """How many steps one turn of a loop with these inside is worth: one, and more where very much is written."""
    return 1 + sum(1 for node in nodes for _ in everything_in(node)) // _NODES_PER_STEP


_NODES_PER_STEP = 10
