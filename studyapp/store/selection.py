"""Which cards a session asks: the states in ``progress.db`` joined with the cards in the bank's index.

Nothing here holds more cards in memory than a day may ask. The tables of the bank are visible as
``bank.deck`` and ``bank.card``; cards that are no longer in any deck, or in one that is off, take no part and keep
their history.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import datetime, timedelta

from msgspec import Struct

from studyapp.clock import from_milliseconds, to_milliseconds
from studyapp.schedule.memory import Phase
from studyapp.schedule.queue import Candidate, Limits, Queue, Row, SiblingFilter
from studyapp.store.day_counts import RemainingLimits

KNOWN = "main.card AS known ON known.card_id = card.card_id"
"""Joins a row ``card`` of the bank with the row ``known`` by which the log knows it, if anything happened to it."""

CARD = "bank.card AS card ON card.card_id = known.card_id"
"""The other way round."""

NOT_SET_ASIDE = """
    NOT EXISTS (
        SELECT 1 FROM card_mark AS mark
        WHERE mark.card_number = known.card_number AND (mark.suspended OR mark.buried_day = :today)
    )
"""
"""Condition on a row ``known``: its card is neither suspended nor buried on the day ``:today``."""

_FORGOTTEN = "max(0, :today - state.last_day) / state.stability"
"""Grows as the chance of remembering falls, for one set of weights."""

_REVIEWS_OF_ALL = f"""
    SELECT card.card_id, card.position, card.sibling, card.deck_id
    FROM (
        SELECT card_number, {_FORGOTTEN} AS forgotten FROM card_state AS state
        WHERE phase = 2 AND due_day <= :today ORDER BY forgotten DESC, card_number LIMIT :window
    ) AS due
    CROSS JOIN main.card AS known USING (card_number) CROSS JOIN {CARD}
    WHERE card.deck_id IN (%s) AND {NOT_SET_ASIDE}
    ORDER BY due.forgotten DESC, known.card_number
"""
_REVIEWS_OF_DECKS = f"""
    SELECT card.card_id, card.position, card.sibling, card.deck_id
    FROM bank.card AS card CROSS JOIN {KNOWN} CROSS JOIN card_state AS state USING (card_number)
    WHERE card.deck_id IN (%s) AND state.phase = 2 AND state.due_day <= :today AND {NOT_SET_ASIDE}
    ORDER BY {_FORGOTTEN} DESC, known.card_number
"""
_NEW_OF_DECK = f"""
    SELECT card.card_id, card.position, card.sibling, card.deck_id
    FROM bank.card AS card LEFT JOIN {KNOWN}
    WHERE card.deck_id = :deck_id
        AND NOT EXISTS (SELECT 1 FROM card_state AS state WHERE state.card_number = known.card_number)
        AND NOT card.held AND {NOT_SET_ASIDE}
    ORDER BY card.position
"""
_LEARNING = f"""
    SELECT card.card_id, card.position, card.sibling, card.deck_id, state.phase,
        CASE WHEN state.last_at > :future THEN :now ELSE state.due_at END AS due
    FROM card_state AS state INDEXED BY card_state_in_steps
    CROSS JOIN main.card AS known USING (card_number) CROSS JOIN {CARD}
    WHERE state.phase <> 2 AND (state.due_at < :end OR state.last_at > :future) AND {NOT_SET_ASIDE}
    ORDER BY due, card.card_id
"""
_ANSWERED_SIBLINGS = f"""
    SELECT card.sibling, card.card_id
    FROM result CROSS JOIN main.card AS known USING (card_number) CROSS JOIN {CARD}
    WHERE result.day = :today AND result.phase IS NOT NULL AND card.sibling <> ''
"""
_DECKS = """
    SELECT deck_id, name FROM bank.deck AS deck WHERE %s
    ORDER BY (SELECT min(position) FROM bank.card AS card WHERE card.deck_id = deck.deck_id), name
"""
_FIRST_WINDOW = 200
_WINDOW_PER_CARD = 2


class Moment(Struct, frozen=True):
    """The present, as the queries need it; ``ahead`` is by how much a learning card may come early."""

    now: datetime
    day: int
    end_of_day: datetime
    ahead: timedelta

    @property
    def names(self) -> dict[str, object]:
        """The values of the named places in the queries.

        An answer from beyond ``future`` was given before the clock was set back: its card does not wait until
        the clock has caught up.
        """
        return {
            "today": self.day,
            "now": to_milliseconds(self.now),
            "future": to_milliseconds(self.now + self.ahead),
            "end": to_milliseconds(max(self.end_of_day, self.now + self.ahead)),
        }


def build_queue(
    connection: sqlite3.Connection,
    moment: Moment,
    left: Limits,
    decks: Sequence[str] = (),
    nothing_new: Collection[int] = (),
) -> Queue:
    """What is to be asked at ``moment`` of the decks named (of all, if none is) that are on.

    ``left`` is what is left of the day's limits for all decks together. In ``nothing_new`` are the numbers of decks
    that are known to have no new cards: these need not be looked through.
    """
    chosen = deck_ids(connection, decks)
    is_all = len(chosen) == len(deck_ids(connection))
    allowed = set(chosen)
    learning = [card for card, deck_id in learning_cards(connection, moment) if deck_id in allowed]
    siblings = day_siblings(connection, moment, learning)
    room = RemainingLimits.of(connection, moment.day)
    reviews_of = _reviews_of_all if is_all else _reviews_of_decks
    reviews = reviews_of(connection, moment, left.reviews, chosen, siblings, room.reviews)
    new: list[Candidate] = []
    for deck_id in (deck_id for deck_id in chosen if deck_id not in nothing_new):
        wanted = None if left.new is None else left.new - len(new)
        new += new_cards(connection, moment, deck_id, wanted, siblings, room.new)
    return Queue.build(learning, reviews, new, moment.day)


def planned_queue(connection: sqlite3.Connection, moment: Moment, card_ids: Sequence[str]) -> Queue:
    """What is to be asked at ``moment`` where a plan has chosen the cards: they in their order, and those in steps.

    Of siblings only one is asked a day, here as elsewhere.
    """
    learning = [card for card, _ in learning_cards(connection, moment)]
    siblings = day_siblings(connection, moment, learning)
    in_steps = {card.card_id for card in learning}
    main = [
        found
        for card_id in card_ids
        if card_id not in in_steps
        and (found := candidate(connection, card_id)) is not None
        and siblings.admits(card_id, found.sibling)
    ]
    return Queue(tuple(learning), Row.of(main))


def candidate(connection: sqlite3.Connection, card_id: str) -> Candidate | None:
    """One card as the queue would hold it; None if it is in no deck that is on."""
    row = connection.execute(
        "SELECT card.position, card.sibling, state.phase, state.due_at FROM bank.card AS card"
        f" JOIN bank.deck AS deck ON deck.deck_id = card.deck_id LEFT JOIN {KNOWN}"
        " LEFT JOIN card_state AS state USING (card_number) WHERE card.card_id = ? AND deck.enabled",
        (card_id,),
    ).fetchone()
    if row is None:
        return None
    position, sibling, phase, due_at = row
    in_steps = phase is not None and phase != Phase.REVIEW
    return Candidate(
        card_id,
        None if phase is None else Phase(phase),
        position,
        sibling,
        from_milliseconds(due_at) if in_steps else None,
    )


def deck_names(connection: sqlite3.Connection) -> dict[int, str]:
    """Every deck by its number, in the order in which they are studied."""
    return dict(connection.execute(_DECKS % "1").fetchall())


def deck_ids(connection: sqlite3.Connection, decks: Sequence[str] = ()) -> tuple[int, ...]:
    """The numbers of the decks named (of all, if none is) that are on, in order.

    A name that is no deck counts for nothing.
    """
    wanted = set(decks)
    rows = connection.execute(_DECKS % "deck.enabled")
    return tuple(number for number, name in rows if not wanted or name in wanted)


def chosen_retention(connection: sqlite3.Connection, card_id: str) -> float | None:
    """The desired retention chosen for the deck of a card; None where the settings hold."""
    row = connection.execute(
        "SELECT deck.desired_retention FROM bank.card AS card JOIN bank.deck AS deck ON deck.deck_id = card.deck_id"
        " WHERE card.card_id = ?",
        (card_id,),
    ).fetchone()
    return None if row is None or row[0] is None else float(row[0])


def learning_cards(connection: sqlite3.Connection, moment: Moment) -> Iterator[tuple[Candidate, int]]:
    """The cards in their steps whose time comes before the day ends, with the number of their deck."""
    for card_id, position, sibling, deck_id, phase, due in connection.execute(_LEARNING, moment.names):
        yield Candidate(card_id, Phase(phase), position, sibling, from_milliseconds(due)), deck_id


def new_cards(
    connection: sqlite3.Connection,
    moment: Moment,
    deck_id: int,
    wanted: int | None,
    siblings: SiblingFilter,
    room: dict[int, int] | None = None,
) -> list[Candidate]:
    """The next new cards of one deck, in its order; ``room`` is what limits of single decks leave."""
    if wanted == 0:
        return []
    rows = connection.execute(_NEW_OF_DECK, {"deck_id": deck_id, "today": moment.day})
    return _admitted(rows, None, wanted, siblings, {} if room is None else room)


def day_siblings(connection: sqlite3.Connection, moment: Moment, learning: Iterable[Candidate]) -> SiblingFilter:
    """The filter at ``moment``: what was answered today and what is in its steps now hides its siblings."""
    answered: dict[str, set[str]] = {}
    for sibling, card_id in connection.execute(_ANSWERED_SIBLINGS, {"today": moment.day}):
        answered.setdefault(sibling, set()).add(card_id)
    siblings = SiblingFilter(answered)
    for card in learning:
        if card.due_at is not None and card.due_at <= moment.now + moment.ahead:
            siblings.admits(card.card_id, card.sibling)
    return siblings


def _reviews_of_all(
    connection: sqlite3.Connection,
    moment: Moment,
    wanted: int | None,
    chosen: Sequence[int],
    siblings: SiblingFilter,
    room: dict[int, int],
) -> list[Candidate]:
    """The reviews of all decks that are due, least well remembered first.

    Where few of many are wanted, a look into the bank is spared for all but the most forgotten ones.
    """
    if wanted == 0:
        return []
    query = _REVIEWS_OF_ALL % ",".join(map(str, chosen))
    if wanted is not None:
        window = max(_FIRST_WINDOW, _WINDOW_PER_CARD * wanted)
        rows = connection.execute(query, {**moment.names, "window": window})
        trial = siblings.copy()
        found = _admitted(rows, Phase.REVIEW, wanted, trial, dict(room))
        if len(found) == wanted or not _more_due_than(connection, moment.day, window):
            siblings.take_over(trial)
            return found
    rows = connection.execute(query, {**moment.names, "window": -1})
    return _admitted(rows, Phase.REVIEW, wanted, siblings, room)


def _reviews_of_decks(
    connection: sqlite3.Connection,
    moment: Moment,
    wanted: int | None,
    chosen: Sequence[int],
    siblings: SiblingFilter,
    room: dict[int, int],
) -> list[Candidate]:
    """The same for some decks; the number of their cards is what it costs."""
    if wanted == 0:
        return []
    query = _REVIEWS_OF_DECKS % ",".join(map(str, chosen))
    return _admitted(connection.execute(query, moment.names), Phase.REVIEW, wanted, siblings, room)


def _more_due_than(connection: sqlite3.Connection, day: int, count: int) -> bool:
    row = connection.execute(
        "SELECT 1 FROM card_state WHERE phase = 2 AND due_day <= ? LIMIT 1 OFFSET ?", (day, count)
    ).fetchone()
    return row is not None


def _admitted(
    rows: sqlite3.Cursor, phase: Phase | None, wanted: int | None, siblings: SiblingFilter, room: dict[int, int]
) -> list[Candidate]:
    """The first ``wanted`` cards (all, if None) whose siblings are not asked today and whose deck has ``room``,
    which is counted down."""
    found: list[Candidate] = []
    for card_id, position, sibling, deck_id in rows:
        if room.get(deck_id, 1) > 0 and siblings.admits(card_id, sibling):
            if deck_id in room:
                room[deck_id] -= 1
            found.append(Candidate(card_id, phase, position, sibling))
            if len(found) == wanted:
                break
    rows.close()
    return found
