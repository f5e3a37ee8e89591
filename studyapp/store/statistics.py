"""Figures about what was learnt, for the learner. Everything that was undone is left out."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from typing import Any

from msgspec import Struct

from studyapp.clock import to_milliseconds
from studyapp.schedule.day import StudyDays
from studyapp.schedule.leech import FIRST_ALARM
from studyapp.schedule.rating import REMEMBERED, Rating
from studyapp.store.log import LONGEST_COUNTED_MS

Ask = Callable[[Callable[[sqlite3.Connection], list[Any]]], list[Any]]

MATURE_DAYS = 21
"""A review after at least so many days is of a mature card, before it of a young one."""

_IN_SPAN = "result.day BETWEEN :first AND :last"
_RATINGS = f"""
    SELECT {", ".join(f"count(*) FILTER (WHERE rating = {int(rating)})" for rating in Rating)}
    FROM result WHERE {_IN_SPAN}
"""
_ANY_ANSWER = "SELECT 1 FROM result WHERE day = :day LIMIT 1"
_RETENTION = f"""
    SELECT
        count(*) FILTER (WHERE interval_before < {MATURE_DAYS} AND {REMEMBERED}),
        count(*) FILTER (WHERE interval_before < {MATURE_DAYS}),
        count(*) FILTER (WHERE interval_before >= {MATURE_DAYS} AND {REMEMBERED}),
        count(*) FILTER (WHERE interval_before >= {MATURE_DAYS})
    FROM result WHERE {_IN_SPAN} AND phase_before = 2 AND days_before >= 1
"""
_CALENDAR = f"""
    SELECT day, count(*), sum(min(coalesce(duration, 0), {LONGEST_COUNTED_MS}))
    FROM result WHERE {_IN_SPAN} GROUP BY day ORDER BY day
"""
_FORECAST = """
    SELECT max(due.day, :first) AS due_day, count(*)
    FROM (
        SELECT card_number, due_day AS day FROM card_state WHERE phase = 2 AND due_day <= :last
        UNION ALL
        SELECT card_number, :first + (due_at - :begin) / 86400000 FROM card_state
        WHERE phase <> 2 AND due_at < :begin + (:last - :first + 1) * 86400000
    ) AS due
    CROSS JOIN main.card AS known USING (card_number) CROSS JOIN bank.card AS card ON card.card_id = known.card_id
    CROSS JOIN bank.deck AS deck ON deck.deck_id = card.deck_id
    WHERE deck.enabled
        AND NOT EXISTS (SELECT 1 FROM card_mark AS mark WHERE mark.card_number = due.card_number AND mark.suspended)
    GROUP BY due_day
"""
_MISCONCEPTIONS = f"""
    SELECT known.card_id, entry.misconception, count(*) AS times, max(entry.day)
    FROM log AS entry INDEXED BY log_by_misconception CROSS JOIN result USING (sequence)
    CROSS JOIN main.card AS known ON known.card_number = entry.card_number
    WHERE entry.misconception IS NOT NULL AND {_IN_SPAN}
    GROUP BY entry.card_number, entry.misconception ORDER BY times DESC, max(entry.sequence) DESC LIMIT :most
"""
_COLLECTION = f"""
    SELECT
        count(*) FILTER (WHERE state.phase <> 2),
        count(*) FILTER (WHERE state.phase = 2 AND state.due_day - state.last_day < {MATURE_DAYS}),
        count(*) FILTER (WHERE state.phase = 2 AND state.due_day - state.last_day >= {MATURE_DAYS})
    FROM card_state AS state CROSS JOIN main.card AS known USING (card_number)
    CROSS JOIN bank.card AS card ON card.card_id = known.card_id
"""
_LEECHES = f"""
    SELECT known.card_id, state.lapses, state.answers
    FROM card_state AS state CROSS JOIN main.card AS known USING (card_number) WHERE state.lapses >= {FIRST_ALARM}
    ORDER BY state.lapses DESC, known.card_id
"""


_DEVICES = """
    SELECT device.uuid, device.label, coalesce(device.device_id = (SELECT device_id FROM home), 0),
        count(result.sequence), max(result.day)
    FROM device CROSS JOIN log AS entry USING (device_id) LEFT JOIN result USING (sequence)
    GROUP BY device.device_id ORDER BY device.label, device.uuid
"""


class DeviceTotal(Struct, frozen=True):
    """What was answered on one device: how often, and on which study day last. ``own`` is the one in use."""

    uuid: str
    label: str
    own: bool
    answers: int
    last_day: int | None


class Share(Struct, frozen=True):
    """So many of so many."""

    passed: int
    total: int

    @property
    def value(self) -> float | None:
        """The share itself; None of nothing."""
        return self.passed / self.total if self.total else None


class Retention(Struct, frozen=True):
    """How many reviews were remembered: of young cards, of mature ones, of all."""

    young: Share
    mature: Share

    @property
    def all(self) -> Share:
        """Young and mature cards together."""
        return Share(self.young.passed + self.mature.passed, self.young.total + self.mature.total)


class DayTotal(Struct, frozen=True):
    """One study day: the answers, and the time they took in milliseconds."""

    day: int
    answers: int
    milliseconds: int


class MisconceptionCount(Struct, frozen=True):
    """How often a named mistake was made on a card, and the last study day of it."""

    card_id: str
    misconception: str
    times: int
    last_day: int


class Collection(Struct, frozen=True):
    """How many cards of the decks are at which stage; ``suspended`` ones are counted in their stage too."""

    new: int
    learning: int
    young: int
    mature: int
    suspended: int


class Leech(Struct, frozen=True):
    """A card that is forgotten again and again."""

    card_id: str
    lapses: int
    answers: int


class Statistics:
    """Figures over spans of study days, both ends included.

    ``ask`` runs a question on a connection that sees the learner's data and the bank; ``days`` are those of the
    learner's place.
    """

    def __init__(self, ask: Ask, today: int, days: StudyDays) -> None:
        self._ask = ask
        self._days = days
        self.today = today

    def ratings(self, first: int, last: int) -> dict[Rating, int]:
        """How many answers were rated how."""
        (counted,) = self.rows(_RATINGS, first=first, last=last)
        return dict(zip(Rating, counted, strict=True))

    def retention(self, first: int, last: int) -> Retention:
        """True retention: of the first reviews of a day of cards that were in review."""
        ((young, all_young, mature, all_mature),) = self.rows(_RETENTION, first=first, last=last)
        return Retention(Share(young, all_young), Share(mature, all_mature))

    def calendar(self, first: int, last: int) -> tuple[DayTotal, ...]:
        """The days on which there was an answer."""
        return tuple(DayTotal(*row) for row in self.rows(_CALENDAR, first=first, last=last))

    def forecast(self, days: int) -> tuple[int, ...]:
        """How many cards come back on each of the next ``days`` days; today's count holds all that are late."""
        begin = to_milliseconds(self._days.start_of(self.today))
        counted = dict(self.rows(_FORECAST, first=self.today, last=self.today + days - 1, begin=begin))
        return tuple(counted.get(self.today + ahead, 0) for ahead in range(days))

    def misconceptions(self, first: int, last: int, most: int = 20) -> tuple[MisconceptionCount, ...]:
        """The named mistakes, the most frequent first."""
        rows = self.rows(_MISCONCEPTIONS, first=first, last=last, most=most)
        return tuple(MisconceptionCount(*row) for row in rows)

    def collection(self) -> Collection:
        """The cards of the decks by stage."""
        ((learning, young, mature),) = self.rows(_COLLECTION)
        ((cards,),) = self.rows("SELECT count(*) FROM bank.card")
        ((suspended,),) = self.rows(
            "SELECT count(*) FROM card_mark AS mark"
            " CROSS JOIN main.card AS known USING (card_number)"
            " CROSS JOIN bank.card AS card ON card.card_id = known.card_id WHERE mark.suspended"
        )
        return Collection(cards - learning - young - mature, learning, young, mature, suspended)

    def leeches(self) -> tuple[Leech, ...]:
        """The cards that were forgotten most often, those of decks that are gone included."""
        return tuple(Leech(*row) for row in self.rows(_LEECHES))

    def devices(self) -> tuple[DeviceTotal, ...]:
        """The devices on which something was recorded."""
        return tuple(
            DeviceTotal(uuid, label, bool(own), answers, last)
            for uuid, label, own, answers, last in self.rows(_DEVICES)
        )

    def streak(self) -> int:
        """On how many study days in a row there was an answer, up to today or yesterday."""
        day = self.today if self._studied_on(self.today) else self.today - 1
        length = 0
        while self._studied_on(day - length):
            length += 1
        return length

    def _studied_on(self, day: int) -> bool:
        return bool(self.rows(_ANY_ANSWER, day=day))

    def rows(self, query: str, **names: int) -> list[Any]:
        """The rows of a query over the learner's data and the bank."""
        return self._ask(lambda connection: connection.execute(query, names).fetchall())
