"""``studyapp study``: the app, straight at today's cards."""

from __future__ import annotations

import gc
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from studyapp.cli.completion import deck_names
from studyapp.cli.failure import Failure
from studyapp.cli.output import talk
from studyapp.locale.message import Message

if TYPE_CHECKING:
    from studyapp.store.database import Store

_NEEDS_TERMINAL = Message("The app needs a terminal. `studyapp review` runs the same session in plain lines.")
_OFF = Message("These decks are off. `studyapp`, then d: space takes a deck in again.")
_TOLD_TO_END = Message("The app was told to end. Every answer that was rated is saved.")
_ENDED = Message("The app ended unexpectedly. Every answer that was rated is saved.")
_NO_BACKUP = Message("No backup could be made: {why}")


@click.command(epilog="Example: studyapp study classification")
@click.argument("decks", nargs=-1, shell_complete=deck_names)
def study(decks: tuple[str, ...]) -> None:
    """Open the app at today's cards of DECKS.

    A folder stands for all decks in it; without DECKS all are studied.
    """
    open_app("study", decks)


def open_app(start: str, decks: Sequence[str]) -> None:
    """Run the terminal app until the user leaves it."""
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise Failure(_NEEDS_TERMINAL())
    # Nothing that the start makes is garbage: a collector that looks through it all again and again is a tenth of it.
    gc.disable()
    from studyapp.cli.context import everything

    with everything() as services:
        chosen = services.bank.resolve_decks(decks)
        if decks and not any(deck.choice.enabled for deck in services.bank.decks() if deck.name in chosen):
            raise Failure(_OFF())
        session = services.session(chosen) if start == "study" else None
        from studyapp.tui.app import StudyApp

        app = StudyApp(services, session, when_shown=_collect_garbage)
        address = services.settings.sync
        try:
            app.run()
        finally:
            services.store.note_finished_decks()
            _back_up(services.store)
            if address:
                from studyapp.sync.status import start_beside

                start_beside(address)
        if app.return_code:
            told = _TOLD_TO_END if app.return_code > 128 else _ENDED
            raise Failure(told(), app.return_code)


def _collect_garbage() -> None:
    """Collect garbage from now on, leaving out what was made up to now: modules, style sheets, the first screen."""
    gc.freeze()
    gc.enable()


def _back_up(store: Store) -> None:
    """Make the backup of the day where the app was left before it had made one."""
    from studyapp.store.errors import StoreError

    try:
        store.daily_backup()
    except StoreError as error:
        talk(_NO_BACKUP(why=error))
