"""A mock interview without any screen: which question comes next, what was answered, and the report.

An interview is a plain value that grows by one record a question. It is a pure function of its plan, its records and
the cards, so it can be saved after every answer and gone on with another day.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime, timedelta
from hashlib import blake2b
from pathlib import Path
from typing import Any

FOLLOW_UP = 0.7
"""How often an interviewer goes on with what the last question leads to, where it leads somewhere."""

WELL_DONE = 0.75
"""A score from which an answer counts as good in the report."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What was chosen before the start. ``questions`` or ``minutes`` limits the length; no decks or kinds means all."""

    questions: int | None = 10
    minutes: int | None = None
    decks: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    language: str = "en"
    feedback_at_end: bool = False
    schedules: bool = False
    """Whether answers count as reviews; otherwise they are logged but move no card."""
    seed: int = 0


@dataclass(frozen=True, slots=True)
class Topic:
    """What an interviewer knows of a card without reading it."""

    card_id: str
    deck: str
    kind: str
    group: str = ""


@dataclass(frozen=True, slots=True)
class Record:
    """One question that was asked and how it went. ``score`` runs from 0 to 1."""

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


@dataclass(frozen=True, slots=True)
class Interview:
    """An interview under way. ``seconds`` is the time used, pauses not counted."""

    plan: Plan
    started_at: str
    records: tuple[Record, ...] = ()
    seconds: float = 0.0
    skipped: tuple[str, ...] = field(default=())

    def with_record(self, record: Record) -> Interview:
        """The interview with one more question answered."""
        return replace(self, records=(*self.records, record), seconds=self.seconds + max(0.0, record.seconds))

    def passing_over(self, card_id: str) -> Interview:
        """The interview without a card that cannot be asked."""
        return replace(self, skipped=(*self.skipped, card_id))

    @property
    def is_over(self) -> bool:
        """Whether the length that was planned is reached."""
        plan = self.plan
        if plan.minutes is not None and self.seconds >= 60 * plan.minutes:
            return True
        return plan.questions is not None and len(self.records) >= plan.questions

    def seconds_left(self) -> float | None:
        """What remains of the time, None where only questions are counted."""
        return None if self.plan.minutes is None else max(0.0, 60 * self.plan.minutes - self.seconds)


def eligible(topics: Iterable[Topic], plan: Plan) -> list[Topic]:
    """The cards that a plan allows, in study order."""
    return [
        topic
        for topic in topics
        if (not plan.decks or topic.deck in plan.decks) and (not plan.kinds or topic.kind in plan.kinds)
    ]


def next_card(interview: Interview, topics: Sequence[Topic], weakness: Mapping[str, float]) -> str | None:
    """The card of the next question, or None when the interview is over or nothing is left to ask.

    An interviewer follows up on the last answer (``leads_to``), else changes the subject; cards with a larger
    ``weakness`` (0 for firm, 1 for the weakest; absent for unknown ones) are likelier to come.
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
    weights = [0.25 + weakness.get(topic.card_id, 0.4) for topic in topics]
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


# ---------------------------------------------------------------------- saving


class InterviewFileError(ValueError):
    """A saved interview that cannot be read."""


def to_json(interview: Interview) -> str:
    """The interview as text for `from_json`."""
    return json.dumps(asdict(interview), ensure_ascii=False, indent=1)


def from_json(text: str) -> Interview:
    """The interview that `to_json` wrote.

    Raises:
        InterviewFileError: for anything else.
    """
    try:
        read: dict[str, Any] = json.loads(text)
        plan = read["plan"]
        return Interview(
            Plan(**{**plan, "decks": tuple(plan["decks"]), "kinds": tuple(plan["kinds"])}),
            str(read["started_at"]),
            tuple(Record(**{**record, "leads_to": tuple(record["leads_to"])}) for record in read["records"]),
            float(read["seconds"]),
            tuple(read["skipped"]),
        )
    except (ValueError, KeyError, TypeError) as error:
        raise InterviewFileError(f"not a saved interview: {error}") from None


def save(path: Path, text: str) -> None:
    """Write a file atomically.

    Raises:
        OSError: it cannot be written; the earlier file is intact.
    """
    from studyapp.deck.atomic import write_atomically

    path.parent.mkdir(parents=True, exist_ok=True)
    write_atomically(path, text)


# ---------------------------------------------------------------------- report


@dataclass(frozen=True, slots=True)
class Share:
    """How one topic or kind went: its name, the number of questions, the mean score, the mean time in seconds."""

    name: str
    questions: int
    score: float
    seconds: float


def shares(records: Sequence[Record], attribute: str) -> tuple[Share, ...]:
    """Results by ``deck`` or ``kind``, the weakest first."""
    groups: dict[str, list[Record]] = {}
    for record in records:
        groups.setdefault(str(getattr(record, attribute)), []).append(record)
    found = [
        Share(
            name,
            len(group),
            sum(record.score for record in group) / len(group),
            sum(record.seconds for record in group) / len(group),
        )
        for name, group in groups.items()
    ]
    return tuple(sorted(found, key=lambda share: (share.score, -share.questions, share.name)))


def to_look_at(records: Sequence[Record]) -> tuple[Record, ...]:
    """The questions worth another look: those not done well, the worst first, then the slowest."""
    poor = [record for record in records if record.score < WELL_DONE]
    return tuple(sorted(poor, key=lambda record: (record.score, -record.seconds)))


def report(interview: Interview, titles: Mapping[str, str], ended_at: datetime) -> str:
    """The report as Markdown. ``titles`` gives the decks' titles by name."""
    records = interview.records
    if not records:
        return "# Mock interview\n\nNo question was answered.\n"
    mean = sum(record.score for record in records) / len(records)
    lines = [
        f"# Mock interview, {ended_at:%Y-%m-%d %H:%M}",
        "",
        f"{len(records)} questions in {_minutes(interview.seconds)}, {mean:.0%} of the points.",
        "",
    ]
    for heading, attribute in (("By topic", "deck"), ("By kind", "kind")):
        lines += [f"## {heading}", "", "| | questions | score | time each |", "|---|---:|---:|---:|"]
        for share in shares(records, attribute):
            name = titles.get(share.name, share.name)
            lines.append(f"| {_cell(name)} | {share.questions} | {share.score:.0%} | {_minutes(share.seconds)} |")
        lines.append("")
    again = to_look_at(records)
    lines += ["## To look at again", ""]
    lines += [f"- {_one_line(record.title)} (`{record.card_id}`): {_verdict(record)}" for record in again]
    lines += [] if again else ["Nothing: every answer was good."]
    lines += ["", "## All questions", ""]
    for number, record in enumerate(records, start=1):
        lines.append(
            f"{number}. {_one_line(record.title)} (`{record.card_id}`): {_verdict(record)}, {_minutes(record.seconds)}"
        )
    return "\n".join(lines) + "\n"


def _verdict(record: Record) -> str:
    remark = f": {_one_line(record.remark)}" if record.remark else ""
    return f"{record.outcome.replace('_', ' ')}, {record.score:.0%}{remark}"


def _minutes(seconds: float) -> str:
    whole = round(timedelta(seconds=seconds).total_seconds())
    return f"{whole // 60}:{whole % 60:02}"


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _cell(text: str) -> str:
    return _one_line(text).replace("|", "\\|")
