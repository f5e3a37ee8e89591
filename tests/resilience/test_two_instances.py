"""Two programs on the same data at once: no answer is lost, nothing is damaged, and the user is told."""

from __future__ import annotations

import os
import random
import shutil
import sqlite3
from contextlib import closing, suppress
from pathlib import Path

from studyapp.schedule.rating import Rating

from .app import Ended, Review, run, without_surprise
from .audit import Logged, complaints, read_log
from .small_world import SmallWorld, rate_next, study_days


def test_two_sessions_answer_at_once(scratch: Path) -> None:
    home = scratch / "home"
    rng = random.Random(11)
    accepted: list[Logged] = []
    refused = 0
    with Review(home) as first, Review(home) as second:
        table = {first: first.next_card(), second: second.next_card()}
        with suppress(Ended):
            for _ in range(40):
                review = rng.choice([first, second])
                card_id, rating = table[review], rng.randint(1, 4)
                seen = len(review.text)
                review.send(f":give-up\n{rating}")
                table[review] = review.next_card()
                if "answered in another window" in review.text[seen:]:
                    refused += 1
                else:
                    accepted.append(Logged("answer", card_id, rating))
        for review in (first, second):
            assert review.finish() == 0 and without_surprise(review.text)

    assert read_log(home) == accepted
    assert refused > 0, "both sessions began with the same card"
    assert complaints(home) == []


def test_two_sessions_that_both_write_without_a_pause(scratch: Path) -> None:
    home = scratch / "home"
    run(home, "decks")
    typed = "".join(f":give-up\n{1 + number % 4}\n" for number in range(40))
    with Review(home) as first, Review(home) as second:
        for review in (first, second):
            review.send(typed + ":quit")
        assert first.finish() == 0 and second.finish() == 0
        texts = first.text + second.text

    assert without_surprise(texts)
    told = sum(int(text.split(" answers on")[0].rsplit("\n", 1)[1]) for text in (first.text, second.text))
    assert len(read_log(home)) == told
    assert complaints(home) == []


def test_a_session_and_a_doctor_who_mends(scratch: Path) -> None:
    home = scratch / "home"
    with Review(home) as review:
        review.next_card()
        for _ in range(4):
            review.send(":give-up\n3")
            review.next_card()
        with closing(sqlite3.connect(home / "progress.db")) as connection, connection:
            connection.execute("UPDATE card_state SET stability = 99 WHERE card_id = (SELECT min(card_id) FROM log)")
        assert run(home, "doctor").returncode == 1
        mended = run(home, "doctor", "--repair")
        assert mended.returncode == 0 and "1 cards were mended" in mended.stderr, mended.stderr
        for _ in range(4):
            review.send(":give-up\n3")
            review.next_card()
        review.finish()

    assert len(read_log(home)) == 8
    assert complaints(home) == []


def test_a_restore_waits_for_sessions_to_end(scratch: Path) -> None:
    world = SmallWorld(scratch)
    study_days(world, random.Random(3), days=1, a_day=6)
    services = world.open()
    services.store.daily_backup()
    services.close()
    home = world.home
    with Review(home) as review:
        review.next_card()
        header = (home / "progress.db").read_bytes()[:100]
        with open(home / "progress.db", "r+b") as file:
            file.write(b"not a database")
        refused = run(home, "doctor", "--repair")
        assert refused.returncode == 1
        assert "has the data in" in refused.stderr and "Close it and try again" in refused.stderr, refused.stderr
        with open(home / "progress.db", "r+b") as file:
            file.write(header)
        review.send(":give-up\n3")
        review.next_card()
    assert len(read_log(home)) == 7
    assert complaints(home) == []


def test_a_backup_put_in_the_place_of_open_data(scratch: Path) -> None:
    """Someone copies an old file over the open one: what was answered since then is saved beside, with a word."""
    world = SmallWorld(scratch)
    study_days(world, random.Random(3), days=1, a_day=6)
    services = world.open()
    copy = services.store.daily_backup()
    services.close()
    assert copy is not None
    home = world.home
    with Review(home) as review:
        review.next_card()
        for _ in range(3):
            review.send(":give-up\n3")
            review.next_card()
        shutil.copy(copy.path, home / "copied.db")
        os.replace(home / "copied.db", home / "progress.db")
        review.send(":give-up\n3")
        with suppress(Ended):
            review.next_card()
        assert review.finish() == 1 and without_surprise(review.text)
        assert "was moved, deleted or replaced" in review.text

    rescued = next((home / "backups").glob("*rescued*.db"))
    with closing(sqlite3.connect(rescued)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert connection.execute("SELECT count(*) FROM log").fetchone() == (9,)


def test_a_deleted_index_is_no_loss(scratch: Path) -> None:
    """cache.db goes away, or turns to dust, while a session uses it."""
    world = SmallWorld(scratch)
    for damage in ("gone", "dust"):
        services = world.open()
        session = services.session()
        rate_next(session, Rating.EASY)
        if damage == "gone":
            for path in world.home.glob("cache.db*"):
                path.unlink()
        else:
            (world.home / "cache.db").write_bytes(os.urandom(20_000))
        with suppress(Exception):
            session.refresh()
        services.close()
        again = world.open()
        assert rate_next(again.session(), Rating.EASY)
        again.close()
    assert len(read_log(world.home)) == 4
    assert complaints(world.home, world.clock()) == []
