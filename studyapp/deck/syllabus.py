"""The map of what the decks teach: topics, points with the kinds of question they call for, common mistakes, and the
questions that interviewers ask."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from studyapp.cards.card import BEYOND, Card, Struct
from studyapp.cards.card_form import INNER_ID, PROSE
from studyapp.forms.form import Choice, ListOf, record
from studyapp.forms.node import MapNode, Node, ScalarNode, describe
from studyapp.forms.problem import Problem, did_you_mean, quoted
from studyapp.forms.reading import BAD, Form, Reading
from studyapp.kinds import kind_of
from studyapp.locale.message import Message

from .file_text import UnreadableFile, read_text
from .yaml_events import YamlEvents
from .yaml_trouble import YamlTrouble

_FILE_EMPTY = Message("the file is empty")
_SYLLABUS_MAPPING = Message("a syllabus is a mapping, not {found}")

_SYLLABUS_NO_KEY = Message("a syllabus has no key {name}")
_LISTED_TWICE = Message("{id} is listed twice")
_THERE_NO_TOPIC = Message("there is no topic {topic}")

ASKS = ("definition", "trade-off", "derivation", "compute", "code")
"""The kinds of question that a point can call for."""

MEND = "mend"
"""What a mistake calls for: a card in which it is mended."""

SAY = "say"
"""What an interviewer's question calls for: a card on which the whole answer is said, not picked or filled in."""


class Topic(Struct, frozen=True, kw_only=True):
    """A chapter of the syllabus."""

    id: str
    title: str
    title_zh: str = ""

    def title_in(self, language: str) -> str:
        """The title in a language that has one, else in English."""
        return (self.title_zh if language.startswith("zh") else "") or self.title


class SyllabusPoint(Struct, frozen=True, kw_only=True):
    """One thing to know, and the kinds of question it calls for."""

    id: str
    topic: str
    point: str
    ask: tuple[str, ...]


class Erratum(Struct, frozen=True, kw_only=True):
    """A claim that is often seen and wrong."""

    id: str
    topic: str
    wrong: str
    right: str


class SyllabusQuestion(Struct, frozen=True, kw_only=True):
    """A question in the words of an interviewer."""

    id: str
    topic: str
    question: str
    question_zh: str = ""


class Syllabus(Struct, frozen=True):
    """A syllabus file as read."""

    path: Path
    topics: tuple[Topic, ...]
    points: tuple[SyllabusPoint, ...]
    errata: tuple[Erratum, ...]
    questions: tuple[SyllabusQuestion, ...]
    problems: tuple[Problem, ...]

    @property
    def topic_of(self) -> dict[str, str]:
        """Everything that a card may name under ``covers``, with the topic under which it stands."""
        entries: list[SyllabusPoint | Erratum | SyllabusQuestion] = [*self.points, *self.errata, *self.questions]
        return {one.id: one.topic for one in entries}


class Demand(Struct, frozen=True):
    """A point and one kind of question for it (``mend`` for an erratum, ``say`` for a question of an interviewer), with
    the cards that ask it."""

    point: str
    topic: str
    ask: str
    cards: tuple[str, ...]


class Coverage(Struct, frozen=True):
    """What the syllabus demands and which cards meet it."""

    demands: tuple[Demand, ...]
    beyond: int = 0
    """Cards tagged `beyond`: they meet no demand."""

    @property
    def missing(self) -> tuple[Demand, ...]:
        """The demands that no card meets."""
        return tuple(demand for demand in self.demands if not demand.cards)

    @property
    def points(self) -> tuple[int, int]:
        """Points, errata and questions with nothing missing, and all of them."""
        every = {demand.point for demand in self.demands}
        lacking = {demand.point for demand in self.missing}
        return len(every) - len(lacking), len(every)

    def by_ask(self) -> dict[str, tuple[int, int]]:
        """For each kind of question: how many demands are met, and how many there are."""
        table: dict[str, tuple[int, int]] = {}
        for ask in (*ASKS, MEND, SAY):
            asked = [demand for demand in self.demands if demand.ask == ask]
            if asked:
                table[ask] = (sum(bool(demand.cards) for demand in asked), len(asked))
        return table


def coverage(syllabus: Syllabus, cards: Iterable[Card]) -> Coverage:
    """Which cards meet which demand of the syllabus."""
    by_point: dict[str, list[Card]] = {}
    beyond = 0
    for card in cards:
        if BEYOND in card.tags:
            beyond += 1
            continue
        for point in card.covers:
            by_point.setdefault(point, []).append(card)

    def fitting(point: str, ask: str) -> tuple[str, ...]:
        return tuple(card.id for card in by_point.get(point, ()) if ask in kind_of(card).asks)

    demands = [
        Demand(point.id, point.topic, ask, fitting(point.id, ask)) for point in syllabus.points for ask in point.ask
    ]
    demands += [Demand(erratum.id, erratum.topic, MEND, fitting(erratum.id, MEND)) for erratum in syllabus.errata]
    demands += [Demand(one.id, one.topic, SAY, fitting(one.id, SAY)) for one in syllabus.questions]
    return Coverage(tuple(demands), beyond)


_REMARKS = ("point_zh", "wrong_zh", "right_zh", "docs", "source", "sources")
_SECTIONS: dict[str, Form] = {
    "topics": ListOf(
        record(Message("a topic"), Topic, {"id": INNER_ID, "title": PROSE, "title_zh": PROSE}), Message("the topics")
    ),
    "points": ListOf(
        record(
            Message("a point"),
            SyllabusPoint,
            {
                "id": INNER_ID,
                "topic": INNER_ID,
                "point": PROSE,
                "ask": ListOf(Choice(Message("a kind of question"), ASKS), Message("the kinds of question"), least=1),
            },
            ignored=_REMARKS,
        ),
        Message("the points"),
    ),
    "errata": ListOf(
        record(
            Message("an erratum"),
            Erratum,
            {"id": INNER_ID, "topic": INNER_ID, "wrong": PROSE, "right": PROSE},
            ignored=_REMARKS,
        ),
        Message("the errata"),
    ),
    "questions": ListOf(
        record(
            Message("a question"),
            SyllabusQuestion,
            {"id": INNER_ID, "topic": INNER_ID, "question": PROSE, "question_zh": PROSE},
            ignored=("docs", "source", "sources"),
        ),
        Message("the questions"),
    ),
}


def read_syllabus(path: Path) -> Syllabus:
    """Reads a syllabus file. Never raises: what is wrong is among the problems."""
    reading = Reading(path)
    sections: dict[str, tuple[Any, ...]] = {name: () for name in _SECTIONS}
    try:
        text, _ = read_text(path)
        for key, node in _top(text):
            name = key.value if type(key) is ScalarNode else ""
            if name not in _SECTIONS:
                hint = did_you_mean(name, _SECTIONS)
                reading.problem(key, "unknown-key", _SYLLABUS_NO_KEY(name=quoted(name)), hint)
                continue
            value = _SECTIONS[name].read(node, reading)
            if value is not BAD:
                sections[name] = value
                _check_ids(name, node, sections, reading)
    except (UnreadableFile, YamlTrouble) as error:
        reading.problems.append(Problem(path, error.line, error.column, error.code, error.message, hint=error.hint))
    return Syllabus(path, problems=tuple(reading.problems), **sections)


def _top(text: str) -> list[tuple[Node, Node]]:
    events = YamlEvents(text.removeprefix("\ufeff"))
    event = events.start()
    if event is None:
        raise YamlTrouble(1, 1, "empty-file", _FILE_EMPTY())
    node = events.node(event)
    events.finish()
    if type(node) is not MapNode:
        raise YamlTrouble(node.line, node.column, "type", _SYLLABUS_MAPPING(found=describe(node)))
    return node.entries


def _check_ids(name: str, node: Node, sections: dict[str, tuple[Any, ...]], reading: Reading) -> None:
    """No id twice, and no topic that does not exist."""
    topics = {topic.id for topic in sections["topics"]}
    seen: set[str] = set()
    for entry, item in zip(sections[name], getattr(node, "items", ()), strict=True):
        if entry.id in seen:
            reading.problem(item, "duplicate-id", _LISTED_TWICE(id=quoted(entry.id)))
        seen.add(entry.id)
        topic = getattr(entry, "topic", None)
        if topic is not None and topics and topic not in topics:
            reading.problem(item, "unknown-topic", _THERE_NO_TOPIC(topic=quoted(topic)), did_you_mean(topic, topics))
