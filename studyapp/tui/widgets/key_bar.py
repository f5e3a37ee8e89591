"""The key line at the bottom: what can be done now, made from the bindings that are really active."""

from __future__ import annotations

from textual import events
from textual.app import RenderResult
from textual.content import Content
from textual.screen import Screen

from studyapp.render import cell_width
from studyapp.tui.commands import COMMANDS, key_name
from studyapp.tui.widgets.blocks import Part

_ORDER = {command.id: number for number, command in enumerate(COMMANDS)}
_TITLES = {command.id: command.title for command in COMMANDS}


_LEFT_OUT_FIRST = ("review.suspend", "review.bury", "review.flag", "card.explore", "review.edit")
"""What is left to help first where not everything fits."""


def _worth(name: str) -> int:
    """How long a command stays where not everything fits: help longest, then what goes on, then what shows the rest."""
    if name == "app.help":
        return 4
    if name.endswith((".submit", ".reveal", ".accept", ".next")):
        return 3
    if name in ("card.sideways.right", "interview_setup.start"):
        return 2
    return 1 if name.endswith(".leave") else 0


class KeyBar(Part):
    """One line of ``key title`` pairs. What does not fit is left to help, which stays in sight as the way back does."""

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
        return list(self._found().values())

    def _found(self) -> dict[str, tuple[str, str]]:
        """Key and title by the command's id. Of commands with the same title only the first one is there."""
        found: dict[str, tuple[str, str]] = {}
        for active in self.screen.active_bindings.values():
            binding = active.binding
            if binding.show and active.enabled and binding.id in _ORDER and binding.id not in found:
                title_of = getattr(active.node, "title_of", None)
                title = title_of(binding.id) if title_of is not None else ""
                found[binding.id] = (binding.key, title or str(_TITLES[binding.id]))
        entries: dict[str, tuple[str, str]] = {}
        titles: set[str] = set()
        for name in sorted(found, key=lambda name: (name == "app.help", _ORDER[name])):
            if found[name][1] not in titles:
                titles.add(found[name][1])
                entries[name] = found[name]
        return entries

    def render(self) -> RenderResult:
        found = self._found()
        self._shown = list(found.values())
        names = list(found)
        while _width([found[name] for name in names]) > self.size.width:
            unneeded = next((name for name in _LEFT_OUT_FIRST if name in names), "")
            if not unneeded and len(names) < 2:
                break
            names.remove(unneeded or min(reversed(names), key=_worth))
        chosen = [found[name] for name in names]
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
    return sum(cell_width(key_name(key)) + cell_width(title) + 3 for key, title in entries)
