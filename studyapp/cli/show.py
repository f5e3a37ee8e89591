"""``studyapp show``: one card as the learner sees it."""

from __future__ import annotations

import click

from studyapp.cli.completion import card_ids
from studyapp.cli.context import decks_only
from studyapp.cli.failure import Failure
from studyapp.cli.output import json_option, print_json, say
from studyapp.locale.message import Message
from studyapp.settings import LANGUAGES

_CANNOT_ASK = Message("{card} cannot be asked: {why}")

seed_option = click.option("--seed", type=click.IntRange(min=0), default=0, show_default=True, help="Which variant.")
language_option = click.option(
    "--lang", "language", type=click.Choice(LANGUAGES), default="en", show_default=True, help="Language of the card."
)


@click.command(epilog="Example: studyapp show act-bce-logits-value --seed 3 --answer")
@click.argument("card", shell_complete=card_ids)
@seed_option
@click.option("--answer", is_flag=True, help="Show the answer and the worked solution too.")
@language_option
@json_option
def show(card: str, seed: int, answer: bool, language: str, as_json: bool) -> None:
    """Print CARD as a learner sees it, with the numbers of variant SEED."""
    from studyapp.cli.text import question_text, reveal_text
    from studyapp.grading.draw import DrawError
    from studyapp.kinds.ask import ask
    from studyapp.kinds.grade import reveal

    with decks_only() as bank:
        try:
            question = ask(bank.card(card, language), seed, language)
        except DrawError as error:
            raise Failure(_CANNOT_ASK(card=card, why=error)) from None
        location = bank.location(card)
        if as_json:
            shown = {
                "card_id": card,
                "kind": question.card.kind,
                "deck": bank.deck_of(card),
                "path": str(location.path),
                "line": location.line,
                "seed": seed,
                "text": question.text,
                "prompt": question.prompt,
                "options": question.options,
                "parts": question.parts,
                "values": {name: value for name, value in question.values.items() if "/" not in name},
                "hints": question.hints,
            }
            if answer:
                told = reveal(question)
                shown |= {"answer": told.answer, "solution": told.solution, "points": told.points, "notes": told.notes}
            print_json(shown)
            return
        say(question_text(question, question.hints if answer else ()))
        if answer:
            say("\n" + reveal_text(reveal(question)))
