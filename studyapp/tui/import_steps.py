"""The steps of an import that take their time: each runs in a thread of its own, with its own connections."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from studyapp.exchange import importing
from studyapp.exchange.importing import TakenBack
from studyapp.exchange.preview import Preview
from studyapp.formats.source import Source
from studyapp.formats.table import detect
from studyapp.services import Services
from studyapp.store.database import Store

Progress = Callable[[int, int], None]


@contextmanager
def _own_store(services: Services) -> Iterator[Store]:
    """The same data through connections that belong to this thread."""
    store = services.store
    with Store.open(
        services.folders.home, clock=services.clock, cache_path=services.bank.cache_path, days=store.days,
        scheduler=store.scheduler,
    ) as own:  # fmt: skip
        yield own


def look(services: Services, path: Path, history: bool, progress: Progress) -> Preview:
    """What importing ``path`` would do; nothing is written.

    Raises:
        FormatError, ExchangeError, StoreError: it cannot be imported.
    """
    source = Source(path)
    chosen = detect(source)
    collection = chosen.reader.read(source, progress)
    folders = services.folders
    with _own_store(services) as store:
        return importing.look(
            collection, str(chosen.what), path.name, folders.home, folders.decks, services.bank, store, None, history
        )


def carry_out(services: Services, found: Preview, progress: Progress) -> None:
    """Does what a preview said; the bank is not read again.

    Raises:
        FormatError, ExchangeError, LibraryError, StoreError, OSError: nothing was imported.
    """
    with _own_store(services) as store:
        importing.carry_out(found, services.folders.home, services.bank, store, progress)


def take_back(services: Services, progress: Progress) -> TakenBack:
    """Takes back the newest import. Raises as `carry_out`."""
    with _own_store(services) as store:
        importing.recover(services.folders.home, services.bank, store)
        return importing.take_back(services.folders.home, services.bank, store, progress)
