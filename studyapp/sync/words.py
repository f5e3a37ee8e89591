"""A synchronisation in words."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from studyapp.clock import from_milliseconds
from studyapp.locale.message import Message
from studyapp.sync.status import Status
from studyapp.sync.synchronise import Report

_SENT = Message("{count} entry sent", "{count} entries sent")
_RECEIVED = Message("{count} entry received", "{count} entries received")
_BOTH = Message("Synchronised: {sent}, {received}.")
_CHOICES = Message(
    "{count} choice for a deck came from another machine.", "{count} choices for decks came from other machines."
)
_INCOMPLETE = Message(
    "{count} file is not whole yet; it is read the next time.",
    "{count} files are not whole yet; they are read the next time.",
)
_RENAMED = Message(
    "Another home, or an earlier state of this one, logged under the same name: this one has a new name now, and "
    "nothing was lost."
)
_REFUSED = Message(
    "{count} entry of the device {device} was refused: {reason}. "
    "`studyapp sync --forget {device}` takes all that it wrote out again.",
    "{count} entries of the device {device} were refused: {reason}. "
    "`studyapp sync --forget {device}` takes all that it wrote out again.",
)
_REFUSED_FILE = Message("The file {name} of the device {device} was refused: {reason}.")
_WAITING = Message(
    "{count} entry of other machines waits: `studyapp sync` brings it in.",
    "{count} entries of other machines wait: `studyapp sync` brings them in.",
)
_AT = Message("Synchronised at {time}.")
_ON = Message("Last synchronised on {date}.")
_NOT = Message("Not synchronised: {reason}")


def told(report: Report) -> Iterator[str]:
    """What a synchronisation did, a line each."""
    yield _BOTH(sent=_SENT(count=report.sent), received=_RECEIVED(count=report.received))
    if report.choices:
        yield _CHOICES(count=report.choices)
    if report.incomplete:
        yield _INCOMPLETE(count=report.incomplete)
    if report.renamed:
        yield _RENAMED()
    for one in report.refused:
        if one.entries:
            yield _REFUSED(count=one.entries, device=one.device, reason=one.reason)
        else:
            yield _REFUSED_FILE(name=one.name, device=one.device, reason=one.reason)


def state(status: Status, now: datetime) -> str:
    """One line for the home screen."""
    if status.trouble:
        return _NOT(reason=status.trouble)
    if status.waiting:
        return _WAITING(count=status.waiting)
    at = from_milliseconds(status.at).astimezone()
    if at.date() == now.astimezone().date():
        return _AT(time=f"{at:%H:%M}")
    return _ON(date=f"{at:%Y-%m-%d}")
