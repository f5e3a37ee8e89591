"""``studyapp plan``: targets on a date, and whether they will be reached."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import click

from studyapp.cli.completion import deck_names
from studyapp.cli.context import everything
from studyapp.cli.failure import WRONG_USAGE, Failure
from studyapp.cli.output import json_option, print_json, say, talk
from studyapp.locale.message import Message

if TYPE_CHECKING:
    from studyapp.services import Services
    from studyapp.target.cards import Source
    from studyapp.target.outlook import Outlook
    from studyapp.target.target import Target, Targets

_ENDED = Message("Target {number} is ended; what was learnt stays.")
_NOTHING = Message("No target is set. `studyapp plan --date 2026-12-09 --minutes 40` sets one.")
_NO_CARDS = Message("Target {number} has no cards: {why}.")
_DECKS_OFF = Message("its decks are off, or its search finds none")
_BY_TOPIC = Message("By topic, least known first:")
_EARLIER = Message("Earlier targets:")
_NOT_SAVED = Message("The targets cannot be saved: {why}. Nothing was changed.")
_WEIGHT = Message("Write --weight as NAME=NUMBER, such as --weight focal=2, not {text}.")
_HEAD = Message("Target {number}: {what}")
_MOST_TOPICS = 12


@click.command(epilog="Example: studyapp plan --date 2026-12-09 --minutes 40 --off sun --weight classification=2")
@click.argument("decks", nargs=-1, shell_complete=deck_names)
@click.option("--date", "day", metavar="DATE", help="The day on which it must be known, such as 2026-12-09.")
@click.option("--minutes", type=float, help="Minutes of study a day; 30 where none are named.")
@click.option("--off", multiple=True, metavar="DAYS", help="Days off: sat,sun or dates; none takes them back.")
@click.option("--search", help="Only cards that this search finds, as in `studyapp cards`.")
@click.option(
    "--weight", multiple=True, metavar="NAME=NUMBER", help="What a tag, a topic or a deck counts; 0 leaves it out."
)
@click.option("--change", type=int, metavar="N", help="Change target N by what is given.")
@click.option("--end", type=int, metavar="N", help="End target N.")
@json_option
def plan(
    decks: tuple[str, ...],
    day: str | None,
    minutes: float | None,
    off: tuple[str, ...],
    search: str | None,
    weight: tuple[str, ...],
    change: int | None,
    end: int | None,
    as_json: bool,
) -> None:
    """Set a date by which DECKS must be known, or see whether it will be kept.

    With a target the app asks each day what adds most to what is known on its date, from known and new cards alike,
    until the day's minutes are used. Without DECKS all that are on are meant. Several targets may stand at once.
    """
    from studyapp.deck.bank import UnknownDeck
    from studyapp.deck.query import QueryError
    from studyapp.target.cards import source_of
    from studyapp.target.outlook import look
    from studyapp.target.target import TargetError, load

    given = _given(day, minutes, off, search, weight, decks)
    with everything() as services:
        today = services.store.today
        try:
            targets = load(services.folders.targets)
            if end is not None:
                _save(services, targets.with_ended(end, today))
                talk(_ENDED(number=end))
                return
            if change is not None:
                targets = targets.with_target(targets.named(change).changed(today, **given))
            elif given:
                targets = targets.with_new(today, **given)
        except TargetError as error:
            raise Failure(str(error), WRONG_USAGE) from None
        if given:
            try:
                _require_cards(services, targets, change)
            except (UnknownDeck, QueryError) as error:
                raise Failure(str(error), WRONG_USAGE) from None
        source = source_of(targets.targets, services.bank, services.store, services.topics())
        targets, outlooks = look(targets, source)
        _save(services, targets)
        _show(targets, source, outlooks, as_json)


def _show(targets: Targets, source: Source, outlooks: Sequence[Outlook], as_json: bool) -> None:
    from studyapp.target import words

    past = targets.past(source.today)
    if as_json:
        print_json({"targets": [_plain(one, source) for one in outlooks], "past": [_past(one) for one in past]})
        return
    if not outlooks:
        talk(_NOTHING())
    for one in outlooks:
        say(_HEAD(number=one.target.number, what=words.head(one)))
        if not one.cards:
            why = source.trouble.get(one.target.number) or _DECKS_OFF()
            talk(_NO_CARDS(number=one.target.number, why=why))
            continue
        for line in words.lines(one):
            say(f"  {line}")
        say(f"  {_BY_TOPIC()}")
        for topic in one.topics[:_MOST_TOPICS]:
            say(f"    {words.topic(topic)}")
    if past:
        say(_EARLIER())
        for target in past:
            say(f"  {words.past(target)}")


def _plain(one: Outlook, source: Source) -> dict[str, Any]:
    from datetime import date

    import msgspec

    found: dict[str, Any] = msgspec.to_builtins(one)
    found["target"] |= {"date": one.target.date.isoformat(), "days_off": one.target.days_off}
    found["course"] = [
        {"date": date.fromordinal(day).isoformat(), "known": round(share, 4)} for day, share in one.course
    ]
    found["trouble"] = source.trouble.get(one.target.number, "")
    return found


def _past(target: Target) -> dict[str, Any]:
    return {
        "number": target.number,
        "date": target.date.isoformat(),
        "came": target.came,
        "forecast": target.said[0].plan if target.said else None,
    }


def _given(
    day: str | None,
    minutes: float | None,
    off: tuple[str, ...],
    search: str | None,
    weight: tuple[str, ...],
    decks: tuple[str, ...],
) -> dict[str, Any]:
    """What the command line says of a target; empty where it only asks."""
    from studyapp.target.target import TargetError, day_named, days_off_named

    found: dict[str, Any] = {}
    try:
        if day is not None:
            found["day"] = day_named(day)
    except TargetError as error:
        raise Failure(str(error), WRONG_USAGE) from None
    if minutes is not None:
        found["minutes"] = minutes
    if off:
        found["days_off"] = tuple(word for word in days_off_named(off) if word not in ("none", "non"))
    if search is not None:
        found["search"] = search
    if weight:
        found["weights"] = dict(map(_weight, weight))
    if decks:
        found["decks"] = decks
    return found


def _weight(text: str) -> tuple[str, float]:
    name, _, number = text.rpartition("=")
    try:
        if not name.strip():
            raise ValueError(text)
        return name.strip(), float(number)
    except ValueError:
        raise Failure(_WEIGHT(text=text), WRONG_USAGE) from None


def _require_cards(services: Services, targets: Targets, number: int | None) -> None:
    """Refuse a target whose decks or search are not known, before anything is saved.

    Raises:
        UnknownDeck: no such deck.
        QueryError: the search cannot be read.
    """
    from studyapp.deck.query import parse_query
    from studyapp.deck.search import search

    target = targets.named(number) if number is not None else targets.targets[-1]
    if target.decks:
        services.bank.resolve_decks(target.decks)
    if target.search.strip():
        query = parse_query(target.search)
        next(search(services.bank, query, services.store.flag_lookup(query.flags), 1), None)


def _save(services: Services, targets: Targets) -> None:
    from studyapp.target.target import save

    if not targets.targets and not services.folders.targets.exists():
        return
    try:
        save(services.folders.targets, targets)
    except OSError as error:
        raise Failure(_NOT_SAVED(why=error.strerror or error)) from None
