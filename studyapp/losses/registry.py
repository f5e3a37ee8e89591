"""Every loss by name or alias, with a suggestion for names that are nearly right."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from .errors import LossError

if TYPE_CHECKING:
    from .loss import Loss

FAMILIES = (
    "regression",
    "classification",
    "information",
    "segmentation",
    "detection",
    "retrieval",
    "regularisation",
    "activations",
)
"""The families, in the order in which they are listed."""

_losses: dict[str, Loss] = {}
_by_alias: dict[str, Loss] = {}


def register(loss: Loss) -> None:
    """Make a loss known under its name and its aliases; a name means one loss only."""
    _losses[loss.name] = loss
    for alias in (loss.name, loss.title, *loss.aliases):
        key = _key(alias)
        other = _by_alias.setdefault(key, loss)
        if other is not loss:
            raise ValueError(f"{alias!r} names both {other.name} and {loss.name}")


def names(family: str | None = None) -> tuple[str, ...]:
    """The names of all losses, family by family; of one family if it is given."""
    chosen = FAMILIES if family is None else (family,)
    return tuple(name for group in chosen for name, loss in _losses.items() if loss.family == group)


def families() -> tuple[str, ...]:
    """The names of the families, in the order in which they are listed."""
    return FAMILIES


def get(name: str) -> Loss:
    """The loss of that name, title or alias; capitals, blanks, hyphens and underscores do not matter.

    Raises LossError, with the nearest name, if there is none.
    """
    found = _by_alias.get(_key(name))
    if found is not None:
        return found
    suggestion = nearest(name, (alias for loss in _losses.values() for alias in (loss.name, *loss.aliases)))
    hint = f"did you mean {suggestion}?" if suggestion else "names() lists all"
    raise LossError(f"there is no loss called {name!r}; {hint}")


def nearest(name: str, known: Iterable[str]) -> str | None:
    """The known name most like `name`, or None if none is near."""
    from difflib import get_close_matches  # late: only needed for a mistake

    by_key: dict[str, str] = {}
    for entry in known:
        by_key.setdefault(_key(entry), entry)
    close = get_close_matches(_key(name), by_key, n=1, cutoff=0.6)
    return by_key[close[0]] if close else None


def _key(name: str) -> str:
    return "".join(character for character in name.lower() if character.isalnum() or character == "+")
