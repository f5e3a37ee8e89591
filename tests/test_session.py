"""A whole study session without a screen, on real decks and a real store."""

from __future__ import annotations

import random
import re
import sqlite3
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from studyapp.deck.bank import UnknownDeck
from studyapp.grading.verdict import Outcome
from studyapp.kinds.ask import ask
from studyapp.schedule.rating import Rating
from studyapp.session import Session
from studyapp.store.errors import AnsweredElsewhere, StoreError
from tests.desk import Desk, ManualClock, recall_deck

MIXED = r"""
deck: mixed
title: Mixed
cards:
  - {id: half, kind: compute, question: "Half of {x}?", draw: {x: {integers: [2, 90]}}, answer: x / 2,
     wrong: [{id: doubled, value: 2 * x, say: "That is twice {x}."}], hints: [Divide by two.]}
  - id: sure
    kind: choice
    question: Which loss counts mistakes?
    options: [{text: 0-1, correct: true, why: Yes.}, {text: hinge, why: No.}, {text: log, why: No.}]
  - {id: told, kind: recall, question: Define MSE., answer: The mean square., points: [mean, square]}
"""
MIXED_ZH = "deck: mixed\nlanguage: zh\ntitle: 混合\ncards:\n  told: {question: 定义均方误差。}\n"


def study(session: Session, clock: ManualClock, choose: Callable[[Session], Rating], answers: int = 10**6) -> list[str]:
    """Answer until nothing is left to ask, at most ``answers`` cards; the ids in the order in which they came."""
    asked = []
    while session.turn is not None and len(asked) < answers:
        asked.append(session.turn.card.id)
        session.give_up()
        clock.move(seconds=15)
        session.rate(choose(session))
    return asked


def _in_pairs(found: re.Match[str]) -> str:
    return f"{found[1]}-{int(found[2]) // 2}"


def test_a_session_runs_from_the_first_new_card_to_the_summary(desk: Desk, clock: ManualClock) -> None:
    desk.write_deck("mixed", MIXED)
    session = desk.open().session()
    assert (session.counts.new, session.counts.learning, session.counts.review) == (3, 0, 0)

    asked = study(session, clock, lambda _: Rating.EASY)
    assert asked == ["half", "sure", "told"]
    assert session.turn is None and session.waiting is None
    summary = session.summary()
    assert (summary.answers, summary.cards, summary.right, summary.seconds) == (3, 3, 3, 45.0)
    assert summary.next_due is not None and summary.next_due > clock.now + timedelta(days=1)


def test_what_is_due_comes_back_on_its_day_and_not_before(desk: Desk, clock: ManualClock) -> None:
    desk.write_deck("mixed", MIXED)
    services = desk.open()
    study(services.session(), clock, lambda _: Rating.EASY)
    due = services.store.next_due((), clock.now)
    assert due is not None
    clock.now = due - timedelta(minutes=1)
    assert services.session().turn is None
    clock.now = due
    turn = services.session().turn
    assert turn is not None and turn.phase == "review"


def test_the_interval_shown_is_the_interval_given(desk: Desk, clock: ManualClock) -> None:
    desk.write_deck("many", recall_deck("many", 40))
    services = desk.open(new_per_day=40)
    chance = random.Random(1)
    for _ in range(30):
        session = services.session()
        while session.turn is not None:
            session.give_up()
            rating = chance.choice(list(Rating))
            shown, at = session.turn.previews[rating], clock.now
            recorded = session.rate(rating)
            if shown < timedelta(days=1):
                assert recorded.due_at == at + shown
            else:
                assert services.store.days.day_of(recorded.due_at) - services.store.days.day_of(at) == shown.days
            clock.move(seconds=40)
        clock.move(days=1)


def test_a_session_is_the_same_for_the_same_clock_and_store(tmp_path: Path) -> None:
    def play(root: Path) -> list[tuple[str, str]]:
        clock = ManualClock()
        desk = Desk(root, clock)
        desk.write_deck("mixed", MIXED)
        desk.write_deck("plain", recall_deck("plain", 30))
        chance, seen = random.Random(7), []
        for _ in range(12):
            session = desk.open().session()
            while session.turn is not None:
                seen.append((session.turn.card.id, session.turn.question.text))
                session.give_up()
                session.rate(chance.choice(list(Rating)))
                clock.move(seconds=20)
            desk.close()
            clock.move(days=1)
        return seen

    first, second = play(tmp_path / "a"), play(tmp_path / "b")
    assert len(first) > 150
    assert first == second


def test_thousands_of_answers_leave_states_equal_to_the_replay_of_the_log(desk: Desk, clock: ManualClock) -> None:
    desk.write_deck("many", recall_deck("many", 120))
    services = desk.open(new_per_day=30)
    chance = random.Random(3)
    answers = 0
    while answers < 2000:
        session = services.session()
        while session.turn is not None:
            act = chance.random()
            if act < 0.03:
                session.undo()
            elif act < 0.05:
                session.bury()
            elif act < 0.07:
                session.flag()
            else:
                session.give_up()
                session.rate(chance.choices(list(Rating), [2, 1, 6, 1])[0])
                answers += 1
            clock.move(seconds=12)
        clock.move(hours=chance.choice([3, 9, 24, 24, 24, 200]))
    assert services.store.check() == ()


def test_the_first_readable_answer_counts_and_later_tries_do_not_raise_it(desk: Desk) -> None:
    desk.write_deck("mixed", MIXED)
    services = desk.open()
    session = services.session()
    assert session.turn is not None
    x = session.turn.question.values["x"]

    assert session.answer("((").outcome is Outcome.INVALID
    assert session.turn.tries == 0 and session.turn.suggested is None
    assert session.answer(str(2 * x)).misconception == "doubled"
    assert session.turn.suggested is Rating.AGAIN
    assert session.answer(str(x / 2)).outcome is Outcome.CORRECT
    assert session.turn.suggested is Rating.AGAIN

    session.rate(Rating.AGAIN)
    entry = services.store.history("half")[-1]
    assert entry.answer is not None
    assert (entry.answer.outcome, entry.answer.misconception, entry.answer.tries) == ("misconception", "doubled", 2)
    assert entry.answer.answer == str(2 * x) and str(x) in (entry.answer.drawn or "")


def test_a_hint_lowers_the_suggested_rating(desk: Desk) -> None:
    desk.write_deck("mixed", MIXED)
    session = desk.open().session()
    assert session.turn is not None
    assert session.hint() == "Divide by two."
    assert session.hint() is None
    session.answer(str(session.turn.question.values["x"] / 2))
    assert session.turn.suggested is Rating.HARD


def test_ticked_points_suggest_the_rating_of_a_recall_card(desk: Desk) -> None:
    desk.write_deck("mixed", MIXED)
    session = desk.open().session()
    while session.turn is not None and session.turn.card.id != "told":
        session.bury()
    assert session.turn is not None
    session.answer("")
    for ticked, rating in [(set(), Rating.AGAIN), ({0}, Rating.AGAIN), ({0, 1}, Rating.GOOD)]:
        session.tick(ticked)
        assert session.turn.suggested is rating, ticked


def test_a_question_prepared_ahead_is_asked_unless_its_card_was_edited(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = desk.write_deck("mixed", MIXED)
    services = desk.open()
    session = services.session()
    session.give_up()
    session.prepare()
    monkeypatch.setattr("studyapp.session.ask", lambda *_: pytest.fail("drawn again"))
    session.rate(Rating.EASY)
    monkeypatch.undo()
    assert session.turn is not None and session.turn.card.id == "sure"
    assert session.turn.question == ask(session.turn.card, session.turn.question.seed)

    session.give_up()
    session.prepare()
    path.write_text(MIXED.replace("Define MSE.", "What is the MSE?"), encoding="utf-8")
    services.bank.refresh()
    session.rate(Rating.EASY)
    assert session.turn.question.text == "What is the MSE?"


def test_a_card_is_rated_only_after_it_was_answered(desk: Desk) -> None:
    desk.write_deck("mixed", MIXED)
    services = desk.open()
    with pytest.raises(ValueError, match="after it was answered"):
        services.session().rate(Rating.GOOD)
    assert services.store.is_empty()


class TestUndo:
    def test_undo_brings_back_the_card_with_the_same_numbers(self, desk: Desk, clock: ManualClock) -> None:
        desk.write_deck("mixed", MIXED)
        session = desk.open().session()
        assert session.turn is not None
        before = session.turn
        study(session, clock, lambda _: Rating.GOOD, answers=1)
        undone = session.undo()
        assert undone is not None and undone.what == "Good on half"
        assert session.turn is not None
        assert session.turn.question == before.question and session.turn.phase == "new"
        assert session.summary().answers == 0

    def test_any_number_of_answers_is_undone_across_restarts(self, desk: Desk, clock: ManualClock) -> None:
        desk.write_deck("many", recall_deck("many", 8))
        study(desk.open().session(), clock, lambda _: Rating.GOOD, answers=5)
        desk.close()
        clock.move(days=3)
        study(desk.open().session(), clock, lambda _: Rating.HARD, answers=7)
        desk.close()
        services = desk.open()
        session = services.session()
        assert sum(session.undo() is not None for _ in range(20)) == 12
        assert session.counts.new == 8
        tables = services.store.home / "progress.db"
        with sqlite3.connect(tables) as connection:
            assert connection.execute("SELECT count(*) FROM card_state").fetchone() == (0,)

    @pytest.mark.parametrize("seed", range(8))
    def test_an_undo_leads_where_a_queue_built_anew_would(self, desk: Desk, clock: ManualClock, seed: int) -> None:
        """What was asked is asked again, as much is left as before, and a session that is opened then has as much."""
        chance = random.Random(seed)
        pairs = recall_deck("pairs", 30).replace("    kind:", "    group: pair-0\n    kind:")
        desk.write_deck("pairs", re.sub(r"(id: pairs-(\d+)\n    group: pair)-0", _in_pairs, pairs))
        desk.write_deck("many", recall_deck("many", 60, order=5))
        services = desk.open(new_per_day=25, reviews_per_day=15, learn_ahead=20)
        for _ in range(5):  # days of study, so that there are reviews
            study(services.session(), clock, lambda _: chance.choice(list(Rating)[1:]), answers=30)
            clock.move(days=1)

        session = services.session()
        asked = []
        for _ in range(3):
            for _ in range(chance.randint(1, 12)):
                assert session.turn is not None
                asked.append((session.turn.question, session.counts))
                session.give_up()
                session.prepare()
                session.rate(chance.choice(list(Rating)))
                clock.move(seconds=20)
            for _ in range(chance.randint(1, len(asked))):
                session.undo()
                assert session.turn is not None
                assert (session.turn.question, session.counts) == asked.pop()
                assert services.session().counts == session.counts
        assert services.store.check() == ()

    def test_what_was_put_away_comes_back_into_the_queue_it_left(self, desk: Desk, clock: ManualClock) -> None:
        desk.write_deck("many", recall_deck("many", 12))
        session = desk.open(new_per_day=6).session()
        before = []
        for act in (session.bury, session.suspend, session.bury):
            assert session.turn is not None
            before.append((session.turn.card.id, session.counts))
            act()
        while before:
            session.undo()
            assert session.turn is not None
            assert (session.turn.card.id, session.counts) == before.pop()

    def test_an_undo_on_another_day_builds_that_days_queue(self, desk: Desk, clock: ManualClock) -> None:
        desk.write_deck("many", recall_deck("many", 12))
        session = desk.open(new_per_day=3).session()
        study(session, clock, lambda _: Rating.EASY, answers=2)
        clock.move(days=1)
        session.undo()
        assert session.turn is not None and session.turn.card.id == "many-1"
        assert session.counts.new == 3

    def test_an_undo_takes_back_what_another_window_did_last(self, desk: Desk, clock: ManualClock) -> None:
        desk.write_deck("many", recall_deck("many", 6))
        one = desk.open().session()
        study(one, clock, lambda _: Rating.EASY, answers=1)
        two = desk.open().session()
        study(two, clock, lambda _: Rating.EASY, answers=1)
        for card, left in (("many-1", 5), ("many-0", 6)):
            undone = one.undo()
            assert undone is not None and undone.card_id == card
            assert one.turn is not None and (one.turn.card.id, one.counts.new) == (card, left)

    def test_marks_are_undone_too(self, desk: Desk) -> None:
        desk.write_deck("mixed", MIXED)
        session = desk.open().session()
        assert session.flag() is True
        session.suspend()
        assert session.turn is not None and session.turn.card.id == "sure"
        undone = session.undo()
        assert undone is not None and undone.what == "suspend of half"
        assert session.turn.card.id == "half" and session.turn.flagged
        session.undo()
        assert not session.turn.flagged
        assert session.undo() is None


class TestDecks:
    def test_only_the_decks_named_are_asked(self, desk: Desk, clock: ManualClock) -> None:
        desk.write_deck("vision/boxes", recall_deck("boxes", 2))
        desk.write_deck("text", recall_deck("text", 2))
        session = desk.open().session(["vision"])
        assert set(study(session, clock, lambda _: Rating.EASY)) == {"boxes-0", "boxes-1"}

    def test_an_unknown_deck_names_the_nearest(self, desk: Desk) -> None:
        desk.write_deck("mixed", MIXED)
        with pytest.raises(UnknownDeck, match="did you mean mixed"):
            desk.open().session(["mixd"])

    def test_an_edit_shows_at_once_and_keeps_the_history(self, desk: Desk, clock: ManualClock) -> None:
        path = desk.write_deck("mixed", MIXED)
        services = desk.open()
        study(services.session(), clock, lambda _: Rating.GOOD, answers=3)
        clock.move(minutes=30)
        session = services.session()
        assert session.turn is not None and session.turn.card.id == "half"
        path.write_text(MIXED.replace("Half of {x}?", "What is {x} divided by two?"), encoding="utf-8")
        session.reload()
        assert session.turn.question.text.endswith("divided by two?")
        assert session.turn.phase == "learning"

    def test_a_card_deleted_while_it_is_on_the_table_gives_way_to_the_next(self, desk: Desk) -> None:
        path = desk.write_deck("mixed", MIXED)
        session = desk.open().session()
        assert session.turn is not None and session.turn.card.id == "half"
        path.write_text(MIXED.replace("id: half", "id: other"), encoding="utf-8")
        session.reload()
        assert session.turn.card.id in ("other", "sure", "told")
        session.give_up()
        session.rate(Rating.GOOD)

    def test_a_half_written_file_keeps_the_other_cards_studyable(self, desk: Desk, clock: ManualClock) -> None:
        path = desk.write_deck("mixed", MIXED)
        services = desk.open()
        session = services.session()
        path.write_text(MIXED[: MIXED.index("question: Which loss")] + "question: {", encoding="utf-8")
        session.reload()
        assert services.bank.problems()
        assert session.turn is not None and session.turn.card.id == "half"

    def test_the_language_switches_in_place_and_falls_back_to_english(self, desk: Desk) -> None:
        desk.write_deck("mixed", MIXED)
        desk.write_deck("mixed.zh", MIXED_ZH)
        session = desk.open().session()
        while session.turn is not None and session.turn.card.id != "told":
            assert session.turn.question.text
            session.bury()
        session.set_language("zh")
        assert session.turn is not None
        assert session.turn.question.text == "定义均方误差。"
        assert session.reveal().answer == "The mean square."


class TestTime:
    def test_a_learning_card_is_waited_for_beyond_the_learn_ahead_span(self, desk: Desk, clock: ManualClock) -> None:
        desk.write_deck("mixed", MIXED)
        session = desk.open(learning_steps=(45.0,), learn_ahead=20).session()
        while session.turn is not None:
            session.give_up()
            session.rate(Rating.AGAIN)
        assert session.waiting == clock.now + timedelta(minutes=45)
        clock.move(minutes=26)
        session.refresh()
        assert session.turn is not None and session.turn.phase == "learning"

    def test_a_new_study_day_brings_new_cards_into_a_running_session(self, desk: Desk, clock: ManualClock) -> None:
        desk.write_deck("many", recall_deck("many", 9))
        clock.now = datetime(2026, 3, 10, 23, 0, tzinfo=UTC)
        session = desk.open(new_per_day=3).session()
        assert len(study(session, clock, lambda _: Rating.EASY, answers=2)) == 2
        assert session.counts.new == 1
        clock.now = datetime(2026, 3, 11, 3, 59, tzinfo=UTC)
        session.refresh()
        assert session.counts.new == 1
        clock.now = datetime(2026, 3, 11, 4, 0, tzinfo=UTC)
        study(session, clock, lambda _: Rating.EASY, answers=1)
        assert session.counts.new == 2, "the card answered at 4:00 is the first of the new day's three"

    def test_a_clock_set_back_never_shortens_the_log_or_gives_a_negative_interval(
        self, desk: Desk, clock: ManualClock
    ) -> None:
        desk.write_deck("mixed", MIXED)
        services = desk.open()
        session = services.session()
        study(session, clock, lambda _: Rating.GOOD, answers=2)
        clock.move(days=-400)
        session.refresh()
        while session.turn is not None:
            assert all(interval > timedelta(0) for interval in session.turn.previews.values())
            session.give_up()
            recorded = session.rate(Rating.EASY)
            assert recorded.due_at > clock.now
        assert services.session().summary().answers == 0


class TestTrouble:
    def test_two_instances_cannot_answer_the_same_showing_of_a_card(self, desk: Desk) -> None:
        desk.write_deck("mixed", MIXED)
        one, two = desk.open().session(), desk.open().session()
        for session in (one, two):
            session.give_up()
        one.rate(Rating.GOOD)
        with pytest.raises(AnsweredElsewhere, match="another window"):
            two.rate(Rating.EASY)
        assert two.turn is not None and two.turn.card.id == "sure"
        assert len(desk.opened[0].store.history("half")) == 1

    def test_what_could_not_be_written_can_be_rated_again(self, desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
        desk.write_deck("mixed", MIXED)
        services = desk.open()
        session = services.session()
        session.give_up()
        turn = session.turn

        def full(*_: object, **__: object) -> None:
            raise sqlite3.OperationalError("database or disk is full")

        with monkeypatch.context() as broken:
            broken.setattr("studyapp.store.states.write_state", full)
            with pytest.raises(StoreError):
                session.rate(Rating.GOOD)
        assert session.turn is turn and services.store.is_empty()
        session.rate(Rating.GOOD)
        assert len(services.store.history("half")) == 1

    def test_a_card_that_cannot_be_drawn_is_passed_over_with_a_word(self, desk: Desk) -> None:
        desk.write_deck("mixed", MIXED.replace("answer: x / 2,", "answer: x / 2, where: x > 1000,"))
        session = desk.open().session()
        assert session.turn is not None and session.turn.card.id == "sure"
        (notice,) = session.take_notices()
        assert notice.startswith("half was passed over")
        assert session.take_notices() == ()
