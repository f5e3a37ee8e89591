"""The group of all commands, loaded lazily so that ``--help`` imports none of them."""

from __future__ import annotations

import importlib

import click

from studyapp import __version__
from studyapp.cli.help_pages import PageContext, translated
from studyapp.locale.message import Message
from studyapp.locale.sentences import join_sentences
from studyapp.nearest import nearest

SUMMARIES: dict[str, Message] = {
    "study": Message("Open the app straight at today's cards."),
    "review": Message("The same session as plain lines, without a screen."),
    "plan": Message("Study to a date: what will be known on the day."),
    "fit": Message("Fit the scheduler to your own answers."),
    "cards": Message("Search the cards of all decks."),
    "show": Message("One card as the learner sees it."),
    "grade": Message("The verdict on an answer, recording nothing."),
    "loss": Message("Value or gradient of a reference loss."),
    "decks": Message("List the decks with what is due; choose how one is studied."),
    "card": Message("Write a card into a deck of your own."),
    "new": Message("Write a starter deck of your own."),
    "add": Message("Register a deck, a folder of decks, or the address of a git repository."),
    "update": Message("Fetch newer versions of decks that were added by an address."),
    "remove": Message("Remove one of your decks; its file and history stay."),
    "import": Message("Bring in decks and history from Anki, CSV, Markdown and others."),
    "export": Message("Write decks and history for Anki, CSV, Markdown and others."),
    "check": Message("Check decks for mistakes, with file, line and column."),
    "stats": Message("Figures on your memory and your study."),
    "sync": Message("Share your history with your other machines."),
    "merge": Message("Bring in the history of another home."),
    "doctor": Message("Check the data and repair it."),
    "config": Message("Show the settings, or change one."),
    "where": Message("The paths of data, settings and decks."),
    "ids": Message("Write ids into a deck that leaves them out."),
    "schema": Message("JSON Schema of a deck, for editors."),
}
"""Every command with its summary; the module ``studyapp.cli.NAME`` holds a command object called ``NAME``."""


_EACH_HAS_HELP = Message("Each command has --help with an example. STUDYAPP_HOME moves all data to another folder.")
_COMMANDS = Message("Commands")
_NO_COMMAND = Message("No command `{name}`.")
_DID_YOU_MEAN, _LISTS = Message("Did you mean `{name}`?"), Message("`studyapp --help` lists the commands.")

_MODULES = {"import": "import_decks"}
"""Commands whose names are words of Python."""


class LazyGroup(click.Group):
    """Lists commands by their summaries and imports a command's module only to run it."""

    context_class = PageContext

    def get_help(self, ctx: click.Context) -> str:
        page = translated(self)
        return super().get_help(ctx) if page is self else click.Group.get_help(page, ctx)

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(SUMMARIES)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in SUMMARIES:
            return None
        module = _MODULES.get(cmd_name, cmd_name)
        command = getattr(importlib.import_module(f"studyapp.cli.{module}"), module)
        assert isinstance(command, click.Command)
        return translated(command)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section(str(_COMMANDS)):
            formatter.write_dl([(name, str(summary)) for name, summary in SUMMARIES.items()])

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args and args[0] not in SUMMARIES and not args[0].startswith("-"):
            near = nearest(args[0], SUMMARIES)
            hint = _DID_YOU_MEAN(name=near) if near else _LISTS()
            raise click.UsageError(join_sentences(_NO_COMMAND(name=args[0]), hint), ctx)
        return super().resolve_command(ctx, args)


@click.group(
    cls=LazyGroup,
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog=_EACH_HAS_HELP.text,
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
