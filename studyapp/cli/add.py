"""``studyapp add``: register an own deck."""

from __future__ import annotations

from pathlib import Path

import click

from studyapp.cli.context import decks_only
from studyapp.cli.output import BYTES, long_work, say, talk
from studyapp.deck.counted import counted


@click.command(epilog="Example: studyapp add ~/decks/optimisers.yaml")
@click.argument("path", type=click.Path(path_type=Path))
def add(path: Path) -> None:
    """Register the deck at PATH, or all decks in the folder PATH. The files stay where they are.

    Where it is stopped with ctrl+c while it reads, nothing has been registered.
    """
    with decks_only() as bank:
        before = {deck.name for deck in bank.decks()}
        with long_work("Reading the decks", BYTES) as progress:
            added, _ = bank.add(path, progress)
        if not added:
            talk(f"{path} is registered already.")
            return
        found = [deck for deck in bank.decks() if deck.name not in before]
        for deck in found:
            say(f"added {deck.name}: {counted(deck.card_count, 'card')}")
        inside = path.expanduser().absolute()
        problems = [one for one in bank.problems() if inside in (one.path, *one.path.parents)]
        for problem in problems:
            talk(str(problem))
        if problems:
            them = "it" if len(problems) == 1 else "them"
            talk(f"{counted(len(problems), 'problem')}; `studyapp check {path}` lists {them} again.")
        elif not found:
            talk(f"{path} is registered; it holds no deck with a name of its own yet.")
