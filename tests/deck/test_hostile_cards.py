"""Cards that ask for too much: refused at their place, or asked, judged and shown within a budget."""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import time
from pathlib import Path

import pytest
import yaml

from studyapp import faults
from studyapp.cards.card import Card
from studyapp.deck import reader
from studyapp.deck.card_reader import card_form
from studyapp.deck.reader import parse_deck
from studyapp.deck.template import starter_deck
from studyapp.deck.trial import tried
from studyapp.grading.draw import DrawError
from studyapp.kinds import KINDS
from studyapp.kinds import ask as asking
from studyapp.kinds import grade as grading
from studyapp.kinds.prove import prove
from studyapp.render import plain, render
from tests.desk import Desk
from tests.resilience.app import environment
from tests.resilience.hostile_cards import HOSTILE, KNOWN, compute

STARTER = yaml.safe_load(starter_deck("kinds"))
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
        begun = seconds_of_children()
        done = subprocess.run(
            [*start, *words], input=typed, capture_output=True, text=True, cwd=tmp_path, timeout=4 * seconds,
            env=environment(tmp_path / "home"), check=False,
        )  # fmt: skip
        assert "Unexpected" not in done.stderr and "Traceback" not in done.stderr, (words, done.stderr[-2000:])
        assert done.returncode in (0, 1, 2) and seconds_of_children() - begun < seconds, words


def seconds_of_children() -> float:
    """The processor's time that ended child processes have taken: another load on the machine adds nothing to it."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


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


ODD: tuple[object, ...] = (
    "1e999", "-1e999", "1e-999", 1e308, float("inf"), float("nan"), 10**400, -1, 0, "9" * 39, "9" * 400, "1/0", "", "x",
    "{x}", "{{", "$", "a" * 3000, [], {}, [[]], [None], None, True, "inf", "∞", "½", "\u202e", "1,2,3", "(", "[", "::",
    [1e308, -1e308], [1e999, 1], ["a", "a"], {"a": 1}, "100%", "1e400%", "factor 1e999", "9^9^9^9", "round(x,1e9)",
    {"x": [1e308, 1e308]}, {"x": {"grid": [0, 1e-300, 1e-301]}}, {"x": {"choice": [1e308, -1e308]}}, [{"x": 1e308}],
    {"x": {"value": [[1, 2], [3]]}}, [{"id": "a", "value": "x/0", "say": "{1/0}"}], [{"id": "a", "value": "1e999"}],
)  # fmt: skip
"""Values that no field can want."""


@pytest.mark.parametrize("kind", KINDS)
def test_no_value_of_any_field_is_more_than_a_problem(kind: str, tmp_path: Path) -> None:
    faults.keep_in(tmp_path / "faults.log")
    (good, *_) = [card for card in STARTER["cards"] if isinstance(card, dict) and card.get("kind") == kind]
    for number, name in enumerate(card_form(kind).fields):
        for value in ODD if os.environ.get("STUDYAPP_EXPLORE") else (*ODD[:3], *ODD[number % 4 :: 4]):
            written = json.dumps({"deck": "d", "title": "D", "cards": [{**good, name: value}]})
            read = parse_deck(written.replace("Infinity", ".inf").replace("NaN", ".nan"), Path("odd.yaml"))
            for card in read.deck.cards if read.deck else ():
                prove(card, 1)
    assert not (tmp_path / "faults.log").exists(), (tmp_path / "faults.log").read_text()


def test_a_fault_in_reading_a_card_costs_that_card_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    faults.keep_in(tmp_path / "faults.log")
    real = reader.card_findings

    def broken(card: Card) -> object:
        if card.id == "b":
            raise ZeroDivisionError("a fault of the app")
        return real(card)

    monkeypatch.setattr(reader, "card_findings", broken)
    cards = "".join(f"- {{id: {name}, kind: recall, question: Q?, answer: A}}\n" for name in "abc")
    read = parse_deck(f"deck: d\ntitle: D\ncards:\n{cards}", Path("d.yaml"))
    assert read.deck is not None and [card.id for card in read.deck.cards] == ["a", "c"]
    (problem,) = read.problems
    assert (problem.code, problem.line) == ("unreadable", 5) and "ZeroDivisionError" in problem.message
    assert "d.yaml:5" in (tmp_path / "faults.log").read_text()
