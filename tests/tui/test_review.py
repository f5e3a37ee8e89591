"""A session on the screen: every kind of card from question to rating, and what happens beside it."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from pathlib import Path
from time import monotonic

import pytest
from textual.widgets import Input, TextArea

from studyapp.grading.verdict import Outcome
from studyapp.kinds.code.runner import run_function
from studyapp.schedule.memory import Phase
from studyapp.schedule.rating import Rating
from studyapp.settings import Settings
from studyapp.store.errors import DiskFull
from studyapp.tui.screens.review import ReviewScreen
from studyapp.tui.screens.summary import SummaryScreen
from studyapp.tui.widgets.rating_bar import RatingBar


def answers(stage):
    """The answers in the log that were not taken back, as (card, rating, outcome)."""
    store = stage.services.store
    events = [event for entry in stage.services.bank.entries() for event in store.history(entry.card_id)]
    return [
        (event.card_id, event.answer.rating, event.answer.outcome)
        for event in events
        if event.answer is not None and not event.undone
    ]


def marked(stage) -> Rating | None:
    return stage.app.screen.query_one(RatingBar).marked


TICK = "Tick what you had, or rate: 1–4."


def line_of(stage, text: str) -> int:
    """The line of the screen in which a text stands."""
    return next(number for number, line in enumerate(stage.text.splitlines()) if text in line)


class TestRecall:
    async def test_the_answer_stays_hidden_until_it_is_revealed(self, perform):
        async with perform(cards="recall-bce cloze-median") as stage:
            await stage.see("Define binary cross-entropy [brackets] for pᵢ = σ(zᵢ).")
            assert "both terms" not in stage.text
            await stage.press("3")
            assert answers(stage) == []
            await stage.press("space")
            await stage.see("BCE = −", "[ ] averaged over samples", "1 Again 1m", "3 Good 10m", "4 Easy 8d")

    async def test_the_interval_shown_is_the_interval_given(self, perform):
        async with perform(cards="recall-bce cloze-median") as stage:
            await stage.press("space")
            shown = stage.app.screen.turn.previews[Rating.EASY]
            await stage.press("4")
            state = stage.services.store.state("recall-bce")
            assert state.phase is Phase.REVIEW
            assert timedelta(days=state.interval) == shown

    async def test_ticked_points_move_the_suggested_rating(self, perform):
        async with perform(cards="recall-bce cloze-median") as stage:
            await stage.press("space")
            assert marked(stage) is None
            await stage.press("space")
            assert marked(stage) is Rating.AGAIN
            await stage.press("down", "space", "down", "space")
            await stage.see("[x] sigmoid output")
            assert marked(stage) is Rating.GOOD
            await stage.press("enter")
            assert answers(stage) == [("recall-bce", Rating.GOOD, "self_rated")]

    async def test_passing_by_without_a_tick_is_no_rating(self, perform):
        async with perform(cards="recall-bce cloze-median") as stage:
            await stage.press("space", "enter", "enter")
            await stage.see(TICK, "Define binary cross-entropy")
            assert answers(stage) == []
            await stage.press("3")
            assert answers(stage) == [("recall-bce", Rating.GOOD, "self_rated")]

    async def test_no_tick_means_no_suggestion_and_some_say_what_they_come_to(self, perform):
        async with perform(cards="recall-bce cloze-median") as stage:
            await stage.press("space")
            await stage.see(TICK)
            await stage.press("space", "down", "space")
            await stage.see("2 of 3 points: Hard suggested.", "▸2 Hard")
            await stage.press("space", "up", "space")
            await stage.see(TICK)

    async def test_points_below_the_screen_are_said_and_not_ticked_unseen(self, perform):
        async with perform(cards="explain-mae recall-bce", size=(40, 15)) as stage:
            await stage.type("because")
            await stage.press("ctrl+s")
            await stage.see("Points to tick are below: ↓", " 3 Good")
            await stage.press("space")
            await stage.see("[ ] linear growth", "[ ] bounded gradient", TICK)
            await stage.press("space")
            await stage.see("[x] linear growth", "1 of 2 points: Again suggested.")

    async def test_space_reveals_and_ticks_but_never_rates(self, perform):
        async with perform(cards="cloze-median recall-matrix") as stage:
            await stage.press("ctrl+g", "space", "space")
            assert answers(stage) == []
            await stage.press("enter", "space", "space", "space")
            await stage.see("▸3 Good")
            assert len(answers(stage)) == 1

    async def test_a_hint_lowers_the_suggestion(self, perform):
        async with perform(cards="recall-bce cloze-median") as stage:
            await stage.press("h")
            await stage.see("Hint 1: It has two terms.")
            await stage.press("h", "h")
            await stage.see("Hint 2: Each term has a logarithm.")
            await stage.press("space", "space", "down", "space", "down", "space")
            assert marked(stage) is Rating.HARD


class TestTyped:
    async def test_an_explanation_is_compared_with_the_rubric(self, perform):
        async with perform(cards="explain-mae cloze-median") as stage:
            await stage.type("it grows linearly?")
            assert stage.app.screen.query_one(TextArea).text == "it grows linearly?"
            await stage.press("ctrl+s")
            await stage.see("Compare with the answer", "[x] linear growth", "[ ] bounded gradient")
            await stage.press("down", "space")
            assert marked(stage) is Rating.GOOD

    async def test_gaps_are_filled_one_after_the_other(self, perform):
        async with perform(cards="cloze-median explain-mae") as stage:
            await stage.type("median\nwrong\n")
            await stage.see("Partly right (50%)", "✓ 1", "✗ 2", "right is “mean”")
            assert marked(stage) is Rating.AGAIN
            assert isinstance(stage.app.focused, RatingBar)

    async def test_a_refused_word_is_counted_as_right_by_a_key_and_taken_back_by_it(self, perform):
        async with perform(cards="cloze-median explain-mae") as stage:
            await stage.type("median\nthe middle\n")
            await stage.see("Partly right (50%)", "I was right")
            await stage.press("w")
            await stage.see("✓ Correct", "Right by your own word")
            assert marked(stage) is Rating.GOOD
            await stage.press("w")
            await stage.see("Partly right (50%)")
            await stage.press("w", "l")
            await stage.see("按你自己的判断算对")
            await stage.press("enter")
            assert answers(stage) == [("cloze-median", Rating.GOOD, "correct")]

    async def test_a_number_is_read_back_while_it_is_typed_and_nothing_is_given_away(self, perform):
        async with perform(cards="compute-bce explain-mae") as stage:
            await stage.type("-ln(0.7)/2")
            await stage.see("read as −ln(0.7)/2 = 0.178337")
            assert stage.app.screen.turn.verdict is None

    async def test_a_right_number(self, perform):
        async with perform(cards="compute-bce explain-mae") as stage:
            right = stage.app.screen.session.reveal().answer
            await stage.type(f"{right}\n")
            await stage.see("✓ Correct")
            await stage.press("enter")
            assert answers(stage) == [("compute-bce", Rating.GOOD, "correct")]

    async def test_a_known_mistake_is_named(self, perform):
        async with perform(cards="formula-gradient explain-mae") as stage:
            await stage.type("y - a")
            await stage.see("read as y − a")
            await stage.press("enter")
            await stage.see("✗ Wrong: a known mistake", "The sign is reversed")
            assert stage.app.screen.turn.counted.misconception == "sign"

    async def test_what_cannot_be_read_counts_for_nothing_and_is_pointed_at(self, perform):
        async with perform(cards="compute-bce explain-mae") as stage:
            await stage.type("0.5 +* 2\n")
            await stage.see("? Not counted", "▲")
            field = stage.app.focused
            assert isinstance(field, Input) and field.cursor_position == 5
            assert stage.app.screen.turn.counted is None

    async def test_parts_are_asked_in_fields_of_their_own(self, perform):
        async with perform(cards="compute-parts explain-mae") as stage:
            await stage.type("2.125\n1.25\n")
            await stage.see("✓ Correct", "✓ part 1", "✓ part 2")

    async def test_giving_up_shows_the_answer_and_suggests_again(self, perform):
        async with perform(cards="formula-gradient explain-mae") as stage:
            await stage.press("ctrl+g")
            await stage.see("Given up", "a − y")
            assert marked(stage) is Rating.AGAIN

    async def test_letters_are_text_until_the_field_is_left(self, perform):
        async with perform(cards="cloze-median explain-mae") as stage:
            await stage.press("f", "b", "s", "e", "u", "1", "question_mark")
            assert stage.app.focused.value == "fbseu1?"
            assert stage.services.store.undoable() is None
            await stage.press("escape", "f")
            assert stage.services.store.marks("cloze-median").flagged
            await stage.press("i")
            assert isinstance(stage.app.focused, Input)
            assert stage.app.screen.panel.answer == "fbseu1?\n"

    async def test_a_second_try_does_not_change_what_counts(self, perform):
        async with perform(cards="formula-gradient explain-mae") as stage:
            await stage.type("y-a\n")
            await stage.press("r")
            field = stage.app.focused
            assert isinstance(field, Input) and field.value == "y-a"
            field.value = ""
            await stage.type("a-y\n")
            await stage.see("✓ Correct")
            assert marked(stage) is Rating.AGAIN
            await stage.press("enter")
            assert answers(stage) == [("formula-gradient", Rating.AGAIN, "misconception")]


class TestChosen:
    async def test_an_option_is_chosen_by_its_number(self, perform):
        async with perform(cards="choice-outliers explain-mae") as stage:
            place = stage.app.screen.question.options.index("MSE") + 1
            await stage.press(str(place))
            await stage.see(f"{place} (•) MSE")
            await stage.press("enter")
            await stage.see("✓ Correct", "Errors are squared.")

    async def test_several_options_are_ticked(self, perform):
        async with perform(cards="choice-several explain-mae") as stage:
            options = stage.app.screen.question.options
            for place, option in enumerate(options):
                if option in ("hinge", "logistic"):
                    await stage.press(*["down"] * (place - stage.app.focused.cursor), "space")
            await stage.press("enter")
            await stage.see("✓ Correct")

    async def test_steps_are_put_in_order_by_their_numbers(self, perform):
        async with perform(cards="order-derivation explain-mae") as stage:
            shown = stage.app.screen.question.options
            right = ["Write the loss.", "Apply the chain rule.", "Collect the terms."]
            await stage.press(*(str(shown.index(step) + 1) for step in right))
            await stage.see("1. [", "– [")
            await stage.press("enter")
            await stage.see("✓ Correct")

    async def test_steps_are_moved_as_lines(self, perform):
        async with perform(cards="order-derivation explain-mae") as stage:
            await stage.press("1", "2", "3")
            items = stage.app.focused
            await stage.press("home", "down", "shift+up")
            assert items.order == [1, 0, 2]
            await stage.press("down", "down", "shift+down")
            assert items.order == [1, 0]
            await stage.press("backspace")
            assert items.order == [1]


class TestCode:
    async def test_code_runs_and_each_group_reports(self, perform):
        async with perform(cards="code-mae explain-mae") as stage:
            await stage.see("def mae(y_true, y_pred):")
            await stage.type("return sum(abs(a - b) for a, b in zip(y_true, y_pred))")
            await stage.press("ctrl+s")
            await stage.until(lambda: stage.app.screen.verdict is not None, "a verdict")
            await stage.see("✗ value", "✓ edge cases")
            assert not stage.app.screen.solution_shown
            await stage.press("v")
            assert stage.app.screen.solution_shown

    async def test_the_solution_comes_into_sight_on_a_small_screen(self, perform):
        async with perform(cards="code-mae explain-mae", size=(40, 15)) as stage:
            await stage.type("return 0")
            await stage.press("ctrl+s")
            await stage.see("✗ Wrong")
            await stage.press("v")
            await stage.see("Answer", "Mean absolute error:", "MAE = ")

    async def test_an_unfinished_function_survives_quitting(self, perform):
        async with perform(cards="code-mae explain-mae") as stage:
            await stage.type("return 0")
        async with perform() as stage:
            await stage.see("return 0")

    async def test_a_line_break_keeps_the_indentation(self, perform):
        async with perform(cards="code-mae explain-mae") as stage:
            await stage.type("if y_true:\nreturn 1")
            area = stage.app.focused
            assert area.text.endswith("    if y_true:\n        return 1")

    async def test_the_users_own_editor_writes_the_answer(self, perform, content: Path, monkeypatch):
        editor = content.parent / "editor.sh"
        editor.write_text(
            '#!/bin/sh\ncase "$1" in *answer.py) ;; *) exit 1 ;; esac\ngrep -q "def mae" "$1" || exit 1\n'
            "printf '\\treturn 12345\\n' >> \"$1\"\n"
        )
        editor.chmod(0o755)
        monkeypatch.setenv("EDITOR", str(editor))
        async with perform(cards="code-mae explain-mae", size=(120, 30)) as stage:
            await stage.see("^e Editor")
            await stage.press("ctrl+e")
            await stage.see("return 12345")
            area = stage.app.focused
            assert isinstance(area, TextArea) and "\t" not in area.text
            assert stage.app.drafts.get("code-mae") == area.text

    async def test_an_editor_that_fails_leaves_the_answer_as_it_was(self, perform, content: Path, monkeypatch):
        editor = content.parent / "editor.sh"
        editor.write_text('#!/bin/sh\necho lost > "$1"\nexit 3\n')
        editor.chmod(0o755)
        monkeypatch.setenv("EDITOR", str(editor))
        async with perform(cards="explain-mae code-mae") as stage:
            await stage.type("kept")
            await stage.press("ctrl+e")
            await stage.see("ended with code 3")
            assert stage.app.focused.text == "kept"

    async def test_in_a_line_the_same_key_goes_to_its_end(self, perform):
        async with perform(cards="compute-bce explain-mae") as stage:
            await stage.type("0.25")
            await stage.press("home", "ctrl+e")
            assert stage.app.focused.cursor_position == 4

    async def test_escape_stops_a_function_that_runs(self, perform):
        async with perform(cards="code-mae explain-mae") as stage:
            await stage.type("while True:\npass")
            await stage.pilot.press("ctrl+s")
            await stage.see("Running your function", "esc Stop")
            await stage.pilot.press("escape")
            await stage.see("Stopped; nothing was counted.")
            assert stage.app.screen.stage == "asked"
            assert stage.app.screen.turn.counted is None
            assert isinstance(stage.app.focused, TextArea)

    async def test_leaving_the_app_stops_a_function_that_runs(self, perform, monkeypatch):
        runs = []

        def run(*arguments):
            runs.append(run_function(*arguments))
            return runs[-1]

        monkeypatch.setattr("studyapp.kinds.code.grading.run_function", run)
        async with perform(cards="code-mae explain-mae") as stage:
            await stage.type("while True:\npass")
            await stage.pilot.press("ctrl+s")
            await stage.see("Running your function")
        deadline = monotonic() + 8
        while not runs and monotonic() < deadline:
            await asyncio.sleep(0.01)
        assert [one.stopped for one in runs] == [True]

    async def test_on_a_wide_screen_the_results_stand_beside_the_code_and_stay_while_it_is_mended(self, perform):
        async with perform(cards="code-mae explain-mae", size=(130, 30)) as stage:
            await stage.type("return 0")
            await stage.press("ctrl+s")
            await stage.until(lambda: stage.app.screen.stage == "judged", "a verdict")
            await stage.see("✗ Wrong")
            code, result = (line_of(stage, text) for text in ("def mae(y_true", "✗ Wrong"))
            assert code == result
            await stage.press("r")
            await stage.see("✗ Wrong", "return 0")
            assert isinstance(stage.app.focused, TextArea)
            await stage.pilot.resize_terminal(80, 24)
            await stage.until(lambda: "✗ Wrong" not in stage.text, "the results to make room")
            await stage.press("ctrl+s")
            await stage.until(lambda: stage.app.screen.stage == "judged", "a verdict")
            await stage.see("✗ Wrong")
            assert line_of(stage, "✗ Wrong") > line_of(stage, "return 0")


class TestSession:
    async def test_every_kind_is_passed_from_the_first_card_to_the_summary(self, perform):
        async with perform() as stage:
            for _ in range(11):
                kind = stage.app.screen.question.card.kind
                await stage.press(*(["space"] if kind == "recall" else ["ctrl+g"]))
                await stage.until(lambda: stage.app.screen.stage == "judged", "a verdict")
                await stage.press("4")
            await stage.see("Session finished", "11 cards, 11 answers", "The next card is due")
            assert len(answers(stage)) == 11

    async def test_an_undo_brings_the_card_back_and_takes_its_answer_away(self, perform):
        async with perform() as stage:
            await stage.press("space", "3")
            await stage.see("more robust than MSE")
            await stage.press("escape", "u")
            await stage.see("Define binary cross-entropy", "Undone: Good on “Define binary cross-entropy")
            assert "recall-bce" not in stage.text
            assert answers(stage) == []
            assert stage.services.store.state("recall-bce") is None

    async def test_an_undo_from_the_summary_goes_on_with_the_last_card(self, perform):
        async with perform(cards="recall-bce") as stage:
            await stage.press("space", "4")
            await stage.until(lambda: isinstance(stage.app.screen, SummaryScreen), "the summary")
            await stage.press("u")
            await stage.see("Define binary cross-entropy")
            assert isinstance(stage.app.screen, ReviewScreen)

    async def test_bury_and_suspend_go_on_with_the_next_card_and_can_be_undone(self, perform):
        async with perform(cards="recall-bce explain-mae cloze-median") as stage:
            await stage.press("b")
            await stage.see_said("is left for another day. esc, then u brings it back.")
            await stage.see("more robust than MSE", "“Define binary cross-entropy")
            await stage.press("x", "escape", "s")
            await stage.see("minimised by", "is suspended")
            assert stage.services.store.marks("explain-mae").suspended
            await stage.press("x", "escape", "u", "escape", "u")
            await stage.see("Define binary cross-entropy")
            assert not stage.services.store.marks("explain-mae").suspended

    async def test_taking_a_flag_back_leaves_the_answered_card_where_it_is(self, perform):
        async with perform(cards="recall-bce explain-mae") as stage:
            await stage.press("space", "f")
            await stage.see("⚑")
            await stage.press("u")
            await stage.until(lambda: "⚑" not in stage.text)
            assert stage.app.screen.stage == "judged"

    async def test_a_card_being_learnt_is_waited_for(self, perform):
        async with perform(cards="recall-bce", settings=Settings(learn_ahead=0)) as stage:
            await stage.press("space", "3")
            await stage.see("Nothing else is left for now", "comes back in 10")
            stage.clock.move(minutes=11)
            await stage.see("Define binary cross-entropy")

    async def test_pressing_a_rating_twice_rates_one_card(self, perform):
        async with perform(by_hand=True) as stage:
            await stage.press("space")
            await stage.rush("3", "3", "3")
            await stage.see("more robust than MSE")
            assert len(answers(stage)) == 1
            assert stage.app.screen.query_one(TextArea).text == ""

    async def test_a_double_enter_shows_the_verdict_and_rates_nothing(self, perform):
        async with perform(cards="formula-gradient explain-mae", by_hand=True) as stage:
            await stage.type("y-a")
            await stage.rush("enter", "enter", "enter")
            await stage.see("✗ Wrong: a known mistake", "1 Again")
            assert answers(stage) == []
            stage.app.key_guard.swallows("", monotonic() + 1)  # the time has passed
            await stage.press("enter")
            assert len(answers(stage)) == 1

    @pytest.mark.parametrize("way", ["slash enter p", "slash enter a", "m s"])
    async def test_neither_does_it_in_practice_ahead_and_interview(self, perform, way):
        async with perform("home", cards="formula-gradient", by_hand=True) as stage:
            await stage.press(*way.split())
            await stage.see("∂L/∂z")
            await stage.type("y-a")
            await stage.rush("enter", "enter", "enter")
            await stage.see("✗ Wrong: a known mistake")
            assert stage.app.screen.stage == "judged"

    async def test_a_double_enter_on_an_empty_field_does_not_give_up(self, perform):
        async with perform(cards="formula-gradient explain-mae", by_hand=True) as stage:
            await stage.rush("enter", "enter")
            await stage.see("Nothing is typed yet.")
            assert stage.app.screen.stage == "asked"

    async def test_keys_typed_ahead_of_the_screen_go_where_they_were_meant_for(self, perform):
        async with perform(cards="recall-bce choice-outliers cloze-median explain-mae", by_hand=True) as stage:
            await stage.rush("space", "3", "2", "enter", "1", "m", "e", "d", "enter", "x", "enter", "4")
            await stage.see("more robust than MSE")
            assert [card for card, _, _ in answers(stage)] == ["recall-bce", "choice-outliers", "cloze-median"]
            assert stage.services.store.history("cloze-median")[0].answer.answer == "med\nx"

    async def test_the_session_goes_on_after_the_app_was_left(self, perform):
        async with perform() as stage:
            await stage.press("space", "4")
        async with perform() as stage:
            await stage.see("more robust than MSE")
            assert len(answers(stage)) == 1

    async def test_a_full_disk_is_said_and_the_answer_can_be_rated_again(self, perform, monkeypatch):
        async with perform() as stage:
            record = stage.services.store.record

            def full(*_args, **_kwargs):
                raise DiskFull("The disk is full: progress.db could not be written.")

            monkeypatch.setattr(stage.services.store, "record", full, raising=False)
            await stage.press("space", "3")
            await stage.see("The disk is full")
            assert stage.app.screen.stage == "judged"
            monkeypatch.setattr(stage.services.store, "record", record, raising=False)
            await stage.press("3")
            assert len(answers(stage)) == 1


class TestUndo:
    async def test_an_answer_taken_back_is_checked_and_rated_again_with_two_keys(self, perform):
        async with perform(cards="compute-parts recall-bce") as stage:
            await stage.type("3\n1.25\n")
            await stage.press("4")
            await stage.see("Define binary")
            await stage.press("u")
            await stage.see("Undone: Easy", "▸ 3", "1.25")
            await stage.press("enter")
            await stage.see("Partly right")
            await stage.press("enter")
            assert answers(stage) == [("compute-parts", Rating.AGAIN, "wrong")]

    @pytest.mark.parametrize(
        "card, keys, shown", [("choice-outliers", "2", "2 (•)"), ("order-derivation", "31", " 2. [1]")]
    )
    async def test_what_was_chosen_is_put_back_too(self, perform, card, keys, shown):
        async with perform(cards=f"{card} recall-bce") as stage:
            await stage.press(*keys, "enter", "1")
            await stage.see("Define binary")
            await stage.press("u")
            await stage.see(shown)
            assert stage.app.screen.panel.answer == " ".join(keys)

    async def test_from_the_summary_the_answer_comes_back_with_its_card(self, perform):
        async with perform(cards="formula-gradient") as stage:
            await stage.type("a-y\n")
            await stage.press("4")
            await stage.until(lambda: isinstance(stage.app.screen, SummaryScreen), "the summary")
            await stage.press("u")
            await stage.see("▸ a-y")

    async def test_what_was_done_before_this_session_is_asked_about_first(self, perform, clock):
        async with perform() as stage:
            await stage.press("space", "2")
        clock.move(days=1)
        async with perform(cards="choice-outliers recall-bce") as stage:
            await stage.press("u")
            await stage.see_said("That was on 2 Mar: Hard on “Define binary")
            await stage.see_said("u once more takes it back too.")
            assert len(answers(stage)) == 1
            clock.move(seconds=5)
            await stage.press("u")
            assert len(answers(stage)) == 1
            clock.move(seconds=1)
            await stage.press("u")
            await stage.see("Undone: Hard on “Define binary")
            assert answers(stage) == []

    async def test_in_a_field_ctrl_z_takes_back_typing_and_never_a_rating(self, perform):
        async with perform(cards="recall-bce formula-gradient") as stage:
            await stage.press("space", "3")
            await stage.see("∂L/∂z")
            assert "Undo" not in stage.text
            await stage.press("a", "b", "ctrl+z")
            assert stage.app.screen.panel.answer == "a"
            await stage.press("ctrl+z", "ctrl+z", "ctrl+z")
            assert stage.app.screen.panel.answer == ""
            assert len(answers(stage)) == 1
            await stage.press("a", "escape")
            await stage.see("u Undo")
            await stage.press("u")
            assert answers(stage) == []

    async def test_undo_is_offered_once_there_is_something_to_undo(self, perform):
        async with perform(cards="recall-bce choice-outliers", size=(120, 30)) as stage:
            assert "Undo" not in stage.text
            await stage.press("f")
            await stage.see("u Undo")


class TestLeaving:
    @pytest.mark.parametrize("card", ["formula-gradient", "choice-outliers", "code-mae", "recall-bce"])
    async def test_one_escape_leaves_a_card_on_which_nothing_is_typed(self, perform, card):
        async with perform(cards=card) as stage:
            await stage.press("escape")
            await stage.see("t Stats")

    @pytest.mark.parametrize("card", ["formula-gradient", "code-mae"])
    async def test_the_first_escape_leaves_what_was_typed_where_it_is(self, perform, card):
        async with perform(cards=card) as stage:
            await stage.press("a", "escape")
            assert stage.app.screen.stage == "asked" and not stage.app.screen.typing
            await stage.press("escape")
            await stage.see("t Stats")

    async def test_escape_on_the_summary_goes_home(self, perform):
        async with perform(cards="recall-bce formula-gradient") as stage:
            await stage.press("space", "4", "escape")
            await stage.see("Session left")
            await stage.press("escape")
            await stage.see("t Stats")


class TestNotices:
    @pytest.mark.parametrize("size", [(80, 24), (40, 15)])
    async def test_a_notice_covers_neither_the_ratings_nor_the_options_below(self, perform, size):
        async with perform(cards="choice-outliers recall-bce", size=size) as stage:
            before = stage.text.splitlines()
            stage.app.say("Something that was done just now, said at some length.", title="Title")
            stage.app.say("And another thing.")
            await stage.see("And another thing.")
            await stage.until(lambda: stage.text.splitlines()[1:] == before[1:], "the rest to be in sight")
            await stage.press("2", "enter")
            await stage.see("1 Again", "2 Hard", "3 Good", "4 Easy")

    async def test_the_next_key_takes_away_what_has_been_read(self, perform):
        async with perform(cards="choice-outliers recall-bce") as stage:
            stage.app.say("Read me.")
            await stage.press("down")
            await stage.see("Read me.")
            next(iter(stage.app._notifications)).raised_at -= 1
            await stage.press("down")
            await stage.until(lambda: "Read me." not in stage.text, "the notice to go")


class TestText:
    async def test_the_language_switches_in_place_and_what_was_typed_stays(self, perform):
        async with perform(cards="recall-bce cloze-median") as stage:
            await stage.press("l")
            await stage.see("请写出二元交叉熵的定义。")
            await stage.press("space", "l")
            await stage.see("Define binary cross-entropy", "[ ] both terms")

    async def test_an_edited_card_is_shown_with_its_new_text(self, perform, content: Path, monkeypatch):
        editor = content.parent / "editor.sh"
        editor.write_text('#!/bin/sh\nsed -i "s/more robust/far more robust/" "$1"\n')
        editor.chmod(0o755)
        monkeypatch.setenv("EDITOR", str(editor))
        async with perform(cards="explain-mae cloze-median") as stage:
            await stage.type("so far")
            await stage.press("ctrl+o")
            await stage.see("Why is MAE far more robust", "yours")
            assert stage.app.screen.query_one(TextArea).text == "so far"
            assert "far more robust" not in (content / "kinds.yaml").read_text()
            await stage.press("alt+o")
            await stage.see_said("The original is asked again")
            await stage.see("Why is MAE more robust")
            assert "yours" not in stage.text.split("\n")[0]
            assert stage.app.screen.query_one(TextArea).text == "so far"

    async def test_a_card_comes_to_mind_while_another_is_answered(self, perform, home: Path):
        async with perform(cards="explain-mae cloze-median") as stage:
            await stage.type("so far")
            await stage.press("alt+n")
            await stage.type("What is L1?\nThe absolute error.")
            await stage.press("enter")
            await stage.see_said("Written into notes.")
            assert stage.app.screen.query_one(TextArea).text == "so far"
            await stage.press("alt+n", "escape")
            assert stage.app.screen.query_one(TextArea).text == "so far"
        assert "The absolute error." in (home / "decks" / "notes.yaml").read_text(encoding="utf-8")

    async def test_a_deck_changed_by_another_program_shows_at_once(self, perform, content: Path):
        async with perform(cards="recall-bce cloze-median") as stage:
            deck = content / "kinds.yaml"
            deck.write_text(deck.read_text().replace("Define binary", "State binary"))
            await stage.see("State binary cross-entropy")

    async def test_a_missing_editor_is_said(self, perform, monkeypatch):
        monkeypatch.setenv("EDITOR", "/nowhere/editor")
        async with perform(cards="recall-bce") as stage:
            await stage.press("e")
            await stage.see("could not be started")

    async def test_the_source_is_copied_with_its_latex(self, perform):
        async with perform(cards="recall-bce") as stage:
            await stage.press("y")
            assert r"$p_i = \sigma(z_i)$" in stage.app.clipboard
            assert "frac" not in stage.app.clipboard
            await stage.press("space", "y")
            assert r"\frac1n\sum" in stage.app.clipboard

    @pytest.mark.parametrize("size", [(80, 24), (40, 15)])
    async def test_formula_points_and_ratings_are_in_reach_on_small_screens(self, perform, size):
        async with perform(cards="recall-bce explain-mae", size=size) as stage:
            await stage.press("space")
            await stage.see("1 Again", "4 Easy", "Help")
            for _ in range(2):
                await stage.press("down")
            await stage.see("sigmoid output")

    async def test_a_wide_formula_scrolls_sideways(self, perform):
        async with perform(cards="recall-matrix explain-mae", size=(40, 15)) as stage:
            await stage.press("space")
            await stage.until(lambda: stage.app.screen.card_view.max_scroll_x > 0)
            await stage.see("shift+→ Sideways")
            await stage.press("shift+right")
            await stage.until(lambda: stage.app.screen.card_view.scroll_x > 0)

    async def test_the_key_for_sideways_is_offered_only_where_something_is_wide(self, perform):
        async with perform(cards="recall-bce recall-matrix", size=(100, 30)) as stage:
            await stage.press("space")
            await stage.see("sigmoid output")
            assert "Sideways" not in stage.text
            await stage.press("3", "space")
            await stage.see("enter Rate")
            assert "Sideways" not in stage.text
            await stage.pilot.resize_terminal(40, 30)
            await stage.see("shift+→ Sideways")

    async def test_resizing_keeps_what_was_typed(self, perform):
        async with perform(cards="cloze-median explain-mae") as stage:
            await stage.type("med")
            await stage.pilot.resize_terminal(40, 15)
            await stage.settle()
            assert stage.app.focused.value == "med"
            await stage.see("MAE is minimised by the")


def test_the_outcomes_all_have_a_sign_and_a_word() -> None:
    from studyapp.grading.verdict import Verdict
    from studyapp.tui.verdict_text import headline

    shown = [headline(Verdict(outcome)).plain for outcome in Outcome]
    assert all(text[0] in "✓✗≈?–•" and len(text) > 3 for text in shown)
    assert headline(Verdict(Outcome.WRONG, 0.5)).plain == "◐ Partly right (50%)"


async def test_a_fault_in_rating_is_told_and_the_session_goes_on(perform, monkeypatch):
    from studyapp.store import states

    def broken(*_):
        raise AttributeError("a fault of the app")

    async with perform("study", cards="choice-outliers recall-bce") as stage:
        await stage.press("ctrl+g")
        with monkeypatch.context() as patched:
            patched.setattr(states, "write_state", broken)
            await stage.press("enter")
            await stage.see_said("Not saved: By a fault of the app this could not be done (AttributeError).")
        assert stage.services.store.is_empty() and stage.services.folders.faults.exists()
        await stage.press("enter")
        assert len(stage.services.store.all_answers()) == 1
