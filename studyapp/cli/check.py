"""``studyapp check``: every mistake in decks, with file, line and column."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click
from msgspec.structs import replace

from studyapp.cli.context import failures_in_words
from studyapp.cli.output import json_option, print_json, say, show_progress, talk
from studyapp.folders import find_folders
from studyapp.locale.message import Message

if TYPE_CHECKING:
    from studyapp.deck.check import CheckReport
    from studyapp.forms.problem import Problem

_WATCHING = Message("Waiting for changes; ctrl+c ends.")
_TOTAL = Message("{decks}, {cards}: {errors}, {warnings}")
_DECKS, _CARDS = Message("{count} deck", "{count} decks"), Message("{count} card", "{count} cards")
_ERRORS, _WARNINGS = Message("{count} error", "{count} errors"), Message("{count} warning", "{count} warnings")
_TRYING = Message("trying {card}")
_BY_FRONT = Message(
    "{path}: {count} card goes by its front, and a changed front begins a new card: {cure}",
    "{path}: {count} cards go by their front, and a changed front begins a new card: {cure}",
)
_COVERED = Message("syllabus: {met} of {count} points, errata and questions covered in full ({parts})")
_BEYOND = Message("beyond the syllabus: {count} card", "beyond the syllabus: {count} cards")
_ALSO_RIGHT = Message(
    "{path}:{line}: by your own word {answer} is right for {card}; write it into the card to keep it there"
)
_NOT_COVERED = Message("not covered: {point} ({ask})")
_TRANSLATED = Message("{deck}: {complete} of {count} cards in {language}")


@click.command(epilog="Example: studyapp check mine.yaml")
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
@click.option(
    "--seeds",
    type=click.IntRange(min=0),
    default=200,
    show_default=True,
    help="Variants that each exercise is tried on; 0 tries none.",
)
@click.option("--run-solutions", is_flag=True, help="Also run solution_code of code cards; only for decks you trust.")
@click.option("--watch", is_flag=True, help="Check again whenever a file changes, until ctrl+c.")
@json_option
@click.pass_context
def check(
    ctx: click.Context, paths: tuple[Path, ...], seeds: int, run_solutions: bool, watch: bool, as_json: bool
) -> None:
    """Check deck files or folders; without PATHS the bundled decks and your own.

    Each exercise is played: the right answer must be graded right, each declared mistake must be recognised as itself,
    a blank must not count, every text and formula must be readable. Problems go to stdout as
    `file:line:col: code: message`; the exit code is 1 if there is an error among them.
    """
    errors = _check(paths, seeds, run_solutions, as_json)
    if watch:
        _watch(paths, lambda: _check(paths, seeds, run_solutions, as_json))
    ctx.exit(1 if errors else 0)


def _watch(paths: tuple[Path, ...], again: Callable[[], int]) -> None:
    """Checks again after every change, until the user ends it."""
    from datetime import datetime

    from studyapp.cli.watching import changes
    from studyapp.deck.library import Library

    folders = find_folders()
    with failures_in_words():
        chosen = paths or Library(folders.home, folders.content).roots()
    talk(_WATCHING())
    try:
        for _ in changes(chosen):
            talk(f"\n{datetime.now():%H:%M:%S}")
            again()
    except KeyboardInterrupt:
        talk("")


def _check(paths: tuple[Path, ...], seeds: int, run_solutions: bool, as_json: bool) -> int:
    """Checks once and tells what was found; how many errors there are."""
    from studyapp.deck.bank import Bank
    from studyapp.deck.check import check as lint
    from studyapp.deck.library import Library
    from studyapp.own_answers import OwnAnswers

    folders = find_folders()
    with failures_in_words():
        library = Library(folders.home, folders.content)
        chosen = paths or library.roots()
        known_cards: Sequence[str] = ()
        if paths and folders.content.is_dir():
            with Bank.open(library, folders.cache) as bank:
                known_cards = [entry.card_id for entry in bank.entries()]
        report = lint(chosen, syllabus=folders.content / "syllabus.yaml", library=library, known_cards=known_cards)
    problems = sorted([*report.problems, *_played(report, seeds, run_solutions)], key=lambda problem: problem.position)
    errors = sum(problem.severity == "error" for problem in problems)
    if as_json:
        print_json(_as_json(report, problems))
    else:
        for problem in problems:
            say(str(problem))
        for line in (*_own_answers(report, OwnAnswers(folders.own_answers).all()), *_figures(report)):
            talk(line)
        cards = sum(len(deck.cards) for deck in report.decks)
        warnings = len(problems) - errors
        talk(
            _TOTAL(
                decks=_DECKS(count=len(report.decks)),
                cards=_CARDS(count=cards),
                errors=_ERRORS(count=errors),
                warnings=_WARNINGS(count=warnings),
            )
        )
    return errors


def _played(report: CheckReport, seeds: int, run_solutions: bool) -> Iterator[Problem]:
    """What playing the cards brings to light, each at the line of its card."""
    from studyapp.forms.problem import Problem
    from studyapp.kinds.prove import illegible, prove

    for deck in report.decks:
        for card in deck.cards:
            show_progress(_TRYING(card=card.id))
            here = Problem(*deck.files.place_of(card.id), 1, "", "", card_id=card.id)
            found = [*illegible(card), *(prove(card, seeds, run_solutions) if seeds else ())]
            for code, message in found:
                yield replace(here, code=code, message=f"{card.id}: {message}")
            for _, overlay, translated, _ in deck.files.translations(card):
                if translated is None or card.id not in overlay.nodes:
                    continue
                for code, message in illegible(translated):
                    place = overlay.nodes[card.id].line
                    yield Problem(overlay.path, place, 1, code, f"{card.id}: {message}", card_id=card.id)
    show_progress("")


def _own_answers(report: CheckReport, accepted: Mapping[str, Sequence[str]]) -> Iterator[str]:
    """What the learner had counted as right, with the place of the card that could say so itself."""
    from studyapp.forms.problem import quoted

    for deck in report.decks:
        for card_id in deck.read.lines:
            path, line = deck.files.place_of(card_id)
            for answer in accepted.get(card_id, ()):
                yield _ALSO_RIGHT(path=path, line=line, card=card_id, answer=quoted(answer))


def _figures(report: CheckReport) -> Iterator[str]:
    for deck in report.decks:
        made = len(deck.read.made)
        if made:
            path = deck.read.path
            yield _BY_FRONT(path=path, count=made, cure=f"studyapp ids {shlex.quote(str(path))}")
    if report.coverage is not None:
        met, of = report.coverage.points
        parts = ", ".join(f"{ask} {have}/{want}" for ask, (have, want) in report.coverage.by_ask().items())
        yield _COVERED(met=met, count=of, parts=parts)
        if report.coverage.beyond:
            yield _BEYOND(count=report.coverage.beyond)
        for demand in report.coverage.missing:
            yield f"  {_NOT_COVERED(point=demand.point, ask=demand.ask)}"
    for count in report.translations:
        if count.complete < count.total:
            yield _TRANSLATED(deck=count.deck, complete=count.complete, count=count.total, language=count.language)


def _as_json(report: CheckReport, problems: Sequence[Problem]) -> dict[str, object]:
    coverage = report.coverage
    return {
        "problems": [
            {
                "path": str(problem.path),
                "line": problem.line,
                "column": problem.column,
                "code": problem.code,
                "message": problem.message,
                "severity": problem.severity,
                "card_id": problem.card_id,
                "hint": problem.hint,
            }
            for problem in problems
        ],
        "decks": [{"name": deck.name, "path": str(deck.read.path), "cards": len(deck.cards)} for deck in report.decks],
        "coverage": None
        if coverage is None
        else {
            "by_ask": coverage.by_ask(),
            "missing": [(demand.point, demand.ask) for demand in coverage.missing],
            "beyond": coverage.beyond,
        },
        "translations": [
            {"deck": count.deck, "language": count.language, "complete": count.complete, "total": count.total}
            for count in report.translations
        ],
    }
