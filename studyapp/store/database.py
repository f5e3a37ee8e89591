"""The learner's data as the rest of the app sees it: record, mark, undo, and what to ask next.

Writing and selecting use two connections, so that whatever happens to the bank's index, which may be deleted
at any time, cannot touch an answer.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from studyapp.clock import Clock, system_clock, whole_milliseconds
from studyapp.locale.message import Message
from studyapp.locale.sentences import join_sentences
from studyapp.schedule.day import StudyDays
from studyapp.schedule.leech import is_alarm
from studyapp.schedule.memory import CardState, Scheduler
from studyapp.schedule.queue import LEARN_AHEAD, Candidate, Limits, Queue
from studyapp.store import backup, counts, day_counts, finished_decks, imports, log, outlook, selection, states
from studyapp.store.bank_view import BankView, CacheKey, file_identity
from studyapp.store.connection import file_sizes, transaction
from studyapp.store.device import own_device
from studyapp.store.errors import AnsweredElsewhere, Replaced, StoreError, Unreadable, explained, guarded
from studyapp.store.lock import InstanceLock
from studyapp.store.log import AnswerRecord, Entry, Kind, Mark, Stamp
from studyapp.store.opening import open_progress
from studyapp.store.rows import insert
from studyapp.store.states import Marks, marked

if TYPE_CHECKING:
    from studyapp.deck.query import Flags
    from studyapp.store.checks import Finding
    from studyapp.store.doctor import Rebuilt
    from studyapp.store.statistics import Statistics

_REPLACED = Message("{path} was moved, deleted or replaced while in use; nothing more can be recorded.")
_SAVED_IN = Message("What was recorded up to now is saved in {path}.")
_START_AGAIN = Message("Leave studyapp and start it again.")
_ANSWERED_ELSEWHERE = Message(
    "The card {card} has been answered in another window since it was shown here. This answer was not recorded; "
    "go on with the next card."
)


FIRST_COPY_AFTER = 5
"""Entries of a new home after which the first copy is taken."""


class Recorded(Struct, frozen=True):
    """An answer that is on disk, as an entry of the log, with the card before and after it.

    In a mode that does not schedule, both states are the same. ``alarm`` says that the answer made the card a
    leech to be pointed out.
    """

    entry: Entry
    before: CardState | None
    state: CardState | None
    alarm: bool = False

    @property
    def sequence(self) -> int:
        """The entry's place in this file."""
        return self.entry.sequence

    @property
    def card_id(self) -> str:
        """The card that was answered."""
        return self.entry.card_id


class Undone(Struct, frozen=True):
    """What an undo took back, and how the card stands now."""

    entry: Entry
    state: CardState | None
    marks: Marks

    @property
    def card_id(self) -> str:
        """The card that it was about."""
        return self.entry.card_id

    def __str__(self) -> str:
        return str(self.entry)


class Store:
    """The open data of one learner. Not for several threads at once; `daily_backup` alone may run beside."""

    def __init__(
        self,
        home: Path,
        writer: sqlite3.Connection,
        lock: InstanceLock,
        *,
        clock: Clock,
        days: StudyDays,
        scheduler: Scheduler,
        cache_path: Path | None,
    ) -> None:
        self.home = home
        self.path = home / "progress.db"
        self.clock = clock
        self.days = days
        self.scheduler = scheduler
        self._writer = writer
        self._lock = lock
        self._view = BankView(self.path, cache_path)
        self._file = file_identity(self.path)
        self._sizes = file_sizes(self.path)
        device = own_device(writer)
        assert device is not None, "a file that was opened to be written has a device"
        self.device = device
        """The device as which this home logs."""

    @classmethod
    def open(
        cls,
        home: Path,
        *,
        clock: Clock = system_clock,
        cache_path: Path | None = None,
        days: StudyDays | None = None,
        scheduler: Scheduler | None = None,
    ) -> Store:
        """Opens the data in ``home``, made new where there is none, brought up to date where it is old.

        ``cache_path`` is the bank's index, which `queue` and the other questions about decks need.

        Raises:
            NewerSchema: the data was written by a newer app; it was not touched.
            Damaged: the file is not sound, or gone while there are backups; it was not touched.
            StoreError: the disk is full, the folder cannot be written, another instance is restoring.
        """
        days = days or StudyDays()
        writer, lock = open_progress(home, days.day_of(clock()))
        return cls(
            home,
            writer,
            lock,
            clock=clock,
            days=days,
            scheduler=scheduler or Scheduler(),
            cache_path=cache_path,
        )

    def close(self) -> None:
        """Closes the files; nothing is waiting to be written."""
        self._view.close()
        with suppress(sqlite3.Error):
            self._writer.close()
        self._lock.close()

    def __enter__(self) -> Store:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    # What happens to a card

    @guarded
    def record(self, answer: AnswerRecord, expected: CardState | None) -> Recorded:
        """Writes an answer to the log and moves the card's schedule; on disk when it returns.

        ``expected`` is the state in which the card was shown. After any error nothing is recorded and the
        same call may be made again.

        Raises:
            AnsweredElsewhere: the card is no longer in that state.
            StoreError: it could not be written.
        """
        scheduler = self.scheduler_of(answer.card_id)
        with self._writing() as stamp:
            before = after = self._standing_in_transaction(answer.card_id)[0]
            scheduler_id = None
            if answer.mode.schedules:
                if not states.is_same(before, expected):
                    raise _answered_elsewhere(answer.card_id)
                after = scheduler.answer(before, answer.rating, stamp.at, self.days, answer.card_id)
                scheduler_id = self._scheduler_id(scheduler)
            card = log.require_card(self._writer, answer.card_id)
            entry = log.append(self._writer, Kind.ANSWER, card, stamp, answer, scheduler_id)
            moved = after if answer.mode.schedules else None
            states.write_result(self._writer, card, entry, before, moved)
            if moved is not None:
                states.write_state(self._writer, card, moved)
        if entry.sequence == FIRST_COPY_AFTER:
            self._first_backup()
        return Recorded(
            entry,
            before,
            after,
            alarm=is_alarm(before.lapses if before else 0, after.lapses if after else 0),
        )

    @guarded
    def mark(self, card_id: str, mark: Mark) -> int | None:
        """Buries, suspends or flags a card, or takes that back; returns the sequence of the entry in the log.

        None where the card was marked so already: nothing is logged.
        """
        kind = Kind(mark.value)
        with self._writing() as stamp:
            before = states.read_marks(self._writer, card_id)
            if before.buried_day is not None and not before.buried_on(stamp.day) and kind is Kind.UNBURY:
                return None
            after = marked(before, kind, stamp.day)
            if after == before:
                return None
            card = log.require_card(self._writer, card_id)
            entry = log.append(self._writer, kind, card, stamp)
            states.write_marks(self._writer, card, after)
        return entry.sequence

    @guarded
    def reset(self, card_id: str) -> int | None:
        """Makes a card new again and keeps its history; None where it is new already."""
        with self._writing() as stamp:
            card = log.card_number(self._writer, card_id)
            if card is None or states.read_state(self._writer, card_id, self.days) is None:
                return None
            entry = log.append(self._writer, Kind.RESET, card, stamp)
            states.write_state(self._writer, card, None)
        return entry.sequence

    @guarded
    def undo(self) -> Undone | None:
        """Takes back the newest entry that has not been taken back, whoever made it and whenever; None if
        there is none left."""
        with self._writing() as stamp:
            entry = log.newest_remaining(self._writer)
            if entry is None:
                return None
            card = log.require_card(self._writer, entry.card_id)
            log.append(self._writer, Kind.UNDO, card, stamp, undoes=entry)
            changed = entry.ordered_at if entry.kind in (Kind.ANSWER, Kind.RESET) else None
            state, marks = states.follow(self._writer, card, self.days, changed)
        return Undone(entry, state, marks)

    # What other programs recorded

    def imported(self) -> imports.Present:
        """What a further import need not bring again."""
        with explained(self.path):
            return imports.present(self._writer)

    def record_import(
        self,
        cards: Sequence[imports.ImportedCard],
        before_commit: Callable[[imports.Span | None], None] = lambda span: None,
        progress: Callable[[int, int], None] | None = None,
    ) -> imports.Span | None:
        """Writes what another program recorded, in one transaction; gives the span of the new entries, None for none.

        ``before_commit`` is called when all is written; what it, or ``progress``, raises leaves everything as it was.

        Raises:
            StoreError: it could not be written.
        """
        scheduler = imports.scheduler(self.scheduler)
        with self._writing() as stamp:
            span = imports.write(self._writer, self.days, stamp, cards, lambda: self._scheduler_id(scheduler), progress)
            before_commit(span)
        return span

    def take_back_import(
        self, span: imports.Span, before_commit: Callable[[], None], progress: Callable[[int, int], None] | None = None
    ) -> int:
        """Takes back the entries of one import that are left, in one transaction; says how many there were.

        Raises:
            StoreError: it could not be written.
        """
        with self._writing() as stamp:
            count = imports.take_back(self._writer, self.days, stamp, span, progress)
            before_commit()
        return count

    def holds(self, span: imports.Span) -> bool:
        """Whether the entries of an import are in the log."""
        with explained(self.path):
            return imports.is_there(self._writer, span)

    def all_answers(self) -> list[dict[str, Any]]:
        """Every answer that was not taken back, in order, by the names of `exports.ANSWER`."""
        from studyapp.store import exports

        with explained(self.path):
            return list(exports.answers(self._writer))

    def all_resets(self) -> dict[str, list[int]]:
        """The moments (milliseconds) at which cards were made new again."""
        from studyapp.store import exports

        with explained(self.path):
            return exports.resets(self._writer)

    def changed_here(self) -> set[str]:
        """The cards whose schedule was moved here since other programs told of it."""
        from studyapp.store import exports

        with explained(self.path):
            return exports.changed_here(self._writer)

    # What is known of a card

    def state(self, card_id: str) -> CardState | None:
        """The state of a card; None for a new one."""
        return self.standing(card_id)[0]

    def marks(self, card_id: str) -> Marks:
        """The marks of a card; see `Marks.buried_on` for whether it is buried today."""
        with explained(self.path):
            return states.read_marks(self._writer, card_id)

    @guarded
    def standing(self, card_id: str) -> tuple[CardState | None, Marks]:
        """The state and the marks of a card, read at once."""
        with explained(self.path):
            try:
                return states.read_standing(self._writer, card_id, self.days)
            except Unreadable:
                pass
        with self._writing():
            return self._standing_in_transaction(card_id)

    def history(self, card_id: str) -> tuple[Entry, ...]:
        """Everything that happened to a card, oldest first."""
        with explained(self.path):
            return log.history(self._writer, card_id)

    @guarded
    def undoable(self) -> Entry | None:
        """What `undo` would take back."""
        with explained(self.path):
            return log.newest_remaining(self._writer)

    def scheduler_of(self, card_id: str) -> Scheduler:
        """The scheduler of a card: the learner's own, or one with the retention that was chosen for its deck.

        Where the decks cannot be read the learner's own serves, so that an answer never hangs on them.
        """
        try:
            retention = self._view.ask(lambda reader: selection.chosen_retention(reader, card_id))
        except StoreError:
            return self.scheduler
        return self.scheduler if retention is None else self.scheduler.with_retention(retention)

    @guarded
    def candidate(self, card_id: str) -> Candidate | None:
        """The card as `queue` would hold it, for putting it back; None if it is in no deck that is on."""
        return self._view.ask(lambda reader: selection.candidate(reader, card_id))

    # What is to be done

    @property
    def today(self) -> int:
        """The present study day."""
        return self.days.day_of(self.clock())

    @property
    def end_of_day(self) -> datetime:
        """When the present study day ends."""
        return self.days.start_of(self.today + 1)

    @guarded
    def queue(self, limits: Limits | None = None, decks: Sequence[str] = (), ahead: timedelta = LEARN_AHEAD) -> Queue:
        """What is to be asked today of the decks named (of all, if none is) under the daily limits.

        Raises:
            NoBank: the index of the decks cannot be read.
        """
        moment = self._moment(ahead)
        left = self._left(limits, moment.day)
        present = self._view.cached(self._stock_of(moment.day)) or {}
        without = {deck_id for deck_id, counts in present.items() if not counts.new}
        return self._view.ask(
            lambda reader: selection.build_queue(reader, moment, left, decks, without or finished_decks.known(reader))
        )

    @guarded
    @guarded
    def planned_queue(self, card_ids: Sequence[str], ahead: timedelta = LEARN_AHEAD) -> Queue:
        """The queue of today where a plan has chosen the cards, in their order.

        Raises:
            NoBank: the index of the decks cannot be read.
        """
        moment = self._moment(ahead)
        return self._view.ask(lambda reader: selection.planned_queue(reader, moment, card_ids))

    def overview(self, limits: Limits | None = None, ahead: timedelta = LEARN_AHEAD) -> counts.Overview:
        """How much every deck has to ask today."""
        moment = self._moment(ahead)
        left = self._left(limits, moment.day)
        present = self._stock(moment.day)
        return self._view.ask(lambda reader: counts.overview(reader, moment, left, present))

    def next_due(self, decks: Sequence[str] = (), now: datetime | None = None) -> datetime | None:
        """When the next card that has been answered before comes back; None if none will."""
        moment = self._moment(now=now)
        return self._view.ask(lambda reader: outlook.next_due(reader, moment, decks, self.days))

    def held_back(self, decks: Sequence[str] = (), limits: Limits | None = None, now: datetime | None = None) -> int:
        """How many new and due cards today's limits keep for another day."""
        moment = self._moment(now=now)
        left = self._left(limits, moment.day)
        present = self._stock(moment.day)
        return self._view.ask(lambda reader: outlook.held_back(reader, moment, left, decks, present))

    def is_empty(self) -> bool:
        """Whether nothing has ever been recorded."""
        with explained(self.path):
            return self._writer.execute("SELECT 1 FROM log LIMIT 1").fetchone() is None

    def day_count(self, day: int | None = None) -> day_counts.DayCount:
        """How many cards were introduced and reviewed on a study day, today if none is given."""
        with explained(self.path):
            return day_counts.day_count(self._writer, self.today if day is None else day)

    def day_count_by_deck(self, day: int | None = None) -> dict[str, day_counts.DayCount]:
        """The same for each deck that had any."""
        chosen = self.today if day is None else day

        def by_name(reader: sqlite3.Connection) -> dict[str, day_counts.DayCount]:
            done = day_counts.day_count_by_deck(reader, chosen)
            return {name: done[deck] for deck, name in selection.deck_names(reader).items() if deck in done}

        return self._view.ask(by_name)

    def statistics(self) -> Statistics:
        """Figures about what was learnt."""
        from studyapp.store.statistics import Statistics

        return Statistics(self._view.ask, self.today, self.days)

    def new_view(self) -> BankView:
        """A view of the data for another thread, in which long questions are asked while this one goes on."""
        return self._view.beside()

    def flag_lookup(self, flags: Iterable[str]) -> Flags:
        """For a search: which cards are ``is:due``, ``is:new`` and the like."""
        from studyapp.store.flags import flag_lookup

        moment = self._moment()
        with explained(self.path):
            return flag_lookup(self._writer, moment, flags)

    def make_bank_anew_by(self, make_anew: Callable[[], Path]) -> None:
        """Where the bank's index is missing or damaged ``make_anew`` makes another one and says where."""
        self._view.make_anew = make_anew

    def use_bank(self, cache_path: Path) -> None:
        """From now on the bank's index is at ``cache_path``."""
        self._view.use(cache_path)

    # Upkeep

    def check(self, *, thorough: bool = False) -> tuple[Finding, ...]:
        """What is wrong with the data; see `doctor.examine` for data that cannot be opened."""
        from studyapp.store.checks import check

        with explained(self.path):
            return tuple(check(self._writer, self.clock(), thorough=thorough))

    def rebuild(self) -> Rebuilt:
        """Makes every state and all marks anew from the log, after a backup."""
        from studyapp.store import doctor

        return doctor.rebuild(self.home, self.clock(), self.days)

    def daily_backup(self) -> backup.Backup | None:
        """Copies the data once a study day if it has changed since the last copy, and thins the older copies.

        It opens the file for itself and may run in a thread of its own.
        """
        day = self.today
        present = backup.backups(self.home)
        if any(copy.day == day and copy.path.stem.count("-") == 3 for copy in present):
            return None
        if backup.newest_copy_is_current(self.home, backup.count_entries(self.path)):
            return None
        taken = backup.take(self.path, self.home, day)
        backup.thin(self.home, day)
        return taken

    def _first_backup(self) -> None:
        """Copies the data of a new home during its first session; from then on there is a copy of each day."""
        with suppress(StoreError):
            if not backup.backups(self.home):
                backup.take(self.path, self.home, self.today, "first")

    def note_finished_decks(self) -> None:
        """Note in the index which decks have no new card, for a quicker start the next time.

        It opens the files for itself and may run in a thread of its own. Where it cannot, the next start takes longer.
        """
        with suppress(sqlite3.Error):
            if self._view.cache_path is not None:
                finished_decks.note(self.path, self._view.cache_path)

    # Insides

    @contextmanager
    def _writing(self) -> Iterator[Stamp]:
        """One transaction, with the moment at which it happens."""
        self._require_own_file()
        with explained(self.path), transaction(self._writer):
            now = whole_milliseconds(self.clock())
            device = own_device(self._writer)  # a synchronisation beside may have taken another
            assert device is not None, "a file that was opened to be written has a device"
            self.device = device
            yield Stamp(now, self.days.utc_offset_minutes(now), self.days.day_of(now), device.device_id)

    def _standing_in_transaction(self, card_id: str) -> tuple[CardState | None, Marks]:
        """The state and the marks; where the stored state cannot be it is made anew from the log."""
        try:
            return states.read_standing(self._writer, card_id, self.days)
        except Unreadable:
            card = log.require_card(self._writer, card_id)
            self._writer.execute("DELETE FROM card_state WHERE card_number = ?", (card,))
            return states.follow(self._writer, card, self.days, None, anew=True)

    def _require_own_file(self) -> None:
        sizes = file_sizes(self.path)
        if file_identity(self.path) == self._file and self._is_whole(sizes):
            self._sizes = sizes
            return
        saved = ""
        with suppress(StoreError, sqlite3.Error):
            saved = _SAVED_IN(path=backup.rescue(self._writer, self.home, self.today).path)
        raise Replaced(join_sentences(_REPLACED(path=self.path), saved, _START_AGAIN()))

    def _is_whole(self, sizes: tuple[int, int]) -> bool:
        """Whether nobody has emptied or cut the files in place. SQLite would go on with what it has in memory.

        The database itself never shrinks. The write-ahead log does when another instance moves it into the database;
        what is left to be moved can then be read.
        """
        (database, wal), (database_before, wal_before) = sizes, self._sizes
        if database < database_before:
            return False
        if wal >= wal_before:
            return True
        try:
            self._writer.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()
            return str(self._writer.execute("PRAGMA quick_check(1)").fetchone()[0]) == "ok"
        except sqlite3.Error:
            return False

    def _scheduler_id(self, scheduler: Scheduler) -> int:
        """The number of the settings in force; they are stored when they first schedule an answer."""
        chosen = (scheduler.settings_text, scheduler.engine)
        query = "SELECT scheduler_id FROM scheduler WHERE settings = ? AND engine = ?"
        row = self._writer.execute(query, chosen).fetchone()
        if row is None:
            return insert(self._writer, "scheduler", {"settings": chosen[0], "engine": chosen[1]})
        return int(row[0])

    def _moment(self, ahead: timedelta = LEARN_AHEAD, now: datetime | None = None) -> selection.Moment:
        now = whole_milliseconds(now or self.clock())
        day = self.days.day_of(now)
        return selection.Moment(now, day, self.days.start_of(day + 1), ahead)

    def _stock(self, day: int) -> Mapping[int, counts.DeckTotals]:
        """What the decks have; counted once as long as nothing is written."""
        return self._view.ask_cached(self._stock_of(day), lambda reader: counts.stock(reader, day))

    @staticmethod
    def _stock_of(day: int) -> CacheKey[dict[int, counts.DeckTotals]]:
        return CacheKey("stock", day)

    def _left(self, limits: Limits | None, day: int) -> Limits:
        done = self.day_count(day)
        return (limits or Limits()).left(done.introduced, done.reviewed)


def _answered_elsewhere(card_id: str) -> AnsweredElsewhere:
    return AnsweredElsewhere(_ANSWERED_ELSEWHERE(card=card_id))
