"""Which deck files there are: the bundled folder, and the files and folders that the user has added.

The user's own are listed in ``library.json`` in the home folder, with what was chosen for single decks. Decks
themselves are never touched.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from studyapp.clock import Clock, system_clock, to_milliseconds
from studyapp.file_lock import FileLock, LockHeld
from studyapp.folders import absolute
from studyapp.locale.message import Message
from studyapp.nearest import nearest
from studyapp.plain_file import open_plain, read_plain

from .atomic import write_atomically
from .choices import NO_CHOICE, DeckChoice, plain_choices, read_choices
from .decisions import Decisions, Stamps, decisions, later, parted, read_stamps, stamped
from .deck_files import EDITED, OVERLAY, DeckFile, find_deck_files, qualified_name, with_own_versions

_IN_FOLDER = Message("{deck} belongs to the folder {folder}: remove that folder, or move the file out of it")
_BUNDLED = Message("{deck} comes with the app and cannot be removed")
_NO_OWN = Message("no deck of your own is called {deck}")
_NO_OWN_NEAR = Message("no deck of your own is called {deck}: did you mean '{near}'?")
_NEWER = Message("{path} was written by a newer studyapp; it was left as it is: update studyapp")
_NOTHING_THERE, _NEITHER = (
    Message("there is no file or folder {path}"),
    Message("{path} is neither a file nor a folder"),
)
_NO_DECK = Message("{path} is not a deck: decks are files that end in .yaml")
_TRANSLATION = Message("{path} is a translation: add the deck {deck} itself")
_NO_DECKS = Message("the folder {path} holds no decks: decks are files that end in .yaml")
_BUSY = Message("another studyapp is changing the library; try again shortly")
_UNREADABLE, _UNWRITTEN = Message("{path} cannot be read: {why}"), Message("{path} cannot be written: {why}")
_DAMAGED = Message("{path} is damaged: move it away and add your decks again (studyapp add PATH)")

_DECK_LINE = re.compile(rb"^deck:[ \t]*['\"]?([a-z0-9._/-]+)", re.MULTILINE)
_PEEK = 8192
_PATIENCE = 3.0
_MOST_BYTES = 50_000_000


VERSION = 1
"""Of the layout of ``library.json``."""


class LibraryError(Exception):
    """The library cannot be read or changed; the message says what to do."""


class Library:
    """The bundled decks and the user's own, registered in ``home / "library.json"``."""

    def __init__(self, home: Path, bundled: Path | None = None) -> None:
        self.home = home
        self.bundled = bundled
        self._file = home / "library.json"

    def roots(self) -> tuple[Path, ...]:
        """The bundled folder, if it exists, then the user's files and folders in the order in which they
        came."""
        bundled = (self.bundled,) if self.bundled is not None and self.bundled.is_dir() else ()
        return (*bundled, *self.own())

    def own(self) -> tuple[Path, ...]:
        """What the user has added. A missing list is an empty one; a damaged one raises LibraryError."""
        return tuple(Path(path) for path in dict.fromkeys(self._read()["decks"]))

    def choices(self) -> dict[str, DeckChoice]:
        """What was chosen for single decks, by their names. Raises LibraryError where that cannot be read."""
        try:
            return read_choices(self._read().get("choices", {}))
        except ValueError as error:
            raise LibraryError(f"{self._file}: {error}") from None

    def choose(self, chosen: Mapping[str, DeckChoice], clock: Clock = system_clock) -> None:
        """Writes the choices for some decks, decided now; those for the others stay. Raises LibraryError."""
        with self._locked():
            before = self.choices()
            stamps = stamped(before, chosen, self._stamps(), to_milliseconds(clock()))
            self._write(self.own(), {**before, **chosen}, stamps)

    def decisions(self, device: str) -> Decisions:
        """What was chosen and when, for other machines; ``device`` is the name of this one. Raises LibraryError."""
        return decisions(self.choices(), self._stamps(), device)

    def decide(self, others: Decisions, device: str) -> tuple[Decisions, int]:
        """Brings in what was decided on other machines; gives all that stands now, and how many fields changed here.

        Raises:
            LibraryError: it cannot be read or written.
        """
        with self._locked():
            own = self.decisions(device)
            merged = later(own, others)
            choices, stamps = parted(merged)
            before = self.choices()
            changed = sum(
                getattr(before.get(deck, NO_CHOICE), name) != decision.value
                for deck, fields in merged.items()
                for name, decision in fields.items()
            )
            if merged != own or stamps != self._stamps():
                self._write(self.own(), choices, stamps)
        return merged, changed

    def _stamps(self) -> Stamps:
        return read_stamps(self._read().get("decided", {}))

    def _read(self) -> dict[str, Any]:
        try:
            data = json.loads(read_plain(self._file, _MOST_BYTES).decode("utf-8"))
            paths = data["decks"]
            if not isinstance(paths, list) or not all(map(_can_be_path, paths)):
                raise ValueError
        except FileNotFoundError:
            return {"decks": []}
        except OSError as error:
            raise LibraryError(_UNREADABLE(path=self._file, why=error.strerror)) from None
        except (ValueError, KeyError, TypeError, RecursionError):
            raise LibraryError(_DAMAGED(path=self._file)) from None
        assert isinstance(data, dict), "only a dictionary has a list of paths under a name"
        if data.get("version", VERSION) != VERSION:
            raise LibraryError(_NEWER(path=self._file))
        return data

    def add(self, path: Path) -> bool:
        """Registers a deck file or a folder of decks; False if it was there already. Raises LibraryError."""
        chosen = absolute(path)
        if not chosen.exists():
            raise LibraryError(_NOTHING_THERE(path=path))
        if not (chosen.is_file() or chosen.is_dir()):
            raise LibraryError(_NEITHER(path=path))
        if chosen.is_file() and chosen.suffix not in (".yaml", ".yml"):
            raise LibraryError(_NO_DECK(path=path))
        match = OVERLAY.fullmatch(chosen.name)
        if match and (chosen.with_name(f"{match['stem']}{chosen.suffix}")).exists():
            raise LibraryError(_TRANSLATION(path=path, deck=f"{match['stem']}{chosen.suffix}"))
        if chosen.is_dir() and next(find_deck_files(chosen, bundled=False), None) is None:
            raise LibraryError(_NO_DECKS(path=path))
        with self._locked():
            own = self.own()
            if chosen in own or chosen == self.bundled:
                return False
            self._write((*own, chosen), self.choices())
        return True

    def remove(self, name: str) -> Path:
        """Forgets an own deck by its name, or an own file or folder by its path. Nothing is deleted.

        Returns the path that is no longer listed. Raises LibraryError where nothing fits, with the nearest
        name.
        """
        with self._locked():
            own = self.own()
            names: dict[str, Path] = {}
            for root in own:
                names.setdefault(root.name, root)
                names.setdefault(root.stem, root)
                for deck_name in _deck_names(root) if root.is_file() or root == absolute(Path(name)) else ():
                    names.setdefault(deck_name, root)
            chosen = next((root for root in own if root == absolute(Path(name))), None) or names.get(name)
            if chosen is None:
                raise LibraryError(self._unknown(name, own, names))
            self._write(tuple(root for root in own if root != chosen), self.choices())
        return chosen

    def forget(self, path: Path) -> None:
        """Takes an own file or folder off the list, if it is on it. Raises LibraryError."""
        with self._locked():
            self._write(tuple(root for root in self.own() if root != absolute(path)), self.choices())

    def _unknown(self, name: str, own: tuple[Path, ...], names: dict[str, Path]) -> str:
        for root in own:
            if root.is_dir() and name in _deck_names(root):
                return _IN_FOLDER(deck=name, folder=root)
        if self.bundled is not None and name in _deck_names(self.bundled):
            return _BUNDLED(deck=name)
        near = nearest(name, names)
        return (_NO_OWN_NEAR if near else _NO_OWN)(deck=name, near=near)

    def deck_files(self) -> tuple[DeckFile, ...]:
        """Every deck file there is now, roots in order, each file once. Vanished roots are passed over."""
        found: dict[str, DeckFile] = {}
        translations: set[Path] = set()
        for root in self.roots():
            for file in self.bundled_files() if root == self.bundled else find_deck_files(root, bundled=False):
                found.setdefault(os.fspath(file.path), file)
                translations.update(path for _, path in file.overlays)
        return tuple(file for file in found.values() if file.path not in translations)

    def bundled_files(self) -> tuple[DeckFile, ...]:
        """The deck files that come with the app, with the user's own versions of their cards."""
        if self.bundled is None:
            return ()
        files = find_deck_files(self.bundled, bundled=True)
        if not (self.home / EDITED).is_dir():
            return tuple(files)
        return tuple(with_own_versions(file, self.home) for file in files)

    def missing(self) -> tuple[Path, ...]:
        """Own files and folders that are registered but not there."""
        return tuple(root for root in self.own() if not root.exists())

    def _write(self, paths: tuple[Path, ...], choices: Mapping[str, DeckChoice], stamps: Stamps | None = None) -> None:
        stamps = self._stamps() if stamps is None else stamps
        data: dict[str, Any] = {"version": VERSION, "decks": [os.fspath(path) for path in paths]}
        if chosen := plain_choices(choices):
            data["choices"] = chosen
        if stamps:
            data["decided"] = {deck: dict(sorted(fields.items())) for deck, fields in sorted(stamps.items())}
        text = json.dumps(data, indent=2, ensure_ascii=False)
        try:
            write_atomically(self._file, text + "\n", mode=0o600)
        except OSError as error:
            raise LibraryError(_UNWRITTEN(path=self._file, why=error.strerror)) from None

    @contextlib.contextmanager
    def _locked(self) -> Iterator[None]:
        """Keeps two processes from changing the list at once."""
        try:
            self.home.mkdir(mode=0o700, parents=True, exist_ok=True)
            lock = FileLock(self.home / "library.lock", exclusive=True, patience=_PATIENCE)
        except LockHeld:
            raise LibraryError(_BUSY()) from None
        except OSError as error:
            raise LibraryError(_UNWRITTEN(path=self.home, why=error.strerror)) from None
        with lock:
            yield


def _deck_names(root: Path) -> set[str]:
    """The names of the decks under ``root``, by a look at the first lines of each file."""
    names = set()
    for file in find_deck_files(root, bundled=False):
        with contextlib.suppress(OSError), open(open_plain(file.path), "rb") as handle:
            match = _DECK_LINE.search(handle.read(_PEEK))
            if match:
                names.add(qualified_name(match.group(1).decode("ascii"), file.folder))
    return names


def _can_be_path(text: object) -> bool:
    """Whether the system could have a file of that name: others would be refused at every touch."""
    if not isinstance(text, str) or not text or "\0" in text:
        return False
    try:
        parts = os.fsencode(text).split(b"/")
    except UnicodeEncodeError:
        return False
    return len(text) < 4096 and all(len(part) < 256 for part in parts)
