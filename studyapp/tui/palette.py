"""The command palette: the commands that can be used now, from the one table, and the choice of colours."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator
from functools import partial

from textual.command import CommandPalette, DiscoveryHit, Hit, Hits, Provider
from textual.content import Content
from textual.dom import DOMNode
from textual.screen import Screen

from studyapp.tui.commands import Command, commands_of, key_name
from studyapp.tui.host import Host, places_of
from studyapp.tui.widgets.menu import until_laid_out

Run = Callable[[], Awaitable[object] | object]


def _available(screen: Screen[object], host: Host) -> Iterator[tuple[DOMNode, Command, str]]:
    """The commands that apply on a screen in its present state: where each runs, and its key.

    A user's own keys take the place of the declared ones.
    """
    for declared in (*commands_of(*places_of(screen)), *commands_of("app")):
        node: DOMNode = host if declared.place == "app" else screen
        name, _, argument = declared.id.partition(".")[2].partition(".")
        if node.check_action(name, (argument,) if argument else ()):
            yield node, declared, host.keymap_keys(declared).split(",")[0]


class Palette(CommandPalette):
    """Textual's palette, in which keys may come while its list is being filled anew."""

    def _action_command_list(self, action: str) -> None:
        with until_laid_out():
            super()._action_command_list(action)


class CommandProvider(Provider):
    """Offers every command that applies, by its title and with its key; then the colours and the screenshot."""

    def _hits(self) -> Iterator[tuple[str, str, Run]]:
        """Title, help and what to run."""
        host = self.app
        assert isinstance(host, Host), "the commands are this app's"
        for node, command, key in _available(self.screen, host):
            if command.id != "app.command_palette":
                run = partial(self.app.run_action, command.action, node)
                yield f"{command.title}  ({key_name(key)})", str(command.help), run
        for system in self.app.get_system_commands(self.screen):
            yield system.title, system.help, system.callback

    async def discover(self) -> Hits:
        for title, explanation, run in self._hits():
            yield DiscoveryHit(Content(title), run, text=title, help=explanation)

    async def search(self, query: str) -> Hits:
        matcher = self.matcher(query)
        for title, explanation, run in self._hits():
            score = max(matcher.match(title), matcher.match(explanation) / 2)
            if score > 0:
                yield Hit(score, matcher.highlight(title), run, text=title, help=explanation)
