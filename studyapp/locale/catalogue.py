"""The languages that the app speaks: English, and every folder ``NAME/LC_MESSAGES`` with a catalogue of gettext.

A package that was built holds the compiled catalogues (``studyapp.mo``). In a checkout the text (``studyapp.po``) is
read, unless a compiled one is newer: what a translator saves is seen at the next start.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gettext import NullTranslations

ENGLISH = "en"
"""The language of the messages in the source."""

_FOLDER = Path(__file__).parent


@cache
def catalogues() -> dict[str, Path]:
    """The folder of each translation by its language: ``zh`` for ``zh_CN``, the first of its kind."""
    found: dict[str, Path] = {}
    for folder in sorted(_FOLDER.glob("*/LC_MESSAGES")):
        name = folder.parent.name
        short = name.split("_")[0]
        found[name.replace("_", "-") if short in found else short] = folder
    return found


@cache
def languages() -> tuple[str, ...]:
    """The codes of all languages, English first."""
    return (ENGLISH, *catalogues())


def translated(language: str) -> str | None:
    """The language of the catalogue for a language: ``zh`` for ``zh-Hans``; None where English is spoken."""
    if language == ENGLISH:
        return None
    known = catalogues()
    return language if language in known else (short if (short := language.split("-")[0]) in known else None)


def beside(language: str, name: str) -> Path | None:
    """The file of a translation beside its catalogue, such as its glossary; None where it has none."""
    known = translated(language)
    path = catalogues()[known].parent / name if known else None
    return path if path is not None and path.is_file() else None


def ngettext(language: str, text: str, plural: str = "", count: int = 1) -> str:
    """A message in a language, still with its placeholders; what a catalogue lacks is English."""
    known = None if language == ENGLISH else translated(language)
    if known is None:
        return plural if plural and count != 1 else text
    catalogue = translations(known)
    return catalogue.ngettext(text, plural, count) if plural else catalogue.gettext(text)


@cache
def translations(language: str) -> NullTranslations:
    """The catalogue of a language that has one."""
    from gettext import GNUTranslations
    from io import BytesIO

    folder = catalogues()[language]
    compiled, source = folder / "studyapp.mo", folder / "studyapp.po"
    if not source.exists() or (compiled.exists() and compiled.stat().st_mtime >= source.stat().st_mtime):
        content = compiled.read_bytes()
    else:
        from studyapp.locale.po_file import compile_po

        content = compile_po(source.read_text(encoding="utf-8"))
    return GNUTranslations(BytesIO(content))
