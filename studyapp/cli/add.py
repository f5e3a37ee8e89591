"""``studyapp add``: register an own deck."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from studyapp.cli.context import READING, decks_only
from studyapp.cli.failure import Failure
from studyapp.cli.output import BYTES, long_work, say, show_progress, talk
from studyapp.folders import absolute, find_folders
from studyapp.locale.message import Message

if TYPE_CHECKING:
    from studyapp.deck.bank import Bank

_ALREADY = Message("{path} is registered already.")
_ADDED = Message("added {deck}: {count} card", "added {deck}: {count} cards")
_PROBLEMS = Message(
    "{count} problem; `studyapp check {path}` lists it again.",
    "{count} problems; `studyapp check {path}` lists them again.",
)
_MORE_PROBLEMS = Message(
    "{count} problems; `studyapp check {path}` lists all of them.",
    "{count} problems; `studyapp check {path}` lists all of them.",
)
_NO_DECK_YET = Message("{path} is registered; it holds no deck with a name of its own yet.")

MOST_TOLD = 20
"""Problems that are told one by one."""

_FETCHING = Message("Fetching {name} (ctrl+c stops)")


@click.command(epilog="Examples: studyapp add ~/decks/optimisers.yaml · studyapp add https://example.org/decks.git")
@click.argument("what", metavar="PATH_OR_ADDRESS")
def add(what: str) -> None:
    """Register the deck at a path, or all decks in a folder. The files stay where they are.

    The address of a git repository is cloned into the data folder; `studyapp update` fetches its newer versions.
    Where it is stopped with ctrl+c while it reads, nothing has been registered.
    """
    from studyapp.deck.trial import tried

    with decks_only() as bank:
        before = {deck.name for deck in bank.decks()}
        path, is_new = _fetched(what, bank)
        with long_work(READING(), BYTES) as progress:
            added, _ = bank.add(path, progress)
        if not added and not is_new:
            talk(_ALREADY(path=path))
            return
        found = [deck for deck in bank.decks() if deck.name not in before]
        for deck in found:
            say(_ADDED(deck=deck.name, count=deck.card_count))
        inside = absolute(path)
        problems = [one for one in bank.problems() if inside in (one.path, *one.path.parents)]
        problems += tried(bank, [deck.name for deck in found])
        for problem in problems[:MOST_TOLD]:
            talk(str(problem))
        if problems:
            talk((_PROBLEMS if len(problems) <= MOST_TOLD else _MORE_PROBLEMS)(count=len(problems), path=path))
        elif not found:
            talk(_NO_DECK_YET(path=path))


def _fetched(what: str, bank: Bank) -> tuple[Path, bool]:
    """The path of what is to be added, and whether it has just been fetched from an address."""
    from studyapp.exchange.journal import ExchangeError
    from studyapp.exchange.shared import clone, is_address

    if not is_address(what):
        return Path(what), False
    home = find_folders().home
    known = bank.library.own()
    show_progress(_FETCHING(name=what))
    try:
        folder = clone(what, home, bank)
    except ExchangeError as error:
        raise Failure(str(error)) from None
    finally:
        show_progress("")
    return folder, folder not in known
