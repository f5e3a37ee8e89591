"""Broken and hostile decks: never an exception, always a place; shown harmlessly, or refused."""

from __future__ import annotations

import time
from pathlib import Path
from textwrap import indent

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from studyapp.deck.overlay import read_overlay
from studyapp.deck.reader import parse_deck, read_deck
from studyapp.grading.draw import DrawError
from studyapp.kinds.ask import ask
from studyapp.render import plain, render

from .app import run, without_surprise
from .audit import read_log
from .mutants import NASTY, try_mutants


def test_mutants_of_the_bundled_decks() -> None:
    found = try_mutants(seed=1, count=1000)

    assert found.faults == []
    assert found.with_problems > 200 and found.cards_asked > 200, "the mutations are too harsh or too mild to tell"


@given(st.binary(max_size=400) | st.text(max_size=400).map(str.encode))
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_files_of_anything(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "any.yaml"
    path.write_bytes(b"deck: any\ntitle: Any\ncards:\n" * (len(content) % 2) + content)
    read = read_deck(path)
    assert read.deck is not None or read.problems
    assert all(problem.line >= 1 and str(problem).isprintable() for problem in read.problems)
    overlay = read_overlay(path)
    assert all(problem.line >= 1 for problem in overlay.problems)


def deck(card: str) -> str:
    return "deck: hostile\ntitle: Hostile\ncards:\n  - " + indent(card.strip(), "    ").lstrip() + "\n"


COMPUTE = """
id: hostile
kind: compute
question: What is {{x}}?
draw: {{x: {{grid: [1, 9, 1]}}}}
answer: {expression}
"""


HUGE = ("9**9**9**9", "10**400", "9**9**9**9*0")
"""Numbers that would take a computer's whole memory as exact integers; in floating point they are infinite."""


@pytest.mark.parametrize(
    "expression",
    [
        *HUGE, "__import__('os').system('touch owned')", "().__class__.__bases__", "open('/etc/passwd')",
        "bce.__globals__", "x.__class__", "lambda: x", "[y for y in x]", "exec('1')", "zeros(999999999)",
        "outer(zeros(9999), zeros(9999))", "cumsum(zeros(10000000))", "'" + "A" * 20000 + "'",
        "(" * 5000 + "x" + ")" * 5000,
        "x" + "+x" * 20000, "-" * 20000 + "x", "f'{x}'", "sum(sum)", "bce.grad.grad(x, x)", "x; x",
        "softmax_focal.parameters", "norm(x, ord=__import__('os'))", "sort(zeros(100000))", "x[1e99]", "x[9**9]",
        "sum(k for k in range(10**9))", "sum(sum(j for j in range(9999)) for k in range(9999))",
        "sum(k for k in x.__class__)", "sum(x.__class__ for k in range(3))", "sum(k for x.y in range(3))",
        "sum(k for k in range(3) if open('/etc/passwd'))", "1 if x.__class__ else 2", "x if x else " * 20000 + "x",
        "lambda: x if x else x", "{k for k in range(9)}",
    ],
)  # fmt: skip
def test_expressions_can_neither_reach_out_nor_hang(
    expression: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    begun = time.process_time()
    read = parse_deck(deck(COMPUTE.format(expression=repr(expression))), Path("hostile.yaml"))
    for card in read.deck.cards if read.deck else ():
        if expression not in HUGE:
            with pytest.raises(DrawError):
                ask(card, 1)  # type: ignore[arg-type]
    assert expression in HUGE or read.problems or read.deck
    assert time.process_time() - begun < 3
    assert list(tmp_path.iterdir()) == []


def test_aliases_that_multiply_are_refused_at_once() -> None:
    lines = ["a: &a [x, x, x, x, x, x, x, x, x]"]
    lines += [f"{chr(98 + n)}: &{chr(98 + n)} [{', '.join([f'*{chr(97 + n)}'] * 9)}]" for n in range(12)]
    begun = time.process_time()
    read = parse_deck("\n".join(lines) + "\ndeck: bomb\ntitle: Bomb\ncards: [*m]\n", Path("bomb.yaml"))
    assert read.problems and (read.deck is None or not read.deck.cards)
    assert time.process_time() - begun < 2


@pytest.mark.parametrize("text", [text for text in NASTY if text])
def test_text_reaches_the_terminal_without_its_powers(text: str, scratch: Path) -> None:
    """No control character of a deck survives rendering: neither escape sequences nor marks that turn text round."""
    shown = plain(render(text, 60))
    assert all(character == "\n" or character.isprintable() for character in shown.replace("\u200d", "")), ascii(shown)


HOSTILE_TEXT = deck(
    r"""
id: escape
kind: choice
question: "Clear \e[2J the screen \e]0;owned\a and \u202e turn round \x9b31m"
options:
  - {text: "right \e[31m", correct: true, why: "because \x07"}
  - {text: "wrong \r\u001b[1A", why: "[bold red]markup[/] [link=file:///etc/passwd]x[/link]"}
"""
)


def test_a_stranger_s_deck_in_the_real_app(scratch: Path) -> None:
    home = scratch / "home"
    (scratch / "hostile.yaml").write_text(HOSTILE_TEXT, "utf-8")
    added = run(home, "add", str(scratch / "hostile.yaml"))
    assert added.returncode == 0 and without_surprise(added.stderr)

    for command in (["show", "escape", "--answer"], ["cards", "turn"], ["check", str(scratch / "hostile.yaml")]):
        done = run(home, *command)
        for output in (done.stdout, done.stderr):
            assert without_surprise(output)
            strange = [c for c in output if c != "\n" and c != "\t" and not c.isprintable()]
            assert strange == [], (command, ascii(output))
    done = run(home, "review", "hostile", typed="\x1b[31m\n1\n3\n")
    assert "\x1b" not in done.stdout and "\x9b" not in done.stdout and "\u202e" not in done.stdout
    assert len(read_log(home)) <= 1


@pytest.mark.parametrize("card_id", ["../../etc/passwd", "a b", "-rf", "CON", "x" * 3000, "é", "a/b", "a\\b", "a:b"])
def test_ids_are_plain_names(card_id: str) -> None:
    read = parse_deck(deck(f"id: {card_id!r}\nkind: cloze\ntext: 'A {{{{gap}}}}.'"), Path("ids.yaml"))
    for card in read.deck.cards if read.deck else ():
        assert card.id.replace("-", "").replace("_", "").replace(".", "").isalnum() and len(card.id) <= 200
    assert read.problems or card_id == "CON"
