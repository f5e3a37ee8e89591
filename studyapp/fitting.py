"""Fitting FSRS's weights to the log, taking them so that all states follow, and taking them back."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
from msgspec.structs import replace

from studyapp.clock import to_milliseconds
from studyapp.locale.message import Message
from studyapp.own_weights import History, Weights, load, save
from studyapp.planning.fit import Answers, Fitted, fit
from studyapp.planning.states import states_of
from studyapp.schedule.memory import KnownState, Phase
from studyapp.store.database import Store
from studyapp.store.errors import StoreError
from studyapp.store.imports import ImportedCard, Span

_ANSWERS = """
    SELECT result.card_number, result.rating, result.day, result.phase_before IS NULL, known.card_id
    FROM result CROSS JOIN log AS entry ON entry.sequence = result.sequence
    CROSS JOIN main.card AS known ON known.card_number = result.card_number
    WHERE result.phase IS NOT NULL ORDER BY result.card_number, entry.ordered_at
"""
_TIMES = """
    SELECT entry.ordered_at FROM result CROSS JOIN log AS entry ON entry.sequence = result.sequence
    WHERE result.phase IS NOT NULL ORDER BY result.card_number, entry.ordered_at
"""
_COUNT = "SELECT count(*) FROM result WHERE phase IS NOT NULL AND days_before >= 1"

OFFERED_FROM = 400
"""Reviews on later days from which a first fit is offered; further ones when the log has doubled."""


def answers_of(store: Store) -> tuple[Answers, list[str]]:
    """The answers that moved the schedule, and the card of each.

    Raises:
        StoreError: the data cannot be read.
    """
    rows = store.statistics().rows(_ANSWERS)
    times = np.array([at for (at,) in store.statistics().rows(_TIMES)], dtype=np.int64)
    numbers = np.array([row[:4] for row in rows], dtype=np.int64).reshape(-1, 4)
    order = np.argsort(np.argsort(times, kind="stable"), kind="stable")
    answers = Answers(numbers[:, 0], numbers[:, 1], numbers[:, 2], numbers[:, 3].astype(bool), order)
    return answers, [row[4] for row in rows]


def fitted(store: Store, progress: Callable[[int, int], None] | None = None) -> Fitted | None:
    """What fits this learner's answers; None where there are too few.

    Raises:
        StoreError: the data cannot be read.
    """
    return fit(answers_of(store)[0], store.scheduler.settings.weights, progress)


def is_offered(store: Store, history: History) -> bool:
    """Whether the log has grown so much that a fit is worth it.

    Raises:
        StoreError: the data cannot be read.
    """
    ((count,),) = store.statistics().rows(_COUNT)
    present = history.present
    return int(count) >= (OFFERED_FROM if present is None else 2 * present.reviews)


_OFFER = Message("Your log has grown: `studyapp fit` can fit the scheduler to your own answers.")


def offer(store: Store, path: Path) -> str:
    """A line that offers a fit where the log has grown enough, else nothing. ``path`` is that of the weights."""
    try:
        return _OFFER() if is_offered(store, load(path)) else ""
    except (StoreError, OSError):
        return ""


def take(
    store: Store,
    path: Path,
    history: History,
    found: Fitted,
    progress: Callable[[int, int], None] | None = None,
) -> History:
    """Use weights from now on: the states are replayed with them, due days stay as they are.

    The new states are entries of the log, as if another program had told them, so that all machines agree on them.

    Raises:
        StoreError: the states or the weights could not be written; nothing was changed.
    """
    answers, ids = answers_of(store)
    cards = []
    for place, stability, difficulty in states_of(answers, found.weights):
        state = store.state(ids[place])
        if state is None or not 0.001 <= stability <= 36500:
            continue
        in_review = state.phase is Phase.REVIEW
        told = KnownState(
            int(state.phase),
            stability,
            difficulty,
            None if in_review else to_milliseconds(state.due_at),
            state.due_day if in_review else None,
            state.answers,
            state.lapses,
        )
        cards.append(ImportedCard(ids[place], state=told, state_at=to_milliseconds(state.last_at)))
    kept: list[History] = []

    def write(span: Span | None) -> None:
        taken = Weights(found.weights, found.reviews, found.later_loss, found.later_loss_before, store.today, span)
        kept.append(replace(history, taken=(*history.taken, taken)))
        save(path, kept[0])

    store.record_import(cards, write, progress)
    return kept[0]


def take_back(
    store: Store, path: Path, history: History, progress: Callable[[int, int], None] | None = None
) -> History:
    """Go back to the weights before the newest, and to the states by them.

    Raises:
        StoreError: the log could not be written; nothing was changed.
        OSError: the same of the weights, where no states follow.
    """
    present, before = history.present, replace(history, taken=history.taken[:-1])
    if present is not None and present.span is not None:
        store.take_back_import(present.span, lambda: save(path, before), progress)
    else:
        save(path, before)
    return before
