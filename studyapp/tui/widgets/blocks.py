"""What the screen of a card is built from.

Textual lays the screen out and paints it once more when the virtual size of any widget has changed. Nothing of a card
needs that: a scroll bar that comes or goes asks for it by itself. The second time would double the time from a key to
the repainted screen.
"""

from __future__ import annotations

from textual.containers import HorizontalGroup
from textual.geometry import Size
from textual.reactive import Reactive
from textual.visual import VisualType
from textual.widget import Widget
from textual.widgets import Static


class Part(Widget):
    """A widget that is right after one layout. It stands behind other base classes: styles follow the first one."""

    virtual_size = Reactive(Size(0, 0), repaint=False)


class Block(Static, Part):
    """Lines of text."""


class Line(Static, Part):
    """One line, whatever it says: a new text moves nothing else."""

    def update(self, content: VisualType = "", *, layout: bool = False) -> None:
        super().update(content, layout=layout)


class Side(HorizontalGroup, Part):
    """Widgets beside each other, as high as the highest."""
