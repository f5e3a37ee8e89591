"""What an import would do, before anything is written: cards that come, cards that change, history, media, losses."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

import msgspec

from studyapp.cards.card import Card
from studyapp.deck.bank import Bank, UnknownCard
from studyapp.exchange.journal import ExchangeError
from studyapp.exchange.origins import Origins, card_data
from studyapp.formats.build import excerpt, slug
from studyapp.formats.html import MEDIA, encoded
from studyapp.formats.limits import MOST_MEDIA, MOST_MEDIA_FILES, MOST_MEDIUM
from studyapp.formats.value import Collection, DeckPath, Loss, Medium, Review, SourceCard, loss
from studyapp.kinds import kind_named, kind_of
from studyapp.locale.message import Message
from studyapp.store.imports import ImportedCard, ImportedReview, Present
from studyapp.store.states import Marks

BUNDLED = Message("it comes with the app and cannot be changed")
BOTH_CHANGED = Message("changed both here and there ({keys}); what stands here stays")
NO_MEDIUM = Message("the file {name} is not in the package")
LARGE_MEDIUM = Message("the file {name} has more than {limit} MB and was left out")
TOO_MUCH_MEDIA = Message("the files of the package go beyond {limit} MB or {count} files together; {name} was left out")
UNKNOWN_CARD = Message("answers to a card that no deck has; they are kept for when it comes")
_NAME_TAKEN = Message("{path} holds no deck that can be added to: it has no name of its own.")

_ALWAYS = ("id", "kind")

AS_WRITTEN = ""
"""No language: cards come as their deck writes them, without a translation."""


class Arrival(msgspec.Struct, frozen=True):
    """A card that would come, and the deck file that it goes to."""

    card: Card
    path: Path


class Change(msgspec.Struct, frozen=True):
    """A card that is here already: its new form (None: it stays), the keys that are taken from the source, and those
    that were changed both here and there."""

    card_id: str
    path: Path
    card: Card | None
    taken: tuple[str, ...] = ()
    both: tuple[str, ...] = ()


class NewDeck(msgspec.Struct, frozen=True):
    """A deck file that would be written."""

    path: Path
    name: str
    title: str
    description: str = ""
    language: str = "en"


class NewMedium(msgspec.Struct, frozen=True):
    """A file that would be written: the name in the source, the path, and what it holds."""

    name: str
    path: Path
    medium: Medium


class Preview(msgspec.Struct):
    """All that an import would do. ``root`` is what the library would be told of (None where all is known to it)."""

    source: str
    format: str
    decks: list[NewDeck] = []
    arrivals: list[Arrival] = []
    changes: list[Change] = []
    unchanged: int = 0
    media: list[NewMedium] = []
    losses: list[Loss] = []
    history: list[ImportedCard] = []
    with_history: bool = False
    reviews_there: int = 0
    """Reviews in the source, whether or not they are wanted."""
    states_there: int = 0
    root: Path | None = None
    origins: Origins = msgspec.field(default_factory=Origins)

    @property
    def updates(self) -> list[Change]:
        """The cards that would change."""
        return [change for change in self.changes if change.card is not None]

    @property
    def both_changed(self) -> list[Change]:
        """The cards that were changed both here and there."""
        return [change for change in self.changes if change.both]

    @property
    def kinds(self) -> dict[str, int]:
        """How many cards of each kind would come."""
        return dict(Counter(arrival.card.kind for arrival in self.arrivals).most_common())

    @property
    def new_reviews(self) -> int:
        """How many reviews would come."""
        return sum(len(card.reviews) for card in self.history)

    @property
    def media_bytes(self) -> int:
        """The size of the files that would come."""
        return sum(medium.medium.size for medium in self.media)

    def without_history(self) -> None:
        """Leaves out what happened to the cards; they come as new ones."""
        self.history = []
        self.with_history = False
        cards = self.origins.cards
        for card_id, origin in cards.items():
            cards[card_id] = msgspec.structs.replace(
                origin, suspended=None, flagged=None, raw={}, reviews=(), unrated=()
            )

    @property
    def is_empty(self) -> bool:
        """Whether nothing would be written."""
        return not (self.arrivals or self.updates or self.media or self.history)


class Here(msgspec.Struct, frozen=True):
    """What is here already, as far as an import needs it."""

    bank: Bank
    decks: Path
    """The folder for decks that are begun without a path."""
    origins: Origins
    present: Present
    marks: Callable[[str], Marks]


def preview(
    collection: Collection, format_name: str, source: str, here: Here, to: Path | None = None, history: bool = False
) -> Preview:
    """What importing a collection would do; nothing is written.

    Raises:
        ExchangeError: it cannot be imported to the deck that is asked for.
    """
    found = Preview(source=source, format=format_name, with_history=history)
    found.losses = list(collection.losses)
    places = _Places(collection, here, to, found)
    targets = _media(collection, here, places, found)
    for one in collection.cards:
        _card(one, collection, here, places, targets, found)
    _keep_known_decks(found, places)
    _history(collection, here, found)
    found.origins.notes = dict(collection.notes)
    found.origins.note_types = dict(collection.note_types)
    return found


class _Places:
    """Which deck file the cards of each deck of a source go to."""

    def __init__(self, collection: Collection, here: Here, to: Path | None, found: Preview) -> None:
        self.collection = collection
        self.here = here
        self.to = to
        self.found = found
        self.files: dict[DeckPath, Path] = {}
        self.new: dict[Path, NewDeck] = {}
        self.known = {deck.path: deck for deck in here.bank.decks()}
        self.names = {deck.name for deck in self.known.values()}
        roots = {card.deck[0] for card in collection.cards}
        self.root_name = slug(next(iter(roots))) if len(roots) == 1 else ""
        self.folder: Path | None = None
        if to is not None:
            self._given(to)

    def _given(self, to: Path) -> None:
        deck = self.known.get(to)
        if deck is None and not to.exists():
            from studyapp.deck.template import deck_name_for

            try:
                name = deck_name_for(to)
            except ValueError as error:
                raise ExchangeError(f"{error}") from None
            self.new[to] = NewDeck(to, self._free(name), self.collection.name, language=self._language(None))
            self.found.root = to
        elif deck is None:
            from studyapp.deck.reader import read_deck

            if read_deck(to).deck is None:
                raise ExchangeError(_NAME_TAKEN(path=to))
            self.found.root = to

    def file_of(self, deck: DeckPath) -> Path:
        """The file for cards of a deck; it may be one that is yet to be written."""
        if self.to is not None:
            return self.to
        if deck not in self.files:
            self.files[deck] = self._choose(deck)
        return self.files[deck]

    def _choose(self, deck: DeckPath) -> Path:
        remembered = self.here.origins.files.get(json.dumps(deck, ensure_ascii=False))
        if remembered is not None and Path(remembered) in self.known:
            return Path(remembered)
        folder = self._folder(deck)
        slugs = [slug(part) or f"deck-{_short(part)}" for part in deck][:8]
        name = self._free("/".join(slugs)[:110].strip("-/"))
        path = folder / (name.replace("/", "--") + ".yaml")
        title = self.collection.titles.get(deck, deck[-1])
        description = self.collection.descriptions.get(deck, "")
        self.new[path] = NewDeck(path, name, title, description, self._language(deck))
        self.found.origins.files[json.dumps(deck, ensure_ascii=False)] = str(path)
        return path

    def _folder(self, deck: DeckPath) -> Path:
        """The folder of the decks of this source: that of an earlier import, or a new one."""
        if self.folder is None:
            for known, file in self.here.origins.files.items():
                if json.loads(known)[0] == deck[0] and Path(file) in self.known:
                    self.folder = Path(file).parent
                    return self.folder
            stem = self.root_name or slug(self.collection.name) or "imported"
            self.folder, number = self.here.decks / stem, 1
            while self.folder.exists():
                number += 1
                self.folder = self.here.decks / f"{stem}-{number}"
            self.found.root = self.folder
        return self.folder

    def _free(self, name: str) -> str:
        chosen, number = name, 1
        while chosen in self.names:
            number += 1
            chosen = f"{name}-{number}"
        self.names.add(chosen)
        return chosen

    def _language(self, deck: DeckPath | None) -> str:
        """``zh`` where the texts of a deck are Chinese, ``en`` for all else."""
        chosen = [one.card for one in self.collection.cards if deck is None or one.deck == deck][:200]
        text = "".join(str(getattr(card, "question", "")) + str(getattr(card, "answer", "")) for card in chosen)
        han = len(re.findall("[\u4e00-\u9fff]", text))
        kana = len(re.findall("[\u3040-\u30ff\uac00-\ud7af]", text))
        latin = len(re.findall("[a-zA-Z]", text))
        return "zh" if han > latin and han > 20 * kana else "en"


def _short(text: str) -> str:
    from studyapp.digest import blake2b

    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=4).hexdigest()


def _card(
    one: SourceCard,
    collection: Collection,
    here: Here,
    places: _Places,
    targets: Mapping[Path, Mapping[str, str]],
    found: Preview,
) -> None:
    """A card of the source beside the one that is here."""
    card_id = one.card.id
    name = excerpt(kind_of(one.card).heading(one.card))
    for medium in one.media:
        if medium not in collection.media and collection.media:
            found.losses.append(loss(NO_MEDIUM, name, name=medium))
    try:
        ours = here.bank.card(card_id, AS_WRITTEN)
        path = here.bank.location(card_id).path
    except UnknownCard:
        path = places.file_of(one.deck)
        card = renamed_media(one.card, targets.get(path.parent, {}))
        found.arrivals.append(Arrival(card, path))
        _remember(one, card, found)
        return
    deck = places.known.get(path)
    theirs = renamed_media(one.card, targets.get(path.parent, {}))
    if deck is not None and deck.bundled:
        if card_data(theirs) != card_data(ours):
            found.losses.append(loss(BUNDLED, name))
        else:
            found.unchanged += 1
        return
    change = merged(ours, theirs, here.origins.cards[card_id].card if card_id in here.origins.cards else None, path)
    _remember(one, theirs, found)
    if change.card is None and not change.both:
        found.unchanged += 1
        return
    found.changes.append(change)
    if change.both:
        found.losses.append(loss(BOTH_CHANGED, name, keys=", ".join(change.both)))


def _remember(one: SourceCard, card: Card, found: Preview) -> None:
    from studyapp.exchange.origins import Origin

    history = found.with_history
    found.origins.cards[card.id] = Origin(
        card=card_data(card),
        deck=one.deck,
        note=one.note,
        ordinal=one.ordinal,
        suspended=one.suspended if history else None,
        flagged=one.flagged if history else None,
        raw=one.raw if history else {},
        reviews=tuple(review for review in one.reviews if review.raw) if history else (),
        unrated=one.unrated if history else (),
    )


def merged(ours: Card, theirs: Card, base: Mapping[str, Any] | None, path: Path) -> Change:
    """The card after taking over what changed in its source and not here.

    ``base`` is the card as it last came from there; without it the source is believed in what it says.
    """
    own, other = card_data(ours), card_data(theirs)
    if base is not None and own["kind"] != other["kind"]:
        if dict(base) == own:
            return Change(ours.id, path, theirs, tuple(name for name in other if name not in _ALWAYS))
        return Change(ours.id, path, None, both=("kind",) if dict(base) != other else ())
    if base is None and own["kind"] != other["kind"]:
        return Change(ours.id, path, None)  # a question that was made of a graded card
    result, taken, both = dict(own), [], []
    for name in [*other, *(name for name in own if name not in other)]:
        if name in _ALWAYS or own.get(name) == other.get(name):
            continue
        if base is None:
            if name not in other:
                continue
        elif base.get(name) == other.get(name):
            continue
        elif base.get(name) != own.get(name):
            both.append(name)
            continue
        taken.append(name)
        if name in other:
            result[name] = other[name]
        else:
            result.pop(name, None)
    if not taken:
        return Change(ours.id, path, None, both=tuple(both))
    card: Card = msgspec.convert(result, kind_named(result["kind"]).card)
    return Change(ours.id, path, card, tuple(taken), tuple(both))


def renamed_media(card: Card, targets: Mapping[str, str]) -> Card:
    """The card with the names that its media have here."""
    renamed = {name: target for name, target in targets.items() if name != target}
    if not renamed:
        return card

    def changed(value: Any) -> Any:
        if isinstance(value, str) and f"({MEDIA}/" in value:
            for name, target in renamed.items():
                value = value.replace(f"({MEDIA}/{encoded(name)})", f"({MEDIA}/{encoded(target)})")
            return value
        if isinstance(value, (list, tuple)):
            return [changed(entry) for entry in value]
        if isinstance(value, dict):
            return {name: changed(entry) for name, entry in value.items()}
        return value

    result: Card = msgspec.convert(changed(card_data(card)), type(card))
    return result


_UNSAFE = re.compile(r'[\x00-\x1f\x7f/\\:*?"<>|]')


def safe_name(name: str) -> str:
    """The name of a medium as a file may have it: without folders, never hidden, never too long."""
    plain = _UNSAFE.sub("_", name.encode("utf-8", "replace").decode()).strip().lstrip(".") or "file"
    stem, dot, ending = plain.rpartition(".")
    if not dot:
        stem, ending = plain, ""
    ending = ending[:20]
    while len(f"{stem}.{ending}".encode()) > 200:
        stem = stem[:-1]
    return f"{stem}.{ending}" if dot else stem


def _media(collection: Collection, here: Here, places: _Places, found: Preview) -> dict[Path, dict[str, str]]:
    """Where each medium goes: by the folder of a deck, the name that it gets in its folder of media."""
    if not collection.media:
        return {}
    users: dict[Path, dict[str, None]] = {}
    used: set[str] = set()
    for one in collection.cards:
        try:
            folder = here.bank.location(one.card.id).path.parent
        except UnknownCard:
            folder = places.file_of(one.deck).parent
        names = users.setdefault(folder, {})
        for name in one.media:
            names[name] = None
            used.add(name)
    if users:
        first = next(iter(users.values()))
        first.update(dict.fromkeys(name for name in collection.media if name not in used))
    total = 0
    count = 0
    targets: dict[Path, dict[str, str]] = {}
    for folder, names in users.items():
        known = here.origins.media.get(str(folder), {})
        taken: dict[str, str] = {target: name for name, (target, _) in known.items()}
        for name in names:
            medium = collection.media.get(name)
            if medium is None:
                continue
            total += medium.size
            count += 1
            if medium.size > MOST_MEDIUM:
                found.losses.append(loss(LARGE_MEDIUM, name=name, limit=MOST_MEDIUM // 1_000_000))
                continue
            if total > MOST_MEDIA or count > MOST_MEDIA_FILES:
                found.losses.append(
                    loss(TOO_MUCH_MEDIA, name=name, limit=MOST_MEDIA // 1_000_000, count=MOST_MEDIA_FILES)
                )
                continue
            target, needed = _target(folder / MEDIA, name, medium, known.get(name), taken)
            taken[target] = name
            targets.setdefault(folder, {})[name] = target
            if needed:
                found.media.append(NewMedium(name, folder / MEDIA / target, medium))
            found.origins.media.setdefault(str(folder), {})[name] = (target, "")
    return targets


def _target(
    folder: Path, name: str, medium: Medium, known: tuple[str, str] | None, taken: Mapping[str, str]
) -> tuple[str, bool]:
    """The name that a medium gets, and whether it has to be written."""
    if known is not None:
        target = known[0]
        path = folder / target
        return target, not (path.exists() and _is_same(path, medium))
    stem = safe_name(name)
    target, number = stem, 1
    while True:
        path = folder / target
        if taken.get(target, name) == name:
            if not path.exists():
                return target, True
            if _is_same(path, medium):
                return target, False
        number += 1
        before, dot, ending = stem.rpartition(".")
        target = f"{before}-{number}.{ending}" if dot else f"{stem}-{number}"


def _is_same(path: Path, medium: Medium) -> bool:
    if path.stat().st_size != medium.size:
        return False
    with open(path, "rb") as one, medium.open() as other:
        while True:
            first, second = one.read(1 << 16), other.read(1 << 16)
            if first != second:
                return False
            if not first:
                return True


def _keep_known_decks(found: Preview, places: _Places) -> None:
    """Only those new files of decks that get a card are written."""
    used = {arrival.path for arrival in found.arrivals}
    found.decks = [deck for path, deck in places.new.items() if path in used]
    if not found.decks and places.to is None:
        found.root = None


def _history(collection: Collection, here: Here, found: Preview) -> None:
    """What happened to the cards in the source, without what is known."""
    present = here.present
    found.reviews_there = sum(len(one.reviews) for one in collection.cards) + len(collection.reviews)
    found.states_there = sum(one.state is not None for one in collection.cards)
    if not found.with_history:
        return
    for one in collection.cards:
        card_id = one.card.id
        origin = here.origins.cards.get(card_id)
        marks = here.marks(card_id)
        imported = ImportedCard(
            card_id,
            _new_reviews(one.reviews, present.reviews.get(card_id, set())),
            tuple(at for at in one.resets if at not in present.resets.get(card_id, set())),
            None if one.state == present.states.get(card_id) else one.state,
            one.state_at,
            _mark(one.suspended, None if origin is None else origin.suspended, marks.suspended),
            _mark(one.flagged, None if origin is None else origin.flagged, marks.flagged),
        )
        if imported != ImportedCard(card_id, state_at=one.state_at):
            found.history.append(imported)
    by_card: dict[str, list[Review]] = {}
    for logged in collection.reviews:
        by_card.setdefault(logged.card_id, []).append(logged.review)
    for card_id, reviews in by_card.items():
        if card_id not in here.bank:
            found.losses.append(loss(UNKNOWN_CARD, card_id))
        new = _new_reviews(reviews, present.reviews.get(card_id, set()))
        if new:
            found.history.append(ImportedCard(card_id, new))


def _new_reviews(reviews: Iterable[Review], known: set[int]) -> tuple[ImportedReview, ...]:
    return tuple(
        ImportedReview(review.at, review.rating, review.duration, review.schedules, review.more)
        for review in sorted(reviews, key=lambda review: review.at)
        if review.at not in known
    )


def _mark(there: bool, before: bool | None, here: bool) -> bool | None:
    """What a mark becomes: None where it stays. What was last told is not told again."""
    if before is None:
        return True if there and not here else None
    return there if there != before and there != here else None
