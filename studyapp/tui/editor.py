"""Opening a file at a line, or a text, in the user's editor."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import tempfile
from collections.abc import Mapping
from pathlib import Path

from studyapp.locale.message import Message

_UNREADABLE = Message("The editor command {command} cannot be read: {why}.")
_NONE = Message("No editor found: set EDITOR, for example `export EDITOR=nano`, and try again.")
_FAILED = Message("{editor} ended with code {code}; the file was read again as it is now.")
_ANSWER_STAYS = Message("{editor} ended with code {code}: the answer stays as it was.")
_NOT_HANDED = Message("The answer could not be handed to the editor: {why}.")
_NOT_STARTED = Message("{editor} could not be started: {why}. Set EDITOR to another one.")

_PLUS_LINE = frozenset(
    {"vi", "vim", "nvim", "view", "nano", "pico", "emacs", "emacsclient", "micro", "joe", "ne", "kak", "mcedit", "jed"}
)
_COLON_LINE: dict[str, tuple[str, ...]] = {
    "hx": (),
    "helix": (),
    "subl": ("--wait",),
    "zed": ("--wait",),
    "code": ("--wait", "--goto"),
    "codium": ("--wait", "--goto"),
    "cursor": ("--wait", "--goto"),
}
_FALLBACKS = ("nano", "vim", "vi", "emacs")


class EditorError(Exception):
    """The editor could not be used; the message says what to do."""


def editor_command(setting: str, environment: Mapping[str, str]) -> list[str]:
    """The user's editor as words: the setting, else ``$VISUAL``, else ``$EDITOR``, else one that is installed.

    Raises:
        EditorError: if there is none.
    """
    for chosen in (setting, environment.get("VISUAL", ""), environment.get("EDITOR", "")):
        if chosen.strip():
            try:
                return shlex.split(chosen)
            except ValueError as error:
                raise EditorError(_UNREADABLE(command=repr(chosen), why=error)) from None
    for name in _FALLBACKS:
        if shutil.which(name):
            return [name]
    raise EditorError(_NONE())


def at_line(command: list[str], path: Path, line: int) -> list[str]:
    """The command that opens ``path`` at ``line``, in the way that this editor understands."""
    name = Path(command[0]).name.removesuffix(".exe")
    if name in _COLON_LINE:
        return [*command, *_COLON_LINE[name], f"{path}:{line}"]
    if name in _PLUS_LINE:
        return [*command, f"+{line}", str(path)]
    return [*command, str(path)]


def edit(path: Path, line: int, setting: str = "", environment: Mapping[str, str] | None = None) -> None:
    """Open the file and wait until the editor is closed. The terminal must have been handed over before.

    Raises:
        EditorError: if the editor cannot be started or reports a failure.
    """
    name, code = _run(path, line, setting, environment)
    if code != 0:
        raise EditorError(_FAILED(editor=name, code=code))


def edit_text(text: str, name: str, line: int, setting: str = "", environment: Mapping[str, str] | None = None) -> str:
    """What the user makes of ``text`` in the editor, which sees it as a file called ``name``.

    Raises:
        EditorError: if the editor cannot be started or reports a failure (``:cq`` in vim), or if there is no room for
            the file. What was written is given up.
    """
    try:
        with tempfile.TemporaryDirectory(prefix="studyapp-") as folder:
            path = Path(folder) / name
            path.write_text(text, encoding="utf-8")
            editor, code = _run(path, line, setting, environment)
            if code != 0:
                raise EditorError(_ANSWER_STAYS(editor=editor, code=code))
            written = path.read_text(encoding="utf-8", errors="replace")
    except OSError as error:
        raise EditorError(_NOT_HANDED(why=error.strerror)) from None
    return written.removesuffix("\n") if not text.endswith("\n") else written


def _run(path: Path, line: int, setting: str, environment: Mapping[str, str] | None) -> tuple[str, int]:
    """The name of the editor and the code with which it ended."""
    words = at_line(editor_command(setting, os.environ if environment is None else environment), path, line)
    try:
        return words[0], subprocess.run(words, check=False).returncode
    except OSError as error:
        raise EditorError(_NOT_STARTED(editor=words[0], why=error.strerror)) from None
