"""Grading of choice cards, with the reason for every option that was picked wrongly or missed."""

from __future__ import annotations

import re
import unicodedata

from studyapp.cards.card import ChoiceCard, Option
from studyapp.grading.invalid import invalid
from studyapp.grading.question import Question
from studyapp.grading.verdict import RIGHT, Detail, Outcome, Verdict
from studyapp.locale.message import Message
from studyapp.locale.sentences import join_sentences

OPTION, STEP = Message("option"), Message("step")
"""What can be named by its number."""

_GIVE_NUMBERS = Message("give the number of {what}")
_NO_NUMBER = Message("“{word}” is no number of {what}: they run from 1 to {count}")
_OUT_OF_RANGE = Message("there is no {what} {number}: they run from 1 to {count}")
_WRITTEN_TOGETHER = Message("there is no {what} {number}: they run from 1 to {count}; write {spaced} for several")
_TWICE = Message("{number} is named twice")
_ONE_ONLY = Message("one option only is asked for")
_CHOSEN = Message("{number} (chosen)")
_NOT_RIGHT = Message("{number} is not right.")
_IS_RIGHT = Message("{number} is right.")
_BELONGS = Message("{number} belongs to it.")


def read_numbers(text: str, count: int, what: Message) -> list[int] | str:
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


def grade_choice(question: Question, answer: str) -> Verdict:
    """The verdict on the numbers (or letters) of the options that were picked."""
    card = question.card
    assert isinstance(card, ChoiceCard)
    places = read_numbers(answer, len(card.options), OPTION)
    if isinstance(places, str):
        return invalid(places)
    if not card.multiple and len(places) > 1:
        return invalid(_ONE_ONLY())
    options = [card.options[place] for place in question.arrangement]
    picked = set(places)
    right = {place for place, option in enumerate(options) if option.correct}
    # The sign says whether the option is right, not whether it was treated rightly: it stands beside a claim.
    details = tuple(
        Detail(_CHOSEN(number=place + 1) if place in picked else str(place + 1), option.correct, option.why)
        for place, option in enumerate(options)
    )
    reference = " ".join(str(place + 1) for place in sorted(right))
    read_as = " ".join(str(place + 1) for place in sorted(picked))
    if picked == right:
        whys = [options[place].why for place in sorted(right) if options[place].why]
        message = RIGHT() if card.multiple else join_sentences(RIGHT(), *whys)
        return Verdict(Outcome.CORRECT, 1.0, message, None, read_as, reference, details)
    score = max(0.0, (len(picked & right) - len(picked - right)) / len(right)) if right else 0.0
    return Verdict(Outcome.WRONG, score, _explain(options, picked, right), None, read_as, reference, details)


def _explain(options: list[Option], picked: set[int], right: set[int]) -> str:
    lines = []
    for place in sorted(picked - right):
        lines.append(join_sentences(_NOT_RIGHT(number=place + 1), options[place].why))
    for place in sorted(right - picked):
        missed = _IS_RIGHT if not picked & right and len(right) == 1 else _BELONGS
        lines.append(join_sentences(missed(number=place + 1), options[place].why))
    return "\n".join(lines)


def reference_of(question: Question) -> str:
    """The numbers of the right options as shown, with their texts."""
    card = question.card
    assert isinstance(card, ChoiceCard)
    shown = [(place + 1, card.options[source]) for place, source in enumerate(question.arrangement)]
    return "\n".join(f"{number}) {option.text}" for number, option in shown if option.correct)
