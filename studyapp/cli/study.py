"""``studyapp study``: the app, straight at today's cards."""

from __future__ import annotations

import sys
from collections.abc import Sequence

import click

from studyapp.cli.failure import Failure


@click.command(epilog="Example: studyapp study classification")
@click.argument("decks", nargs=-1)
def study(decks: tuple[str, ...]) -> None:
    """Open the app at today's cards of DECKS.

    A folder stands for all decks in it; without DECKS all are studied.
    """
    open_app("study", decks)


def open_app(start: str, decks: Sequence[str]) -> None:
    """Run the terminal app until the user leaves it."""
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise Failure("The app needs a terminal. `studyapp review` runs the same session in plain lines.")
    from studyapp.cli.context import everything

    with everything() as services:
        chosen = services.bank.resolve_decks(decks)
        from studyapp.tui.app import StudyApp

        app = StudyApp(services, start=start, decks=chosen)
        app.run()
        if app.return_code:
            raise Failure("The app ended unexpectedly. Every answer that was rated is saved.", app.return_code)
