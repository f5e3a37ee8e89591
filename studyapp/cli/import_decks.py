"""``studyapp import``: decks and history of other programs."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from studyapp.cli.context import READING, everything
from studyapp.cli.failure import WRONG_USAGE, Failure
from studyapp.cli.output import json_option, long_work, print_json, say, talk
from studyapp.exchange.words import loss_lines, preview_lines, taken_back_lines
from studyapp.folders import absolute
from studyapp.locale.message import Message

if TYPE_CHECKING:
    from studyapp.exchange.preview import Preview
    from studyapp.services import Services

_UNDO_ALONE = Message("Give --undo alone.")
_READING, _WRITING, _TAKING_BACK = Message("Reading"), Message("Writing"), Message("Taking back")
_ASKED = Message("Import this?")
_NOTHING = Message("Nothing was imported.")
_NOTHING_NEW = Message("Nothing is new; nothing was changed.")
_ALL_LOSSES = Message("`studyapp import --dry-run {source}` lists each card.")
_DONE = Message("Imported. `studyapp import --undo` takes it back.")
_STUDY = Message("`studyapp study {deck}` begins.")
_NO_SOURCE = Message("Name what is to be imported: studyapp import collection.colpkg")
_UNKNOWN_FORMAT = Message("There is no format {name}; there are {names}.")

_SHOWN_LOSSES = 12


@click.command(
    "import",
    epilog="Examples: studyapp import collection.colpkg --history · studyapp import words.csv --to mine.yaml · "
    "studyapp import notes/ --dry-run · studyapp import --undo",
)
@click.argument("sources", metavar="[SOURCE]...", nargs=-1, type=click.Path(path_type=Path))
@click.option("--to", "to", metavar="DECK.yaml", type=click.Path(path_type=Path), help="Put all cards into this deck.")
@click.option("--history", is_flag=True, help="Also bring the reviews, due dates, suspended cards and flags.")
@click.option("--dry-run", is_flag=True, help="Say what would come, card by card what cannot be kept; write nothing.")
@click.option("--format", "format_name", metavar="NAME", help="Read the sources so, whatever they look like.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.option("--undo", is_flag=True, help="Take back the newest import: its cards, files and history.")
@json_option
def import_decks(
    sources: tuple[Path, ...], to: Path | None, history: bool, dry_run: bool, format_name: str | None, yes: bool,
    undo: bool, as_json: bool,
) -> None:  # fmt: skip
    """Bring in cards, media and history from SOURCE: a file or a folder of another program.

    What it is shows in its content: Anki packages (.apkg, .colpkg) and notes in text, CSV and TSV, CrowdAnki, Markdown,
    org-drill, review logs. A second import of the same source updates its cards: what was edited here stays. Before
    anything is written it is said what would come; stopped with ctrl+c, nothing has been written.
    """
    if (undo and sources) or (not undo and not sources):
        raise click.UsageError(_NO_SOURCE() if not sources else _UNDO_ALONE())
    with everything() as services:
        if undo:
            _undo(services)
            return
        for source in sources:
            found = _look(services, source, to, history, format_name)
            if as_json:
                print_json(_data(found))
            else:
                for line in preview_lines(found):
                    say(line)
                _print_losses(found, source, everything=dry_run)
            if dry_run:
                continue
            if found.is_empty:
                talk(_NOTHING_NEW())
                continue
            if not (yes or as_json) and sys.stdin.isatty() and not click.confirm(_ASKED(), default=True, err=True):
                talk(_NOTHING())
                continue
            _carry_out(services, found)


def _look(services: Services, source: Path, to: Path | None, history: bool, format_name: str | None) -> Preview:
    from studyapp.exchange.importing import look
    from studyapp.exchange.journal import ExchangeError
    from studyapp.formats.source import Source
    from studyapp.formats.table import FORMATS, detect, format_named
    from studyapp.formats.value import FormatError

    try:
        opened = Source(absolute(source))
        try:
            chosen = detect(opened) if format_name is None else format_named(format_name)
        except KeyError:
            names = ", ".join(one.name for one in FORMATS if one.reads)
            raise Failure(_UNKNOWN_FORMAT(name=format_name, names=names), WRONG_USAGE) from None
        with long_work(_READING(), "notes") as progress:
            collection = chosen.reader.read(opened, progress)
        target = None if to is None else absolute(to)
        return look(
            collection, str(chosen.what), str(source), services.folders.home, services.folders.decks, services.bank,
            services.store, target, history,
        )  # fmt: skip
    except (FormatError, ExchangeError) as error:
        raise Failure(str(error)) from None


def _carry_out(services: Services, found: Preview) -> None:
    from studyapp.exchange.importing import carry_out
    from studyapp.exchange.journal import ExchangeError
    from studyapp.formats.value import FormatError

    try:
        with long_work(_WRITING(), "steps") as progress:
            carry_out(found, services.folders.home, services.bank, services.store, progress)
    except (ExchangeError, FormatError) as error:
        raise Failure(str(error)) from None
    with long_work(READING(), "bytes") as progress:
        services.bank.refresh(progress)
    talk(_DONE())
    if found.decks:
        talk(_STUDY(deck=found.decks[0].name.partition("/")[0]))


def _undo(services: Services) -> None:
    from studyapp.exchange.importing import recover, take_back
    from studyapp.exchange.journal import ExchangeError

    try:
        recover(services.folders.home, services.bank, services.store)
        with long_work(_TAKING_BACK(), "cards") as progress:
            taken = take_back(services.folders.home, services.bank, services.store, progress)
    except ExchangeError as error:
        raise Failure(str(error)) from None
    services.bank.refresh()
    for line in taken_back_lines(taken):
        say(line)


def _print_losses(found: Preview, source: Path, *, everything: bool) -> None:
    lines = loss_lines(found.losses, each=everything)
    shown = lines if everything else lines[:_SHOWN_LOSSES]
    for line in shown:
        say(line)
    if found.losses and not everything:
        talk(_ALL_LOSSES(source=source))


def _data(found: Preview) -> dict[str, Any]:
    return {
        "source": found.source,
        "format": found.format,
        "new": [{"id": one.card.id, "kind": one.card.kind, "deck": one.path} for one in found.arrivals],
        "changed": [
            {"id": one.card_id, "keys": one.taken, "changed_both_here_and_there": one.both} for one in found.changes
        ],
        "unchanged": found.unchanged,
        "decks": [{"name": deck.name, "path": deck.path} for deck in found.decks],
        "media": {"files": len(found.media), "bytes": found.media_bytes},
        "reviews": {"there": found.reviews_there, "new": found.new_reviews},
        "losses": [{"card": one.card, "what": one.said()} for one in found.losses],
    }
