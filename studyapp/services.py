"""Everything of one user that is open while the app runs, bundled to be passed around."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from msgspec import Struct

from studyapp import faults
from studyapp.clock import Clock, system_clock
from studyapp.deck.bank import Bank
from studyapp.deck.library import Library
from studyapp.folders import Folders
from studyapp.locale.message import current_language
from studyapp.own_answers import OwnAnswers
from studyapp.own_weights import own_weights
from studyapp.schedule.day import StudyDays
from studyapp.schedule.memory import FSRS6_WEIGHTS, Scheduler, SchedulerSettings
from studyapp.schedule.queue import Limits
from studyapp.session import Session, daily_limits
from studyapp.settings import Settings
from studyapp.store.database import Store

if TYPE_CHECKING:
    from studyapp.deck.index import Progress
    from studyapp.deck.topics import Topics
    from studyapp.target.today import DayPlanner


class Services(Struct, frozen=True):
    """The decks, the data, the settings and the clock of one user."""

    folders: Folders
    settings: Settings
    bank: Bank
    store: Store
    clock: Clock = system_clock

    @property
    def limits(self) -> Limits:
        """How many new cards and reviews a study day may bring."""
        return daily_limits(self.settings)

    def session(self, decks: Sequence[str] = (), language: str = "") -> Session:
        """A study session over ``decks``, all of them where none is named."""
        return Session(
            self.bank,
            self.store,
            self.settings,
            self.clock,
            decks,
            language,
            None if decks else self.planner(),
            OwnAnswers(self.folders.own_answers),
        )

    def planner(self) -> DayPlanner | None:
        """What the targets ask today; None where there are none. A file that cannot be read is none: `studyapp plan`
        and the screen of the plan tell what became of it."""
        if not self.folders.targets.exists():
            return None
        from studyapp.target.target import TargetError, load
        from studyapp.target.today import DayPlanner

        try:
            planner = DayPlanner(self.bank, self.store, load(self.folders.targets), self.topics)
        except TargetError as error:
            faults.record(error, "reading the targets")
            return None
        return planner if planner.present else None

    def topics(self, language: str = "") -> Topics:
        """Under which topic each card counts, titled in ``language`` (that of the app by default). Reads the syllabus
        of the bundled decks."""
        from studyapp.deck.topics import Topics

        language = language or current_language()
        return Topics.read(self.folders.content / "syllabus.yaml", self.bank.deck_titles(language), language)

    def close(self) -> None:
        """Close the databases. Nothing is saved here: every answer was saved when it was rated."""
        self.store.close()
        self.bank.close()


def scheduler_of(settings: Settings, weights: Sequence[float] | None = None) -> Scheduler:
    """FSRS as the user has set it, with the learner's own ``weights`` where there are any."""
    return Scheduler(
        SchedulerSettings(
            weights=tuple(weights) if weights else FSRS6_WEIGHTS,
            retention=settings.desired_retention,
            learning_steps=tuple(60 * minutes for minutes in settings.learning_steps),
            relearning_steps=tuple(60 * minutes for minutes in settings.relearning_steps),
            maximum_interval=settings.maximum_interval,
        )
    )


def open_services(
    folders: Folders,
    settings: Settings,
    clock: Clock = system_clock,
    days: StudyDays | None = None,
    progress: Progress | None = None,
) -> Services:
    """Opens the decks and the data; ``progress`` is called with how many of how many bytes of decks are read.

    Raises:
        StoreError: the data cannot be used; the message says what to do.
    """
    faults.keep_in(folders.faults)
    bank = Bank.open(Library(folders.home, folders.content), folders.cache, progress=progress)
    try:
        store = Store.open(
            folders.home,
            clock=clock,
            cache_path=bank.cache_path,
            days=days or StudyDays(start_hour=settings.day_starts_at),
            scheduler=scheduler_of(settings, own_weights(folders.weights)),
        )
    except BaseException:
        bank.close()
        raise
    store.make_bank_anew_by(bank.make_anew)
    return Services(folders, settings, bank, store, clock)
