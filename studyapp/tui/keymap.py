"""The user's own keys: a file beside the settings that gives commands other keys."""

from __future__ import annotations

from pathlib import Path

from studyapp.locale.message import Message
from studyapp.nearest import nearest
from studyapp.plain_file import read_plain_text
from studyapp.settings import LONGEST_FILE, read_toml
from studyapp.tui.commands import COMMANDS

_UNREADABLE, _NOT_TEXT = Message("{path}: cannot be read: {why}"), Message("it is not UTF-8 text")
_TOO_MANY_DOTS = Message("{path}: a name in it has too many dots")
_NO_SUCH = Message("{path}: no command {name}")
_NO_SUCH_NEAR = Message("{path}: no command {name}; did you mean {near}?")
_EXPECTED_KEYS = Message('{path}: {name}: expected keys in quotes, such as "f" or "ctrl+f"')

HEADER = Message(
    """\
# Keys of studyapp. A line gives a command other keys, several with commas:
#
#   "review.flag" = "F"
#   "card.hint" = "h,ctrl+t"
#
# Take the # away from a line below and change its keys.
"""
)


def read_keymap(path: Path) -> tuple[dict[str, str], list[str]]:
    """Keys by command id, and what is wrong with the file, in words. A missing file is an empty one."""
    try:
        text = read_plain_text(path, LONGEST_FILE)
    except FileNotFoundError:
        return {}, []
    except UnicodeDecodeError:
        return {}, [_UNREADABLE(path=path, why=_NOT_TEXT)]
    except OSError as error:
        return {}, [_UNREADABLE(path=path, why=error.strerror)]
    try:
        written = _flat(read_toml(text))
    except ValueError as error:
        return {}, [f"{path}: {error}"]
    except RecursionError:
        return {}, [_TOO_MANY_DOTS(path=path)]
    known = [command.id for command in COMMANDS]
    keymap: dict[str, str] = {}
    problems = []
    for identifier, keys in written:
        if identifier not in known:
            near = nearest(identifier, known)
            missing = _NO_SUCH_NEAR if near else _NO_SUCH
            problems.append(missing(path=path, name=repr(identifier), near=near))
        elif not isinstance(keys, str) or not keys.strip():
            problems.append(_EXPECTED_KEYS(path=path, name=identifier))
        else:
            keymap[identifier] = keys
    return keymap, problems


def _flat(table: dict[str, object], prefix: str = "") -> list[tuple[str, object]]:
    """Entries with dotted names, whether or not the file has quotes round them."""
    found: list[tuple[str, object]] = []
    for name, value in table.items():
        if isinstance(value, dict):
            found += _flat(value, f"{prefix}{name}.")
        else:
            found.append((prefix + name, value))
    return found


def template() -> str:
    """A file with every command and its present keys, all commented out."""
    lines = [HEADER()]
    lines += [f'# "{command.id}" = "{command.keys}"  # {command.title}: {command.help}' for command in COMMANDS]
    return "\n".join(lines) + "\n"
