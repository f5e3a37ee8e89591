"""Under which topic a card counts: the topics of what it covers of the syllabus, or else its deck."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Self

from msgspec import Struct


class StudyTopic(Struct, frozen=True):
    """What figures are gathered under: a topic of the syllabus, or a deck whose cards cover no point of it."""

    name: str
    title: str
    is_deck: bool = False


class Topics:
    """Finds the topics of cards.

    A card that covers points of several topics counts in each of them; one that covers none counts in its deck.
    """

    def __init__(self, topics: Mapping[str, str], points: Mapping[str, str], decks: Mapping[str, str]) -> None:
        """``topics`` and ``decks`` are titles by name, ``points`` gives the topic of each syllabus point."""
        self._topics = {name: StudyTopic(name, title) for name, title in topics.items()}
        self._points = {point: self._topics[topic] for point, topic in points.items() if topic in self._topics}
        self._decks = decks
        self._places = {topic: place for place, topic in enumerate(self._topics.values())}
        self._known: dict[tuple[str, str], tuple[StudyTopic, ...]] = {}

    @classmethod
    def read(cls, syllabus: Path, decks: Mapping[str, str], language: str = "en") -> Self:
        """The topics of a syllabus file; where there is none, or nothing in it can be used, each deck is a topic."""
        from .syllabus import read_syllabus

        read = read_syllabus(syllabus)
        return cls({topic.id: topic.title_in(language) for topic in read.topics}, read.topic_of, decks)

    def of(self, deck: str, covers: str) -> tuple[StudyTopic, ...]:
        """The topics of a card of ``deck`` that covers these points, parted by blanks."""
        key = (deck, covers)
        found = self._known.get(key)
        if found is None:
            topics = dict.fromkeys(self._points[point] for point in covers.split() if point in self._points)
            found = tuple(topics) or (StudyTopic(deck, self._decks.get(deck) or deck, is_deck=True),)
            self._known[key] = found
        return found

    def place(self, topic: StudyTopic) -> tuple[int, str]:
        """A key that puts topics in the order of the syllabus, decks behind them by title."""
        return self._places.get(topic, len(self._places)), topic.title
