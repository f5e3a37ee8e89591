"""What an undo takes back, in words."""

from __future__ import annotations

from datetime import datetime

from studyapp.language.saying import Said, Saying, is_chinese
from studyapp.schedule.rating import NAMES

_MARKS = {
    "bury": Saying("bury of {card}"),
    "unbury": Saying("return of {card}"),
    "suspend": Saying("suspend of {card}"),
    "unsuspend": Saying("resume of {card}"),
    "flag": Saying("flag on {card}"),
    "unflag": Saying("taking the flag off {card}"),
    "reset": Saying("reset of {card}"),
}
_RATING = Saying("{rating} on {card}")
_NAMES = {str(name): name for name in NAMES.values()}

_UNDONE = Saying("Undone: {what}.")
_OLDER = Saying("That was on {date}: {what}. {key} once more takes it back too.")
_EARLIER = Saying("That was at {time}: {what}. {key} once more takes it back too.")


def undone_words(did: str, card: str, language: str) -> str:
    """``Undone: Good on …``. ``did`` is the name of a rating or the kind of a mark, ``card`` the words for the card."""
    return _UNDONE.to(language, what=_what(did, card))


def undo_asked(did: str, card: str, at: datetime, now: datetime, key: str, language: str) -> str:
    """The question before something older is taken back; ``at`` and ``now`` in the learner's local time."""
    what = _what(did, card)
    if at.date() == now.date():
        return _EARLIER.to(language, time=f"{at:%H:%M}", what=what, key=key)
    date = f"{at.month}月{at.day}日" if is_chinese(language) else f"{at.day} {_MONTHS[at.month - 1]}"
    return _OLDER.to(language, date=date, what=what, key=key)


_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def _what(did: str, card: str) -> Said:
    if did in _MARKS:
        return _MARKS[did](card=card)
    return _RATING(rating=_NAMES.get(did, did), card=card)
