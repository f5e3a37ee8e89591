"""Weights of one's own: taken, so that the states follow and the due days stay, and taken back."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest

from studyapp.clock import to_milliseconds
from studyapp.fitting import answers_of, fitted, is_offered, take, take_back
from studyapp.own_weights import History, load, own_weights
from studyapp.schedule.memory import FSRS6_WEIGHTS
from studyapp.schedule.rating import Rating
from studyapp.services import Services
from studyapp.store.errors import StoreError
from studyapp.store.imports import ImportedCard, ImportedReview
from studyapp.store.log import AnswerRecord, Mode
from tests.desk import Desk, recall_deck
from tests.planning.test_fit import OTHER, log_of


@pytest.fixture
def services(desk: Desk) -> Services:
    """A learner with other weights than the published ones, and years of answers."""
    desk.write_deck("plain", recall_deck("plain", 150))
    services = desk.open()
    answers = log_of(OTHER, 150)
    begin = services.clock() - timedelta(days=2000)
    cards = []
    for card in range(150):
        own = np.flatnonzero(answers.card == card)
        reviews = tuple(
            ImportedReview(
                to_milliseconds(begin + timedelta(days=int(answers.day[place]), minutes=number)),
                int(answers.rating[place]),
            )
            for number, place in enumerate(own)
            if answers.day[place] < 1990
        )
        cards.append(ImportedCard(f"plain-{card}", reviews))
    services.store.record_import(cards)
    return services


def states(services: Services) -> dict[str, tuple[float, float, int]]:
    found = {f"plain-{card}": services.store.state(f"plain-{card}") for card in range(150)}
    return {card: (state.stability, state.difficulty, state.due_day) for card, state in found.items() if state}


def test_the_log_is_read_card_by_card_in_its_order(services: Services) -> None:
    answers, ids = answers_of(services.store)
    assert len(ids) == len(answers.card) > 900
    same_card = answers.card[1:] == answers.card[:-1]
    assert (answers.day[1:][same_card] >= answers.day[:-1][same_card]).all()
    assert answers.is_first.sum() == 150


def test_taken_weights_hold_at_the_next_start_and_the_states_follow(services: Services, desk: Desk) -> None:
    path, before = services.folders.weights, states(services)
    assert is_offered(services.store, History())
    found = fitted(services.store)
    assert found is not None
    history = take(services.store, path, History(), found)
    assert own_weights(path) == found.weights
    assert not is_offered(services.store, history), "only when the log has doubled"
    after = states(services)
    moved = sum(abs(after[card][0] - before[card][0]) > 1e-6 for card in before)
    assert moved > 100
    assert {card: due for card, (_, _, due) in after.items()} == {card: due for card, (_, _, due) in before.items()}
    again = desk.open()
    assert again.store.scheduler.settings.weights == found.weights
    assert states(again) == after
    assert not [finding for finding in again.store.check(thorough=True) if finding.cure]


def test_one_undo_brings_weights_and_states_back(services: Services, desk: Desk) -> None:
    path, before = services.folders.weights, states(services)
    found = fitted(services.store)
    assert found is not None
    history = take(services.store, path, History(), found)
    assert take_back(services.store, path, history).present is None
    assert states(services) == before
    assert desk.open().store.scheduler.settings.weights == FSRS6_WEIGHTS


def test_weights_that_cannot_be_saved_change_nothing(services: Services, monkeypatch: pytest.MonkeyPatch) -> None:
    before = states(services)
    found = fitted(services.store)
    assert found is not None

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("studyapp.fitting.save", full)
    with pytest.raises(StoreError, match="full"):
        take(services.store, services.folders.weights, History(), found)
    assert states(services) == before


@pytest.mark.parametrize("text", ["", "{", '{"taken": [{"weights": [1], "reviews": 1, "later_loss": 1, '
    '"later_loss_before": 1, "day": 1}]}', '{"taken": [{"weights": "x"}]}'])  # fmt: skip
def test_a_damaged_file_lets_the_published_weights_hold(tmp_path: Path, text: str) -> None:
    path = tmp_path / "weights.json"
    path.write_text(text, "utf-8")
    assert own_weights(path) is None
    assert load(path) == History()
    assert (tmp_path / "damaged" / "weights-1.json").read_text("utf-8") == text


def test_a_fit_does_not_take_over_the_due_days_that_were_set_here(services: Services) -> None:
    """For an export it stays known which cards this app has scheduled since another program told of them."""
    for card in ("plain-3", "plain-5"):
        services.store.record(AnswerRecord(card, Rating.GOOD, Mode.AHEAD), services.store.state(card))
    here = services.store.changed_here()
    assert here == {"plain-3", "plain-5"}
    found = fitted(services.store)
    assert found is not None
    take(services.store, services.folders.weights, History(), found)
    assert services.store.changed_here() == here
