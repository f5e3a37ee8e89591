"""``studyapp where``: the paths in use."""

from __future__ import annotations

import click

from studyapp.cli.output import json_option, print_json, say
from studyapp.folders import find_folders


@click.command(epilog="Example: studyapp where --json")
@json_option
def where(as_json: bool) -> None:
    """Print the paths of the data, the settings file and the bundled decks."""
    folders = find_folders()
    paths = {
        "home": folders.home,
        "progress": folders.progress,
        "cache": folders.cache,
        "backups": folders.home / "backups",
        "config": folders.config,
        "content": folders.content,
    }
    if as_json:
        print_json({name: str(path) for name, path in paths.items()})
        return
    for name, path in paths.items():
        note = "" if path.exists() else "  (not there yet)"
        say(f"{name:<9} {path}{note}")
