"""The command ``studyapp`` and ``python -m studyapp``: runs a command and turns every failure into one clear line."""

from __future__ import annotations

import io
import os
import sys

from studyapp.locale.catalogue import ENGLISH
from studyapp.locale.message import Message, use_language

_NO_ZONE = Message("The time zone in TZ is a day or more away from UTC: UTC is used.")
_INTERRUPTED = Message("Interrupted. Every answer that was rated is saved.")


def main(arguments: list[str] | None = None) -> None:
    """Run the command line and exit with 0, 1 (false or failed), 2 (wrong usage) or 130 (interrupted)."""
    sys.exit(run(sys.argv[1:] if arguments is None else arguments))


def run(arguments: list[str]) -> int:
    """Run one command; the exit code."""
    import click

    from studyapp.cli import commands
    from studyapp.cli.failure import Failure, explain
    from studyapp.cli.output import talk

    _replace_closed_streams()
    _choose_language(arguments)
    if _leave_impossible_zone():
        talk(_NO_ZONE())
    try:
        code = commands.main(args=arguments, prog_name="studyapp", standalone_mode=False)
        sys.stdout.flush()
        return code if isinstance(code, int) else 0
    except click.ClickException as error:
        said = io.StringIO()
        error.show(said)
        talk(said.getvalue().rstrip("\n"))
        return error.exit_code
    except (KeyboardInterrupt, click.Abort):
        talk(_INTERRUPTED())
        return 130
    except BrokenPipeError:
        # The reader of the output has gone (as `head` does): nothing is left to say, not even at shutdown.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except Failure as failure:
        talk(f"studyapp: {failure}")
        return failure.exit_code
    except Exception as error:
        if "STUDYAPP_DEBUG" in os.environ:
            raise
        talk(f"studyapp: {explain(error)}")
        return 1


def _choose_language(arguments: list[str]) -> None:
    """Speak the learner's language from here on; what is printed as JSON is the same in all."""
    from studyapp.cli.help_pages import speak_as_click
    from studyapp.folders import find_folders
    from studyapp.locale.chosen import chosen_language

    try:
        language = ENGLISH if "--json" in arguments else chosen_language(find_folders().config, os.environ)
    except Exception:  # a home that cannot be is told by the command
        language = ENGLISH
    use_language(language)
    speak_as_click()


def _replace_closed_streams() -> None:
    """Put the null device in the place of a standard stream that was closed.

    Otherwise the next file to be opened, the database perhaps, would have the number of that stream.
    """
    for number, name in enumerate(("stdin", "stdout", "stderr")):
        if getattr(sys, name) is not None:
            continue
        descriptor = os.open(os.devnull, os.O_RDWR)
        try:
            os.fstat(number)
        except OSError:
            os.dup2(descriptor, number)
        setattr(sys, name, os.fdopen(descriptor, "w" if number else "r", encoding="utf-8"))


def _leave_impossible_zone() -> bool:
    """Go on in UTC where the computer's own zone is one that no time can have; whether it was."""
    from datetime import datetime

    try:
        datetime.now().astimezone()
    except (ValueError, OverflowError):
        import time

        os.environ["TZ"] = "UTC0"
        time.tzset()
        return True
    return False


if __name__ == "__main__":
    main()
