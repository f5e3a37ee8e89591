"""What a card with a function to write holds."""

from __future__ import annotations

from typing import Annotated, ClassVar, TypeAlias

import msgspec

from studyapp.cards.card import Asked, Card, Draw, Mistakes, Plain, Struct
from studyapp.cards.field import Field, expression, prose
from studyapp.locale.message import Message

OwnDraws: TypeAlias = Annotated[
    dict[str, Draw], Field("How each argument gets its value.", what=Message("drawn names"))
]
"""A card without a reference draws nothing."""


class Case(Struct, frozen=True, kw_only=True):
    """One fixed input of a code card and why it is tried."""

    what: ClassVar[str | Message] = Message("a case")

    args: Annotated[tuple[Plain, ...], Field(what="arguments")]
    expect: Annotated[str, Field("What the function must return, where the card has no reference.", "literal")] = ""
    """As JSON; empty where the reference says it."""
    why: Annotated[str, prose(searched=False)] = ""


class CodeCard(Card, tag="code", frozen=True, kw_only=True):
    """Write a Python function that agrees with the reference on random and on edge cases, or that returns what each
    case expects.

    ``reference`` is an expression for the expected result over the drawn argument names, or the bare name of
    a loss. ``gradient`` asks the function to return the gradient that the reference's ``.grad`` gives.
    """

    question: Asked
    signature: Annotated[
        str,
        Field(
            "The first line of the function: def iou(box_a, box_b).",
            "plain",
            Message("a signature such as def f(x, y)"),
            longest=300,
            searched=True,
        ),
    ]
    reference: Annotated[
        str, expression("The name of a reference loss, or an expression over the arguments.", searched=True)
    ] = ""
    draw: OwnDraws = msgspec.field(default_factory=dict)
    cases: Annotated[tuple[Case, ...], prose("Fixed inputs that are always tried.", searched=False, most=200)] = ()
    wrong: Mistakes = ()
    starter: Annotated[str, Field("The code that the editor opens with.", "plain", "the starter code")] = ""
    gradient: Annotated[bool, Field("The function returns the gradient of the reference.")] = False
    inputs: Annotated[
        str,
        Field(
            "What the arguments are: python, or numpy (where there is a reference).",
            "plain",
            Message("python or numpy"),
        ),
    ] = ""
    compare: Annotated[
        str,
        Field("How results are compared: close, exact or unordered.", "plain", Message("close, exact or unordered")),
    ] = "close"
    solution_code: Annotated[
        str,
        Field("A right function, shown after the answer; run by check --run-solutions only.", "plain", "code"),
    ] = ""
    no_loop: Annotated[bool, Field("The task is to be done without a Python loop: an answer with one is refused.")] = (
        False
    )
