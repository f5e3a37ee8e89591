"""Help: what can be done here, from the real bindings, and how answers are typed."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import VerticalScroll
from textual.content import Content
from textual.screen import Screen
from textual.widgets import Static

from studyapp.locale.message import Message
from studyapp.render import cell_width
from studyapp.tui.commands import PLACES, Command, commands_of, key_name
from studyapp.tui.host import Dialog, places_of
from studyapp.tui.text import join_blocks, plain, rich_text

_HELP, _CLOSES = Message("Help"), Message("esc closes · ↑↓ scrolls")
_HOW = Message("How answers are typed")
_EXPLAINED = Message("**{title}**: {help}")

TYPING: tuple[Message, ...] = (
    Message(
        "**Numbers**: `0.105`, `1/2`, `5e-1`, `50%`, `ln(2)`, `-ln(0.7)/2`, `sqrt(2)`, `2^-3`, `pi`, `inf`. `log` is "
        "the natural logarithm. Below the field stands how your answer is read. Type as many digits as are asked for."
    ),
    Message("**Vectors** `[0.1, 0.9]` or `0.1 0.9`; **matrices** `[[1, 2], [3, 4]]` or rows split by `;`."),
    Message(
        "**Formulas**: `a - y`, `-y/p`, `2x`, `sigma(z)`, `exp(-x)`, `|x|`. Greek letters, `·`, `²` and simple LaTeX "
        "are read too."
    ),
    Message(
        "**Enter goes on**: it checks your answer, shows the answer of a card without a field, and gives the marked "
        "rating. **Space** reveals, chooses and ticks; it never rates."
    ),
    Message(
        "**Gaps and parts**: enter goes to the next field, and checks the answer at the last one. A field left empty "
        "counts as wrong."
    ),
    Message(
        "**Order**: type the numbers of the steps one after the other; what you leave out counts as not belonging."
    ),
    Message("**Code**: write the function, check it with ctrl+s. It runs in a process of its own with a time limit."),
    Message("While you type, single letters are text: escape leaves the field, i or tab goes back to it."),
)
"""How answers are typed, a paragraph each."""


class HelpScreen(Dialog[None]):
    """A page of keys and of ways to type answers."""

    BINDINGS: ClassVar = [
        Binding("escape,q,question_mark,f1,enter,space", "close", "Close"),
        Binding("j", "scroll(1)", "Down", show=False),
        Binding("k", "scroll(-1)", "Up", show=False),
    ]

    def __init__(self, below: Screen[object]) -> None:
        super().__init__()
        self._below = below

    def compose(self) -> ComposeResult:
        with VerticalScroll(classes="dialog") as dialog:
            dialog.border_title = str(_HELP)
            dialog.border_subtitle = str(_CLOSES)
            yield Static(self._text(), markup=False)

    def on_resize(self) -> None:
        self.query_one(Static).update(self._text())

    def _text(self) -> Content:
        width = max(20, min(71, int(self.app.size.width * 0.96) - 5))
        here = (*places_of(self._below), "app")
        typing = join_blocks([plain(str(_HOW), "bold underline"), rich_text("\n\n".join(map(str, TYPING)), width)])
        blocks = [self._table(name, width) for name in here]
        if "card" in here:
            blocks.append(typing)
        blocks += [self._table(name, width) for name in PLACES if name not in here]
        if "card" not in here:
            blocks.append(typing)
        return join_blocks(blocks)

    def _table(self, place: str, width: int) -> Content:
        commands = commands_of(place)
        if not commands:
            return Content("")
        rows = [plain(str(PLACES[place]), "bold underline")]
        keys = {command.id: self._keys(command) for command in commands}
        column = min(14, max(cell_width(key) for key in keys.values())) + 2
        for command in commands:
            key = keys[command.id]
            text = rich_text(_EXPLAINED(title=command.title, help=command.help), width - column)
            lines = text.split("\n", allow_blank=True)
            first = Content.styled(key + " " * (column - cell_width(key)), "bold $text-accent")
            rows.append(first + lines[0])
            rows += [Content(" " * column) + line for line in lines[1:]]
        return Content("\n").join(rows)

    def _keys(self, command: Command) -> str:
        return " ".join(key_name(key.strip()) for key in self.app.keymap_keys(command).split(","))

    def action_close(self) -> None:
        self.dismiss()

    def action_scroll(self, step: int) -> None:
        self.query_one(VerticalScroll).scroll_relative(y=step, animate=False)
