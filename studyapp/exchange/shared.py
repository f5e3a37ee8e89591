"""Decks that others share as a git repository: cloned into the data folder, and brought up to date.

Git is called as a program. What it could be made to run or to reach by a repository is off: hooks, submodules, prompts
for credentials, links, filters, and all transports but HTTPS, HTTP, SSH and git's own.
"""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from msgspec import Struct

from studyapp.deck.bank import Bank
from studyapp.deck.deck_files import find_deck_files
from studyapp.deck.reader import read_deck
from studyapp.exchange.journal import ExchangeError
from studyapp.exchange.origins import card_data
from studyapp.formats.build import excerpt, slug
from studyapp.kinds import kind_of
from studyapp.locale.message import Message

TRANSPORTS = ("https", "http", "ssh", "git")

_NO_GIT = Message("git is not installed, and decks of that address can only be had by it.")
_NOT_ALLOWED = Message("{address} is no address of a kind that is fetched: {kinds}, or user@host:path.")
_FAILED = Message("{address} could not be fetched: {reason}")
_NO_DECKS = Message("{address} holds no deck that can be read: decks are files that end in .yaml.")
_BROKEN = Message("The new version of {name} is broken, so the old one stays: {reason}")
_GONE_ALL = Message("it holds no deck")
_UNREADABLE = Message("{file} cannot be read ({reason})")
_EDITED = Message("{name} was edited here where the new version changes too, so it stays: {files}.")
_NONE = Message("No deck of yours comes from an address. `studyapp add https://…` adds one.")
_UNKNOWN = Message("No deck of yours that comes from an address is called {name}; there are {names}.")
_TAKEN = Message("{folder} is there already and comes from another address; move it away first.")

_ADDRESS = re.compile(r"(?P<scheme>[a-zA-Z][a-zA-Z0-9+.-]*):(?P<rest>//?|:)(?P<host>[^/\s]*)")
_SCP = re.compile(r"[\w.-]+@[\w.-]+:[^\s:][^\s]*")
_LONGEST_WAIT = 1800


class Change(Struct, frozen=True):
    """What an update did to one shared folder: names of cards that are new, that changed, and that are gone (their
    history stays)."""

    name: str
    new: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    gone: tuple[str, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether everything is as it was."""
        return not (self.new or self.changed or self.gone)


def is_address(text: str) -> bool:
    """Whether ``text`` is an address for git and not a path.

    >>> [is_address(text) for text in ("https://host/x.git", "git@host:x.git", "ext::sh", "decks/mine.yaml")]
    [True, True, True, False]
    """
    if os.path.exists(os.path.expanduser(text)):
        return False
    return bool(_SCP.fullmatch(text) or re.match(r"[a-zA-Z][a-zA-Z0-9+.-]+:(?://|:)", text) or text.startswith("file:"))


def folder_of(home: Path) -> Path:
    """Where shared decks are kept."""
    return home / "shared"


def clone(address: str, home: Path, bank: Bank) -> Path:
    """Fetches the decks of an address into the data folder and registers them; gives their folder.

    Raises:
        ExchangeError: it cannot be fetched, or holds no decks; then nothing was added. LibraryError.
    """
    _require_allowed(address)
    name = slug(re.sub(r"\.git/*$", "", address.rstrip("/")).rpartition("/")[2].rpartition(":")[2]) or "decks"
    folder = folder_of(home) / name
    if folder.exists():
        if _address_of(folder) != address:
            raise ExchangeError(_TAKEN(folder=folder))
        bank.library.add(folder)
        return folder
    folder.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    temporary = folder.with_name(f".{name}.new")
    shutil.rmtree(temporary, ignore_errors=True)
    try:
        _git(
            folder.parent, "clone", "--quiet", "--template=", "--no-tags", "--single-branch", "--no-recurse-submodules",
            "--", address, str(temporary), address=address,
        )  # fmt: skip
        if not any(True for _ in _good_decks(temporary)):
            raise ExchangeError(_NO_DECKS(address=address))
        os.replace(temporary, folder)
    finally:
        shutil.rmtree(temporary, ignore_errors=True)
    try:
        bank.library.add(folder)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    return folder


def shared_folders(home: Path, bank: Bank) -> list[Path]:
    """The registered folders that come from addresses."""
    inside = folder_of(home)
    return [root for root in bank.library.own() if root.parent == inside and (root / ".git").is_dir()]


def chosen_folders(home: Path, bank: Bank, names: tuple[str, ...]) -> list[Path]:
    """Those of the names; all, where none is given.

    Raises:
        ExchangeError: there is none.
    """
    known = {folder.name: folder for folder in shared_folders(home, bank)}
    if not known:
        raise ExchangeError(_NONE())
    for name in names:
        if name not in known:
            raise ExchangeError(_UNKNOWN(name=name, names=", ".join(known)))
    return [known[name] for name in dict.fromkeys(names)] if names else list(known.values())


def update(folder: Path) -> Change:
    """Brings a shared folder up to date, if the new version is sound.

    Raises:
        ExchangeError: it cannot be fetched, is broken, or was edited in the same places here; the old version stays.
    """
    address = _address_of(folder)
    _require_allowed(address)
    _git(folder, "fetch", "--quiet", "--no-tags", "--no-recurse-submodules", "origin", "HEAD", address=address)
    before = dict(_good_decks(folder))
    trial = folder.with_name(f".{folder.name}.trial")
    _drop(folder, trial)
    try:
        _git(folder, "worktree", "add", "--quiet", "--detach", str(trial), "FETCH_HEAD", address=address)
        after = dict(_good_decks(trial))
        for file in find_deck_files(trial, bundled=False):
            read = read_deck(file.path)
            if (read.deck is None or not read.complete) and read.problems:
                where = file.path.relative_to(trial)
                reason = _UNREADABLE(file=where, reason=read.problems[0].message)
                raise ExchangeError(_BROKEN(name=folder.name, reason=reason))
        if not after:
            raise ExchangeError(_BROKEN(name=folder.name, reason=_GONE_ALL()))
    finally:
        _drop(folder, trial)
    edited = _git(folder, "status", "--porcelain", "--untracked-files=no", address=address)
    if edited.strip():
        changed = _git(folder, "diff", "--name-only", "HEAD", "FETCH_HEAD", address=address).split("\n")
        mine = [line[3:].strip('"') for line in edited.split("\n") if line]
        both = sorted(set(mine) & set(changed))
        if both:
            raise ExchangeError(_EDITED(name=folder.name, files=", ".join(both)))
        _git(folder, "reset", "--quiet", "--keep", "FETCH_HEAD", address=address)
    else:
        _git(folder, "reset", "--quiet", "--hard", "FETCH_HEAD", address=address)
    return _difference(folder.name, before, after)


def _difference(name: str, before: Mapping[str, Any], after: Mapping[str, Any]) -> Change:
    old = {card.id: card for cards in before.values() for card in cards}
    new = {card.id: card for cards in after.values() for card in cards}

    def words(card: Any) -> str:
        return f"{card.id}: {excerpt(kind_of(card).heading(card))}"

    changed = [one for one in new if one in old and card_data(new[one]) != card_data(old[one])]
    return Change(
        name,
        tuple(words(new[one]) for one in new if one not in old),
        tuple(words(new[one]) for one in changed),
        tuple(words(old[one]) for one in old if one not in new),
    )


def _good_decks(folder: Path) -> Iterator[tuple[str, Any]]:
    """The deck files of a folder that can be read, with their cards."""
    for file in find_deck_files(folder, bundled=False):
        read = read_deck(file.path)
        if read.deck is not None:
            yield str(file.path.relative_to(folder)), read.deck.cards


def _require_allowed(address: str) -> None:
    scheme = re.match(r"([a-zA-Z][a-zA-Z0-9+.-]*)(://|::?)", address)
    allowed = scheme is not None and scheme[1].lower() in TRANSPORTS and scheme[2] == "://"
    if not allowed and not _SCP.fullmatch(address):
        raise ExchangeError(_NOT_ALLOWED(address=address, kinds=", ".join(f"{one}://" for one in TRANSPORTS)))


def _address_of(folder: Path) -> str:
    return _git(folder, "config", "--local", "--get", "remote.origin.url", address=str(folder)).strip()


def _drop(folder: Path, trial: Path) -> None:
    shutil.rmtree(trial, ignore_errors=True)
    with contextlib.suppress(ExchangeError):
        _git(folder, "worktree", "prune", address=str(folder))


_OFF = {
    "core.hooksPath": os.devnull,
    "core.fsmonitor": "false",
    "core.symlinks": "false",
    "core.attributesFile": os.devnull,
    "core.autocrlf": "false",
    "core.protectNTFS": "true",
    "core.protectHFS": "true",
    "credential.interactive": "false",
    "fetch.recurseSubmodules": "false",
    "filter.lfs.process": "",
    "filter.lfs.required": "false",
    "filter.lfs.smudge": "",
    "gc.auto": "0",
    "http.lowSpeedLimit": "100",
    "http.lowSpeedTime": "60",
    "maintenance.auto": "false",
    "protocol.allow": "never",
    **{f"protocol.{one}.allow": "always" for one in TRANSPORTS},
    "submodule.recurse": "false",
    "transfer.fsckObjects": "true",
}
"""Settings of git that go before those of the user and of the repository."""


def _git(folder: Path, *words: str, address: str) -> str:
    """Runs git in a folder; what it prints.

    Raises:
        ExchangeError: it is not there, or failed; the message has its own last words.
    """
    program = shutil.which("git")
    if program is None:
        raise ExchangeError(_NO_GIT())
    environment = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    environment |= {
        "GIT_TERMINAL_PROMPT": "0",
        "GIT_ASKPASS": "true",
        "SSH_ASKPASS": "true",
        "SSH_ASKPASS_REQUIRE": "never",
        "GIT_SSH_COMMAND": "ssh -oBatchMode=yes",
        "GIT_ALLOW_PROTOCOL": ":".join(TRANSPORTS),
        "GIT_LFS_SKIP_SMUDGE": "1",
        "LC_ALL": "C.UTF-8",
    }
    settings = [word for name, value in _OFF.items() for word in ("-c", f"{name}={value}")]
    try:
        done = subprocess.run(
            [program, *settings, *words],
            cwd=folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            encoding="utf-8",
            errors="replace",
            timeout=_LONGEST_WAIT,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise ExchangeError(_FAILED(address=address, reason=error)) from None
    if done.returncode:
        lines = [line.strip() for line in done.stderr.strip().split("\n") if line.strip()]
        reason = lines[-1] if lines else f"exit {done.returncode}"
        told = next((line for line in lines if line.startswith(("fatal:", "error:"))), reason)
        raise ExchangeError(_FAILED(address=address, reason=told.partition(": ")[2] or told))
    return done.stdout
