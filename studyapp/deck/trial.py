"""A first look at decks that were just added: one question of each card is made, in at most some seconds.

Whether a card can be asked shows only then: its numbers may be impossible to draw, or take too long to compute. That
is better told when a deck is added than when its card comes up.
"""

from __future__ import annotations

from collections.abc import Sequence
from time import monotonic

from studyapp.deck.bank import Bank, UnknownCard
from studyapp.forms.problem import Problem
from studyapp.grading.draw import DrawError
from studyapp.kinds.ask import ask

MOST_SECONDS = 3.0
"""After so long the rest is left to `studyapp check`."""

SEED = 1


def tried(bank: Bank, decks: Sequence[str], seconds: float = MOST_SECONDS) -> tuple[Problem, ...]:
    """The cards of some decks that cannot be asked, each at its place."""
    ends = monotonic() + seconds
    found = []
    for entry in bank.entries(decks) if decks else ():
        if monotonic() > ends:
            break
        try:
            ask(bank.card(entry.card_id), SEED)
        except UnknownCard:
            continue
        except DrawError as error:
            place = bank.location(entry.card_id)
            found.append(Problem(place.path, place.line, 1, "draw", f"{entry.card_id}: {error}", card_id=entry.card_id))
    return tuple(found)
