"""Records which weights py-fsrs's own optimizer and fsrs-rs find on the log of `tests.planning.test_fit`.

    python tests/data/fit/record.py     (with fsrs[optimizer], fsrs-rs-python, torch and numpy installed)

writes ``oracles.json`` beside itself: the weights, and the versions that found them.
"""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime, timedelta
from importlib.metadata import version
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[3]))

from tests.planning.test_fit import OTHER, log_of

CARDS, SEED = 1250, 7


def by_py_fsrs() -> list[float]:
    """What `fsrs.Optimizer` finds."""
    from fsrs import Optimizer, Rating, ReviewLog

    log = log_of(OTHER, CARDS, SEED)
    begin = datetime(2024, 1, 1, 12, tzinfo=UTC)
    reviews = [
        ReviewLog(
            card_id=int(card),
            rating=Rating(int(rating)),
            review_datetime=begin + timedelta(days=int(day), minutes=place % 8),
            review_duration=None,
        )
        for place, (card, rating, day) in enumerate(zip(log.card, log.rating, log.day, strict=True))
    ]
    return [float(weight) for weight in Optimizer(reviews).compute_optimal_parameters()]


def by_fsrs_rs() -> list[float]:
    """What the crate finds: an item for every answer, with all before it."""
    from fsrs_rs_python import FSRS, FSRSItem, FSRSReview

    log = log_of(OTHER, CARDS, SEED)
    items = []
    for card in range(CARDS):
        own = np.flatnonzero(log.card == card)
        elapsed = [0, *np.diff(log.day[own]).tolist()]
        reviews = [FSRSReview(int(log.rating[place]), days) for place, days in zip(own, elapsed, strict=True)]
        items += [FSRSItem(reviews[:end]) for end in range(2, len(reviews) + 1) if elapsed[end - 1] > 0]
    return [float(weight) for weight in FSRS([]).compute_parameters(items)]


if __name__ == "__main__":
    found = {
        "cards": CARDS,
        "seed": SEED,
        "versions": {name: version(name) for name in ("fsrs", "fsrs-rs-python", "torch")},
        "py-fsrs": by_py_fsrs(),
        "fsrs-rs": by_fsrs_rs(),
    }
    Path(__file__).with_name("oracles.json").write_text(json.dumps(found, indent=1) + "\n")
