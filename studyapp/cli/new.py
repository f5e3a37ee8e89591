"""``studyapp new``: a starter deck of one's own."""

from __future__ import annotations

from pathlib import Path

import click

from studyapp.cli.context import decks_only
from studyapp.cli.failure import Failure
from studyapp.cli.output import say, talk
from studyapp.locale.message import Message

_THERE, _STOP = Message("{path} is there already; it was left as it is."), Message("{text}.")
_WROTE = Message("Wrote the deck {name}. `studyapp add {path}` registers it.")
_REGISTERED = Message(
    "Wrote and registered the deck {name}. Edit it, then: studyapp check {path} · studyapp study {name}"
)


@click.command(epilog="Example: studyapp new optimisers.yaml")
@click.argument("path", type=click.Path(path_type=Path))
@click.option("--no-add", is_flag=True, help="Write the file only; do not register the deck.")
def new(path: Path, no_add: bool) -> None:
    """Write a commented deck with one card of each kind to PATH, and register it.

    A file that is there already is never overwritten.
    """
    from studyapp.deck.template import write_new_deck

    try:
        name = write_new_deck(path)
    except FileExistsError:
        raise Failure(_THERE(path=path)) from None
    except ValueError as error:
        raise Failure(_STOP(text=error)) from None
    say(str(path))
    if no_add:
        talk(_WROTE(name=name, path=path))
        return
    with decks_only() as bank:
        bank.library.add(path)
        bank.refresh()
    talk(_REGISTERED(name=name, path=path))
