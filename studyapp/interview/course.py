"""The course of a mock interview: what was planned, what was answered, and which question comes next.

An interview is a plain value that grows by one record a question. What comes next is a pure function of its plan, its
records and the cards, so it can be saved at any time and gone on with another day.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from msgspec import Struct
from msgspec.structs import replace

from studyapp.digest import blake2b
from studyapp.grading.question import variant_seed
from studyapp.locale.message import Message

_ANSWERED = Message("{count} question answered", "{count} questions answered")
_ANSWERED_OF = Message("{answered} of {count} question answered", "{answered} of {count} questions answered")

FOLLOW_UP = 0.7
"""How often an interviewer goes on with what the last question leads to, where it leads somewhere."""

UNKNOWN = 0.4
"""The weakness of a card of which nothing is known."""

LONGEST_TITLE = 120
"""Characters of a question in the report."""


class Plan(Struct, frozen=True):
    """What was chosen before the start. ``questions`` and ``minutes`` limit the length; no decks or kinds means all."""

    questions: int | None = 10
    minutes: int | None = None
    decks: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    language: str = "en"
    feedback_at_end: bool = False
    hard: bool = False
    """Whether cards tagged `beyond` are asked too where they are not yet asked otherwise."""
    schedules: bool = False
    """Whether answers count as reviews; otherwise they are logged but move no card."""
    seed: int = 0
    """What chance hangs on; another one for every interview."""


class Topic(Struct, frozen=True):
    """What an interviewer knows of a card without reading it."""

    card_id: str
    deck: str
    kind: str
    group: str = ""
    held: bool = False
    """Whether it is tagged `beyond` and not asked yet: only a hard interview asks it."""


class Record(Struct, frozen=True):
    """One question that was asked and how it went.

    ``score`` runs from 0 to 1; it means nothing where the learner has not ``judged`` an answer of their own.
    """

    card_id: str
    deck: str
    kind: str
    title: str
    outcome: str
    score: float
    seconds: float
    answer: str = ""
    remark: str = ""
    leads_to: tuple[str, ...] = ()
    judged: bool = True


class OnTable(Struct, frozen=True):
    """The question that waits for its answer: the time spent on it so far, and what was written."""

    card_id: str
    seconds: float = 0.0
    draft: str = ""


class Interview(Struct, frozen=True):
    """An interview under way. ``seconds`` is the time of the questions answered; pauses and feedback do not count."""

    plan: Plan
    started_at: str
    records: tuple[Record, ...] = ()
    seconds: float = 0.0
    skipped: tuple[str, ...] = ()
    on_table: OnTable | None = None

    def with_record(self, record: Record) -> Interview:
        """The interview with one more question answered."""
        seconds = self.seconds + max(0.0, record.seconds)
        return replace(self, records=(*self.records, record), seconds=seconds, on_table=None)

    def passing_over(self, card_id: str) -> Interview:
        """The interview without a card that cannot be asked."""
        return replace(self, skipped=(*self.skipped, card_id), on_table=None)

    @property
    def is_over(self) -> bool:
        """Whether the length that was planned is reached. A question under way when the time ends may be finished."""
        left = self.seconds_left()
        if left is not None and left <= 0:
            return True
        return self.plan.questions is not None and len(self.records) >= self.plan.questions

    def seconds_left(self, on_question: float = 0.0) -> float | None:
        """What remains of the time after so many seconds on the present question; None without a limit of time."""
        if self.plan.minutes is None:
            return None
        return max(0.0, 60 * self.plan.minutes - self.seconds - on_question)

    def answered(self) -> str:
        """How far it has come: ``3 of 5 questions answered``."""
        if self.plan.questions is None:
            return _ANSWERED(count=len(self.records))
        return _ANSWERED_OF(answered=len(self.records), count=self.plan.questions)


def title_of(question: str) -> str:
    """The text of a question as one short line of Markdown, no formula cut in two."""
    line = " ".join(question.replace("$$", "$").split())
    if len(line) <= LONGEST_TITLE:
        return line
    line = line[: LONGEST_TITLE - 1]
    return (line[: line.rindex("$")].rstrip() if line.count("$") % 2 else line) + "…"


def question_seed(card_id: str, interview_seed: int, place: int) -> int:
    """The seed of a question's numbers: ``place`` counts the questions of the interview from 0."""
    return variant_seed(f"interview {card_id}", interview_seed + place)


def fits(topic: Topic, plan: Plan) -> bool:
    """Whether a plan allows a card."""
    return (
        (not plan.decks or topic.deck in plan.decks)
        and (not plan.kinds or topic.kind in plan.kinds)
        and (plan.hard or not topic.held)
    )


def eligible(topics: Iterable[Topic], plan: Plan) -> list[Topic]:
    """The cards that a plan allows, in study order."""
    return [topic for topic in topics if fits(topic, plan)]


def next_card(interview: Interview, topics: Sequence[Topic], weakness: Mapping[str, float]) -> str | None:
    """The card of the next question, or None when the interview is over or nothing is left to ask.

    A question that was open comes back. Else an interviewer follows up on the last answer (``leads_to``), or
    changes the subject; cards with a larger ``weakness`` (0 for firm, 1 for the weakest; absent for unknown ones) are
    likelier to come.
    """
    if interview.is_over:
        return None
    asked = {record.card_id for record in interview.records} | set(interview.skipped)
    allowed = eligible(topics, interview.plan)
    groups = {topic.group for topic in allowed if topic.card_id in asked and topic.group}
    left = [topic for topic in allowed if topic.card_id not in asked and topic.group not in groups]
    left = left or [topic for topic in allowed if topic.card_id not in asked]
    if not left:
        return None
    turn = len(interview.records) + len(interview.skipped)
    by_id = {topic.card_id: topic for topic in left}
    if interview.on_table is not None and interview.on_table.card_id in by_id:
        return interview.on_table.card_id
    last = interview.records[-1] if interview.records else None
    if last is not None:
        follow_ups = [card_id for card_id in last.leads_to if card_id in by_id]
        if follow_ups and _unit(interview.plan.seed, turn, "follow") < FOLLOW_UP:
            return follow_ups[0]
        # Three questions in a row on one subject are enough: the next one is on another, where there is one.
        recent = [record.deck for record in interview.records[-2:]]
        if len(recent) == 2 and len(set(recent)) == 1:
            left = [topic for topic in left if topic.deck != recent[0]] or left
    return _weighted(left, weakness, _unit(interview.plan.seed, turn, "choose"))


def _weighted(topics: Sequence[Topic], weakness: Mapping[str, float], chance: float) -> str:
    weights = [0.25 + weakness.get(topic.card_id, UNKNOWN) for topic in topics]
    mark = chance * sum(weights)
    for topic, weight in zip(topics, weights, strict=True):
        mark -= weight
        if mark < 0:
            return topic.card_id
    return topics[-1].card_id


def _unit(*parts: object) -> float:
    """A number from 0 to below 1 that depends on nothing but ``parts``, on every machine."""
    digest = blake2b("\x1f".join(map(str, parts)).encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big") / 2**64
