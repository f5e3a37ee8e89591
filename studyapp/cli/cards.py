"""``studyapp cards``: search the cards."""

from __future__ import annotations

import click

from studyapp.cli.context import everything
from studyapp.cli.failure import WRONG_USAGE, Failure
from studyapp.cli.output import json_option, print_json, say, talk
from studyapp.locale.message import Message, current_language

_CARDS = Message("{count} card", "{count} cards")


@click.command(
    epilog="Example: studyapp cards deck:classification kind:compute -is:new 'log p'",
    context_settings={"ignore_unknown_options": True},
)
@click.argument("query", nargs=-1, type=click.UNPROCESSED)
@json_option
def cards(query: tuple[str, ...], as_json: bool) -> None:
    """List the cards that fit QUERY: words to be found in them, and `deck:` `tag:` `kind:` `covers:` `id:` `is:`.

    `is:` takes due, new, learning, flagged, suspended, buried, leech. `-` in front of a term turns it round. Words in
    quotes are looked for as they stand.
    """
    from studyapp.deck.query import QueryError, parse_query
    from studyapp.deck.search import search

    written = " ".join(f'"{part}"' if " " in part and '"' not in part and ":" not in part else part for part in query)
    with everything() as services:
        try:
            asked = parse_query(written)
            found = list(search(services.bank, asked, services.store.flag_lookup(asked.flags)))
            shown = services.bank.in_language(found, current_language())
        except QueryError as error:
            place = f"{written}\n{' ' * error.position}^"
            raise Failure(f"{error}\n{place}", WRONG_USAGE) from None
    if as_json:
        print_json(found)
        return
    from studyapp.render.cells import visible

    for entry in shown:
        say(f"{entry.card_id}\t{entry.deck}\t{entry.kind}\t{visible(entry.title)}")
    talk(_CARDS(count=len(found)))
