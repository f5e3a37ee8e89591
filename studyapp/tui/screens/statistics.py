"""Statistics: what is remembered, what comes, what is weak; as pictures of plain characters."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any, ClassVar

from msgspec import Struct
from textual import work
from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static
from textual.worker import get_current_worker

from studyapp.locale.message import Message
from studyapp.locale.sentences import LIST_COMMA
from studyapp.render import bar, cell_width, heat_cell, pad, table
from studyapp.render.spans import rendered
from studyapp.schedule.rating import Rating
from studyapp.store.bank_view import BankView
from studyapp.store.errors import StoreError, fault
from studyapp.store.mastery import (
    DAYS,
    FEWEST_ANSWERS,
    MOST_WEAK,
    Mastery,
    MemoryStrength,
    Ranking,
    Recall,
    mastery,
    ranking,
)
from studyapp.store.statistics import MATURE_DAYS, Share, Statistics
from studyapp.tui.commands import bindings
from studyapp.tui.host import Page
from studyapp.tui.text import content, join_blocks, plain, plain_wrapped, shortened
from studyapp.tui.widgets.key_bar import KeyBar
from studyapp.tui.widgets.rating_bar import NAMES

if TYPE_CHECKING:
    from studyapp.deck.topics import Topics

SPANS: tuple[tuple[Message, int], ...] = (
    (Message("today"), 1), (Message("7 days"), 7), (Message("30 days"), 30), (Message("all"), 40000),
)  # fmt: skip
FORECAST_DAYS = 14
ROOM_FOR_BARS = 56
"""From this width on tables have bars and more columns."""

_BEYOND = Message("beyond {seen}/{count}")

YOUNG_AND_MATURE = Message("young: comes back after less than {days} days; mature: after {days} or more.")

MOST_NAMED = 12
"""Topics not begun that are named; of more there is a count."""

WEEKDAYS = (
    Message("Mo"), Message("Tu"), Message("We"), Message("Th"), Message("Fr"), Message("Sa"), Message("Su"),
)  # fmt: skip

_WORKING = Message("Working the figures out …")
_NEEDS_REVIEWS = Message("– : needs reviews of cards that were due; none yet.")
_KEPT_NOTE = Message("The share remembered of the cards that were due.")
_SHARE, _WRONG = Message("{share} of {count}"), Message("{wrong} of {count} wrong")
_WRONG_SHORT = Message("{wrong} of {count}")
_ANSWERS = Message("{count} answer", "{count} answers")
_TOO_EARLY = Message(
    "Too early: this begins when a topic has {count} answer.",
    "Too early: this begins when a topic has {count} answers.",
)
_ONLY = Message("Only {count} topic has {answers} answers yet.", "Only {count} topics have {answers} answers yet.")
_WEAK_HEAD = Message("Share of answers wrong or Again, last {days} days. {keys} practises that topic.")
_WEAK_HEAD_SHORT = Message("Wrong or Again. {keys} practises.")
_NO_CARDS, _EARLY = Message("No cards."), Message("too early: {answers}")
_KNOWN, _SEEN, _ANSWERED = Message("known"), Message("seen"), Message("answers")
_NOT_BEGUN = Message("Not begun: {topics}.")
_NOT_BEGUN_MORE = Message("Not begun: {topics} and {count} more.", "Not begun: {topics} and {count} more.")
_STREAK = Message("{count} day in a row · █ is {answers}", "{count} days in a row · █ is {answers}")
_STABILITY_WORDS = Message("stability: the days after which 9 of 10 such cards would still be remembered.")
_STABILITY, _DIFFICULTY = Message("stability in days"), Message("difficulty, 1 easy to 10 hard")
_UNDER_A_DAY = Message("< 1 day")
_FORGOTTEN = Message("{card}: forgotten {count} time", "{card}: forgotten {count} times")
_MISTAKES = Message("Mistakes that come back")


class Figures(Struct, frozen=True):
    """What the screen shows, with the cards of mistakes that come back and the weakest topics."""

    text: Content
    mistaken: tuple[str, ...] = ()
    weakest: tuple[Mastery, ...] = ()


class StatisticsScreen(Page[None]):
    """One long page of figures; the weak spots can be practised from here."""

    PLACES = ("statistics",)
    BINDINGS: ClassVar = bindings(*PLACES)
    AUTO_FOCUS = "VerticalScroll"

    def __init__(self) -> None:
        super().__init__()
        self.body = Static(str(_WORKING), markup=False)
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
        self._view = self.app.services.store.new_view()
        self._work_out(self._view, self.app.services.store.today, self._width)

    async def language_switched(self) -> None:
        self.fill()

    def _break_off(self) -> None:
        if self._view is not None:
            self._view.interrupt()

    @work(thread=True, exclusive=True, group="figures")
    def _work_out(self, view: BankView, today: int, width: int) -> None:
        """In a thread of its own: many reviews take their time. A later call, or leaving, breaks it off."""
        worker = get_current_worker()
        services = self.app.services

        def ask(question: Callable[[sqlite3.Connection], list[Any]]) -> list[Any]:
            if worker.is_cancelled:
                raise _BrokenOff
            return view.ask(question)

        try:
            page = page_of(
                Statistics(ask, today, services.store.days), services.store.scheduler.recall, services.topics(), width
            )
        except _BrokenOff:
            return
        except StoreError as error:
            page = Figures(plain(str(error), "$text-warning"))
        except Exception as error:
            page = Figures(plain(str(fault(error, "working out the statistics")), "$text-warning"))
        finally:
            view.close()
        if not worker.is_cancelled:
            self.app.call_from_thread(self._show, page)

    def _show(self, page: Figures) -> None:
        self.mistaken, self.weakest = page.mistaken, page.weakest
        self.body.update(page.text)
        self.refresh_bindings()

    async def action_drill(self) -> None:
        """Practise the cards on which named mistakes were made."""
        from studyapp.tui.screens.practice import PracticeScreen

        await self.app.push_screen(PracticeScreen(self.mistaken, str(_MISTAKES)))

    async def action_weakest(self, place: str) -> None:
        """Practise the cards of one of the weakest topics, those that went wrong most often first."""
        from studyapp.tui.screens.practice import PracticeScreen

        one = self.weakest[int(place) - 1]
        await self.app.push_screen(PracticeScreen(one.practice, one.topic.title))

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action == "drill":
            return bool(self.mistaken)
        if action == "weakest":
            place = int(str(parameters[0]))
            return place <= len(self.weakest) and bool(self.weakest[place - 1].practice)
        return super().check_action(action, parameters)


class _BrokenOff(Exception):
    """The figures are not wanted any more."""


def page_of(figures: Statistics, recall: Recall, topics: Topics, width: int) -> Figures:
    """The whole page. Raises StoreError where the data cannot be read."""
    known, firmness = mastery(figures, recall, topics)
    ranked = ranking(known)
    mistakes = figures.misconceptions(figures.today - DAYS + 1, figures.today)
    blocks = [
        _section(Message("True retention"), retention_table(figures, width)),
        _section(Message("Weakest topics"), weakest_lines(ranked, width)),
        _section(Message("Mastery by topic"), mastery_lines(known, ranked, width)),
    ]
    if mistakes:
        lines = [f"{one.times}× {one.misconception}  ({one.card_id})" for one in mistakes[:10]]
        blocks.append(
            _section(Message("Mistakes that come back (d: practise)"), [shortened(line, width) for line in lines])
        )
    blocks += [
        _section(Message("Study days"), calendar_lines(figures, width)),
        _section(Message("Due in the coming days"), forecast_lines(figures, width)),
        _section(Message("Cards"), collection_lines(figures, width)),
        _section(Message("Answers of 30 days"), rating_lines(figures, width)),
    ]
    if firmness.stabilities:
        blocks.append(_section(Message("Memory strength"), firmness_lines(firmness, width)))
    leeches = figures.leeches()
    if leeches:
        lines = [_FORGOTTEN(card=leech.card_id, count=leech.lapses) for leech in leeches[:10]]
        blocks.append(_section(Message("Forgotten again and again"), lines))
    return Figures(join_blocks(blocks), tuple(dict.fromkeys(one.card_id for one in mistakes)), ranked.weakest)


def _section(title: Message, lines: Content | Sequence[str]) -> Content:
    body = lines if isinstance(lines, Content) else Content("\n".join(lines))
    return join_blocks([plain(str(title), "bold underline"), body], gap=0)


def _share(share: Share) -> str:
    return "–" if share.value is None else _SHARE(share=f"{share.value:.0%}", count=share.total)


def retention_table(figures: Statistics, width: int) -> Content:
    """Retention of all, young and mature cards, with the time spent, for each span."""
    heads = (Message("all"), Message("young"), Message("mature"), Message("answers"), Message("minutes"))
    rows = [["", *map(str, heads)]]
    for name, days in SPANS:
        first = figures.today - days + 1
        kept = figures.retention(first, figures.today)
        studied = figures.calendar(first, figures.today)
        answers = sum(day.answers for day in studied)
        minutes = sum(day.milliseconds for day in studied) / 60000
        rows.append(
            [str(name), _share(kept.all), _share(kept.young), _share(kept.mature), str(answers), f"{minutes:.0f}"]
        )
    if width < ROOM_FOR_BARS:
        rows = [[row[0], row[1], row[4]] for row in rows]
    shown = content(rendered(table(rows, ["left", *["right"] * 5], width)))
    figure = figures.retention(figures.today - SPANS[-1][1] + 1, figures.today).all.value
    note = _NEEDS_REVIEWS if figure is None else _KEPT_NOTE
    return join_blocks([shown, plain_wrapped(str(note), width, "dim")], gap=0)


def weakest_lines(ranked: Ranking, width: int) -> Content:
    """The weakest topics with the share of answers that were wrong, and the keys that practise them."""
    wide = width >= ROOM_FOR_BARS
    counts = [_WRONG_SHORT(wrong=one.wrong, count=one.answers) for one in ranked.weakest]
    column = max(map(cell_width, counts), default=0)
    rows = []
    for place, (one, count) in enumerate(zip(ranked.weakest, counts, strict=True), start=1):
        share = one.wrong / one.answers
        picture = f" {bar(share, 1.0, 10)}" if wide else ""
        figure = f"{place} {share:4.0%}{picture} {pad(count, column, 'right')}  "
        rows.append(figure + shortened(one.topic.title, width - cell_width(figure)))
    if not rows:
        return plain_wrapped(_TOO_EARLY(count=FEWEST_ANSWERS), width)
    if len(rows) < MOST_WEAK:
        rows.append(_ONLY(count=len(rows), answers=FEWEST_ANSWERS))
    keys = "1" if len(ranked.weakest) == 1 else f"1–{len(ranked.weakest)}"
    head = (_WEAK_HEAD if wide else _WEAK_HEAD_SHORT)(days=DAYS, keys=keys)
    return Content("\n".join([head, *rows]))


def mastery_lines(known: Sequence[Mastery], ranked: Ranking, width: int) -> Content:
    """For each topic that was begun how much of it would be remembered today; then those not begun, by name."""
    if not known:
        return plain(_NO_CARDS())
    wide = width >= ROOM_FOR_BARS
    begun = [one for one in known if one not in ranked.not_begun]
    answers = {
        one: _EARLY(answers=_ANSWERS(count=one.answers))
        if one in ranked.too_early
        else _WRONG(wrong=one.wrong, count=one.answers)
        for one in begun
    }
    column = max(map(cell_width, answers.values()), default=0)
    rows = []
    for one in begun:
        picture = f" {bar(one.share, 1.0, 10)}" if wide else ""
        figure = f"{one.share:4.0%}{picture} {f'{one.seen}/{one.cards}':>7}  "
        figure += f"{pad(answers[one], column)}  " if wide else ""
        further = f" · {_BEYOND(seen=one.beyond_seen, count=one.beyond)}" if wide and one.beyond_seen else ""
        rows.append(figure + shortened(one.topic.title, width - cell_width(figure + further)) + further)
    known_head, seen_head = pad(_KNOWN(), 5), pad(_SEEN(), 7, "right")
    head = f"{known_head} {'':10}{seen_head}  {_ANSWERED}" if wide else f"{known_head}{seen_head}"
    blocks = [Content("\n".join([head, *rows]))] if rows else []
    if ranked.not_begun:
        names = [one.topic.title for one in ranked.not_begun]
        told = _NOT_BEGUN_MORE if len(names) > MOST_NAMED else _NOT_BEGUN
        named = LIST_COMMA().join(names[:MOST_NAMED])
        blocks.append(plain_wrapped(told(topics=named, count=len(names) - MOST_NAMED), width))
    return join_blocks(blocks, gap=0)


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
        lines.append(f"{pad(str(name), 2)} " + " ".join(cells))
    lines.append(_STREAK(count=figures.streak(), answers=_ANSWERS(count=most)))
    return lines


def forecast_lines(figures: Statistics, width: int) -> list[str]:
    """A bar for each of the coming days."""
    coming = figures.forecast(FORECAST_DAYS)
    most = max(coming, default=0) or 1
    lines = []
    for ahead, count in enumerate(coming):
        day = date.fromordinal(figures.today + ahead)
        lines.append(
            f"{pad(str(WEEKDAYS[day.weekday()]), 2)} {day.day:2d} {count:4d} {bar(count, most, max(8, width - 14))}"
        )
    return lines


def collection_lines(figures: Statistics, width: int) -> Content:
    """A bar for each stage of cards."""
    cards = figures.collection()
    stages = {
        Message("new"): cards.new,
        Message("learning"): cards.learning,
        Message("young"): cards.young,
        Message("mature"): cards.mature,
        Message("suspended"): cards.suspended,
    }
    bars = Content("\n".join(_bars({str(stage): count for stage, count in stages.items()}, width)))
    return join_blocks([bars, plain_wrapped(YOUNG_AND_MATURE(days=MATURE_DAYS), width, "dim")], gap=0)


def rating_lines(figures: Statistics, width: int) -> list[str]:
    """A bar for each rating."""
    counts = figures.ratings(figures.today - 29, figures.today)
    return _bars({str(NAMES[rating]): counts[rating] for rating in Rating}, width)


def firmness_lines(firmness: MemoryStrength, width: int) -> Content:
    """Cards by stability and by difficulty."""
    limits: tuple[tuple[str, Callable[[float], bool]], ...] = (
        (_UNDER_A_DAY(), lambda days: days < 1),
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
    return join_blocks(
        [
            Content("\n".join([_STABILITY(), *_bars(stable, width)])),
            plain_wrapped(_STABILITY_WORDS(), width, "dim"),
            Content("\n".join([_DIFFICULTY(), *_bars(hard, width)])),
        ],
        gap=0,
    )


def _bars(counts: dict[str, int], width: int) -> list[str]:
    label = max(map(cell_width, counts))
    most = max(counts.values(), default=0) or 1
    room = max(8, min(50, width - label - 8))
    return [f"{pad(name, label, 'right')} {count:5d} {bar(count, most, room)}" for name, count in counts.items()]
