"""What calls and function definitions mean. Giving a function its arguments is in `service/feel/calling.py`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from service.feel.builtins import BUILTINS
from service.feel.calling import invoke
from service.feel.compile.core import build, builds, steps_of
from service.feel.runtime import Code, Evaluation, Frame, is_function
from service.feel.suggestions import about_function
from service.feel.syntax import Call, FunctionOf, Name
from service.feel.values import FeelFunction


@builds(Call)
def call(node: Call) -> Code:
    """The value of a function for its arguments."""
    find = _function_named(node.function.name) if isinstance(node.function, Name) else build(node.function)
    positional = [build(argument) for argument in node.arguments]
    named = [(name, build(argument)) for name, argument in node.named]
    label = node.function.name if isinstance(node.function, Name) else ""

    def run(frame: Frame) -> Any:
        function = find(frame)
        if not is_function(function) and label:
            told = about_function(label, frozenset((*BUILTINS, *frame.evaluation.functions)))
            return frame.evaluation.absent(f"there is no function “{label}” here{'; ' if told else ''}{told}")
        values = [argument(frame) for argument in positional]
        by_name = [(name, argument(frame)) for name, argument in named]
        return invoke(frame.evaluation, function, values, by_name)

    return run


def _function_named(name: str) -> Callable[[Frame], Any]:
    """Look a function up: a value of that name that is no function, such as `date`, does not hide the function."""
    builtin = BUILTINS.get(name)

    def find(frame: Frame) -> Any:
        value = frame.find(name)
        if is_function(value):
            return value
        return frame.evaluation.functions.get(name) or builtin

    return find


@builds(FunctionOf)
def function_of(node: FunctionOf) -> Code:
    """A function that remembers the frame it was made in."""
    names = tuple(name for name, _ in node.parameters)
    types = tuple(wanted for _, wanted in node.parameters)
    body, steps = build(node.body), steps_of(node.body)
    external = node.external

    def make(frame: Frame) -> FeelFunction:
        def run(evaluation: Evaluation, arguments: list[Any]) -> Any:
            if external:
                return evaluation.absent("external functions are never run")
            evaluation.step(steps)
            inner = Frame(dict(zip(names, arguments, strict=True)), frame, evaluation)
            return body(inner)

        return FeelFunction(names, run, parameter_types=types)

    return make
