"""What commands open: the folders, the settings, the decks and the user's data, each only when it is needed."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from studyapp.cli.failure import WRONG_USAGE, Failure
from studyapp.cli.output import BYTES, long_work
from studyapp.folders import Folders, find_folders
from studyapp.locale.message import Message
from studyapp.settings import Settings, SettingsError, load_settings

if TYPE_CHECKING:
    from studyapp.deck.bank import Bank
    from studyapp.services import Services

READING = Message("Reading the decks")
_STOP = Message("{text}.")


def user_settings(folders: Folders) -> Settings:
    """The user's settings; a wrong one ends the command with its place and cure."""
    try:
        return load_settings(folders.config, os.environ)
    except SettingsError as error:
        raise Failure(str(error), WRONG_USAGE) from None


@contextmanager
def decks_only() -> Iterator[Bank]:
    """The decks without the user's data."""
    from studyapp.deck.bank import Bank
    from studyapp.deck.library import Library

    folders = find_folders()
    library = Library(folders.home, folders.content)
    with failures_in_words():
        with long_work(READING(), BYTES) as progress:
            bank = Bank.open(library, folders.cache, progress=progress)
        with bank:
            yield bank


@contextmanager
def everything() -> Iterator[Services]:
    """The decks and the user's data."""
    from studyapp.services import open_services

    folders = find_folders()
    settings = user_settings(folders)
    with failures_in_words():
        with long_work(READING(), BYTES) as progress:
            services = open_services(folders, settings, progress=progress)
        try:
            yield services
        finally:
            services.close()


@contextmanager
def failures_in_words() -> Iterator[None]:
    """Turns what the decks and the store report into one line for the user."""
    from studyapp.deck.bank import UnknownCard, UnknownDeck
    from studyapp.deck.cache import CacheError
    from studyapp.deck.library import LibraryError
    from studyapp.store.errors import StoreError

    try:
        yield
    except (UnknownCard, UnknownDeck) as error:
        raise Failure(_sentence(str(error)), WRONG_USAGE) from None
    except (LibraryError, CacheError, StoreError) as error:
        raise Failure(_sentence(str(error))) from None


def _sentence(text: str) -> str:
    text = text[:1].upper() + text[1:]
    return text if text.endswith((".", "?", "!", "。", "？", "！")) else _STOP(text=text)
