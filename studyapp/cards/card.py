"""What all kinds of card share: the base of their structs, and the values that more than one kind holds.

A card says what is asked and what would be right; it never says when it is due. Values are msgspec structs, those of
the kinds (`studyapp.kinds`) tagged by ``kind``, so that a whole card travels through the index as a few bytes and comes
back typed.
"""

from __future__ import annotations

from typing import Annotated, Any, ClassVar, Self, TypeAlias

import msgspec

from studyapp.cards.field import Field, expression, prose
from studyapp.locale.message import Message

Scalar: TypeAlias = bool | int | float | str
"""What a deck file can write as a single value."""

Value: TypeAlias = Scalar | list[Any] | dict[str, Any]
"""A drawn or literal value: a scalar, a vector, a matrix (nested lists), or keyword arguments."""


Plain: TypeAlias = bool | int | float | str | list[Any] | dict[str, Any] | None
"""The same, or nothing: arguments of a function."""


class Struct(msgspec.Struct, frozen=True, omit_defaults=True):
    """Base of all deck values: immutable and compared by content. Their fields are annotated with a `Field`."""

    what: ClassVar[str | Message] = Message("an entry")
    """What one is called in messages."""

    def said(self, words: Any) -> Self:
        """The same in other words: the fields that a translation gives, or what its own form has read."""
        return msgspec.structs.replace(self, **words)


class Point(Struct, frozen=True, kw_only=True):
    """One thing a good answer says; ``words`` are the spellings by which it is recognised in typed text."""

    what: ClassVar[str | Message] = Message("a point")

    text: Annotated[str, prose()]
    words: Annotated[tuple[str, ...], Field(text="line")] = ()

    def said(self, words: Point) -> Point:
        """The point in other words; it is still recognised by its own ones."""
        return Point(text=words.text, words=(*words.words, *self.words))


class Misconception(Struct, frozen=True, kw_only=True):
    """A wrong answer that people really give: the expression that leads to it, and what to say then."""

    what: ClassVar[str | Message] = Message("a wrong answer")

    id: Annotated[str, Field(text="id")]
    value: Annotated[str, expression()]
    say: Annotated[str, prose(searched=False)]


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


ANSWER_NOTE = "The model answer; in compute and formula cards an expression."

Asked: TypeAlias = Annotated[str, prose("What is asked. Maths stands between dollar signs.")]
Points: TypeAlias = Annotated[tuple[Point, ...], prose("What a good answer says, one point an entry.", what="points")]
Draws: TypeAlias = Annotated[
    dict[str, Draw], Field("How each name gets its value.", what=Message("drawn names"), least=1)
]
Mistakes: TypeAlias = Annotated[
    tuple[Misconception, ...],
    prose("Wrong answers that people really give.", searched=False, what=Message("wrong answers")),
]
Match: TypeAlias = Annotated[
    str,
    Field(
        "How closely a text must match: exact, case, words or loose.",
        "plain",
        Message("exact, case, words or loose"),
        longest=20,
    ),
]
Fold: TypeAlias = Annotated[
    dict[str, str], Field("Spellings that count as equal: {ä: ae}.", "line", what="spellings", key="line")
]
Digits: TypeAlias = Annotated[int, Field("How many significant digits are asked for.", least=1, most=15)]
"""Fields that several kinds have."""


BEYOND = "beyond"
"""The tag of cards that go further than their topic: they are asked once it is learnt, or once they are turned on."""


class Card(Struct, tag_field="kind", frozen=True, kw_only=True):
    """What all kinds share. ``id`` is the card's identity for life: text may change, history stays.

    ``group`` names siblings: cards of one group are not shown on the same study day. ``loss`` names the
    reference loss that the card is about, where there is one. ``difficulty`` runs from 1 to 3.
    """

    id: Annotated[str, Field("The card's identity for life: editing the text keeps its history.", "card id")]
    was: Annotated[
        tuple[str, ...],
        Field("Ids that the card had before: its history goes along.", "card id", Message("earlier ids")),
    ] = ()
    tags: Annotated[tuple[str, ...], Field("Words to filter by.", "tag")] = ()
    covers: Annotated[
        tuple[str, ...], Field("The syllabus points that the card teaches.", "id", Message("syllabus points"))
    ] = ()
    source: Annotated[tuple[str, ...], Field("Where the fact comes from.", "line", "sources")] = ()
    leads_to: Annotated[
        tuple[str, ...], Field("The cards that an interviewer would ask next.", "card id", Message("card ids"))
    ] = ()
    hints: Annotated[tuple[str, ...], prose("Shown one after another, from concept to first step.")] = ()
    solution: Annotated[str, prose("The worked solution; numbers come from placeholders, never from the keyboard.")] = (
        ""
    )
    group: Annotated[
        str,
        Field(
            "Cards of one group are not shown on the same study day.",
            "plain",
            Message("the name of a group"),
            longest=80,
        ),
    ] = ""
    loss: Annotated[str, Field("The reference loss that the card is about.", "line")] = ""
    difficulty: Annotated[int, Field("From 1 (easy) to 3 (hard).", least=1, most=3)] = 2

    @property
    def kind(self) -> str:
        """The card's kind as written in a deck."""
        return str(self.__struct_config__.tag)


class DrawnCard(Card, frozen=True, kw_only=True):
    """What cards have in whose texts values are filled in, fresh ones for every asking.

    ``rows`` are values that belong together: one row is drawn, and its names are known like those of ``draw``. ``let``
    names intermediate values in order (name → expression). ``where`` is a condition that a draw must meet.
    """

    draw: Annotated[dict[str, Draw], Field("How each name gets its value.", what=Message("drawn names"))] = (
        msgspec.field(default_factory=dict)
    )
    rows: Annotated[
        tuple[dict[str, Draw], ...],
        Field("Values that belong together: one of these rows is drawn for each asking.", what=Message("rows")),
    ] = ()
    let: Annotated[
        dict[str, str],
        expression("Intermediate values: name and expression, in order.", what=Message("intermediate values")),
    ] = msgspec.field(default_factory=dict)
    where: Annotated[str, expression("A condition that the drawn values must meet.")] = ""
    define: Annotated[
        dict[str, str],
        expression(
            "Constants and functions for the expressions of the card: choose(n, k): factorial(n) / …",
            what=Message("definitions"),
            key="definition",
        ),
    ] = msgspec.field(default_factory=dict)

    @property
    def drawn_names(self) -> tuple[str, ...]:
        """The names that are drawn: those of a row, then those that are drawn by themselves."""
        return (*(self.rows[0] if self.rows else ()), *self.draw)


class Deck(Struct, frozen=True, kw_only=True):
    """One deck file: a header and its cards in the order in which they are meant to be learnt."""

    deck: str
    title: str
    language: str = "en"
    description: str = ""
    order: float = 1000.0
    was: tuple[str, ...] = ()
    cards: tuple[Card, ...] = ()
