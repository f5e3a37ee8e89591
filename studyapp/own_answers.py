"""Answers that the learner had counted as right, card by card: the same answer is right from then on."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import msgspec

from studyapp import faults
from studyapp.deck.atomic import set_aside, write_atomically
from studyapp.plain_file import read_plain

_MOST_BYTES = 10_000_000

Accepted = dict[str, list[str]]
"""The answers by the id of their card, as they were typed."""


class OwnAnswers:
    """The file of these answers. It is read when an answer is refused, and written whole or not at all."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def all(self) -> Accepted:
        """All of them; none where there is no file. One that cannot be read is put aside and kept in the faults."""
        try:
            return msgspec.json.decode(read_plain(self._path, _MOST_BYTES), type=Accepted)
        except FileNotFoundError:
            return {}
        except (OSError, msgspec.MsgspecError, UnicodeError, RecursionError, ValueError) as error:
            faults.record(error, f"reading {self._path}, put aside as {set_aside(self._path)}")
            return {}

    def accepts(self, card_id: str, answer: str) -> bool:
        """Whether the learner had this answer to the card counted as right."""
        return _key(answer) in map(_key, self.all().get(card_id, ()))

    def add(self, card_id: str, answer: str) -> None:
        """Accept an answer from now on.

        Raises:
            OSError: the file cannot be written; it is as before.
        """
        if not self.accepts(card_id, answer):
            accepted = self.all()
            self._write({**accepted, card_id: [*accepted.get(card_id, ()), answer]})

    def remove(self, card_id: str, answer: str) -> None:
        """Accept it no more.

        Raises:
            OSError: the file cannot be written; it is as before.
        """
        accepted = self.all()
        left = [one for one in accepted.get(card_id, ()) if _key(one) != _key(answer)]
        others = {card: answers for card, answers in accepted.items() if card != card_id}
        self._write({**others, card_id: left} if left else others)

    def _write(self, accepted: Accepted) -> None:
        self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        text = msgspec.json.format(msgspec.json.encode(accepted, order="sorted"), indent=1).decode("utf-8")
        write_atomically(self._path, text, mode=0o600)


def _key(answer: str) -> str:
    """The answer without what a typing hand varies: width and blanks. Capitals stay, they may be what was asked."""
    return " ".join(unicodedata.normalize("NFKC", answer).split())
