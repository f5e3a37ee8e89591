"""``studyapp ids``: writes the ids of cards into a deck that leaves them out."""

from __future__ import annotations

from pathlib import Path

import click

from studyapp.cli.failure import Failure
from studyapp.cli.output import say, talk
from studyapp.locale.message import Message

_STOP, _UNWRITTEN = Message("{text}."), Message("{path} cannot be written: {why}.")
_ALL_HAVE = Message("Every card has its id already.")
_WOULD = Message("Would write {count} id into {path}.", "Would write {count} ids into {path}.")
_WROTE = Message("Wrote {count} id into {path}.", "Wrote {count} ids into {path}.")


@click.command(epilog="Example: studyapp ids german.yaml")
@click.argument("path", type=click.Path(path_type=Path))
@click.option("--dry-run", is_flag=True, help="Print the ids; write nothing.")
def ids(path: Path, dry_run: bool) -> None:
    """Write an id into every card of the deck file PATH that has none.

    Such a card goes by its front: a changed front would begin a new card. With its id written in, its text may change
    and its history stays. Comments and layout are kept; each id that was written goes to stdout.
    """
    from studyapp.deck.atomic import write_atomically
    from studyapp.deck.file_text import UnreadableFile, read_text
    from studyapp.deck.write_ids import IdsNotWritten, with_ids

    try:
        text, _ = read_text(path)
        written, made = with_ids(text, path)
        if made and not dry_run:
            write_atomically(path, written)
    except UnreadableFile as error:
        raise Failure(_STOP(text=f"{path}: {error.message}")) from None
    except IdsNotWritten as error:
        raise Failure(_STOP(text=error)) from None
    except OSError as error:
        raise Failure(_UNWRITTEN(path=path, why=error.strerror)) from None
    for card_id in made:
        say(card_id)
    if not made:
        talk(_ALL_HAVE())
    else:
        talk((_WOULD if dry_run else _WROTE)(count=len(made), path=path))
