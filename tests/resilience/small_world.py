"""A learner's whole surroundings in a folder, small and quick: decks, data, a clock that stands still until moved."""

from __future__ import annotations

import random
from datetime import UTC, datetime
from pathlib import Path

from studyapp.deck.bank import Bank
from studyapp.deck.library import Library
from studyapp.deck.template import starter_deck
from studyapp.folders import Folders
from studyapp.schedule.day import StudyDays
from studyapp.schedule.rating import Rating
from studyapp.services import Services, open_services
from studyapp.session import Session
from studyapp.settings import Settings
from tests.clock import ManualClock

START = datetime(2026, 1, 5, 12, tzinfo=UTC)
NO_LIMITS = Settings(new_per_day=-1, reviews_per_day=-1)


class SmallWorld:
    """Decks of ``cards`` plain cards and one card of each kind; nothing is opened yet."""

    def __init__(
        self, folder: Path, cards: int = 12, clock: ManualClock | None = None, days: StudyDays | None = None
    ) -> None:
        self.folders = Folders(folder / "home", folder / "home" / "config.toml", folder / "content")
        self.home = self.folders.home
        self.clock = clock or ManualClock(START)
        self.days = days or StudyDays(UTC)
        content = self.folders.content
        if not content.exists():
            content.mkdir(parents=True)
            (content / "kinds.yaml").write_text(starter_deck("kinds"), "utf-8")
            (content / "plain.yaml").write_text(plain_deck("plain", cards), "utf-8")

    def open(self, settings: Settings = NO_LIMITS) -> Services:
        """Opens the decks and the data."""
        return open_services(self.folders, settings, self.clock, self.days)

    def bank(self) -> Bank:
        """Opens the decks alone."""
        return Bank.open(Library(self.folders.home, self.folders.content), self.folders.cache)


def plain_deck(name: str, cards: int, wording: str = "The minimiser of MAE is the") -> str:
    """A deck of cloze cards; every third pair of them are siblings."""
    lines = [f"deck: {name}", f"title: {name.title()}", "order: 5", "cards:"]
    for number in range(cards):
        group = f", group: g{number // 6}" if number % 6 < 2 else ""
        lines.append(f"  - {{id: {name}-{number}, kind: cloze{group}, text: '{wording} {{{{median}}}} ({number}).'}}")
    return "\n".join(lines) + "\n"


def rate_next(session: Session, rating: Rating = Rating.GOOD) -> str:
    """Gives the card on the table up and rates it; its id."""
    assert session.turn is not None
    card_id = session.turn.card.id
    if session.turn.counted is None:
        session.give_up()
    session.rate(rating)
    return card_id


def study_days(world: SmallWorld, rng: random.Random, days: int, a_day: int) -> int:
    """Some days of study with random ratings, each of at most ``a_day`` answers; how many there were."""
    given = 0
    for _ in range(days):
        services = world.open()
        try:
            session = services.session()
            for _ in range(a_day):
                if session.turn is None:
                    break
                rate_next(session, Rating(rng.choice([1, 2, 3, 3, 3, 4])))
                given += 1
                world.clock.move(seconds=rng.uniform(5, 90))
        finally:
            services.close()
        world.clock.move(days=1)
    return given
