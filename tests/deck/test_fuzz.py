"""Whatever is in a file: reading it never raises, and every problem has a place in it."""

from __future__ import annotations

import os
import re
from pathlib import Path
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from studyapp.deck.file_text import UnreadableFile, decode
from studyapp.deck.overlay import parse_overlay
from studyapp.deck.reader import parse_deck
from studyapp.deck.template import starter_deck
from studyapp.folders import content_folder
from studyapp.forms.problem import Problem

PATH = Path("fuzz.yaml")
MUTANTS = int(os.environ.get("STUDYAPP_MUTANTS", "1000"))
"""How many mutated files are read; the long form of the tests sets a larger number."""
PIECES = [
    piece.encode()
    for piece in (
        *("\t", "  ", "- ", ": ", "{", "}", "[", "]", "*a ", "&a ", "'", '"', "|", ">", "#", "---\n", "...\n", "<<: "),
        *("{{", "}}", "$", "\\", "%", "?", "!", "@", "`", "!!python/object/apply:os.system ", "\r\n", "\u2028", "\x00"),
        *(
            "0x10",
            "1_000",
            "12:30",
            "no",
            "null",
            "~",
            ".inf",
            "1e999",
            "9" * 400,
            "9**9**9",
            "(" * 99,
            "../..",
            "<<p>>",
        ),
        *("\u202e", "\x1b[31m", "\ufeff", "id: ", "kind: ", "draw: ", "after: "),
    )
] + [b"\xff", b"\xfe\xff"]


def examine(data: bytes) -> tuple[Problem, ...]:
    """Reads bytes as a deck and as an overlay; asserts that every problem has a place."""
    try:
        text = decode(data)
    except UnreadableFile as error:
        assert error.line >= 1
        assert error.column >= 1
        return ()
    lines = len(re.split("\r\n|[\n\r\x85\u2028\u2029]", text)) + 1
    deck, overlay = parse_deck(text, PATH), parse_overlay(text, PATH)
    for problem in (*deck.problems, *overlay.problems):
        assert 1 <= problem.line <= lines
        assert problem.column >= 1
        assert problem.message
        assert str(problem).isprintable()
    assert deck.deck is not None or deck.problems
    return deck.problems


def mutate(data: bytes, random: Random) -> bytes:
    """A copy of ``data`` with a few pieces put in, taken out, doubled or swapped."""
    start = random.randrange(max(1, len(data) - 3000))
    mutant = bytearray(data[:200] + data[start : start + 2500])
    for _ in range(random.choice((1, 1, 2, 3, 10))):
        place = random.randrange(len(mutant) + 1)
        action = random.randrange(6)
        if action <= 1:
            mutant[place:place] = random.choice(PIECES)
        elif action == 2:
            del mutant[place : place + random.choice((1, 2, 5, 40))]
        elif action == 3:
            source = random.randrange(len(mutant) + 1)
            mutant[place:place] = mutant[source : source + random.choice((3, 20, 200))]
        elif action == 4:
            mutant[place : place + 1] = bytes([random.randrange(256)])
        else:
            del mutant[place:]
    return bytes(mutant)


def seeds() -> list[bytes]:
    """Good decks to start from."""
    bundled = [path.read_bytes() for path in sorted(content_folder().rglob("*.yaml"))]
    return [starter_deck("example").encode(), *bundled]


@pytest.mark.parametrize("seed", range(4))
def test_mutants_of_good_decks_never_raise(seed: int) -> None:
    random = Random(seed)
    good = seeds()
    found: set[str] = set()
    for _ in range(MUTANTS // 4):
        found.update(problem.code for problem in examine(mutate(random.choice(good), random)))
    assert {"yaml", "unknown-key"} <= found


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.binary(max_size=300))
def test_any_bytes_are_read(data: bytes) -> None:
    examine(data)


_TEXT = st.text(alphabet="ab \n-:{}[]'\"|>&*!%@`#?\\,$0123.xyn~\t\u202e\u2028", max_size=60)


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.sampled_from(["question", "answer", "text", "draw", "variables", "options", "steps", "wrong", "tags", "id"]),
    st.sampled_from(["recall", "explain", "cloze", "choice", "compute", "formula", "order", "code"]),
    _TEXT,
)
def test_any_value_at_any_key_is_read(key: str, kind: str, value: str) -> None:
    examine(f"deck: a\ntitle: A\ncards:\n  - id: a\n    kind: {kind}\n    {key}: {value}\n".encode())


def test_hostile_decks_are_refused_quickly() -> None:
    head = b"deck: x\ntitle: X\ncards:\n  - "
    for body in (
        b"[" * 200_000,
        b"{a: " * 100_000,
        b"? " * 100_000,
        b"- " * 100_000,
        b"{id: a, kind: formula, question: q, variables: {x: [0, 1]}, answer: '" + b"(" * 1_900 + b"'}",
        b"{id: a, kind: formula, question: q, variables: {x: [0, 1]}, answer: '" + b"-" * 1_900 + b"x'}",
        b"{id: a, kind: compute, question: q, answer: x, draw: {x: {integers: [0, " + b"9" * 100_000 + b"]}}}",
        b"{id: " + b"a-" * 5_000 + b", kind: cloze, text: '{{a}}'}",
        b"{id: " + b"a" * 79 + b"!, kind: cloze, text: '{{a}}'}",
        b"{id: a, kind: code, question: q, reference: mse, draw: {x: 1}, signature: 'def f(" + b"(" * 250 + b"'}",
    ):
        assert examine(head + body)
