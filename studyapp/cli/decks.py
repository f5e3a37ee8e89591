"""``studyapp decks``: the decks with what is due."""

from __future__ import annotations

import click

from studyapp.cli.context import everything
from studyapp.cli.output import json_option, print_json, talk


@click.command(epilog="Example: studyapp decks --json")
@json_option
def decks(as_json: bool) -> None:
    """List every deck with its cards and what is new, learning and due today.

    The last column says what was chosen for a deck in the app's list of decks: that it is off, its own limits and
    how much of it is to be kept in memory.
    """
    from studyapp.deck.choices import in_words
    from studyapp.render import plain, table
    from studyapp.render.spans import rendered

    with everything() as services:
        overview = services.store.overview(services.limits)
        infos = services.bank.decks()
        if as_json:
            print_json(
                [
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
                    }
                    for deck in infos
                ]
            )
            return
        rows = [["deck", "cards", "new", "learning", "due", ""]]
        for deck in infos:
            counts = overview.decks[deck.name]
            figures = (deck.card_count, counts.new, counts.learning, counts.due)
            notes = [in_words(deck.choice), f"{deck.problem_count} problem(s)" if deck.problem_count else ""]
            rows.append([deck.name, *map(str, figures), ", ".join(note for note in notes if note)])
        click.echo(plain(rendered(table(rows, ["left", "right", "right", "right", "right", "left"], 100))))
        total = overview.total
        talk(f"today: {total.new} new, {total.learning} learning, {total.due} due")
        if any(deck.problem_count for deck in infos) or services.bank.problems():
            talk("`studyapp check` says what is wrong where.")
