"""From tokens to a tree: a precedence parser for the notation that people type.

What can be read in two ways is refused with the place and the two ways, never guessed.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Iterable, Mapping

from studyapp.deck.expression.errors import ExpressionError
from studyapp.deck.expression.grammar import DECK, Grammar
from studyapp.deck.expression.spelling import spelling_key
from studyapp.deck.expression.tokens import Token, tokenize
from studyapp.deck.expression.tree import (
    Array,
    Binary,
    Call,
    Comparison,
    Constant,
    Logical,
    Name,
    Negative,
    Node,
    Not,
    Number,
    Percent,
    Subscript,
    Text,
)
from studyapp.deck.expression.vocabulary import (
    AMBIGUOUS_FUNCTIONS,
    CONSTANT_SPELLINGS,
    CONSTANTS,
    FUNCTION_SPELLINGS,
    Arity,
)

_OR, _AND, _NOT, _COMPARE, _SUM, _PRODUCT, _SIGN, _POWER, _POSTFIX = range(10, 100, 10)
_INFIX = {"+": _SUM, "-": _SUM, "*": _PRODUCT, "/": _PRODUCT, "^": _POWER}
_COMPARISONS = frozenset({"==", "!=", "<", "<=", ">", ">="})
_WORDS = {"True": True, "False": False, "true": True, "false": False, "None": None}
_LOG_BASE = re.compile(r"log_?\{?(\d+)\}?$")
_CLOSING = {"(": ")", "[": "]", "{": "}"}


def loss_names() -> frozenset[str]:
    """The reference losses that deck expressions may call."""
    from studyapp import losses

    return frozenset(losses.names())


def parse_tree(
    text: str,
    names: Iterable[str],
    grammar: Grammar = DECK,
    aliases: Mapping[str, Node] | None = None,
    rewrite: Callable[[list[Token]], list[Token]] | None = None,
) -> Node:
    """The tree of ``text``. ``names`` are the variables; ``aliases`` other names for a part of the tree; ``rewrite``
    may change the tokens before they are read.

    Raises:
        ExpressionError: with the column at which reading failed.
    """
    if len(text) > grammar.characters:
        message = f"{len(text)} characters are too many: at most {grammar.characters} are read"
        raise ExpressionError(message, grammar.characters)
    tokens = tokenize(text)
    return Parser(rewrite(tokens) if rewrite else tokens, names, grammar, aliases or {}).parse()


class Parser:
    """One reading of one list of tokens."""

    def __init__(
        self, tokens: list[Token], names: Iterable[str], grammar: Grammar, aliases: Mapping[str, Node]
    ) -> None:
        self.grammar = grammar
        self.tokens = tokens if grammar.lists else _without_line_ends(tokens)
        self.position = 0
        self.depth = 0
        self.operations = 0
        self.bars: list[str] = []
        self.closed: dict[int, Node] = {}  # what stood in brackets, or was built up as one operand
        self.blanks = grammar.blanks
        self.variables: dict[str, Node] = {spelling_key(name): Name(name) for name in names}
        self.names = tuple(names)
        self.exact: dict[str, Node] = {**aliases, **{name: Name(name) for name in self.names}}
        for name, node in aliases.items():
            self.variables.setdefault(spelling_key(name), node)

    # ------------------------------------------------------------------ stepping

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

    # ------------------------------------------------------------------ whole texts and lists

    def parse(self) -> Node:
        if all(token.kind in ("row", "end") for token in self.tokens):
            raise ExpressionError("there is nothing to read", 0)
        node = self.rows("end") if self.grammar.lists else self.expression(0)
        if self.token.kind != "end":
            raise self.unexpected()
        return node

    def rows(self, closing: str) -> Node:
        """Entries separated by commas or blanks, rows by ``;``, ``\\\\`` or line ends, up to the closing bracket."""
        start = self.token.at
        rows: list[list[Node]] = []
        separated = False
        while True:
            row, commas = self.entries()
            separated = separated or commas
            if row:
                rows.append(row)
            if self.token.kind != "row":
                break
            self.advance()
        if not rows:
            raise ExpressionError("this list is empty", start)
        if len(rows) == 1:
            alone = len(rows[0]) == 1 and not separated
            return rows[0][0] if closing == "end" and alone else Array(tuple(rows[0]), start)
        if all(len(row) == 1 for row in rows):
            return Array(tuple(row[0] for row in rows), start)
        return Array(tuple(Array(tuple(row), _at(row[0])) for row in rows), start)

    def entries(self) -> tuple[list[Node], bool]:
        """One row; and whether commas stood in it."""
        row: list[Node] = []
        by_comma = by_blank = False
        while self.token.kind not in ("row", "close", "end"):
            row.append(self.expression(0))
            if self.token.kind == "comma":
                self.advance()
                by_comma = True
                while self.token.kind == "row" and self.token.text == "\n":
                    self.advance()
            elif self.token.kind not in ("row", "close", "end"):
                if not self.blanks:
                    raise self.unexpected()
                by_blank = True
            if by_comma and by_blank:
                message = "separate the entries by commas or by blanks, not by both; decimals take a point, 0.5"
                raise ExpressionError(message, self.token.at)
        return row, by_comma

    # ------------------------------------------------------------------ operators

    def expression(self, binding: int) -> Node:
        self.depth += 1
        if self.depth > self.grammar.depth:
            raise ExpressionError(f"brackets are nested more than {self.grammar.depth} deep", self.token.at)
        node = self.prefix()
        node = self.infix(node, binding)
        self.depth -= 1
        return node

    def count(self, token: Token) -> None:
        self.operations += 1
        if self.operations > self.grammar.operations:
            raise ExpressionError(f"more than {self.grammar.operations} operations are too many", token.at)

    def infix(self, node: Node, binding: int) -> Node:
        while True:
            token = self.token
            if self.ends_entry(token):
                return node
            if token.kind == "operator":
                following = self.operator(node, binding)
                if following is None:
                    return node
                node = following
            elif self.starts_subscript(node, token):
                node = self.subscript(node)
            elif token.kind == "name" and token.text in ("and", "or") and self.grammar.losses:
                power = _AND if token.text == "and" else _OR
                if power < binding:
                    return node
                self.count(self.advance())
                node = Logical(token.text, node, self.expression(power + 1), token.at)
            elif self.starts_operand(token):
                if binding > _PRODUCT:
                    return node
                node = self.implicit_product(node)
            else:
                return node

    def ends_entry(self, token: Token) -> bool:
        """Whether a blank before this token separates two entries of a list."""
        if not (self.blanks and token.spaced):
            return False
        if token.kind == "operator" and token.text in ("+", "-"):
            return not self.peek().spaced
        return self.starts_operand(token)

    def operator(self, left: Node, binding: int) -> Node | None:
        token = self.token
        text = token.text
        if text == "%":
            self.advance()
            return Percent(left, token.at)
        if text == "_+":
            self.advance()
            return Call("relu", (left,), (), token.at)
        if text in _COMPARISONS:
            if binding > _COMPARE:
                return None
            self.count(self.advance())
            right = self.expression(_COMPARE + 1)
            if self.at_operator(*_COMPARISONS):
                raise ExpressionError("write one comparison at a time, joined by “and”", self.token.at)
            return Comparison(text, left, right, token.at)
        power = _INFIX.get(text)
        if power is None or power < binding:
            return None
        self.count(self.advance())
        right = self.expression(power if text == "^" else power + 1)
        return Binary(text, left, right, token.at)

    def implicit_product(self, left: Node) -> Node:
        """``2x``, ``p(1-p)``, ``y ln p``; refused where it could mean something else."""
        token = self.token
        if not self.grammar.products or token.kind == "number":
            raise self.unexpected()
        if token.text == "[" and not token.spaced and isinstance(left, Name):
            raise ExpressionError("put round brackets for a product; entries cannot be picked here", token.at)
        if isinstance(left, Binary) and left.operator == "/":
            above = left.left.operand if isinstance(left.left, Negative) else left.left
            both_numbers = isinstance(above, Number) and isinstance(left.right, Number)
            if not both_numbers and id(left) not in self.closed:
                raise ExpressionError(
                    "what follows the division may belong below the line or beside it: put brackets", token.at
                )
        self.count(token)
        return Binary("*", left, self.expression(_PRODUCT + 1), token.at)

    def starts_operand(self, token: Token) -> bool:
        if token.kind == "bar":
            return not self.bars
        if token.kind == "name":
            return not (self.grammar.losses and token.text in ("and", "or"))
        return token.kind in ("number", "open", "fraction", "root", "string")

    # ------------------------------------------------------------------ operands

    def prefix(self) -> Node:
        token = self.token
        if token.kind == "operator" and token.text in ("+", "-"):
            self.count(self.advance())
            operand = self.expression(_SIGN)
            return operand if token.text == "+" else Negative(operand, token.at)
        if token.kind == "number":
            return self.number()
        if token.kind == "name":
            return self.name()
        if token.kind == "open":
            return self.bracket()
        if token.kind == "bar":
            return self.absolute()
        if token.kind == "fraction":
            return self.fraction()
        if token.kind == "root":
            return self.root()
        raise self.unexpected()

    def number(self) -> Node:
        token = self.advance()
        if token.text == "1" and self.token.kind == "open" and self.token.text == "[" and not self.token.spaced:
            return self.indicator()
        return Number(float(token.text), token.text, token.at)

    def indicator(self) -> Node:
        """``1[condition]``: one where the condition holds."""
        opening = self.advance()
        condition = self.without_blanks(0)
        self.expect_close(opening)
        if not isinstance(condition, (Comparison, Logical, Not)):
            raise ExpressionError("an operator is missing between 1 and the bracket", opening.at)
        return condition

    def without_blanks(self, binding: int) -> Node:
        """An expression inside brackets, where blanks separate nothing and bars outside do not count."""
        blanks, self.blanks = self.blanks, False
        bars, self.bars = self.bars, []
        node = self.expression(binding)
        self.blanks, self.bars = blanks, bars
        return node

    def bracket(self) -> Node:
        opening = self.advance()
        if opening.text == "[":
            bars, self.bars = self.bars, []
            blanks, self.blanks = self.blanks, self.grammar.blanks
            node = self.rows("]")
            self.bars, self.blanks = bars, blanks
            self.expect_close(opening)
            if self.at_operator("_+") and isinstance(node, Array) and len(node.items) == 1:
                return node.items[0]  # [x]_+ of hinge losses
            single = isinstance(node, Array) and len(node.items) == 1
            if self.grammar.products and not self.grammar.lists and single and isinstance(node, Array):
                return self.close(node.items[0])  # square brackets as a second kind of round ones
            return node
        self.skip_line_ends()
        items = [self.without_blanks(0)]
        self.skip_line_ends()
        while self.token.kind == "comma" and opening.text == "(":
            self.advance()
            self.skip_line_ends()
            if self.token.kind == "close":
                break
            items.append(self.without_blanks(0))
            self.skip_line_ends()
        self.expect_close(opening)
        return self.close(items[0]) if len(items) == 1 else Array(tuple(items), opening.at)

    def close(self, node: Node) -> Node:
        """The node, remembered as one operand that nothing beside it can reach into."""
        self.closed[id(node)] = node
        return node

    def skip_line_ends(self) -> None:
        while self.token.kind == "row" and self.token.text == "\n":
            self.advance()

    def absolute(self) -> Node:
        opening = self.advance()
        self.bars.append(opening.text)
        node = self.expression(0)
        if self.token.kind != "bar" or self.token.text != opening.text:
            if self.token.kind == "end":
                raise ExpressionError(f"this “{opening.text}” is not closed", opening.at)
            raise self.unexpected()
        self.advance()
        self.bars.pop()
        return Call("abs" if opening.text == "|" else "norm", (node,), (), opening.at)

    def group(self, what: str) -> Node:
        """What a LaTeX command acts on: a brace group, a single digit or a single operand."""
        token = self.token
        if token.kind == "open" and token.text == "{":
            return self.bracket()
        if token.kind == "number" and token.text.isdigit():
            return self.digit()
        if token.kind in ("name", "open", "fraction", "root"):
            return self.prefix()
        raise ExpressionError(f"the {what} is missing", token.at)

    def digit(self) -> Node:
        """The first digit of a number token, as LaTeX takes it: ``\\frac12`` is one half."""
        token = self.token
        if len(token.text) == 1:
            self.advance()
        else:
            self.tokens[self.position] = Token("number", token.text[1:], token.at + 1)
        return Number(float(token.text[0]), token.text[0], token.at)

    def fraction(self) -> Node:
        token = self.advance()
        self.count(token)
        above = self.group("numerator")
        below = self.group("denominator")
        return self.close(Binary("/", above, below, token.at))

    def root(self) -> Node:
        token = self.advance()
        self.count(token)
        degree: Node | None = Number(3.0, "3", token.at) if token.text == "cbrt" else None
        if self.token.kind == "open" and self.token.text == "[":
            opening = self.advance()
            degree = self.without_blanks(0)
            self.expect_close(opening)
        operand = self.group("number under the root") if self.token.kind != "number" else self.number()
        if degree is None:
            return Call("sqrt", (operand,), (), token.at)
        return Call("root", (operand, degree), (), token.at)

    # ------------------------------------------------------------------ names and calls

    def name(self) -> Node:
        token = self.token
        if token.text == "not" and self.grammar.losses:
            self.count(self.advance())
            return Not(self.expression(_NOT), token.at)
        variable = self.exact.get(token.text) or self.variables.get(spelling_key(token.text))
        following = self.peek()
        called = following.kind == "open" and following.text in "({"
        if variable is not None and not (called and self.grammar.losses and self.is_function(token)):
            self.advance()
            return Name(variable.name, token.at) if isinstance(variable, Name) else variable
        if token.text == "grad" and called and self.grammar.losses:
            return self.gradient_call()
        function = self.function_name(token)
        if function is not None:
            return self.function(function)
        constant = self.constant(token)
        if constant is not None and not (called and token.text not in CONSTANTS):
            self.advance()
            return Constant(constant, token.at)
        raise self.unknown(token, called)

    def constant(self, token: Token) -> str | None:
        key = spelling_key(token.text)
        return key if key in CONSTANTS else CONSTANT_SPELLINGS.get(key)

    def is_function(self, token: Token) -> bool:
        return self.function_name(token) is not None

    def function_name(self, token: Token) -> str | None:
        """The function that the token names, with ``log_3`` as ``log:3``; None if it names none."""
        text, key = token.text, spelling_key(token.text)
        if key in AMBIGUOUS_FUNCTIONS:
            raise ExpressionError(AMBIGUOUS_FUNCTIONS[key], token.at)
        for candidate in (text, key):
            if self.grammar.arity(candidate) is not None:
                return "ln" if candidate == "log" and not self.log_base_follows() else candidate
        spelled = FUNCTION_SPELLINGS.get(key)
        if spelled == "^" or (spelled is not None and self.grammar.arity(spelled) is not None):
            return spelled
        base = _LOG_BASE.match(text)
        if base is not None:
            return f"log:{base[1]}"
        if self.grammar.losses and text.removesuffix(".grad") in loss_names():
            return text
        return None

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
            arguments, keywords = self.arguments()
        else:
            arguments, keywords = (self.bare_argument(token),), ()
        node = self.call(function, arguments, keywords, token)
        return node if exponent is None else Binary("^", node, exponent, token.at)

    def function_exponent(self, token: Token) -> Node:
        """``ln^2 x`` means ``(ln x)^2``; an exponent of −1 could also mean the inverse function."""
        self.advance()
        exponent = self.expression(_POWER + 1)
        if isinstance(exponent, Number) and exponent.value > 0:
            return exponent
        raise ExpressionError(f"write the power after the brackets: {token.text}(…)^…", token.at)

    def bare_argument(self, function: Token) -> Node:
        """The single operand of a function written without brackets: ``ln 2``, ``log p^2``."""
        token = self.token
        if token.kind == "operator" and token.text in ("+", "-"):
            raise ExpressionError(f"put brackets: {function.text}({token.text}…)", token.at)
        if not self.starts_operand(token) and token.kind != "bar":
            raise ExpressionError(f"{function.text} needs its argument in brackets", token.at)
        if token.kind == "name" and self.is_function(token) and self.exact.get(token.text) is None:
            node = self.name()
        else:
            node = self.expression(_POWER)
        following = self.token
        if self.starts_operand(following) and not self.ends_entry(following):
            raise ExpressionError(f"where does the argument of {function.text} end? Put brackets", following.at)
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
                raise ExpressionError("plain arguments come before named ones", self.token.at)
            else:
                arguments.append(self.without_blanks(0))
            self.skip_line_ends()
            if self.token.kind != "comma":
                break
            self.advance()
            self.skip_line_ends()
        self.expect_close(opening)
        return tuple(arguments), tuple(keywords)

    def keyword(self) -> tuple[str, Node]:
        name = self.advance()
        self.advance()
        token = self.token
        if token.kind == "string":
            self.advance()
            return name.text, Text(token.text, token.at)
        if token.kind == "name" and token.text in _WORDS and token.text not in self.exact:
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
            raise ExpressionError("grad needs the name of a loss first: grad('bce', y, p)", name.at)
        self.advance()
        self.advance()
        if self.token.kind == "comma":
            self.tokens[self.position] = Token("open", "(", opening.at)
        else:
            raise ExpressionError("grad needs the loss's arguments after its name", self.token.at)
        arguments, keywords = self.arguments()
        return Call(f"{name.text}.grad", arguments, keywords, token.at)

    def call(
        self, function: str, arguments: tuple[Node, ...], keywords: tuple[tuple[str, Node], ...], token: Token
    ) -> Node:
        if function == "^":
            _check_count(token, Arity(2, 2), arguments)
            return Binary("^", arguments[0], arguments[1], token.at)
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
                raise ExpressionError(f"{function} takes no “{keyword}” (it has: {known})", _at(value))
        return Call(function, arguments, keywords, token.at)

    def unknown(self, token: Token, called: bool) -> ExpressionError:
        """The error for a name that means nothing here, with what was probably meant."""
        text = token.text
        if not self.grammar.losses and (called or len(text) > 3) and text.removesuffix(".grad") in loss_names():
            return ExpressionError(f"{text} is a reference loss: write out what it computes", token.at)
        if "." in text or text.startswith("__"):
            return ExpressionError(f"“{text}” is no name that can be used here", token.at)
        parts = self.split(text)
        if parts is not None:
            product = "·".join(parts) + ("(…)" if self.grammar.arity(parts[-1]) else "")
            return ExpressionError(f"“{text}” is not known: for a product write {product}", token.at)
        known = [*self.names, *self.grammar.functions, *(loss_names() if self.grammar.losses else ())]
        folded = {spelling_key(name).casefold(): name for name in known}
        near = folded.get(spelling_key(text).casefold())
        close = [near] if near else difflib.get_close_matches(text, known, n=1, cutoff=0.7)
        if close:
            return ExpressionError(f"“{text}” is not known: did you mean {close[0]}?", token.at)
        kind = "function" if called else "name"
        if self.names:
            return ExpressionError(f"“{text}” is no {kind} of this question; it has {', '.join(self.names)}", token.at)
        return ExpressionError(f"“{text}” is no {kind} that can be used here", token.at)

    def split(self, text: str) -> list[str] | None:
        """``xy`` as the known names ``x`` and ``y``; None where that does not work out."""
        words = sorted((*self.names, *self.grammar.functions, *CONSTANTS), key=len, reverse=True)
        rest, parts = text, []
        while rest:
            word = next((word for word in words if rest.startswith(word)), None)
            if word is None:
                return None
            parts.append(word)
            rest = rest[len(word) :]
        variables = [part for part in parts if part in self.names]
        return parts if len(parts) > 1 and variables else None

    # ------------------------------------------------------------------ subscripts

    def starts_subscript(self, node: Node, token: Token) -> bool:
        return (
            self.grammar.losses
            and token.kind == "open"
            and token.text == "["
            and isinstance(node, (Name, Subscript, Call))
        )

    def subscript(self, node: Node) -> Node:
        opening = self.advance()
        while True:
            sign = -1 if self.at_operator("-") else 1
            if sign < 0:
                self.advance()
            token = self.token
            if token.kind != "number" or not token.text.isdigit():
                raise ExpressionError("a subscript is a plain whole number, counted from 0", token.at)
            self.advance()
            self.count(token)
            node = Subscript(node, sign * int(token.text), opening.at)
            if self.token.kind != "comma":
                break
            self.advance()
        self.expect_close(opening)
        return node


def _without_line_ends(tokens: list[Token]) -> list[Token]:
    """The tokens of an expression that is no list: line ends are blanks."""
    return [token for token in tokens if not (token.kind == "row" and token.text == "\n")]


def _check_count(token: Token, arity: Arity, arguments: tuple[Node, ...]) -> None:
    if arity.least <= len(arguments) <= arity.most:
        return
    wanted = str(arity.least) if arity.least == arity.most else f"at least {arity.least}"
    plural = "" if wanted == "1" else "s"
    message = f"{token.text} takes {wanted} argument{plural}, {len(arguments)} came"
    raise ExpressionError(message, token.at)


def _at(node: Node) -> int:
    return node.at
