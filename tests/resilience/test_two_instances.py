"""Two programs on the same data at once: no answer is lost, nothing is damaged, and the user is told."""

from __future__ import annotations

import os
import random
import shutil
import sqlite3
import sys
import time
from contextlib import closing, suppress
from pathlib import Path

from studyapp.schedule.rating import Rating
from tests.benchmarks.terminal import Terminal

from .app import Ended, Review, environment, run, without_surprise
from .audit import Logged, complaints, read_log
from .screen_kills import card_on_screen, rate
from .small_world import SmallWorld, plain_deck, rate_next, study_days


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
            connection.execute(
                "UPDATE card_state SET stability = 99 WHERE card_number = (SELECT min(card_number) FROM log)"
            )
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


def plain_home(scratch: Path, cards: int = 30) -> Path:
    """A home with an own deck."""
    (scratch / "plain.yaml").write_text(plain_deck("plain", cards), "utf-8")
    assert run(scratch / "home", "add", str(scratch / "plain.yaml")).returncode == 0
    return scratch / "home"


def test_the_app_on_the_screen_and_plain_lines_answer_the_same_cards(scratch: Path) -> None:
    home = plain_home(scratch)
    rng = random.Random(4)
    accepted: list[Logged] = []
    refused = {"screen": 0, "lines": 0}
    command = [sys.executable, "-m", "studyapp", "study", "plain"]
    with Terminal(command, environment(home)) as screen, Review(home, "plain") as lines:
        table = {"screen": card_on_screen(screen), "lines": lines.next_card()}
        assert table["screen"] == table["lines"], "both begin with the same card"
        for who in ["lines", "screen", "screen", "lines", *rng.choices(["lines", "screen"], k=4)]:
            card_id, logged = table[who], len(read_log(home))
            if who == "lines":
                rating, seen = 3, len(lines.text)
                lines.send(":give-up\n3")
                table[who] = lines.next_card()
            else:
                rating = rate(screen, rng)
                table[who] = card_on_screen(screen, card_id)
            if len(read_log(home)) > logged:
                accepted.append(Logged("answer", card_id, rating))
            elif who == "lines":
                assert "answered in another window" in lines.text[seen:]
                refused[who] += 1
            else:
                screen.wait_for("been answered in")
                refused[who] += 1
        assert "Traceback" not in screen.text and screen.is_running
        assert lines.finish() == 0

    assert read_log(home) == accepted
    assert min(refused.values()) > 0
    assert complaints(home) == []


def test_the_deck_under_study_is_removed_and_comes_back(scratch: Path) -> None:
    home = plain_home(scratch)
    with Review(home, "plain") as review:
        first = review.next_card()
        review.send(":give-up\n4")
        second = review.next_card()
        assert run(home, "remove", "plain").returncode == 0
        review.send(":give-up\n4")
        with suppress(Ended):
            review.next_card()
        assert review.finish() == 0 and without_surprise(review.text), review.text[-800:]
    log = read_log(home)
    assert log[:2] == [Logged("answer", first, 4), Logged("answer", second, 4)]
    gone = run(home, "review", "plain", typed=":give-up\n4\n")
    assert gone.returncode == 2 and "plain" in gone.stderr and without_surprise(gone.stderr)

    assert run(home, "add", str(scratch / "plain.yaml")).returncode == 0
    with Review(home, "plain") as review:
        assert review.next_card() not in {entry.card_id for entry in log}, "what was learnt is still known"
        review.send(":give-up\n4")
        review.next_card()
    assert read_log(home)[: len(log)] == log and len(read_log(home)) == len(log) + 1
    assert complaints(home) == []


def test_the_deck_on_the_screen_is_removed_and_comes_back(scratch: Path) -> None:
    home = plain_home(scratch)
    rng = random.Random(5)
    with Terminal([sys.executable, "-m", "studyapp", "study", "plain"], environment(home)) as screen:
        first = card_on_screen(screen)
        assert run(home, "remove", "plain").returncode == 0
        rating = rate(screen, rng)
        until = time.monotonic() + 20
        while len(read_log(home)) < 1 and time.monotonic() < until:
            screen.read(0.05)
        assert run(home, "add", str(scratch / "plain.yaml")).returncode == 0
        screen.read(0.5)
        assert screen.is_running and "Traceback" not in screen.text
    assert read_log(home) == [Logged("answer", first, rating)]
    assert complaints(home) == []


def test_a_restored_backup_under_the_app_on_the_screen(scratch: Path) -> None:
    """As above in plain lines: the app says what has happened, and what was rated is saved beside."""
    home = plain_home(scratch)
    run(home, "review", "plain", typed=":give-up\n3\n" * 2)
    (copy,) = (home / "backups").glob("*.db")
    rng = random.Random(6)
    with Terminal([sys.executable, "-m", "studyapp", "study", "plain"], environment(home)) as screen:
        card_id = card_on_screen(screen)
        rate(screen, rng)
        card_on_screen(screen, card_id)
        shutil.copy(copy, home / "copied.db")
        os.replace(home / "copied.db", home / "progress.db")
        rate(screen, rng)
        screen.wait_for("Not saved")
        assert screen.is_running and "Traceback" not in screen.text
    rescued = next((home / "backups").glob("*rescued*.db"))
    with closing(sqlite3.connect(rescued)) as connection:
        assert connection.execute("SELECT count(*) FROM log").fetchone() == (3,)
    assert complaints(home) == []
