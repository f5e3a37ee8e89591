"""A place in a list of tokens: stepping through it, and the errors for a token that cannot stand where it stands."""

from __future__ import annotations

from studyapp.deck.expression.errors import ExpressionError
from studyapp.deck.expression.grammar import Grammar
from studyapp.deck.expression.tokens import Token

_CLOSING = {"(": ")", "[": "]", "{": "}"}


class Cursor:
    """What every part of the parser shares: the tokens, the place reached, and the count of operations."""

    def __init__(self, tokens: list[Token], grammar: Grammar) -> None:
        self.grammar = grammar
        self.tokens = tokens if grammar.lists else _without_line_ends(tokens)
        self.position = 0
        self.operations = 0

    @property
    def token(self) -> Token:
        return self.tokens[self.position]

    def advance(self) -> Token:
        token = self.tokens[self.position]
        if token.kind != "end":
            self.position += 1
        return token

    def peek(self) -> Token:
        return self.tokens[min(self.position + 1, len(self.tokens) - 1)]

    def at_operator(self, *texts: str) -> bool:
        return self.token.kind == "operator" and self.token.text in texts

    def expect_close(self, opening: Token) -> None:
        wanted = _CLOSING[opening.text]
        if self.token.kind == "close" and self.token.text == wanted:
            self.advance()
            return
        if self.token.kind == "end":
            raise ExpressionError(f"this bracket is not closed: “{wanted}” is missing", opening.at)
        if self.token.kind == "close":
            raise ExpressionError(f"“{self.token.text}” closes no bracket: “{wanted}” is missing", self.token.at)
        raise self.unexpected()

    def unexpected(self) -> ExpressionError:
        """The error for a token that cannot stand where it stands."""
        token = self.token
        before = self.tokens[self.position - 1] if self.position else None
        if token.kind == "end":
            return ExpressionError("the expression breaks off: something is missing at the end", token.at)
        if before is not None and token.kind == "number" and before.kind == "number":
            return ExpressionError("two numbers stand side by side: an operator is missing between them", token.at)
        if token.kind == "operator" and token.text == "=":
            return ExpressionError("one “=” cannot stand here", token.at)
        if token.kind == "operator" and token.text == "±":
            return ExpressionError("± gives two answers: write the one that is meant", token.at)
        if token.kind == "comma":
            return ExpressionError("a comma cannot stand here; decimals are written with a point, 0.5", token.at)
        if token.kind == "close":
            return ExpressionError(f"“{token.text}” closes nothing here", token.at)
        if token.kind == "string":
            return ExpressionError("text in quotes cannot stand here", token.at)
        shown = "the end of the line" if token.text == "\n" else f"“{token.text}”"
        return ExpressionError(f"{shown} cannot stand here", token.at)

    def count(self, token: Token) -> None:
        self.operations += 1
        if self.operations > self.grammar.operations:
            raise ExpressionError(f"more than {self.grammar.operations} operations are too many", token.at)

    def skip_line_ends(self) -> None:
        while self.token.kind == "row" and self.token.text == "\n":
            self.advance()


def _without_line_ends(tokens: list[Token]) -> list[Token]:
    """The tokens of an expression that is no list: line ends are blanks."""
    return [token for token in tokens if not (token.kind == "row" and token.text == "\n")]
