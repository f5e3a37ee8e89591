"""How closely a typed text must match: to the letter, but for case, by its words, or loosely as words are used.

`exact`  every character, blanks at the ends apart
`case`   but for case and the number of blanks
`words`  the same words in the same order, whatever case and punctuation; singular and plural are two words
`loose`  but for plural, articles, spelling variants and the like (`wording`)
"""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Mapping

from studyapp.grading.wording import letters_of, phrase_key, signs_of, visible

MATCHES = ("exact", "case", "words", "loose")

_BETWEEN_WORDS = re.compile(r"[\s.,;:!?'\"“”‘’«»()\[\]{}·…、。，；：！？「」『』《》（）—–-]+")
_WORTH_SHOWING = 0.5
"""Texts that have less in common are not compared letter by letter."""

_LONGEST_COMPARED = 200


def matches(typed: str, accepted: str, how: str = "words", fold: Mapping[str, str] | None = None) -> bool:
    """Whether a text is an accepted one. ``fold`` are spellings that count as equal: ``{"ä": "ae"}``.

    >>> matches("the  Dog", "the dog", "case"), matches("apfel", "Äpfel")
    (True, False)
    >>> matches("Maedchen", "Mädchen", fold={"ä": "ae"})
    True
    """
    one, other = (_folded(_composed(text), fold or {}) for text in (typed, accepted))
    if how == "exact":
        return one == other
    if how == "case":
        return _plain_case(one) == _plain_case(other)
    if how == "words":
        if any(map(str.isalnum, other)):
            return _words(one) == _words(other)
        return _plain_case(one) == _plain_case(other)
    if _plain_case(one) == _plain_case(other):
        return True
    return signs_of(one) == signs_of(other) and any(
        bool(key(one)) and key(one) == key(other) for key in (phrase_key, letters_of)
    )


def letter_by_letter(typed: str, right: str) -> str:
    """The typed text with what is wrong in brackets, ``M[a→ä]dchen``; empty where the two have little in common.

    >>> letter_by_letter("recieve", "receive"), letter_by_letter("banana", "apple")
    ('rec[+e]i[−e]ve', '')
    """
    one, other = _composed(typed), _composed(right)
    if one == other or len(one) > _LONGEST_COMPARED or len(other) > _LONGEST_COMPARED:
        return ""
    compared = difflib.SequenceMatcher(None, one, other, autojunk=False)
    if compared.ratio() < _WORTH_SHOWING:
        return ""
    parts = []
    for what, begin, end, from_, to in compared.get_opcodes():
        wrong, wanted = one[begin:end], other[from_:to]
        if what == "equal":
            parts.append(wrong)
        elif what == "replace":
            parts.append(f"[{wrong}→{wanted}]")
        else:
            parts.append(f"[−{wrong}]" if wrong else f"[+{wanted}]")
    return "".join(parts)


def _composed(text: str) -> str:
    return unicodedata.normalize("NFC", visible(text)).strip()


def _folded(text: str, fold: Mapping[str, str]) -> str:
    for letter, spelling in fold.items():
        text = text.replace(letter, spelling).replace(letter.upper(), spelling.capitalize())
    return text


def _plain_case(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def _words(text: str) -> list[str]:
    return [word for word in _BETWEEN_WORDS.split(_plain_case(text)) if word]
