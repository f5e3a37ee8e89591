"""An import in words: what would come, what cannot be kept, what was taken back."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from studyapp.clock import from_milliseconds
from studyapp.locale.message import Message
from studyapp.locale.sentences import short_date

if TYPE_CHECKING:
    from studyapp.exchange.importing import TakenBack
    from studyapp.exchange.preview import Preview
    from studyapp.formats.value import Loss

_WHAT = Message("{source} is {format}.")
_NEW = Message("{count} new card ({kinds})", "{count} new cards ({kinds})")
_NO_NEW = Message("no new cards")
_DECKS = Message("into {count} new deck: {names}", "into {count} new decks: {names}")
_UPDATED = Message("{count} card is updated", "{count} cards are updated")
_SAME = Message("{count} card is as it is here", "{count} cards are as they are here")
_BOTH = Message(
    "{count} card was changed both here and there; what stands here stays",
    "{count} cards were changed both here and there; what stands here stays",
)
_MEDIA = Message("{count} file of media ({size} MB)", "{count} files of media ({size} MB)")
_HISTORY = Message("{count} review", "{count} reviews")
_STATES = Message("{count} card with its due date", "{count} cards with their due dates")
_HISTORY_THERE = Message(
    "{count} review is there; --history brings it, with due dates",
    "{count} reviews are there; --history brings them, with due dates",
)
_LOST = Message("{count} thing cannot be kept:", "{count} things cannot be kept:")
_AND_MORE = Message("{example} and {count} more", "{example} and {count} more")
_TAKEN_BACK = Message("Took back the import of {source} of {date}.")
_ENTRIES = Message("{count} entry of its history was taken back.", "{count} entries of its history were taken back.")
_KEPT = Message("{path} was changed here since and stays as it is.")
_OF = Message("{count} {kind}")
_MOST_NAMES = 4


def preview_lines(found: Preview) -> list[str]:
    """What an import would do, in a few lines."""
    lines = [_WHAT(source=found.source, format=found.format)]
    kinds = ", ".join(_OF(count=count, kind=kind) for kind, count in found.kinds.items())
    lines.append("  " + (_NEW(count=len(found.arrivals), kinds=kinds) if found.arrivals else _NO_NEW()))
    if found.decks:
        names = [deck.name for deck in found.decks]
        shown = ", ".join(names[:_MOST_NAMES]) + (" …" if len(names) > _MOST_NAMES else "")
        lines.append("  " + _DECKS(count=len(names), names=shown))
    counts = (
        (_UPDATED, len(found.updates)), (_SAME, found.unchanged), (_BOTH, len(found.both_changed)),
        (_HISTORY, found.new_reviews), (_STATES, sum(card.state is not None for card in found.history)),
    )  # fmt: skip
    lines += ["  " + message(count=count) for message, count in counts if count]
    if found.media:
        lines.append("  " + _MEDIA(count=len(found.media), size=f"{found.media_bytes / 1e6:.1f}"))
    if found.reviews_there and not found.with_history:
        lines.append("  " + _HISTORY_THERE(count=found.reviews_there))
    return lines


def loss_lines(losses: Iterable[Loss], *, each: bool) -> list[str]:
    """What cannot be kept: all of it card by card, or each kind of loss once with how many cards have it."""
    found = list(losses)
    if not found:
        return []
    head = _LOST(count=len(found))
    if each:
        return [head, *(f"  {one.card}: {one.said()}" if one.card else f"  {one.said()}" for one in found)]
    by_words: dict[str, list[Loss]] = {}
    for one in found:
        by_words.setdefault(one.said(), []).append(one)
    lines = [head]
    for words, alike in sorted(by_words.items(), key=lambda entry: -len(entry[1])):
        named = [one.card for one in alike if one.card]
        if len(named) > 1:
            lines.append(f"  {_AND_MORE(example=named[0], count=len(alike) - 1)}: {words}")
        else:
            lines.append(f"  {named[0]}: {words}" if named else f"  {words}")
    return lines


def taken_back_lines(taken: TakenBack) -> list[str]:
    """What undoing an import did."""
    date = short_date(from_milliseconds(taken.at).astimezone().date())
    lines = [_TAKEN_BACK(source=taken.source, date=date)]
    if taken.entries:
        lines.append(_ENTRIES(count=taken.entries))
    lines += [_KEPT(path=path) for path in taken.kept]
    return lines
