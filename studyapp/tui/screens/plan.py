"""The plan: targets on a date, whether they will be reached, and the way there."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, ClassVar

from msgspec import Struct
from textual import work
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import Input, Static
from textual.worker import get_current_worker

from studyapp.deck.bank import UnknownDeck
from studyapp.deck.query import QueryError
from studyapp.locale.message import Message
from studyapp.store.bank_view import BankView
from studyapp.store.errors import StoreError, fault
from studyapp.target import words
from studyapp.target.cards import Source, source_of
from studyapp.target.outlook import Outlook, look
from studyapp.target.target import Target, TargetError, Targets, day_named, days_off_named, load, save
from studyapp.tui.commands import bindings
from studyapp.tui.curves.curve_plot import CurvePlot
from studyapp.tui.curves.loss_curves import Curve
from studyapp.tui.host import Dialog, Page
from studyapp.tui.text import join_blocks, plain, plain_wrapped
from studyapp.tui.widgets.key_bar import KeyBar

_WORKING = Message("Working out what will be known on the day …")
_NOTHING_SET = Message(
    "Set a date, such as that of an interview, and the minutes you have a day: until then each session asks what adds "
    "most to what you will know on that day, from known and new cards alike, until the day's minutes are used."
)
_HOW_TO_SET = Message("{key} sets a target.")
_THE_WAY = Message("Share known on the date, were nothing more done after each day")
_EXPECTED, _SAID = Message("by the plan"), Message("as forecast day by day")
_BY_TOPIC = Message("By topic, least known first")
_EARLIER = Message("Earlier targets")
_NO_CARDS = Message("It has no cards now: {why}.")
_DECKS_OFF = Message("its decks are off, or its search finds none")
_NOT_SAVED = Message("The targets cannot be saved: {why}.")
_NEW_TITLE, _CHANGE_TITLE = Message("A target"), Message("Change target {number}")
_SAVES = Message("enter saves · esc cancels")
_EMPTY_MEANS = Message("Empty decks and search: all decks that are on.")
_NO_NUMBER = Message("{text} is no number of minutes.")
_LABELS = {
    "day": Message("The date, such as {example}:"),
    "minutes": Message("Minutes a day:"),
    "decks": Message("Decks or folders, parted by blanks:"),
    "search": Message("Only cards that this search finds:"),
    "days_off": Message("Days off (sat, sun, or dates):"),
}
_WEEKS = 14

_MOST_TOPICS = 12
_MARGIN = 4
_LEAST_HEIGHT, _LEAST_WIDTH = 20, 50


class Looked(Struct, frozen=True, eq=False):
    """What was worked out for the screen."""

    targets: Targets
    outlooks: tuple[Outlook, ...]
    source: Source


class PlanScreen(Page[None]):
    """How the present targets stand; they are set, changed and ended from here."""

    PLACES = ("plan",)
    BINDINGS: ClassVar = bindings(*PLACES)
    AUTO_FOCUS = "VerticalScroll"

    def __init__(self) -> None:
        super().__init__()
        self.body = Static(markup=False)
        self.chart = CurvePlot(still=True)
        self.chart.display = False
        self.rest = Static(markup=False)
        self.looked: Looked | None = None
        self.marked = 0
        """The place of the target that is shown, among the present ones."""
        self._view: BankView | None = None

    def compose(self) -> ComposeResult:
        with VerticalScroll(classes="body"):
            yield self.body
            yield self.chart
            yield self.rest
        yield KeyBar()

    def on_screen_resume(self) -> None:
        self.fill()

    def on_resize(self) -> None:
        self._show()

    def on_unmount(self) -> None:
        self._break_off()

    def _break_off(self) -> None:
        if self._view is not None:
            self._view.interrupt()

    @property
    def target(self) -> Target | None:
        """The target that is shown."""
        if self.looked is None or not self.looked.outlooks:
            return None
        return self.looked.outlooks[min(self.marked, len(self.looked.outlooks) - 1)].target

    # Working it out

    def fill(self) -> None:
        """Have the outlook worked out; what is shown stays until it is there."""
        self._break_off()
        services = self.app.services
        targets = self._load()
        if not targets.targets:
            self.looked = None
            self._show()
            return
        if self.looked is None:
            self.body.update(plain_wrapped(_WORKING(), self._width))
        self._view = services.store.new_view()
        with self.app.saying():
            source = source_of(targets.targets, services.bank, services.store, services.topics())
            self._work_out(self._view, source, targets)

    def _load(self) -> Targets:
        try:
            return load(self.app.services.folders.targets)
        except TargetError as error:
            self.app.say(str(error), problem=True, seconds=15)
            return Targets()

    @work(thread=True, exclusive=True, group="outlook")
    def _work_out(self, view: BankView, source: Source, targets: Targets) -> None:
        """In a thread of its own: it takes a second. A later call, or leaving, breaks it off."""
        from msgspec.structs import replace

        from studyapp.store.statistics import Statistics

        worker = get_current_worker()
        statistics = Statistics(view.ask, source.today, self.app.services.store.days)
        try:
            found, outlooks = look(targets, replace(source, statistics=statistics))
        except StoreError as error:
            if not worker.is_cancelled:
                self.app.call_from_thread(self.app.say, str(error), "", True, 10)
            return
        except Exception as error:
            if not worker.is_cancelled:
                told = str(fault(error, "working out the plan"))
                self.app.call_from_thread(self.app.say, told, "", True, 10)
            return
        finally:
            view.close()
        if not worker.is_cancelled:
            self.app.call_from_thread(self._take, Looked(found, outlooks, source))

    def _take(self, looked: Looked) -> None:
        self.looked = looked
        self._save(looked.targets)
        self._show()
        self.refresh_bindings()

    def _save(self, targets: Targets) -> bool:
        try:
            save(self.app.services.folders.targets, targets)
        except OSError as error:
            self.app.say(_NOT_SAVED(why=error.strerror or error), problem=True, seconds=10)
            return False
        return True

    # Showing it

    @property
    def _width(self) -> int:
        return max(24, min(self.app.size.width - _MARGIN, 100))

    def _show(self) -> None:
        looked, width = self.looked, self._width
        if looked is None:
            key = _HOW_TO_SET(key=self.app.key_of("plan.new"))
            self.body.update(join_blocks([plain_wrapped(_NOTHING_SET(), width), plain_wrapped(key, width)]))
            self.rest.update("")
            self.chart.display = False
            return
        blocks: list[Content] = []
        self.chart.display = False
        rest: list[Content] = []
        for place, one in enumerate(looked.outlooks):
            shown = one.target == self.target
            sign = ("▸ " if shown else "  ") if len(looked.outlooks) > 1 else ""
            blocks.append(plain_wrapped(sign + words.head(one), width).stylize("bold underline" if shown else "bold"))
            if shown:
                self.marked = place
                blocks.append(plain_wrapped("\n".join(self._lines(one)), width))
                self._draw(one)
                if one.topics:
                    lines = "\n".join(words.topic(topic) for topic in one.topics[:_MOST_TOPICS])
                    rest += [plain(_BY_TOPIC(), "bold"), plain_wrapped(lines, width)]
        past = looked.targets.past(looked.source.today)
        if not looked.outlooks:
            blocks.append(plain_wrapped(_HOW_TO_SET(key=self.app.key_of("plan.new")), width))
        if past:
            rest += [plain(_EARLIER(), "bold"), plain_wrapped("\n".join(map(words.past, past)), width)]
        self.body.update(join_blocks(blocks))
        self.rest.update(join_blocks(rest) if rest else "")

    def _lines(self, one: Outlook) -> list[str]:
        if one.cards:
            return words.lines(one)
        assert self.looked is not None
        return [_NO_CARDS(why=self.looked.source.trouble.get(one.target.number) or _DECKS_OFF())]

    def _draw(self, one: Outlook) -> None:
        """The way there beside what was forecast earlier, where there is room for a plot."""
        size = self.app.size
        if len(one.course) < 3 or size.height < _LEAST_HEIGHT or size.width < _LEAST_WIDTH:
            return
        first = one.course[0][0]
        curves = [_curve(_EXPECTED(), [(day - first, share) for day, share in one.course])]
        assert self.looked is not None
        kept = self.looked.targets.named(one.target.number)
        said = [(said.day - first, said.plan) for said in kept.said]
        if len(said) > 1:
            curves.insert(0, _curve(_SAID(), said))
        self.chart.display = True
        self.chart.draw(curves, _THE_WAY())

    # Commands

    async def action_study(self) -> None:
        """Begin what the plan asks today."""
        from studyapp.tui.screens.review import ReviewScreen

        with self.app.saying():
            await self.app.push_screen(ReviewScreen(self.app.open_session(())))

    def action_new(self) -> None:
        """Set a new target."""
        self._edit(None)

    def action_change(self) -> None:
        """Change the target that is shown."""
        if self.target is not None:
            self._edit(self.target)

    def action_next(self) -> None:
        """Show the next target."""
        if self.looked is not None and self.looked.outlooks:
            self.marked = (self.marked + 1) % len(self.looked.outlooks)
            self._show()

    def action_end(self) -> None:
        """End the target that is shown; what was learnt stays."""
        target = self.target
        if target is not None and self._save(self._load().with_ended(target.number, self.app.services.store.today)):
            self.looked = None
            self.fill()

    def _edit(self, target: Target | None) -> None:
        def decided(changed: Targets | None) -> None:
            if changed is not None and self._save(changed):
                self.looked = None
                self.fill()

        self.app.push_screen(TargetDialog(self._load(), target), decided)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action in ("change", "end", "study"):
            return self.target is not None
        if action == "next":
            return self.looked is not None and len(self.looked.outlooks) > 1
        return super().check_action(action, parameters)


class TargetDialog(Dialog[Targets | None]):
    """A field for each thing that a target says. It closes only with what can be."""

    BINDINGS: ClassVar = [
        Binding("escape", "cancel", "Cancel"),
        Binding("down", "app.focus_next", "Next", show=False),
        Binding("up", "app.focus_previous", "Previous", show=False),
    ]

    def __init__(self, targets: Targets, target: Target | None) -> None:
        super().__init__()
        self._targets = targets
        self._target = target
        self.fields = {name: Input(text, compact=True, select_on_focus=True) for name, text in _texts(target).items()}
        self.note = Static(_EMPTY_MEANS(), markup=False)

    def compose(self) -> ComposeResult:
        target = self._target
        with Vertical(classes="dialog") as dialog:
            dialog.border_title = Content(_NEW_TITLE() if target is None else _CHANGE_TITLE(number=target.number))
            dialog.border_subtitle = _SAVES()
            example = date.fromordinal(self.app.services.store.today + _WEEKS)
            for name, label in _LABELS.items():
                yield Static(label(example=example), markup=False)
                yield self.fields[name]
            yield self.note

    def on_mount(self) -> None:
        self.set_focus(self.fields["day"])

    def on_input_submitted(self, event: Input.Submitted) -> None:
        event.stop()
        services, today = self.app.services, self.app.services.store.today
        try:
            given = self._given()
            if self._target is None:
                changed = self._targets.with_new(today, **given)
            else:
                changed = self._targets.with_target(self._target.changed(today, **given))
            source = source_of(changed.present(today), services.bank, services.store, services.topics())
            number = changed.targets[-1].number if self._target is None else self._target.number
            if number in source.trouble:
                raise TargetError(source.trouble[number])
        except (TargetError, UnknownDeck, QueryError, StoreError) as error:
            self.note.update(Content.styled(str(error), "$text-warning"))
            return
        self.dismiss(changed)

    def _given(self) -> dict[str, Any]:
        texts = {name: field.value.strip() for name, field in self.fields.items()}
        try:
            minutes = float(texts["minutes"])
        except ValueError:
            raise TargetError(_NO_NUMBER(text=texts["minutes"])) from None
        return {
            "day": day_named(texts["day"]),
            "minutes": minutes,
            "decks": tuple(texts["decks"].split()),
            "search": texts["search"],
            "days_off": days_off_named(texts["days_off"].replace(" ", ",").split(",")),
        }

    def action_cancel(self) -> None:
        """Go back without a change."""
        self.dismiss(None)


def _texts(target: Target | None) -> dict[str, str]:
    if target is None:
        return {"day": "", "minutes": "30", "decks": "", "search": "", "days_off": ""}
    return {
        "day": target.date.isoformat(),
        "minutes": f"{target.minutes:g}",
        "decks": " ".join(target.decks),
        "search": target.search,
        "days_off": " ".join(target.days_off),
    }


def _curve(label: str, points: Sequence[tuple[float, float]]) -> Curve:
    return Curve(label, tuple(float(x) for x, _ in points), tuple(float(y) for _, y in points))
