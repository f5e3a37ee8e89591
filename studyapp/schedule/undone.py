"""What an undo takes back, in words."""

from __future__ import annotations

from datetime import datetime

from studyapp.locale.message import Message, speaking
from studyapp.locale.sentences import short_date
from studyapp.schedule.rating import NAMES

_MARKS = {
    "bury": Message("bury of {card}"),
    "unbury": Message("return of {card}"),
    "suspend": Message("suspend of {card}"),
    "unsuspend": Message("resume of {card}"),
    "flag": Message("flag on {card}"),
    "unflag": Message("taking the flag off {card}"),
    "reset": Message("reset of {card}"),
}
_RATING = Message("{rating} on {card}")
_NAMES = {name.text: name for name in NAMES.values()}

_UNDONE = Message("Undone: {what}.")
_OLDER = Message("That was on {date}: {what}. {key} once more takes it back too.")
_EARLIER = Message("That was at {time}: {what}. {key} once more takes it back too.")


def undone_words(did: str, card: str, language: str) -> str:
    """``Undone: Good on …``. ``did`` is the name of a rating or the kind of a mark, ``card`` the words for the card."""
    with speaking(language):
        return _UNDONE(what=_what(did, card))


def undo_asked(did: str, card: str, at: datetime, now: datetime, key: str, language: str) -> str:
    """The question before something older is taken back; ``at`` and ``now`` in the learner's local time."""
    with speaking(language):
        what = _what(did, card)
        if at.date() == now.date():
            return _EARLIER(time=f"{at:%H:%M}", what=what, key=key)
        return _OLDER(date=short_date(at.date()), what=what, key=key)


def _what(did: str, card: str) -> str:
    if did in _MARKS:
        return _MARKS[did](card=card)
    return _RATING(rating=_NAMES.get(did, did), card=card)
