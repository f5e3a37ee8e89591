"""How a command fails: one line on stderr that says what to do, and an exit code."""

from __future__ import annotations

import errno

from studyapp.locale.message import Message

_FULL = Message("The disk is full{where}. Free some space and try again; what was saved before is intact.")
_NO_PERMISSION = Message("No permission to write here{where}. STUDYAPP_HOME=FOLDER chooses another place.")
_NO_UTF_8 = Message("What was given holds bytes that are no characters in UTF-8.")
_UNEXPECTED = Message("Unexpected {kind}: {message}. STUDYAPP_DEBUG=1 shows where it happened.")
_NO_MESSAGE = Message("no message")

FALSE_OR_FAILED = 1
WRONG_USAGE = 2


class Failure(Exception):
    """A failure with a message for the user."""

    def __init__(self, message: str, exit_code: int = FALSE_OR_FAILED) -> None:
        super().__init__(message)
        self.exit_code = exit_code


def explain(error: Exception) -> str:
    """One line for an error that no command expected."""
    if isinstance(error, OSError):
        where = f" ({error.filename})" if error.filename else ""
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            return _FULL(where=where)
        if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
            return _NO_PERMISSION(where=where)
        return f"{error.strerror or error}{where}"
    if isinstance(error, UnicodeEncodeError):
        return _NO_UTF_8()
    message = str(error).strip()
    if message and (isinstance(error, ValueError) or type(error).__module__.startswith("studyapp")):
        return message
    kind = type(error).__name__
    return _UNEXPECTED(kind=kind, message=message or _NO_MESSAGE)
