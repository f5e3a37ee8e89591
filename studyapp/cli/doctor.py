"""``studyapp doctor``: check the data and repair it."""

from __future__ import annotations

import click

from studyapp.cli.context import failures_in_words, user_settings
from studyapp.cli.failure import Failure
from studyapp.cli.output import json_option, long_work, print_json, say, show_progress, talk
from studyapp.folders import find_folders


@click.command(epilog="Example: studyapp doctor --repair")
@click.option("--thorough", is_flag=True, help="Also compute the result of every answer again.")
@click.option("--repair", is_flag=True, help="Repair what can be repaired, after a backup, without asking.")
@json_option
@click.pass_context
def doctor(ctx: click.Context, thorough: bool, repair: bool, as_json: bool) -> None:
    """Check the user's data; offer to rebuild states from the log, or to restore the newest good backup.

    Nothing is changed without a yes (or --repair), and whatever is replaced is kept aside. The exit code is 1 while
    something is wrong.
    """
    from studyapp.clock import system_clock
    from studyapp.schedule.day import StudyDays
    from studyapp.store import backup
    from studyapp.store.doctor import Cure, examine, rebuild

    folders = find_folders()
    settings = user_settings(folders)
    now = system_clock()
    with failures_in_words():
        show_progress("Checking the data (ctrl+c stops)")
        try:
            findings = examine(folders.home, now, thorough=thorough)
        finally:
            show_progress("")
        if as_json:
            print_json([{"code": one.code, "message": one.message, "cure": one.cure} for one in findings])
        else:
            for finding in findings:
                say(finding.message)
        cures = {finding.cure for finding in findings}
        wrong = cures - {Cure.NONE}
        if not wrong:
            talk(f"The data in {folders.home} is sound.")
            return
        if Cure.UPDATE in wrong:
            raise Failure("This data belongs to a newer studyapp. Update the app; nothing was touched.")
        if Cure.RESTORE in wrong:
            question = "Restore the newest good backup? The present file is kept aside."
        else:
            question = "Rebuild the states from the log? A backup is taken first."
        if as_json and not repair:
            ctx.exit(1)
        if not (repair or _yes(question)):
            talk("Nothing was changed.")
            ctx.exit(1)
        if Cure.RESTORE in wrong:
            restored = backup.restore(folders.home, now)
            talk(f"Restored {restored.entries} entries from {restored.backup.path}.")
            if restored.kept_aside is not None:
                talk(f"The damaged file is in {restored.kept_aside}.")
            if Cure.REBUILD not in {one.cure for one in examine(folders.home, now)}:
                return
        with long_work("Rebuilding the states", "cards") as progress:
            show_progress("Taking a backup (ctrl+c stops)")
            rebuilt = rebuild(folders.home, now, StudyDays(start_hour=settings.day_starts_at), progress)
        talk(f"Rebuilt the states; {rebuilt.cards} cards were mended. The copy from before is {rebuilt.backup.path}.")


def _yes(question: str) -> bool:
    """The user's answer; no where there is nobody to ask."""
    import sys

    return sys.stdin.isatty() and click.confirm(question, err=True)
