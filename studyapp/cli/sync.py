"""``studyapp sync``: one history on all machines."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from studyapp.cli.context import failures_in_words, user_settings
from studyapp.cli.failure import WRONG_USAGE, Failure
from studyapp.cli.output import json_option, long_work, print_json, say, talk
from studyapp.folders import absolute, find_folders
from studyapp.locale.message import Message

if TYPE_CHECKING:
    from studyapp.schedule.day import StudyDays

_USUAL = Message(
    "`studyapp config sync {place}` makes this the usual place: the app then does it at its start and end."
)
_SYNCHRONISING, _STEPS = Message("Synchronising"), Message("steps")
_NO_DEVICE = Message("No device is called {name}. `studyapp stats` lists them.")
_SEVERAL = Message("{name} may be any of {names}. Write more of the name.")
_OWN = Message("{device} is this device: its entries are yours. Nothing was changed.")
_UNCHANGED = Message("Nothing was changed. --yes does it without asking.")
_REPLAYING, _ANSWERS = Message("Replaying"), Message("answers")
_TAKEN_OUT = Message(
    "{count} entry of {device} was taken out, and none is taken in again.",
    "{count} entries of {device} were taken out, and none is taken in again.",
)
_TAKE_OUT = Message(
    "Take {count} entry of {label} ({device}) out for good?", "Take {count} entries of {label} ({device}) out for good?"
)
_THE_DEVICE = Message("the device")
_COPY_BEFORE = Message(
    "The copy from before is {path}. On other machines do the same; its folder in the store may be deleted."
)


@click.command(epilog="Examples: studyapp sync ~/Dropbox/study · studyapp sync sftp://me@host/study")
@click.argument("where", required=False)
@click.option(
    "--forget",
    metavar="DEVICE",
    help="Take all entries of a device out again, by its name or the beginning of its identity.",
)
@click.option("--yes", is_flag=True, help="Forget without asking.")
@click.option("--background", is_flag=True, hidden=True)
@json_option
def sync(where: str | None, forget: str | None, yes: bool, background: bool, as_json: bool) -> None:
    """Share answers, marks and choices for decks with your other machines.

    WHERE is a folder that Syncthing, Dropbox, iCloud or a network drive carries, or an address that starts with
    sftp://, webdav:// or s3://. Without it the setting `sync` says where.
    """
    from studyapp.schedule.day import StudyDays

    folders = find_folders()
    settings = user_settings(folders)
    days = StudyDays(start_hour=settings.day_starts_at)
    with failures_in_words():
        if forget is not None:
            _forget(folders.home, days, forget, yes)
        elif background:
            _in_background(folders.home, days, where or settings.sync)
        else:
            _synchronise(folders.home, days, where or settings.sync, as_json)
    if where and not settings.sync and not (forget or background or as_json):
        usual = where if "://" in where else absolute(where)
        talk(_USUAL(place=usual))


def _synchronise(home: Path, days: StudyDays, address: str, as_json: bool) -> None:
    from studyapp.clock import system_clock, to_milliseconds
    from studyapp.sync.place import PlaceError, open_place
    from studyapp.sync.status import Status, note_status
    from studyapp.sync.synchronise import SyncBusy, synchronise
    from studyapp.sync.words import told

    try:
        place = open_place(address)
        with long_work(_SYNCHRONISING(), _STEPS()) as progress:
            report = synchronise(home, place, days, progress=progress)
    except (PlaceError, SyncBusy) as error:
        raise Failure(str(error)) from None
    note_status(home, Status(to_milliseconds(system_clock())))
    if as_json:
        print_json(report)
        return
    for line in told(report):
        say(line)


def _in_background(home: Path, days: StudyDays, address: str) -> None:
    """Notes how it went; says nothing."""
    from studyapp.clock import system_clock, to_milliseconds
    from studyapp.deck.library import LibraryError
    from studyapp.store.errors import StoreError
    from studyapp.sync.place import PlaceError, open_place
    from studyapp.sync.status import BACKGROUND_MOST, Status, note_status
    from studyapp.sync.synchronise import SyncBusy, synchronise

    now = to_milliseconds(system_clock())
    try:
        report = synchronise(home, open_place(address), days, most=BACKGROUND_MOST)
    except SyncBusy:
        return
    except (PlaceError, StoreError, LibraryError) as error:
        note_status(home, Status(now, trouble=str(error)))
    else:
        note_status(home, Status(now, waiting=report.waiting))


def _forget(home: Path, days: StudyDays, named: str, yes: bool) -> None:
    import sys
    from contextlib import closing

    from studyapp.clock import system_clock
    from studyapp.store import backup, union
    from studyapp.store.connection import transaction
    from studyapp.store.device import devices, own_device
    from studyapp.store.errors import explained
    from studyapp.store.opening import open_progress

    today = days.day_of(system_clock())
    connection, instance = open_progress(home, today)
    path = home / "progress.db"
    try:
        with closing(connection), explained(path):
            own = own_device(connection)
            found = [
                one for one in devices(connection)
                if (one.uuid.startswith(named) and len(named) >= 4) or one.label == named
            ]  # fmt: skip
            if not found:
                raise Failure(_NO_DEVICE(name=named), WRONG_USAGE)
            if len(found) > 1:
                names = ", ".join(one.uuid for one in found)
                raise Failure(_SEVERAL(name=named, names=names), WRONG_USAGE)
            device = found[0]
            if own is not None and own.uuid == device.uuid:
                raise Failure(_OWN(device=device.label))
            count = sum(last - first + 1 for first, last in union.present(connection).get(device.uuid, []))
            question = _TAKE_OUT(count=count, label=device.label or _THE_DEVICE(), device=device.uuid)
            if not (yes or (sys.stdin.isatty() and click.confirm(question, err=True))):
                raise Failure(_UNCHANGED())
            taken = backup.take(path, home, today, "before-forgetting")
            with long_work(_REPLAYING(), _ANSWERS()) as progress, transaction(connection):
                union.forget(connection, days, device.uuid, progress)
    finally:
        instance.close()
    say(_TAKEN_OUT(count=count, device=device.uuid))
    talk(_COPY_BEFORE(path=taken.path))
