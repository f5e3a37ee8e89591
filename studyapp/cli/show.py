"""``studyapp show``: one card as the learner sees it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import click

from studyapp.cli.completion import card_ids
from studyapp.cli.context import decks_only
from studyapp.cli.failure import Failure
from studyapp.cli.output import json_option, print_json, say, talk
from studyapp.locale.message import Message
from studyapp.settings import LANGUAGES

if TYPE_CHECKING:
    from studyapp.cards.card import Card
    from studyapp.grading.question import Question

_NO_FILE = Message("{file} is no deck file: name a card alone, or a deck file and one of its cards")
_ERRORS = Message(
    "{path} has {count} error: studyapp check {path} shows it",
    "{path} has {count} errors: studyapp check {path} shows them",
)
_NO_CARDS = Message("{path} has no card that can be shown")
_NOT_THERE = Message("{path} has no card {card}")
_NOT_THERE_NEAR = Message("{path} has no card {card}: did you mean {near}?")
_CANNOT_ASK = Message("{card} cannot be asked: {why}")

seed_option = click.option("--seed", type=click.IntRange(min=0), default=0, show_default=True, help="Which variant.")
language_option = click.option(
    "--lang", "language", type=click.Choice(LANGUAGES), default="en", show_default=True, help="Language of the card."
)


@click.command(epilog="Example: studyapp show act-bce-logits-value --seed 3 --answer")
@click.argument("card", shell_complete=card_ids)
@click.argument("only", required=False)
@seed_option
@click.option("--answer", is_flag=True, help="Show the answer and the worked solution too.")
@language_option
@json_option
def show(card: str, only: str | None, seed: int, answer: bool, language: str, as_json: bool) -> None:
    """Print CARD as a learner sees it, with the numbers of variant SEED.

    CARD may be a deck file that need not be registered: all of its cards are shown, or that with the id ONLY.
    """
    if Path(card).suffix in (".yaml", ".yml") and Path(card).is_file():
        _show_file(Path(card), only, seed, answer, language, as_json)
        return
    if only is not None:
        raise Failure(_NO_FILE(file=card))
    with decks_only() as bank:
        location = bank.location(card)
        shown = _Shown(bank.card(card, language), bank.deck_of(card), location.path, location.line)
        question = _asked(shown, seed, language)
        if as_json:
            print_json(_as_json(shown, question, answer))
        else:
            _print(question, answer)


class _Shown(NamedTuple):
    """A card with the deck and the place at which it is written."""

    card: Card
    deck: str
    path: Path
    line: int


def _show_file(path: Path, only: str | None, seed: int, answer: bool, language: str, as_json: bool) -> None:
    """The cards of a deck file, whether it is registered or not."""
    from studyapp.deck.deck_files import find_deck_files
    from studyapp.deck.read_files import read_files
    from studyapp.nearest import nearest

    files = read_files(next(iter(find_deck_files(path, bundled=False))))
    deck = files.read.deck
    found = []
    for card in deck.cards if deck is not None else ():
        if only is None or card.id == only:
            other = next((said for lang, _, said, _ in files.translations(card) if lang == language and said), card)
            found.append(_Shown(other, deck.deck if deck else "", path, files.read.lines[card.id]))
    errors = sum(problem.severity == "error" for problem in files.problems)
    if errors:
        talk(_ERRORS(path=path, count=errors))
    if not found:
        known = [card.id for card in deck.cards] if deck is not None else []
        near = nearest(only, known) if only is not None else None
        told = _NO_CARDS if only is None else _NOT_THERE_NEAR if near else _NOT_THERE
        raise Failure(told(path=path, card=only or "", near=near or ""))
    questions = [(shown, _asked(shown, seed, language)) for shown in found]
    if as_json:
        print_json([_as_json(shown, question, answer) for shown, question in questions])
        return
    for number, (shown, question) in enumerate(questions):
        say(("\n" if number else "") + f"── {shown.card.id} · {shown.card.kind} · {shown.path}:{shown.line}\n")
        _print(question, answer)


def _asked(shown: _Shown, seed: int, language: str) -> Question:
    from studyapp.grading.draw import DrawError
    from studyapp.kinds.ask import ask

    try:
        return ask(shown.card, seed, language)
    except DrawError as error:
        raise Failure(_CANNOT_ASK(card=shown.card.id, why=error)) from None


def _print(question: Question, answer: bool) -> None:
    from studyapp.cli.text import question_text, reveal_text
    from studyapp.kinds.grade import reveal

    say(question_text(question, question.hints if answer else ()))
    if answer:
        say("\n" + reveal_text(reveal(question)))


def _as_json(shown: _Shown, question: Question, answer: bool) -> dict[str, object]:
    from studyapp.kinds.grade import reveal

    told: dict[str, object] = {
        "card_id": shown.card.id,
        "kind": shown.card.kind,
        "deck": shown.deck,
        "path": str(shown.path),
        "line": shown.line,
        "seed": question.seed,
        "text": question.text,
        "prompt": question.prompt,
        "options": question.options,
        "parts": question.parts,
        "values": {name: value for name, value in question.values.items() if "/" not in name},
        "hints": question.hints,
    }
    if answer:
        found = reveal(question)
        told |= {"answer": found.answer, "solution": found.solution, "points": found.points, "notes": found.notes}
    return told
