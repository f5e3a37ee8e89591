"""Help pages and errors of the command line in the language of the app: what commands and what click say."""

from __future__ import annotations

import copy
import importlib
import inspect
from collections.abc import Iterable

import click

from studyapp.locale.catalogue import ENGLISH, ngettext
from studyapp.locale.message import Message, current_language

_USAGE, _HEADING = Message("Usage:"), Message("{heading}:")
_EXAMPLE, _EXAMPLES = Message("Example:"), Message("Examples:")

_OF_CLICK = {
    message.text: message
    for message in (
        _USAGE,
        Message("Options"),
        Message("Commands"),
        Message("Error: {message}"),
        Message("Try '{command} {option}' for help."),
        Message("Show this message and exit."),
        Message("Show the version and exit."),
        Message("No such option {name!r}."),
        Message("No such command {name!r}."),
        Message("Missing argument"),
        Message("Missing option"),
        Message("Missing command."),
        Message("Invalid value: {message}"),
        Message("Invalid value for {param_hint}: {message}"),
        Message("{value!r} is not a valid {number_type}."),
        Message("{value} is not in the range {range}."),
        Message("Option {name!r} does not take a value."),
        Message("{name} {filename!r} does not exist."),
        Message("default: {default}"),
        Message("Aborted!"),
        Message("Could not open file {filename!r}: {message}"),
    )
}
_SEVERAL_OF_CLICK = {
    (message.text, message.plural): message
    for message in (
        Message("Got unexpected extra argument ({args})", "Got unexpected extra arguments ({args})"),
        Message("Option {name!r} requires an argument.", "Option {name!r} requires {nargs} arguments."),
        Message("{value!r} is not {choice}.", "{value!r} is not one of {choices}."),
        Message("Did you mean {possibility}?", "(Did you mean one of: {possibilities}?)"),
    )
}


class PageFormatter(click.HelpFormatter):
    """Breaks lines by the cells that they take, and between Chinese characters."""

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        self.write(_indented(_filled(f"{_USAGE()}{prog} {args}", self.width), self.current_indent) + "\n")

    def write_heading(self, heading: str) -> None:
        self.write(f"{' ' * self.current_indent}{_HEADING(heading=heading)}\n")

    def write_text(self, text: str) -> None:
        blocks = [_filled(block, self.width - self.current_indent) for block in text.split("\n\n")]
        self.write("\n\n".join(_indented(lines, self.current_indent) for lines in blocks) + "\n")

    def write_dl(self, rows: Iterable[tuple[str, str]], col_max: int = 30, col_spacing: int = 2) -> None:
        from studyapp.render.cells import cell_width, pad

        rows = list(rows)
        widest = min(max((cell_width(term) for term, _ in rows), default=0), col_max)
        left = self.current_indent + widest + col_spacing
        for term, meaning in rows:
            first, *rest = _filled(meaning, max(self.width - left, 10)) or [""]
            begin = " " * self.current_indent + pad(term, widest + col_spacing)
            if cell_width(term) > widest:
                begin = f"{' ' * self.current_indent}{term}\n{' ' * left}"
            self.write((begin + first).rstrip() + "\n")
            self.write("".join(f"{' ' * left}{line}\n" for line in rest))


class PageContext(click.Context):
    """The context of a command whose page is translated."""

    def make_formatter(self) -> click.HelpFormatter:
        if current_language() == ENGLISH:
            return super().make_formatter()
        return PageFormatter(width=self.terminal_width, max_width=self.max_content_width)


def translated(command: click.Command) -> click.Command:
    """A copy of a command whose help page is in the current language; what has no translation stays English."""
    if current_language() == ENGLISH:
        return command
    found = copy.copy(command)
    found.context_class = PageContext
    found._help_option = None  # kept by click in the language in which it was first made
    found.help = _said(command.help)
    found.epilog = _example(command.epilog)
    found.params = [_of_option(parameter) for parameter in command.params]
    return found


def _filled(block: str, width: int) -> list[str]:
    """A paragraph in lines of at most `width` cells; one that begins with ``\\b`` keeps its own lines."""
    from studyapp.render.spans import Span, line_text
    from studyapp.render.wrap import wrap

    if block.startswith("\b"):
        return block.split("\n")[1:]
    return [line_text(line) for line in wrap([Span(" ".join(block.split("\n")))], width)]


def _indented(lines: Iterable[str], indent: int) -> str:
    return "\n".join(" " * indent + line for line in lines)


def speak_as_click() -> None:
    """Let click itself speak the language of the app: it asks these functions for each of its texts."""
    for name in ("core", "decorators", "exceptions", "formatting", "parser", "termui", "types"):
        module = importlib.import_module(f"click.{name}")
        for function, own in (("_", _one), ("ngettext", _several)):
            if hasattr(module, function):
                setattr(module, function, own)


def _one(text: str) -> str:
    return ngettext(current_language(), text) if text in _OF_CLICK else text


def _several(text: str, plural: str, count: int) -> str:
    language = current_language() if (text, plural) in _SEVERAL_OF_CLICK else ENGLISH
    return ngettext(language, text, plural, count)


def _said(text: str | None) -> str | None:
    return ngettext(current_language(), inspect.cleandoc(text)) if text else text


def _example(text: str | None) -> str | None:
    if not text:
        return text
    for word in (_EXAMPLES, _EXAMPLE):
        if word.text in text:
            before, _, after = text.partition(word.text)
            return before + word() + after.removeprefix(" ")
    return _said(text)


def _of_option(parameter: click.Parameter) -> click.Parameter:
    if not isinstance(parameter, click.Option) or not parameter.help:
        return parameter
    found = copy.copy(parameter)
    found.help = _said(parameter.help)
    return found
