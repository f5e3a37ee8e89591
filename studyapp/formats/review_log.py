"""The review log, an answer a line or row: what both of its formats share. docs/formats.md says it column by column."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, date, datetime
from typing import Any

from studyapp.clock import from_milliseconds, to_milliseconds
from studyapp.formats.anki_database import EARLIEST, LATEST
from studyapp.formats.limits import MOST_REVIEWS
from studyapp.formats.outgoing import Outgoing
from studyapp.formats.source import Source
from studyapp.formats.value import Collection, FormatError, LoggedReview, Loss, Review, loss
from studyapp.locale.message import Message

COLUMNS = (
    "card_id", "at", "utc_offset", "day", "mode", "rating", "outcome", "score", "misconception", "seed", "drawn",
    "answer", "hints", "tries", "duration_ms", "days_before", "interval_before", "stability", "difficulty", "due",
)  # fmt: skip
_ALIASES = {
    "card_id": ("card_id", "card"),
    "at": ("at", "review_time", "timestamp"),
    "rating": ("rating", "review_rating", "ease"),
    "duration_ms": ("duration_ms", "review_duration", "duration"),
}

_BAD_LINE = Message("entry {number}: {reason}")
_NO_CARD, _NO_RATING = Message("it names no card"), Message("its rating is not 1, 2, 3 or 4")
_NO_TIME = Message("its time is none between 2000 and 2100")
_TOO_MANY = Message("{path} holds more than {count} entries of {table}; that many are not read.")


def names_columns(names: Iterable[str]) -> bool:
    """Whether these are columns of a review log."""
    present = set(names)
    return all(present & set(_ALIASES[wanted]) for wanted in ("card_id", "at", "rating"))


def collected(source: Source, entries: Iterator[tuple[int, Mapping[str, Any]]]) -> Collection:
    """The answers of all entries; those that cannot be read are told."""
    reviews: list[LoggedReview] = []
    losses: list[Loss] = []
    for number, entry in entries:
        if len(reviews) >= MOST_REVIEWS:
            raise FormatError(_TOO_MANY(path=source.path, count=MOST_REVIEWS, table="log"))
        try:
            reviews.append(_review(entry))
        except ValueError as error:
            losses.append(loss(_BAD_LINE, number=number, reason=error))
    return Collection(name=source.name, reviews=tuple(reviews), losses=tuple(losses))


def _review(entry: Mapping[str, Any]) -> LoggedReview:
    named = {name: next((entry[alias] for alias in aliases if alias in entry), None)
             for name, aliases in _ALIASES.items()}  # fmt: skip
    card_id = str(named["card_id"] or "").strip()
    if not card_id or len(card_id) > 200:
        raise ValueError(_NO_CARD())
    rating = _number(named["rating"])
    if rating not in (1, 2, 3, 4):
        raise ValueError(_NO_RATING())
    at = _moment(named["at"])
    duration = _number(named["duration_ms"])
    if "stability" in entry:
        scheduled = entry["stability"] not in (None, "")
    else:
        scheduled = entry.get("mode") not in ("cram", "mock")
    more: dict[str, Any] = {}
    for name in ("outcome", "misconception", "drawn", "answer"):
        if isinstance(entry.get(name), str) and entry[name]:
            more[name] = entry[name][:100_000]
    seed = str(entry.get("seed") or "")
    if seed.lstrip("-").isascii() and seed.lstrip("-").isdigit() and len(seed) <= 40:
        more["seed"] = seed
    for name in ("hints", "tries"):
        count = _number(entry.get(name))
        if count is not None and 0 <= count < 10**6:
            more[name] = int(count)
    score = _number(entry.get("score"))
    if score is not None and 0 <= score <= 1:
        more["score"] = score
    took = int(duration) if duration is not None and 0 <= duration < 10**9 else None
    return LoggedReview(card_id, Review(at, int(rating), took, scheduled, (), more))


def _number(value: Any) -> float | None:
    try:
        number = float(value)
    except (TypeError, ValueError):
        return None
    return number if math.isfinite(number) else None


def _moment(value: Any) -> int:
    """Milliseconds since 1970 of a time in ISO 8601, or in milliseconds."""
    number = _number(value)
    if number is None:
        try:
            instant = datetime.fromisoformat(str(value))
        except ValueError:
            raise ValueError(_NO_TIME()) from None
        number = to_milliseconds(instant if instant.tzinfo else instant.replace(tzinfo=UTC))
    if not EARLIEST <= number <= LATEST:
        raise ValueError(_NO_TIME())
    return int(number)


def entries_of(outgoing: Outgoing) -> Iterator[dict[str, Any]]:
    """The answers as entries with `COLUMNS`; None where there is nothing."""
    for row in outgoing.answers:
        due: str | None
        if row["due_day"] is not None:
            due = date.fromordinal(row["due_day"]).isoformat()
        else:
            due = None if row["due_at"] is None else written(row["due_at"])
        made = {
            **{name: row.get(name) for name in COLUMNS},
            "at": written(row["at"]),
            "day": date.fromordinal(row["day"]).isoformat(),
            "duration_ms": row["duration"],
            "due": due,
        }
        yield made


def written(milliseconds: int) -> str:
    """An instant in ISO 8601 with milliseconds, in UTC."""
    return from_milliseconds(milliseconds).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def as_json(value: Any) -> str:
    """A value as JSON on one line."""
    return json.dumps(value, ensure_ascii=False)
