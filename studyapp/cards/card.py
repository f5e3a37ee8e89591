"""The eight kinds of card, as plain frozen values.

A card says what is asked and what would be right; it never says when it is due. The kinds differ only in how
the learner answers and how the answer is judged. Values are msgspec structs tagged by ``kind``, so that a
whole card travels through the index as a few bytes and comes back typed.
"""

from __future__ import annotations

from typing import Any, TypeAlias

import msgspec

Scalar: TypeAlias = bool | int | float | str
"""What a deck file can write as a single value."""

Value: TypeAlias = Scalar | list[Any] | dict[str, Any]
"""A drawn or literal value: a scalar, a vector, a matrix (nested lists), or keyword arguments."""


class Struct(msgspec.Struct, frozen=True, omit_defaults=True):
    """Base of all deck values: immutable and compared by content."""


class Point(Struct, frozen=True, kw_only=True):
    """One thing a good answer says; ``words`` are the spellings by which it is recognised in typed text."""

    text: str
    words: tuple[str, ...] = ()


class Option(Struct, frozen=True, kw_only=True):
    """One option of a choice card, with the reason that is shown after answering."""

    text: str
    why: str
    correct: bool = False


class Step(Struct, frozen=True, kw_only=True):
    """One step of a derivation. ``after`` names the steps that must stand somewhere before it.

    With no step of a card naming ``after`` the written order is the only right one. ``why`` is what is said
    when the step stands too early.
    """

    id: str
    text: str
    after: tuple[str, ...] = ()
    why: str = ""


class Distractor(Struct, frozen=True, kw_only=True):
    """A step that does not belong to the derivation, and why."""

    text: str
    why: str


class Misconception(Struct, frozen=True, kw_only=True):
    """A wrong answer that people really give: the expression that leads to it, and what to say then."""

    id: str
    value: str
    say: str


class Draw(Struct, frozen=True, kw_only=True):
    """How one name of an exercise gets its value.

    ``rule`` is one of

    * ``value``: always ``arguments[0]``, any literal;
    * ``choice``: one of ``arguments``;
    * ``grid``: ``arguments = (low, high, step)``, ends included, rounded to the step's decimals;
    * ``integers``: ``arguments = (low, high)``, ends included;
    * ``box``: ``arguments = (low, high)``: a box ``[x0, y0, x1, y1]`` with integer corners and positive area;
    * ``distribution``: ``arguments = (classes, step)``: probabilities on a grid, none zero, sum exactly 1;
    * ``one_hot``: ``arguments = (classes,)``: a one-hot row;
    * ``mask``: ``arguments = ()``: zeros and ones, neither all zero nor all one.

    ``size`` is the shape of the result (empty: a single draw); an entry may name an integer drawn before.
    With ``distinct`` no value occurs twice.
    """

    rule: str
    arguments: tuple[Value, ...] = ()
    size: tuple[int | str, ...] = ()
    distinct: bool = False


class Domain(Struct, frozen=True, kw_only=True):
    """Where a variable of a formula lives: the open interval ``low..high``, or a set of ``values``; maybe
    integers.

    ``between`` holds the ends of an interval as expressions of the variables declared before; where they are equal, so
    is the variable.
    """

    low: float | None = None
    high: float | None = None
    values: tuple[float, ...] = ()
    integer: bool = False
    between: tuple[str, ...] = ()


class Part(Struct, frozen=True, kw_only=True):
    """One of several questions on the same drawn numbers. Later parts may use the learner's earlier results
    by id."""

    id: str
    ask: str
    answer: str
    wrong: tuple[Misconception, ...] = ()
    digits: int | None = None


class Case(Struct, frozen=True, kw_only=True):
    """One fixed input of a code card and why it is tried."""

    args: tuple[Value, ...]
    why: str


class Card(Struct, tag_field="kind", frozen=True, kw_only=True):
    """What all kinds share. ``id`` is the card's identity for life: text may change, history stays.

    ``group`` names siblings: cards of one group are not shown on the same study day. ``loss`` names the
    reference loss that the card is about, where there is one. ``difficulty`` runs from 1 to 3.
    """

    id: str
    tags: tuple[str, ...] = ()
    covers: tuple[str, ...] = ()
    source: tuple[str, ...] = ()
    leads_to: tuple[str, ...] = ()
    hints: tuple[str, ...] = ()
    solution: str = ""
    group: str = ""
    loss: str = ""
    difficulty: int = 2

    @property
    def kind(self) -> str:
        """The card's kind as written in a deck."""
        return str(self.__struct_config__.tag)


class RecallCard(Card, tag="recall", frozen=True, kw_only=True):
    """Recall, reveal, tick the points that were there, rate yourself."""

    question: str
    answer: str
    points: tuple[Point, ...] = ()


class ExplainCard(Card, tag="explain", frozen=True, kw_only=True):
    """Type a free answer, compare it with a model answer and a rubric of points."""

    question: str
    answer: str
    points: tuple[Point, ...]


class ClozeCard(Card, tag="cloze", frozen=True, kw_only=True):
    """Fill the ``{{gaps}}`` of ``text``; ``{{median|the median}}`` lists accepted alternatives, the first is
    shown."""

    text: str
    question: str = ""


class ChoiceCard(Card, tag="choice", frozen=True, kw_only=True):
    """Pick the right one of ``options``; all the right ones where ``multiple``."""

    question: str
    options: tuple[Option, ...]
    multiple: bool = False


class ComputeCard(Card, tag="compute", frozen=True, kw_only=True):
    """Work out a number, vector or matrix from freshly drawn numbers.

    ``answer`` and each ``wrong`` value are expressions over the reference losses and the drawn names. ``let``
    names intermediate values in order (name → expression), for use in ``answer``, ``wrong``, ``solution`` and
    ``parts``. ``where`` is a condition that a draw must meet. ``digits`` is how many significant digits are
    asked for. Either ``answer`` or ``parts`` is given.
    """

    question: str
    draw: dict[str, Draw]
    answer: str = ""
    let: dict[str, str] = {}
    where: str = ""
    wrong: tuple[Misconception, ...] = ()
    parts: tuple[Part, ...] = ()
    digits: int = 3
    unit: str = ""


class FormulaCard(Card, tag="formula", frozen=True, kw_only=True):
    """Type an expression equal to ``answer`` on the declared domains of ``variables``, where the condition ``where``
    holds.

    ``symbols`` lists other spellings for a variable or for an expression (``{"p": ["yhat", "ŷ"]}``). With
    ``lines`` the learner may type a derivation, one equal expression a line, beginning at ``start`` where it
    is given.
    """

    question: str
    answer: str
    variables: dict[str, Domain]
    where: str = ""
    symbols: dict[str, tuple[str, ...]] = {}
    wrong: tuple[Misconception, ...] = ()
    start: str = ""
    lines: bool = False


class OrderCard(Card, tag="order", frozen=True, kw_only=True):
    """Put the steps of a derivation in order and leave out what does not belong."""

    question: str
    steps: tuple[Step, ...]
    distractors: tuple[Distractor, ...] = ()


class CodeCard(Card, tag="code", frozen=True, kw_only=True):
    """Write a Python function that agrees with the reference loss on random and on edge cases.

    ``reference`` is an expression for the expected result over the drawn argument names, or the bare name of
    a loss. ``gradient`` asks the function to return the gradient that the reference's ``.grad`` gives.
    """

    question: str
    signature: str
    reference: str
    draw: dict[str, Draw]
    cases: tuple[Case, ...] = ()
    wrong: tuple[Misconception, ...] = ()
    starter: str = ""
    gradient: bool = False


AnyCard: TypeAlias = (
    RecallCard | ExplainCard | ClozeCard | ChoiceCard | ComputeCard | FormulaCard | OrderCard | CodeCard
)

KINDS: dict[str, type[Card]] = {
    str(kind.__struct_config__.tag): kind
    for kind in (
        RecallCard,
        ExplainCard,
        ClozeCard,
        ChoiceCard,
        ComputeCard,
        FormulaCard,
        OrderCard,
        CodeCard,
    )
}
"""Every kind by the word that decks use for it."""


class Deck(Struct, frozen=True, kw_only=True):
    """One deck file: a header and its cards in the order in which they are meant to be learnt."""

    deck: str
    title: str
    language: str = "en"
    description: str = ""
    order: float = 1000.0
    cards: tuple[AnyCard, ...] = ()
