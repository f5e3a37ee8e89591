"""From tokens to a tree: a precedence parser for the notation that people type.

What can be read in two ways is refused with the place and the two ways, never guessed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from studyapp.formula.calls import CallReader
from studyapp.formula.errors import ExpressionError
from studyapp.formula.grammar import DECK, Grammar
from studyapp.formula.precedence import AND, COMPARE, COMPARISONS, INFIX, OR, POWER, PRODUCT, SIGN
from studyapp.formula.tokens import Token, tokenize
from studyapp.formula.tree import (
    Array,
    Binary,
    Call,
    Comparison,
    Logical,
    Name,
    Negative,
    Node,
    Not,
    Number,
    Percent,
    Subscript,
)
from studyapp.locale.message import Message

_TOO_LONG = Message("{count} characters are too many: at most {most} are read")
_NOTHING = Message("there is nothing to read")
_EMPTY_LIST = Message("this list is empty")
_COMMAS_AND_BLANKS = Message("separate the entries by commas or by blanks, not by both; decimals take a point, 0.5")
_TOO_DEEP = Message("brackets are nested more than {depth} deep")
_TWO_COMPARISONS = Message("write one comparison at a time, joined by “and”")
_SQUARE_BRACKETS = Message("put round brackets for a product; entries cannot be picked here")
_AFTER_DIVISION = Message("what follows the division may belong below the line or beside it: put brackets")
_ONE_AND_BRACKET = Message("an operator is missing between 1 and the bracket")
_NOT_CLOSED = Message("this “{sign}” is not closed")
_NO_NUMERATOR = Message("the numerator is missing")
_NO_DENOMINATOR = Message("the denominator is missing")
_NO_RADICAND = Message("the number under the root is missing")
_ROOT_ENDS = Message("where does the root end? Put brackets: √(…)")
_NO_ELSE = Message("“else” with the other case is missing")
_SUBSCRIPT = Message("a subscript is a whole number, counted from 0")


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
        message = _TOO_LONG(count=len(text), most=grammar.characters)
        raise ExpressionError(message, grammar.characters)
    tokens = tokenize(text)
    return Parser(rewrite(tokens) if rewrite else tokens, names, grammar, aliases or {}).parse()


class Parser(CallReader):
    """One reading of one list of tokens."""

    def __init__(
        self, tokens: list[Token], names: Iterable[str], grammar: Grammar, aliases: Mapping[str, Node]
    ) -> None:
        super().__init__(tokens, names, grammar, aliases)
        self.depth = 0
        self.bars: list[str] = []
        self.closed: dict[int, Node] = {}  # what stood in brackets, or was built up as one operand
        self.blanks = grammar.blanks

    # ------------------------------------------------------------------ whole texts and lists

    def parse(self) -> Node:
        if all(token.kind in ("row", "end") for token in self.tokens):
            raise ExpressionError(_NOTHING(), 0)
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
            raise ExpressionError(_EMPTY_LIST(), start)
        if len(rows) == 1:
            alone = len(rows[0]) == 1 and not separated
            return rows[0][0] if closing == "end" and alone else Array(tuple(rows[0]), start)
        if all(len(row) == 1 for row in rows):
            return Array(tuple(row[0] for row in rows), start)
        return Array(tuple(Array(tuple(row), row[0].at) for row in rows), start)

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
                message = _COMMAS_AND_BLANKS()
                raise ExpressionError(message, self.token.at)
        return row, by_comma

    # ------------------------------------------------------------------ operators

    def expression(self, binding: int) -> Node:
        self.depth += 1
        if self.depth > self.grammar.depth:
            raise ExpressionError(_TOO_DEEP(depth=self.grammar.depth), self.token.at)
        node = self.prefix()
        node = self.infix(node, binding)
        self.depth -= 1
        return node

    def infix(self, node: Node, binding: int) -> Node:
        while True:
            token = self.token
            if self.ends_entry(token):
                return node
            if token.kind == "operator":
                if self.positive_part_follows():
                    node = self.positive_part(node)
                    continue
                following = self.operator(node, binding)
                if following is None:
                    return node
                node = following
            elif self.starts_subscript(node, token):
                node = self.subscript(node)
            elif token.kind == "name" and token.text in ("and", "or") and self.grammar.losses:
                power = AND if token.text == "and" else OR
                if power < binding:
                    return node
                self.count(self.advance())
                node = Logical(token.text, node, self.expression(power + 1), token.at)
            elif self.grammar.losses and self.is_word(token, "for", "in"):
                return node
            elif self.is_word(token, "if", "else"):
                if token.text == "else" or binding > 0:
                    return node
                node = self.conditional(node)
            elif self.starts_operand(token):
                if binding > PRODUCT:
                    return node
                node = self.implicit_product(node)
            else:
                return node

    def is_word(self, token: Token, *words: str) -> bool:
        """Whether a token is one of these words of Python, in a formula that has no name like it."""
        is_one = token.kind == "name" and token.text in words
        return is_one and not self.grammar.lists and not self.names.is_exact(token.text)

    def conditional(self, node: Node) -> Node:
        """``x if condition else y``."""
        word = self.advance()
        self.count(word)
        condition = self.expression(COMPARE)
        if not self.is_word(self.token, "else"):
            raise ExpressionError(_NO_ELSE(), self.token.at)
        self.advance()
        return Call("where", (condition, node, self.expression(0)), (), word.at)

    def positive_part_follows(self) -> bool:
        """Whether ``^+``, ``^{+}`` or ``⁺`` stands here with no exponent behind the sign."""
        if not self.at_operator("^") or not self.grammar.products:
            return False
        place = self.position + 1
        braced = self.tokens[place].kind == "open"
        sign, following = self.tokens[min(place + braced, len(self.tokens) - 1)], place + braced + 1
        if sign.kind != "operator" or sign.text != "+" or following >= len(self.tokens):
            return False
        behind = self.tokens[following]
        return behind.kind == "close" if braced else behind.spaced or behind.kind not in ("number", "open", "name")

    def positive_part(self, node: Node) -> Node:
        """``(a - k)^+`` is ``max(a - k, 0)``."""
        token = self.advance()
        self.count(token)
        if self.advance().kind == "open":
            self.advance()
            self.advance()
        return self.close(Call("relu", (node,), (), token.at))

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
        if text in COMPARISONS:
            if binding > COMPARE:
                return None
            self.count(self.advance())
            right = self.expression(COMPARE + 1)
            if self.at_operator(*COMPARISONS):
                raise ExpressionError(_TWO_COMPARISONS(), self.token.at)
            return Comparison(text, left, right, token.at)
        power = INFIX.get(text)
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
            raise ExpressionError(_SQUARE_BRACKETS(), token.at)
        if isinstance(left, Binary) and left.operator == "/":
            above = left.left.operand if isinstance(left.left, Negative) else left.left
            both_numbers = isinstance(above, Number) and isinstance(left.right, Number)
            if not both_numbers and id(left) not in self.closed:
                raise ExpressionError(_AFTER_DIVISION(), token.at)
        self.count(token)
        return Binary("*", left, self.expression(PRODUCT + 1), token.at)

    def starts_operand(self, token: Token) -> bool:
        if token.kind == "bar":
            return not self.bars
        if token.kind == "name":
            return not (self.grammar.losses and (token.text in ("and", "or") or self.is_word(token, "for", "in")))
        return token.kind in ("number", "open", "fraction", "root", "string")

    # ------------------------------------------------------------------ operands

    def prefix(self) -> Node:
        token = self.token
        if token.kind == "operator" and token.text in ("+", "-"):
            self.count(self.advance())
            operand = self.expression(SIGN)
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
            raise ExpressionError(_ONE_AND_BRACKET(), opening.at)
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

    def absolute(self) -> Node:
        opening = self.advance()
        self.bars.append(opening.text)
        node = self.expression(0)
        if self.token.kind != "bar" or self.token.text != opening.text:
            if self.token.kind == "end":
                raise ExpressionError(_NOT_CLOSED(sign=opening.text), opening.at)
            raise self.unexpected()
        self.advance()
        self.bars.pop()
        return Call("abs" if opening.text == "|" else "norm", (node,), (), opening.at)

    def group(self, missing: Message) -> Node:
        """What a LaTeX command acts on: a brace group, a single digit or a single operand."""
        token = self.token
        if token.kind == "open" and token.text == "{":
            return self.bracket()
        if token.kind == "number" and token.text.isdigit():
            return self.digit()
        if token.kind in ("name", "open", "fraction", "root"):
            return self.prefix()
        raise ExpressionError(missing(), token.at)

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
        above = self.group(_NO_NUMERATOR)
        below = self.group(_NO_DENOMINATOR)
        return self.close(Binary("/", above, below, token.at))

    def root(self) -> Node:
        token = self.advance()
        self.count(token)
        degree: Node | None = Number(3.0, "3", token.at) if token.text == "cbrt" else None
        if self.token.kind == "open" and self.token.text == "[":
            opening = self.advance()
            degree = self.without_blanks(0)
            self.expect_close(opening)
        operand = self.radicand(token)
        if degree is None:
            return Call("sqrt", (operand,), (), token.at)
        return Call("root", (operand, degree), (), token.at)

    def radicand(self, root: Token) -> Node:
        """What stands under a root: a group, or one operand with its power, ``√x²`` being ``√(x²)``."""
        if root.text == "sqrt" or self.token.kind == "open":
            return self.group(_NO_RADICAND) if self.token.kind != "number" else self.number()
        if self.token.kind not in ("number", "name", "root", "bar", "fraction"):
            raise ExpressionError(_NO_RADICAND(), self.token.at)
        operand = self.expression(POWER)
        following = self.token
        if self.starts_operand(following) and not self.ends_entry(following):
            raise ExpressionError(_ROOT_ENDS(), following.at)
        return operand

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
            token = self.token
            index = self.without_blanks(0)
            self.count(token)
            node = Subscript(node, _literal(index, token), opening.at)
            if self.token.kind != "comma":
                break
            self.advance()
        self.expect_close(opening)
        return node


def _literal(index: Node, token: Token) -> int | Node:
    """A whole number that is written out as an integer; any other index as it is."""
    negative = isinstance(index, Negative)
    number = index.operand if isinstance(index, Negative) else index
    if isinstance(number, Number):
        if not number.text.isdigit():
            raise ExpressionError(_SUBSCRIPT(), token.at)
        return -int(number.text) if negative else int(number.text)
    if isinstance(index, Array):
        raise ExpressionError(_SUBSCRIPT(), token.at)
    return index
