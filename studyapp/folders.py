"""Where things are kept: the user's data, the settings file, the bundled decks.

``STUDYAPP_HOME`` moves everything that the app writes into one folder of the user's choice.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple


class NoHome(ValueError):
    """A folder that begins with ``~`` where no such home is known; the message says which."""


class Folders(NamedTuple):
    """The places of one installation."""

    home: Path
    """Data of the user: ``progress.db`` (precious), ``cache.db`` (may be deleted at any time), backups."""

    config: Path
    """The settings file; it need not exist."""

    content: Path
    """The bundled decks."""

    @property
    def progress(self) -> Path:
        """The database of reviews: the one file worth backing up."""
        return self.home / "progress.db"

    @property
    def targets(self) -> Path:
        """What is to be known on which date (`studyapp plan`)."""
        return self.home / "targets.json"

    @property
    def weights(self) -> Path:
        """FSRS weights of the learner's own (`studyapp fit`); none where the published ones hold."""
        return self.home / "weights.json"

    @property
    def own_answers(self) -> Path:
        """Answers that the learner had counted as right, by card."""
        return self.home / "accepted.json"

    @property
    def faults(self) -> Path:
        """Errors of the app itself that it worked on after, with their tracebacks."""
        return self.home / "faults.log"

    @property
    def decks(self) -> Path:
        """Where decks are written that the user begins in the app by a name alone."""
        return self.home / "decks"

    @property
    def cache(self) -> Path:
        """The index of the decks, made again whenever it is missing."""
        return self.home / "cache.db"


def find_folders(environment: Mapping[str, str] | None = None) -> Folders:
    """The folders for this user; nothing is created.

    Raises:
        NoHome: the home folder in which they would lie is not known.
    """
    environment = os.environ if environment is None else environment
    chosen = environment.get("STUDYAPP_HOME", "").strip()
    if chosen:
        home = _expanded(chosen)
        return Folders(home, home / "config.toml", content_folder())
    import platformdirs

    home = _expanded(platformdirs.user_data_dir("studyapp", appauthor=False))
    config = _expanded(platformdirs.user_config_dir("studyapp", appauthor=False)) / "config.toml"
    return Folders(home, config, content_folder())


def absolute(path: str | Path) -> Path:
    """A path as a learner gives it; ``~`` is the home folder, and ``~nobody`` a name like any other.

    >>> absolute("~nobody-here/x").name
    'x'
    """
    return Path(os.path.abspath(os.path.expanduser(path)))


def _expanded(path: str) -> Path:
    """The whole path, never one below a folder called ``~``."""
    expanded = os.path.expanduser(path)
    if expanded.startswith("~"):
        raise NoHome(f"There is no home folder for {path}: STUDYAPP_HOME=FOLDER names another place.")
    return Path(expanded).absolute()


def content_folder() -> Path:
    """The bundled decks: inside the package when installed, beside it in a checkout."""
    package = Path(__file__).resolve().parent
    installed = package / "content"
    return installed if installed.is_dir() else package.parent / "content"
