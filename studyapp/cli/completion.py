"""What the shell offers after TAB: names of decks, cards, losses and settings that begin with what was typed.

Completion says nothing when something is wrong: the command itself will.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from contextlib import closing

import click

MOST = 200
"""Names offered at once."""


def deck_names(_ctx: click.Context, _parameter: click.Parameter, typed: str) -> list[str]:
    """Decks, and the folders of decks."""
    names = _indexed("SELECT name FROM deck ORDER BY rank")
    folders = dict.fromkeys(name.rpartition("/")[0] for name in names if "/" in name)
    return _beginning([*folders, *names], typed)


def own_decks(_ctx: click.Context, _parameter: click.Parameter, typed: str) -> list[str]:
    """The user's own decks."""
    return _beginning(_indexed("SELECT name FROM deck WHERE NOT bundled ORDER BY rank"), typed)


def card_ids(_ctx: click.Context, _parameter: click.Parameter, typed: str) -> list[str]:
    """Cards by their ids; of very many only the first."""
    query = "SELECT card_id FROM card WHERE card_id >= ? AND card_id < ? ORDER BY card_id LIMIT ?"
    return _indexed(query, typed, typed + "\U0010ffff", MOST)


def loss_names(_ctx: click.Context, _parameter: click.Parameter, typed: str) -> list[str]:
    """The reference losses."""
    from studyapp import losses

    return _beginning(losses.names(), typed)


def setting_names(_ctx: click.Context, _parameter: click.Parameter, typed: str) -> list[str]:
    """The settings."""
    from studyapp.settings import setting_names

    return _beginning(setting_names(), typed)


def _beginning(names: Iterable[str], typed: str) -> list[str]:
    return [name for name in names if name.startswith(typed)][:MOST]


def _indexed(query: str, *places: object) -> list[str]:
    """Names from the index of the decks as the last command left it; none where there is none."""
    from studyapp.folders import find_folders

    address = f"{find_folders().cache.absolute().as_uri()}?mode=ro"
    try:
        with closing(sqlite3.connect(address, uri=True, timeout=0.5)) as connection:
            return [name for (name,) in connection.execute(query, places)]
    except sqlite3.Error:
        return []
