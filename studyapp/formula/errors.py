"""The one error that reading or evaluating an expression can raise."""

from __future__ import annotations


class ExpressionError(ValueError):
    """An expression that cannot be read, or that has no value.

    ``message`` says what is wrong and what to write instead; ``column`` is the place in the text, from 0.
    """

    def __init__(self, message: str, column: int = 0) -> None:
        super().__init__(message)
        self.message = message
        self.column = column
