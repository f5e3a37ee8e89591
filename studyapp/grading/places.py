"""Answers that name lines by their numbers: options, steps."""

from __future__ import annotations

import re
import unicodedata

from studyapp.locale.message import Message

OPTION, STEP = Message("option"), Message("step")
"""What can be named by its number."""

_GIVE_NUMBERS = Message("give the number of {what}")
_NO_NUMBER = Message("“{word}” is no number of {what}: they run from 1 to {count}")
_OUT_OF_RANGE = Message("there is no {what} {number}: they run from 1 to {count}")
_WRITTEN_TOGETHER = Message("there is no {what} {number}: they run from 1 to {count}; write {spaced} for several")
_TWICE = Message("{number} is named twice")


def read_places(text: str, count: int, what: Message) -> list[int] | str:
    """The places (from 0) that ``2 1 3``, ``1,3``, ``b`` or ``ac`` name; or what is wrong with them."""
    plain = unicodedata.normalize("NFKC", text).lower()
    plain = re.sub(r"(?:->|=>|[\s,;、，；.。>→⇒()\[\]&+]|\band\b|和)+", " ", plain).strip()
    if not plain:
        return _GIVE_NUMBERS(what=what())
    places: list[int] = []
    for word in plain.split():
        if re.fullmatch(r"\d{1,4}", word):
            numbers = [int(word)]
        elif re.fullmatch(r"[a-z]+", word) and all(ord(letter) - ord("a") < count for letter in word):
            numbers = [ord(letter) - ord("a") + 1 for letter in word]
        else:
            return _NO_NUMBER(word=word, what=what(), count=count)
        for number in numbers:
            if not 1 <= number <= count:
                if len(word) > 1 and word.isdigit():
                    return _WRITTEN_TOGETHER(what=what(), number=number, count=count, spaced=" ".join(word))
                return _OUT_OF_RANGE(what=what(), number=number, count=count)
            if number - 1 in places:
                return _TWICE(number=number)
            places.append(number - 1)
    return places
