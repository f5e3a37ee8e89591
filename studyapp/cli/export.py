"""``studyapp export``: decks and history for other programs."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from studyapp.cli.completion import deck_names
from studyapp.cli.context import everything
from studyapp.cli.failure import WRONG_USAGE, Failure
from studyapp.cli.output import long_work, say, talk
from studyapp.exchange.words import loss_lines
from studyapp.locale.message import Message

if TYPE_CHECKING:
    from studyapp.formats.table import Format

_UNKNOWN = Message("Say the format: --format {names}, or a file that ends in one of {endings}.")
_THERE = Message("{path} is there already; --force replaces it.")
_WROTE = Message("Wrote {count} card to {path}.", "Wrote {count} cards to {path}.")
_WROTE_ANSWERS = Message("Wrote {count} answer to {path}.", "Wrote {count} answers to {path}.")
_GATHERING = Message("Gathering the cards")
_MORE = Message("--losses lists each card.")
_NO_FOLDER = Message("There is no folder {path}.")


@click.command(
    epilog="Examples: studyapp export all.apkg · studyapp export losses.csv regression classification --lang zh · "
    "studyapp export log.jsonl"
)
@click.argument("path", type=click.Path(path_type=Path))
@click.argument("decks", metavar="[DECK]...", nargs=-1, shell_complete=deck_names)
@click.option("--format", "name", metavar="NAME", help="The format, where the ending of PATH does not say it.")
@click.option("--lang", "language", metavar="LANG", default="en", help="The language of the cards: en or zh.")
@click.option("--losses", is_flag=True, help="List card by card what the format could not hold.")
@click.option("--force", is_flag=True, help="Replace PATH if it is there.")
def export(path: Path, decks: tuple[str, ...], name: str | None, language: str, losses: bool, force: bool) -> None:
    """Write the decks called DECK (all of them, if none is named) to PATH for another program.

    The ending of PATH says the format: .apkg (Anki, with media, tags, due dates and review log), .anki.txt (Anki's
    notes in text), .csv, .tsv, .md (hashcards), .jsonl and .log.csv (the whole review log). What a format cannot hold
    is said: graded kinds become a question with the worked solution of one variant.
    """
    chosen = _format(path, name)
    if path.exists() and not force:
        raise Failure(_THERE(path=path))
    if not path.absolute().parent.is_dir():
        raise Failure(_NO_FOLDER(path=path.absolute().parent))
    from studyapp.exchange.exporting import gather, write

    with everything() as services:
        names = services.bank.resolve_decks(decks)
        with long_work(_GATHERING(), "cards") as progress:
            found = gather(
                services.bank, services.store, services.folders.home, names, language, progress,
                cards=chosen.holds_cards,
            )  # fmt: skip
            write(found, chosen, path)
        for line in loss_lines(found.losses, each=losses):
            say(line)
        if found.losses and not losses:
            talk(_MORE())
        if chosen.holds_cards:
            talk(_WROTE(count=len(found.cards), path=path))
        else:
            talk(_WROTE_ANSWERS(count=len(found.answers), path=path))


def _format(path: Path, name: str | None) -> Format:
    from studyapp.formats.table import FORMATS, format_for, format_named

    try:
        chosen = format_for(path) if name is None else format_named(name)
    except KeyError:
        chosen = None
    if chosen is None or not chosen.endings:
        writable = [one for one in FORMATS if one.endings]
        names = "|".join(one.name for one in writable)
        endings = " ".join(ending for one in writable for ending in one.endings)
        raise Failure(_UNKNOWN(names=names, endings=endings), WRONG_USAGE)
    return chosen
