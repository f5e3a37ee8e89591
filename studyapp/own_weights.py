"""The learner's own weights of FSRS-6: the file that keeps them, and those before them for the undo."""

from __future__ import annotations

from pathlib import Path

import msgspec
from msgspec import Struct

from studyapp import faults
from studyapp.deck.atomic import set_aside, write_atomically
from studyapp.plain_file import read_plain
from studyapp.schedule.memory import SchedulerSettings
from studyapp.store.imports import Span

_MOST_BYTES = 1_000_000


class Weights(Struct, frozen=True):
    """Weights that were taken, on how many reviews they rest, and how well they predicted the later part of the log.

    ``span`` are the entries of the log by which the states were told anew.
    """

    weights: tuple[float, ...]
    reviews: int
    later_loss: float
    later_loss_before: float
    day: int
    span: Span | None = None

    def __post_init__(self) -> None:
        SchedulerSettings(weights=self.weights)  # raises ValueError for what FSRS cannot work with


class History(Struct, frozen=True):
    """All weights that were taken, the newest last; none are the published ones."""

    taken: tuple[Weights, ...] = ()

    @property
    def present(self) -> Weights | None:
        """The weights in use; None for the published ones."""
        return self.taken[-1] if self.taken else None


def load(path: Path) -> History:
    """The weights in a file; none where there is no file. A file that cannot be read is put aside and kept in the
    faults: the published weights hold then."""
    try:
        return msgspec.json.decode(read_plain(path, _MOST_BYTES), type=History)
    except FileNotFoundError:
        return History()
    except (OSError, msgspec.MsgspecError, UnicodeError, RecursionError, ValueError) as error:
        faults.record(error, f"reading {path}, put aside as {set_aside(path)}")
        return History()


def own_weights(path: Path) -> tuple[float, ...] | None:
    """The weights in use; None for the published ones."""
    if not path.exists():
        return None
    present = load(path).present
    return None if present is None else present.weights


def save(path: Path, history: History) -> None:
    """Write the file whole or not at all.

    Raises:
        OSError: it cannot be written.
    """
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    write_atomically(path, msgspec.json.format(msgspec.json.encode(history), indent=1).decode("utf-8"), mode=0o600)
