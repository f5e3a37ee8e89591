"""The user's own keys: a file beside the settings that gives commands other keys."""

from __future__ import annotations

from pathlib import Path

from studyapp.nearest import nearest
from studyapp.plain_file import read_plain_text
from studyapp.settings import LONGEST_FILE, read_toml
from studyapp.tui.commands import COMMANDS

HEADER = """\
# Keys of studyapp. A line gives a command other keys, several with commas:
#
#   "review.flag" = "F"
#   "card.hint" = "h,ctrl+t"
#
# Take the # away from a line below and change its keys.
"""


def read_keymap(path: Path) -> tuple[dict[str, str], list[str]]:
    """Keys by command id, and what is wrong with the file, in words. A missing file is an empty one."""
    try:
        text = read_plain_text(path, LONGEST_FILE)
    except FileNotFoundError:
        return {}, []
    except UnicodeDecodeError:
        return {}, [f"{path}: cannot be read: it is not UTF-8 text"]
    except OSError as error:
        return {}, [f"{path}: cannot be read: {error.strerror}"]
    try:
        written = _flat(read_toml(text))
    except ValueError as error:
        return {}, [f"{path}: {error}"]
    except RecursionError:
        return {}, [f"{path}: a name in it has too many dots"]
    known = [command.id for command in COMMANDS]
    keymap: dict[str, str] = {}
    problems = []
    for identifier, keys in written:
        if identifier not in known:
            near = nearest(identifier, known)
            hint = f"; did you mean {near}?" if near else ""
            problems.append(f"{path}: no command {identifier!r}{hint}")
        elif not isinstance(keys, str) or not keys.strip():
            problems.append(f'{path}: {identifier}: expected keys in quotes, such as "f" or "ctrl+f"')
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
    lines = [HEADER]
    lines += [f'# "{command.id}" = "{command.keys}"  # {command.title}: {command.help}' for command in COMMANDS]
    return "\n".join(lines) + "\n"
