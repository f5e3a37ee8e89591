"""Making cards of this app from what a source says."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from typing import Any

from studyapp.cards.card import Card
from studyapp.cards.card_form import CARD_ID, TAG_NAME
from studyapp.digest import blake2b
from studyapp.formats.html import CLOSE, OPEN, clean
from studyapp.formats.limits import LONGEST_TEXT
from studyapp.formats.value import DeckPath, Loss, loss
from studyapp.kinds.choice import ChoiceCard, Option
from studyapp.kinds.cloze import ClozeCard
from studyapp.kinds.cloze.gaps import GapError, find_gaps
from studyapp.kinds.recall import RecallCard
from studyapp.kinds.typed import TypedCard
from studyapp.locale.message import Message

NO_QUESTION = Message("nothing stands on its front")
NO_ANSWER = Message("nothing stands on its back")
TOO_LONG = Message("a text of more than {limit} characters; the card is left out")
CUT = Message("more than {limit} characters; the rest was cut off")
_RIGHT, _NOT_RIGHT = Message("This one is right."), Message("This one is not right.")

_LETTERS = "abcdefghijklmnopqrstuvwxyz234567"
_LONGEST_GAP = 80
"""Characters of a gap that a learner can be asked to type."""


def card_id(prefix: str, *key: str) -> str:
    """The id of the card that its source knows by ``key``: always the same, so that it is found again."""
    digest = blake2b("\0".join(key).encode("utf-8", "surrogatepass"), digest_size=10).digest()
    number = int.from_bytes(digest, "big")
    letters = "".join(_LETTERS[(number >> shift) & 31] for shift in range(75, -1, -5))
    return f"{prefix}-{letters}"


def numbered(identity: str, ordinal: int) -> str:
    """The id of the card of a note that has the ordinal, from 0."""
    return identity if ordinal == 0 else f"{identity}-{ordinal + 1}"


def is_card_id(text: str) -> bool:
    """Whether ``text`` can be the id of a card as it stands."""
    return CARD_ID.fits(text)


def slug(text: str) -> str:
    """A name as decks may have it: lower-case letters, digits and hyphens. Empty where nothing of it is left."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:60].strip("-")


def tags_of(words: Iterable[str]) -> tuple[str, ...]:
    """Tags as cards may have them: ``a::b`` becomes ``a/b``, other signs a hyphen."""
    found: dict[str, None] = {}
    for word in words:
        tag = re.sub(r"[^\w.+/-]+", "-", clean(word).replace("::", "/")).strip("-./+")[:50]
        if tag and TAG_NAME.fits(tag):
            found[tag] = None
    return tuple(found)


def recall(card_id: str, question: str, answer: str, **common: Any) -> RecallCard:
    """A recall card."""
    return RecallCard(id=card_id, question=question, answer=answer, **common)


def typed(card_id: str, question: str, answer: str, **common: Any) -> Card:
    """A card whose answer is typed; one to recall where that cannot be typed."""
    if is_typable(answer):
        return TypedCard(id=card_id, question=question, answer=answer.strip(), **common)
    return recall(card_id, question, answer, **common)


def cloze(card_id: str, marked: str, **common: Any) -> Card | None:
    """A cloze card of a text with `OPEN` and `CLOSE` around its gaps; None where there is none.

    Gaps that nobody could type (long ones, pictures) make it a card to recall.
    """
    gaps = re.findall(f"{OPEN}(.*?){CLOSE}", marked, re.DOTALL)
    if not gaps or not all(gap.strip() for gap in gaps):
        return None
    outside = re.split(f"{OPEN}.*?{CLOSE}", marked, flags=re.DOTALL)
    outside = [_without_gaps(piece) for piece in outside]
    text = outside[0]
    for gap, after in zip(gaps, outside[1:], strict=True):
        text += "{{" + gap_text(gap) + "}}" + after
    if all(map(is_typable, gaps)) and gaps_in(text) == len(gaps):
        return ClozeCard(id=card_id, text=text, **common)
    question = re.sub(f"{OPEN}.*?{CLOSE}", "[…]", marked, flags=re.DOTALL)
    answer = re.sub(f"{OPEN}(.*?){CLOSE}", r"\1", marked, flags=re.DOTALL)
    return recall(card_id, question, answer, **common)


def choice(card_id: str, question: str, options: Sequence[tuple[str, bool]], **common: Any) -> ChoiceCard | None:
    """A choice card of texts and whether they are right; None where there is nothing to choose."""
    distinct = dict(options)
    right = sum(distinct.values())
    if not 2 <= len(distinct) <= 26 or not right:
        return None
    made = tuple(
        Option(text=text, why=str(_RIGHT if correct else _NOT_RIGHT), correct=correct)
        for text, correct in distinct.items()
    )
    return ChoiceCard(id=card_id, question=question, options=made, multiple=right > 1, **common)


def is_typable(gap: str) -> bool:
    """Whether a learner can be asked to type it."""
    gap = gap.strip()
    return 0 < len(gap) <= _LONGEST_GAP and "\n" not in gap and "](" not in gap and ";" not in gap and "::" not in gap


def gap_text(gap: str) -> str:
    """The inside of a gap: a bar parts alternatives, so one that belongs to the text is escaped."""
    return gap.strip().replace("|", r"\|")


def _without_gaps(text: str) -> str:
    return text.replace("{{", "{ {").replace("}}", "} }")


def gaps_in(text: str) -> int:
    """How many gaps a text has; -1 where one is not closed or empty."""
    try:
        gaps = find_gaps(text)
    except GapError:
        return -1
    return len(gaps) if all(all(gap.alternatives) for gap in gaps) else -1


def fits(card: Card) -> bool:
    """Whether no text of the card is longer than decks allow."""
    from studyapp.cards.fields import seen_texts

    return all(len(text) <= LONGEST_TEXT for text in seen_texts(card))


def deck_path(name: str, parting: str = "::") -> DeckPath:
    """The path of a deck from a name with the names of those above it."""
    parts = clean(name).replace("\n", " ").split(parting)
    return tuple(part.strip()[:200] for part in parts if part.strip()) or ("Default",)


def too_long(card: str) -> Loss:
    """The loss of a card with a text longer than decks allow."""
    return loss(TOO_LONG, card, limit=LONGEST_TEXT)


def excerpt(text: str, longest: int = 60) -> str:
    """The beginning of a text on one line, as the name of a card in messages."""
    line = " ".join(text.split())
    return line if len(line) <= longest else line[: longest - 1] + "…"
