"""Cards that ask for too much: refused at their place, or asked, judged and shown within a budget."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path

import pytest

from studyapp.deck.reader import parse_deck
from studyapp.deck.trial import tried
from studyapp.grading.draw import DrawError
from studyapp.kinds import ask as asking
from studyapp.kinds import grade as grading
from studyapp.kinds.prove import prove
from studyapp.render import plain, render
from tests.desk import Desk
from tests.resilience.app import environment
from tests.resilience.hostile_cards import HOSTILE, KNOWN, compute

SECONDS = asking.MOST_SECONDS + grading.MOST_SECONDS + grading.MOST_SECONDS_TO_REVEAL + 1.5
MEGABYTES = 700


def deck_of(card: object, name: str = "hostile") -> str:
    """A deck with one card; JSON is YAML."""
    written = json.dumps({"deck": name, "title": "Hostile", "cards": [{"id": "hostile-1", **card}]}, indent=1)  # type: ignore[dict-item]
    return written.replace("Infinity", ".inf")


def played(card: object) -> None:
    """Read the card, ask it, answer it, show what is right."""
    read = parse_deck(deck_of(card), Path("hostile.yaml"))
    assert read.deck is not None or read.problems
    for one in read.deck.cards if read.deck else ():
        try:
            question = asking.ask(one, 1)  # type: ignore[arg-type]
        except DrawError as error:
            assert str(error)
            continue
        grading.grade(question, "1")
        shown = grading.reveal(question)
        for text in (question.text, shown.answer, shown.solution):
            plain(render(text, 60))


@pytest.mark.parametrize("name", KNOWN)
def test_cards_that_once_hurt_are_done_in_time(name: str) -> None:
    begun = time.thread_time()
    played(HOSTILE[name])
    assert time.thread_time() - begun < SECONDS


@pytest.mark.resilience
@pytest.mark.parametrize("name", HOSTILE)
def test_no_card_takes_the_machine(name: str, tmp_path: Path) -> None:
    (tmp_path / "hostile.yaml").write_text(deck_of(HOSTILE[name]), "utf-8")
    limit = f"import resource; resource.setrlimit(resource.RLIMIT_AS, ({MEGABYTES << 20}, {MEGABYTES << 20}))"
    start = [sys.executable, "-c", f"{limit}; from studyapp.__main__ import main; main()"]
    for words, typed, seconds in (
        (["check", "hostile.yaml", "--seeds", "3"], "", 25),
        (["add", "hostile.yaml"], "", 12),
        (["show", "hostile-1", "--seed", "1", "--answer"], "", 12),
        (["review", "hostile"], "1\n1\n3\n:give-up\n3\n", 25),
    ):
        begun = time.monotonic()
        done = subprocess.run(
            [*start, *words], input=typed, capture_output=True, text=True, cwd=tmp_path, timeout=4 * seconds,
            env=environment(tmp_path / "home"), check=False,
        )  # fmt: skip
        assert "Unexpected" not in done.stderr and "Traceback" not in done.stderr, (words, done.stderr[-2000:])
        assert done.returncode in (0, 1, 2) and time.monotonic() - begun < seconds, words


IMPOSSIBLE = compute({"x": {"integers": [1, 2]}}, "x", where="x > 5")


@pytest.mark.parametrize("card", [IMPOSSIBLE, HOSTILE["many draws"]], ids=["impossible", "too long"])
def test_what_cannot_be_asked_is_told_when_its_deck_is_added_and_checked(
    card: object, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.write_deck("hostile", deck_of(card))
    monkeypatch.setattr(asking, "MOST_SECONDS", 0.2)
    bank = desk.open().bank
    (problem,) = tried(bank, ["hostile"])
    assert problem.code == "draw" and "hostile-1" in problem.message
    assert (problem.path.name, problem.line) == ("hostile.yaml", bank.location("hostile-1").line) and problem.line > 1
    assert ("draw", problem.message.removeprefix("hostile-1: ")) == prove(bank.card("hostile-1"), 1)[0]


def test_a_first_look_takes_no_longer_than_it_may(desk: Desk) -> None:
    cards = "".join(f"  - {{id: a-{n}, kind: recall, question: Q?, answer: A}}\n" for n in range(200))
    desk.write_deck("a", f"deck: a\ntitle: A\ncards:\n{cards}")
    bank = desk.open().bank
    assert tried(bank, ["a"]) == () and tried(bank, []) == ()
    assert tried(bank, ["a"], seconds=0.0) == ()
