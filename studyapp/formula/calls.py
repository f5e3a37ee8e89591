"""Names and what is called by them: variables, functions with and without brackets, losses, gradients."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from studyapp.formula.cursor import Cursor
from studyapp.formula.errors import ExpressionError
from studyapp.formula.grammar import Grammar
from studyapp.formula.names import Names, loss_names
from studyapp.formula.precedence import NOT, POWER
from studyapp.formula.spelling import spelling_key
from studyapp.formula.tokens import Token
from studyapp.formula.tree import Binary, Call, Comprehension, Constant, Node, Not, Number, Text
from studyapp.formula.vocabulary import CONSTANTS, Arity
from studyapp.locale.message import Message

_POWER_AFTER = Message("write the power after the brackets: {function}(…)^…")
_PUT_BRACKETS = Message("put brackets: {function}({sign}…)")
_NO_ARGUMENT = Message("{function} needs its argument in brackets")
_QUOTIENT = Message(
    "{function} of the quotient, or {function} divided? Put brackets: {function}(…/…) or {function}(…)/…"
)
_WHERE_ENDS = Message("where does the argument of {function} end? Put brackets")
_PLAIN_FIRST = Message("plain arguments come before named ones")
_GRAD_NAME = Message("grad needs the name of a loss first: grad('bce', y, p)")
_GRAD_ARGUMENTS = Message("grad needs the loss's arguments after its name")
_ONE_ARGUMENT = Message("{function} takes {count} argument, {came} came")
_ARGUMENTS = Message("{function} takes {count} arguments, {came} came")
_ARGUMENTS_AT_LEAST = Message("{function} takes at least {count} arguments, {came} came")
_NO_KEYWORD = Message("{function} takes no “{keyword}” (it has: {known})")

_GLUED = re.compile(r"(ln|log|exp|sqrt|tanh|cosh|sinh|sech|tan|cos|sin)(.+)$")
"""A function written without a blank before its argument; after ``log`` digits would be its base."""

_WORDS = {"True": True, "False": False, "true": True, "false": False, "None": None}


class CallReader(Cursor):
    """The part of the parser that begins at a name."""

    def __init__(
        self, tokens: list[Token], names: Iterable[str], grammar: Grammar, aliases: Mapping[str, Node]
    ) -> None:
        super().__init__(tokens, grammar)
        self.given, self.aliases = tuple(names), aliases
        self.names = Names(self.given, aliases, grammar)

    def expression(self, binding: int) -> Node:
        """The expression from here on, as far as it holds together at least as tightly as ``binding``."""
        raise NotImplementedError

    def without_blanks(self, binding: int) -> Node:
        """The same inside brackets, where blanks separate nothing."""
        raise NotImplementedError

    def starts_operand(self, token: Token) -> bool:
        """Whether an operand can begin with this token."""
        raise NotImplementedError

    def ends_entry(self, token: Token) -> bool:
        """Whether a blank before this token separates two entries of a list."""
        raise NotImplementedError

    def name(self) -> Node:
        token = self.token
        if token.text == "not" and self.grammar.losses:
            self.count(self.advance())
            return Not(self.expression(NOT), token.at)
        variable = self.names.variable(token)
        following = self.peek()
        called = following.kind == "open" and following.text in "({"
        if variable is not None and not (called and self.grammar.losses and self.function_here()):
            self.advance()
            return variable
        if token.text == "grad" and called and self.grammar.losses:
            return self.gradient_call()
        function = self.function_here()
        if function is not None:
            return self.function(function)
        constant = self.names.constant(token)
        if constant is not None and not (called and token.text not in CONSTANTS):
            self.advance()
            return Constant(constant, token.at)
        if self.split_glued(token):
            return self.name()
        raise self.names.unknown(token, called)

    def split_glued(self, token: Token) -> bool:
        """Part ``ln2``, ``lnp`` or ``tanhx`` into the function and its argument; False where that is not clear."""
        if self.grammar.losses:
            return False
        match = _GLUED.match(token.text)
        if match is None:
            return False
        argument = match[2]
        known = self.names.is_exact(argument) or (spelling_key(argument) in ("pi", "e") and match[1] != "e")
        if not known and not argument.isdigit():
            return False
        at = token.at + len(match[1])
        kind = "number" if argument.isdigit() else "name"
        self.tokens[self.position : self.position + 1] = [
            Token("name", match[1], token.at, token.spaced), Token(kind, argument, at),
        ]  # fmt: skip
        return True

    def function_here(self) -> str | None:
        """The function that the token at hand names."""
        return self.names.function(self.token, self.log_base_follows())

    def log_base_follows(self) -> bool:
        """Whether the ``log`` at hand is called with ``base=``."""
        position = self.position + 1
        level = 0
        while position < len(self.tokens):
            token = self.tokens[position]
            level += {"open": 1, "close": -1}.get(token.kind, 0)
            if level <= 0:
                return False
            if level == 1 and token.kind == "name" and token.text == "base":
                return self.tokens[position + 1].text == "="
            position += 1
        return False

    def function(self, function: str) -> Node:
        token = self.advance()
        self.count(token)
        exponent: Node | None = None
        if self.at_operator("^"):
            exponent = self.function_exponent(token)
        if self.token.kind == "open" and self.token.text in "({":
            apart = self.token.spaced
            arguments, keywords = self.arguments()
            if apart and len(arguments) == 1:
                self.refuse_quotient(token)
        else:
            arguments, keywords = (self.bare_argument(token),), ()
            self.refuse_quotient(token, isinstance(arguments[0], Number))
        node = self.call(function, arguments, keywords, token)
        return node if exponent is None else Binary("^", node, exponent, token.at)

    def refuse_quotient(self, function: Token, of_number: bool = False) -> None:
        """Refuse ``ln a/b``, which on paper may be the logarithm of the quotient; ``ln 2 / 3`` is spaced apart."""
        if self.grammar.losses or not self.at_operator("/") or (of_number and self.token.spaced and self.peek().spaced):
            return
        raise ExpressionError(_QUOTIENT(function=function.text), self.token.at)

    def function_exponent(self, token: Token) -> Node:
        """``ln^2 x`` means ``(ln x)^2``; an exponent of −1 could also mean the inverse function."""
        self.advance()
        exponent = self.expression(POWER + 1)
        if isinstance(exponent, Number) and exponent.value > 0:
            return exponent
        raise ExpressionError(_POWER_AFTER(function=token.text), token.at)

    def bare_argument(self, function: Token) -> Node:
        """The single operand of a function written without brackets: ``ln 2``, ``log p^2``."""
        token = self.token
        if token.kind == "operator" and token.text in ("+", "-"):
            raise ExpressionError(_PUT_BRACKETS(function=function.text, sign=token.text), token.at)
        if not self.starts_operand(token) and token.kind != "bar":
            raise ExpressionError(_NO_ARGUMENT(function=function.text), token.at)
        if token.kind == "name" and self.function_here() and not self.names.is_exact(token.text):
            node = self.name()
        else:
            node = self.expression(POWER)
        following = self.token
        if isinstance(node, Number) and following.kind == "name" and not following.spaced and not self.function_here():
            node = Binary("*", node, self.expression(POWER), following.at)  # ln 2b is ln(2b)
            following = self.token
        if following.kind == "name" and following.spaced and not self.grammar.blanks and self.function_here():
            return node  # sinh x cosh x is a product
        if self.starts_operand(following) and not self.ends_entry(following):
            raise ExpressionError(_WHERE_ENDS(function=function.text), following.at)
        return node

    def arguments(self) -> tuple[tuple[Node, ...], tuple[tuple[str, Node], ...]]:
        opening = self.advance()
        arguments: list[Node] = []
        keywords: list[tuple[str, Node]] = []
        self.skip_line_ends()
        while self.token.kind != "close":
            if self.token.kind == "name" and self.peek().kind == "operator" and self.peek().text == "=":
                keywords.append(self.keyword())
            elif keywords:
                raise ExpressionError(_PLAIN_FIRST(), self.token.at)
            else:
                arguments.append(self.argument())
            self.skip_line_ends()
            if self.token.kind != "comma":
                break
            self.advance()
            self.skip_line_ends()
        self.expect_close(opening)
        return tuple(arguments), tuple(keywords)

    def argument(self) -> Node:
        """An argument, or what runs over a sequence: ``1/i for i in range(n)``."""
        variable = self.bound_variable()
        if variable is None:
            return self.without_blanks(0)
        start, outer = self.token.at, self.names
        given, self.given = self.given, (*(name for name in self.given if name != variable.text), variable.text)
        self.names = Names(self.given, self.aliases, self.grammar)
        body = self.without_blanks(0)
        self.names, self.given = outer, given
        self.skip_line_ends()
        self.count(self.advance())  # for
        self.advance()
        self.advance()  # in
        return Comprehension(body, variable.text, self.without_blanks(0), start)

    def bound_variable(self) -> Token | None:
        """The variable of ``… for i in …`` in the argument that begins here; None where it is a plain one."""
        if not self.grammar.losses:
            return None
        level = 0
        for place in range(self.position, len(self.tokens) - 2):
            token = self.tokens[place]
            level += {"open": 1, "close": -1}.get(token.kind, 0)
            if level < 0 or (level == 0 and token.kind == "comma"):
                return None
            if level == 0 and token.kind == "name" and token.text == "for":
                variable, word = self.tokens[place + 1], self.tokens[place + 2]
                named = variable.kind == "name" and word.kind == "name" and word.text == "in"
                return variable if named else None
        return None

    def keyword(self) -> tuple[str, Node]:
        name = self.advance()
        self.advance()
        token = self.token
        if token.kind == "string":
            self.advance()
            return name.text, Text(token.text, token.at)
        if token.kind == "name" and token.text in _WORDS and not self.names.is_exact(token.text):
            self.advance()
            return name.text, Text(_WORDS[token.text], token.at)
        return name.text, self.without_blanks(0)

    def gradient_call(self) -> Node:
        """``grad('bce', y, p)`` is ``bce.grad(y, p)``."""
        token = self.advance()
        self.count(token)
        opening = self.token
        name = self.peek()
        if name.kind not in ("string", "name") or name.text not in loss_names():
            raise ExpressionError(_GRAD_NAME(), name.at)
        self.advance()
        self.advance()
        if self.token.kind == "comma":
            self.tokens[self.position] = Token("open", "(", opening.at)
        else:
            raise ExpressionError(_GRAD_ARGUMENTS(), self.token.at)
        arguments, keywords = self.arguments()
        return Call(f"{name.text}.grad", arguments, keywords, token.at)

    def call(
        self, function: str, arguments: tuple[Node, ...], keywords: tuple[tuple[str, Node], ...], token: Token
    ) -> Node:
        if function == "^":
            _check_count(token, Arity(2, 2), arguments)
            return Binary("^", arguments[0], arguments[1], token.at)
        if "/" in function:
            count = int(function.partition("/")[2])
            _check_count(token, Arity(count, count), arguments)
            if keywords:
                raise ExpressionError(_NO_KEYWORD(function=token.text, keyword=keywords[0][0], known="none"), token.at)
            return Call(function, arguments, (), token.at)
        if function.startswith("log:"):
            base = function.removeprefix("log:")
            function = {"2": "log2", "10": "log10"}.get(base, function)
            if function.startswith("log:"):
                _check_count(token, Arity(1, 1), arguments)
                return Call("log", arguments, (("base", Number(float(base), base, token.at)),), token.at)
        arity = self.grammar.arity(function)
        if arity is None:  # a loss: the reference checks its own arguments
            return Call(function, arguments, keywords, token.at)
        _check_count(token, arity, arguments)
        for keyword, value in keywords:
            if keyword not in arity.keywords:
                known = ", ".join(arity.keywords) or "none"
                raise ExpressionError(_NO_KEYWORD(function=function, keyword=keyword, known=known), value.at)
        return Call(function, arguments, keywords, token.at)


def _check_count(token: Token, arity: Arity, arguments: tuple[Node, ...]) -> None:
    if arity.least <= len(arguments) <= arity.most:
        return
    exactly = _ONE_ARGUMENT if arity.least == 1 else _ARGUMENTS
    wanted = exactly if arity.least == arity.most else _ARGUMENTS_AT_LEAST
    raise ExpressionError(wanted(function=token.text, count=arity.least, came=len(arguments)), token.at)
