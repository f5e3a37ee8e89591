"""The key line at the bottom: what can be done now, made from the bindings that are really active."""

from __future__ import annotations

from textual import events
from textual.app import RenderResult
from textual.content import Content
from textual.screen import Screen

from studyapp.tui.commands import COMMANDS, key_name
from studyapp.tui.widgets.blocks import Part

_ORDER = {command.id: number for number, command in enumerate(COMMANDS)}


class KeyBar(Part):
    """One line of ``key title`` pairs. What does not fit is left to help, which always stays in sight."""

    DEFAULT_CLASSES = "key-bar"

    def __init__(self) -> None:
        super().__init__()
        self._regions: list[tuple[int, int, str]] = []
        self._shown: list[tuple[str, str]] = []

    def on_mount(self) -> None:
        self.screen.bindings_updated_signal.subscribe(self, self._refresh)

    def on_unmount(self) -> None:
        self.screen.bindings_updated_signal.unsubscribe(self)

    def _refresh(self, _screen: Screen[object]) -> None:
        if self.entries() != self._shown:
            self.refresh()

    def entries(self) -> list[tuple[str, str]]:
        """The shown pairs of key and title, in the order of the command table; help comes last."""
        found: dict[str, tuple[str, str]] = {}
        for active in self.screen.active_bindings.values():
            binding = active.binding
            if binding.show and active.enabled and binding.id in _ORDER and binding.id not in found:
                found[binding.id] = (binding.key, binding.description)
        help_entry = found.pop("app.help", None)
        by_title = {found[name][1]: found[name] for name in sorted(found, key=_ORDER.__getitem__, reverse=True)}
        entries = list(reversed(by_title.values()))
        return [*entries, help_entry] if help_entry else entries

    def render(self) -> RenderResult:
        entries = self._shown = self.entries()
        chosen = entries[-1:]
        room = self.size.width - _width(chosen)
        for position, entry in enumerate(entries[:-1]):
            room -= _width([entry])
            if room < 0:
                break
            chosen.insert(position, entry)
        self._regions = []
        parts: list[tuple[str, str]] = []
        column = 0
        for key, title in chosen:
            shown = key_name(key)
            width = _width([(key, title)])
            self._regions.append((column, column + width, key))
            parts += [(f" {shown}", "bold $footer-key-foreground"), (f" {title} ", "")]
            column += width
        return Content.assemble(*parts)

    async def on_click(self, event: events.Click) -> None:
        for start, end, key in self._regions:
            if start <= event.x < end:
                self.app.simulate_key(key)
                break


def _width(entries: list[tuple[str, str]]) -> int:
    return sum(len(key_name(key)) + len(title) + 3 for key, title in entries)
