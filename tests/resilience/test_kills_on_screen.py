"""kill -9 of the app on a real screen: every answer whose next card was shown is in the log."""

from __future__ import annotations

import os
import random
import re
import sys
import time
from pathlib import Path

from tests.benchmarks.terminal import Terminal

from .app import environment, run
from .audit import Logged, complaints, read_log
from .small_world import plain_deck

_CARD = re.compile(r"MAE is the[^()]*\((\d+)\)\.")


def card_on_screen(terminal: Terminal, other_than: str = "") -> str:
    """Waits until a card is shown that is not the one before; its id."""
    limit = time.monotonic() + 30
    while time.monotonic() < limit:
        shown = _CARD.findall(terminal.text)
        if shown and f"plain-{shown[-1]}" != other_than:
            return f"plain-{shown[-1]}"
        terminal.read(0.2)
    raise TimeoutError(f"no card came after {other_than}; the terminal shows:\n{terminal.text[-2000:]}")


def study_until_killed(home: Path, rng: random.Random) -> tuple[list[Logged], Logged]:
    """Some answers in the app, and one that may be cut off; those that were seen to be taken, and the last one."""
    command = [sys.executable, "-m", "studyapp", "study", "plain"]
    with Terminal(command, environment(home)) as terminal:
        card_id = card_on_screen(terminal)
        seen = []
        for _ in range(rng.randint(1, 4)):
            rating = rate(terminal, rng)
            following = card_on_screen(terminal, card_id)
            seen.append(Logged("answer", card_id, rating))
            card_id = following
        last = Logged("answer", card_id, rate(terminal, rng))
        time.sleep(rng.uniform(0.0, 0.06))
        terminal.kill()
    return seen, last


def rate(terminal: Terminal, rng: random.Random) -> int:
    """Gives the card up, and rates it as soon as the answer is shown; the rating. The next card is not waited for."""
    terminal.send("\x07")
    terminal.wait_for("Again")
    rating = rng.randint(1, 4)
    terminal.forget()
    terminal.send(str(rating))
    return rating


def test_the_app_killed_while_it_rates(scratch: Path) -> None:
    home = scratch / "home"
    deck = scratch / "plain.yaml"
    deck.write_text(plain_deck("plain", 60), "utf-8")
    assert run(home, "add", str(deck)).returncode == 0
    rng = random.Random(8)
    log: list[Logged] = []
    for _ in range(int(os.environ.get("STUDYAPP_TEST_SCREENS", "3"))):
        seen, last = study_until_killed(home, rng)
        assert read_log(home) in (log + seen, [*log, *seen, last])
        log = read_log(home)
        assert complaints(home) == []
