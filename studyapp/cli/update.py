"""``studyapp update``: bring decks of an address up to date."""

from __future__ import annotations

import click

from studyapp.cli.context import decks_only
from studyapp.cli.failure import Failure
from studyapp.cli.output import json_option, print_json, say, show_progress, talk
from studyapp.folders import find_folders
from studyapp.locale.message import Message

_FETCHING = Message("Fetching {name} (ctrl+c stops)")
_SAME = Message("{name}: nothing is new.")
_HEADS = (
    ("new", "+", Message("{name}: {count} new card", "{name}: {count} new cards")),
    ("changed", "~", Message("{name}: {count} changed card", "{name}: {count} changed cards")),
    (
        "gone", "-",
        Message("{name}: {count} gone card, whose history stays", "{name}: {count} gone cards, whose history stays"),
    ),
)  # fmt: skip
_MORE = Message("… and {count} more; --all lists them", "… and {count} more; --all lists them")
_SHOWN = 10


@click.command(epilog="Examples: studyapp update · studyapp update ml-decks")
@click.argument("names", metavar="[NAME]...", nargs=-1)
@click.option("--all", "everything", is_flag=True, help="List every card that is new, changed or gone.")
@json_option
def update(names: tuple[str, ...], everything: bool, as_json: bool) -> None:
    """Fetch the newest version of the decks that were added by an address (all of them, or those called NAME).

    It is said which cards are new, changed and gone; what you have learnt of them stays. A version that is broken, or
    that changes what was edited here, is not taken over.
    """
    from studyapp.exchange.journal import ExchangeError
    from studyapp.exchange.shared import chosen_folders
    from studyapp.exchange.shared import update as bring_up_to_date

    home = find_folders().home
    found, failures = [], []
    with decks_only() as bank:
        try:
            folders = chosen_folders(home, bank, names)
        except ExchangeError as error:
            raise Failure(str(error)) from None
        for folder in folders:
            show_progress(_FETCHING(name=folder.name))
            try:
                change = bring_up_to_date(folder)
            except ExchangeError as error:
                failures.append(str(error))
                continue
            finally:
                show_progress("")
            found.append(change)
        bank.refresh()
    if as_json:
        print_json(found)
    for change in () if as_json else found:
        if change.is_empty:
            say(_SAME(name=change.name))
        for field, sign, head in _HEADS:
            cards = getattr(change, field)
            if cards:
                say(head(name=change.name, count=len(cards)))
            shown = cards if everything else cards[:_SHOWN]
            for card in shown:
                say(f"  {sign} {card}")
            if len(shown) < len(cards):
                say(f"  {_MORE(count=len(cards) - len(shown))}")
    for failure in failures[:-1]:
        talk(failure)
    if failures:
        raise Failure(failures[-1])
