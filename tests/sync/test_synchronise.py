"""Machines that share a store have one history, whatever breaks off, comes late, or was copied."""

import shutil
import sqlite3
from contextlib import closing, suppress

from studyapp.schedule.memory import SchedulerSettings
from studyapp.schedule.rating import Rating
from studyapp.store import union
from studyapp.store.log import Mark
from studyapp.store.union import SharedEntry
from studyapp.sync.place import FolderPlace, PlaceError
from studyapp.sync.segment import write
from tests.sync.conftest import FlakyPlace


def settled(place, *machines):
    for _ in range(2):
        for one in machines:
            one.sync(place)
    first = machines[0].followed()
    for one in machines:
        assert one.followed() == first
        assert one.findings() == set()
    return first


def test_two_machines_have_one_history(machine, shared):
    laptop, desktop = machine("laptop"), machine("desktop", hours=8)
    laptop.answer("a", Rating.GOOD, answer="1/2", seed=7, drawn="{}", score=0.5)
    laptop.open().mark("b", Mark.FLAG)
    desktop.answer("a", Rating.AGAIN)
    desktop.answer("c", Rating.EASY)
    desktop.open().undo()
    laptop.choose("basics", new_per_day=5)
    desktop.choose("basics", reviews_per_day=7)
    report = laptop.sync(shared)
    assert (report.sent, report.received) == (2, 0)
    report = desktop.sync(shared)
    assert (report.sent, report.received, report.choices) == (3, 2, 1)
    report = laptop.sync(shared)
    assert (report.sent, report.received, report.choices) == (0, 3, 1)
    followed = settled(shared, laptop, desktop)
    assert len(followed["log"]) == 5
    again = laptop.sync(shared)
    assert (again.sent, again.received, again.choices, again.refused) == (0, 0, 0, ())


def test_of_two_choices_for_a_field_the_later_stands(machine, shared):
    laptop, desktop = machine("laptop"), machine("desktop", hours=1)
    desktop.choose("basics", new_per_day=9, enabled=False)
    laptop.sync(shared)
    desktop.sync(shared)
    laptop.clock.move(hours=5)
    laptop.sync(shared)
    laptop.choose("basics", enabled=True)
    settled(shared, laptop, desktop)
    assert "new_per_day=9" in desktop.followed()["choices"]
    assert "enabled=True" in desktop.followed()["choices"]


def test_a_synchronisation_that_stops_at_any_call_is_made_good_by_the_next(machine, folder):
    laptop, desktop = machine("laptop"), machine("desktop")
    place = FlakyPlace()
    for stop in range(1, 30):
        laptop.answer("a", Rating.GOOD)
        desktop.answer("a", Rating.AGAIN)
        desktop.choose("basics", new_per_day=stop)
        for one in (laptop, desktop):
            place.stop_at, place.calls = stop, 0
            with suppress(PlaceError):
                one.sync(place)
    place.settle()
    followed = settled(place, laptop, desktop)
    assert len(followed["log"]) == 58


def test_many_small_files_become_one(machine, shared, folder):
    laptop, desktop = machine("laptop"), machine("desktop")
    for number in range(40):
        laptop.answer(f"c{number % 3}")
        laptop.sync(shared)
    laptop.sync(shared)
    names = [name for name in shared.names(laptop.open().device.uuid) if name[0].isdigit()]
    assert len(names) <= 16
    settled(shared, laptop, desktop)
    assert len(desktop.followed()["log"]) == 40


def test_a_restored_backup_brings_back_what_the_store_has_and_logs_as_a_new_device(machine, shared, folder):
    laptop, desktop = machine("laptop"), machine("desktop")
    for card in "abc":
        laptop.answer(card)
    laptop.close()
    saved = laptop.path.read_bytes()
    for card in "def":
        laptop.answer(card)
    laptop.sync(shared)
    desktop.sync(shared)
    laptop.close()
    for side in ("-wal", "-shm"):
        laptop.path.with_name(f"progress.db{side}").unlink(missing_ok=True)
    laptop.path.write_bytes(saved)  # in place: the file is the same to the system
    laptop.answer("g", Rating.HARD)
    laptop.answer("h", Rating.AGAIN)
    laptop.open().undo()
    report = laptop.sync(shared)
    assert report.renamed and report.renumbered == 3 and report.received == 3
    laptop.answer("i")  # in the window that was open meanwhile
    followed = settled(shared, laptop, desktop)
    assert len(followed["log"]) == 10 and len(followed["state"]) == 8
    assert laptop.open().device.uuid == report.renamed


def test_a_home_restored_to_before_its_last_synchronisation_gives_no_number_twice(machine, shared):
    laptop, desktop = machine("laptop"), machine("desktop")
    laptop.answer("a")
    laptop.close()
    saved = laptop.path.read_bytes()
    laptop.answer("b")
    laptop.sync(shared)
    laptop.close()
    laptop.path.write_bytes(saved)
    old = laptop.open().device.uuid
    report = laptop.sync(shared)
    assert report.received == 1 and report.renamed not in ("", old)
    assert len(settled(shared, laptop, desktop)["log"]) == 2


def test_a_copy_from_before_entries_were_numbered_anew_brings_none_twice(machine, shared):
    one = machine("one")

    def put_back(content):
        one.close()
        one.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        one.path.write_bytes(content)  # in place: nothing tells the file that it is another

    def content():
        one.close()
        one.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        return one.path.read_bytes()

    one.answer("a")
    before = content()
    one.answer("b")
    one.sync(shared)
    put_back(before)
    one.clock.move(minutes=5)
    one.answer("c")
    one.answer("d")
    one.open().undo()
    between = content()
    one.sync(shared)
    once = one.followed()
    put_back(between)
    one.clock.move(minutes=5)
    one.sync(shared)
    again = one.followed()
    assert again["state"] == once["state"] and len(again["log"]) == len(once["log"]) == 5
    other = machine("other")
    other.sync(shared)
    assert other.followed()["log"] == again["log"] == once["log"]
    one.answer("e")
    one.sync(shared)
    other.sync(shared)
    assert other.followed() == one.followed() and one.findings() == set()


def test_a_copied_home_is_another_device_and_carries_what_was_never_sent(machine, shared, folder):
    laptop = machine("laptop")
    laptop.answer("a")
    copy = laptop.copy_to(folder / "copy")
    copy.answer("b")
    laptop.answer("c")
    copy.sync(shared)
    assert len(copy.followed()["log"]) == 2
    assert len(settled(shared, laptop, copy)["log"]) == 3
    copy.close()


def test_twins_that_both_wrote_under_one_name_keep_all_answers(machine, shared, folder):
    laptop = machine("laptop")
    laptop.answer("a")
    laptop.sync(shared)
    twin = laptop.copy_to(folder / "twin")
    with closing(sqlite3.connect(twin.path)) as connection, connection:  # as a clone of the whole disk would be
        connection.execute("UPDATE home SET inode = ?", (twin.path.stat().st_ino,))
    twin.answer("b", Rating.HARD)
    laptop.answer("c", Rating.EASY)
    assert twin.open().device.uuid == laptop.open().device.uuid
    shutil.copytree(folder / "shared", folder / "seen-by-twin")
    laptop.sync(shared)
    twin.sync(FolderPlace(folder / "seen-by-twin"))  # the carrier has not brought the other's file yet
    for holder in (folder / "seen-by-twin" / "studyapp" / "1").iterdir():
        for file in holder.iterdir():
            shutil.copy(file, folder / "shared" / "studyapp" / "1" / holder.name / file.name)
    reader = machine("reader")
    reader.sync(shared)
    followed = settled(shared, reader, laptop, twin)
    assert len(followed["log"]) == 3 and len(followed["state"]) == 3
    twin.close()


def test_an_emptied_store_is_filled_again_by_whoever_has_the_entries(machine, shared, folder):
    laptop, desktop = machine("laptop"), machine("desktop")
    laptop.answer("a")
    desktop.answer("b")
    settled(shared, laptop, desktop)
    shutil.rmtree(folder / "shared" / "studyapp")
    desktop.sync(shared)
    newcomer = machine("newcomer")
    newcomer.sync(shared)
    assert newcomer.followed()["log"] == desktop.followed()["log"]
    settled(shared, laptop, desktop, newcomer)


def test_copies_that_a_carrier_makes_of_files_are_as_good_and_partial_ones_wait(machine, shared, folder):
    laptop, desktop = machine("laptop"), machine("desktop")
    laptop.answer("a")
    laptop.sync(shared)
    where = folder / "shared" / "studyapp" / "1" / laptop.open().device.uuid
    (file,) = where.glob("1-1.*.zst")
    whole = file.read_bytes()
    file.write_bytes(whole[:20])
    (where / "1-1.zst").write_bytes(b"nonsense")
    report = desktop.sync(shared)
    assert (report.received, report.incomplete, report.refused) == (0, 1, ())
    file.unlink()
    (where / f"{file.stem}.sync-conflict-20260101-120000-ABCDEF.zst").write_bytes(whole)
    assert desktop.sync(shared).received == 1


def test_a_forgotten_device_leaves_no_trace_and_does_not_come_back(machine, shared):
    laptop, stranger = machine("laptop"), machine("stranger")
    laptop.answer("a")
    before = laptop.followed()
    laptop.sync(shared)
    stranger.sync(shared)
    stranger.open().undo()
    stranger.answer("a", Rating.AGAIN)
    stranger.answer("b")
    stranger.sync(shared)
    assert laptop.sync(shared).received == 3
    uuid = stranger.open().device.uuid
    store = laptop.open()
    with store._writing():
        assert union.forget(store._writer, laptop.days, uuid) == 3
    assert laptop.followed() == before
    assert laptop.sync(shared).received == 0
    assert laptop.followed() == before and laptop.findings() == set()


def test_more_entries_than_the_background_may_bring_in_wait(machine, shared):
    laptop, desktop = machine("laptop"), machine("desktop")
    for number in range(5):
        laptop.answer(f"c{number}")
    laptop.sync(shared)
    desktop.answer("a")
    report = desktop.sync(shared, most=4)
    assert (report.waiting, report.received, report.sent) == (5, 0, 0)
    assert desktop.sync(shared, most=5).received == 5


def test_entries_that_have_not_arrived_are_no_damage_and_those_that_are_gone_are_read_again(machine, shared, folder):
    laptop, desktop = machine("laptop"), machine("desktop")
    for card in "ab":
        laptop.answer(card)
        laptop.sync(shared)
    where = folder / "shared" / "studyapp" / "1" / laptop.open().device.uuid
    (first,) = where.glob("1-1.*")
    first.rename(folder / first.name)
    assert desktop.sync(shared).received == 1
    assert desktop.findings() == {"not-arrived"}
    assert all(finding.cure == "none" for finding in desktop.open().check())
    (folder / first.name).rename(first)
    assert desktop.sync(shared).received == 1 and desktop.findings() == set()
    desktop.close()
    for statement in ("DROP TRIGGER log_is_never_shortened", "DELETE FROM result", "DELETE FROM log WHERE number = 1"):
        desktop.execute(statement)
    assert desktop.sync(shared).received == 1


def test_what_a_stranger_writes_cannot_harm_the_history(machine, shared):
    """Undos of undos and of other cards, entries of the future, settings at the edge: all is replayed, or refused."""
    laptop = machine("laptop")
    laptop.answer("a")
    laptop.answer("b")
    laptop.open().undo()
    laptop.sync(shared)
    mine = laptop.open().device.uuid
    stranger = "11111111-2222-4333-8444-555555555555"
    edge = SchedulerSettings(retention=0.01, learning_steps=(), maximum_interval=1).to_json()
    base = 1_767_268_800_000
    given = ["correct", None, None, None, None, None, 0, 1, None]

    def entry(number, kind, card, at, undoes=None, scheduler=None, mode=None, rating=None, rest=(None,) * 9):
        day = 719_163 + at // 86_400_000
        return SharedEntry(stranger, number, kind, card, at, at, 0, day, undoes, scheduler, mode, rating, *rest)

    entries = [
        entry(1, "undo", "a", base, (mine, 3)),
        entry(2, "undo", "zzz", base, (mine, 1)),
        entry(3, "answer", "a", 0, None, (edge, "no engine"), "review", 1, given),
        entry(4, "answer", "a", 7_258_000_000_000, None, (edge, "studyapp 2"), "review", 4, given),
        entry(5, "undo", "a", base, (stranger, 5)),
        entry(6, "reset", "b", base),
    ]
    name, data = write(entries, "stranger", stranger)
    shared.write(stranger, name.name, data)
    before = laptop.followed()
    report = laptop.sync(shared)
    assert report.received == 6 and report.refused == ()
    assert laptop.findings() <= {"undo-elsewhere"}
    laptop.answer("a")
    assert laptop.open().undo() is not None
    store = laptop.open()
    with store._writing():
        union.forget(store._writer, laptop.days, stranger)
    assert laptop.findings() == set()
    assert laptop.followed()["state"] == before["state"]
