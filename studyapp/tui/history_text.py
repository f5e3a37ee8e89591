"""A card's state and history in words."""

from __future__ import annotations

from datetime import datetime

from textual.content import Content

from studyapp.deck.counted import counted
from studyapp.render.duration import when
from studyapp.schedule.memory import CardState, Phase, Scheduler
from studyapp.store.log import Entry, Mode
from studyapp.store.states import Marks

MOST_LINES = 12
"""Entries of a history that are shown, the newest first."""

_MODES = {Mode.AHEAD: "ahead of schedule", Mode.CRAM: "practice", Mode.MOCK: "interview", Mode.IMPORT: "imported"}


def state_text(state: CardState | None, marks: Marks, today: int, now: datetime, scheduler: Scheduler) -> str:
    """Whether the card is new, when it is due, how firm it is, and its marks."""
    parts = []
    if state is None:
        parts.append("new: never answered")
    else:
        phase = {Phase.LEARNING: "being learnt", Phase.REVIEW: "in review", Phase.RELEARNING: "being relearnt"}
        parts.append(f"{phase[state.phase]}, due {when(state.due_at, now)}")
        if state.phase is Phase.REVIEW:
            chance = scheduler.retrievability(state, today)
            parts.append(f"remembered today with {chance:.0%}")
        parts.append(f"stability {state.stability:.1f} days, difficulty {state.difficulty:.1f}")
        parts.append(f"{counted(state.answers, 'answer')}, forgotten {counted(state.lapses, 'time')}")
    if marks.flagged:
        parts.append("⚑ flagged")
    if marks.suspended:
        parts.append("suspended")
    if marks.buried_on(today):
        parts.append("left for another day")
    return "; ".join(parts)


def last_answer(entries: tuple[Entry, ...]) -> str:
    """How and when the card was last answered, as a part to add to its state; nothing for no answer."""
    for entry in reversed(entries):
        if entry.answer is not None and not entry.undone:
            return f"; last: {entry.answer.rating.name.capitalize()} on {entry.at.astimezone():%Y-%m-%d}"
    return ""


def history_text(entries: tuple[Entry, ...]) -> Content:
    """The newest entries of a card's log, one a line; those that were taken back are marked."""
    lines = []
    for entry in reversed(entries):
        if entry.undoes is not None:
            continue
        at = f"{entry.at.astimezone():%Y-%m-%d %H:%M}"
        if entry.answer is not None:
            outcome = f" ({entry.answer.outcome.replace('_', ' ')})" if entry.answer.outcome else ""
            mode = f", {_MODES[entry.answer.mode]}" if entry.answer.mode in _MODES else ""
            what = f"{entry.answer.rating.name.capitalize()}{outcome}{mode}"
        else:
            what = entry.kind.value
        lines.append(f"{at}  {what}" + ("  (taken back)" if entry.undone else ""))
        if len(lines) == MOST_LINES:
            break
    return Content("\n".join(lines))
