"""The explorer: values, gradients and curves of the reference losses, as one types."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Collection, Mapping, Sequence
from typing import ClassVar

from textual import work
from textual.app import ComposeResult
from textual.containers import Horizontal, VerticalScroll
from textual.content import Content
from textual.timer import Timer
from textual.widgets import Input, Static
from textual.worker import get_current_worker

from studyapp.locale.message import Message
from studyapp.locale.sentences import LIST_COMMA
from studyapp.loss_titles import find_loss, loss_family, loss_title, search_words
from studyapp.losses import Loss, LossError, get, names
from studyapp.render import Rendered, table
from studyapp.render.spans import rendered
from studyapp.tui.commands import bindings
from studyapp.tui.curves.curve_plot import LETTERS, CurvePlot
from studyapp.tui.curves.families import COMPARISONS, comparison
from studyapp.tui.curves.loss_curves import (
    Curve,
    Evaluation,
    InputProblem,
    compare,
    curves,
    example_arguments,
    heading,
    read_arguments,
    read_parameters,
    variants,
)
from studyapp.tui.host import Page
from studyapp.tui.text import content, join_blocks, plain, plain_wrapped, rich_text
from studyapp.tui.widgets.key_bar import KeyBar

_EXPLORER, _LOSSES, _WITH = Message("Loss explorer"), Message("losses"), Message("with")
_TYPE_ONE = Message("Type the name of a loss, or press ctrl+o to choose one.")
_ONE_LOSS, _COMPARE = Message("{title} · {family}"), Message("Compare: {what}")
_CHOOSE = Message("Choose a loss or a comparison")
_GRADIENT_IS, _GRADIENT, _VALUE = Message("gradient {gradient}"), Message("gradient"), Message("value")

PAUSE = 0.15
"""Seconds without typing after which the numbers are worked out."""

MOST_ARGUMENTS = 3

_NUMBER = re.compile(r"[-+]?\d+(?:\.\d+)?")


class ExplorerScreen(Page[None]):
    """Fields on one side, the plot on the other. Several losses or values of a parameter are laid over each other."""

    PLACES = ("explorer",)
    BINDINGS: ClassVar = bindings(*PLACES)
    CSS_PATH = "../styles/explorer.tcss"
    AUTO_FOCUS = None

    def __init__(self, losses: str = "bce", parameters: str = "", choose: bool = False) -> None:
        """With ``choose`` the list of losses and comparisons opens first."""
        super().__init__()
        self._first = (losses, parameters)
        self._choose_first = choose
        self.loss_field = Input(compact=True, placeholder="mse, mae, huber")
        self.argument_labels = [Static(markup=False, classes="side-label") for _ in range(MOST_ARGUMENTS)]
        self.argument_fields = [Input(compact=True) for _ in range(MOST_ARGUMENTS)]
        self.parameter_field = Input(compact=True)
        self.result = Static(markup=False, classes="block")
        self.result_below = Static(markup=False, classes="block", id="explorer-below")
        self.plot = CurvePlot()
        self.gradient = False
        self._before: dict[str, dict[str, str]] = {}
        """For the loss that is compared the parameters that were typed before."""
        self._shown_loss = ""
        self._timer: Timer | None = None

    def compose(self) -> ComposeResult:
        yield Static(str(_EXPLORER), markup=False, classes="status", id="explorer-title")
        with Horizontal(id="explorer-halves"):
            with VerticalScroll(id="explorer-side", can_focus=False):
                yield self._row(Static(f"{_LOSSES} ", markup=False, classes="side-label"), self.loss_field)
                for label, field in zip(self.argument_labels, self.argument_fields, strict=True):
                    yield self._row(label, field)
                yield self._row(Static(f"{_WITH} ", markup=False, classes="side-label"), self.parameter_field)
                yield self.result
            yield self.plot
            yield self.result_below
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
        if self._choose_first:
            self.action_choose()

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
                raise InputProblem(_TYPE_ONE())
            losses = [find_loss(name) for name in chosen]
        except (LossError, InputProblem) as error:
            self._show([plain(str(error), "$text-warning")], ())
            return
        first = losses[0]
        if first.name != self._shown_loss:
            self._offer_arguments(first.name)
        self._name_what_is_shown(losses)
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
        self.refresh_bindings()

    def _name_what_is_shown(self, losses: Sequence[Loss]) -> None:
        """The line at the top: the loss, or what is compared."""
        values = {key: text for key, text in _by_name(self.parameter_field.value).items() if "," in text}
        shown = _ONE_LOSS(title=loss_title(losses[0]), family=loss_family(losses[0]))
        if len(losses) > 1 or values:
            shown = LIST_COMMA().join(map(loss_title, losses))
            shown = " · ".join([_COMPARE(what=shown), *(f"{key} {text}" for key, text in values.items())])
        self.query_one("#explorer-title", Static).update(Content(f"{_EXPLORER} · {shown}"))

    @work(thread=True, exclusive=True, group="explorer", exit_on_error=False)
    def _compute(self, chosen: list[str], texts: dict[str, str], parameter_text: str) -> None:
        worker = get_current_worker()
        loss = get(chosen[0])
        width = self._side_width()
        blocks: list[Content] = []
        drawn: tuple[Curve, ...] = ()
        title = ""
        try:
            plan = variants(chosen, read_parameters(loss, parameter_text))
            results = compare(plan, read_arguments(loss, texts))
            labels = [label for _, _, label in plan]
            blocks += _single(labels[0], results, width) if len(plan) == 1 else _side_by_side(labels, results, width)
        except (LossError, InputProblem) as error:
            blocks.append(plain_wrapped(str(error), width))
        try:
            parameters, target = read_parameters(loss, parameter_text), _target(loss, texts)
            drawn = curves(chosen, target, parameters, self.gradient)
            title = heading(chosen, target, parameters, self.gradient)
        except (LossError, InputProblem) as error:
            if not blocks or str(error) not in blocks[-1].plain.replace("\n", " "):
                blocks.append(plain_wrapped(str(error), width))
        blocks.append(rich_text(f"$${loss.formula}$$", width))
        if not worker.is_cancelled:  # something newer has been typed meanwhile
            self.app.call_from_thread(self._show, blocks, drawn, title)

    def _show(self, blocks: list[Content], drawn: tuple[Curve, ...], title: str = "") -> None:
        shown = join_blocks(blocks)
        self.result.update(shown)
        self.result_below.update(shown)
        self.plot.draw(drawn, title)

    def _side_width(self) -> int:
        side = self.query_one("#explorer-side")
        return max(20, side.size.width - 2)

    def on_resize(self) -> None:
        self._plan()

    async def language_switched(self) -> None:
        self._plan()

    # Commands

    def action_choose(self) -> None:
        """Choose a loss, or a comparison, from a list."""
        from studyapp.tui.screens.pick import PickScreen

        entries = [(_COMPARE(what=title), (losses, parameters)) for title, losses, parameters in COMPARISONS]
        hidden = {(name, ""): search_words(get(name)) for name in names()}
        entries += [(f"{loss_title(get(name))}  ({name}, {loss_family(get(name))})", (name, "")) for name in names()]
        self.app.push_screen(PickScreen(str(_CHOOSE), entries, hidden), self._chosen)

    def _chosen(self, choice: tuple[str, str] | None) -> None:
        if choice is not None:
            self._fill(*choice)

    def _fill(self, losses: str, parameters: str) -> None:
        self._shown_loss = ""
        self.loss_field.value, self.parameter_field.value = losses, parameters
        self._plan()

    @property
    def _first_loss(self) -> str:
        """The loss that is typed first; empty for none that is known."""
        with contextlib.suppress(LossError):
            return find_loss(self.loss_field.value.split(",")[0].strip()).name
        return ""

    def action_compare(self) -> None:
        """Lay values of the loss's parameter, or its usual rivals, over it; or show it alone again.

        All other parameters stay as they are.
        """
        name = self._first_loss
        found = comparison(name)
        if found is not None:
            losses, family = found[0], _by_name(found[1])
            typed = _by_name(self.parameter_field.value)
            laid_over = [key for key, values in family.items() if "," in values]
            if self.loss_field.value.strip() == losses and all(typed.get(key) == family[key] for key in laid_over):
                before = self._before.get(name, {})
                back = {key: before[key] for key in laid_over if key in before}
                self._fill(name, _in_words({**back, **_without(typed, laid_over)}))
            else:
                self._before = {name: typed}
                self._fill(losses, _in_words({**family, **_without(typed, laid_over)}))

    def action_gradient(self) -> None:
        """Draw the gradient instead of the loss, or the loss again."""
        self.gradient = not self.gradient
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

    def action_page(self, direction: str) -> None:
        """Scroll the figures; on a small screen all of the page."""
        place = "#explorer-halves" if self.result_below.display else "#explorer-side"
        pane = self.query_one(place)
        if direction == "up":
            pane.scroll_page_up(animate=False)
        else:
            pane.scroll_page_down(animate=False)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action == "compare":
            return comparison(self._first_loss) is not None
        return super().check_action(action, parameters)


def _target(loss: Loss, texts: Mapping[str, str]) -> float | None:
    """The first number of the first argument: the target that the curves are drawn for."""
    if len(loss.domain) < 2:
        return None
    found = _NUMBER.search(next(iter(texts.values()), ""))
    return float(found[0]) if found else None


def _by_name(parameters: str) -> dict[str, str]:
    """Typed parameters by their names: ``gamma=0,1 alpha=0.5`` → ``{"gamma": "0,1", "alpha": "0.5"}``."""
    found = (word.partition("=") for word in re.split(r"\s+(?=[A-Za-z_]\w*\s*=)|;", parameters.strip()))
    return {name.strip(): values.strip() for name, equals, values in found if equals}


def _in_words(parameters: Mapping[str, str]) -> str:
    return " ".join(f"{name}={values}" for name, values in parameters.items())


def _without(parameters: Mapping[str, str], names: Collection[str]) -> dict[str, str]:
    return {name: values for name, values in parameters.items() if name not in names}


def _single(label: str, results: Sequence[Evaluation | None], width: int) -> list[Content]:
    """The value of one loss with the steps to it, its gradient and each sample."""
    result = results[0]
    assert result is not None
    lines = [plain(label, "bold"), rich_text(f"= {result.value}", width)]
    if result.reduction:
        lines.append(rich_text(result.reduction, width))
    if result.gradient != "–":
        lines.append(rich_text(_GRADIENT_IS(gradient=result.gradient), width))
    return [join_blocks(lines, gap=0), *([content(_table(result.rows, width))] if result.rows else [])]


def _side_by_side(labels: Sequence[str], results: Sequence[Evaluation | None], width: int) -> list[Content]:
    """The values of what is compared, by the letters of the curves; then the gradients."""
    rows = [("", "", str(_VALUE))]
    rows += [
        (letter, label, result.value if result is not None else "–")
        for letter, label, result in zip(LETTERS, labels, results, strict=False)
    ]
    gradients = [
        plain_wrapped(f"{letter}  {result.gradient}", width)
        for letter, result in zip(LETTERS, results, strict=False)
        if result is not None and result.gradient != "–"
    ]
    blocks = [content(_table(tuple(rows), width))]
    return [*blocks, join_blocks([plain(str(_GRADIENT), "bold"), *gradients], gap=0)] if gradients else blocks


def _shown(value: object) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)


def _table(rows: tuple[tuple[str, ...], ...], width: int) -> Rendered:
    return rendered(table([list(row) for row in rows], width=width))
