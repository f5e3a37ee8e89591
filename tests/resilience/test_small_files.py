"""Everything small that is written beside the answers: settings, keys, decks' choices, drafts, interviews.

What cannot be read is refused or put aside with a word that names the file, and nothing of it is lost; a write that
fails leaves what was there.
"""

from __future__ import annotations

import json
import os
import random
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from studyapp.deck.choices import DeckChoice
from studyapp.deck.library import Library, LibraryError
from studyapp.interview.archive import saved_reports, write_report
from studyapp.interview.course import Interview, Plan, Record
from studyapp.interview.report import report
from studyapp.interview.saving import load, save
from studyapp.settings_file import write_key
from studyapp.tui.drafts import Drafts
from studyapp.tui.keymap import template

from .app import run, without_surprise
from .faults import DISK_FULL, IO_ERROR, READ_ONLY, FailingDisk
from .mutants import NASTY
from .small_files import READERS
from .small_world import START, plain_deck

INTERVIEW = Interview(Plan(questions=3, seed=5), "2026-01-05T12:00:00+00:00").with_record(
    Record("plain-0", "plain", "cloze", "The minimiser of MAE", "wrong", 0.0, 12.5, "the mean")
)


def write_all(home: Path) -> None:
    """Each of the files as the app writes it."""
    home.mkdir()
    deck = home / "own.yaml"
    deck.write_text(plain_deck("own", 2), "utf-8")
    library = Library(home)
    library.add(deck)
    library.choose({"own": DeckChoice(enabled=False, order=1.5, new_per_day=3, desired_retention=0.95)})
    write_key(home / "config.toml", "learning_steps", [1.0, 10.0])
    write_key(home / "config.toml", "theme", "textual-light")
    (home / "keys.toml").write_text(template().replace('# "review.flag"', '"review.flag"'), "utf-8")
    drafts = Drafts(home / "drafts.json")
    drafts.put("plain-0", "half a thought, für später")
    assert drafts.save()
    save(home / "interview.json", INTERVIEW)


def is_kept(path: Path, content: bytes) -> bool:
    """Whether a file is as it was, or put aside as it was."""
    aside = path.parent / "damaged"
    found = [path, *(aside.iterdir() if aside.is_dir() else ())]
    return content in [one.read_bytes() for one in found if one.is_file()]


DEEP = 100_000
DAMAGES = [
    b"", b"\x00" * 500, b"\xff\xfe{", b"{", b"[", b"[" * DEEP, b'{"decks":' + b"[" * DEEP, b'{"a":' * DEEP,
    b"x = " + b"[" * 5000, b"x = " + b"9" * 5000, b"9" * 5000, b"a." * 3000 + b"a = 1", b"a" * 1_000_000,
    b'{"decks": [], "version": 99}', b'{"decks": [7]}', b'{"decks": ["\\ud800"]}', b'{"decks": ["\\u0000"]}',
    b'{"decks": ["' + b"x" * 5000 + b'"]}', b'{"decks": [], "choices": {"a": {"order": ' + b"9" * 400 + b"}}}",
    b'{"plain-0": 7}', b'{"a": NaN, "b": Infinity}', b"new_per_day = [1]", b'"review.flag" = 3', b"language = 'xx'",
]  # fmt: skip


@pytest.mark.parametrize("name", READERS)
def test_a_damaged_file_is_told_and_kept(name: str, scratch: Path) -> None:
    for number, content in enumerate(DAMAGES):
        path = scratch / str(number) / name
        path.parent.mkdir()
        path.write_bytes(content)
        told = READERS[name](path)
        assert all(str(path.parent) in one for one in told), (content[:60], told)
        assert is_kept(path, content), content[:60]
        if number < 3 and not (name.endswith(".toml") and not content):
            assert told, content[:60]


@pytest.mark.parametrize("name", READERS)
def test_a_folder_in_the_place_of_a_file_is_told(name: str, scratch: Path) -> None:
    (scratch / name).mkdir()
    assert len(READERS[name](scratch / name)) == 1


def mutated(content: bytes, rng: random.Random) -> bytes:
    """Cut short, with flipped bytes, with other values, or doubled."""
    change = rng.randrange(5)
    place = rng.randrange(len(content))
    if change == 0:
        return content[:place]
    if change == 1:
        flipped = bytearray(content)
        for _ in range(rng.choice([1, 1, 4, 20])):
            flipped[rng.randrange(len(content))] ^= 1 << rng.randrange(8)
        return bytes(flipped)
    if change == 2:
        other = rng.choice([b"null", b"-1", b"1e999", b"[]", b"{}", b'"x"', b"9" * 400, b"true", b'"\\ud83d"'])
        return content[:place] + other + content[place + rng.randrange(12) :]
    if change == 3:
        return content[:place] + rng.choice(NASTY).encode("utf-8", "surrogatepass") + content[place:]
    return content[:place] + content


@pytest.mark.parametrize("name", READERS)
def test_mutants_of_each_file_never_surprise(name: str, scratch: Path) -> None:
    write_all(scratch / "whole")
    whole = (scratch / "whole" / name).read_bytes()
    told = 0
    for number in range(int(os.environ.get("STUDYAPP_TEST_FILES", "60"))):
        path = scratch / str(number) / name
        path.parent.mkdir()
        content = mutated(whole, random.Random(number))
        path.write_bytes(content)
        words = READERS[name](path)
        assert is_kept(path, content), number
        assert all(str(path.parent) in one for one in words), (number, words)
        told += bool(words)
    assert told > 5


def live_on(home: Path, typed: str) -> Iterator[str]:
    """What the commands say that open everything."""
    for command in (["check", "--seeds", "0"], ["review"], ["config"], ["doctor"]):
        done = run(home, *command, typed=typed)
        assert without_surprise(done.stderr + done.stdout), (command, done.stderr)
        assert done.returncode in (0, 1, 2)
        yield done.stderr + done.stdout


def test_the_app_says_which_file_is_damaged(scratch: Path) -> None:
    home = scratch / "home"
    home.mkdir()
    (home / "library.json").write_bytes(b"[" * DEEP)
    assert "library.json is damaged" in "".join(live_on(home, ":give-up\n3\n"))
    (home / "config.toml").write_bytes(b"x = " + b"[" * 5000)
    for command in ("review", "config", "stats"):
        refused = run(home, command, typed=":give-up\n3\n")
        assert refused.returncode == 2 and "config.toml: not valid TOML" in refused.stderr, refused.stderr


# A disk that fails


def add_a_deck(home: Path) -> None:
    (home / "second.yaml").write_text(plain_deck("second", 2), "utf-8")
    Library(home).add(home / "second.yaml")


def keep_a_draft(home: Path) -> None:
    drafts = Drafts(home / "drafts.json")
    drafts.put("plain-1", "another thought")
    if not drafts.save():
        raise OSError("not saved")
    assert drafts.get("plain-1") == "another thought"


def end_the_interview(home: Path) -> None:
    interview = load(home / "interview.json")
    if interview is not None:
        write_report(home / "interviews", report(interview, {}, START), START)
        os.unlink(home / "interview.json")


def other_interview(home: Path) -> None:
    save(home / "interview.json", Interview(Plan(), "now"))


WRITES: dict[str, Callable[[Path], None]] = {
    "a deck is added": add_a_deck,
    "a choice": lambda home: Library(home).choose({"own": DeckChoice()}),
    "a setting": lambda home: write_key(home / "config.toml", "new_per_day", 9),
    "a draft": keep_a_draft,
    "an interview": other_interview,
    "a report": end_the_interview,
}


def facts(home: Path) -> dict[str, Any]:
    """What can be read of all the files."""
    return {
        "own": [path.name for path in Library(home).own()],
        "choices": Library(home).choices(),
        "settings": (home / "config.toml").read_text("utf-8"),
        "drafts": json.loads((home / "drafts.json").read_text("utf-8")),
        "interview": load(home / "interview.json"),
        "reports": [one.text for one in saved_reports(home / "interviews") if one.facts],
    }


@pytest.mark.parametrize("for_good", [False, True], ids=["once", "from then on"])
@pytest.mark.parametrize("kind", [DISK_FULL, READ_ONLY, IO_ERROR], ids=["full", "read-only", "failing"])
@pytest.mark.parametrize("what", WRITES)
def test_each_write_fails_in_turn(what: str, kind: tuple[int, str, int], for_good: bool, scratch: Path) -> None:
    write = WRITES[what]

    def played(nth: int) -> tuple[FailingDisk, Path, bool]:
        home = scratch / str(nth)
        write_all(home)
        disk = FailingDisk(kind, nth, for_good and nth > 0, lambda path: path.startswith(str(home)))
        with disk.in_use():
            try:
                write(home)
            except (OSError, LibraryError) as error:
                assert str(error)
                return disk, home, False
        return disk, home, True

    write_all(scratch / "before")
    old = facts(scratch / "before")
    clean, home, done = played(0)
    new = facts(home)
    assert done and clean.seen >= 4 and new != old

    refused = 0
    for nth in range(1, clean.seen + 1):
        disk, home, done = played(nth)
        assert disk.failed
        found = facts(home)
        assert found == new or (not done and found == old) or what == "a report", (nth, done)
        assert found["interview"] is not None or found["reports"], f"write {nth} lost the interview"
        refused += not done
        write(home)
        assert facts(home) == new or what == "a report", f"it could not be done after write {nth} had failed"
    assert refused > 1
