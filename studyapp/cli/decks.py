"""``studyapp decks``: the decks with what is due; and choosing how one of them is studied."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from studyapp.cli.completion import deck_names
from studyapp.cli.context import everything
from studyapp.cli.failure import WRONG_USAGE, Failure
from studyapp.cli.output import json_option, print_json, say, talk
from studyapp.locale.message import Message
from studyapp.locale.sentences import LIST_COMMA

if TYPE_CHECKING:
    from studyapp.deck.bank import Bank, DeckInfo
    from studyapp.services import Services

_NAME_ONE = Message("Name the deck that is to be changed: studyapp decks DECK --off")
_NOT_BOTH = Message("Give --before or --after, not both.")
_OR_DEFAULT = Message("{name}: {why}, or default.")
_MOVES_ONE = Message("--before and --after move one deck, and not before or behind itself.")
_HEADS = (Message("deck"), Message("cards"), Message("new"), Message("learning"), Message("due"))
_PROBLEMS = Message("{count} problem", "{count} problems")
_TODAY = Message("today: {new} new, {learning} learning, {due} due")
_CHECK_SAYS = Message("`studyapp check` says what is wrong where.")

_LIMITS = {"new_per_day": "--new-per-day", "reviews_per_day": "--reviews-per-day", "desired_retention": "--retention"}


@click.command(
    epilog="Examples: studyapp decks --json · studyapp decks classification/focal --off · "
    "studyapp decks mine --new-per-day 5 --retention 0.95 --before regression/robust",
)
@click.argument("names", metavar="[DECK]...", nargs=-1, shell_complete=deck_names)
@click.option("--on/--off", "enabled", default=None, help="Study the decks, or leave them out; their history stays.")
@click.option("--new-per-day", metavar="N", help="New cards of each deck a day; 'default' takes the limit away.")
@click.option("--reviews-per-day", metavar="N", help="Reviews of each deck a day; 'default' takes the limit away.")
@click.option(
    "--retention",
    "desired_retention",
    metavar="R",
    help="How much of each deck is to be kept in memory, 0.7 to 0.99; 'default' is what the settings say.",
)
@click.option(
    "--beyond/--no-beyond",
    default=None,
    help="Ask the cards tagged `beyond` of the decks, or never; without a choice once their topic is learnt.",
)
@click.option("--before", metavar="OTHER", shell_complete=deck_names, help="Put the deck right before another one.")
@click.option("--after", metavar="OTHER", shell_complete=deck_names, help="Put the deck right behind another one.")
@json_option
def decks(
    names: tuple[str, ...],
    enabled: bool | None,
    beyond: bool | None,
    before: str | None,
    after: str | None,
    as_json: bool,
    **limits: Any,
) -> None:
    """List every deck, or those called DECK, with their cards and what is new, learning and due today.

    A DECK may be a folder of decks. The options change how the decks are studied, as the app's list of decks does;
    the last column says what was chosen.
    """
    chosen = {name: text for name, text in limits.items() if text is not None}
    switches = {name: on for name, on in (("enabled", enabled), ("beyond", beyond)) if on is not None}
    changing = bool(chosen) or bool(switches) or before is not None or after is not None
    if changing and not names:
        raise click.UsageError(_NAME_ONE())
    if before is not None and after is not None:
        raise click.UsageError(_NOT_BOTH())
    with everything() as services:
        found = services.bank.resolve_decks(names)
        if changing:
            _choose(services.bank, found, switches, chosen)
            if before is not None or after is not None:
                _place(services.bank, found, before, after)
            services.store.use_bank(services.bank.cache_path)
        infos = [deck for deck in services.bank.decks() if not names or deck.name in found]
        if as_json:
            print_json(_rows(services, infos))
        else:
            _print_table(services, infos, len(names) == 0)


def _choose(bank: Bank, names: tuple[str, ...], switches: dict[str, bool], limits: dict[str, str]) -> None:
    """Writes what was chosen for some decks; what was not named stays."""
    from msgspec.structs import replace

    from studyapp.deck.choices import ChoiceError, limit_from_text

    changes: dict[str, Any] = dict(switches)
    for name, text in limits.items():
        changes[name] = None if text == "default" else limit_from_text(text) if text.strip() else text
    if not changes:
        return
    present = {deck.name: deck.choice for deck in bank.decks()}
    try:
        bank.library.choose({name: replace(present[name], **changes) for name in names})
    except ChoiceError as error:
        told = _OR_DEFAULT(name=_LIMITS.get(error.field, error.field), why=error.why)
        raise Failure(told, WRONG_USAGE) from None
    bank.refresh()


def _place(bank: Bank, names: tuple[str, ...], before: str | None, after: str | None) -> None:
    """Puts one deck before or behind another one."""
    from msgspec.structs import replace

    from studyapp.deck.choices import moved

    other = before if before is not None else after
    others = bank.resolve_decks([other or ""])
    if len(names) != 1 or names[0] in others:
        raise Failure(_MOVES_ONE(), WRONG_USAGE)
    infos = bank.decks()
    here = next(place for place, deck in enumerate(infos) if deck.name == names[0])
    rest = [deck.name for deck in infos if deck.name != names[0]]
    target = rest.index(others[0]) if before is not None else rest.index(others[-1]) + 1
    orders = moved([(deck.name, deck.place) for deck in infos], here, target - here)
    present = {deck.name: deck.choice for deck in infos}
    bank.library.choose({name: replace(present[name], order=order) for name, order in orders.items()})
    bank.refresh()


def _rows(services: Services, infos: list[DeckInfo]) -> list[dict[str, Any]]:
    overview = services.store.overview(services.limits)
    return [
        {
            "name": deck.name,
            "title": deck.title,
            "path": str(deck.path),
            "bundled": deck.bundled,
            "languages": deck.languages,
            "cards": deck.card_count,
            "problems": deck.problem_count,
            "new": overview.decks[deck.name].new,
            "learning": overview.decks[deck.name].learning,
            "due": overview.decks[deck.name].due,
            "enabled": deck.choice.enabled,
            "order": deck.place,
            "new_per_day": deck.choice.new_per_day,
            "reviews_per_day": deck.choice.reviews_per_day,
            "desired_retention": deck.choice.desired_retention,
            "beyond": deck.choice.beyond,
            "beyond_cards": deck.beyond_count,
        }
        for deck in infos
    ]


def _print_table(services: Services, infos: list[DeckInfo], with_total: bool) -> None:
    from studyapp.deck.choices import in_words
    from studyapp.render import plain, table
    from studyapp.render.spans import rendered

    overview = services.store.overview(services.limits)
    rows = [[*map(str, _HEADS), ""]]
    for deck in infos:
        counts = overview.decks[deck.name]
        figures = (deck.card_count, counts.new, counts.learning, counts.due)
        notes = [in_words(deck.choice), _PROBLEMS(count=deck.problem_count) if deck.problem_count else ""]
        rows.append([deck.name, *map(str, figures), LIST_COMMA().join(note for note in notes if note)])
    say(plain(rendered(table(rows, ["left", "right", "right", "right", "right", "left"], 100))))
    if with_total:
        total = overview.total
        talk(_TODAY(new=total.new, learning=total.learning, due=total.due))
    if any(deck.problem_count for deck in infos) or (with_total and services.bank.problems()):
        talk(_CHECK_SAYS())
