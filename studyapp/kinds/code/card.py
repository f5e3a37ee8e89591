"""What a card with a function to write holds."""

from __future__ import annotations

from typing import Annotated, ClassVar

from studyapp.cards.card import Asked, Card, Draws, Mistakes, Struct, Value
from studyapp.cards.field import Field, expression, prose


class Case(Struct, frozen=True, kw_only=True):
    """One fixed input of a code card and why it is tried."""

    what: ClassVar[str] = "a case"

    args: Annotated[tuple[Value, ...], Field(what="arguments")]
    why: Annotated[str, prose(searched=False)]


class CodeCard(Card, tag="code", frozen=True, kw_only=True):
    """Write a Python function that agrees with the reference loss on random and on edge cases.

    ``reference`` is an expression for the expected result over the drawn argument names, or the bare name of
    a loss. ``gradient`` asks the function to return the gradient that the reference's ``.grad`` gives.
    """

    question: Asked
    signature: Annotated[
        str,
        Field(
            "The first line of the function: def iou(box_a, box_b).",
            "plain",
            "a signature such as def f(x, y)",
            longest=300,
            searched=True,
        ),
    ]
    reference: Annotated[
        str, expression("The name of a reference loss, or an expression over the arguments.", searched=True)
    ]
    draw: Draws
    cases: Annotated[tuple[Case, ...], prose("Fixed inputs that are always tried.", searched=False, most=200)] = ()
    wrong: Mistakes = ()
    starter: Annotated[str, Field("The code that the editor opens with.", "plain", "the starter code")] = ""
    gradient: Annotated[bool, Field("The function returns the gradient of the reference.")] = False
    no_loop: Annotated[bool, Field("The task is to be done without a Python loop: an answer with one is refused.")] = (
        False
    )
