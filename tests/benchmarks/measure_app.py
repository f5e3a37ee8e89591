"""The app without its screen on one collection: ``python measure_app.py`` prints its times in seconds as JSON.

Run by run.py in a process of its own, on an installed copy of the app, with the collection as ``STUDYAPP_HOME``.

An answer is measured from the rating to the next turn: the answer is on disk (WAL, ``synchronous = FULL``: one
``fsync`` a commit), the next card is read and its question is made. As on the screen, the session has had the time
between the verdict and the rating to draw the next question's numbers; ``answer unprepared`` is the same without. A
search is what the browser does: the flags, and the first cards up to as many as it lists.
"""

from __future__ import annotations

import json
import os
import statistics
import sys
import time
from collections.abc import Callable
from typing import Any

from studyapp.deck.query import parse_query
from studyapp.deck.search import search
from studyapp.folders import find_folders
from studyapp.schedule.rating import Rating
from studyapp.services import Services, open_services
from studyapp.session import Session
from studyapp.settings import Settings

ANSWERS = 100
LISTED = 501
"""As many cards as the browser asks for."""


def spent(action: Callable[[], Any]) -> float:
    """Seconds that one call takes."""
    begun = time.perf_counter()
    action()
    return time.perf_counter() - begun


def median(action: Callable[[], Any], times: int) -> float:
    """The median of several calls."""
    return statistics.median(spent(action) for _ in range(times))


def measure() -> dict[str, float]:
    """Seconds for what a learner does."""
    folders, settings = find_folders(), Settings()
    found: dict[str, float] = {}

    def open_to_first_card() -> tuple[Services, Session]:
        services = open_services(folders, settings)
        session = services.session()
        assert session.turn is not None
        return services, session

    open_to_first_card()[0].close()  # loads NumPy and FSRS, as a second session of a process would have them
    times = []
    for _ in range(5):
        begun = time.perf_counter()
        services, session = open_to_first_card()
        times.append(time.perf_counter() - begun)
        services.close()
    found["open"] = statistics.median(times)

    services, session = open_to_first_card()

    def answer() -> None:
        session.rate(Rating.GOOD)
        assert session.turn is not None

    def undo() -> None:
        session.undo()
        assert session.turn is not None

    def answers(prepared: bool) -> list[float]:
        times = []
        for _ in range(ANSWERS):
            session.give_up()
            if prepared:
                session.prepare()
            times.append(spent(answer))
        return times

    def undo_all() -> list[float]:
        return [spent(undo) for _ in range(ANSWERS)]  # the collection is as it was, but for its log

    found["answer unprepared"] = statistics.median(answers(prepared=False))
    undo_all()
    times = answers(prepared=True)
    found["answer"] = statistics.median(times)
    found["answer p95"] = statistics.quantiles(times, n=20)[-1]
    found["undo"] = statistics.median(undo_all())

    store, bank = services.store, services.bank

    def counts_anew() -> float:
        session.flag()  # whatever is written makes the store count anew
        return spent(lambda: store.overview(services.limits))

    today = store.today
    found["search word"] = median(lambda: list(search(bank, parse_query("minimiser 777"), limit=LISTED)), 5)
    found["search due"] = median(
        lambda: list(search(bank, parse_query("is:due"), store.flag_lookup(["due"]), LISTED)), 5
    )
    found["deck counts"] = statistics.median(counts_anew() for _ in range(6))

    def graphs() -> None:
        figures = store.statistics()
        figures.calendar(today - 365, today)
        figures.ratings(today - 365, today)
        figures.retention(today - 365, today)
        figures.forecast(365)
        figures.collection()

    found["statistics"] = median(graphs, 3)
    services.close()
    return found


if __name__ == "__main__":
    assert "STUDYAPP_HOME" in os.environ
    sys.stdout.write(json.dumps(measure()) + "\n")
