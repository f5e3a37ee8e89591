"""``studyapp remove``: forget an own deck."""

from __future__ import annotations

import click

from studyapp.cli.completion import own_decks
from studyapp.cli.context import decks_only
from studyapp.cli.output import say
from studyapp.locale.message import Message

_REMOVED = Message("removed {path} from the library; the file and its history stay")


@click.command(epilog="Example: studyapp remove optimisers")
@click.argument("name", shell_complete=own_decks)
def remove(name: str) -> None:
    """Forget the own deck NAME (or an own file or folder). Nothing is deleted: adding it again brings it all back."""
    with decks_only() as bank:
        path = bank.library.remove(name)
        bank.refresh()
        say(_REMOVED(path=path))
