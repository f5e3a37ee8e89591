"""Carrying out an import: files and log together, or nothing; and taking one back."""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import BinaryIO

import msgspec

from studyapp.cards.card import Card
from studyapp.clock import to_milliseconds
from studyapp.deck.bank import Bank
from studyapp.deck.file_text import MAX_BYTES, UnreadableFile, read_text
from studyapp.deck.library import LibraryError
from studyapp.exchange import origins
from studyapp.exchange.deck_text import CannotEdit, card_text, changed_deck, deck_head
from studyapp.exchange.journal import ExchangeError, Journal, digest_of, journals, only_one
from studyapp.exchange.preview import Here, NewMedium, Preview, preview
from studyapp.formats.limits import MOST_MEDIUM
from studyapp.formats.value import Collection, FormatError
from studyapp.locale.message import Message
from studyapp.store.database import Store
from studyapp.store.imports import Span

Progress = Callable[[int, int], None]

_NOTHING_TO_UNDO = Message("There is no import that could be taken back.")
_TOO_LARGE = Message("{path} would have {size} MB; a deck may have {limit} MB. Import into several decks.")
_GREW = Message("{name} holds more than the package says of it; nothing was imported.")
_GONE = Message("{path} cannot be read any more: {reason}.")
_COPIED = 1 << 20


def imports_folder(home: Path) -> Path:
    """Where what imports did is kept."""
    return home / "imports"


def look(
    collection: Collection, format_name: str, source: str, home: Path, decks: Path, bank: Bank, store: Store,
    to: Path | None = None, history: bool = False,
) -> Preview:  # fmt: skip
    """What importing a collection would do; nothing is written.

    Raises:
        ExchangeError: it cannot be imported to the deck that is asked for.
    """
    recover(home, bank, store)
    here = Here(bank, decks, origins.load(imports_folder(home)), store.imported(), store.marks)
    return preview(collection, format_name, source, here, to, history)


def carry_out(found: Preview, home: Path, bank: Bank, store: Store, progress: Progress | None = None) -> Journal | None:
    """Does what a preview said; None where there is nothing to do. The bank is not read again.

    Whatever goes wrong, or stops it, leaves everything as it was.

    Raises:
        ExchangeError, LibraryError, StoreError, OSError: it cannot be done; the message says why.
    """
    if found.is_empty:
        return None
    with only_one(home):
        journal = Journal.begin(imports_folder(home), to_milliseconds(store.clock()), found.source)
        try:
            _write(found, journal, home, bank, store, progress or (lambda done, total: None))
        except BaseException:
            with contextlib.suppress(LibraryError):
                for path in journal.record.registered:
                    bank.library.forget(Path(path))
            if not journal.roll_back():
                journal.discard()
            raise
        shutil.rmtree(journal.folder / "new", ignore_errors=True)
    return journal


def _write(found: Preview, journal: Journal, home: Path, bank: Bank, store: Store, progress: Progress) -> None:
    staging = journal.folder / "new"
    staging.mkdir()
    total = found.media_bytes + 1
    done = 0
    staged: list[tuple[Path, Path]] = []

    def stage(path: Path) -> Path:
        place = staging / str(len(staged))
        staged.append((place, path))
        return place

    for path, text in deck_texts(found):
        stage(path).write_text(text, "utf-8", newline="\n")
    for medium in found.media:
        place = stage(medium.path)
        done = _copy(medium, place, done, total, progress)
        known = found.origins.media.get(str(medium.path.parent.parent), {})
        known[medium.name] = (medium.path.name, digest_of(place))
    found.origins.save(journal.folder)
    for place, path in staged:
        journal.plan(path, place)
    journal.record.cards = len(found.arrivals) + len(found.updates)
    journal.record.registered = [str(found.root)] if _is_news(found, bank) else []
    journal.save()

    def put_in_place(span: Span | None) -> None:
        journal.record.span = span
        journal.save()
        for place, path in staged:
            journal.make_folder(path.parent)
            _move(place, path)
        for path in map(Path, journal.record.registered):
            bank.library.add(path)

    if not found.history:
        put_in_place(None)
        journal.record.stage = "done"
        journal.save()
        return
    store.record_import(found.history, put_in_place, progress)
    journal.record.stage = "done"
    with contextlib.suppress(OSError):
        journal.save()  # or else `recover` finds the entries in the log, and says so later


def _is_news(found: Preview, bank: Bank) -> bool:
    return found.root is not None and found.root not in bank.library.own() and bool(found.decks or found.arrivals)


def deck_texts(found: Preview) -> Iterable[tuple[Path, str]]:
    """The new texts of the deck files that an import touches.

    Raises:
        ExchangeError: a deck cannot be changed, or would become too large.
    """
    arrivals: dict[Path, list[Card]] = {}
    for arrival in found.arrivals:
        arrivals.setdefault(arrival.path, []).append(arrival.card)
    updates: dict[Path, dict[str, Card]] = {}
    for change in found.updates:
        assert change.card is not None
        updates.setdefault(change.path, {})[change.card_id] = change.card
    new = {deck.path: deck for deck in found.decks}
    for path in {**arrivals, **updates}:
        if path in new:
            deck = new[path]
            head = deck_head(deck.name, deck.title, deck.description, deck.language)
            text = head + "".join(card_text(card) for card in arrivals[path])
        else:
            try:
                before, _ = read_text(path)
                text = changed_deck(before, path, updates.get(path, {}), arrivals.get(path, []))
            except UnreadableFile as error:
                raise ExchangeError(_GONE(path=path, reason=error.message)) from None
            except CannotEdit as error:
                raise ExchangeError(f"{error}.") from None
        size = len(text.encode())
        if size > MAX_BYTES:
            raise ExchangeError(_TOO_LARGE(path=path, size=size // 1_000_000, limit=MAX_BYTES // 1_000_000))
        yield path, text


def _copy(medium: NewMedium, place: Path, done: int, total: int, progress: Progress) -> int:
    """Copies a medium, never more than its source said or than is allowed."""
    written = 0
    with medium.medium.open() as source, open(place, "wb") as target:
        while piece := _piece(source):
            written += len(piece)
            if written > min(MOST_MEDIUM, medium.medium.size):
                raise FormatError(_GREW(name=medium.name))
            target.write(piece)
            progress(done + written, total)
    return done + written


def _piece(source: BinaryIO) -> bytes:
    return source.read(_COPIED)


def _move(place: Path, path: Path) -> None:
    """Moves a file to its place, replacing what is there, also from one file system to another."""
    try:
        os.replace(place, path)
    except OSError as error:
        if not isinstance(error, FileNotFoundError) and error.errno == 18:  # EXDEV
            temporary = path.with_name(f".{path.name}.new")
            shutil.copyfile(place, temporary)
            os.replace(temporary, path)
        else:
            raise


class TakenBack(msgspec.Struct, frozen=True):
    """What undoing an import did: of which source, how many entries of the log, and the files that stay since they
    were changed here meanwhile."""

    source: str
    at: int
    entries: int
    cards: int
    kept: tuple[str, ...]


def newest(home: Path) -> Journal | None:
    """The import that `take_back` would take back."""
    done = [journal for journal in journals(imports_folder(home)) if journal.record.stage == "done"]
    return done[-1] if done else None


def take_back(home: Path, bank: Bank, store: Store, progress: Progress | None = None) -> TakenBack:
    """Takes back the newest import: its files go, what they replaced comes back, its history is taken out.

    Files that were changed here since stay as they are.

    Raises:
        ExchangeError: there is none. LibraryError, StoreError, OSError: it cannot be done.
    """
    with only_one(home):
        journal = newest(home)
        if journal is None:
            raise ExchangeError(_NOTHING_TO_UNDO())
        record = journal.record
        kept: list[str] = []

        def put_back() -> None:
            kept.extend(journal.roll_back())
            for path in map(Path, record.registered):
                if not any(Path(name).is_relative_to(path) for name in kept):
                    bank.library.forget(path)
            record.stage = "undone"
            journal.save()

        entries = 0
        if record.span is not None:
            entries = store.take_back_import(record.span, put_back, progress)
        else:
            put_back()
    return TakenBack(record.source, record.at, entries, record.cards, tuple(kept))


def recover(home: Path, bank: Bank, store: Store) -> None:
    """Ends imports that were cut off: those whose history is in the log are done, all others leave nothing.

    Raises:
        ExchangeError: an import is under way. OSError: the files cannot be put back.
    """
    if not any(journal.record.stage == "begun" for journal in journals(imports_folder(home))):
        return
    with only_one(home):
        for journal in journals(imports_folder(home)):
            if journal.record.stage != "begun":
                continue
            if journal.record.span is not None and store.holds(journal.record.span):
                journal.record.stage = "done"
                journal.save()
                continue
            for path in map(Path, journal.record.registered):
                with contextlib.suppress(LibraryError):
                    bank.library.forget(path)
            if not journal.roll_back():
                journal.discard()
