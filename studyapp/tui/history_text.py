"""A card's state and history in words."""

from __future__ import annotations

from datetime import datetime

from textual.content import Content

from studyapp.interview.report import OUTCOMES
from studyapp.locale.durations import when
from studyapp.locale.message import Message
from studyapp.schedule.memory import CardState, Phase, Scheduler
from studyapp.schedule.rating import NAMES
from studyapp.store.log import Entry, Mode
from studyapp.store.states import Marks

SEMICOLON = Message("; ")
_NEVER = Message("new: never answered")
_PHASES = {
    Phase.LEARNING: Message("being learnt, due {when}"),
    Phase.REVIEW: Message("in review, due {when}"),
    Phase.RELEARNING: Message("being relearnt, due {when}"),
}
_CHANCE = Message("remembered today with {share}")
_MEMORY = Message("stability {days} days, difficulty {difficulty}")
_ANSWERS = Message("{count} answer", "{count} answers")
_LAPSES = Message("forgotten {count} time", "forgotten {count} times")
_FLAGGED, _SUSPENDED, _BURIED = Message("⚑ flagged"), Message("suspended"), Message("left for another day")
_LAST = Message("last: {rating} on {date}")
_WITH_OUTCOME, _MODE = Message("{rating} ({outcome})"), Message("{what}, {mode}")
_TAKEN_BACK = Message("(taken back)")
_MARKS = {
    "bury": Message("bury"),
    "unbury": Message("unbury"),
    "suspend": Message("suspend"),
    "unsuspend": Message("unsuspend"),
    "flag": Message("flag"),
    "unflag": Message("unflag"),
    "reset": Message("reset"),
}

MOST_LINES = 12
"""Entries of a history that are shown, the newest first."""

_MODES = {
    Mode.AHEAD: Message("ahead of schedule"),
    Mode.CRAM: Message("practice"),
    Mode.MOCK: Message("interview"),
    Mode.IMPORT: Message("imported"),
}


def state_text(state: CardState | None, marks: Marks, today: int, now: datetime, scheduler: Scheduler) -> str:
    """Whether the card is new, when it is due, how firm it is, and its marks."""
    parts = []
    if state is None:
        parts.append(_NEVER())
    else:
        parts.append(_PHASES[state.phase](when=when(state.due_at, now)))
        if state.phase is Phase.REVIEW:
            chance = scheduler.retrievability(state, today)
            parts.append(_CHANCE(share=f"{chance:.0%}"))
        parts.append(_MEMORY(days=f"{state.stability:.1f}", difficulty=f"{state.difficulty:.1f}"))
        parts.append(_ANSWERS(count=state.answers))
        parts.append(_LAPSES(count=state.lapses))
    if marks.flagged:
        parts.append(_FLAGGED())
    if marks.suspended:
        parts.append(_SUSPENDED())
    if marks.buried_on(today):
        parts.append(_BURIED())
    return SEMICOLON().join(parts)


def last_answer(entries: tuple[Entry, ...]) -> str:
    """How and when the card was last answered, as a part to add to its state; nothing for no answer."""
    for entry in reversed(entries):
        if entry.answer is not None and not entry.undone:
            when_ = f"{entry.at.astimezone():%Y-%m-%d}"
            return SEMICOLON() + _LAST(rating=NAMES[entry.answer.rating], date=when_)
    return ""


def history_text(entries: tuple[Entry, ...]) -> Content:
    """The newest entries of a card's log, one a line; those that were taken back are marked."""
    lines = []
    for entry in reversed(entries):
        if entry.undoes is not None:
            continue
        at = f"{entry.at.astimezone():%Y-%m-%d %H:%M}"
        if entry.answer is not None:
            what = str(NAMES[entry.answer.rating])
            if entry.answer.outcome:
                told = OUTCOMES.get(entry.answer.outcome)
                what = _WITH_OUTCOME(rating=what, outcome=told or entry.answer.outcome.replace("_", " "))
            if entry.answer.mode in _MODES:
                what = _MODE(what=what, mode=_MODES[entry.answer.mode])
        else:
            what = str(_MARKS.get(entry.kind.value, entry.kind.value))
        lines.append(f"{at}  {what}" + (f"  {_TAKEN_BACK}" if entry.undone else ""))
        if len(lines) == MOST_LINES:
            break
    return Content("\n".join(lines))
