"""What the learner answers with: fields, options and steps, from the first key to the verdict in place."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual.widgets import Input

from studyapp.tui.answers.fields import LONGEST_ANSWER

FIVE_GAPS = """deck: mine
title: Mine
cards:
  - id: gaps
    kind: cloze
    text: "{{one}} and {{two}} and {{three}} and {{four}}."
  - id: wide
    kind: compute
    question: "Take {x}."
    draw: {x: 2.0}
    parts:
      - {id: first, ask: "What is three times that number, plus one?", answer: "3*x + 1"}
      - {id: second, ask: "And its square?", answer: "x*x", digits: 2}
"""


def judged(stage) -> bool:
    return stage.app.screen.stage == "judged"


class TestEmptyFields:
    @pytest.fixture(autouse=True)
    def deck(self, content: Path) -> None:
        (content / "kinds.yaml").unlink()
        for file in content.glob("kinds.zh.yaml"):
            file.unlink()
        (content / "mine.yaml").write_text(FIVE_GAPS)

    async def test_enter_with_empty_gaps_asks_first_and_then_grades(self, perform):
        async with perform() as stage:
            fields = stage.app.screen.panel.fields
            await stage.type("one\n")
            assert stage.app.focused is fields[1]
            await stage.press("tab", "tab")
            await stage.type("four\n")
            await stage.see("2 gaps are still empty. Enter once more counts them as wrong.")
            assert stage.app.focused is fields[1] and not judged(stage)
            await stage.press("enter")
            await stage.see("Partly right (50%)", "✗ 2: left empty, right is “two”", "✓ 4: four")
            assert judged(stage)

    async def test_typing_after_the_question_takes_it_back(self, perform):
        async with perform() as stage:
            await stage.type("one\n")
            await stage.press("enter")
            await stage.see("3 gaps are still empty")
            await stage.type("two\n")
            assert "still empty" not in stage.text
            await stage.press("enter")
            await stage.see("2 gaps are still empty")

    async def test_nothing_typed_at_all_gives_up_on_the_second_enter(self, perform):
        async with perform() as stage:
            await stage.press("enter")
            await stage.see("Nothing is typed yet. Enter once more gives up and shows the answer.")
            assert stage.app.screen.turn.counted is None
            await stage.press("enter")
            await stage.see("Given up", "one and two and three and four.")

    async def test_each_part_has_its_own_words_in_its_own_field(self, perform):
        async with perform() as stage:
            await stage.press("x", "escape", "b")
            await stage.see("What is three times that number, plus one?", "a number, to 3 significant digits")
            lines = stage.text.splitlines()
            fields = [line for line in lines if "a number, to" in line]
            assert [line.index("a number") for line in fields] == [fields[0].index("▸") + 2] * 2
            assert "to 2 significant digits" in fields[1]
            await stage.type("7\n")
            await stage.press("enter")
            await stage.see("1 part is still empty. Enter once more counts it as wrong.")
            await stage.press("enter")
            await stage.see("Partly right", "✓ part 1", "✗ part 2")

    async def test_on_a_narrow_screen_the_labels_stand_above(self, perform):
        async with perform(size=(40, 15)) as stage:
            await stage.press("x", "escape", "b")
            await stage.see("And its square?", "a number, to 2")
            lines = stage.text.splitlines()
            place = next(number for number, line in enumerate(lines) if "And its square?" in line)
            assert "a number, to 2" in lines[place + 1] and "a number" not in lines[place]


class TestChoice:
    async def test_a_stray_enter_answers_nothing(self, perform):
        async with perform(cards="choice-outliers explain-mae") as stage:
            assert "(•)" not in stage.text
            await stage.press("enter")
            await stage.see("Choose with ↑ ↓ or 1–3 first.")
            assert not judged(stage) and stage.app.screen.turn.counted is None
            await stage.press("down")
            await stage.see("1 (•)")
            assert "Choose with" not in stage.text
            await stage.press("enter")
            assert judged(stage)

    async def test_up_begins_at_the_last_option(self, perform):
        async with perform(cards="choice-outliers explain-mae") as stage:
            await stage.press("up")
            await stage.see("3 (•)")

    async def test_several_options_want_at_least_one_tick(self, perform):
        async with perform(cards="choice-several explain-mae") as stage:
            await stage.press("enter")
            await stage.see("Tick what is right first: ↑ ↓ and space, or 1–3.")
            assert not judged(stage)

    async def test_the_list_says_what_was_right_and_why_each_reason_once(self, perform):
        async with perform(cards="choice-outliers explain-mae") as stage:
            place = stage.app.screen.question.options.index("MAE") + 1
            await stage.press(str(place), "enter")
            await stage.see(
                "✗ Wrong",
                "✓ MSE",
                "Right, not chosen. Errors are squared.",
                f"{place} ✗ MAE",
                "Wrong, your choice. It grows linearly.",
                "Wrong. Linear beyond delta.",
            )
            for reason in ("Errors are squared.", "It grows linearly.", "Linear beyond delta."):
                assert stage.text.count(reason) == 1

    async def test_giving_up_marks_the_right_option(self, perform):
        async with perform(cards="choice-outliers explain-mae") as stage:
            await stage.press("g")
            await stage.see("Given up", "✓ MSE", "Right. Errors are squared.")
            assert "chosen" not in stage.text and "your choice" not in stage.text


async def test_no_step_in_order_is_no_answer(perform):
    async with perform(cards="order-derivation explain-mae") as stage:
        await stage.press("enter")
        await stage.see("Put the steps in order first: type their numbers.")
        assert not judged(stage)


async def test_each_step_is_marked_where_it_stands(perform):
    async with perform(cards="order-derivation explain-mae") as stage:
        await stage.see_said("Not all steps belong.")
        shown = stage.app.screen.question.options
        first, then = ("Write the loss.", "Take the logarithm.")
        await stage.press(*(str(shown.index(step) + 1) for step in (first, then)), "enter")
        lines = [" ".join(line.split()) for line in stage.text.splitlines()]
        assert f"✓ 1. [{shown.index(first) + 1}] {first}" in lines
        assert f"✗ 2. [{shown.index(then) + 1}] {then}" in lines
        missed = next(place for place, line in enumerate(lines) if line.startswith("✗ – [") and "Collect" in line)
        assert lines[missed + 1] == "Missing: it belongs."


async def test_what_is_wrong_with_an_order_is_said_once(perform):
    async with perform(cards="order-derivation explain-mae") as stage:
        shown = stage.app.screen.question.options
        await stage.press(str(shown.index("Take the logarithm.") + 1), "enter")
        await stage.see("✗ Wrong")
        await stage.see_said("does not belong to this derivation. There is nothing to multiply.")
        assert stage.text.count("There is nothing to") == 1


class TestInSight:
    async def test_the_gaps_their_text_and_what_is_said_of_them_are_seen_together_and_once(self, perform):
        async with perform(cards="cloze-median explain-mae") as stage:
            await stage.type("median\nwrong\n")
            await stage.see("MAE is minimised by the [1]", "median", "wrong", "✗ 2")
            assert "Answer" not in stage.text

    async def test_ones_own_words_stay_beside_the_points_to_tick(self, perform):
        async with perform(cards="explain-mae cloze-median") as stage:
            await stage.type("\n".join(["it grows linearly", *["so"] * 12]))
            await stage.press("ctrl+s")
            await stage.see("it grows", "Compare with the answer", "[ ] bounded gradient", "1 Again")
            assert stage.app.screen.panel.area.size.height <= 4

    async def test_only_the_field_in_use_is_pointed_at(self, perform):
        async with perform(cards="cloze-median explain-mae") as stage:
            assert [line for line in stage.text.splitlines() if "▸" in line] == [" [1] ▸"]
            await stage.type("a\n")
            await stage.until(lambda: " [2] ▸" in stage.text.splitlines(), "the mark to go on")
            assert stage.text.count("▸") == 1

    async def test_the_key_line_says_what_enter_does(self, perform):
        async with perform(cards="cloze-median explain-mae") as stage:
            await stage.see("enter Check answer")
            await stage.type("a")
            await stage.see("enter Next field")
            await stage.press("enter", "b")
            await stage.see("enter Check answer")

    async def test_what_was_said_of_an_unreadable_answer_goes_when_it_is_mended(self, perform):
        async with perform(cards="compute-bce explain-mae") as stage:
            await stage.type("0.5 +* 2\n")
            await stage.see("? Not counted", "▲")
            await stage.press("delete")
            await stage.until(lambda: "Not counted" not in stage.text, "the remark to go")

    @pytest.mark.parametrize("size", [(80, 24), (60, 20), (40, 15)])
    async def test_the_way_back_is_always_on_the_key_line(self, perform, size):
        async with perform(cards="choice-outliers explain-mae", size=size) as stage:
            await stage.see("esc Back", "Help")
            await stage.press("2", "enter")
            await stage.see("esc Back", "Help")

    async def test_options_that_nobody_chose_are_not_marked_as_mistakes(self, perform):
        async with perform(cards="choice-outliers explain-mae") as stage:
            options = stage.app.screen.question.options
            await stage.press(str(options.index("MAE") + 1), "enter")
            await stage.see("Wrong, your choice.", "✓ MSE", "✗ MAE", "· Huber")


class TestTooMuch:
    async def test_a_long_text_is_cut_to_the_field_and_that_is_said(self, perform):
        async with perform(cards="formula-gradient explain-mae", size=(40, 15)) as stage:
            await stage.type("a" * 100_000)
            field = stage.app.focused
            assert isinstance(field, Input) and len(field.value) == LONGEST_ANSWER
            await stage.see_said("the last 98000 were left out.")

    async def test_a_long_explanation_is_kept_whole(self, perform, home: Path):
        text = "word " * 20_000
        async with perform(cards="explain-mae recall-bce", size=(40, 15)) as stage:
            await stage.type(text)
            assert stage.app.screen.panel.answer == text
            await stage.press("ctrl+s")
            await stage.see("are too many")
            assert stage.app.screen.panel.answer == text
        async with perform(size=(40, 15)) as stage:
            assert stage.app.screen.panel.answer == text

    async def test_the_field_in_use_stays_in_sight_when_the_screen_shrinks(self, perform, content: Path):
        gaps = " ".join(f"{{{{g{number}}}}} and then a good many more words to read." for number in range(9))
        (content / "kinds.yaml").write_text(
            f'deck: kinds\ntitle: Kinds\ncards:\n  - {{id: many, kind: cloze, text: "{gaps}"}}\n'
        )
        async with perform(size=(100, 40)) as stage:
            for number in range(8):
                await stage.type(f"g{number}\n")
            await stage.type("last")
            await stage.pilot.resize_terminal(40, 15)
            await stage.see("[9] ▸ last")
            await stage.pilot.resize_terminal(100, 40)
            await stage.see("[1]   g0", "[9] ▸ last")
