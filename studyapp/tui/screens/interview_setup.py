"""Before a mock interview: how long, about what, and how."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import ClassVar

from msgspec import Struct
from msgspec.structs import replace
from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from studyapp.cards.card import BEYOND
from studyapp.deck.bank import DeckInfo
from studyapp.interview.choices import load_plan, save_plan
from studyapp.interview.course import Interview, Plan, Topic, eligible, fits
from studyapp.interview.saving import InterviewFileError, load
from studyapp.interview.weakness import weaknesses
from studyapp.kinds import KINDS, kind_name
from studyapp.locale.message import Message
from studyapp.locale.sentences import LIST_COMMA
from studyapp.render import pad
from studyapp.tui.commands import bindings
from studyapp.tui.host import Page
from studyapp.tui.screens.ask import AskScreen
from studyapp.tui.screens.tick import TickScreen
from studyapp.tui.text import shortened
from studyapp.tui.widgets.key_bar import KeyBar
from studyapp.tui.widgets.menu import Menu

_QUESTIONS, _TIME, _TOPICS, _KINDS = Message("Questions"), Message("Time"), Message("Topics"), Message("Kinds")
_LANGUAGE, _FEEDBACK, _SCHEDULE, _LEVEL = (
    Message("Language"), Message("Feedback"), Message("Schedule"), Message("Level"),
)  # fmt: skip
_AFTER_EACH, _AT_END = Message("after each one"), Message("only at the end")
_UNTOUCHED, _COUNT = Message("not touched"), Message("answers count")
_USUAL, _HARD, _ALL = Message("usual"), Message("hard"), Message("all")
_SEVERAL = Message("{count}: {names}")
_NOT_KEPT = Message("These choices cannot be kept: {why}.")
_START, _EARLIER = Message("Start the interview"), Message("Earlier reports")
_GO_ON = Message("Go on: paused, {answered}")
_CARDS = Message("{count} card to ask from", "{count} cards to ask from")
_FIRST_CARDS = Message("the first {count} card to ask from", "the first {count} cards to ask from")
_HEAD, _S_STARTS = Message("Mock interview"), Message("s starts")
_NO_CARD = Message("No card fits these choices.")
_RESUME, _NEW = Message("Go on with the paused one"), Message("Start a new one")
_IS_PAUSED = Message("An interview is paused: {answered}. A new one ends it; its report is saved.")
_START_NEW = Message("Start a new interview?")
_REPORT_UNSAVED = Message("The report of the paused one cannot be saved: {why}.")
_REPORT_SAVED = Message("The report of the paused one is saved as {file}.")
_AS_MANY, _NO_LIMIT = Message("as many as fit"), Message("no limit")
_MINUTES = Message("{count} minute", "{count} minutes")

QUESTIONS: tuple[int | None, ...] = (5, 10, 20, None)
"""How many questions are asked; None is as many as the time allows."""

MINUTES: tuple[int | None, ...] = (None, 10, 20, 30, 45)
"""How long it takes at most."""

MOST_TOPICS = 5000
"""Cards among which an interviewer chooses; of a larger bank the first so many in study order."""


class _Row(Struct, frozen=True):
    """One choice: its name, and the plans among which ← and → choose, each with its words, from first to last."""

    label: Message
    choices: tuple[tuple[str, Plan], ...]

    def place(self, plan: Plan) -> int:
        """Where the present plan stands among the choices."""
        return next((place for place, (_, choice) in enumerate(self.choices) if choice == plan), 0)

    def turned(self, plan: Plan, step: int) -> Plan:
        """The plan with the next (1) or previous (-1) choice; at an end it stays."""
        return self.choices[min(len(self.choices) - 1, max(0, self.place(plan) + step))][1]

    def shown(self, plan: Plan, width: int) -> Content:
        """The row as a line: arrows stand where there is something to turn to."""
        place = self.place(plan)
        left = "◂ " if place else "  "
        right = " ▸" if place < len(self.choices) - 1 else ""
        return Content.assemble(
            (pad(str(self.label), 10), "bold"), left, shortened(self.choices[place][0], width), right
        )


class InterviewSetupScreen(Page[None]):
    """A few choices, each changed with ← and →; enter opens a list of them, for topics and kinds to tick several.

    A paused interview can be gone on with, and the reports of earlier ones be read.
    """

    PLACES = ("interview_setup",)
    BINDINGS: ClassVar = bindings(*PLACES)
    AUTO_FOCUS = "Menu"

    def __init__(self) -> None:
        super().__init__()
        self.plan = Plan()
        self.paused: Interview | None = None
        self.choices = Menu()
        self.note = Static(markup=False, classes="status")

    def compose(self) -> ComposeResult:
        yield self.note
        yield self.choices
        yield KeyBar()

    def on_mount(self) -> None:
        names = {deck.name for deck in self.app.services.bank.decks()}
        self.plan = replace(load_plan(self._plan_file, names), language=self.app.language)
        self._update()

    @property
    def _plan_file(self) -> Path:
        """Where the choices are kept for the next time."""
        return self.app.services.folders.home / "interview-choices.json"

    def on_screen_resume(self) -> None:
        self._update()

    def on_resize(self) -> None:
        self.fill()

    def bank_changed(self) -> None:
        """Deck files have changed on disk."""
        self.fill()

    async def language_switched(self) -> None:
        """The language of the cards is also the interview's."""
        self.plan = replace(self.plan, language=self.app.language)
        self.fill()

    def _update(self) -> None:
        try:
            self.paused = load(self.app.interview_file)
        except InterviewFileError as error:
            self.paused = None
            self.app.say(str(error), problem=True, seconds=15)
        self.fill()

    # The rows

    def _rows(self) -> list[_Row]:
        plan = self.plan
        at_end, schedules = replace(plan, feedback_at_end=True), replace(plan, schedules=True)
        return [
            _Row(_QUESTIONS, _questions(plan)),
            _Row(_TIME, _times(plan)),
            _Row(_TOPICS, self._topic_choices()),
            _Row(_KINDS, _kinds(plan)),
            _Row(
                _LANGUAGE, (("English", replace(plan, language="en")), ("中文", replace(plan, language="zh")))
            ),
            _Row(
                _FEEDBACK,
                ((str(_AFTER_EACH), replace(plan, feedback_at_end=False)), (str(_AT_END), at_end)),
            ),
            _Row(_SCHEDULE, ((str(_UNTOUCHED), replace(plan, schedules=False)), (str(_COUNT), schedules))),
            _Row(_LEVEL, ((str(_USUAL), replace(plan, hard=False)), (str(_HARD), replace(plan, hard=True)))),
        ]  # fmt: skip

    def _topic_choices(self) -> tuple[tuple[str, Plan], ...]:
        titles = self._titles()
        chosen: list[tuple[str, ...]] = [(), *((deck.name,) for deck in self._decks())]
        if self.plan.decks not in chosen:
            chosen.insert(1, self.plan.decks)

        def words(decks: tuple[str, ...]) -> str:
            named = LIST_COMMA().join(titles.get(name, name) for name in decks)
            return _SEVERAL(count=len(decks), names=named) if len(decks) > 1 else named or _ALL()

        return tuple((words(decks), replace(self.plan, decks=decks)) for decks in chosen)

    def _titles(self) -> dict[str, str]:
        return self.app.services.bank.deck_titles(self.app.language)

    def _decks(self) -> list[DeckInfo]:
        return [deck for deck in self.app.services.bank.decks() if deck.choice.enabled]

    def _pick_decks(self) -> None:
        decks = self._decks()

        def chosen(ticked: frozenset[str] | None) -> None:
            if ticked is not None:
                names = tuple(deck.name for deck in decks if deck.name in ticked)
                self._take(replace(self.plan, decks=() if len(names) == len(decks) else names))

        ticked = self.plan.decks or [deck.name for deck in decks]
        self.app.push_screen(TickScreen(str(_TOPICS), topic_lines(decks, self._titles()), ticked), chosen)

    def _pick_kinds(self) -> None:
        def chosen(ticked: frozenset[str] | None) -> None:
            if ticked is not None:
                kinds = tuple(kind for kind in KINDS if kind in ticked)
                self._take(replace(self.plan, kinds=() if len(kinds) == len(KINDS) else kinds))

        kinds = [(kind_name(kind), (kind,)) for kind in KINDS]
        self.app.push_screen(TickScreen(str(_KINDS), kinds, self.plan.kinds or KINDS), chosen)

    def _take(self, plan: Plan) -> None:
        self.plan = plan
        self.app.language = plan.language
        self.fill()
        try:
            save_plan(self._plan_file, plan)
        except OSError as error:
            self.app.say(_NOT_KEPT(why=error.strerror), problem=True)

    def fill(self) -> None:
        """Show the choices as they stand."""
        width = max(12, self.app.size.width - 17)
        here = self.choices.highlighted
        options = [Option(Content.styled(_START(), "bold"), id="start")]
        if self.paused is not None:
            text = _GO_ON(answered=self.paused.answered())
            options.insert(0, Option(Content.styled(text, "bold"), id="resume"))
        rows = self._rows()
        options += [Option(row.shown(self.plan, width), id=row.label.text) for row in rows]
        options.append(Option(Content.styled(_EARLIER(), "bold"), id="reports"))
        self.choices.set_options(options)
        self.choices.highlighted = min(here or 0, len(options) - 1)
        count = len(self._topics())
        cards = (_FIRST_CARDS if count == MOST_TOPICS else _CARDS)(count=count)
        head = [str(_HEAD)] if self.app.size.width >= 64 else []
        self.note.update(Content(" · ".join([*head, cards, str(_S_STARTS)])))

    def _topics(self) -> list[Topic]:
        """The cards that the plan allows, of decks that are on."""
        topics: list[Topic] = []
        enabled = {deck.name for deck in self._decks()}
        opened = {deck.name for deck in self._decks() if deck.choice.beyond}
        decks = [name for name in self.plan.decks or enabled if name in enabled]
        for entry in self.app.services.bank.entries(decks) if decks else ():
            topic = Topic(
                entry.card_id, entry.deck, entry.kind, entry.group, BEYOND in entry.tags and entry.deck not in opened
            )
            if fits(topic, self.plan):
                topics.append(topic)
                if len(topics) >= MOST_TOPICS:
                    break
        return topics

    def action_turn(self, direction: str) -> None:
        """Change the marked choice."""
        row = self._marked_row()
        if row is not None:
            self._take(row.turned(self.plan, 1 if direction == "right" else -1))

    def _marked_row(self) -> _Row | None:
        here = self.choices.highlighted
        label = None if here is None else self.choices.get_option_at_index(here).id
        return next((row for row in self._rows() if row.label.text == label), None)

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        self.action_choose()

    def action_choose(self) -> None:
        """Start, go on, or change the marked choice."""
        here = self.choices.highlighted
        if here is None:
            return
        match self.choices.get_option_at_index(here).id:
            case "start":
                self.action_start()
            case "resume":
                self.action_resume()
            case "reports":
                self.action_reports()
            case _TOPICS.text:
                self._pick_decks()
            case _KINDS.text:
                self._pick_kinds()
            case _:
                self._choose_of_row()

    def _choose_of_row(self) -> None:
        """Open a list of the marked row's choices; of two the other one is taken at once."""
        row = self._marked_row()
        if row is None:
            return
        place = row.place(self.plan)
        if len(row.choices) == 2:
            self._take(row.choices[1 - place][1])
            return

        def chosen(plan: Plan | None) -> None:
            if plan is not None:
                self._take(plan)

        self.app.push_screen(AskScreen(str(row.label), "", row.choices, place), chosen)

    # Starting

    def action_start(self) -> None:
        """Begin a new interview; one that is paused is ended with its report, if the user wants that."""
        if not self._topics():
            self.app.say(_NO_CARD(), problem=True)
            return
        if self.paused is None or not self.paused.records:
            self._begin()
            return
        answers = [(str(_RESUME), "resume"), (str(_NEW), "start")]
        words = _IS_PAUSED(answered=self.paused.answered())

        def decided(answer: str | None) -> None:
            if answer == "resume":
                self.action_resume()
            elif answer == "start" and self.paused is not None:
                self._end_paused(self.paused)

        self.app.push_screen(AskScreen(str(_START_NEW), words, answers), decided)

    def _end_paused(self, paused: Interview) -> None:
        from studyapp.tui.screens.report import save_report

        try:
            path = save_report(self.app, paused)
        except OSError as error:
            self.app.say(_REPORT_UNSAVED(why=error.strerror), problem=True, seconds=10)
            return
        self.app.say(_REPORT_SAVED(file=path.name), seconds=4)
        self._begin()

    def _begin(self) -> None:
        now = self.app.services.clock()
        self._open(Interview(replace(self.plan, seed=int(now.timestamp())), now.isoformat()))

    def action_resume(self) -> None:
        """Go on with the paused interview."""
        if self.paused is not None:
            self.plan = self.paused.plan
            self.app.language = self.plan.language
            self._open(self.paused)

    def _open(self, interview: Interview) -> None:
        from studyapp.tui.screens.interview import InterviewScreen

        topics = eligible(self._topics(), interview.plan)
        weakness: dict[str, float] = {}
        with self.app.saying(seconds=10):
            weakness = weaknesses(self.app.services.store, topics)
        self.app.switch_screen(InterviewScreen(interview, topics, weakness))

    def action_reports(self) -> None:
        """Show the reports of earlier interviews."""
        from studyapp.tui.screens.reports import ReportsScreen

        self.app.push_screen(ReportsScreen())


def topic_lines(decks: Sequence[DeckInfo], titles: Mapping[str, str]) -> list[tuple[str, tuple[str, ...]]]:
    """The lines of a list of topics: folders of several decks, each followed by its decks; and single decks."""
    groups: dict[str, list[DeckInfo]] = {}
    for deck in decks:
        groups.setdefault(deck.name.rpartition("/")[0], []).append(deck)
    lines: list[tuple[str, tuple[str, ...]]] = []
    for folder, members in groups.items():
        is_group = bool(folder) and len(members) > 1
        if is_group:
            lines.append((f"{folder}/", tuple(deck.name for deck in members)))
        indent = "  " if is_group else ""
        lines += [(indent + titles.get(deck.name, deck.name), (deck.name,)) for deck in members]
    return lines


def _questions(plan: Plan) -> tuple[tuple[str, Plan], ...]:
    """How many questions; where time is the limit also as many as fit."""
    return tuple(
        (_AS_MANY() if count is None else str(count), replace(plan, questions=count))
        for count in QUESTIONS
        if count is not None or plan.minutes is not None
    )


def _times(plan: Plan) -> tuple[tuple[str, Plan], ...]:
    """How much time; without a limit of time there is one of questions."""
    choices = []
    for minutes in MINUTES:
        questions = plan.questions if minutes is not None or plan.questions is not None else Plan().questions
        words = _NO_LIMIT() if minutes is None else _MINUTES(count=minutes)
        choices.append((words, replace(plan, minutes=minutes, questions=questions)))
    return tuple(choices)


def _kinds(plan: Plan) -> tuple[tuple[str, Plan], ...]:
    """All kinds, or one; several that were ticked stand between."""
    chosen: list[tuple[str, ...]] = [(), *((kind,) for kind in KINDS)]
    if plan.kinds not in chosen:
        chosen.insert(1, plan.kinds)
    return tuple((LIST_COMMA().join(map(kind_name, kinds)) or _ALL(), replace(plan, kinds=kinds)) for kinds in chosen)
