"""Makes the pictures of README.md and README.zh.md from the running app: ``python docs/screenshots.py``.

A learner's month is played on the bundled decks with a fixed clock and seed, so that the pictures come out the same.
"""

from __future__ import annotations

import asyncio
import random
import re
import tempfile
from datetime import UTC, datetime, timedelta
from itertools import product
from pathlib import Path

from textual.pilot import Pilot

from studyapp.folders import Folders, content_folder
from studyapp.grading.verdict import Outcome
from studyapp.schedule.day import StudyDays
from studyapp.schedule.rating import Rating
from studyapp.services import Services, open_services
from studyapp.settings import Settings
from studyapp.store.log import AnswerRecord
from studyapp.tui.app import StudyApp

PICTURES = {"en": Path(__file__).parent / "screenshots", "zh": Path(__file__).parent / "screenshots" / "zh"}
SIZE = (100, 30)
START = datetime(2026, 3, 2, 18, 0, tzinfo=UTC)
_FONTS = re.compile(r"@font-face \{.*?\}\s*", re.DOTALL)


class Clock:
    """Stands still until it is moved."""

    now = START

    def __call__(self) -> datetime:
        return self.now


def play_a_month(services: Services, clock: Clock) -> None:
    """Thirty days of study with some forgetting, so that there is something to see."""
    chance = random.Random(11)
    for day in range(30):
        clock.now = START + timedelta(days=day)
        if chance.random() < 0.15:
            continue
        session = services.session()
        while session.turn is not None:
            rating = chance.choices(list(Rating), [9, 12, 70, 9])[0]
            seconds = chance.uniform(8, 50)
            clock.now += timedelta(seconds=seconds)
            outcome = Outcome.WRONG if rating is Rating.AGAIN else Outcome.CORRECT
            card_id = session.turn.card.id
            answer = AnswerRecord(card_id, rating, outcome=outcome.value, duration=round(1000 * seconds))
            services.store.record(answer, services.store.state(card_id))
            session = services.session()
    clock.now = START + timedelta(days=30)


async def save(app: StudyApp, pilot: Pilot[None], name: str) -> None:
    """The screen as it is, without fonts from elsewhere: whoever looks at the picture has a monospaced one."""
    await pilot.pause(0.3)
    picture = _FONTS.sub("", app.export_screenshot(title="studyapp"))
    (PICTURES[app.services.settings.language] / f"{name}.svg").write_text(
        picture.replace("Fira Code", "monospace"), encoding="utf-8"
    )


async def take_pictures(services: Services) -> None:
    """Home, a graded exercise, statistics, the explorer."""
    app = StudyApp(services)
    async with app.run_test(size=SIZE) as pilot:
        await save(app, pilot, "home")
        await pilot.press("t")
        await save(app, pilot, "statistics")
    app = StudyApp(services)
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("x")
        await pilot.pause(0.5)
        await pilot.press("enter")
        await pilot.pause(1.0)
        await save(app, pilot, "explorer")


async def take_the_exercise(services: Services) -> None:
    """A compute card answered with a mistake that has a name."""
    app = StudyApp(services, services.session(["classification/cross-entropy"]))
    async with app.run_test(size=SIZE) as pilot:
        await pilot.pause(0.3)
        session = app.screen.session  # type: ignore[attr-defined]
        while session.turn is not None and session.turn.card.kind != "compute":
            session.bury()
        await app.screen.show_question()  # type: ignore[attr-defined]
        wrong = session.turn.question.targets[0].wrong[0]
        await pilot.press(*f"{float(wrong.value):.4f}", "enter")
        await save(app, pilot, "exercise")


def main() -> None:
    """Make all pictures."""
    with tempfile.TemporaryDirectory() as folder:
        for language, month in product(PICTURES, (True, False)):
            PICTURES[language].mkdir(exist_ok=True)
            home = Path(folder) / f"{language}-{month}"
            clock = Clock()
            folders = Folders(home, home / "config.toml", content_folder())
            services = open_services(folders, Settings(new_per_day=8, language=language), clock, StudyDays(UTC))
            if month:
                play_a_month(services, clock)
                asyncio.run(take_pictures(services))
            else:
                asyncio.run(take_the_exercise(services))
            services.close()


if __name__ == "__main__":
    main()
