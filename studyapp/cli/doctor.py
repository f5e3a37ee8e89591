"""``studyapp doctor``: check the data and repair it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from studyapp.cli.context import failures_in_words, user_settings
from studyapp.cli.failure import Failure
from studyapp.cli.output import json_option, long_work, print_json, say, show_progress, talk
from studyapp.folders import find_folders
from studyapp.locale.message import Message

if TYPE_CHECKING:
    from studyapp.settings import Settings
    from studyapp.store.recovery import Recovered


@click.command(epilog="Example: studyapp doctor --repair")
@click.option("--thorough", is_flag=True, help="Also compute the result of every answer again.")
@click.option("--repair", is_flag=True, help="Repair what can be repaired, after a backup, without asking.")
@json_option
@click.pass_context
def doctor(ctx: click.Context, thorough: bool, repair: bool, as_json: bool) -> None:
    """Check the user's data; offer to rebuild states from the log, or to unite what the file and its copies still hold.

    Nothing is changed without a yes (or --repair), and whatever is replaced is kept aside. The exit code is 1 while
    something is wrong.
    """
    from studyapp.clock import system_clock
    from studyapp.schedule.day import StudyDays
    from studyapp.store import recovery
    from studyapp.store.checks import Cure
    from studyapp.store.doctor import examine, rebuild

    folders = find_folders()
    settings = user_settings(folders)
    now = system_clock()
    with failures_in_words():
        show_progress(_CHECKING())
        try:
            findings = examine(folders.home, now, thorough=thorough)
        finally:
            show_progress("")
        if as_json:
            print_json([{"code": one.code, "message": one.message, "cure": one.cure} for one in findings])
        else:
            for finding in findings:
                say(finding.message)
        if settings.examiner and not as_json:
            _try_examiner(settings)
        cures = {finding.cure for finding in findings}
        wrong = cures - {Cure.NONE}
        if not wrong:
            if any(finding.code == "log-gap" for finding in findings):
                talk(_NOTHING_MORE())
                ctx.exit(1)
            talk(_SOUND(folder=folders.home))
            return
        if Cure.UPDATE in wrong:
            raise Failure(_NEWER())
        question = _RECOVER() if Cure.RESTORE in wrong else _REBUILD()
        if as_json and not repair:
            ctx.exit(1)
        if not (repair or _yes(question)):
            talk(_UNCHANGED())
            ctx.exit(1)
        if Cure.RESTORE in wrong:
            with long_work(_UNITING(), _CARDS()) as progress:
                recovered = recovery.recover(folders.home, now, progress)
            _tell(recovered)
            if recovered.missing:
                ctx.exit(1)
            return
        with long_work(_REBUILDING(), _CARDS()) as progress:
            show_progress(_TAKING_BACKUP())
            rebuilt = rebuild(folders.home, now, StudyDays(start_hour=settings.day_starts_at), progress)
        talk(_REBUILT(count=rebuilt.cards, path=rebuilt.backup.path))


_CHECKING = Message("Checking the data (ctrl+c stops)")
_SOUND = Message("The data in {folder} is sound.")
_NEWER = Message("This data belongs to a newer studyapp. Update the app; nothing was touched.")
_UNCHANGED = Message("Nothing was changed.")
_UNITING, _REBUILDING, _CARDS = Message("Uniting the copies"), Message("Rebuilding the states"), Message("cards")
_TAKING_BACKUP = Message("Taking a backup (ctrl+c stops)")
_REBUILT = Message("Rebuilt the states; {count} cards were mended. The copy from before is {path}.")
_RECOVER = Message("Unite what this file and all copies still hold? The present file is kept aside.")
_REBUILD = Message("Rebuild the states from the log? A backup is taken first.")
_NOTHING_MORE = Message("Nothing can be repaired: all that is readable is there.")
_ENTRIES = Message("The log has {count} entry.", "The log has {count} entries.")
_FROM_COPIES = Message(
    "{count} of them was not readable in the file and came from a copy.",
    "{count} of them were not readable in the file and came from copies.",
)
_MENDED = Message(
    "{count} lost a damaged detail; its rating stands.", "{count} lost a damaged detail; their ratings stand."
)
_MISSING = Message(
    "{count} entry that was recorded is nowhere to be read.",
    "{count} entries that were recorded are nowhere to be read.",
)
_NONE_MISSING = Message("None is missing.")
_ASIDE = Message("The file as it was is in {path}.")


_EXAMINER_ANSWERS = Message(
    "The examiner at {address} answers in {seconds} s; {right} of {count} test points were right."
)
_EXAMINER_SILENT = Message("The examiner at {address} gives no ticks: {why}.")
_ASKING = Message("Asking the examiner (ctrl+c stops)")


def _try_examiner(settings: Settings) -> None:
    """Says whether the examiner answers, and how well; nothing of the data hangs on it."""
    import os

    from studyapp.examiner.client import ExaminerError, trial
    from studyapp.examiner.examiner import examiner_of

    examiner = examiner_of(settings, os.environ)
    assert examiner is not None
    show_progress(_ASKING())
    try:
        seconds, right, count = trial(examiner)
    except ExaminerError as error:
        told = _EXAMINER_SILENT(address=examiner.address, why=error)
    else:
        told = _EXAMINER_ANSWERS(address=examiner.address, seconds=f"{seconds:.1f}", right=right, count=count)
    finally:
        show_progress("")
    talk(told)


def _tell(recovered: Recovered) -> None:
    talk(_ENTRIES(count=recovered.entries))
    for message, count in (
        (_FROM_COPIES, recovered.from_copies), (_MENDED, recovered.mended), (_MISSING, recovered.missing),
    ):  # fmt: skip
        if count:
            talk(message(count=count))
    if not recovered.missing:
        talk(_NONE_MISSING())
    if recovered.kept_aside is not None:
        talk(_ASIDE(path=recovered.kept_aside))


def _yes(question: str) -> bool:
    """The user's answer; no where there is nobody to ask."""
    import sys

    return sys.stdin.isatty() and click.confirm(question, err=True)
