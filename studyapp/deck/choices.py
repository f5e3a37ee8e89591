"""What a learner has chosen for a deck: whether it is studied, its place, its limits, how firm it is to be kept.

The choices stand in ``library.json`` by the name of the deck. A deck that is away for a while keeps them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from msgspec import Struct
from msgspec.structs import asdict

from studyapp.locale.message import Message
from studyapp.locale.sentences import LIST_COMMA
from studyapp.nearest import nearest

_EXPECTED = Message("expected {what}, got {got}")
_BOOLEAN, _A_NUMBER = Message("true or false"), Message("a number")
_WHOLE_UP_TO, _FROM_TO = Message("a whole number from 0 to {most}"), Message("a number from {low} to {high}")
_OFF = Message("off")
_NEW, _REVIEWS = Message("{count} new a day"), Message("{count} reviews a day")
_KEPT = Message("{share} kept")
_WITH_BEYOND, _WITHOUT_BEYOND = Message("with beyond"), Message("without beyond")

MOST_A_DAY = 99999
LOWEST_RETENTION, HIGHEST_RETENTION = 0.7, 0.99
FARTHEST = 1e15
"""The greatest number of a place, either way."""
_STEP = 10.0
"""Between two decks when all are numbered anew."""


class ChoiceError(ValueError):
    """A value that a field of a choice cannot have; ``why`` says what can be."""

    def __init__(self, field: str, why: str) -> None:
        super().__init__(f"{field}: {why}")
        self.field = field
        self.why = why


class DeckChoice(Struct, frozen=True):
    """The choices for one deck; None is what the deck or the settings say.

    Raises:
        ValueError: for a value that cannot be; the message says what can.
    """

    enabled: bool = True
    """A deck that is off is neither asked nor counted; its cards keep their history and can be browsed."""

    order: float | None = None
    """Its place among the decks, in the stead of the ``order`` in its file."""

    new_per_day: int | None = None
    """New cards of this deck a study day; the limit for all decks holds besides."""

    reviews_per_day: int | None = None
    """Reviews of this deck a study day; the limit for all decks holds besides."""

    desired_retention: float | None = None
    """The chance of remembering a card of this deck when it comes back, from the next answer on."""

    beyond: bool | None = None
    """Whether its cards tagged `beyond` are asked; None: not before their topic is learnt, which then chooses."""

    def __post_init__(self) -> None:
        if not isinstance(self.enabled, bool):
            raise ChoiceError("enabled", _EXPECTED(what=_BOOLEAN, got=repr(self.enabled)))
        if self.beyond is not None and not isinstance(self.beyond, bool):
            raise ChoiceError("beyond", _EXPECTED(what=_BOOLEAN, got=repr(self.beyond)))
        if self.order is not None and not (_is_number(self.order) and abs(self.order) <= FARTHEST):
            raise ChoiceError("order", _EXPECTED(what=_A_NUMBER, got=repr(self.order)))
        for name in ("new_per_day", "reviews_per_day"):
            value = getattr(self, name)
            if value is not None and not (type(value) is int and 0 <= value <= MOST_A_DAY):
                raise ChoiceError(name, _EXPECTED(what=_WHOLE_UP_TO(most=MOST_A_DAY), got=repr(value)))
        kept = self.desired_retention
        if kept is not None and not (_is_number(kept) and LOWEST_RETENTION <= kept <= HIGHEST_RETENTION):
            expected = _FROM_TO(low=LOWEST_RETENTION, high=HIGHEST_RETENTION)
            raise ChoiceError("desired_retention", _EXPECTED(what=expected, got=repr(kept)))


NO_CHOICE = DeckChoice()
"""Of a deck for which nothing was chosen."""


def read_choices(data: Any) -> dict[str, DeckChoice]:
    """The choices by deck name from what JSON holds of them.

    Raises:
        ValueError: something in it is not a choice; the message names it.
    """
    if not isinstance(data, dict):
        raise ValueError(f"choices: expected deck names with their choices, got {data!r:.80}")
    known = DeckChoice.__struct_fields__
    choices = {}
    for name, chosen in data.items():
        if not isinstance(chosen, dict):
            raise ValueError(f"choices of {name}: expected names and values, got {chosen!r:.80}")
        for key in chosen.keys() - set(known):
            near = nearest(key, known)
            raise ValueError(f"choices of {name}: unknown {key!r}" + (f", did you mean {near!r}?" if near else ""))
        try:
            choices[name] = DeckChoice(**chosen)
        except ValueError as error:
            raise ValueError(f"choices of {name}: {error}") from None
    return choices


def plain_choices(choices: Mapping[str, DeckChoice]) -> dict[str, dict[str, Any]]:
    """The choices as plain data, without what was not chosen."""
    default = asdict(DeckChoice())
    chosen = {
        name: {key: value for key, value in asdict(choice).items() if value != default[key]}
        for name, choice in choices.items()
    }
    return {name: values for name, values in sorted(chosen.items()) if values}


def in_words(choice: DeckChoice) -> str:
    """What was chosen, for a person; nothing for no choice. The order is seen from where the deck stands.

    >>> in_words(DeckChoice(enabled=False, new_per_day=5, desired_retention=0.95))
    'off, 5 new a day, 95% kept'
    """
    parts = [] if choice.enabled else [_OFF()]
    if choice.new_per_day is not None:
        parts.append(_NEW(count=choice.new_per_day))
    if choice.reviews_per_day is not None:
        parts.append(_REVIEWS(count=choice.reviews_per_day))
    if choice.desired_retention is not None:
        parts.append(_KEPT(share=f"{100 * choice.desired_retention:.4g}%"))
    if choice.beyond is not None:
        parts.append(str(_WITH_BEYOND if choice.beyond else _WITHOUT_BEYOND))
    return LIST_COMMA().join(parts)


def limit_from_text(text: str) -> Any:
    """What was typed for a limit: the number, None for nothing; what is no number stays text, and is refused as one.

    >>> limit_from_text(" 20 "), limit_from_text("0.9"), limit_from_text(""), limit_from_text("many")
    (20, 0.9, None, 'many')
    """
    text = text.strip()
    try:
        number = float(text) if text else None
    except ValueError:
        return text
    return int(number) if number is not None and number.is_integer() else number


def moved(decks: Sequence[tuple[str, float]], place: int, step: int) -> dict[str, float]:
    """The orders to set so that the deck at ``place`` moves ``step`` places; ``decks`` are name and order in study
    order.

    Only the deck itself gets a number where there is room between its new neighbours; otherwise all are numbered
    anew. Nothing where the list ends.

    >>> moved([("a", 1.0), ("b", 2.0), ("c", 3.0)], 2, -1)
    {'c': 1.5}
    >>> moved([("a", 1.0), ("b", 1.0), ("c", 1.0)], 2, -1)
    {'a': 10.0, 'c': 20.0, 'b': 30.0}
    """
    target = place + step
    if not (0 <= place < len(decks) and 0 <= target < len(decks)) or not step:
        return {}
    name = decks[place][0]
    rest = [deck for number, deck in enumerate(decks) if number != place]
    before = rest[target - 1][1] if target > 0 else None
    after = rest[target][1] if target < len(rest) else None
    if before is None or after is None:
        between = after - _STEP if before is None and after is not None else (before or 0.0) + _STEP
    else:
        between = (before + after) / 2
    if (before is None or before < between) and (after is None or between < after):
        return {name: between}
    names = [deck for deck, _ in rest]
    names.insert(target, name)
    return {deck: _STEP * number for number, deck in enumerate(names, start=1)}


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
