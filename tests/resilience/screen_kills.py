"""``kill -9`` of the app on a real screen (a pseudo-terminal), at moments chosen by a seed.

What a session was killed in: rating card after card, any keys on any screen, the backup of the day, reading a deck
that was just edited, adding a deck, a mock interview, letting an interview's answers count.
"""

from __future__ import annotations

import random
import re
import shutil
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from studyapp.clock import system_clock
from studyapp.deck.choices import DeckChoice
from studyapp.deck.library import Library
from studyapp.folders import Folders
from studyapp.interview.archive import saved_reports, write_report
from studyapp.interview.course import Interview, Plan, Record, question_seed
from studyapp.interview.report import report
from studyapp.schedule.rating import Rating
from studyapp.services import open_services
from studyapp.store import backup
from studyapp.store.log import AnswerRecord, Mode
from tests.benchmarks.terminal import Terminal

from .app import environment, run
from .audit import Logged, complaints, read_log
from .small_files import READERS
from .small_world import NO_LIMITS, plain_deck, rate_next

_HASTY = """
import os, sys
import studyapp.tui.app as app
from studyapp.__main__ import main
app.BACK_UP_AFTER, app.LOOK_AT_FILES, app.SAVE_DRAFTS = 0.1, 0.1, 0.1
os.chdir(os.environ["STUDYAPP_HOME"])
main()
"""
"""The app, doing at once what else it does after some seconds, so that a kill meets it."""

_CARD = re.compile(r"MAE is the[^()]*\((\d+)\)\.")
_KEYS = (
    *"abcdefghijklmoprstuvwxyzRJK0123456789/?,.;()+-*'", " ", "\r", "\t", "\x1b", "\x7f",
    "\x1b[A", "\x1b[B", "\x1b[C", "\x1b[D", "\x13", "\x14", "\x07", "\x1a", "\x0c", "\x15", "\x12", "\x05",
)  # fmt: skip
"""Everything but what leaves the app (q) or writes a new deck (n)."""


@dataclass
class ScreenTally:
    """How many sessions were killed in what, and what was wrong afterwards."""

    kills: Counter[str] = field(default_factory=Counter)
    seen: int = 0
    """Answers whose next card was seen on the screen."""
    entries: int = 0
    faults: list[str] = field(default_factory=list)

    def add(self, other: ScreenTally) -> None:
        """Takes another tally into this one."""
        self.kills += other.kills
        self.seen += other.seen
        self.entries += other.entries
        self.faults += other.faults


def kill_screens(
    folder: Path,
    seed: int,
    kills: int,
    ways: Sequence[str] = (),
    per_home: int = 14,
    done: Callable[[], None] = lambda: None,
) -> ScreenTally:
    """Starts and kills ``kills`` sessions one after the other; the data of a killed one goes on to the next.

    The ``ways`` (all, if none is named) take turns. ``done`` is called after each kill.
    """
    tally = ScreenTally()
    rng = random.Random(seed)
    ways = ways or list(WAYS)
    while (killed := tally.kills.total()) < kills and not tally.faults:
        place = folder / f"screens-{killed}"
        home = _new_home(place)
        for number in range(killed, min(killed + per_home, kills)):
            name = ways[number % len(ways)]
            try:
                faults = list(_kill_one(home, name, rng, tally))
            except Exception as error:
                faults = [f"{type(error).__name__}: {error}"]
            tally.kills[name] += 1
            tally.faults += [f"seed {seed}, screen {number + 1}, {name}: {fault}" for fault in faults]
            done()
        tally.entries += len(read_log(home))
        shutil.rmtree(place)
    return tally


def _new_home(place: Path) -> Path:
    place.mkdir()
    home = place / "home"
    (place / "plain.yaml").write_text(plain_deck("plain", 60), "utf-8")
    added = run(home, "add", str(place / "plain.yaml"))
    assert added.returncode == 0, added.stderr
    return home


def _as_it_was(home: Path) -> None:
    """Takes back what any keys may have chosen: the deck is there and on, and nothing is set."""
    (home / "config.toml").unlink(missing_ok=True)
    library = Library(home)
    library.add(home.parent / "plain.yaml")
    library.choose(dict.fromkeys(library.choices(), DeckChoice()))


def _kill_one(home: Path, name: str, rng: random.Random, tally: ScreenTally) -> Iterator[str]:
    before = read_log(home)
    prepare, command, act = WAYS[name]
    _as_it_was(home)
    prepare(home)
    start = len(read_log(home))
    with Terminal([sys.executable, "-c", _HASTY, *command], environment(home, EDITOR="true")) as terminal:
        certain, in_flight = act(terminal, home, rng)
        terminal.kill()
        if "Traceback" in terminal.text:
            yield f"a traceback: {terminal.text[-800:]}"
    tally.seen += len(certain)
    log = read_log(home)
    grown = log[start:]
    if log[: len(before)] != before:
        yield "entries of the log have gone or changed"
    if name == "rating" and grown not in (certain, [*certain, *in_flight]):
        yield f"seen was {certain}, logged is {grown}"
    yield from complaints(home)
    yield from _files_are_whole(home)
    if name != "any keys" and home.parent / "plain.yaml" not in Library(home).own():
        yield "a deck has gone from the library"
    yield from _works_again(home)


def _files_are_whole(home: Path) -> Iterator[str]:
    for file, read in READERS.items():
        yield from read(home / file)
    for copy in backup.backups(home):
        if trouble := backup.unsound(copy.path, thorough=True):
            yield f"the copy {copy.path.name} is not sound: {trouble}"
    if any(one.facts is None for one in saved_reports(home / "interviews")):
        yield "a report is not whole"


def _works_again(home: Path) -> Iterator[str]:
    """The next start asks a card and records its answer."""
    before = len(read_log(home))
    services = open_services(Folders(home, home / "config.toml", home / "nothing bundled"), NO_LIMITS)
    try:
        session = services.session()
        if session.turn is not None:
            rate_next(session)
            if len(read_log(home)) != before + 1:
                yield "the answer given afterwards is not in the log"
    finally:
        services.close()


Seen = tuple[list[Logged], list[Logged]]
"""Entries that must be in the log, and the one that may be."""


def _nothing(home: Path) -> None:
    pass


def _rate_cards(terminal: Terminal, home: Path, rng: random.Random) -> Seen:
    """Some answers, and one that may be cut off."""
    card_id = card_on_screen(terminal)
    seen = []
    for _ in range(rng.randint(1, 4)):
        rating = rate(terminal, rng)
        following = card_on_screen(terminal, card_id)
        seen.append(Logged("answer", card_id, rating))
        card_id = following
    last = Logged("answer", card_id, rate(terminal, rng))
    time.sleep(rng.uniform(0.0, 0.06))
    return seen, [last]


def card_on_screen(terminal: Terminal, other_than: str = "") -> str:
    """Waits until a card is shown that is not the one before; its id."""
    limit = time.monotonic() + 30
    while time.monotonic() < limit:
        shown = _CARD.findall(terminal.text)
        if shown and f"plain-{shown[-1]}" != other_than:
            return f"plain-{shown[-1]}"
        terminal.read(0.2)
    raise TimeoutError(f"no card came after {other_than}; the terminal shows:\n{terminal.text[-2000:]}")


def rate(terminal: Terminal, rng: random.Random) -> int:
    """Gives the card up, and rates it as soon as the answer is shown; the rating. The next card is not waited for."""
    terminal.forget()  # what the card before has painted, which may have come late
    terminal.send("\x07")
    terminal.wait_for("Again")
    rating = rng.randint(1, 4)
    terminal.forget()
    terminal.send(str(rating))
    return rating


def _press(terminal: Terminal, keys: str, pause: float) -> None:
    """Presses a key and takes in what is painted for a moment."""
    terminal.send(keys)
    until = time.monotonic() + pause
    while terminal.is_running and (left := until - time.monotonic()) > 0:
        terminal.read(left)


def _any_keys(terminal: Terminal, home: Path, rng: random.Random) -> Seen:
    terminal.wait_for("Explore")
    for _ in range(rng.randint(5, 60)):
        _press(terminal, rng.choice(_KEYS), rng.uniform(0.0, 0.03))
        if not terminal.is_running:
            break
    return [], []


def _without_copies(home: Path) -> None:
    shutil.rmtree(home / "backups", ignore_errors=True)


def _in_the_backup(terminal: Terminal, home: Path, rng: random.Random) -> Seen:
    card_on_screen(terminal)
    for _ in range(rng.randint(0, 2)):
        rate(terminal, rng)
    limit = time.monotonic() + rng.uniform(0.0, 0.4)
    while time.monotonic() < limit and not (rng.random() < 0.3 and (home / "backups").exists()):
        time.sleep(0.002)
    return [], []


def _deck_edited(terminal: Terminal, home: Path, rng: random.Random) -> Seen:
    card_on_screen(terminal)
    for _ in range(rng.randint(1, 3)):
        wording = rng.choice(["It is the minimiser: MAE is the", "The minimiser of MAE is the"])
        (home.parent / "plain.yaml").write_text(plain_deck("plain", rng.randint(50, 70), wording), "utf-8")
        _press(terminal, "\x07", rng.uniform(0.0, 0.25))
    return [], []


def _deck_added(terminal: Terminal, home: Path, rng: random.Random) -> Seen:
    own = home.parent / f"own{rng.randrange(10**9)}.yaml"
    own.write_text(plain_deck(own.stem, 40), "utf-8")
    terminal.wait_for("Explore")
    _press(terminal, "d", 0.3)
    _press(terminal, "a", 0.3)
    terminal.send(str(own))
    _press(terminal, "\r", rng.uniform(0.0, 0.3))
    return [], []


def _in_an_interview(terminal: Terminal, home: Path, rng: random.Random) -> Seen:
    terminal.wait_for("Explore")
    _press(terminal, "m", 0.4)
    _press(terminal, "s", 0.3)
    for _ in range(rng.randint(1, 4)):
        _press(terminal, rng.choice(["the median", "mean", "\x07"]), 0.1)
        _press(terminal, "\r", rng.uniform(0.05, 0.3))
        _press(terminal, "\r", rng.uniform(0.0, 0.2))
    if rng.random() < 0.5:
        _press(terminal, "\x12", 0.2)
        _press(terminal, "\x1b[B", 0.05)
        _press(terminal, "\r", rng.uniform(0.0, 0.15))
    return [], []


def _with_a_report(home: Path) -> None:
    """An interview of this minute, whose answers are in the log and moved no card."""
    services = open_services(Folders(home, home / "config.toml", home / "nothing bundled"), NO_LIMITS)
    try:
        now = system_clock()
        interview = Interview(Plan(questions=12, seed=int(now.timestamp())), now.isoformat())
        for place in range(12):
            card_id = f"plain-{30 + place}"
            seed = question_seed(card_id, interview.plan.seed, place)
            services.store.record(
                AnswerRecord(card_id, Rating.AGAIN, Mode.MOCK, "wrong", 0.0, seed=seed), services.store.state(card_id)
            )
            interview = interview.with_record(Record(card_id, "plain", "cloze", "MAE", "wrong", 0.0, 1.0))
        write_report(home / "interviews", report(interview, {}, now.astimezone()), now.astimezone())
    finally:
        services.close()


def _answers_counted(terminal: Terminal, home: Path, rng: random.Random) -> Seen:
    terminal.wait_for("Explore")
    _press(terminal, "m", 0.4)
    _press(terminal, "r", 0.4)
    terminal.forget()
    terminal.send("\r")
    terminal.wait_for("counts them")
    _press(terminal, "c", 0.3)
    _press(terminal, "\x1b[B", 0.1)
    _press(terminal, "\r", rng.uniform(0.0, 0.05))
    return [], []


WAYS: dict[str, tuple[Callable[[Path], None], tuple[str, ...], Callable[[Terminal, Path, random.Random], Seen]]] = {
    "rating": (_nothing, ("study", "plain"), _rate_cards),
    "any keys": (_nothing, (), _any_keys),
    "the backup": (_without_copies, ("study", "plain"), _in_the_backup),
    "an edited deck": (_nothing, ("study", "plain"), _deck_edited),
    "a deck added": (_nothing, (), _deck_added),
    "an interview": (_nothing, (), _in_an_interview),
    "answers counted": (_with_a_report, (), _answers_counted),
}
"""What a session is killed in: what is made ready, the command, and what is done up to the kill."""
