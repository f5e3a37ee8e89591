"""``studyapp config``: what is set, where it comes from, what it means; and changing it."""

from __future__ import annotations

import os
from typing import Any

import click

from studyapp.cli.completion import setting_names
from studyapp.cli.failure import WRONG_USAGE, Failure
from studyapp.cli.output import json_option, print_json, say, talk
from studyapp.folders import Folders, find_folders
from studyapp.locale.message import Message

_FILE_IS = Message("The settings file is {path}.")
_FROM = {"file": Message("(from the file)"), "environment": Message("(from the environment)")}
_IS_NOW, _EMPTY = Message("{key} is {value} now, in {path}."), Message("empty")
_STILL_WINS = Message("The environment variable {variable} still wins over the file.")
_STILL_WRONG = Message("Something else is still wrong: {why}.")


@click.command(
    # A value may begin with a minus sign: -1 is no limit.
    context_settings={"ignore_unknown_options": True},
    epilog="Examples: studyapp config new_per_day 15 · studyapp config learning_steps 1 10 · studyapp config theme ''",
)
@click.argument("key", required=False, shell_complete=setting_names)
@click.argument("value", nargs=-1, type=click.UNPROCESSED)
@json_option
def config(key: str | None, value: tuple[str, ...], as_json: bool) -> None:
    """Show every setting, show the one called KEY, or set it to VALUE.

    An environment variable wins over the settings file, and the file over the default. A change is written to the
    file; everything else in it stays.
    """
    from studyapp.settings import SettingsError, load_with_origins, meanings, value_from_text

    folders = find_folders()
    try:
        if key is not None:
            value_from_text(key, "")
            if value:
                _write(folders, key, " ".join(value))
                return
        settings, origins = load_with_origins(folders.config, os.environ)
    except SettingsError as error:
        raise Failure(str(error), WRONG_USAGE) from None
    rows = [
        {"name": name, "value": getattr(settings, name), "from": origins[name], "meaning": meaning}
        for name, meaning in meanings().items()
        if key in (None, name)
    ]
    if as_json:
        print_json(rows if key is None else rows[0])
    elif key is not None:
        say(_shown(rows[0]["value"]))
    else:
        _print_all(rows)
        talk(_FILE_IS(path=folders.config))


def _print_all(rows: list[dict[str, Any]]) -> None:
    from studyapp.settings_file import toml_value

    for row in rows:
        origin = f"  {_FROM[row['from']]}" if row["from"] in _FROM else ""
        say(f"{row['name']} = {toml_value(row['value'])}{origin}")
        say(click.wrap_text(row["meaning"], 96, "    ", "    "))


def _shown(value: Any) -> str:
    """A value as it can be given back to the command."""
    return " ".join(f"{entry:g}" for entry in value) if isinstance(value, tuple) else str(value)


def _write(folders: Folders, key: str, text: str) -> None:
    from studyapp.settings import Settings, SettingsError, change, load_settings, value_from_text, variable_of
    from studyapp.settings_file import write_key

    value = getattr(change(Settings(), key, value_from_text(key, text)), key)
    write_key(folders.config, key, value)
    talk(_IS_NOW(key=key, value=_shown(value) or _EMPTY, path=folders.config))
    if variable_of(key) in os.environ:
        talk(_STILL_WINS(variable=variable_of(key)))
    try:
        load_settings(folders.config, os.environ)
    except SettingsError as error:
        talk(_STILL_WRONG(why=error))
