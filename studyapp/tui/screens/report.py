"""The report of a mock interview: fresh, or opened from the folder of reports."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from msgspec.structs import replace
from textual import work
from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static
from textual.worker import get_current_worker

from studyapp import faults
from studyapp.interview.archive import SavedReport, write_report
from studyapp.interview.counting import Standing, count_answers, standing, take_back
from studyapp.interview.course import Interview
from studyapp.interview.report import NotAReport, is_empty, page_of, read_report, report
from studyapp.locale.message import Message
from studyapp.locale.sentences import LIST_COMMA, date_text, join_names, join_sentences
from studyapp.store.bank_view import BankView
from studyapp.store.errors import StoreError
from studyapp.tui.answers.paste import printable
from studyapp.tui.commands import bindings
from studyapp.tui.host import Host, Page
from studyapp.tui.text import join_blocks, plain_wrapped, rich_text
from studyapp.tui.widgets.key_bar import KeyBar
from studyapp.tui.widgets.rating_bar import NAMES

if TYPE_CHECKING:
    from studyapp.target.after_interview import BestMinutes
    from studyapp.target.cards import Source
    from studyapp.target.target import Target

_NOT_SAVED = Message("Not saved")
_BEST = Message(
    "Until {date}, {count} minute on {cards} cards helps most, in {topics} · h studies them",
    "Until {date}, {count} minutes on {cards} cards help most, in {topics} · h studies them",
)
_BEST_TITLE = Message("What helps most")
_MOST_NAMED = 3
"""Topics that are named."""

_NOT_SAVED_COPY = Message("Not saved: {why}. y copies it.")
_COPY_IT = Message("{path}: {why}. y copies the report.")
_NO_REPORT, _SAVED_AS = Message("No report of an interview"), Message("Saved as {path}")
_RESCHEDULED = Message("{count} answer rescheduled · u takes it back", "{count} answers rescheduled · u takes it back")
_OTHERS, _NOTHING_RESCHEDULED = Message("c counts the others"), Message("Nothing rescheduled · c counts them")
_AGAIN = Message("Questions to look at again")
_RATED = Message("{count} {rating}")
_WOULD_COUNT = Message(
    "{count} answer would count as reviews: {ratings}. The cards come back by that; u takes it back.",
    "{count} answers would count as reviews: {ratings}. The cards come back by that; u takes it back.",
)
_CANNOT_COUNT = Message(
    "{count} cannot count: not judged, given on an earlier day, or rated since.",
    "{count} cannot count: not judged, given on an earlier day, or rated since.",
)
_LEAVE, _COUNT = Message("Leave the schedule as it is"), Message("Count the answers")
_COUNT_THEM, _NOT_ALL = Message("Count the answers?"), Message("Not all were counted")
_COUNTED = Message(
    "{count} answer counted as reviews. u takes that back.", "{count} answers counted as reviews. u takes that back."
)
_UNDO_FAILED = Message("Undo failed")
_NO_LONGER = Message("{count} answer no longer counts.", "{count} answers no longer count.")
_NEWER = Message("Something newer was rated or marked since. Undo that first, on the first screen.")
_COPIED = Message("The report was copied as Markdown.")

LONGEST_FOREIGN = 20_000
"""Characters shown of a file that is no report."""


def finish(app: Host, interview: Interview) -> None:
    """Write the report, forget the saved interview, and show the report in place of the present screen."""
    text = _text_of(app, interview)
    try:
        facts = read_report(text)
    except NotAReport:  # no question was answered
        facts = None
    path, trouble = reports_folder(app), ""
    try:
        if facts is not None:
            path = write_report(path, text, app.services.clock().astimezone())
        app.interview_file.unlink(missing_ok=True)
    except OSError as error:
        trouble = _NOT_SAVED_COPY(why=error.strerror)
        app.say(_COPY_IT(path=error.filename or path, why=error.strerror), str(_NOT_SAVED), True, 15)
    app.key_guard.arm()
    app.switch_screen(ReportScreen(SavedReport(path, text, facts), trouble))


def save_report(app: Host, interview: Interview) -> Path:
    """Write the report of an interview that was paused, and forget the saved interview; returns the report's path.

    Raises:
        OSError: it cannot be written; the interview stays paused.
    """
    path = write_report(reports_folder(app), _text_of(app, interview), app.services.clock().astimezone())
    app.interview_file.unlink(missing_ok=True)
    return path


def reports_folder(app: Host) -> Path:
    """Where the reports are."""
    return app.services.folders.home / "interviews"


def _text_of(app: Host, interview: Interview) -> str:
    titles = app.services.bank.deck_titles(interview.plan.language)
    return report(interview, titles, app.services.clock().astimezone())


class ReportScreen(Page[None]):
    """A page of Markdown. From here its questions are looked at or practised, and its answers made to count."""

    PLACES = ("report",)
    BINDINGS: ClassVar = bindings(*PLACES)
    AUTO_FOCUS = "VerticalScroll"

    def __init__(self, saved: SavedReport, trouble: str = "") -> None:
        """``trouble`` says why a fresh report is in no file."""
        super().__init__()
        self.saved = saved
        self._trouble = trouble
        self.head = Static(markup=False, classes="status")
        self.body = Static(markup=False)
        self.schedule = Static(markup=False, id="report-schedule")
        self._asked = saved.facts.asked if saved.facts is not None else ()
        self._again = tuple(one.card_id for one in self._asked if one.to_look_at)
        self._standing = Standing((), ())
        self._best: BestMinutes | None = None
        """The minutes that would help most before the nearest date that is set."""
        self._view: BankView | None = None

    def compose(self) -> ComposeResult:
        yield self.head
        yield self.schedule
        with VerticalScroll(classes="body"):
            yield self.body
        yield KeyBar()

    def on_mount(self) -> None:
        self.on_resize()
        self._look_for_best()

    def on_unmount(self) -> None:
        if self._view is not None:
            self._view.interrupt()

    def _look_for_best(self) -> None:
        """Where a target is set, have worked out which minutes would help most."""
        services = self.app.services
        if not self._asked or not services.folders.targets.exists():
            return
        from studyapp.target.cards import source_of
        from studyapp.target.target import TargetError, load

        try:
            present = load(services.folders.targets).present(services.store.today)
        except TargetError:  # the plan's own screen tells
            return
        if present:
            self._view = services.store.new_view()
            with self.app.saying():
                source = source_of(present[:1], services.bank, services.store, services.topics())
                self._work_out(self._view, present[0], source)

    @work(thread=True, exclusive=True, group="best", exit_on_error=False)
    def _work_out(self, view: BankView, target: Target, source: Source) -> None:
        from studyapp.store.statistics import Statistics
        from studyapp.target.after_interview import best_minutes

        worker = get_current_worker()
        statistics = Statistics(view.ask, source.today, self.app.services.store.days)
        try:
            asked = [one.card_id for one in self._asked]
            found = best_minutes(target, replace(source, statistics=statistics), asked, self._again)
        except StoreError:
            return  # of the report nothing hangs on it
        except Exception as error:
            faults.record(error, "working out the best minutes")
            return
        finally:
            view.close()
        if not worker.is_cancelled:
            self.app.call_from_thread(self._take_best, found)

    def _take_best(self, found: BestMinutes | None) -> None:
        self._best = found
        self._look_at_log()

    async def action_help_most(self) -> None:
        """Study the cards that help most until the date."""
        from studyapp.tui.screens.ahead import AheadScreen

        if self._best is not None:
            await self.app.push_screen(AheadScreen(list(self._best.card_ids), str(_BEST_TITLE)))

    def on_screen_resume(self) -> None:
        self._look_at_log()

    def on_resize(self) -> None:
        width = self.app.size.width - 4
        where = plain_wrapped(self._where(), width, "dim")
        if self.saved.facts is None and not is_empty(self.saved.text):
            heading = _NO_REPORT()
            body = plain_wrapped(printable(self.saved.text[:LONGEST_FOREIGN]), width)
        else:
            heading, text = page_of(self.saved.text)
            body = rich_text(text, width)
        self.head.update(Content(self._trouble or heading))
        self.body.update(join_blocks([body, where]))

    async def language_switched(self) -> None:
        """Say what stands around the report in the other language; the report is as it was written."""
        self.on_resize()
        self._look_at_log()

    def _where(self) -> str:
        """Where the report is, if it is in a file."""
        path = self.saved.path
        return printable(_SAVED_AS(path=path)) if path.suffix == ".md" else ""

    def _look_at_log(self) -> None:
        """See which answers count for the schedule, and say so."""
        with self.app.saying(seconds=10):
            self._standing = standing(self.app.services.store, self._asked)
        found = self._standing
        words = []
        if found.counted:
            words.append(_RESCHEDULED(count=len(found.counted)))
        if found.uncounted:
            words.append(str(_OTHERS if words else _NOTHING_RESCHEDULED))
        best = self._best
        if best is not None:
            words.append(
                _BEST(
                    date=date_text(best.date),
                    count=max(1, round(best.seconds / 60)),
                    cards=len(best.card_ids),
                    topics=join_names(best.topics[:_MOST_NAMED]),
                )
            )
        self.schedule.display = bool(words)
        self.schedule.update(plain_wrapped(" · ".join(words), self.app.size.width - 2))
        self.refresh_bindings()

    # Commands

    def action_look(self) -> None:
        """Look at the questions, the worst first."""
        from studyapp.tui.screens.asked import AskedScreen

        language = self.saved.facts.language if self.saved.facts is not None else ""
        self.app.push_screen(AskedScreen(self._asked, language or self.app.language))

    async def action_practise(self) -> None:
        """Practise the questions that went badly."""
        from studyapp.tui.screens.practice import PracticeScreen

        await self.app.push_screen(PracticeScreen(self._again, str(_AGAIN)))

    def action_count(self) -> None:
        """Ask whether the answers shall count for the schedule."""
        from studyapp.tui.screens.ask import AskScreen

        answers = self._standing.uncounted
        ratings = Counter(answer.rating for answer in answers)
        named = LIST_COMMA().join(_RATED(count=ratings[rating], rating=NAMES[rating]) for rating in sorted(ratings))
        words = _WOULD_COUNT(count=len(answers), ratings=named)
        left_out = len(self._asked) - len(answers) - len(self._standing.counted)
        if left_out:
            words = join_sentences(words, _CANNOT_COUNT(count=left_out))

        def decided(count: bool | None) -> None:
            if count:
                self._count()

        choices = [(str(_LEAVE), False), (str(_COUNT), True)]
        self.app.push_screen(AskScreen(str(_COUNT_THEM), words, choices), decided)

    def _count(self) -> None:
        with self.app.saying(str(_NOT_ALL)):
            done = sum(1 for _ in count_answers(self.app.services.store, self._standing.uncounted))
            self.app.say(_COUNTED(count=done), seconds=4)
        self._look_at_log()

    def action_undo(self) -> None:
        """Take back that the answers count."""
        with self.app.saying(str(_UNDO_FAILED)):
            undone = take_back(self.app.services.store, self._standing.counted)
            if undone:
                self.app.say(_NO_LONGER(count=undone), seconds=3)
            else:
                self.app.say(_NEWER(), problem=True)
            self._look_at_log()

    def action_copy(self) -> None:
        """Copy the report."""
        from studyapp.tui.clipboard import copy

        heading, text = page_of(self.saved.text)
        copy(self.app, f"# {heading}\n\n{text}")
        self.app.say(_COPIED(), seconds=2)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        match action:
            case "practise":
                return bool(self._again)
            case "look":
                return bool(self._asked)
            case "count":
                return bool(self._standing.uncounted)
            case "undo":
                return bool(self._standing.counted)
            case "help_most":
                return self._best is not None
        return super().check_action(action, parameters)
