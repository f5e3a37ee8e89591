"""Which FSRS computed a state: answers are recorded with it, so that a replay knows what to expect."""

from __future__ import annotations

from functools import cache
from pathlib import Path


@cache
def fsrs_version() -> str:
    """The version of the installed package ``fsrs``, ``6.3.2``.

    It is read off the name of the folder beside the package: `importlib.metadata` would load a parser of mail for it,
    which a session would feel.
    """
    import fsrs

    folders = list(Path(fsrs.__file__).parents[1].glob("fsrs-*.dist-info"))
    if len(folders) == 1:
        return folders[0].name.removesuffix(".dist-info").partition("-")[2]
    from importlib.metadata import version

    return version("fsrs")
