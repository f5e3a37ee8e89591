"""The command palette: the commands that can be used now, from the one table."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator
from functools import partial

from textual.command import DiscoveryHit, Hit, Hits, Provider
from textual.content import Content

from studyapp.tui.commands import available, key_name

Run = Callable[[], Awaitable[object] | object]


class CommandProvider(Provider):
    """Offers every command that applies, by its title and with its key; then the colours and the screenshot."""

    def _hits(self) -> Iterator[tuple[str, str, Run]]:
        """Title, help and what to run."""
        for node, command, key in available(self.screen):
            if command.id != "app.command_palette":
                run = partial(self.app.run_action, command.action, node)
                yield f"{command.title}  ({key_name(key)})", command.help, run
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
