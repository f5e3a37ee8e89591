"""The explorer: values, gradients and curves of the reference losses, as one types."""

from __future__ import annotations

import contextlib
import re
from typing import TYPE_CHECKING, ClassVar

from textual import work
from textual.app import ComposeResult
from textual.containers import Horizontal, VerticalScroll
from textual.content import Content
from textual.screen import Screen
from textual.timer import Timer
from textual.widgets import Input, Static

from studyapp.losses import LossError, get, names
from studyapp.render import Rendered, table
from studyapp.render.spans import rendered
from studyapp.tui.commands import bindings
from studyapp.tui.loss_curves import (
    Curve,
    InputProblem,
    combinations,
    curves,
    evaluate,
    example_arguments,
    read_arguments,
    read_parameters,
)
from studyapp.tui.text import content, join_blocks, plain, plain_wrapped, rich_text
from studyapp.tui.widgets.curve_plot import CurvePlot
from studyapp.tui.widgets.key_bar import KeyBar

if TYPE_CHECKING:
    from studyapp.tui.app import StudyApp

PAUSE = 0.15
"""Seconds without typing after which the numbers are worked out."""

MOST_ARGUMENTS = 3

PRESETS: tuple[tuple[str, str, str], ...] = (
    ("Squared, absolute, Huber", "mse, mae, huber", ""),
    ("Focal loss at gamma 0, 1, 2, 5", "focal", "gamma=0,1,2,5 alpha=0.5"),
    ("Margin losses", "hinge, logistic, exponential, zero_one", ""),
    ("Huber at delta 0.5, 1, 2", "huber", "delta=0.5,1,2"),
    ("Quantile loss at 0.1, 0.5, 0.9", "quantile", "q=0.1,0.5,0.9"),
    ("Cross-entropy against squared error of a probability", "bce, mse", ""),
)
"""Comparisons worth a look: title, losses, parameters."""

_NUMBER = re.compile(r"[-+]?\d+(?:\.\d+)?")


class ExplorerScreen(Screen[None]):
    """Fields on one side, the plot on the other. Several losses or values of a parameter are laid over each other."""

    PLACES = ("explorer",)
    BINDINGS: ClassVar = bindings(*PLACES)
    CSS_PATH = "../styles/explorer.tcss"
    AUTO_FOCUS = None
    app: StudyApp

    def __init__(self, losses: str = "bce", parameters: str = "") -> None:
        super().__init__()
        self._first = (losses, parameters)
        self.loss_field = Input(compact=True, placeholder="mse, mae, huber")
        self.argument_labels = [Static(markup=False, classes="side-label") for _ in range(MOST_ARGUMENTS)]
        self.argument_fields = [Input(compact=True) for _ in range(MOST_ARGUMENTS)]
        self.parameter_field = Input(compact=True)
        self.result = Static(markup=False, classes="block")
        self.plot = CurvePlot()
        self.gradient = False
        self._shown_loss = ""
        self._timer: Timer | None = None

    def compose(self) -> ComposeResult:
        yield Static("Loss explorer", markup=False, classes="status", id="explorer-title")
        with Horizontal(id="explorer-halves"):
            with VerticalScroll(id="explorer-side", can_focus=False):
                yield self._row(Static("losses ", markup=False, classes="side-label"), self.loss_field)
                for label, field in zip(self.argument_labels, self.argument_fields, strict=True):
                    yield self._row(label, field)
                yield self._row(Static("with ", markup=False, classes="side-label"), self.parameter_field)
                yield self.result
            yield self.plot
        yield KeyBar()

    def _row(self, label: Static, field: Input) -> Horizontal:
        return Horizontal(label, field, classes="row")

    def on_mount(self) -> None:
        self.loss_field.value, self.parameter_field.value = self._first
        first = self._first[0].split(",")[0].strip()
        with contextlib.suppress(LossError):
            self._offer_arguments(get(first).name)
        self.set_focus(self.loss_field)
        self._plan()

    # Reacting to what is typed

    def on_input_changed(self, event: Input.Changed) -> None:
        event.stop()
        self._plan()

    def _plan(self) -> None:
        if self._timer is not None:
            self._timer.stop()
        self._timer = self.set_timer(PAUSE, self._work_out)

    def _work_out(self) -> None:
        chosen = [name.strip() for name in self.loss_field.value.split(",") if name.strip()]
        try:
            if not chosen:
                raise InputProblem("Type the name of a loss, or press ctrl+o to choose one.")
            losses = [get(name) for name in chosen]
        except (LossError, InputProblem) as error:
            self._show([plain(str(error), "$text-warning")], ())
            return
        first = losses[0]
        if first.name != self._shown_loss:
            self._offer_arguments(first.name)
        texts = {name: field.value for name, field in zip(first.domain, self.argument_fields, strict=False)}
        self._compute([loss.name for loss in losses], texts, self.parameter_field.value)

    def _offer_arguments(self, name: str) -> None:
        loss = get(name)
        self._shown_loss = loss.name
        examples = list(example_arguments(loss).items())
        for place, (label, field) in enumerate(zip(self.argument_labels, self.argument_fields, strict=True)):
            used = place < len(examples)
            assert field.parent is not None
            field.parent.display = used
            if used:
                label.update(f"{examples[place][0]} ")
                with self.prevent(Input.Changed):
                    field.value = examples[place][1]
        listed = ", ".join(f"{key}={_shown(value)}" for key, value in loss.defaults.items() if value is not None)
        self.parameter_field.placeholder = listed
        self.query_one("#explorer-title", Static).update(f"Loss explorer · {loss.title} · {loss.family}")

    @work(thread=True, exclusive=True, group="explorer", exit_on_error=False)
    def _compute(self, chosen: list[str], texts: dict[str, str], parameter_text: str) -> None:
        loss = get(chosen[0])
        width = self._side_width()
        blocks: list[Content] = []
        drawn: tuple[Curve, ...] = ()
        try:
            parameters = read_parameters(loss, parameter_text)
            own = {name: values for name, values in parameters.items() if name in loss.parameters}
            arguments = read_arguments(loss, texts)
            choices = combinations(own)
            for choice in choices[:6]:
                label = ", ".join(f"{name}={_shown(value)}" for name, value in choice.items())
                result = evaluate(loss, arguments, choice)
                lines = [plain(f"{loss.name}({label})" if label else loss.name, "bold")]
                lines.append(rich_text(f"= {result.value}", width))
                if result.reduction and len(choices) == 1:
                    lines.append(rich_text(result.reduction, width))
                if result.gradient != "–":
                    lines.append(rich_text(f"gradient {result.gradient}", width))
                blocks.append(join_blocks(lines, gap=0))
                if result.rows and len(choices) == 1:
                    blocks.append(content(_table(result.rows, width)))
        except (LossError, InputProblem) as error:
            blocks.append(plain_wrapped(str(error), width))
        try:
            drawn = curves(chosen, self._target(texts), read_parameters(loss, parameter_text), self.gradient)
        except (LossError, InputProblem) as error:
            if not blocks or str(error) not in blocks[-1].plain.replace("\n", " "):
                blocks.append(plain_wrapped(str(error), width))
        blocks.append(rich_text(f"$${loss.formula}$$", width))
        self.app.call_from_thread(self._show, blocks, drawn)

    def _target(self, texts: dict[str, str]) -> float | None:
        """The first number of the first argument: the target that the curves are drawn for."""
        if len(get(self._shown_loss).domain) < 2:
            return None
        found = _NUMBER.search(next(iter(texts.values()), ""))
        return float(found[0]) if found else None

    def _show(self, blocks: list[Content], drawn: tuple[Curve, ...]) -> None:
        self.result.update(join_blocks(blocks))
        self.plot.draw(drawn)

    def _side_width(self) -> int:
        side = self.query_one("#explorer-side")
        return max(20, side.size.width - 2)

    def on_resize(self) -> None:
        self._plan()

    # Commands

    def action_choose(self) -> None:
        """Choose a loss, or a comparison, from a list."""
        from studyapp.tui.screens.pick import PickScreen

        entries = [(title, (losses, parameters)) for title, losses, parameters in PRESETS]
        entries += [(f"{get(name).title}  ({name}, {get(name).family})", (name, "")) for name in names()]
        self.app.push_screen(PickScreen("Choose a loss or a comparison", entries), self._chosen)

    def _chosen(self, choice: tuple[str, str] | None) -> None:
        if choice is not None:
            self._shown_loss = ""
            self.loss_field.value, self.parameter_field.value = choice
            self._plan()

    def action_gradient(self) -> None:
        """Draw the gradient instead of the loss, or the loss again."""
        self.gradient = not self.gradient
        self.app.say("The plot shows the gradient." if self.gradient else "The plot shows the loss.", seconds=2)
        self._plan()

    def action_nudge(self, direction: str) -> None:
        """Change the number at the cursor by a small step."""
        field = self.focused
        if not isinstance(field, Input):
            return
        for found in _NUMBER.finditer(field.value):
            if found.start() <= field.cursor_position <= found.end():
                decimals = len(found[0].partition(".")[2])
                step = 10.0**-decimals if decimals else (1.0 if abs(float(found[0])) >= 2 else 0.1)
                value = float(found[0]) + (step if direction == "up" else -step)
                text = f"{value:.{max(decimals, 0 if step == 1 else 1)}f}"
                cursor = field.cursor_position
                field.value = field.value[: found.start()] + text + field.value[found.end() :]
                field.cursor_position = min(cursor, found.start() + len(text))
                return

    def action_leave(self) -> None:
        """Go back to where the explorer was opened."""
        self.app.leave_screen()


def _shown(value: object) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)


def _table(rows: tuple[tuple[str, ...], ...], width: int) -> Rendered:
    return rendered(table([list(row) for row in rows], width=width))
