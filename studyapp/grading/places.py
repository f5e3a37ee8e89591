"""Numbers of options and steps as people type them: ``2 1 3``, ``2,1,3``, ``bac``, ``213``, ``②①③``, ``选2、1``."""

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

_LONGEST = 40
_MOST_DIGITS = 9
_CHINESE_DIGITS = dict(zip("一二三四五六七八九", "123456789", strict=True))
_SEPARATORS = re.compile(
    r"(?:->|=>|[\s,;、，；.。:>→⇒()\[\]&+和与及]|首?先|然后|其次|接着|最后|再|后|\band\b)+", re.IGNORECASE
)
_LEAD = re.compile(
    r"""\s*(?:
    (?:(?:i\ think|i'd\ say|it's|it\ is|(?:my\ |the\ )?answers?(?:\ is|\ are)?|options?|choices?|steps?|order
        |numbers?)\b|no\.?(?=\s*\d))
    |选项|答案?[是为]?|(?![一-鿿]*[不非没无未除])[一-鿿]{0,8}?[是选为]|顺序[是为]?|步骤|第
    )\s*[:：]?\s*""",
    re.IGNORECASE | re.VERBOSE,
)
"""Words before the numbers; “除 A 外” and “不选 A” are none."""

_WORDS = re.compile(r"(?:第|选项|选|步骤|步|个|项|号|\b(?:options?|steps?)\b)", re.IGNORECASE)
_INVISIBLE = re.compile(r"[\u200b-\u200f\u2060-\u2064\ufeff\u00ad]")


def read_places(text: str, count: int, what: Message) -> list[int] | str:
    """The places (from 0) that the text names; or what is wrong with it."""
    places: list[int] = []
    for word in _words(text, count):
        numbers = _numbers(word, count)
        if numbers is None:
            return _NO_NUMBER(word=word if len(word) <= _LONGEST else f"{word[:_LONGEST]}…", what=what(), count=count)
        for number in numbers:
            if not 1 <= number <= count:
                if len(word) > 1 and word.isdigit():
                    return _WRITTEN_TOGETHER(what=what(), number=number, count=count, spaced=" ".join(word))
                return _OUT_OF_RANGE(what=what(), number=number, count=count)
            if number - 1 in places:
                return _TWICE(number=number)
            places.append(number - 1)
    return places or _GIVE_NUMBERS(what=what())


def _words(text: str, count: int) -> list[str]:
    """The pieces of the text that stand for numbers, as they were typed but for signs of another width."""
    apart = "".join(f" {character} " if _is_circled(character) else character for character in _INVISIBLE.sub("", text))
    plain = unicodedata.normalize("NFKC", apart)
    while (lead := _LEAD.match(plain)) is not None and lead.end():
        plain = plain[lead.end() :]
    plain = re.sub(r"(?<=[\d一-九])\s*[-‐‑‒–—−~]\s*(?=[\d一-九])", _hyphen(plain), plain)
    words = _SEPARATORS.sub(" ", plain).split()
    bare = [word if _numbers(word, count) is not None else _WORDS.sub(" ", word) for word in words]
    # what is no number even without its words is told as it was typed
    known = [pieces if all(_numbers(piece, count) for piece in pieces) else [word]
             for word, pieces in zip(words, (piece.split() for piece in bare), strict=True)]  # fmt: skip
    return [piece for pieces in known for piece in pieces]


def _is_circled(character: str) -> bool:
    """Whether a character is a number in a circle, in brackets or with a point, which stands for itself."""
    return not character.isascii() and unicodedata.category(character) in ("No", "So") and any(
        digit.isdigit() for digit in unicodedata.normalize("NFKC", character)
    )  # fmt: skip


def _hyphen(text: str) -> str:
    """What a hyphen between numbers is: between several of them a separator, between two perhaps a range."""
    return " " if len(re.findall(r"\d\s*[-‐‑‒–—−~]", text)) > 1 else "-"


def _numbers(word: str, count: int) -> list[int] | None:
    """The numbers that a piece stands for, ``312`` three of them where none has two digits; None where it is none."""
    if re.fullmatch(r"[0-9]{1,15}", word):
        alone = int(word)
        digits = [int(digit) for digit in word]
        if alone > count and count <= _MOST_DIGITS and len(set(digits)) == len(digits) and 0 < min(digits) <= count:
            return digits if max(digits) <= count else [alone]
        return [alone]
    if re.fullmatch(r"[A-Za-z]{1,26}", word):
        letters = [ord(letter) - ord("a") + 1 for letter in word.lower()]
        return letters if max(letters) <= count else None
    if word and all(character in _CHINESE_DIGITS for character in word):
        return [int(_CHINESE_DIGITS[character]) for character in word]
    return [10] if word == "十" else None
