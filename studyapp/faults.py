"""Errors of the app itself, met while it works on: kept in a file, so that they can be reported."""

from __future__ import annotations

import contextlib
from datetime import UTC, datetime
from pathlib import Path

from studyapp.plain_file import open_plain

MOST_BYTES = 200_000
"""A file that has grown beyond this is begun anew."""

_file: list[Path] = []


def keep_in(file: Path) -> None:
    """Write from now on into this file; it is made with the first error."""
    _file[:] = [file]


def record(error: BaseException, doing: str) -> None:
    """Append the error with its traceback; never raises. ``doing`` says what was tried."""
    import traceback

    if not _file:
        return
    text = "".join(traceback.format_exception(error))
    entry = f"{datetime.now(UTC).isoformat(timespec='seconds')} {doing}\n{text[-20_000:]}\n"
    with contextlib.suppress(OSError):
        too_large = _file[0].exists() and _file[0].stat().st_size > MOST_BYTES
        mode = "w" if too_large else "a"
        with open(_file[0], mode, encoding="utf-8", errors="backslashreplace", opener=open_plain) as stream:
            stream.write(entry)
