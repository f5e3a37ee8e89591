"""Every way of writing the user's data, killed at one line of code after the other.

Run as ``python -m tests.resilience.stepwise FOLDER STRIDE OFFSET [OPERATION…]``: for each operation the data is made
ready once; then a copy of it is worked on by a forked process that kills itself at its n-th line of the writing code,
for n = OFFSET, OFFSET + STRIDE, … up to the end. What is left behind is examined, and the operation is done once more.
"""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import sqlite3
import sys
from collections.abc import Callable, Iterable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import Any

import studyapp
from studyapp.deck.atomic import write_atomically
from studyapp.deck.choices import DeckChoice
from studyapp.deck.library import Library
from studyapp.interview.archive import saved_reports, write_report
from studyapp.interview.counting import count_answers, standing
from studyapp.interview.course import Interview, Plan, Record, question_seed
from studyapp.interview.report import Asked, report
from studyapp.interview.saving import load, save
from studyapp.schedule.rating import Rating
from studyapp.session import Session
from studyapp.settings import load_settings
from studyapp.settings_file import write_key
from studyapp.store import backup, doctor, migrations, recovery
from studyapp.store.checks import Cure, Finding
from studyapp.store.database import Store
from studyapp.store.errors import Damaged, NewerSchema
from studyapp.store.log import AnswerRecord, Mode
from studyapp.tui.drafts import Drafts

from .audit import complaints, entries_of, read_log
from .small_world import SmallWorld, plain_deck, rate_next, study_days

_PACKAGE = os.path.dirname(studyapp.__file__)
_WRITING_CODE = tuple(
    os.path.join(_PACKAGE, *part.split("/"))
    for part in (
        "store/", "session.py", "deck/atomic.py", "deck/library.py", "deck/cache.py", "deck/index.py",
        "deck/card_rows.py", "settings_file.py", "interview/", "tui/drafts.py",
    )
)  # fmt: skip


@dataclass(frozen=True)
class Operation:
    """Something that writes.

    ``prepare`` makes the data ready, once. ``open`` opens what ``act`` needs; only ``act`` is killed. ``check`` says
    what is wrong after a kill, given the home before, and in most cases does it once more.
    """

    prepare: Callable[[SmallWorld], None]
    act: Callable[[Any], None]
    check: Callable[[SmallWorld, Path], Iterable[str]]
    open: Callable[[SmallWorld], Any] = lambda world: world


def _studied(world: SmallWorld) -> None:
    study_days(world, random.Random(7), days=2, a_day=8)


def _store(world: SmallWorld) -> Store:
    return Store.open(world.home, clock=world.clock, days=world.days)


def _log_grew_by_at_most(most: int) -> Callable[[SmallWorld, Path], Iterable[str]]:
    def check(world: SmallWorld, before: Path) -> Iterable[str]:
        old, new = read_log(before), read_log(world.home)
        if new[: len(old)] != old or len(new) > len(old) + most:
            yield f"the log had {len(old)} entries and has {len(new)}"
        yield from complaints(world.home, world.clock())

    return check


# Answers, marks, undo


def _session(world: SmallWorld) -> Session:
    return world.open().session()


def _answer(session: Session) -> None:
    rate_next(session, Rating.AGAIN)


def _mark_and_undo(session: Session) -> None:
    session.flag()
    session.suspend()
    session.undo()
    session.undo()
    session.undo()


def _first_start(world: SmallWorld) -> None:
    with _store(world) as store:
        store.record(AnswerRecord("plain-0", Rating.GOOD), None)


# Copies


def _backup(world: SmallWorld) -> None:
    with _store(world) as store:
        store.daily_backup()


def _backups_are_sound(world: SmallWorld, before: Path) -> Iterable[str]:
    yield from _log_grew_by_at_most(0)(world, before)
    yield from _copies_kept(world.home, before)
    _backup(world)
    newest = backup.backups(world.home)[0]
    if backup.count_entries(newest.path) != len(read_log(world.home)):
        yield "the backup made afterwards is not whole"


def _copies_kept(home: Path, before: Path) -> Iterable[str]:
    """Every copy that is there under the name of a copy is sound, and none that was to be kept has gone."""
    for copy in backup.backups(home):
        if trouble := backup.unsound(copy.path, thorough=True):
            yield f"the copy {copy.path.name} is not sound: {trouble}"
    gone = {copy.path.name for copy in backup.backups(before)} - {copy.path.name for copy in backup.backups(home)}
    if gone:
        yield f"copies have gone: {sorted(gone)}"


def _with_older_backup(world: SmallWorld) -> None:
    _studied(world)
    _backup(world)
    study_days(world, random.Random(8), days=2, a_day=5)


# Doctor


def _damaged(world: SmallWorld) -> None:
    _with_older_backup(world)
    path = world.home / "progress.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    content = bytearray(path.read_bytes())
    content[4096 : 4096 * 4] = os.urandom(4096 * 3)
    path.write_bytes(content)


def _restore(world: SmallWorld) -> None:
    recovery.recover(world.home, world.clock())


def _restored(world: SmallWorld, before: Path) -> Iterable[str]:
    yield from _copies_kept(world.home, before)
    damaged = (before / "progress.db").read_bytes()
    kept = [world.home / "progress.db", *(world.home / backup.ASIDE).glob("*.db")]
    if damaged not in [path.read_bytes() for path in kept if path.exists()]:
        yield "the damaged file is gone"
    try:
        Store.open(world.home, clock=world.clock, days=world.days).close()
        findings = doctor.examine(world.home, world.clock())
    except Damaged:
        findings = (Finding("damaged", "", Cure.RESTORE),)
    if any(finding.cure is Cure.RESTORE for finding in findings):
        _restore(world)
    yield from complaints(world.home, world.clock())
    if entries_of(backup.backups(before)[0].path) - entries_of(world.home / "progress.db"):
        yield "an entry of the newest copy is not in what was restored"
    if list(world.home.glob("*.restored*")):
        yield "a half-made copy was left behind"


def _with_wrong_states(world: SmallWorld) -> None:
    _studied(world)
    with closing(sqlite3.connect(world.home / "progress.db")) as connection, connection:
        connection.execute("UPDATE card_state SET stability = stability * 3")
        connection.execute("DELETE FROM card_mark")


def _rebuild(world: SmallWorld) -> None:
    doctor.rebuild(world.home, world.clock(), world.days)


def _rebuilt(world: SmallWorld, before: Path) -> Iterable[str]:
    if read_log(world.home) != read_log(before):
        yield "the log has changed"
    _rebuild(world)
    yield from complaints(world.home, world.clock())


# A newer format


_NEXT_STEP = ("CREATE TABLE added (n INTEGER PRIMARY KEY) STRICT", "ALTER TABLE card_mark ADD COLUMN note TEXT")


def _update(world: SmallWorld) -> None:
    steps = migrations.STEPS
    migrations.STEPS = steps | {migrations.newest_version(): _NEXT_STEP}
    try:
        Store.open(world.home, clock=world.clock, days=world.days).close()
    finally:
        migrations.STEPS = steps


def _updated(world: SmallWorld, before: Path) -> Iterable[str]:
    if read_log(world.home) != read_log(before):
        yield "the log has changed"
    try:
        Store.open(world.home, clock=world.clock, days=world.days).close()
        yield from complaints(world.home, world.clock())
    except NewerSchema:
        copies = [copy for copy in backup.backups(world.home) if "before-update" in copy.path.name]
        if not copies or backup.count_entries(copies[0].path) != len(read_log(before)):
            yield "updated without a whole copy of what was there before"
    yield from _copies_kept(world.home, before)
    _update(world)
    if read_log(world.home) != read_log(before):
        yield "the log has changed after the second try"


# Decks and settings


def _edit_deck(world: SmallWorld) -> None:
    text = plain_deck("plain", 14, "The minimiser of the absolute error is the")
    write_atomically(world.folders.content / "plain.yaml", text)
    with world.bank() as bank:
        bank.refresh()


def _deck_is_old_or_new(world: SmallWorld, before: Path) -> Iterable[str]:
    text = (world.folders.content / "plain.yaml").read_text("utf-8")
    old = (before.parent / "content" / "plain.yaml").read_text("utf-8")
    if text not in (old, plain_deck("plain", 14, "The minimiser of the absolute error is the")):
        yield "the deck is neither the old nor the new one"
    with world.bank() as bank:
        shown = [entry.title for entry in bank.entries(("plain",))]
        if bank.problems() or len(shown) != text.count("- {id") or not all(text[-60:-50] for _ in shown):
            yield f"the index has {len(shown)} cards, the deck {text.count('- {id')}"
        for entry in bank.entries(("plain",)):
            if str(getattr(bank.card(entry.card_id), "text", "")) not in text:
                yield f"{entry.card_id} is not as the deck has it"
    yield from complaints(world.home, world.clock())


def _register(world: SmallWorld) -> None:
    own = world.home.parent / "own.yaml"
    own.write_text(plain_deck("own", 3), "utf-8")
    Library(world.home, world.folders.content).add(own)


def _registered(world: SmallWorld, before: Path) -> Iterable[str]:
    own = world.home.parent / "own.yaml"
    if Library(world.home).own() not in ((), (own,)):
        yield f"the library holds {Library(world.home).own()}"
    _register(world)
    if Library(world.home).own() != (own,):
        yield "the deck could not be registered afterwards"


def _with_choices(world: SmallWorld) -> None:
    _studied(world)
    _register(world)
    Library(world.home).choose({"plain": DeckChoice(new_per_day=3)})


def _choose(world: SmallWorld) -> None:
    Library(world.home).choose({"plain": DeckChoice(new_per_day=4), "own": DeckChoice(enabled=False)})


def _chosen(world: SmallWorld, before: Path) -> Iterable[str]:
    old = {"plain": DeckChoice(new_per_day=3)}
    new = {"plain": DeckChoice(new_per_day=4), "own": DeckChoice(enabled=False)}
    library = Library(world.home)
    if library.choices() not in (old, new) or library.own() != Library(before).own():
        yield f"the choices are {library.choices()}, the decks {library.own()}"
    _choose(world)
    if library.choices() != new:
        yield "nothing could be chosen afterwards"


def _with_settings(world: SmallWorld) -> None:
    world.home.mkdir(parents=True)
    world.folders.config.write_text("# mine\ntheme = 'textual-light'  # bright\nnew_per_day = 7\n")


def _set(world: SmallWorld) -> None:
    write_key(world.folders.config, "new_per_day", 9)


def _is_set(world: SmallWorld, before: Path) -> Iterable[str]:
    text = world.folders.config.read_text("utf-8")
    old = (before / "config.toml").read_text("utf-8")
    if text not in (old, old.replace("7", "9")):
        yield f"the settings are {text!r}"
    _set(world)
    if load_settings(world.folders.config, {}).new_per_day != 9:
        yield "nothing could be set afterwards"


# Answers under way, interviews


def _with_drafts(world: SmallWorld) -> None:
    drafts = Drafts(world.home / "drafts.json")
    drafts.put("plain-0", "the median, since …")
    assert drafts.save()


def _draft(world: SmallWorld) -> None:
    drafts = Drafts(world.home / "drafts.json")
    drafts.put("plain-1", "half a thought")
    assert drafts.save()


def _drafted(world: SmallWorld, before: Path) -> Iterable[str]:
    drafts = Drafts(world.home / "drafts.json")
    found = [drafts.get("plain-0"), drafts.get("plain-1")]
    if drafts.trouble or found not in (["the median, since …", ""], ["the median, since …", "half a thought"]):
        yield f"the drafts are {found}. {drafts.trouble}"
    _draft(world)
    if Drafts(world.home / "drafts.json").get("plain-1") != "half a thought":
        yield "no draft could be kept afterwards"


def _interview(questions: int) -> Interview:
    interview = Interview(Plan(questions=3, seed=5), "2026-01-05T12:00:00+00:00")
    for number in range(questions):
        record = Record(f"plain-{number}", "plain", "cloze", "The minimiser of MAE", "wrong", 0.0, 12.5, "the mean")
        interview = interview.with_record(record)
    return interview


def _with_interview(world: SmallWorld) -> None:
    _studied(world)
    save(world.home / "interview.json", _interview(1))


def _save_interview(world: SmallWorld) -> None:
    save(world.home / "interview.json", _interview(2))


def _interview_saved(world: SmallWorld, before: Path) -> Iterable[str]:
    if load(world.home / "interview.json") not in (_interview(1), _interview(2)):
        yield "the interview is neither the old nor the new one"
    _save_interview(world)
    if load(world.home / "interview.json") != _interview(2):
        yield "the interview could not be saved afterwards"


def _end_interview(world: SmallWorld) -> None:
    """As `studyapp.tui.screens.report.save_report` does it."""
    path = world.home / "interview.json"
    interview = load(path)
    assert interview is not None
    write_report(world.home / "interviews", report(interview, {}, world.clock()), world.clock())
    path.unlink()


def _interview_ended(world: SmallWorld, before: Path) -> Iterable[str]:
    reports = saved_reports(world.home / "interviews")
    if any(one.facts is None for one in reports):
        yield "a report is not whole"
    if not reports and load(world.home / "interview.json") != _interview(1):
        yield "neither the interview nor its report is there"
    if load(world.home / "interview.json") is not None:
        _end_interview(world)
    if not any(one.facts is not None for one in saved_reports(world.home / "interviews")):
        yield "the interview could not be ended afterwards"


def _asked() -> list[Asked]:
    places = range(3)
    return [
        Asked(f"plain-{place}", question_seed(f"plain-{place}", 5, place), False, "", "0%", "0:01") for place in places
    ]


def _with_mock_answers(world: SmallWorld) -> None:
    _studied(world)
    with _store(world) as store:
        for one in _asked():
            store.record(AnswerRecord(one.card_id, Rating.AGAIN, Mode.MOCK, "wrong", 0.0, seed=one.seed), None)


def _count_answers(world: SmallWorld) -> None:
    with _store(world) as store:
        list(count_answers(store, standing(store, _asked()).uncounted))


def _counted(world: SmallWorld, before: Path) -> Iterable[str]:
    yield from _log_grew_by_at_most(3)(world, before)
    _count_answers(world)
    with _store(world) as store:
        found = standing(store, _asked())
    if found.uncounted or len(found.counted) != 3 or len(read_log(world.home)) != len(read_log(before)) + 3:
        yield f"of three answers {len(found.counted)} are counted and {len(found.uncounted)} are not"
    yield from complaints(world.home, world.clock())


OPERATIONS: dict[str, Operation] = {
    "first start": Operation(lambda world: None, _first_start, _log_grew_by_at_most(1)),
    "answer": Operation(_studied, _answer, _log_grew_by_at_most(1), _session),
    "mark and undo": Operation(_studied, _mark_and_undo, _log_grew_by_at_most(5), _session),
    "backup": Operation(_with_older_backup, _backup, _backups_are_sound),
    "doctor restores": Operation(_damaged, _restore, _restored),
    "doctor rebuilds": Operation(_with_wrong_states, _rebuild, _rebuilt),
    "newer format": Operation(_studied, _update, _updated),
    "deck edit": Operation(_studied, _edit_deck, _deck_is_old_or_new),
    "deck registered": Operation(_studied, _register, _registered),
    "deck choices": Operation(_with_choices, _choose, _chosen),
    "setting": Operation(_with_settings, _set, _is_set),
    "draft": Operation(_with_drafts, _draft, _drafted),
    "interview saved": Operation(_with_interview, _save_interview, _interview_saved),
    "interview ended": Operation(_with_interview, _end_interview, _interview_ended),
    "interview counted": Operation(_with_mock_answers, _count_answers, _counted),
}


def kill_at_each_line(name: str, folder: Path, stride: int = 1, offset: int = 1) -> dict[str, Any]:
    """Kills one operation at its lines number offset, offset + stride, …; how many kills, and what was wrong."""
    operation = OPERATIONS[name]
    ready = folder / "ready"
    world = SmallWorld(ready)
    operation.prepare(world)
    now = world.clock()
    faults: list[str] = []
    kills = 0
    line = offset
    while not faults:
        trial = folder / "trial"
        shutil.rmtree(trial, ignore_errors=True)
        shutil.copytree(ready, trial, copy_function=shutil.copy2)
        world = SmallWorld(trial)
        world.clock.now = now
        if not _killed_at(line, world, operation):
            break
        kills += 1
        try:
            faults += [f"{name}, line {line}: {fault}" for fault in operation.check(world, ready / "home")]
        except Exception as error:
            faults.append(f"{name}, line {line}: {type(error).__name__}: {error}")
        line += stride
    return {"operation": name, "kills": kills, "lines": line, "faults": faults}


def _killed_at(line: int, world: SmallWorld, operation: Operation) -> bool:
    """Does it in a forked process; whether that was killed before it was done."""
    child = os.fork()
    if child == 0:
        try:
            subject = operation.open(world)
            _kill_me_at(line)
            operation.act(subject)
            sys.settrace(None)
        except BaseException as error:
            os.write(2, f"{type(error).__name__}: {error}\n".encode())
            os._exit(70)
        os._exit(0)
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        return True
    if os.waitstatus_to_exitcode(status):
        raise RuntimeError("the operation failed without having been killed")
    return False


def _kill_me_at(line: int) -> None:
    left = line

    def trace(frame: FrameType, event: str, _: Any) -> Any:
        nonlocal left
        path = frame.f_code.co_filename
        if not path.startswith(_WRITING_CODE):
            return None
        if event == "line":
            left -= 1
            if left <= 0:
                os.kill(os.getpid(), signal.SIGKILL)
        return trace

    sys.settrace(trace)


def main(arguments: list[str]) -> None:
    """Runs the operations and prints one JSON line each."""
    folder, stride, offset = Path(arguments[0]), int(arguments[1]), int(arguments[2])
    for name in arguments[3:] or OPERATIONS:
        place = folder / name.replace(" ", "-")
        place.mkdir(parents=True)
        print(json.dumps(kill_at_each_line(name, place, stride, offset)), flush=True)
        shutil.rmtree(place)


if __name__ == "__main__":
    # Loaded before the forks, so that the traced lines are those of the work and not of imports.
    import numpy  # noqa: F401

    main(sys.argv[1:])
