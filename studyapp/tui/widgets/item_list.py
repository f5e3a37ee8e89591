"""A list of items that may each take several lines, with a cursor and a mark before each."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate

from textual import events
from textual.app import RenderResult
from textual.content import Content
from textual.message import Message
from textual.reactive import reactive

from studyapp.render import cell_width
from studyapp.tui.text import indented, rich_text
from studyapp.tui.widgets.blocks import Part
from studyapp.tui.widgets.card_view import CardView


class ItemList(Part, can_focus=True):
    """Items below each other. Kinds of lists say what stands before an item and what a press on it does."""

    cursor: reactive[int] = reactive(0)
    open: reactive[bool] = reactive(True)
    """Whether the list still takes input; a closed list shows no cursor."""

    digits = "123456789"
    """Digits that choose an item by its number."""

    class Changed(Message):
        """Marks or the order of items have changed."""

        def __init__(self, items: ItemList) -> None:
            super().__init__()
            self.items = items

    def __init__(self, items: Sequence[str], width: int) -> None:
        super().__init__()
        self.sources = tuple(items)
        self._blocks: list[Content] = []
        self._width = width
        self.lay_out(width)

    # What kinds of lists define

    def prefix(self, position: int) -> str:
        """What stands before the item at a place of the list; the same width for all."""
        raise NotImplementedError

    def style(self, position: int) -> str:
        """The style of an item, besides the cursor's."""
        return ""

    def prefix_style(self, position: int) -> str:
        """The style of what stands before an item."""
        return "bold"

    def item_at(self, position: int) -> int:
        """Which item stands at a place of the list."""
        return position

    def press(self, position: int) -> None:
        """The item at a place of the list was chosen."""

    def block(self, item: int, room: int) -> Content:
        """The lines of an item, without what stands before it."""
        return rich_text(self.sources[item], room)

    # Layout

    def lay_out(self, width: int, items: Sequence[str] | None = None) -> None:
        """Render the items for a text width; ``items`` are the same ones in other words."""
        if items is not None and len(items) == len(self.sources):
            self.sources = tuple(items)
        self._width = width
        room = width - cell_width(self.prefix(0)) if self.sources else width
        self._blocks = [self.block(item, room) for item in range(len(self.sources))]
        if self.is_mounted:
            self.refresh(layout=True)

    def _heights(self) -> list[int]:
        return [self._blocks[self.item_at(place)].plain.count("\n") + 1 for place in range(len(self.sources))]

    def get_content_width(self, container: object, viewport: object) -> int:
        widest = max((block.cell_length for block in self._lines()), default=0)
        return max(self._width, widest)

    def get_content_height(self, container: object, viewport: object, width: int) -> int:
        return sum(self._heights())

    def _lines(self) -> list[Content]:
        return self.render_items().split("\n", allow_blank=True)

    def render_items(self) -> Content:
        """All items with what stands before them."""
        rows: list[Content] = []
        for place in range(len(self.sources)):
            prefix = self.prefix(place)
            here = self.open and self.has_focus and place == self.cursor
            first = Content.styled(prefix, "bold reverse" if here else self.prefix_style(place))
            block = indented(self._blocks[self.item_at(place)], first, Content(" " * cell_width(prefix)))
            look = self.style(place)
            rows.append(block.stylize_before(look) if look else block)
        return Content("\n").join(rows)

    def render(self) -> RenderResult:
        return self.render_items()

    # Input

    def watch_cursor(self) -> None:
        self.show_cursor()

    def show_cursor(self) -> None:
        """Scroll the card so that the item under the cursor is seen."""
        view, lines = self._view, self._cursor_lines()
        if view is not None and lines is not None:
            view.reveal(self, *lines)

    def show_all(self) -> None:
        """Scroll the card so that as much of the list is seen as there is room for, from its beginning."""
        if (view := self._view) is not None:
            view.show_block(self)
            self.show_cursor()

    @property
    def sees_cursor(self) -> bool:
        """Whether the item under the cursor is in sight."""
        view, lines = self._view, self._cursor_lines()
        return view is None or lines is None or view.shows(self, *lines)

    @property
    def _view(self) -> CardView | None:
        return next((ancestor for ancestor in self.ancestors if isinstance(ancestor, CardView)), None)

    def _cursor_lines(self) -> tuple[int, int] | None:
        """The first line and the number of lines of the item under the cursor; None where there is none."""
        if not self.is_mounted or not 0 <= self.cursor < len(self.sources):
            return None
        heights = self._heights()
        return sum(heights[: self.cursor]), heights[self.cursor]

    def move_cursor(self, step: int) -> bool:
        """Move the cursor by ``step`` places; False where the list ends."""
        target = self.cursor + step
        if not self.open or not 0 <= target < len(self.sources):
            return False
        self.cursor = target
        return True

    def on_key(self, event: events.Key) -> None:
        if self.open and self.use_key(event.key):
            event.stop()
            event.prevent_default()

    def check_consume_key(self, key: str, character: str | None = None) -> bool:
        """The keys that the list takes for itself; the others are commands of the screen."""
        return self.open and (
            key == "space" or (len(key) == 1 and key in self.digits and int(key) <= len(self.sources))
        )

    def use_key(self, key: str) -> bool:
        """Act on a key; whether it was one of the list's."""
        if key in ("up", "k"):
            return self.move_cursor(-1)
        if key in ("down", "j"):
            return self.move_cursor(1)
        if key == "space":
            self.press(self.cursor)
            return True
        if len(key) == 1 and key in self.digits and int(key) <= len(self.sources):
            self.cursor = int(key) - 1
            self.press(self.cursor)
            return True
        return False

    def on_click(self, event: events.Click) -> None:
        if not self.open:
            return
        ends = list(accumulate(self._heights()))
        for place, end in enumerate(ends):
            if event.y < end:
                self.cursor = place
                self.press(place)
                break

    def on_focus(self) -> None:
        self.refresh()

    def on_blur(self) -> None:
        self.refresh()

    def changed(self) -> None:
        """Repaint and tell that the answer is another one."""
        self.refresh(layout=True)
        self.post_message(self.Changed(self))
