"""Losses by name, title or alias, with a suggestion for names that are nearly right."""

from __future__ import annotations

from collections.abc import Iterable

from .errors import LossError
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


class Table:
    """The losses that are known, family by family, and within a family in the order of their files.

    Raises ValueError where one name means two losses.
    """

    def __init__(self, losses: Iterable[Loss]) -> None:
        self._by_name = {loss.name: loss for loss in sorted(losses, key=_place)}
        self._by_key: dict[str, Loss] = {}
        for loss in self._by_name.values():
            for alias in (loss.name, loss.title, *loss.aliases):
                other = self._by_key.setdefault(_key(alias), loss)
                if other is not loss:
                    raise ValueError(f"{alias!r} names both {other.name} and {loss.name}")

    def names(self, family: str | None = None) -> tuple[str, ...]:
        """The names of all losses, family by family; of one family if it is given."""
        return tuple(name for name, loss in self._by_name.items() if family in (None, loss.family))

    def get(self, name: str) -> Loss:
        """The loss of that name, title or alias; capitals, blanks, hyphens and underscores do not matter.

        Raises LossError, with the nearest name, if there is none.
        """
        found = self._by_key.get(_key(name))
        if found is not None:
            return found
        from studyapp.nearest import nearest  # late: only mistakes need it

        known = (alias for loss in self._by_name.values() for alias in (loss.name, *loss.aliases))
        suggestion = nearest(name, known, key=_key)
        hint = f"did you mean {suggestion}?" if suggestion else "names() lists all"
        raise LossError(f"there is no loss called {name!r}; {hint}")


def _place(loss: Loss) -> tuple[int, str, int]:
    code = loss.value.__code__
    return FAMILIES.index(loss.family), code.co_filename, code.co_firstlineno


def _key(name: str) -> str:
    return "".join(character for character in name.lower() if character.isalnum() or character == "+")
