"""A place in a list of tokens: stepping through it, and the errors for a token that cannot stand where it stands."""

from __future__ import annotations

from studyapp.formula.errors import ExpressionError
from studyapp.formula.grammar import Grammar
from studyapp.formula.tokens import Token
from studyapp.locale.message import Message

_NOT_CLOSED = Message("this bracket is not closed: “{wanted}” is missing")
_WRONG_BRACKET = Message("“{sign}” closes no bracket: “{wanted}” is missing")
_BREAKS_OFF = Message("the expression breaks off: something is missing at the end")
_TWO_NUMBERS = Message("two numbers stand side by side: an operator is missing between them")
_EQUALS = Message("one “=” cannot stand here")
_PLUS_MINUS = Message("± gives two answers: write the one that is meant")
_COMMA = Message("a comma cannot stand here; decimals are written with a point, 0.5")
_CLOSES_NOTHING = Message("“{sign}” closes nothing here")
_QUOTES = Message("text in quotes cannot stand here")
_LINE_END = Message("the end of the line cannot stand here")
_MISPLACED = Message("“{sign}” cannot stand here")
_TOO_MANY = Message("more than {most} operations are too many")

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
            raise ExpressionError(_NOT_CLOSED(wanted=wanted), opening.at)
        if self.token.kind == "close":
            raise ExpressionError(_WRONG_BRACKET(sign=self.token.text, wanted=wanted), self.token.at)
        raise self.unexpected()

    def unexpected(self) -> ExpressionError:
        """The error for a token that cannot stand where it stands."""
        token = self.token
        before = self.tokens[self.position - 1] if self.position else None
        if token.kind == "end":
            return ExpressionError(_BREAKS_OFF(), token.at)
        if before is not None and token.kind == "number" and before.kind == "number":
            return ExpressionError(_TWO_NUMBERS(), token.at)
        if token.kind == "operator" and token.text == "=":
            return ExpressionError(_EQUALS(), token.at)
        if token.kind == "operator" and token.text == "±":
            return ExpressionError(_PLUS_MINUS(), token.at)
        if token.kind == "comma":
            return ExpressionError(_COMMA(), token.at)
        if token.kind == "close":
            return ExpressionError(_CLOSES_NOTHING(sign=token.text), token.at)
        if token.kind == "string":
            return ExpressionError(_QUOTES(), token.at)
        return ExpressionError(_LINE_END() if token.text == "\n" else _MISPLACED(sign=token.text), token.at)

    def count(self, token: Token) -> None:
        self.operations += 1
        if self.operations > self.grammar.operations:
            raise ExpressionError(_TOO_MANY(most=self.grammar.operations), token.at)

    def skip_line_ends(self) -> None:
        while self.token.kind == "row" and self.token.text == "\n":
            self.advance()


def _without_line_ends(tokens: list[Token]) -> list[Token]:
    """The tokens of an expression that is no list: line ends are blanks."""
    return [token for token in tokens if not (token.kind == "row" and token.text == "\n")]
