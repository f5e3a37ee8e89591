"""Targets as values, their file, and what of the log goes into a plan."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from studyapp.grading.verdict import Outcome
from studyapp.schedule.rating import Rating
from studyapp.services import Services
from studyapp.store.log import AnswerRecord, Mode
from studyapp.target.cards import TargetCards, cards_of, source_of, times
from studyapp.target.target import Said, Target, TargetError, Targets, day_named, days_off_named, load, save
from studyapp.target.today import in_order_of_building
from tests.desk import Desk, recall_deck

TODAY = date(2026, 3, 2).toordinal()  # a Monday


def target(days: int = 10, minutes: float = 30, **more: Any) -> Target:
    return Target.new(1, TODAY + days, minutes, TODAY, **more)


class TestTarget:
    def test_days_off_bring_no_time_and_the_day_itself_a_warm_up(self) -> None:
        one = target(days=9, days_off=("sun", "2026-03-04"))
        minutes = [one.seconds_on(TODAY + day) / 60 for day in range(11)]
        assert minutes == [30, 30, 0, 30, 30, 30, 0, 30, 30, 10, 0]
        assert one.days_left(TODAY) == 9
        assert one.seconds_later(TODAY) == 60 * 30 * 6 / 8

    def test_on_the_last_day_and_on_the_date_there_is_a_day_left(self) -> None:
        one = target(days=1)
        assert (one.days_left(TODAY), one.seconds_later(TODAY)) == (1, 0.0)
        assert (one.days_left(TODAY + 1), one.seconds_on(TODAY + 1)) == (1, 600)

    @pytest.mark.parametrize(
        ("given", "word"),
        [
            ({"days": 0}, "not after today"),
            ({"days": -1}, "not after today"),
            ({"days": 9999}, "not after today"),
            ({"minutes": 0}, "0 minutes"),
            ({"minutes": float("nan")}, "nan minutes"),
            ({"minutes": 1500}, "1500 minutes"),
            ({"days_off": ("someday",)}, "someday is no day off"),
            ({"weights": {"focal": -1.0}}, "focal has a weight of -1"),
        ],
    )
    def test_what_cannot_be_is_refused_in_words(self, given: dict[str, Any], word: str) -> None:
        with pytest.raises(TargetError, match=word):
            target(**given)

    def test_a_forecast_takes_the_place_of_that_of_the_same_day(self) -> None:
        one = target().saying(Said(TODAY, 0.1, 0.5, 0.4, 0.6)).saying(Said(TODAY + 1, 0.1, 0.6, 0.5, 0.7))
        assert [said.plan for said in one.saying(Said(TODAY + 1, 0.1, 0.7, 0.6, 0.8)).said] == [0.5, 0.7]

    def test_present_ones_come_by_date_and_past_ones_by_the_latest(self) -> None:
        near, far = target(days=3), Target.new(2, TODAY + 30, 10, TODAY)
        both = Targets().with_target(far).with_target(near)
        assert both.present(TODAY) == (near, far)
        assert both.present(TODAY + 4) == (far,)
        assert both.past(TODAY + 31) == (far, near)
        assert both.with_new(TODAY, day=TODAY + 1).targets[-1].number == 3


@pytest.mark.parametrize(
    ("words", "days"),
    [(("Sat,Sunday",), ("sat", "sun")), (("2026-03-04", "sat", "sat"), ("2026-03-04", "sat")), (("",), ())],
)
def test_days_off_are_read_as_people_write_them(words: tuple[str, ...], days: tuple[str, ...]) -> None:
    assert days_off_named(words) == days


def test_what_is_no_date_is_told() -> None:
    assert day_named(" 2026-03-02 ") == TODAY
    with pytest.raises(TargetError, match="9 March is no date"):
        day_named("9 March")


class TestFile:
    def test_what_was_saved_is_loaded(self, tmp_path: Path) -> None:
        both = Targets((target(days_off=("sun",), weights={"a": 2.0}), Target.new(2, TODAY + 3, 5, TODAY)))
        save(tmp_path / "home" / "targets.json", both)
        assert load(tmp_path / "home" / "targets.json") == both

    def test_no_file_is_no_target(self, tmp_path: Path) -> None:
        assert load(tmp_path / "targets.json") == Targets()

    @pytest.mark.parametrize("text", ["", "[]", "{", '{"targets": [{"number": 1}]}', "\xff", "[" * 100_000,
        '{"targets": [{"number": 1, "day": 1, "minutes": -5, "since": 1}]}'])  # fmt: skip
    def test_a_damaged_file_is_put_aside(self, tmp_path: Path, text: str) -> None:
        path = tmp_path / "targets.json"
        path.write_bytes(text.encode("latin-1"))
        with pytest.raises(TargetError, match="damaged"):
            load(path)
        assert not path.exists()
        assert (tmp_path / "damaged" / "targets-1.json").read_bytes() == text.encode("latin-1")
        assert load(path) == Targets()


def test_what_is_built_on_comes_first() -> None:
    leads = {"b": ("a",), "c": ("b", "gone")}
    assert in_order_of_building("abcd", lambda card: leads.get(card, ())) == ("c", "b", "a", "d")
    circle = {"a": ("b",), "b": ("a",)}
    assert sorted(in_order_of_building("ab", lambda card: circle.get(card, ()))) == ["a", "b"]


def test_a_card_takes_its_own_time_the_more_the_oftener_it_was_answered() -> None:
    never, once, often = times(
        ("never", "once", "often"), ("recall",) * 3, [("once", 1, 100.0), ("often", 50, 5000.0)]
    ).tolist()
    assert never < once < often < 100
    assert never > 80, "the kind's mean is drawn to what its answers took"
    assert times(("a",), ("code",), []).tolist() == [240.0]


@pytest.fixture
def services(desk: Desk) -> Services:
    desk.write_deck("one", recall_deck("one", 4, order=1))
    desk.write_deck("two", recall_deck("two", 4, order=2))
    return desk.open()


def cards(services: Services, **more: Any) -> TargetCards:
    one = Target.new(1, services.store.today + 10, 30, services.store.today, **more)
    return cards_of(one, source_of([one], services.bank, services.store, services.topics()))


def answer(services: Services, card_id: str, mode: Mode = Mode.REVIEW) -> None:
    """A right answer in a review, or a wrong one in an interview."""
    wrong = mode is Mode.MOCK
    record = AnswerRecord(
        card_id,
        Rating.AGAIN if wrong else Rating.EASY,
        mode=mode,
        outcome=Outcome.WRONG if wrong else Outcome.CORRECT,
        score=0.0 if wrong else 1.0,
        duration=40_000,
    )
    services.store.record(record, services.store.state(card_id))


class TestCards:
    def test_are_those_of_its_decks_and_its_search_that_are_not_set_aside(self, services: Services) -> None:
        from studyapp.store.log import Mark

        assert len(cards(services)) == 8
        assert set(cards(services, decks=("two",)).card_ids) == {f"two-{n}" for n in range(4)}
        assert cards(services, search="deck:one 2").card_ids == ("one-2",)
        services.store.mark("one-1", Mark.SUSPEND)
        services.store.mark("one-3", Mark.BURY)
        assert cards(services, decks=("one",)).card_ids == ("one-0", "one-2")

    @pytest.mark.parametrize("more", [{"decks": ("gone",)}, {"search": "deck:("}, {"search": "tag:nosuch"}])
    def test_a_deck_or_search_that_is_gone_is_trouble_and_no_cards(self, services: Services, more: Any) -> None:
        one = Target.new(1, services.store.today + 10, 30, services.store.today, **more)
        source = source_of([one], services.bank, services.store, services.topics())
        assert len(cards_of(one, source)) == 0
        assert source.trouble[1]

    def test_weights_count_by_deck_and_zero_leaves_out(self, services: Services) -> None:
        found = cards(services, weights={"one": 3.0, "two": 0.0})
        assert found.importance.tolist() == [3.0] * 4 + [0.0] * 4

    def test_carry_what_is_believed_and_what_was_spent_today(self, services: Services) -> None:
        answer(services, "one-0")
        found = cards(services)
        state = services.store.state("one-0")
        assert state is not None
        assert found.stability[0] == pytest.approx(state.stability)
        assert found.is_new.tolist() == [False] + [True] * 7
        assert found.spent_today == 40.0

    def test_a_bad_interview_makes_the_cards_of_its_topic_less_firm(self, services: Services) -> None:
        for number in range(4):
            answer(services, f"one-{number}")
            answer(services, f"two-{number}")
        before = cards(services).stability
        for number in range(4):
            answer(services, f"one-{number}", Mode.MOCK)
        after = cards(services).stability
        assert (after[:4] < 0.5 * before[:4]).all()
        assert after[4:] == pytest.approx(before[4:])
