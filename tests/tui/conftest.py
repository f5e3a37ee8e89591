"""A running app for tests: real decks, a real store in a temporary folder, a clock that stands until it is moved."""

from __future__ import annotations

import shutil
import time
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from textual import events
from textual.pilot import Pilot
from textual.widgets import Input

from studyapp.folders import Folders
from studyapp.schedule.day import StudyDays
from studyapp.services import Services, open_services
from studyapp.settings import Settings
from studyapp.tui.app import StudyApp
from studyapp.tui.key_pacing import KeyGuard
from tests.clock import ManualClock

DECKS = Path(__file__).parent / "decks"
MORNING = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


class TestApp(StudyApp):
    """The app with the terminal's and the hand's part played by the test."""

    __test__ = False
    typed_by_hand = False

    def __init__(self, services: Services, start: str = "home", decks: Sequence[str] = ()) -> None:
        super().__init__(services, services.session(decks) if start == "study" else None)
        if not self.typed_by_hand:
            self.key_guard = KeyGuard(0.0, 0.0)  # tests press keys faster than hands do

    def notify(self, message: str, *, timeout: float | None = None, **others: Any) -> None:
        """Notices go sooner than for people, who read them: what they cover is waited for."""
        super().notify(message, timeout=None if timeout is None else timeout / 2, **others)

    @contextmanager
    def suspend(self) -> Iterator[None]:
        yield


class Stage:
    """The app on its stage: press keys, look at the screen, wait for what should happen."""

    def __init__(self, app: TestApp, pilot: Pilot[None], clock: ManualClock) -> None:
        self.app = app
        self.pilot = pilot
        self.clock = clock

    @property
    def services(self) -> Services:
        return self.app.services

    @property
    def text(self) -> str:
        """What the user sees."""
        strips = self.app.screen._compositor.render_strips()
        return "\n".join("".join(segment.text for segment in strip).rstrip() for strip in strips)

    async def press(self, *keys: str) -> None:
        """Press keys one after the other; each has had its effect when this returns."""
        for key in keys:
            await self.pilot.press(key)
        await self.settle()

    async def rush(self, *keys: str) -> None:
        """Press keys faster than the screen can follow."""
        for key in keys:
            self.app.simulate_key(key)
        await self.settle()

    async def type(self, text: str) -> None:
        """Type text; a line break is the enter key."""
        for place, line in enumerate(text.split("\n")):
            if place:
                await self.press("enter")
            if line and self.app.focused is not None:
                self.app.post_message(events.Paste(line))
                await self.settle()

    async def settle(self) -> None:
        """Wait until workers and messages are done."""
        await self.pilot.pause()
        if len(self.app.workers):
            await self.app.workers.wait_for_complete()
            await self.pilot.pause()

    async def until(self, condition: Callable[[], bool], what: str = "") -> None:
        """Wait until a condition holds, at most some seconds."""
        end = time.monotonic() + 8
        while not condition():
            if time.monotonic() > end:
                raise AssertionError(f"waited in vain for {what or condition}; the screen shows:\n{self.text}")
            await self.pilot.pause(0.01)

    async def see(self, *texts: str) -> None:
        """Wait until all these texts stand on the screen."""
        await self.until(lambda: all(text in self.text for text in texts), f"{texts!r} on the screen")

    async def see_said(self, text: str) -> None:
        """Wait until a text stands on the screen, wherever its lines are broken."""
        await self.until(lambda: text in " ".join(self.text.replace("▌", " ").split()), f"{text!r} on the screen")


Perform = Callable[..., AbstractAsyncContextManager[Stage]]


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """The user's data folder."""
    return tmp_path / "home"


@pytest.fixture
def content(tmp_path: Path) -> Path:
    """A copy of the test decks that a test may change."""
    folder = tmp_path / "content"
    shutil.copytree(DECKS, folder)
    return folder


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(MORNING)


@pytest.fixture(autouse=True)
def steady(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing of the machine reaches the screen: no colour preference, no editor, no blinking cursor."""
    for variable in ("NO_COLOR", "TEXTUAL_THEME", "VISUAL", "EDITOR"):
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.setattr(Input, "_toggle_cursor", lambda _self: None)
    # The pilot looks every 20 ms whether the app is idle; looking more often makes tests several times faster.
    monkeypatch.setattr("textual._wait.SLEEP_GRANULARITY", 0.003)
    monkeypatch.setattr("textual._wait.SLEEP_IDLE", 0.001)


@pytest.fixture
def perform(home: Path, content: Path, clock: ManualClock) -> Perform:
    """Starts the app: ``async with perform("study", cards="recall-bce") as stage``.

    ``cards`` keeps only these cards of the test deck, so that a test says which card it is about.
    """

    @asynccontextmanager
    async def performing(
        start: str = "study",
        cards: str = "",
        size: tuple[int, int] = (80, 24),
        settings: Settings | None = None,
        by_hand: bool = False,
    ) -> AsyncIterator[Stage]:
        if cards:
            keep_cards(content / "kinds.yaml", cards.split())
        folders = Folders(home, home / "config.toml", content)
        services = open_services(folders, settings or Settings(), clock, StudyDays(UTC))
        try:
            app = TestApp(services, start)
            if by_hand:
                app.key_guard = KeyGuard()
            async with app.run_test(size=size, notifications=True) as pilot:
                stage = Stage(app, pilot, clock)
                await stage.settle()
                yield stage
        finally:
            services.close()

    return performing


def keep_cards(path: Path, wanted: Sequence[str]) -> None:
    """Rewrite a deck with only some of its cards, in the order of ``wanted``."""
    head, *cards = path.read_text("utf-8").split("  - id: ")
    by_id = {card.split("\n", 1)[0].strip(): card for card in cards}
    path.write_text(head + "".join("  - id: " + by_id[card_id] for card_id in wanted), "utf-8")
