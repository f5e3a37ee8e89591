"""``studyapp card``: a card written into a deck of one's own."""

from __future__ import annotations

import click

from studyapp.cli.completion import deck_names
from studyapp.cli.context import decks_only
from studyapp.cli.failure import Failure
from studyapp.cli.output import say, talk
from studyapp.locale.message import Message

_STOP = Message("{text}.")
_WROTE = Message("Wrote it into {deck} ({path}, line {line}).")


@click.command(epilog='Example: studyapp card "der Hund" "the dog" --deck german --both')
@click.argument("front")
@click.argument("back")
@click.option("--deck", default="", shell_complete=deck_names, help="A deck of your own; a new name begins a new deck.")
@click.option("--tag", "tags", multiple=True, help="A word to filter by; may be given several times.")
@click.option("--both", is_flag=True, help="Ask it in both directions.")
def card(front: str, back: str, deck: str, tags: tuple[str, ...], both: bool) -> None:
    """Write a card with FRONT and BACK into a deck of your own.

    Without --deck it goes into the first of your decks, or into a new one called notes. What stands in the file stays
    as it is; the id of the card goes to stdout.
    """
    from studyapp.exchange.quick_card import NotWritten, write_card

    with decks_only() as bank:
        try:
            written = write_card(bank, front, back, deck, tags, both)
        except NotWritten as error:
            raise Failure(_STOP(text=error)) from None
    say(written.card_id)
    talk(_WROTE(deck=written.deck, path=written.path, line=written.line))
