"""What is written in other formats: cards with their history, ready for those who hold less than this app.

Kinds that are graded become a question with its answer: of one variant, with its worked solution.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import msgspec

from studyapp.cards.card import Card
from studyapp.formats.value import DeckPath, Loss, Medium, Note, NoteType, Review, loss
from studyapp.kinds import kind_of
from studyapp.kinds.recall import RecallCard
from studyapp.locale.message import Message
from studyapp.schedule.memory import CardState

ONE_VARIANT = Message("{kind} becomes a question with the worked solution of one variant")
AS_QUESTION = Message("{kind} becomes a question with its answer")
NO_VARIANT = Message("no variant of it could be made; it is left out")

SEED = 1


class Source(msgspec.Struct, frozen=True):
    """Where an outgoing card came from, with what its note held there; see `exchange.origins.Origin`."""

    note: str
    ordinal: int
    deck: DeckPath
    card: dict[str, object]
    raw: dict[str, int | str] = {}
    reviews: tuple[Review, ...] = ()
    unrated: tuple[tuple[int, ...], ...] = ()


class OutgoingCard(msgspec.Struct, frozen=True):
    """One card on its way out: the card in the language that is asked for, its deck, its state and answers."""

    card: Card
    deck: str
    deck_title: str = ""
    state: CardState | None = None
    reviews: tuple[Review, ...] = ()
    suspended: bool = False
    flagged: bool = False
    answered_here: bool = False
    """Whether it was answered since it came, so that its schedule is no longer that of its source."""
    source: Source | None = None


class Outgoing(msgspec.Struct):
    """All that is written; `losses` is filled by the writer.

    ``media`` are, by the paths that cards name, files beside their decks.
    """

    name: str
    cards: list[OutgoingCard]
    today: int
    now: int
    """Milliseconds since 1970."""
    language: str = "en"
    notes: dict[str, Note] = {}
    note_types: dict[int, NoteType] = {}
    media: dict[str, Medium] = {}
    losses: list[Loss] = []
    answers: list[dict[str, Any]] = []
    """The rows of the review log, for formats that hold nothing else."""


class Plain(NamedTuple):
    """A card as question and answer, both light Markdown, and what else explains it."""

    question: str
    answer: str
    solution: str


def as_question(card: Card, language: str) -> Plain:
    """Any card as question and answer, with the worked solution of one variant.

    Raises:
        ValueError: no variant of it can be made.
    """
    from studyapp.grading.draw import DrawError

    if isinstance(card, RecallCard):
        return Plain(card.question, card.answer, card.solution)
    kind = kind_of(card)
    try:
        question = kind.ask(card, SEED, language)
        reveal = kind.reveal(card, question)
    except DrawError as error:
        raise ValueError(str(error)) from None
    text = question.text
    if question.options:
        text += "\n\n" + "\n".join(f"{number}. {option}" for number, option in enumerate(question.options, 1))
    lines = [reveal.answer, *(f"- {point}" for point in reveal.points), *reveal.notes]
    return Plain(text, "\n\n".join(line for line in lines if line), reveal.solution)


def as_recall(one: OutgoingCard, outgoing: Outgoing) -> RecallCard | None:
    """A card of a graded kind as a recall card with the worked solution of one variant; what is lost is said.

    None where no variant of it can be made.
    """
    card = one.card
    try:
        plain = as_question(card, outgoing.language)
    except ValueError:
        outgoing.losses.append(loss(NO_VARIANT, card.id))
        return None
    what = ONE_VARIANT if card.kind in ("compute", "formula") else AS_QUESTION
    outgoing.losses.append(loss(what, card.id, kind=card.kind))
    return RecallCard(
        id=card.id, tags=card.tags, source=card.source, hints=card.hints, difficulty=card.difficulty,
        question=plain.question, answer=plain.answer or "–", solution=plain.solution,
    )  # fmt: skip
