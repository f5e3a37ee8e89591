"""The interval that each rating would give a card, worked out only when somebody looks."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta

from studyapp import faults
from studyapp.schedule.day import StudyDays
from studyapp.schedule.memory import CardState, Phase, Scheduler
from studyapp.schedule.rating import Rating


class Intervals(Mapping[Rating, timedelta]):
    """Rating → interval, counted from ``now``: whole days in review, the time to the next step in learning.

    FSRS is asked at the first look: a question is on the screen sooner without it. What is seen once stays.
    """

    def __init__(
        self,
        scheduler: Callable[[], Scheduler],
        state: CardState | None,
        now: datetime,
        days: StudyDays,
        card_id: str,
    ) -> None:
        """``scheduler`` is called at the first look, so that a setting changed meanwhile counts."""
        self._scheduler = scheduler
        self._asked = (state, now, days, card_id)
        self._found: dict[Rating, timedelta] | None = None

    @property
    def _intervals(self) -> dict[Rating, timedelta]:
        if self._found is None:
            now = self._asked[1]
            try:
                self._found = {
                    rating: timedelta(days=after.interval) if after.phase is Phase.REVIEW else after.due_at - now
                    for rating, after in self._scheduler().preview(*self._asked).items()
                }
            except Exception as error:  # rating the card will tell; a look ahead ends no session
                faults.record(error, f"looking ahead for {self._asked[3]}")
                self._found = dict.fromkeys(Rating, timedelta())
        return self._found

    def __getitem__(self, rating: Rating) -> timedelta:
        return self._intervals[rating]

    def __iter__(self) -> Iterator[Rating]:
        return iter(Rating)

    def __len__(self) -> int:
        return len(Rating)
