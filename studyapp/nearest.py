"""The known name that a misspelt one most likely stands for."""

from __future__ import annotations

from collections.abc import Callable, Iterable

LONGEST_WORD = 80
"""Characters of a word that is compared: longer ones are no slip of a name, and comparing them takes long."""


def nearest(
    word: str, names: Iterable[str], *, cutoff: float = 0.6, key: Callable[[str], str] = str.lower
) -> str | None:
    """The one of ``names`` most like ``word``, or None where none is near."""
    found = nearest_names(word, names, 1, cutoff=cutoff, key=key)
    return found[0] if found else None


def nearest_names(
    word: str, names: Iterable[str], count: int, *, cutoff: float = 0.6, key: Callable[[str], str] = str.lower
) -> list[str]:
    """Up to ``count`` of ``names`` that are most like ``word``, best first.

    ``cutoff`` is the least similarity, from 0 to 1, as `difflib.SequenceMatcher.ratio` measures it; ``key`` says what
    of a word is compared.
    """
    if len(word) > LONGEST_WORD:
        return []
    from difflib import get_close_matches  # late: only mistakes need it

    by_key: dict[str, str] = {}
    for name in names:
        by_key.setdefault(key(name), name)
    return [by_key[near] for near in get_close_matches(key(word), by_key, count, cutoff)]
