"""``studyapp study``: the app, straight at today's cards."""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

from studyapp.cli.failure import Failure
from studyapp.cli.output import talk

if TYPE_CHECKING:
    from studyapp.store.database import Store

_COPY_AFTER = 5.0
"""Seconds after the start at which the copy of the day is made, so that it does not slow the start."""


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
        with _copy_of_the_day(services.store):
            app.run()
        if app.return_code:
            raise Failure("The app ended unexpectedly. Every answer that was rated is saved.", app.return_code)


@contextmanager
def _copy_of_the_day(store: Store) -> Iterator[None]:
    """Makes the copy of the day in a thread of its own soon after the start, or else at the end."""
    from studyapp.store.errors import StoreError

    failures: list[StoreError] = []

    def copy() -> None:
        failures.clear()
        try:
            store.daily_backup()
        except StoreError as error:
            failures.append(error)

    timer = threading.Timer(_COPY_AFTER, copy)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
        timer.join()
        copy()
        for failure in failures:
            talk(f"No backup could be made: {failure}")
