"""What a name in an expression means: a variable, a function, a constant, or nothing, with what was probably meant."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from studyapp.formula.errors import ExpressionError
from studyapp.formula.grammar import FORMULA, Grammar
from studyapp.formula.spelling import spelling_key
from studyapp.formula.tokens import Token, tokenize
from studyapp.formula.tree import Name, Node
from studyapp.formula.vocabulary import AMBIGUOUS_FUNCTIONS, CONSTANT_SPELLINGS, CONSTANTS, FUNCTION_SPELLINGS
from studyapp.locale.message import Message
from studyapp.nearest import nearest

_LOSS = Message("{name} is a reference loss: write out what it computes")
_NO_NAME = Message("“{name}” is no name that can be used here")
_NO_FUNCTION = Message("“{name}” is no function that can be used here")
_NO_NAME_OF_QUESTION = Message("“{name}” is no name of this question; it has {known}")
_NO_FUNCTION_OF_QUESTION = Message("“{name}” is no function of this question; it has {known}")
_PRODUCT = Message("“{name}” is not known: for a product write {product}")
_NO_WORDS = Message("“{name}” cannot be read: write the number or the formula alone, without words")
_PUT_BRACKETS = Message("“{name}” is not known: put brackets, {function}({argument})")
_MEANT = Message("“{name}” is not known: did you mean {near}?")

_LOG_BASE = re.compile(r"log_?\{?(\d+)\}?$")


def loss_names() -> frozenset[str]:
    """The reference losses that deck expressions may call."""
    from studyapp import losses

    return frozenset(losses.names())


class Names:
    """The names of one expression. Variables come before functions and constants, exact spellings before like ones."""

    def __init__(self, variables: Iterable[str], aliases: Mapping[str, Node], grammar: Grammar) -> None:
        self.grammar = grammar
        given = tuple(variables)
        self.variables = tuple(name for name in given if "/" not in name)
        self.defined = dict(name.split("/") for name in given if "/" in name)
        """Functions that the deck defines, and how many arguments each takes."""
        self._exact: dict[str, Node] = {**aliases, **{name: Name(name) for name in self.variables}}
        self._alike: dict[str, Node] = {spelling_key(name): Name(name) for name in self.variables}
        for name, node in aliases.items():
            self._alike.setdefault(spelling_key(name), node)

    def is_exact(self, text: str) -> bool:
        """Whether the text is a variable or alias exactly as declared."""
        return text in self._exact

    def variable(self, token: Token) -> Node | None:
        """The variable, or the tree of the alias, that a token names in any spelling."""
        node = self._exact.get(token.text) or self._alike.get(spelling_key(token.text))
        return Name(node.name, token.at) if isinstance(node, Name) else node

    def constant(self, token: Token) -> str | None:
        """The constant that a token names."""
        key = spelling_key(token.text)
        return key if key in CONSTANTS else CONSTANT_SPELLINGS.get(key)

    def function(self, token: Token, based: bool = False) -> str | None:
        """The function that a token names, with ``log_3`` as ``log:3``; None if it names none.

        ``based`` says that a base is given, so that ``log`` need not mean the natural one.
        """
        text, key = token.text, spelling_key(token.text)
        if text in self.defined:
            return f"{text}/{self.defined[text]}"
        if key in AMBIGUOUS_FUNCTIONS:
            raise ExpressionError(AMBIGUOUS_FUNCTIONS[key](), token.at)
        for candidate in (text, key):
            if self.grammar.arity(candidate) is not None:
                return "ln" if candidate == "log" and not based else candidate
        spelled = FUNCTION_SPELLINGS.get(key)
        if spelled == "^" or (spelled is not None and self.grammar.arity(spelled) is not None):
            return spelled
        base = _LOG_BASE.match(text)
        if base is not None:
            return f"log:{base[1]}"
        if self.grammar.losses and text.removesuffix(".grad") in loss_names():
            return text
        return None

    def _product(self, parts: Sequence[str]) -> str:
        """The factors with the dots between them; a function has its argument in brackets."""
        factors: list[str] = []
        for part in parts:
            if factors and self.grammar.arity(factors[-1]) is not None:
                factors[-1] = f"{factors[-1]}({part})"
            else:
                factors.append(part)
        return "·".join(factors) + ("(…)" if self.grammar.arity(factors[-1]) is not None else "")

    def unknown(self, token: Token, called: bool) -> ExpressionError:
        """The error for a name that means nothing here, with what was probably meant."""
        text = token.text
        if not self.grammar.losses and (called or len(text) > 3) and text.removesuffix(".grad") in loss_names():
            return ExpressionError(_LOSS(name=text), token.at)
        if "." in text or text.startswith("__"):
            return ExpressionError(_NO_NAME(name=text), token.at)
        if not text.isascii() and any("\u3400" <= character <= "\u9fff" for character in text):
            return ExpressionError(_NO_WORDS(name=text), token.at)
        parts = self._split(text)
        if parts is not None and len(parts) == 2 and self.grammar.arity(parts[0]) is not None:
            return ExpressionError(_PUT_BRACKETS(name=text, function=parts[0], argument=parts[1]), token.at)
        if parts is not None:
            product = self._product(parts)
            return ExpressionError(_PRODUCT(name=text, product=product), token.at)
        possible = [
            *self.variables,
            *self.defined,
            *self.grammar.functions,
            *(loss_names() if self.grammar.losses else ()),
        ]
        folded = {spelling_key(name).casefold(): name for name in possible}
        near = folded.get(spelling_key(text).casefold())
        near = near or nearest(text, possible, cutoff=0.7, key=str)
        if near:
            return ExpressionError(_MEANT(name=text, near=near), token.at)
        if self.variables:
            known = ", ".join(self.variables)
            message = _NO_FUNCTION_OF_QUESTION if called else _NO_NAME_OF_QUESTION
            return ExpressionError(message(name=text, known=known), token.at)
        return ExpressionError(_NO_FUNCTION(name=text) if called else _NO_NAME(name=text), token.at)

    def _split(self, text: str) -> list[str] | None:
        """``xy`` as the known names ``x`` and ``y``; None where that does not work out."""
        words = sorted((*self.variables, *self.grammar.functions, *CONSTANTS), key=len, reverse=True)
        rest, parts = text, []
        while rest:
            word = next((word for word in words if rest.startswith(word)), None)
            if word is None:
                return None
            parts.append(word)
            rest = rest[len(word) :]
        variables = [part for part in parts if part in self.variables]
        return parts if len(parts) > 1 and variables else None


def free_names(text: str) -> list[str]:
    """The names in a text that are neither functions nor constants of formulas, as they are spelled there.

    Raises:
        ExpressionError: a character that means nothing.
    """
    names = Names((), {}, FORMULA)
    found: dict[str, None] = {}
    for token in tokenize(text):
        if token.kind == "name" and names.constant(token) is None and names.function(token) is None:
            found[token.text] = None
    return list(found)
