"""LaTeX maths → a small tree of nodes that the one-line and the two-dimensional layout share.

Accepted is what appears in course notes: scripts, fractions, roots, accents, delimiters, alphabets, text,
braces and matrix-like environments. A command that is not known stays in the tree as typed, so nothing
gets lost. Only what has no reading at all (unbalanced braces, a missing argument) raises `LatexError`.
"""

from __future__ import annotations

import re
from functools import lru_cache

from studyapp.render import symbols
from studyapp.render.tree import Accent, Atom, Brace, Fenced, Fraction, Grid, Node, Root, Row, Scripts

DEEPEST = 30
LONGEST = 5_000


class LatexError(ValueError):
    """The formula has no reading: the caller shows its source."""


_TOKEN = re.compile(r"\\[A-Za-z]+\*?|\\.|\\|\s+|.", re.DOTALL)
_STARRED = frozenset(["\\operatorname*"])
_EMPTY = Row(())


def tokens(latex: str) -> list[str]:
    """The formula cut into commands, single characters and runs of white space."""
    result = []
    for token in _TOKEN.findall(latex):
        if len(token) > 2 and token[0] == "\\" and token[-1] == "*" and token not in _STARRED:
            result += [token[:-1], "*"]
        else:
            result.append(token)
    return result


@lru_cache(maxsize=2048)
def parse(latex: str) -> Row:
    """The tree of a formula.

    Raises LatexError where braces, `\\left` and `\\right` or `\\begin` and `\\end` do not pair up, an
    argument is missing, or the formula is nested too deeply or too long to lay out.
    """
    if len(latex) > LONGEST:
        raise LatexError("formula too long")
    reader = _Reader(tokens(latex))
    rows = reader.rows(frozenset())
    if reader.position < len(reader.tokens):
        raise LatexError(f"unexpected {reader.tokens[reader.position]}")
    if len(rows) == 1 and len(rows[0]) == 1:
        return rows[0][0]
    return Row((Grid("aligned" if any(len(row) > 1 for row in rows) else "lines", rows, ""),))


class _Reader:
    def __init__(self, source: list[str]) -> None:
        self.tokens = source
        self.position = 0
        self.depth = 0

    # ---- reading tokens

    def peek(self) -> str:
        return self.tokens[self.position] if self.position < len(self.tokens) else ""

    def take(self) -> str:
        token = self.peek()
        self.position += 1
        return token

    def skip_space(self) -> None:
        while self.peek().isspace():
            self.position += 1

    def expect(self, token: str) -> None:
        self.skip_space()
        if self.take() != token:
            raise LatexError(f"expected {token}")

    def raw_group(self) -> str:
        """The source between braces, nested braces kept."""
        self.expect("{")
        depth = 1
        parts: list[str] = []
        while True:
            token = self.take()
            if not token:
                raise LatexError("unclosed {")
            depth += (token == "{") - (token == "}")
            if not depth:
                return "".join(parts)
            parts.append(token)

    def raw_option(self) -> str:
        """The source between square brackets if the next thing is `[`, else nothing."""
        start = self.position
        self.skip_space()
        if self.peek() != "[":
            self.position = start
            return ""
        try:
            end = self.tokens.index("]", self.position)
        except ValueError:
            self.position = start
            return ""
        option = "".join(self.tokens[self.position + 1 : end])
        self.position = end + 1
        return option

    # ---- structure

    def rows(self, closing: frozenset[str]) -> tuple[tuple[Row, ...], ...]:
        """Cells parted by `&` and rows parted by `\\\\`, up to one of `closing` or the end."""
        grid: list[list[Row]] = [[]]
        while True:
            grid[-1].append(self.row(closing | {"&", "\\\\", "\\newline", "\\cr"}))
            token = self.peek()
            if token == "&":
                self.take()
            elif token in ("\\\\", "\\newline", "\\cr"):
                self.take()
                if re.fullmatch(r"-?[\d.]+\s*(pt|em|ex|mm|cm)", self.option_ahead()):
                    self.raw_option()
                grid.append([])
            else:
                break
        if len(grid) > 1 and all(not cell.items for cell in grid[-1]):
            grid.pop()
        return tuple(tuple(row) for row in grid)

    def option_ahead(self) -> str:
        start = self.position
        option = self.raw_option()
        self.position = start
        return option

    def row(self, closing: frozenset[str]) -> Row:
        self.depth += 1
        if self.depth > DEEPEST:
            raise LatexError("nested too deeply")
        items: list[Node] = []
        while (token := self.peek()) and token not in closing:
            if token.isspace():
                self.take()
            elif token in ("^", "_"):
                self.take()
                base = items.pop() if items else Atom("", "ordinary")
                items.append(self.with_script(base, token == "^"))
            elif token in ("\\limits", "\\nolimits"):
                self.take()
                if items:
                    items.append(_limits_set(items.pop(), token == "\\limits"))
            else:
                items.extend(self.node())
        self.depth -= 1
        return Row(tuple(items))

    def with_script(self, base: Node, upper: bool) -> Node:
        script = self.argument()
        if isinstance(base, Brace) and base.label is None and base.over == upper:
            return Brace(base.body, script, base.over)
        if isinstance(base, Scripts) and (base.upper if upper else base.lower) is None:
            if upper:
                return Scripts(base.base, script, base.lower, base.limits)
            return Scripts(base.base, base.upper, script, base.limits)
        limits = isinstance(base, Atom) and (
            (base.role == "big" and base.text not in symbols.SIDE_LIMITS)
            or (base.role == "function" and base.text.removeprefix("arg ") in symbols.LIMIT_FUNCTIONS)
        )
        return Scripts(base, script if upper else None, None if upper else script, limits)

    def argument(self) -> Row:
        """What a command takes: a group in braces, or the next single thing."""
        self.skip_space()
        token = self.peek()
        if not token or token in ("}", "&", "\\\\", "^", "_", "\\right", "\\end"):
            raise LatexError("missing argument")
        if token == "{":
            return self.group()
        if token.isdigit():  # \frac12 is one half
            return Row((Atom(self.take(), "ordinary"),))
        return Row(tuple(self.node()))

    def group(self) -> Row:
        self.expect("{")
        content = self.row(frozenset(["}"]))
        if self.take() != "}":
            raise LatexError("unclosed {")
        return content

    def node(self) -> list[Node]:
        token = self.take()
        if token == "{":
            self.position -= 1
            return [self.group()]
        if token in ("}", "\\right", "\\end", "\\middle"):
            raise LatexError(f"unexpected {token}")
        if token == "'":
            return [Atom("′", "close")]
        if token[0] == "\\":
            return self.command(token)
        text, role = symbols.CHARACTERS.get(token, (token, "ordinary"))
        if token.isdigit() or (token == "." and self.peek().isdigit()):
            while self.peek().isdigit() or (self.peek() == "." and self.after().isdigit()):
                text += self.take()
            return [Atom(text, "ordinary")]
        return [Atom(text, role)]

    def after(self) -> str:
        return self.tokens[self.position + 1] if self.position + 1 < len(self.tokens) else ""

    # ---- commands

    def command(self, token: str) -> list[Node]:
        name = token[1:]
        if name in ("frac", "dfrac", "tfrac", "cfrac"):
            return [Fraction(self.argument(), self.argument())]
        if name in ("binom", "dbinom", "tbinom"):
            return [Fraction(self.argument(), self.argument(), binomial=True)]
        if name == "sqrt":
            degree = self.raw_option()
            return [Root(self.argument(), parse(degree) if degree else None)]
        if name in symbols.ACCENTS:
            return [Accent(symbols.ACCENTS[name], self.argument())]
        if name in ("overbrace", "underbrace"):
            return [Brace(self.argument(), None, name == "overbrace")]
        if name in ("overset", "stackrel", "underset"):
            mark = self.argument()
            base = self.argument()
            lower = name == "underset"
            return [Scripts(base, None if lower else mark, mark if lower else None, True)]
        if name in symbols.FONTS or name == "operatorname*":
            return self.alphabet(name)
        if name in symbols.TEXT_COMMANDS:
            return [Row(tuple(_text_items(self.raw_group())))]
        if name == "left":
            return [self.fenced()]
        if name == "begin":
            return [self.environment()]
        if name == "substack":
            self.expect("{")
            rows = self.rows(frozenset(["}"]))
            self.expect("}")
            return [Grid("gathered", rows, "")]
        if name == "not":
            return [_negated(self.argument())]
        if name in ("phantom", "hphantom", "vphantom", "label"):
            self.raw_group()
            return []
        if name == "tag":
            return [Atom("   ", "space"), Atom(f"({self.raw_group()})", "text")]
        if name in ("boxed", "fbox", "mathop", "mathrel", "mathbin", "mathord", "mathinner", "mathstrut"):
            return [self.argument()] if name != "mathstrut" else []
        if name == "pmod":
            return [Atom("(mod", "function"), *self.argument().items, Atom(")", "close")]
        if name == "arg":
            return [self.arg_operator()]
        return self.symbol(name)

    def symbol(self, name: str) -> list[Node]:
        if name in symbols.SPACES:
            return [Atom(" " * symbols.SPACES[name], "space")] if symbols.SPACES[name] else []
        if name in symbols.IGNORED:
            return []
        if name in symbols.SYMBOLS:
            return [Atom(*symbols.SYMBOLS[name])]
        return [Atom("\\" + name, "command")]

    def arg_operator(self) -> Node:
        start = self.position
        while self.peek().isspace() or self.peek() in ("\\,", "\\!", "\\;"):
            self.take()
        word = self.peek()
        if word in ("\\min", "\\max"):
            self.take()
            return Atom("arg " + word[1:], "function")
        self.position = start
        return Atom("arg", "function")

    def alphabet(self, name: str) -> list[Node]:
        letters = symbols.FONTS.get(name, {})
        content = self.argument()
        if not letters:
            word = _word(content)
            if word is not None and len(word) > 1:
                applied = word in symbols.FUNCTIONS or name.startswith("operatorname")
                return [Atom(word, "function" if applied else "word")]
            return [content] if word is None else list(content.items)
        return [_mapped(content, letters)]

    def fenced(self) -> Fenced:
        left = self.delimiter()
        parts: list[Row] = []
        middles: list[str] = []
        while True:
            parts.append(self.row(frozenset(["\\right", "\\middle"])))
            token = self.take()
            if token == "\\right":
                return Fenced(left, tuple(parts), tuple(middles), self.delimiter())
            if token != "\\middle":
                raise LatexError("\\left without \\right")
            middles.append(self.delimiter())

    def delimiter(self) -> str:
        self.skip_space()
        token = self.take()
        if token == ".":
            return ""
        if token in "()[]|/<>⌊⌋⌈⌉⟨⟩‖" and token:
            return {"<": "⟨", ">": "⟩"}.get(token, token)
        text, _ = symbols.SYMBOLS.get(token[1:], ("", "")) if token[:1] == "\\" else ("", "")
        if not text:
            raise LatexError("not a delimiter")
        return text

    def environment(self) -> Grid:
        name = self.raw_group()
        columns = ""
        if name == "array":
            self.raw_option()
            columns = "".join(letter for letter in self.raw_group() if letter in "lcr")
        elif name.startswith("aligned") or name.startswith("alignat"):
            self.raw_option()
            if "at" in name:
                self.raw_group()
        if name not in symbols.ENVIRONMENTS:
            raise LatexError(f"unknown environment {name}")
        rows = self.rows(frozenset(["\\end"]))
        self.expect("\\end")
        if self.raw_group() != name:
            raise LatexError(f"\\begin{{{name}}} is not closed")
        return Grid(name, rows, columns)


def _limits_set(node: Node, limits: bool) -> Node:
    if isinstance(node, Scripts):
        return Scripts(node.base, node.upper, node.lower, limits)
    return Scripts(node, None, None, limits)


def _word(content: Row) -> str | None:
    """The letters of an upright word such as BCE or L1, if the row is nothing else."""
    parts = []
    for item in content.items:
        if not isinstance(item, Atom):
            return None
        if item.role == "space":
            parts.append(" ")
        elif item.role in ("ordinary", "function") or item.text in "−-":
            parts.append("-" if item.text == "−" else item.text)
        else:
            return None
    return "".join(parts)


def _mapped(node: Node, letters: dict[str, str]) -> Node:
    """The same tree with its letters in another alphabet."""
    match node:
        case Atom(text, role):
            return node if role == "command" else Atom("".join(letters.get(c, c) for c in text), role)
        case Row(items):
            return Row(tuple(_mapped(item, letters) for item in items))
        case Accent(mark, body):
            return Accent(mark, Row((_mapped(body, letters),)))
        case Scripts(base, upper, lower, limits):
            return Scripts(_mapped(base, letters), upper, lower, limits)
        case _:
            return node


def _negated(content: Row) -> Node:
    if len(content.items) == 1 and isinstance(content.items[0], Atom):
        text, role = content.items[0].text, content.items[0].role
        known = {"=": "≠", "∈": "∉", "⊂": "⊄", "≡": "≢", "<": "≮", ">": "≯", "≤": "≰", "≥": "≱", "∃": "∄"}
        return Atom(known.get(text, text + "\u0338"), role)
    return Row((Atom("¬", "ordinary"), content))


def _text_items(source: str) -> list[Node]:
    r"""The content of `\text{…}`: words with their spaces, and formulas between dollar signs."""
    items: list[Node] = []
    for index, part in enumerate(re.split(r"(?<!\\)\$", source)):
        if index % 2:
            items.append(parse(part))
            continue
        words = re.sub(r"\\text[a-z]*|(?<!\\)[{}]", "", part)
        words = re.sub(r"\\([%_&#${}\s])", r"\1", re.sub(r"\s+", " ", words)).replace("~", " ")
        if words:
            items.append(Atom(words, "text"))
    return items
