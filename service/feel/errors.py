"""The error of this room: an expression is wrong or asks too much. What is null at run time is no error."""

from __future__ import annotations

from service.domain.errors import ModelError


class FeelError(ModelError):
    """A FEEL expression is wrong, or asks for more work than its limits allow."""

    def __init__(self, message: str, *, expression: str = "", position: int = 0) -> None:
        self.expression = expression
        self.position = position
        self.problem = message
        super().__init__(_sentence(message, expression, position))


def _sentence(message: str, expression: str, position: int) -> str:
    if not expression:
        return message
    line = expression.count("\n", 0, position) + 1
    column = position - (expression.rfind("\n", 0, position) + 1) + 1
    where = f"character {column}" if "\n" not in expression else f"line {line}, character {column}"
    return f"{message} (at {where} of: {_shortened(expression, position)})"


def _shortened(expression: str, position: int, width: int = 200) -> str:
    if len(expression) <= width:
        return expression
    start = max(0, min(position - width // 2, len(expression) - width))
    return ("…" if start else "") + expression[start : start + width] + ("…" if start + width < len(expression) else "")
