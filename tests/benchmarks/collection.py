"""Large collections: decks of generated cards and years of reviews, made once and kept in a temporary folder."""

from __future__ import annotations

import random
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from studyapp.clock import system_clock, to_milliseconds
from studyapp.deck.bank import Bank
from studyapp.deck.library import Library
from studyapp.folders import Folders, content_folder
from studyapp.schedule.day import StudyDays
from studyapp.schedule.memory import CardState, Phase
from studyapp.schedule.rating import Rating
from studyapp.services import scheduler_of
from studyapp.settings import Settings
from studyapp.store.database import Store
from studyapp.store.log import AnswerRecord

CARDS_A_DECK = 1000
MARKER = "Minimiser"
"""A word that stands in every generated question."""

_LAYOUT = 3
"""Counts the ways in which collections were made: one of an older way is not used."""

_KINDS = (
    """  - id: {id}
    kind: cloze
    tags: [generated, t{tag}]
    text: "{marker} {n}: squared error is minimised by the {{{{mean|average}}}}, absolute error by the {{{{median}}}}."
""",
    """  - id: {id}
    kind: choice
    tags: [generated, t{tag}]
    question: "{marker} {n}: which constant minimises the {word} error on the targets 1, 2 and {n}?"
    options:
      - {{text: "the mean", correct: true, why: "the derivative of the sum vanishes there"}}
      - {{text: "the median", why: "that minimises the absolute error"}}
      - {{text: "the mode", why: "that minimises the zero-one error"}}
""",
    """  - id: {id}
    kind: recall
    tags: [generated, t{tag}]
    question: "{marker} {n}: what does the {word} loss measure, and which errors dominate it?"
    answer: |
      The mean of the residuals' losses: $$\\mathrm{{L}} = \\frac1n \\sum_i \\ell(y_i - p_i)$$
      Growth in the residual decides which of them dominate.
    points: [mean over samples, the largest residuals dominate]
""",
    """  - id: {id}
    kind: compute
    tags: [generated, t{tag}]
    question: "{marker} {n}: mean squared error of the predictions p = {{p}} for the targets y = {{y}}?"
    draw:
      y: {{grid: [0, 5, 0.5], size: 3}}
      p: {{grid: [0.25, 5.25, 0.5], size: 3}}
    answer: mse(y, p)
    wrong:
      - {{id: sum-not-mean, value: "mse(y, p, reduction='sum')", say: "That is the sum; divide by 3."}}
""",
)
_WORDS = ("quadratic", "absolute", "Huber", "pinball", "logistic", "hinge", "focal", "triplet", "Dice", "exponential")


@dataclass(frozen=True)
class Collection:
    """One learner's data with so many cards and reviews."""

    folders: Folders
    cards: int
    reviews: int


def collection(root: Path, cards: int, reviews: int) -> Collection:
    """The collection, made anew only where there is none of today yet."""
    folder = root / f"{cards}-{reviews}-{datetime.now(UTC):%Y%m%d}-{_LAYOUT}"
    folders = Folders(folder / "home", folder / "home" / "config.toml", content_folder())
    if not (folder / "done").exists():
        shutil.rmtree(folder, ignore_errors=True)
        write_decks(folder / "decks", cards)
        library = Library(folders.home, folders.content)
        folders.home.mkdir(parents=True)
        library.add(folder / "decks")
        Bank.open(library, folders.cache).close()
        write_reviews(folders, cards, reviews)
        (folder / "done").touch()
    return Collection(folders, cards, reviews)


def write_decks(folder: Path, cards: int) -> None:
    """Deck files of a thousand cards each, every kind in turn."""
    folder.mkdir(parents=True)
    for first in range(0, cards, CARDS_A_DECK):
        name = f"big-{first // CARDS_A_DECK:03}"
        parts = [f"deck: {name}\ntitle: Generated {first}\norder: -1\ncards:\n"]
        parts += [card_text(n) for n in range(first, min(first + CARDS_A_DECK, cards))]
        (folder / f"{name}.yaml").write_text("".join(parts), "utf-8")


def card_text(n: int) -> str:
    """One generated card."""
    return _KINDS[n % 4].format(id=card_id(n), n=n, tag=n % 50, word=_WORDS[n % len(_WORDS)], marker=MARKER)


def card_id(n: int) -> str:
    """The id of the n-th generated card."""
    return f"gen-{n:06}"


def write_reviews(folders: Folders, cards: int, reviews: int) -> None:
    """A log of ``reviews`` answers over two years on nine tenths of the cards, and the states that follow from it."""
    days = StudyDays()
    today = days.day_of(system_clock())
    learned = cards * 9 // 10
    settings = Settings()
    with Store.open(folders.home, days=days, scheduler=scheduler_of(settings)) as store:
        # One real answer stores the settings, to which the rows below refer.
        store.record(AnswerRecord("bench-first", Rating.GOOD), None)
        lives = [_life(store, days, today, n, max(1, reviews // learned)) for n in range(400)]
    with closing(sqlite3.connect(folders.progress)) as connection:
        connection.execute("PRAGMA synchronous = OFF")
        with connection:
            cards = [(card_id(n),) for n in range(learned)]
            connection.executemany("INSERT INTO card (card_id) VALUES (?)", cards)
            rows = sorted(_log_rows(lives, learned, reviews), key=lambda row: row[1])
            numbered = ((number, card, at, at, *rest) for number, (card, at, *rest) in enumerate(rows, start=2))
            connection.executemany(_INSERT, numbered)
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    with Store.open(folders.home, days=days, scheduler=scheduler_of(settings)) as store:
        store.rebuild()


_INSERT = """
    INSERT INTO log (
        device_id, number, kind, card_number, at, ordered_at, utc_offset, day, mode, rating, outcome, score, seed,
        drawn, answer, hints, tries, duration, scheduler_id
    ) VALUES (
        (SELECT device_id FROM home), ?, 'answer', (SELECT card_number FROM card WHERE card_id = ?), ?, ?, 0, ?,
        'review', ?, 'correct', 1.0, '123456789', '{}', 'the median', 0, 1, ?, 1
    )
"""

Life = list[tuple[int, Rating, CardState | None, CardState]]

_MOST_DAYS = 600
"""Days that the history of a card may span."""

_FEWEST_DAYS = 8
"""Days for which a card is put away at the least: so many are needed to place one in nine as due."""


def _life(store: Store, days: StudyDays, today: int, seed: int, answers: int) -> Life:
    """The history of one card within two years, placed so that one card in nine is due, as in the peer's collection."""
    shortest: Life = []
    for attempt in range(60):
        life = _answers(store, days, today, f"{seed} {attempt}", answers)
        if not shortest or _span(life) < _span(shortest):
            shortest, chosen = life, attempt
        last = life[-1][3]
        if _span(life) < _MOST_DAYS and last.phase is Phase.REVIEW and last.interval >= _FEWEST_DAYS:
            shortest, chosen = life, attempt
            break
    last = shortest[-1][3]
    elapsed = random.Random(seed).randint(1, max(1, last.interval * 9 // 8))
    begin = today - elapsed - _span(shortest)
    return _answers(store, days, begin, f"{seed} {chosen}", answers)


def _span(life: Life) -> int:
    """Days from the first answer to the last."""
    return life[-1][3].last_day - life[0][3].last_day


def _answers(store: Store, days: StudyDays, begin: int, seed: str, answers: int) -> Life:
    """So many answers from study day ``begin`` on, each on the day on which the card is due."""
    rng = random.Random(seed)
    state: CardState | None = None
    now = days.start_of(begin) + timedelta(hours=rng.uniform(4, 16))
    life: Life = []
    for _ in range(answers):
        rating = Rating(rng.choices([1, 2, 3, 4], [8, 7, 75, 10])[0])
        after = store.scheduler.answer(state, rating, now, days, f"life-{rng.random()}")
        life.append((to_milliseconds(now), rating, state, after))
        state = after
        now = max(after.due_at, now) + timedelta(hours=rng.uniform(0, 12))
    return life


def _log_rows(lives: list[Life], learned: int, reviews: int) -> Iterator[tuple[str, int, int, int, int]]:
    written = 0
    for n in range(learned):
        for at, rating, _, after in lives[(n // len(_KINDS) * 7919) % len(lives)]:  # every kind has cards of every life
            if written == reviews:
                return
            written += 1
            shift = n % 3_600_000  # answers of one second apart are as many as cards that share a life
            yield card_id(n), at + shift % 900_000, after.last_day, int(rating), 4000 + n % 9000
