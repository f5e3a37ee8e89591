"""What formats of plain notes share: cards from texts in files, with the pictures that lie beside them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from typing import Any, BinaryIO
from urllib.parse import unquote

from msgspec import Struct, field

from studyapp.cards.card import Card
from studyapp.clock import to_milliseconds
from studyapp.formats import build
from studyapp.formats.html import MEDIA, clean, encoded
from studyapp.formats.limits import MOST_MEDIA_FILES
from studyapp.formats.source import Source
from studyapp.formats.value import Collection, DeckPath, Loss, Medium, SourceCard, loss
from studyapp.locale.message import Message
from studyapp.schedule.day import LAST_DAY, StudyDays
from studyapp.schedule.memory import KnownState
from studyapp.schedule.sm2 import memory_state_from_sm2

_EMPTY = Message("it has no answer; it is left out")
_OUTSIDE = Message("the file {name} lies outside the folder that is imported and is left out")
_MISSING = Message("the file {name} is not there")

_PICTURE = re.compile(
    r"!\[\[(?P<embed>[^\]|\n]+)(?:\|[^\]\n]*)?\]\]"
    r"|!\[(?P<alt>[^\]\n]*)\]\((?P<target><[^>\n]+>|[^()\s]+(?:\([^()\s]*\)[^()\s]*)*)(?:\s+\"[^\"\n]*\")?\)"
)
_MEDIA_ENDINGS = (
    "png", "jpg", "jpeg", "gif", "svg", "webp", "bmp", "tif", "tiff", "avif", "mp3", "ogg", "oga", "wav", "m4a", "flac",
    "opus",
)  # fmt: skip


class Making(Struct):
    """The cards of a source while it is read."""

    source: Source
    prefix: str
    cards: list[SourceCard] = field(default_factory=list)
    losses: list[Loss] = field(default_factory=list)
    media: dict[str, Medium] = field(default_factory=dict)
    titles: dict[DeckPath, str] = field(default_factory=dict)
    ids: set[str] = field(default_factory=set)
    by_path: dict[Path, str] = field(default_factory=dict)

    @property
    def root(self) -> Path:
        """The folder outside of which nothing is read."""
        return self.source.path if self.source.is_folder else self.source.path.parent

    def deck_of(self, file: Path) -> DeckPath:
        """The deck of a file: its folders below the source, and its name."""
        if not self.source.is_folder:
            return (self.source.name,)
        return (self.source.name, *file.relative_to(self.source.path).with_suffix("").parts)

    def collection(self) -> Collection:
        """All that was read."""
        return Collection(
            name=self.source.name, cards=tuple(self.cards), titles=self.titles, media=self.media,
            losses=tuple(self.losses),
        )  # fmt: skip

    def identity(self, deck: DeckPath, key: str, given: str = "") -> str:
        """The id of a card that is known by its deck and ``key``, or by an id that its source gives it."""
        found = build.card_id(self.prefix, given) if given else build.card_id(self.prefix, "/".join(deck), key)
        if found in self.ids:
            found = build.card_id(self.prefix, "/".join(deck), key, str(len(self.ids)))
        return found

    def text(self, text: str, file: Path, name: str, found: list[str]) -> str:
        """A text with its pictures put where they will lie; their names are added to ``found``."""

        def picture(match: re.Match[str]) -> str:
            target = unquote((match["embed"] or match["target"]).strip("<>").strip())
            if re.match(r"[a-zA-Z][a-zA-Z0-9+.-]+:", target):
                return match[0]
            medium = self._medium(target, file, name)
            if medium is None:
                return f"({match['alt'] or target})"
            found.append(medium)
            return f"![{match['alt'] or ''}]({MEDIA}/{encoded(medium)})"

        return _PICTURE.sub(picture, clean(text)).strip()

    def _medium(self, target: str, file: Path, name: str) -> str | None:
        root = self.root.resolve()
        for folder in (file.parent, self.root):
            path = (folder / target).resolve()
            if not path.is_relative_to(root) or path.suffix.lower().lstrip(".") not in _MEDIA_ENDINGS:
                self.losses.append(loss(_OUTSIDE, name, name=target))
                return None
            if path.is_file():
                break
        else:
            self.losses.append(loss(_MISSING, name, name=target))
            return None
        if path not in self.by_path and len(self.by_path) < MOST_MEDIA_FILES:
            chosen, number = path.name, 1
            while chosen in self.media:
                number += 1
                chosen = f"{path.stem}-{number}{path.suffix}"
            self.by_path[path] = chosen
            self.media[chosen] = Medium(path.stat().st_size, partial(_open, path))
        return self.by_path.get(path)

    def add(self, card: Card | None, deck: DeckPath, key: str, media: Sequence[str] = (), **more: Any) -> None:
        """Takes a card in, if it is whole."""
        if card is None:
            self.losses.append(loss(_EMPTY, build.excerpt(key)))
        elif not build.fits(card):
            self.losses.append(build.too_long(build.excerpt(key)))
        elif card.id not in self.ids:
            self.ids.add(card.id)
            unique = tuple(dict.fromkeys(media))
            self.cards.append(SourceCard(card=card, deck=deck, key=key, media=unique, **more))


def _open(path: Path) -> BinaryIO:
    return open(path, "rb")


def sm2_state(due: str, interval: float, ease: float, **counts: int) -> dict[str, Any]:
    """The state of a card that SM-2 has put away until the date ``due``; nothing where that is none."""
    try:
        day = date.fromisoformat(due).toordinal()
        stability, difficulty = memory_state_from_sm2(ease, interval)
        state = KnownState(2, stability, difficulty, due_day=min(max(day, 2), LAST_DAY), **counts)
        answered = StudyDays().start_of(max(730_120, day - round(interval))) + timedelta(hours=8)
    except (ValueError, OverflowError):
        return {}
    return {"state": state, "state_at": to_milliseconds(answered)}
