"""What the user can choose, from the settings file and the environment.

The order of precedence is: command-line flag, environment variable, settings file, default. The file is TOML with one
``key = value`` a line; the environment variable of ``new_per_day`` is ``STUDYAPP_NEW_PER_DAY``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal, get_args, get_type_hints

from msgspec import Meta, Struct
from msgspec.structs import replace

from studyapp.locale.catalogue import languages
from studyapp.locale.chosen import language_of_locale
from studyapp.locale.message import Message
from studyapp.nearest import nearest
from studyapp.plain_file import read_plain_text

_EXPECTED = Message("expected {what}, got {got}")
_TEXT, _ONE_OF, _WHOLE = Message("text in quotes"), Message("one of {values}"), Message("a whole number")
_MINUTES_LIST, _NUMBER = Message("a list of minutes such as [1, 10]"), Message("a number from {low} to {high}")
_TOO_LONG = Message("the file is too long: {count} characters, at most {most} are read")
_NO_TOML, _TOO_DEEP = Message("not valid TOML: {why}"), Message("a number is too long, or brackets are too deep")
_UNKNOWN = Message("unknown setting {key}; known are {known}")
_UNKNOWN_NEAR = Message("unknown setting {key}; did you mean {near}?")
_UNREADABLE, _NOT_UTF_8 = Message("{path}: cannot be read: {why}"), Message("it is not UTF-8 text")

LANGUAGES = languages()
"""Those of which there is a catalogue, English first."""


class SettingsError(ValueError):
    """A setting that cannot be used; the message says where it stands and what would be right."""


_Minutes = Annotated[float, Meta(ge=0.1, le=1440)]


class Settings(Struct, frozen=True):
    """All settings with their defaults and the range of each; `MEANINGS` says what each means."""

    language: str = "en"
    new_per_day: Annotated[int, Meta(ge=-1, le=9999)] = 20
    reviews_per_day: Annotated[int, Meta(ge=-1, le=99999)] = 200
    desired_retention: Annotated[float, Meta(ge=0.7, le=0.99)] = 0.9
    learning_steps: tuple[_Minutes, ...] = (1.0, 10.0)
    relearning_steps: tuple[_Minutes, ...] = (10.0,)
    maximum_interval: Annotated[int, Meta(ge=1, le=36500)] = 3650
    learn_ahead: Annotated[int, Meta(ge=0, le=720)] = 20
    day_starts_at: Annotated[int, Meta(ge=0, le=23)] = 4
    theme: str = ""
    editor: str = ""
    sync: str = ""
    examiner: str = ""
    examiner_model: str = ""
    examiner_key: str = ""


MEANINGS: dict[str, Message] = {
    "language": Message("Language of the app and the cards: en or zh. What a deck lacks in it is shown in English."),
    "new_per_day": Message("New cards a study day; -1 for no limit."),
    "reviews_per_day": Message("Reviews of known cards a study day; -1 for no limit."),
    "desired_retention": Message("The chance of remembering a card at the moment when it comes back, 0.7 to 0.99."),
    "learning_steps": Message("Minutes between the first answers to a new card."),
    "relearning_steps": Message("Minutes between the answers to a card that was forgotten."),
    "maximum_interval": Message("The longest interval in days."),
    "learn_ahead": Message("Minutes by which a learning card may come early when nothing else is left."),
    "day_starts_at": Message("The hour of local time at which a study day begins, 0 to 23."),
    "theme": Message("Colour theme of the terminal app; empty for the app's own."),
    "editor": Message("Command that opens a deck; empty for $VISUAL or $EDITOR."),
    "sync": Message("Folder or address of the store that your machines share (studyapp sync); empty for none."),
    "examiner": Message(
        "Address of a language model that suggests ticks on free answers, such as "
        "http://localhost:11434/v1; your answers are sent there. Empty for none: then nothing is sent."
    ),
    "examiner_model": Message("Name of the examiner's model; empty for the first that the address lists."),
    "examiner_key": Message("Name of the environment variable that holds the examiner's key; empty for none."),
}
"""What each setting means."""


def setting_names() -> tuple[str, ...]:
    """The settings in the order in which they are listed."""
    return Settings.__struct_fields__


def meanings() -> dict[str, str]:
    """What each setting means."""
    return {name: MEANINGS[name]() for name in setting_names()}


def _declared(key: str) -> Any:
    """The annotated type of a setting."""
    return get_type_hints(Settings, include_extras=True)[key]


def _range_of(key: str) -> tuple[float, float]:
    """The least and the largest number that a setting, or an entry of its list, may have."""
    declared = _declared(key)
    meta = (declared if hasattr(declared, "__metadata__") else get_args(declared)[0]).__metadata__[0]
    return meta.ge, meta.le


def load_settings(path: Path, environment: Mapping[str, str]) -> Settings:
    """Settings from the file at ``path`` (it may be missing), then the environment.

    Raises:
        SettingsError: for a file that is not TOML, an unknown key, or a value out of range.
    """
    return load_with_origins(path, environment)[0]


Origin = Literal["default", "file", "environment"]
"""Where the value of a setting comes from."""


def load_with_origins(path: Path, environment: Mapping[str, str]) -> tuple[Settings, dict[str, Origin]]:
    """The settings, as `load_settings` gives them, and where each comes from."""
    settings = Settings()
    origins: dict[str, Origin] = dict.fromkeys(setting_names(), "default")
    text = _read(path)
    if text:
        try:
            chosen = read_toml(text)
        except ValueError as error:
            raise SettingsError(f"{path}: {error}") from None
        for key, value in chosen.items():
            settings = change(settings, key, value, f"{path}:{_line_of(key, text)}")
            origins[key] = "file"
    for name in origins:
        variable = variable_of(name)
        if variable in environment:
            settings = change(settings, name, value_from_text(name, environment[variable]), variable)
            origins[name] = "environment"
    if origins["language"] == "default":
        settings = replace(settings, language=language_of_locale(environment))
    return settings, origins


def variable_of(key: str) -> str:
    """The environment variable of a setting."""
    return f"STUDYAPP_{key.upper()}"


def change(settings: Settings, key: str, value: Any, where: str = "") -> Settings:
    """``settings`` with one key set, after checking it; ``where`` begins the message if it is refused."""
    prefix = f"{where}: " if where else ""
    if key not in setting_names():
        raise _unknown(key, prefix)
    try:
        return replace(settings, **{key: _checked(key, value)})
    except ValueError as error:
        raise SettingsError(f"{prefix}{key}: {error}") from None


def _checked(key: str, value: Any) -> Any:
    default = getattr(Settings(), key)
    if isinstance(default, str):
        if not isinstance(value, str):
            raise ValueError(_EXPECTED(what=_TEXT, got=repr(value)))
        if key == "language" and value not in LANGUAGES:
            raise ValueError(_EXPECTED(what=_ONE_OF(values=", ".join(LANGUAGES)), got=repr(value)))
        if key in _FORMS and value and not re.fullmatch(_FORMS[key][0], value):
            raise ValueError(_EXPECTED(what=_FORMS[key][1], got=repr(value)))
        return value
    low, high = _range_of(key)
    if isinstance(default, tuple):
        if not isinstance(value, list | tuple) or not value:
            raise ValueError(_EXPECTED(what=_MINUTES_LIST, got=repr(value)))
        return tuple(float(_number(entry, low, high)) for entry in value)
    number = _number(value, low, high)
    if isinstance(default, int):
        if number != int(number):
            raise ValueError(_EXPECTED(what=_WHOLE, got=repr(value)))
        return int(number)
    return float(number)


_FORMS = {
    "examiner": (
        r"https?://(\[[0-9a-fA-F:.]+\]|[A-Za-z0-9._-]+)(:\d{1,4}|:[1-5]\d{4}|:6[0-4]\d{3}|:65[0-4]\d\d)?(/[!-~]*)?",
        Message("an address such as http://localhost:11434/v1, without a name or password in it"),
    ),
    "examiner_key": (
        "[A-Za-z_][A-Za-z0-9_]*",
        Message("the name of an environment variable (not the key itself, which would lie in the settings file)"),
    ),
}
"""What a setting must look like, as a regular expression and in words."""


def _number(value: Any, low: float, high: float) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ValueError(_EXPECTED(what=_NUMBER(low=f"{low:g}", high=f"{high:g}"), got=repr(value)))
    if not low <= value <= high:
        raise ValueError(_EXPECTED(what=_NUMBER(low=f"{low:g}", high=f"{high:g}"), got=repr(value)))
    return value


def value_from_text(key: str, text: str) -> Any:
    """What was written for a setting, as the kind of value it has; what does not fit stays text and is refused.

    Raises:
        SettingsError: for an unknown key.
    """
    if key not in setting_names():
        raise _unknown(key, "")
    default = getattr(Settings(), key)
    try:
        if isinstance(default, tuple):
            return [float(part) for part in re.split(r"[,\s\[\]]+", text) if part]
        if isinstance(default, str):
            return text.strip()
        number = float(text)
        return int(number) if isinstance(default, int) and number == int(number) else number
    except (ValueError, OverflowError):
        return text


def _unknown(key: str, prefix: str) -> SettingsError:
    names = setting_names()
    near = nearest(key, names)
    told = _UNKNOWN_NEAR if near else _UNKNOWN
    return SettingsError(prefix + told(key=repr(key), near=near, known=", ".join(names)))


LONGEST_FILE = 20_000
"""Characters of a settings or key file; the reader of TOML can take minutes for more."""


def read_toml(text: str) -> dict[str, Any]:
    """What a TOML file says. Raises ValueError, which says why it cannot be read."""
    import tomllib

    if len(text) > LONGEST_FILE:
        raise ValueError(_TOO_LONG(count=len(text), most=LONGEST_FILE))
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ValueError(_NO_TOML(why=error)) from None
    except (ValueError, RecursionError):
        raise ValueError(_NO_TOML(why=_TOO_DEEP)) from None


def _read(path: Path) -> str:
    try:
        return read_plain_text(path, LONGEST_FILE)
    except (FileNotFoundError, NotADirectoryError):
        return ""
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else _NOT_UTF_8
        raise SettingsError(_UNREADABLE(path=path, why=reason)) from None


def _line_of(key: str, text: str) -> int:
    for number, line in enumerate(text.splitlines(), start=1):
        if line.split("=", 1)[0].strip().strip("\"'[]") == key:
            return number
    return 1
