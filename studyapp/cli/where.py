"""``studyapp where``: the paths in use."""

from __future__ import annotations

import click

from studyapp.cli.output import json_option, print_json, say
from studyapp.folders import Folders, find_folders
from studyapp.locale.message import Message

_NOT_YET = Message("(not there yet)")


@click.command(epilog="Example: studyapp where --json")
@json_option
def where(as_json: bool) -> None:
    """Print the paths of the data, the settings file and the bundled decks, and the name of this device."""
    folders = find_folders()
    paths = {
        "home": folders.home,
        "progress": folders.progress,
        "cache": folders.cache,
        "backups": folders.home / "backups",
        "config": folders.config,
        "content": folders.content,
    }
    device = _device(folders)
    if as_json:
        print_json({name: str(path) for name, path in paths.items()} | {"device": device})
        return
    for name, path in paths.items():
        note = "" if path.exists() else f"  {_NOT_YET}"
        say(f"{name:<9} {path}{note}")
    if device is not None:
        say(f"{'device':<9} {device['uuid']}  ({device['label']})")


def _device(folders: Folders) -> dict[str, str] | None:
    """The name under which this home logs; None before it has one, or where it cannot be read."""
    if not folders.progress.exists():
        return None
    from contextlib import closing

    from studyapp.store import migrations
    from studyapp.store.connection import look, open_reader
    from studyapp.store.device import own_device
    from studyapp.store.errors import StoreError, explained

    try:
        if look(folders.progress) != migrations.newest_version():
            return None
        with explained(folders.progress), closing(open_reader(folders.progress)) as connection:
            device = own_device(connection)
    except StoreError:
        return None
    return None if device is None else {"uuid": device.uuid, "label": device.label}
