"""Statistics: what is remembered, what comes, what is weak; as pictures of plain characters."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, ClassVar

from textual import work
from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.screen import Screen
from textual.widgets import Static
from textual.worker import get_current_worker

from studyapp.render import bar, heat_cell, table
from studyapp.render.spans import rendered
from studyapp.schedule.rating import Rating
from studyapp.store.bank_view import BankView
from studyapp.store.errors import StoreError
from studyapp.store.mastery import Firmness, Mastery, Recall, mastery
from studyapp.store.statistics import Share, Statistics
from studyapp.tui.commands import bindings
from studyapp.tui.text import content, join_blocks, plain, shortened
from studyapp.tui.widgets.key_bar import KeyBar
from studyapp.tui.widgets.rating_bar import NAMES

if TYPE_CHECKING:
    from studyapp.tui.app import StudyApp

SPANS: tuple[tuple[str, int], ...] = (("today", 1), ("7 days", 7), ("30 days", 30), ("all", 40000))
FORECAST_DAYS = 14
WEEKDAYS = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")


@dataclass(frozen=True, slots=True)
class Page:
    """What the screen shows, with the cards of mistakes that come back and the decks, weakest first."""

    text: Content
    mistaken: tuple[str, ...] = ()
    weakest: tuple[Mastery, ...] = ()


class StatisticsScreen(Screen[None]):
    """One long page of figures; the weak spots can be practised from here."""

    PLACES = ("statistics",)
    BINDINGS: ClassVar = bindings(*PLACES)
    AUTO_FOCUS = "VerticalScroll"
    app: StudyApp

    def __init__(self) -> None:
        super().__init__()
        self.body = Static("Working the figures out …", markup=False)
        self.mistaken: tuple[str, ...] = ()
        self.weakest: tuple[Mastery, ...] = ()
        self._width = 0
        self._view: BankView | None = None

    def compose(self) -> ComposeResult:
        with VerticalScroll(classes="body"):
            yield self.body
        yield KeyBar()

    def on_screen_resume(self) -> None:
        self.fill()

    def on_resize(self) -> None:
        if self._text_width() != self._width:
            self.fill()

    def on_unmount(self) -> None:
        self._break_off()

    def _text_width(self) -> int:
        return max(24, min(self.app.size.width - 4, 100))

    def fill(self) -> None:
        """Have the figures worked out for the present width; what is shown stays until they are there."""
        self._break_off()
        self._width = self._text_width()
        self._view = self.app.services.store.view_beside()
        titles = {deck.name: deck.title for deck in self.app.services.bank.decks()}
        self._work_out(self._view, self.app.services.store.today, titles, self._width)

    def _break_off(self) -> None:
        if self._view is not None:
            self._view.interrupt()

    @work(thread=True, exclusive=True, group="figures")
    def _work_out(self, view: BankView, today: int, titles: dict[str, str], width: int) -> None:
        """In a thread of its own: many reviews take their time. A later call, or leaving, breaks it off."""
        worker = get_current_worker()

        def ask(question: Callable[[sqlite3.Connection], list[Any]]) -> list[Any]:
            if worker.is_cancelled:
                raise _BrokenOff
            return view.ask(question)

        try:
            page = page_of(Statistics(ask, today), self.app.services.store.scheduler.recall, titles, width)
        except _BrokenOff:
            return
        except StoreError as error:
            page = Page(plain(str(error), "$text-warning"))
        finally:
            view.close()
        if not worker.is_cancelled:
            self.app.call_from_thread(self._show, page)

    def _show(self, page: Page) -> None:
        self.mistaken, self.weakest = page.mistaken, page.weakest
        self.body.update(page.text)
        self.refresh_bindings()

    async def action_drill(self) -> None:
        """Practise the cards on which named mistakes were made."""
        from studyapp.tui.screens.practice import PracticeScreen

        await self.app.push_screen(PracticeScreen(self.mistaken, "Mistakes that come back"))

    async def action_weakest(self) -> None:
        """Practise the cards of the weakest topic."""
        from studyapp.tui.screens.practice import PracticeScreen

        store = self.app.services.store
        deck = self.weakest[0].deck
        cards = [entry.card_id for entry in self.app.services.bank.entries([deck])]
        known = [card_id for card_id in cards if store.state(card_id) is not None]
        await self.app.push_screen(PracticeScreen(known, deck))

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action == "drill":
            return bool(self.mistaken)
        if action == "weakest":
            return bool(self.weakest)
        return super().check_action(action, parameters)

    def action_leave(self) -> None:
        """Go back."""
        self.app.leave_screen()


class _BrokenOff(Exception):
    """The figures are not wanted any more."""


def page_of(figures: Statistics, recall: Recall, titles: dict[str, str], width: int) -> Page:
    """The whole page. Raises StoreError where the data cannot be read."""
    decks, firmness = mastery(figures, recall, figures.today - 89, figures.today)
    mistakes = figures.misconceptions(figures.today - 89, figures.today)
    blocks = [
        _section("True retention", retention_table(figures, width)),
        _section("Topics, weakest first", topic_table(decks, titles, width)),
    ]
    if mistakes:
        lines = [f"{one.times}× {one.misconception}  ({one.card_id})" for one in mistakes[:10]]
        blocks.append(_section("Mistakes that come back", [shortened(line, width) for line in lines]))
    blocks += [
        _section("Study days", calendar_lines(figures, width)),
        _section("Due in the coming days", forecast_lines(figures, width)),
        _section("Cards", collection_lines(figures, width)),
        _section("Answers of 30 days", rating_lines(figures, width)),
    ]
    if firmness.stabilities:
        blocks.append(_section("How firm the cards are", firmness_lines(firmness, width)))
    leeches = figures.leeches()
    if leeches:
        lines = [f"{leech.card_id}: forgotten {leech.lapses} times" for leech in leeches[:10]]
        blocks.append(_section("Forgotten again and again", lines))
    seen = sorted((deck for deck in decks if deck.seen), key=lambda deck: (deck.recall, deck.deck))
    return Page(join_blocks(blocks), tuple(dict.fromkeys(one.card_id for one in mistakes)), tuple(seen))


def _section(title: str, lines: Content | Sequence[str]) -> Content:
    body = lines if isinstance(lines, Content) else Content("\n".join(lines))
    return join_blocks([plain(title, "bold underline"), body], gap=0)


def _share(share: Share) -> str:
    return "–" if share.value is None else f"{share.value:.0%} of {share.total}"


def retention_table(figures: Statistics, width: int) -> Content:
    """Retention of all, young and mature cards, with the time spent, for each span."""
    rows = [["", "all", "young", "mature", "answers", "minutes"]]
    for name, days in SPANS:
        first = figures.today - days + 1
        kept = figures.retention(first, figures.today)
        studied = figures.calendar(first, figures.today)
        answers = sum(day.answers for day in studied)
        minutes = sum(day.milliseconds for day in studied) / 60000
        rows.append([name, _share(kept.all), _share(kept.young), _share(kept.mature), str(answers), f"{minutes:.0f}"])
    if width < 56:
        rows = [[row[0], row[1], row[4], row[5]] for row in rows]
    return content(rendered(table(rows, ["left", *["right"] * 5], width)))


def topic_table(decks: Sequence[Mastery], titles: dict[str, str], width: int) -> Content:
    """For each topic how much of it would be remembered today, the weakest of those begun first."""
    begun = sorted((deck for deck in decks if deck.seen), key=lambda deck: (deck.recall, deck.deck))
    rows = []
    for deck in begun:
        known = f"{deck.recall:.0%}".rjust(4)
        seen = f"{deck.seen}/{deck.cards}".rjust(7)
        kept = f"{deck.remembered}/{deck.reviews}".rjust(7)
        figures = f"{known} {bar(deck.recall, 1.0, 10)} {seen} {kept}" if width >= 56 else f"{known} {seen}"
        rows.append(f"{figures}  {shortened(titles.get(deck.deck, deck.deck), width - len(figures) - 2)}")
    head = f"known {'':9} {'seen':>7} {'reviews':>7}" if width >= 56 else "known   seen"
    rest = len(decks) - len(begun)
    tail = [f"{rest} topics not begun"] if rest else []
    return Content("\n".join([head, *rows, *tail] if begun else tail or ["No cards."]))


def calendar_lines(figures: Statistics, width: int) -> list[str]:
    """Weeks as columns and weekdays as rows, shaded by the number of answers; then the days in a row."""
    weeks = max(4, min(26, (width - 4) // 2))
    today = date.fromordinal(figures.today)
    start = figures.today - today.weekday() - 7 * (weeks - 1)
    answers = {day.day: day.answers for day in figures.calendar(start, figures.today)}
    most = max(answers.values(), default=1)
    lines = []
    for weekday, name in enumerate(WEEKDAYS):
        cells = []
        for week in range(weeks):
            day = start + 7 * week + weekday
            cells.append(" " if day > figures.today else heat_cell(answers.get(day, 0), most))
        lines.append(f"{name} " + " ".join(cells))
    lines.append(f"{figures.streak()} in a row · █ is {most} answers")
    return lines


def forecast_lines(figures: Statistics, width: int) -> list[str]:
    """A bar for each of the coming days."""
    coming = figures.forecast(FORECAST_DAYS)
    most = max(coming, default=0) or 1
    lines = []
    for ahead, count in enumerate(coming):
        day = date.fromordinal(figures.today + ahead)
        lines.append(f"{WEEKDAYS[day.weekday()]} {day.day:2d} {count:4d} {bar(count, most, max(8, width - 14))}")
    return lines


def collection_lines(figures: Statistics, width: int) -> list[str]:
    """A bar for each stage of cards."""
    cards = figures.collection()
    stages = {"new": cards.new, "learning": cards.learning, "young": cards.young, "mature": cards.mature}
    return _bars({**stages, "suspended": cards.suspended}, width)


def rating_lines(figures: Statistics, width: int) -> list[str]:
    """A bar for each rating."""
    counts = figures.ratings(figures.today - 29, figures.today)
    return _bars({NAMES[rating]: counts[rating] for rating in Rating}, width)


def firmness_lines(firmness: Firmness, width: int) -> list[str]:
    """Cards by stability and by difficulty."""
    limits: tuple[tuple[str, Callable[[float], bool]], ...] = (
        ("< 1 day", lambda days: days < 1),
        ("1–7", lambda days: 1 <= days < 7),
        ("7–21", lambda days: 7 <= days < 21),
        ("21–90", lambda days: 21 <= days < 90),
        ("90 +", lambda days: days >= 90),
    )
    stable = {name: sum(map(inside, firmness.stabilities)) for name, inside in limits}
    hard = {
        f"{low}–{min(low + 2, 10)}": sum(
            low <= value < low + 2 or (low == 9 and value >= 9) for value in firmness.difficulties
        )
        for low in (1, 3, 5, 7, 9)
    }
    return ["stability in days", *_bars(stable, width), "difficulty, 1 easy to 10 hard", *_bars(hard, width)]


def _bars(counts: dict[str, int], width: int) -> list[str]:
    label = max(len(name) for name in counts)
    most = max(counts.values(), default=0) or 1
    room = max(8, min(50, width - label - 8))
    return [f"{name:>{label}} {count:5d} {bar(count, most, room)}" for name, count in counts.items()]
