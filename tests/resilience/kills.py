"""``kill -9`` in the middle of study sessions, at moments chosen by a seed.

The promise on trial: every answer whose next card was shown is in the log, and whatever is in the log is whole.
"""

from __future__ import annotations

import random
import shutil
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from .app import Ended, Review
from .audit import Logged, complaints, read_log


@dataclass
class Ledger:
    """What a learner has seen happen: entries of the log that must be there, and one that may be there."""

    certain: list[Logged] = field(default_factory=list)
    in_flight: Logged | None = None

    def begin(self, kind: str, card_id: str, rating: int | None = None) -> None:
        """A command was sent whose effect was not yet seen."""
        self.in_flight = Logged(kind, card_id, rating, self.undoable if kind == "undo" else None)

    def seen(self) -> None:
        """The effect of the command was seen."""
        if self.in_flight is not None:
            self.certain.append(self.in_flight)
        self.in_flight = None

    @property
    def undoable(self) -> int | None:
        """The sequence that the next undo takes back."""
        undone = {entry.undoes for entry in self.certain}
        numbered = list(enumerate(self.certain, start=1))
        return next((n for n, entry in reversed(numbered) if entry.kind != "undo" and n not in undone), None)

    def settle(self, log: list[Logged]) -> str:
        """Compares with the log after the kill and takes over what was in flight; what is wrong, or nothing."""
        allowed = [self.certain] + ([[*self.certain, self.in_flight]] if self.in_flight else [])
        if log not in allowed:
            return f"the log ends {log[-3:]} ({len(log)} entries), seen was {self.certain[-3:]} ({len(self.certain)})"
        self.certain, self.in_flight = list(log), None
        return ""


@dataclass
class Tally:
    """How many sessions were killed, where, and what was wrong afterwards."""

    kills: int = 0
    at_start: int = 0
    with_answer_in_flight: int = 0
    in_flight_was_logged: int = 0
    entries: int = 0
    faults: list[str] = field(default_factory=list)

    def add(self, other: Tally) -> None:
        """Takes another tally into this one."""
        for name in ("kills", "at_start", "with_answer_in_flight", "in_flight_was_logged", "entries"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.faults += other.faults


def kill_sessions(
    folder: Path, seed: int, kills: int, sessions_per_home: int = 15, done: Callable[[], None] = lambda: None
) -> Tally:
    """Starts and kills ``kills`` sessions one after the other; the data of a killed one goes on to the next.

    ``done`` is called after each.
    """
    tally = Tally()
    rng = random.Random(seed)
    while tally.kills < kills and not tally.faults:
        home = folder / f"home-{tally.kills}"
        ledger = Ledger()
        for _ in range(min(sessions_per_home, kills - tally.kills)):
            label = f"seed {seed}, kill {tally.kills + 1}"
            tally.faults += [f"{label}: {fault}" for fault in _kill_one(home, rng, ledger, tally)]
            done()
        tally.entries += len(read_log(home))
        if not tally.faults:
            shutil.rmtree(home)
    return tally


def _kill_one(home: Path, rng: random.Random, ledger: Ledger, tally: Tally) -> Iterator[str]:
    with Review(home) as review:
        if rng.random() < 0.15:
            tally.at_start += 1
            time.sleep(rng.uniform(0.0, 0.8))
        else:
            try:
                _study(review, rng, ledger)
            except Ended:
                pass  # everything of today was answered
            except TimeoutError as error:
                yield f"hung: {error}"
        review.kill()
        if not review.text.isprintable() and "Traceback" in review.text:
            yield f"a traceback: {review.text[-800:]}"
    tally.kills += 1
    in_flight = ledger.in_flight
    tally.with_answer_in_flight += in_flight is not None
    before = len(ledger.certain)
    if fault := ledger.settle(read_log(home)):
        yield fault
    tally.in_flight_was_logged += in_flight is not None and len(ledger.certain) > before
    yield from complaints(home)


def _study(review: Review, rng: random.Random, ledger: Ledger) -> None:
    """Some turns that are seen through, and one that is cut off somewhere."""
    latency = 0.02
    card_id = review.next_card()
    for _ in range(rng.randint(0, 9)):
        begun = time.monotonic()
        _send(review, rng, ledger, card_id)
        card_id = _see(review, ledger)
        latency = 0.5 * latency + 0.5 * (time.monotonic() - begun)
    _send(review, rng, ledger, card_id)
    time.sleep(rng.uniform(0.0, 1.3 * latency))


def _send(review: Review, rng: random.Random, ledger: Ledger, card_id: str) -> None:
    """Sends a command at the prompt for an answer."""
    command = rng.choices(["rate", "undo", "flag", "bury", "suspend"], [14, 3, 2, 1, 1])[0]
    if command == "undo" and ledger.undoable is None:
        command = "rate"
    if command == "rate":
        rating = rng.randint(1, 4)
        ledger.begin("answer", card_id, rating)
        review.send(f":give-up\n{rating}")
    elif command == "undo":
        undone = ledger.undoable
        assert undone is not None
        ledger.begin("undo", ledger.certain[undone - 1].card_id)
        review.send(":undo")
    elif command == "flag":
        # Which of the two it will be is decided by what the log says of the card.
        ledger.begin("unflag" if _flagged(ledger, card_id) else "flag", card_id)
        review.send(":flag\n:bogus")
    else:
        ledger.begin(command, card_id)
        review.send(f":{command}")


def _see(review: Review, ledger: Ledger) -> str:
    """Waits for the effect of what was sent; the card that is on the table then."""
    sent = ledger.in_flight
    assert sent is not None
    if sent.kind in ("flag", "unflag"):
        review.wait_for(r"Flagged\.|No longer flagged\.")
        ledger.seen()
        review.wait_for("There is no :bogus")
        return sent.card_id
    try:
        card_id = review.next_card()
    except Ended:
        if "All saved." in review.text:
            ledger.seen()
        raise
    ledger.seen()
    return card_id


def _flagged(ledger: Ledger, card_id: str) -> bool:
    undone = {entry.undoes for entry in ledger.certain}
    marks = [
        entry.kind
        for number, entry in enumerate(ledger.certain, start=1)
        if entry.card_id == card_id and entry.kind in ("flag", "unflag") and number not in undone
    ]
    return bool(marks) and marks[-1] == "flag"
