"""Which language a command is to speak, found before the settings are read as a whole."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from studyapp.locale.catalogue import ENGLISH, languages, translated
from studyapp.plain_file import read_plain

_LINE = re.compile(r"""^[ \t]*["']?language["']?[ \t]*=[ \t]*["']([\w-]+)["']""", re.MULTILINE)
_MOST = 20_000


def language_of_locale(environment: Mapping[str, str]) -> str:
    """The language of the system's locale, where the app speaks it; else English.

    >>> language_of_locale({"LANG": "zh_CN.UTF-8"}), language_of_locale({"LC_ALL": "C", "LANG": "zh_CN.UTF-8"})
    ('zh', 'en')
    """
    chosen = next((environment[name] for name in ("LC_ALL", "LC_MESSAGES", "LANG") if environment.get(name)), "")
    return translated(chosen.partition(".")[0].replace("_", "-")) or ENGLISH


def chosen_language(settings: Path, environment: Mapping[str, str]) -> str:
    """The language that the environment, the settings file or the locale names; what is wrong there is told later."""
    named = environment.get("STUDYAPP_LANGUAGE", "")
    if not named:
        try:
            found = _LINE.search(read_plain(settings, _MOST).decode("utf-8", "replace"))
        except OSError:
            found = None
        named = found[1] if found is not None else ""
    return named if named in languages() else ENGLISH if named else language_of_locale(environment)
