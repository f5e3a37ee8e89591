"""What a kind of card says of itself: the base of all kinds, with what holds for most of them.

A kind is one object without state. Those who read, ask, judge and show cards ask it, and never look at the class of a
card. What it holds is declared by the fields of its struct (`studyapp.cards.field`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, ClassVar, Generic, TypeVar

from studyapp.cards.card import Card, Point
from studyapp.grading.question import Question
from studyapp.grading.solution import Reveal
from studyapp.grading.stream import Stream
from studyapp.grading.verdict import Outcome, Verdict
from studyapp.locale.message import Message

if TYPE_CHECKING:
    from studyapp.cards.rules import Finding
    from studyapp.grading.proof import Proof

_CARD_NO_POINTS_TICK = Message("a {name} card has no points to tick")

C = TypeVar("C", bound=Card)


class Kind(Generic[C]):
    """One kind of card. A subclass says at least how it asks, how it grades and what is right."""

    card: ClassVar[Any]
    """The struct of its cards."""

    asks: ClassVar[tuple[str, ...]] = ()
    """The kinds of question of a syllabus that it can put; ``mend`` where a mistake is found and mended in it, ``say``
    where an answer is given in whole, in words or in code."""

    starter: ClassVar[str] = ""
    """The commented card of a new deck, in YAML, indented as in the list; ``{name}-`` stands before its id."""

    self_rated = False
    """The learner judges by points to tick. Such a card is not answered twice."""

    answered_in_head = False
    """Nothing is typed: the answer is revealed."""

    keeps_draft = False
    """What has been typed is worth keeping when the card is left."""

    runs_code = False
    """Grading runs the learner's code: it takes a while and can be stopped; the answer is held back meanwhile."""

    echoes = False
    """How the answer is read is shown while it is typed."""

    fills_texts = True
    """Values that the card draws are filled into its texts before it is asked; otherwise the kind sees to them."""

    drawn_fields: ClassVar[frozenset[str]] = frozenset()
    """Fields beside the texts of the learner into which values are filled in."""

    double_braces: ClassVar[frozenset[str]] = frozenset()
    """Texts in which two braces mean something to the kind."""

    verdict_shows_answer = False
    """The details of a verdict show the right answer already."""

    verdict_shows_reasons = False
    """The details of a verdict show the reasons already."""

    @property
    def name(self) -> str:
        """The word that decks use for the kind."""
        return str(self.card.__struct_config__.tag)

    # In decks

    def rules(self, card: C) -> Iterator[Finding]:
        """What is wrong inside the card beyond the form of its keys, its expressions and placeholders included."""
        return iter(())

    def misfit(self, card: C, key: str, text: str) -> str:
        """Why a translated text cannot stand at ``key``; empty where it can."""
        return ""

    def siblings(self, card: C) -> tuple[C, ...]:
        """The cards that one entry of a deck stands for: most often the card itself alone."""
        return (card,)

    def heading(self, card: C) -> str:
        """The text by which the card is known in lists."""
        return str(getattr(card, "question", ""))

    def outline(self, heading: str) -> str:
        """A heading, maybe cut off at its end, without what is still to be filled in."""
        return heading

    def draw_condition(self, card: C) -> str:
        """What drawn values must meet; empty where all will do."""
        return str(getattr(card, "where", ""))

    # The question

    def ask(self, card: C, seed: int, language: str) -> Question:
        """The card as a question, a pure function of its arguments.

        Raises:
            DrawError: the card's numbers cannot be drawn, or not so that right and wrong answers differ.
        """
        raise NotImplementedError

    def drawn(self, question: Question) -> dict[str, Any]:
        """What chance decided, as plain values to be stored with the answer."""
        return {}

    def restore(self, card: C, seed: int, drawn: Any, language: str) -> Question | None:
        """The question as it was asked, from what ``drawn`` gave; None where the card no longer fits it.

        It may also raise ValueError, KeyError, TypeError or AttributeError for that.
        """
        return None

    def starting_text(self, card: C) -> str:
        """What the learner is given to go on from; empty where the answer starts empty."""
        return ""

    def long_answer(self, question: Question) -> bool:
        """Whether the answer takes several lines."""
        return bool(question.parts)

    def readings(self, card: C, question: Question, text: str) -> list[str]:
        """How what has been typed is read, for kinds with ``echoes``. It may import NumPy.

        Raises:
            ExpressionError: it cannot be read.
        """
        return []

    # The answer

    def grade(self, card: C, question: Question, answer: str) -> Verdict:
        """The verdict on an answer, given as text."""
        raise NotImplementedError

    def in_words(self, card: C) -> bool:
        """Whether answers are words, of which the learner may have one counted as right that was refused."""
        return False

    def regrade(self, card: C, question: Question, verdict: Verdict) -> Verdict | None:
        """The verdict in another language, for kinds that do not grade the same answer twice; None where it is graded
        anew."""
        return None

    def tick(self, card: C, question: Question, ticked: set[int]) -> Verdict:
        """The learner's own judgement, for kinds that are ``self_rated``; see ``rubric.ticked``."""
        raise ValueError(_CARD_NO_POINTS_TICK(name=self.name))

    def reference(self, card: C, question: Question) -> str:
        """The right answer as text."""
        raise NotImplementedError

    def right_answer(self, card: C, question: Question) -> str:
        """The right answer as a learner would type it."""
        return self.reference(card, question)

    def reveal(self, card: C, question: Question) -> Reveal:
        """What is shown after an answer, computed from the question's own numbers where it has any."""
        return Reveal(self.reference(card, question), card.solution)

    def source(self, card: C, question: Question, revealed: bool) -> str:
        """What is asked as it is written, LaTeX and all, with the answer in it only where that is ``revealed``."""
        return question.text

    # Its proof

    def prove(self, card: C, proof: Proof) -> None:
        """Play the card: the answer as shown is right, a blank is not, all texts can be made."""
        for seed in range(3):
            question = self.ask(card, seed, "en")
            proof.texts(question)
            if not self.self_rated:
                proof.blank(question)
                right = self.right_answer(card, question)
                proof.expect(proof.grade(question, right), Outcome.CORRECT, "right-answer", f"“{right}”")


class RubricKind(Kind[C]):
    """A kind that the learner judges against a model answer and the points that it makes."""

    self_rated = True
    prompt: ClassVar[Message]
    """What form of answer is expected."""

    def ask(self, card: C, seed: int, language: str) -> Question:
        return plain_question(card, seed, language, self.heading(card), self.prompt())

    def grade(self, card: C, question: Question, answer: str) -> Verdict:
        from studyapp.grading.rubric import suggested

        return suggested(self.points(card), self.reference(card, question), answer, question.text)

    def tick(self, card: C, question: Question, ticked: set[int]) -> Verdict:
        from studyapp.grading import rubric

        return rubric.ticked(self.points(card), self.reference(card, question), ticked)

    def points(self, card: C) -> tuple[Point, ...]:
        """The points of the rubric."""
        return tuple(getattr(card, "points", ()))

    def reference(self, card: C, question: Question) -> str:
        return str(getattr(card, "answer", ""))

    def reveal(self, card: C, question: Question) -> Reveal:
        answer = self.reference(card, question)
        return Reveal(answer, card.solution, tuple(point.text for point in self.points(card)))


class ShuffledKind(Kind[C]):
    """A kind that shows lines in random order, to be named by their numbers."""

    def lines(self, card: C) -> Sequence[str]:
        """The lines in the card's own order."""
        raise NotImplementedError

    def prompt(self, card: C) -> str:
        """What form of answer is expected."""
        raise NotImplementedError

    def arrangement(self, card: C, stream: Stream) -> list[int]:
        """A random order of the lines."""
        return stream.shuffled(range(len(self.lines(card))))

    def ask(self, card: C, seed: int, language: str) -> Question:
        return self._arranged(card, seed, self.arrangement(card, Stream(card.id, seed)), language)

    def _arranged(self, card: C, seed: int, arrangement: Sequence[int], language: str) -> Question:
        lines = self.lines(card)
        options = tuple(lines[place] for place in arrangement)
        return plain_question(
            card, seed, language, self.heading(card), self.prompt(card), options=options, arrangement=tuple(arrangement)
        )

    def drawn(self, question: Question) -> dict[str, Any]:
        return {"order": list(question.arrangement)}

    def restore(self, card: C, seed: int, drawn: Any, language: str) -> Question | None:
        arrangement = tuple(drawn["order"])
        if sorted(arrangement) != list(range(len(self.lines(card)))):
            return None
        return self._arranged(card, seed, arrangement, language)


def plain_question(card: Card, seed: int, language: str, text: str, prompt: str, **more: Any) -> Question:
    """A question without drawn numbers."""
    return Question(card, seed, language, text, prompt, card.hints, {}, **more)
