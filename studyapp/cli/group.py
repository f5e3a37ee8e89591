"""The group of all commands, loaded lazily so that ``--help`` imports none of them."""

from __future__ import annotations

import importlib

import click

from studyapp import __version__
from studyapp.nearest import nearest

SUMMARIES: dict[str, str] = {
    "study": "Open the app straight at today's cards.",
    "review": "The same session as plain lines, without a screen.",
    "plan": "Study to a date: what will be known on the day.",
    "fit": "Fit the scheduler to your own answers.",
    "cards": "Search the cards of all decks.",
    "show": "One card as the learner sees it.",
    "grade": "The verdict on an answer, recording nothing.",
    "loss": "Value or gradient of a reference loss.",
    "decks": "List the decks with what is due; choose how one is studied.",
    "new": "Write a starter deck of your own.",
    "add": "Register a deck, a folder of decks, or the address of a git repository.",
    "update": "Fetch newer versions of decks that were added by an address.",
    "remove": "Remove one of your decks; its file and history stay.",
    "import": "Bring in decks and history from Anki, CSV, Markdown and others.",
    "export": "Write decks and history for Anki, CSV, Markdown and others.",
    "check": "Check decks for mistakes, with file, line and column.",
    "stats": "Figures on your memory and your study.",
    "sync": "Share your history with your other machines.",
    "merge": "Bring in the history of another home.",
    "doctor": "Check the data and repair it.",
    "config": "Show the settings, or change one.",
    "where": "The paths of data, settings and decks.",
    "ids": "Write ids into a deck that leaves them out.",
    "schema": "JSON Schema of a deck, for editors.",
}
"""Every command with its summary; the module ``studyapp.cli.NAME`` holds a command object called ``NAME``."""


_MODULES = {"import": "import_decks"}
"""Commands whose names are words of Python."""


class LazyGroup(click.Group):
    """Lists commands by their summaries and imports a command's module only to run it."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(SUMMARIES)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in SUMMARIES:
            return None
        module = _MODULES.get(cmd_name, cmd_name)
        command = getattr(importlib.import_module(f"studyapp.cli.{module}"), module)
        assert isinstance(command, click.Command)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(SUMMARIES.items()))

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args and args[0] not in SUMMARIES and not args[0].startswith("-"):
            near = nearest(args[0], SUMMARIES)
            hint = f" Did you mean `{near}`?" if near else " `studyapp --help` lists the commands."
            raise click.UsageError(f"No command `{args[0]}`.{hint}", ctx)
        return super().resolve_command(ctx, args)


@click.group(
    cls=LazyGroup,
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="Each command has --help with an example. STUDYAPP_HOME moves all data to another folder.",
)
@click.version_option(__version__, "-V", "--version", prog_name="studyapp", message="%(prog)s %(version)s")
@click.pass_context
def commands(ctx: click.Context) -> None:
    """Study machine-learning losses in the terminal, with spaced repetition.

    Without a command the app opens: every deck with what is new and due.
    """
    if ctx.invoked_subcommand is None:
        from studyapp.cli.study import open_app

        open_app(start="home", decks=())
