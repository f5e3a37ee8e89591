"""``studyapp merge``: two homes that were used apart."""

from __future__ import annotations

from pathlib import Path

import click

from studyapp.cli.context import failures_in_words, user_settings
from studyapp.cli.output import json_option, long_work, print_json, say, talk
from studyapp.folders import absolute, find_folders
from studyapp.locale.message import Message

_REPLAYING, _ANSWERS = Message("Replaying"), Message("answers")
_CAME = Message("{entries} entries and {choices} choices for decks came from {home}.")
_COPY = Message("The copy from before is {path}.")


@click.command(epilog="Example: studyapp merge /media/old-laptop/studyapp")
@click.argument("home", type=click.Path(path_type=Path))
@json_option
def merge(home: Path, as_json: bool) -> None:
    """Bring the history and the choices for decks of another HOME into this one.

    HOME is the folder with its progress.db; it is not changed. Nothing has to win: all answers are put in order and
    replayed. Doing it again changes nothing.
    """
    from studyapp.schedule.day import StudyDays
    from studyapp.sync import merging

    folders = find_folders()
    days = StudyDays(start_hour=user_settings(folders).day_starts_at)
    with failures_in_words(), long_work(_REPLAYING(), _ANSWERS()) as progress:
        merged = merging.merge(folders.home, absolute(home), days, progress=progress)
    if as_json:
        print_json(merged)
        return
    say(_CAME(entries=merged.entries, choices=merged.choices, home=home))
    talk(_COPY(path=merged.backup))
