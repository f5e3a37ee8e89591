"""A process that works on a collection until it is done or killed; says on stdout what is on disk.

Usage: worker.py WORK HOME SEED COUNT
"""

import os
import random
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from studyapp.schedule.day import StudyDays
from studyapp.schedule.rating import Rating
from studyapp.store import backup, migrations, recovery
from studyapp.store.database import Store
from studyapp.store.errors import AnsweredElsewhere, StoreError
from studyapp.store.log import AnswerRecord, Mark

DAYS = StudyDays(UTC)


class Calendar:
    """A clock that the worker moves on."""

    def __init__(self) -> None:
        self.now = datetime(2026, 1, 1, 12, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


def say(*words: object) -> None:
    print(*words, flush=True)


def work(store: Store, calendar: Calendar, chance: random.Random, cards: str) -> None:
    """One thing that a learner does, told once it is on disk."""
    card = f"{cards}{chance.randrange(20)}"
    calendar.now += timedelta(hours=chance.choice([0, 1, 30]))
    what = chance.random()
    if what < 0.8:
        answer = AnswerRecord(card, chance.choice(list(Rating)), answer="x" * chance.randrange(3000))
        try:
            say("recorded", store.record(answer, store.state(card)).sequence)
        except AnsweredElsewhere:  # the other one has undone the card's last answer since it was looked at
            say("refused", card)
    elif what < 0.9:
        sequence = store.mark(card, chance.choice(list(Mark)))
        if sequence is not None:
            say("recorded", sequence)
    else:
        undone = store.undo()
        if undone is not None:
            say("undone", undone.entry.sequence)


def begin_at_once(home: Path, instances: int) -> None:
    """Forked processes that open new data in the same moment."""
    begin = time.monotonic() + 0.01
    children = []
    for _ in range(instances):
        child = os.fork()
        if child == 0:
            while time.monotonic() < begin:
                pass
            try:
                Store.open(home, days=DAYS).close()
                os.write(1, b"opened\n")
            except BaseException as error:
                os.write(1, f"{error!r}\n".encode())
            os._exit(0)
        children.append(child)
    for child in children:
        os.waitpid(child, 0)


def main(kind: str, home: Path, seed: int, count: int) -> None:
    chance = random.Random(seed)
    calendar = Calendar()
    if kind == "update":
        migrations.STEPS = migrations.STEPS | {
            migrations.newest_version(): ("ALTER TABLE card_mark ADD COLUMN note TEXT",)
        }
    if kind == "begin":
        for number in range(count):
            begin_at_once(home / str(number), 4)
        return
    if kind == "restore":
        for _ in range(count):
            say("restored", recovery.recover(home, calendar.now).entries)
        return
    if kind == "fill":
        import resource

        resource.setrlimit(resource.RLIMIT_FSIZE, (count, resource.RLIM_INFINITY))
    with Store.open(home, clock=calendar, days=DAYS) as store:
        if kind == "answer":
            for _ in range(count):
                work(store, calendar, chance, "card-")
        elif kind == "race":
            for _ in range(count):
                work(store, calendar, chance, f"mine-{seed}-")
        elif kind == "rebuild":
            for _ in range(count):
                say("rebuilt", store.rebuild().cards)
        elif kind == "backup":
            for _ in range(count):
                say("copied", backup.take(store.path, home, store.today, "again").path)
        elif kind == "fill":
            fill(store, calendar, chance)


def fill(store: Store, calendar: Calendar, chance: random.Random) -> None:
    """Answers until there is no room, then makes room and answers again."""
    import resource

    while True:
        record = AnswerRecord("card", chance.choice(list(Rating)), answer="x" * 2000)
        shown = store.state("card")
        try:
            say("recorded", store.record(record, shown).sequence)
        except StoreError as error:
            say("refused", type(error).__name__, str(error).replace("\n", " "))
            break
    resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    say("recorded", store.record(record, shown).sequence)


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4]))
