"""What an expression may contain, depending on who wrote it and where."""

from __future__ import annotations

from msgspec import Struct

from studyapp.formula.vocabulary import ARRAY_FUNCTIONS, ELEMENTARY, LEARNER_ARRAY_FUNCTIONS, Arity


class Grammar(Struct, frozen=True):
    """The limits and liberties of one kind of expression.

    ``losses``: reference losses may be called, with keyword arguments, and vectors be subscripted.
    ``products``: ``2x`` and ``p(1-p)`` are products. ``lists``: a list may stand without brackets, ``a, b`` or
    ``1 2; 3 4``. ``blanks``: blanks alone separate the entries of a list.
    """

    characters: int = 2_000
    depth: int = 50
    operations: int = 200
    losses: bool = False
    products: bool = True
    lists: bool = False
    blanks: bool = False

    def arity(self, function: str) -> Arity | None:
        """How many arguments the function takes, if this grammar has it."""
        if function in ELEMENTARY:
            return ELEMENTARY[function]
        if self.losses or function in LEARNER_ARRAY_FUNCTIONS:
            return ARRAY_FUNCTIONS.get(function)
        return None

    @property
    def functions(self) -> tuple[str, ...]:
        """The functions of the vocabulary that this grammar has, for suggestions."""
        return (*ELEMENTARY, *(ARRAY_FUNCTIONS if self.losses else sorted(LEARNER_ARRAY_FUNCTIONS)))


DECK = Grammar(losses=True)
"""Expressions in deck files."""

FORMULA = Grammar(characters=500)
"""A formula typed by a learner."""

NUMBER = Grammar(characters=500, lists=True)
"""A number typed by a learner; a list is read so that it can be named in the verdict."""

LIST = Grammar(characters=2_000, lists=True, blanks=True)
"""A vector or matrix typed by a learner."""
