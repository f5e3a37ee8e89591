"""Decks with mistakes: the bundled ones, mutated at random. Whatever comes of it is read, checked and asked."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from studyapp.deck.reader import ReadDeck, parse_deck
from studyapp.folders import content_folder
from studyapp.grading.draw import DrawError
from studyapp.kinds.ask import ask, drawn, restore
from studyapp.kinds.grade import give_up, grade, reveal

_CARD = re.compile(r"^(?=  - )", re.MULTILINE)

NASTY = (
    "", "~", "null", "[]", "{}", "[[[[", "*x", "&x [*x]", "!!python/object/apply:os.system [ls]", "!!binary aGVsbG8=",
    "1e999", "-0", ".nan", ".inf", "0x7fffffffffffffff", "9" * 400, "-1", "1_000", "2026-01-01", "yes", "'", '"', "`",
    "|", ">", "? a", "<<: *a", "\t", "\x1b[2J\x1b]0;title\x07", "\u202eabc\u202c", "\u2066x", "\ufeff", "\x00",
    "\u0085", "𝄞", "👩‍🔬", "../../etc/passwd", "C:\\CON", "a" * 5000, "{{", "}}", "{{|}}", "$", "$$", "\\", "\\frac{",
    "<<y>>", "<<", "{y[0]}", "{", "9**9**9", "__import__('os')", "(" * 300, "bce.grad.__class__", "zeros(1e9)",
    "1/0", "log(-1)",
)  # fmt: skip
"""What is put in the place of values: of YAML, of terminals, of LaTeX, of expressions."""


@dataclass
class Findings:
    """How many mutants were tried, how many were still decks with cards, and what surprised."""

    mutants: int = 0
    still_readable: int = 0
    cards_asked: int = 0
    with_problems: int = 0
    faults: list[str] = field(default_factory=list)


def try_mutants(seed: int, count: int, done: Callable[[], None] = lambda: None) -> Findings:
    """Reads and plays ``count`` mutants made from the bundled decks. ``done`` is called after each."""
    sources = [path.read_text("utf-8") for path in sorted(content_folder().rglob("*.yaml"))]
    sources = [text for text in sources if text.lstrip().startswith(("deck:", "#")) and "\ncards:" in text]
    found = Findings()
    for number in range(count):
        rng = random.Random(seed * 1_000_003 + number)
        text = mutated(small_deck(rng.choice(sources), rng), rng)
        found.mutants += 1
        try:
            found.faults += [f"seed {seed}, mutant {number}: {fault}" for fault in _live_with(text, rng, found)]
        except Exception as error:
            found.faults.append(f"seed {seed}, mutant {number}: {type(error).__name__}: {error}")
        done()
    return found


def small_deck(text: str, rng: random.Random) -> str:
    """The head of a deck with one to three of its cards."""
    head, *cards = _CARD.split(text)
    return head + "".join(rng.sample(cards, min(len(cards), rng.randint(1, 3))))


def mutated(text: str, rng: random.Random) -> str:
    """The text with one to four random changes."""
    for _ in range(rng.choice([1, 1, 1, 2, 4])):
        text = rng.choice(_MUTATIONS)(text, rng)
    return text


def _change_character(text: str, rng: random.Random) -> str:
    place = rng.randrange(len(text) + 1)
    return (
        text[:place] + rng.choice(["", chr(rng.randrange(1, 0x3000)), *":-#'\"[]{}|>&*!%@`,\n\t "]) + text[place + 1 :]
    )


def _change_line(text: str, rng: random.Random) -> str:
    lines = text.split("\n")
    place = rng.randrange(len(lines))
    other = rng.randrange(len(lines))
    change = rng.randrange(5)
    if change == 0:
        del lines[place]
    elif change == 1:
        lines.insert(other, lines[place])
    elif change == 2:
        lines[place], lines[other] = lines[other], lines[place]
    elif change == 3:
        lines[place] = " " * rng.randrange(1, 5) + lines[place]
    else:
        lines[place] = lines[place][rng.randrange(1, 5) :]
    return "\n".join(lines)


def _change_value(text: str, rng: random.Random) -> str:
    values = list(re.finditer(r"(?<=: )[^\n]+", text))
    if not values:
        return text
    value = rng.choice(values)
    return text[: value.start()] + rng.choice(NASTY) + text[value.end() :]


def _change_word(text: str, rng: random.Random) -> str:
    words = list(re.finditer(r"[A-Za-z_]+|[0-9.]+|[()\[\]{}$,]", text))
    word, other = rng.choice(words), rng.choice(words)
    chosen = rng.choice([other.group(), rng.choice(NASTY), word.group() * 2])
    return text[: word.start()] + chosen + text[word.end() :]


def _cut_short(text: str, rng: random.Random) -> str:
    return text[: rng.randrange(len(text))] if text else text


_MUTATIONS = (_change_character, _change_line, _change_value, _change_value, _change_word, _change_word, _cut_short)


def _live_with(text: str, rng: random.Random, found: Findings) -> Iterator[str]:
    path = Path("mutant.yaml")
    read = parse_deck(text, path)
    lines = text.count("\n") + 2 + len(re.findall("[\x85\u2028\u2029\r]", text))
    for problem in read.problems:
        if problem.path != path or not 1 <= problem.line <= lines or problem.column < 1 or not problem.message.strip():
            yield f"a problem without a place: {problem!r}"
        if not str(problem).isprintable():
            yield f"a problem that is not printable: {str(problem)!r}"
    found.with_problems += bool(read.problems)
    found.still_readable += bool(read.deck and read.deck.cards)
    if read.deck is None and not read.problems:
        yield "neither a deck nor a problem"
    yield from _play(read, rng, found)


def _play(read: ReadDeck, rng: random.Random, found: Findings) -> Iterator[str]:
    for card in read.deck.cards if read.deck else ():
        if read.lines.get(card.id, 0) < 1:
            yield f"{card.id} has no line"
        try:
            question = ask(card, rng.randrange(1 << 60))  # type: ignore[arg-type]
        except DrawError:
            continue
        found.cards_asked += 1
        restore(question.card, question.seed, drawn(question))
        give_up(question)
        reveal(question)
        if card.kind != "code":
            grade(question, rng.choice(["1", "0.5 0.5", "a", *NASTY]))
