"""Recovery: whatever is readable in the data or in any copy is in the log afterwards, and what is not is counted."""

from __future__ import annotations

import os
import random
import sqlite3
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from studyapp.schedule.rating import Rating
from studyapp.store import backup, doctor, recovery
from studyapp.store.checks import Cure
from studyapp.store.errors import Busy, Damaged, NewerSchema, StoreError
from studyapp.store.log import Mark, Mode
from tests.store import schema_1
from tests.store.conftest import Collection

PAGE = 4096


@pytest.fixture
def studied(collection):
    store = collection.open()
    for number in range(3):
        collection.learn(store, f"c{number}")
    return collection


def recover(collection):
    return recovery.recover(collection.home, collection.clock())


def entries(path: Path) -> set[tuple[object, ...]]:
    """What identifies an entry, and what it says, of a file that is sound."""
    with closing(sqlite3.connect(path)) as connection:
        return set(
            connection.execute(
                "SELECT uuid, number, kind, card_id, at, rating FROM log JOIN device USING (device_id)"
                " JOIN card USING (card_number)"
            )
        )


def settle(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def root_page(path: Path, table: str = "log") -> int:
    with closing(sqlite3.connect(path)) as connection:
        return int(connection.execute("SELECT rootpage FROM sqlite_schema WHERE name = ?", (table,)).fetchone()[0])


def blank(path: Path, page: int, filling: bytes = bytes(PAGE)) -> None:
    with open(path, "rb+") as file:
        file.seek((page - 1) * PAGE)
        file.write(filling)


def without_guard(path: Path, *statements: str) -> None:
    with closing(sqlite3.connect(path)) as connection, connection:
        guards = connection.execute("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'").fetchall()
        connection.execute("PRAGMA ignore_check_constraints = ON")
        connection.execute("PRAGMA foreign_keys = OFF")
        for name, _ in guards:
            connection.execute(f"DROP TRIGGER {name}")
        for statement in statements:
            connection.execute(statement)
        for _, sql in guards:
            connection.execute(sql)


@pytest.mark.parametrize("spoil", ["page", "cut", "empty", "text", "missing", "folder", "loop"])
def test_answers_since_the_copy_are_kept_wherever_they_can_be_read(studied, spoil):
    store = studied.open()
    store.daily_backup()
    studied.clock.move(days=1)
    studied.learn(store, "c7")
    studied.close()
    settle(studied.path)
    everything = entries(studied.path)
    if spoil == "page":
        blank(studied.path, root_page(studied.path, "card_state"))
    elif spoil == "cut":
        size = studied.path.stat().st_size
        os.truncate(studied.path, size - PAGE)
    elif spoil == "empty":
        studied.path.write_bytes(b"")
    elif spoil == "text":
        studied.path.write_text("hello")
    else:
        studied.path.unlink()
        if spoil == "folder":
            studied.path.mkdir()
        elif spoil == "loop":
            studied.path.symlink_to(studied.path)
    finding = doctor.examine(studied.home, studied.clock())[0]
    assert finding.cure == "restore"
    recovered = recover(studied)
    readable = spoil in ("page", "cut")
    assert recovered.entries == (4 if readable else 3)
    assert entries(studied.path) == everything if readable else len(entries(studied.path)) == 3
    assert (recovered.kept_aside is None) == (spoil == "missing")
    assert not [one for one in doctor.examine(studied.home, studied.clock(), thorough=True)]
    studied.learn(studied.open(), "c6")


def log_leaves(path: Path) -> list[int]:
    """The pages that hold rows of the log; a guess where SQLite was built without the table that tells."""
    with closing(sqlite3.connect(path)) as connection:
        try:
            query = "SELECT pageno FROM dbstat WHERE name = 'log' AND pagetype = 'leaf' ORDER BY pageno"
            return [page for (page,) in connection.execute(query)]
        except sqlite3.Error:
            return [root_page(path) + 2]


def test_a_file_without_copies_is_recovered_from_itself_and_the_loss_is_told(collection):
    store = collection.open()
    for number in range(8):
        for _ in range(20):
            collection.answer(store, f"c{number}", Rating.AGAIN)
            store.mark(f"c{number}", Mark.FLAG)
            store.mark(f"c{number}", Mark.UNFLAG)
            collection.clock.move(minutes=2)
    collection.close()
    settle(collection.path)
    everything = entries(collection.path)
    leaves = log_leaves(collection.path)
    blank(collection.path, leaves[len(leaves) // 2])
    recovered = recover(collection)
    lost = everything - entries(collection.path)
    assert entries(collection.path) < everything and recovered.missing == len(lost) > 0
    assert {kind for _, _, kind, *_ in lost} == {"flag", "unflag"}, "of answers the results tell"
    assert [one.code for one in doctor.examine(collection.home, collection.clock())] == ["log-gap"]
    assert collection.open().check()[0].code == "log-gap"


def test_answers_and_undos_whose_rows_are_lost_are_told_by_indexes_and_results(collection):
    store = collection.open()
    for _ in range(60):
        collection.answer(store, "c1", Rating.AGAIN)
        collection.answer(store, "c2", Rating.HARD, Mode.CRAM)
        collection.answer(store, "c3", Rating.GOOD)
        store.undo()
        collection.clock.move(minutes=9)
    collection.close()
    settle(collection.path)
    everything, before = entries(collection.path), collection.tables("card_state", "card_mark")
    for page in log_leaves(collection.path)[1:-1]:
        blank(collection.path, page)
    recovered = recover(collection)
    found = {number for _, number, *_ in entries(collection.path)}
    lost = [entry for entry in everything if entry[1] not in found]
    assert {rating for *_, rating in lost} == {int(Rating.GOOD)}, "only what was taken back is not told"
    assert recovered.mended > 20 and recovered.missing == len(lost)
    assert collection.tables("card_state", "card_mark") == before, "the states follow all the same"
    assert {one.code for one in doctor.examine(collection.home, collection.clock(), thorough=True)} <= {"log-gap"}


def test_a_whole_entry_in_a_copy_is_better_than_traces(collection):
    store = collection.open()
    for _ in range(120):
        collection.answer(store, "c1", Rating.AGAIN)
        collection.clock.move(minutes=2)
    store.daily_backup()
    collection.close()
    settle(collection.path)
    everything = collection.tables("log")
    blank(collection.path, log_leaves(collection.path)[1])
    assert recover(collection).mended == 0
    assert collection.tables("log") == everything


def test_rows_below_a_lost_page_of_the_tree_are_found(collection):
    store = collection.open()
    for _ in range(120):
        collection.answer(store, "c1", Rating.AGAIN)
        collection.clock.move(minutes=2)
    collection.close()
    settle(collection.path)
    everything = entries(collection.path)
    blank(collection.path, root_page(collection.path))
    assert recover(collection).entries == 120
    assert entries(collection.path) == everything


def test_a_fault_that_is_in_the_copy_too_takes_nothing_of_the_answers_since(studied):
    store = studied.open()
    store.daily_backup()
    studied.close()
    (copy,) = backup.backups(studied.home)
    for path in (studied.path, copy.path):
        without_guard(
            path, "DELETE FROM result WHERE sequence = 2", "DELETE FROM card_state WHERE card_number = 2",
            "DELETE FROM log WHERE sequence = 2",
        )  # fmt: skip
    store = studied.open()
    for number in range(3, 8):
        studied.learn(store, f"c{number}")
    studied.close()
    (finding,) = [one for one in doctor.examine(studied.home, studied.clock()) if one.code == "log-gap"]
    assert finding.cure == "none" and "no copy has them" in finding.message
    recovered = recover(studied)
    assert (recovered.entries, recovered.missing) == (7, 1)


def test_an_entry_that_only_a_copy_has_comes_back(studied):
    studied.open().daily_backup()
    studied.close()
    everything = entries(studied.path)
    without_guard(studied.path, "DELETE FROM result WHERE sequence = 2", "DELETE FROM log WHERE sequence = 2")
    (finding,) = [one for one in doctor.examine(studied.home, studied.clock()) if one.code == "log-gap"]
    assert finding.cure == "restore"
    assert recover(studied).from_copies == 1
    assert entries(studied.path) == everything
    assert doctor.examine(studied.home, studied.clock(), thorough=True) == ()


@pytest.mark.parametrize(
    "change", ["mode = 'xyz'", "mode = NULL", "score = 77", "seed = 'abc'", "tries = NULL", "hints = -1",
               "duration = -4", "scheduler_id = 12", "utc_offset = 99999999"]
)  # fmt: skip
def test_a_detail_that_cannot_be_costs_no_answer(studied, change):
    studied.close()
    before = entries(studied.path)
    without_guard(studied.path, f"UPDATE log SET {change} WHERE sequence = 2")
    recovered = recover(studied)
    assert (recovered.entries, recovered.missing, recovered.mended) == (3, 0, 1)
    assert entries(studied.path) == before
    assert doctor.examine(studied.home, studied.clock()) == ()


def test_the_better_reading_of_an_entry_is_taken_from_a_copy(studied):
    studied.open().daily_backup()
    studied.close()
    with closing(sqlite3.connect(studied.path)) as connection:
        before = connection.execute("SELECT * FROM log").fetchall()
    without_guard(studied.path, "UPDATE log SET mode = 'xyz', tries = 99999999999999999 WHERE sequence = 2")
    assert recover(studied).mended == 0
    with closing(sqlite3.connect(studied.path)) as connection:
        assert connection.execute("SELECT * FROM log").fetchall() == before


def test_what_only_copies_have_is_found_and_comes_back(studied):
    """A write-ahead log that was emptied leaves an older file that is sound in itself."""
    studied.close()
    settle(studied.path)
    older = studied.path.read_bytes()
    store = studied.open()
    studied.learn(store, "c6")
    studied.learn(store, "c7")
    store.daily_backup()
    studied.close()
    settle(studied.path)
    everything = entries(studied.path)
    studied.path.write_bytes(older)
    (finding,) = doctor.examine(studied.home, studied.clock())
    assert (finding.code, finding.cure) == ("copies-ahead", Cure.RESTORE) and "2 entries" in finding.message
    recovered = recover(studied)
    assert (recovered.entries, recovered.from_copies, recovered.missing) == (5, 2, 0)
    assert entries(studied.path) == everything
    assert doctor.examine(studied.home, studied.clock()) == ()


def test_what_was_numbered_anew_is_not_missed_in_a_copy(studied):
    """A copy holds entries under the numbers that they had: they are no other ones."""
    store = studied.open()
    store.daily_backup()
    studied.close()
    with closing(sqlite3.connect(studied.path)) as connection, connection:
        connection.execute("INSERT INTO device (uuid, label) VALUES ('00000000-0000-0000-0000-000000000009', '')")
    without_guard(studied.path, "UPDATE log SET device_id = (SELECT max(device_id) FROM device), number = number + 7")
    assert "copies-ahead" not in {one.code for one in doctor.examine(studied.home, studied.clock())}
    assert recover(studied).entries == 3


def test_one_start_with_the_clock_ahead_costs_nothing_later(collection):
    """The copy dated in the future counts as no newer than it is, and thins nothing away."""
    store = collection.open()
    right = collection.clock.now
    for day in range(5):
        collection.learn(store, f"c{day}")
        store.daily_backup()
        collection.clock.move(days=1)
    kept = {copy.path.name for copy in backup.backups(collection.home)}
    collection.clock.move(days=73 * 365)
    collection.learn(store, "c5")
    store.daily_backup()
    assert kept <= {copy.path.name for copy in backup.backups(collection.home)}
    collection.clock.now = right
    collection.clock.move(days=6)
    for card in ("c6", "c7"):
        collection.learn(store, card)
        store.daily_backup()
        collection.clock.move(days=1)
    collection.close()
    everything = entries(collection.path)
    assert kept <= {copy.path.name for copy in backup.backups(collection.home)}
    collection.path.write_bytes(b"noise" * 9000)
    assert recover(collection).entries == 8
    assert entries(collection.path) == everything


def test_a_copy_from_before_an_update_gives_its_entries_once(collection):
    """What version 1 recorded has no device; the entries tell which one it was."""
    collection.home.mkdir()
    schema_1.write(collection.path, 30)
    collection.open()
    collection.close()
    everything = entries(collection.path)
    without_guard(collection.path, "DELETE FROM result WHERE sequence = 2", "DELETE FROM log WHERE sequence = 2")
    assert recover(collection).from_copies == 1
    assert entries(collection.path) == everything


def test_a_write_ahead_log_never_meets_a_file_that_it_does_not_belong_to(studied):
    studied.open().daily_backup()
    wal = studied.home / "progress.db-wal"
    foreign = wal.read_bytes()
    assert foreign
    studied.close()
    studied.path.unlink()
    wal.write_bytes(foreign)
    recovered = recover(studied)
    assert not wal.exists()
    assert Path(f"{recovered.kept_aside}-wal").read_bytes() == foreign
    assert studied.open().check() == ()


def test_nothing_is_replaced_under_an_instance_that_is_running(studied):
    store = studied.open()
    store.daily_backup()
    with pytest.raises(Busy, match="Close it"):
        recover(studied)
    studied.learn(store, "c4")
    assert store.check() == ()


def test_where_nothing_can_be_read_nothing_is_changed(studied):
    studied.close()
    studied.path.write_text("damaged")
    with pytest.raises(StoreError, match="no good copy"):
        recover(studied)
    assert studied.path.read_text() == "damaged"


def test_newer_data_is_not_replaced(studied):
    studied.open().daily_backup()
    studied.close()
    with closing(sqlite3.connect(studied.path)) as connection:
        connection.execute("PRAGMA user_version = 99")
    with pytest.raises(NewerSchema):
        recover(studied)


def test_stopping_half_way_changes_nothing(studied):
    studied.open().daily_backup()
    studied.close()
    blank(studied.path, root_page(studied.path, "card_state"))
    before = studied.path.read_bytes()

    def stop(done, total):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        recovery.recover(studied.home, studied.clock(), stop)
    assert studied.path.read_bytes() == before
    assert not (studied.home / "damaged").exists() and not list(studied.home.glob("*.restored*"))


class Damage(RuleBasedStateMachine):
    """Answers, marks, undos, copies, clocks that jump by years, and damage to the data and to any copy.

    The model is what was acknowledged. A file that was never damaged counts as readable: what stands in one of them
    has to be in the log after a recovery, and doctor must find nothing more to repair.
    """

    @initialize(seed=st.integers(0, 2**32))
    def begin(self, seed):
        import tempfile

        place = "/dev/shm" if os.path.isdir("/dev/shm") else None
        self.folder = tempfile.TemporaryDirectory(prefix="studyapp-test-", dir=place)
        self.collection = Collection(Path(self.folder.name))
        self.collection.bank({"basics": [f"c{number}" for number in range(8)]})
        self.chance = random.Random(seed)
        self.acknowledged: set[tuple[object, ...]] = set()
        self.readable: dict[Path, set[tuple[object, ...]]] = {}
        self.is_sound = True
        self.collection.home.mkdir()

    def _store(self):
        if not self.is_sound:
            return None
        try:
            return self.collection.open()
        except Damaged:
            self.is_sound = False
            return None

    @rule(count=st.integers(1, 6))
    def study(self, count):
        store = self._store()
        if store is None:
            return
        for _ in range(count):
            card = f"c{self.chance.randrange(8)}"
            what = self.chance.random()
            if what < 0.7:
                self.collection.answer(store, card, self.chance.choice(list(Rating)))
            elif what < 0.85:
                store.mark(card, self.chance.choice(list(Mark)))
            elif not store.is_empty():
                store.undo()
            self.collection.clock.move(minutes=self.chance.randrange(1, 3000))
        self.collection.close()
        settle(self.collection.path)
        self.readable[self.collection.path] = entries(self.collection.path)
        self.acknowledged |= self.readable[self.collection.path]

    @rule(days=st.sampled_from([-20000, -400, -1, 1, 3, 40, 4000, 26000]))
    def jump(self, days):
        moved = self.collection.clock.now.toordinal() + days
        if date(1975, 1, 1).toordinal() < moved < date(2190, 1, 1).toordinal():
            self.collection.clock.move(days=days)

    @rule()
    def copy(self):
        store = self._store()
        if store is None:
            return
        before = {one.path for one in backup.backups(self.collection.home)}
        store.daily_backup()
        self.collection.close()
        after = {one.path for one in backup.backups(self.collection.home)}
        for gone in before - after:
            self.readable.pop(gone, None)
        for new in after - before:
            self.readable[new] = entries(new)

    @rule(of_copy=st.booleans(), how=st.sampled_from(["page", "bytes", "cut", "empty", "missing", "noise"]))
    def damage(self, of_copy, how):
        copies = [one.path for one in backup.backups(self.collection.home)]
        path = self.chance.choice(copies) if of_copy and copies else self.collection.path
        if not path.exists() or path.stat().st_size == 0:
            return
        content = bytearray(path.read_bytes())
        if how == "page":
            page = self.chance.randrange(len(content) // PAGE or 1)
            content[page * PAGE : (page + 1) * PAGE] = bytes(PAGE)
        elif how == "bytes":
            for _ in range(8):
                content[self.chance.randrange(len(content))] ^= 1 << self.chance.randrange(8)
        elif how == "cut":
            content = content[: self.chance.randrange(len(content))]
        elif how == "noise":
            content = bytearray(self.chance.randbytes(len(content)))
        if how == "missing":
            path.unlink()
        else:
            path.write_bytes(b"" if how == "empty" else content)
        self.readable.pop(path, None)
        self.is_sound &= path != self.collection.path

    @rule()
    def mend(self):
        cures = {one.cure for one in doctor.examine(self.collection.home, self.collection.clock())}
        if Cure.UPDATE in cures:  # the version in the header was hit: refused, and left alone
            return
        everywhere = set().union(*self.readable.values())
        if Cure.RESTORE in cures:
            try:
                recovered = recover(self.collection)
            except StoreError:
                assert not everywhere
                return
            present = entries(self.collection.path)
            assert recovered.entries == len(present)
            if recovered.kept_aside is not None:
                self.readable.pop(recovered.kept_aside, None)
        elif Cure.REBUILD in cures:
            doctor.rebuild(self.collection.home, self.collection.clock(), self.collection.days)
        elif not self.collection.path.exists() or not self.collection.path.stat().st_size:
            assert not everywhere
            return
        left = {one.cure for one in doctor.examine(self.collection.home, self.collection.clock())}
        assert left <= {Cure.NONE}, left
        with closing(sqlite3.connect(self.collection.path)) as connection:
            numbers = set(connection.execute("SELECT uuid, number FROM log JOIN device USING (device_id)"))
        lost = {row[:2] for row in everywhere} - numbers
        assert not lost, lost
        settle(self.collection.path)
        self.readable[self.collection.path] = entries(self.collection.path)
        self.is_sound = True

    @invariant()
    def nothing_is_invented(self):
        if getattr(self, "is_sound", False) and self.collection.path in self.readable:
            known = {row[:2] for row in self.acknowledged}
            assert {row[:2] for row in self.readable[self.collection.path]} <= known

    def teardown(self):
        if hasattr(self, "folder"):
            self.collection.close()
            self.folder.cleanup()


quick = settings(max_examples=15, stateful_step_count=25, deadline=None, suppress_health_check=list(HealthCheck))
thorough = settings(quick, max_examples=400, stateful_step_count=50)
TestDamage = pytest.mark.filterwarnings("ignore")(Damage.TestCase)
TestDamage.settings = quick


@pytest.mark.resilience
def test_much_damage_loses_nothing_that_is_readable():
    from hypothesis.stateful import run_state_machine_as_test

    run_state_machine_as_test(Damage, settings=thorough)
