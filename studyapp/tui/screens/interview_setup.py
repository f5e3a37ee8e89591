"""Before a mock interview: how long, about what, and how."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.content import Content
from textual.screen import Screen
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from studyapp.deck.bank import DeckInfo
from studyapp.deck.card import KINDS
from studyapp.interview import Interview, InterviewFileError, Plan, Topic, eligible, from_json
from studyapp.schedule.memory import CardState, Phase
from studyapp.tui.commands import bindings
from studyapp.tui.screens.tick import TickScreen
from studyapp.tui.text import plain_wrapped, shortened
from studyapp.tui.widgets.key_bar import KeyBar
from studyapp.tui.widgets.menu import Menu

if TYPE_CHECKING:
    from studyapp.tui.app import StudyApp

LENGTHS: tuple[tuple[int | None, int | None], ...] = (
    (5, None),
    (10, None),
    (20, None),
    (None, 10),
    (None, 20),
    (None, 30),
    (None, 45),
)
"""Questions, or minutes."""

MOST_TOPICS = 5000
"""Cards among which an interviewer chooses; of a larger bank the first so many in study order."""


@dataclass(frozen=True, slots=True)
class _Row:
    label: str
    value: Callable[[Plan], str]
    turn: Callable[[Plan, int], Plan]
    """The plan with the next (1) or previous (-1) choice."""
    pick: Callable[[], None] | None = None
    """Opens a list in which several can be chosen."""


class InterviewSetupScreen(Screen[None]):
    """A few choices, each changed with ← and →; enter on topics and kinds opens a list to tick several.

    A paused interview can be gone on with.
    """

    PLACES = ("interview_setup",)
    BINDINGS: ClassVar = bindings(*PLACES)
    AUTO_FOCUS = "Menu"
    app: StudyApp

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
        self.plan = replace(self.plan, language=self.app.language)
        self._look_for_paused()
        self.fill()

    def on_screen_resume(self) -> None:
        self._look_for_paused()
        self.fill()

    def on_resize(self) -> None:
        self.fill()

    def _look_for_paused(self) -> None:
        try:
            self.paused = from_json(self.app.interview_file.read_text(encoding="utf-8"))
        except (OSError, UnicodeDecodeError, InterviewFileError):
            self.paused = None

    # The rows

    def _rows(self) -> list[_Row]:
        return [
            _Row("Length", _length, _turn_length),
            _Row("Topics", lambda plan: self._named(plan.decks), self._turn_deck, self._pick_decks),
            _Row("Kinds", lambda plan: ", ".join(plan.kinds) or "all", _turn_kind, self._pick_kinds),
            _Row("Language", lambda plan: "中文" if plan.language == "zh" else "English", _turn_language),
            _Row("Feedback", lambda plan: "only at the end" if plan.feedback_at_end else "after each question",
                 lambda plan, _: replace(plan, feedback_at_end=not plan.feedback_at_end)),
            _Row("Schedule", lambda plan: "answers count as reviews" if plan.schedules else "nothing is rescheduled",
                 lambda plan, _: replace(plan, schedules=not plan.schedules)),
        ]  # fmt: skip

    def _named(self, decks: tuple[str, ...]) -> str:
        titles = {deck.name: deck.title for deck in self.app.services.bank.decks()}
        named = ", ".join(titles.get(name, name) for name in decks)
        return f"{len(decks)}: {named}" if len(decks) > 1 else named or "all topics"

    def _turn_deck(self, plan: Plan, step: int) -> Plan:
        choices = [(), *((deck.name,) for deck in self._decks())]
        here = choices.index(plan.decks) if plan.decks in choices else 0
        return replace(plan, decks=choices[(here + step) % len(choices)])

    def _decks(self) -> list[DeckInfo]:
        return [deck for deck in self.app.services.bank.decks() if deck.choice.enabled]

    def _pick_decks(self) -> None:
        decks = self._decks()

        def chosen(ticked: frozenset[str] | None) -> None:
            if ticked is not None:
                names = tuple(deck.name for deck in decks if deck.name in ticked)
                self.plan = replace(self.plan, decks=() if len(names) == len(decks) else names)
                self.fill()

        self.app.push_screen(TickScreen("Topics", topic_lines(decks), self.plan.decks), chosen)

    def _pick_kinds(self) -> None:
        def chosen(ticked: frozenset[str] | None) -> None:
            if ticked is not None:
                kinds = tuple(kind for kind in KINDS if kind in ticked)
                self.plan = replace(self.plan, kinds=() if len(kinds) == len(KINDS) else kinds)
                self.fill()

        self.app.push_screen(TickScreen("Kinds", [(kind, (kind,)) for kind in KINDS], self.plan.kinds), chosen)

    def fill(self) -> None:
        """Show the choices as they stand."""
        width = max(20, self.app.size.width - 18)
        here = self.choices.highlighted
        options = [Option(Content.styled("Start the interview", "bold"), id="start")]
        if self.paused is not None:
            done = len(self.paused.records)
            text = f"Go on with the paused interview ({done} answered)"
            options.insert(0, Option(Content.styled(text, "bold"), id="resume"))
        for row in self._rows():
            value = shortened(row.value(self.plan), width)
            options.append(Option(Content.assemble((f"{row.label:<10}", "bold"), "◂ ", value, " ▸")))
        self.choices.set_options(options)
        self.choices.highlighted = min(here or 0, len(options) - 1)
        count = len(eligible(self._topics(), self.plan))
        self.note.update(plain_wrapped(f"Mock interview · {count} cards to ask from", self.app.size.width))

    def _topics(self) -> list[Topic]:
        topics = []
        decks = self.plan.decks or tuple(deck.name for deck in self._decks())
        for entry in self.app.services.bank.entries(decks) if decks else ():
            topics.append(Topic(entry.card_id, entry.deck, entry.kind, entry.group))
            if len(topics) >= MOST_TOPICS:
                break
        return topics

    @property
    def _first_row(self) -> int:
        return 2 if self.paused is not None else 1

    def action_turn(self, direction: str) -> None:
        """Change the marked choice."""
        row = self._marked_row()
        if row is not None:
            self.plan = row.turn(self.plan, 1 if direction == "right" else -1)
            self.fill()

    def _marked_row(self) -> _Row | None:
        here = self.choices.highlighted
        place = -1 if here is None else here - self._first_row
        rows = self._rows()
        return rows[place] if 0 <= place < len(rows) else None

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
            case _:
                row = self._marked_row()
                if row is not None and row.pick is not None:
                    row.pick()
                else:
                    self.action_turn("right")

    # Starting

    def action_start(self) -> None:
        """Begin a new interview."""
        now = self.app.services.clock()
        plan = replace(self.plan, seed=int(now.timestamp()))
        self._open(Interview(plan, now.isoformat()))

    def action_resume(self) -> None:
        """Go on with the paused interview."""
        if self.paused is not None:
            self._open(self.paused)

    def _open(self, interview: Interview) -> None:
        from studyapp.tui.screens.interview import InterviewScreen

        self.plan = replace(self.plan, decks=interview.plan.decks)
        topics = self._topics()
        if not eligible(topics, interview.plan):
            self.app.say("No card fits these choices.", problem=True)
            return
        store, bank = self.app.services.store, self.app.services.bank
        titles = {entry.card_id: entry.title for entry in bank.entries(interview.plan.decks)}
        weakness = {}
        for topic in topics:
            state = store.state(topic.card_id)
            if state is not None:
                weakness[topic.card_id] = weakness_of(state)
        self.app.switch_screen(InterviewScreen(interview, topics, titles, weakness))

    def action_leave(self) -> None:
        """Go back."""
        self.app.leave_screen()


def topic_lines(decks: Sequence[DeckInfo]) -> list[tuple[str, tuple[str, ...]]]:
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
        lines += [(indent + (deck.title or deck.name), (deck.name,)) for deck in members]
    return lines


def weakness_of(state: CardState) -> float:
    """From 0 for a card that is firm to 1 for one that is often forgotten, hard, or still being learnt."""
    learning = 0.3 if state.phase is not Phase.REVIEW else 0.0
    return min(1.0, 0.15 * state.lapses + 0.5 * (state.difficulty - 1.0) / 9.0 + learning)


def _length(plan: Plan) -> str:
    return f"{plan.minutes} minutes" if plan.minutes is not None else f"{plan.questions} questions"


def _turn_length(plan: Plan, step: int) -> Plan:
    here = (plan.questions, plan.minutes)
    place = LENGTHS.index(here) if here in LENGTHS else 0
    questions, minutes = LENGTHS[(place + step) % len(LENGTHS)]
    return replace(plan, questions=questions, minutes=minutes)


def _turn_kind(plan: Plan, step: int) -> Plan:
    choices: list[tuple[str, ...]] = [(), *((kind,) for kind in KINDS)]
    place = choices.index(plan.kinds) if plan.kinds in choices else 0
    return replace(plan, kinds=choices[(place + step) % len(choices)])


def _turn_language(plan: Plan, step: int) -> Plan:
    return replace(plan, language="zh" if plan.language == "en" else "en")
