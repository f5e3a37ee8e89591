"""A mock interview on the screen."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from studyapp.store.log import Mode
from studyapp.target.target import Targets
from studyapp.target.target import save as save_targets
from studyapp.tui.screens.ask import AskScreen
from studyapp.tui.screens.home import HomeScreen
from studyapp.tui.screens.interview import InterviewScreen
from studyapp.tui.screens.interview_setup import InterviewSetupScreen
from studyapp.tui.screens.report import ReportScreen

FIVE = ("down", "left")
"""Keys on the choices: 5 questions."""

TEN_MINUTES = ("down", "down", "right")
AT_END = (*["down"] * 6, "right")


async def start(stage, *turns: str) -> None:
    """Open the choices, make some, and start."""
    await stage.press("m", *turns, "s")
    assert isinstance(stage.app.screen, InterviewScreen)


async def answer_badly(stage) -> None:
    """Give up the question, or reveal it."""
    kind = stage.app.screen.question.card.kind
    await stage.press("space" if kind == "recall" else "ctrl+g")
    await stage.until(lambda: not isinstance(stage.app.screen, InterviewScreen) or stage.app.screen.stage != "running")


async def whole_interview(stage, *turns: str) -> None:
    """Five questions of 40 seconds each, all answered badly."""
    await start(stage, *FIVE, *turns)
    for number in range(1, 6):
        await stage.see(f"question {number} of 5")
        stage.clock.move(seconds=40)
        await answer_badly(stage)
        await stage.press("enter")
    assert isinstance(stage.app.screen, ReportScreen)


async def test_an_interview_ends_with_a_saved_report_and_reschedules_nothing(perform, home: Path):
    async with perform("home") as stage:
        await whole_interview(stage)
        await stage.see("5 questions in 3:20", "By topic", "By kind", "Nothing rescheduled")
        (saved,) = (home / "interviews").glob("*.md")
        assert "5 questions in 3:20" in saved.read_text()
        assert "<!--" not in stage.text
        store = stage.services.store
        cards = [entry.card_id for entry in stage.services.bank.entries()]
        assert all(store.state(card_id) is None for card_id in cards)
        modes = [event.answer.mode for card_id in cards for event in store.history(card_id)]
        assert modes == [Mode.MOCK] * 5
        await stage.press("p")
        await stage.see("Questions to look at again · ")
        await stage.press("escape", "q", "q")
        assert isinstance(stage.app.screen, HomeScreen)


# The clock


async def test_the_clock_stands_still_while_feedback_is_read(perform):
    async with perform("home", cards="choice-outliers cloze-median") as stage:
        await start(stage, *TEN_MINUTES)
        await stage.see("10:00 left")
        stage.clock.move(seconds=61)
        await stage.see("8:59 left")
        await answer_badly(stage)
        await stage.see("8:59 left · clock paused", "Given up")
        stage.clock.move(minutes=5)
        await stage.press("enter")
        await stage.see("question 2 of 10 · 8:59 left")
        assert "paused" not in stage.text


async def test_the_clock_stands_still_under_help_and_dialogs(perform):
    async with perform("home", cards="recall-bce cloze-median") as stage:
        await start(stage, *TEN_MINUTES)
        stage.clock.move(seconds=60)
        await stage.press("f1")
        stage.clock.move(seconds=100)
        await stage.press("escape", "ctrl+r")
        assert isinstance(stage.app.screen, AskScreen)
        stage.clock.move(seconds=100)
        await stage.press("escape")
        await stage.see("9:00 left")
        stage.clock.move(seconds=1)
        await stage.see("8:59 left")


async def test_when_the_time_is_up_the_question_under_way_is_the_last(perform):
    async with perform("home", cards="recall-bce cloze-median choice-outliers") as stage:
        await start(stage, *TEN_MINUTES)
        stage.clock.move(minutes=11)
        await stage.see("Time is up: this is the last question")
        await answer_badly(stage)
        await stage.see("question 1 of 10 · the last one: enter ends it")
        await stage.press("enter")
        assert isinstance(stage.app.screen, ReportScreen)
        await stage.see("1 question in 11:00")


async def test_an_interview_can_be_limited_by_time_alone(perform):
    async with perform("home") as stage:
        await stage.press("m", "down", "right", "right")
        await stage.see("Questions ◂ 20\n")  # there is no end without a limit of time
        await stage.press("down", "right", "up", "right")
        await stage.see("Questions ◂ as many as fit\n", "Time      ◂ 10 minutes ▸")
        await stage.press("down", "left")
        await stage.see("Questions ◂ 10 ▸", "Time        no limit ▸")


# Pausing, ending


async def test_a_paused_interview_is_gone_on_with_after_a_restart(perform, home: Path):
    async with perform("home", cards="cloze-median formula-gradient") as stage:
        await start(stage, *FIVE)
        first = stage.app.screen.question.card.id
        stage.clock.move(seconds=30)
        await answer_badly(stage)
        await stage.press("enter")
        second = stage.app.screen.question.card.id
        stage.clock.move(seconds=50)
        await stage.press("m", "e", "escape", "escape")
        await stage.see("Paused and kept: 1 of 5 questions answered.")
        assert isinstance(stage.app.screen, HomeScreen)
    stage.clock.move(days=3)
    async with perform("home") as stage:
        await stage.press("m")
        await stage.see("Go on: paused, 1 of 5 questions answered")
        await stage.press("home", "enter")
        await stage.see("question 2 of 5 · 1:20", "me")
        assert stage.app.screen.question.card.id == second != first
        stage.clock.move(seconds=10)
        await answer_badly(stage)
        assert [record.seconds for record in stage.app.screen.interview.records] == [30, 60]


async def test_an_interview_that_is_killed_in_the_middle_has_its_time_and_what_was_written(perform, home: Path):
    async with perform("home", cards="cloze-median") as stage:
        await start(stage)
        await stage.press("m", "e")
        stage.clock.move(seconds=25)
        await stage.until(lambda: json.loads((home / "interview.json").read_text())["on_table"]["seconds"] == 25)
        as_it_was = (home / "interview.json").read_bytes()
    (home / "interview.json").write_bytes(as_it_was)
    async with perform("home") as stage:
        await stage.press("m", "home", "enter")
        await stage.see("question 1 of 10 · 0:25", "me")


async def test_ending_early_is_asked_first(perform, home: Path):
    async with perform("home", cards="choice-outliers choice-several cloze-median") as stage:
        await start(stage, *FIVE)
        await answer_badly(stage)
        await stage.press("enter", "ctrl+r")
        await stage.see("End the interview?", "1 of 5 questions answered.", "would not")
        await stage.press("enter")  # Go on with it
        await stage.see("question 2 of 5")
        await stage.press("ctrl+r", "down", "enter")
        assert isinstance(stage.app.screen, ReportScreen)
        await stage.see("1 question in")
        assert not (home / "interview.json").exists()


async def test_at_the_question_whether_to_end_it_can_also_be_paused(perform, home: Path):
    async with perform("home", cards="recall-bce cloze-median") as stage:
        await start(stage)
        await stage.press("ctrl+r", "end", "enter")
        assert isinstance(stage.app.screen, HomeScreen)
        await stage.press("m")
        await stage.see("Go on: paused, 0 of 10 questions answered")


async def test_a_revealed_question_is_kept_when_the_interview_ends_or_pauses_there(perform):
    async with perform("home", cards="recall-bce cloze-median") as stage:
        await start(stage)
        while stage.app.screen.question.card.kind != "recall":
            await answer_badly(stage)
            await stage.press("enter")
        done = len(stage.app.screen.interview.records)
        await stage.press("space")
        await stage.see("Tick what you had")
        await stage.press("space")
        await stage.see("1 of 3 points")
        await stage.press("escape")
        await stage.see(f"Paused and kept: {done + 1} of 10")
        record = json.loads(stage.app.interview_file.read_text())["records"][-1]
        assert (record["card_id"], round(record["score"], 2)) == ("recall-bce", 0.33)


async def test_a_new_interview_does_not_throw_a_paused_one_away(perform, home: Path):
    async with perform("home", cards="recall-bce cloze-median") as stage:
        await start(stage)
        await answer_badly(stage)
        await stage.press("enter", "escape", "escape", "m", "s")
        await stage.see("Start a new interview?", "1 of 10 questions answered", "its report is saved")
        await stage.press("enter")
        await stage.see("question 2 of 10")
        await stage.press("escape", "escape", "m", "s", "down", "enter")
        await stage.see("question 1 of 10")
        (saved,) = (home / "interviews").glob("*.md")
        assert "1 question in" in saved.read_text()


async def test_a_damaged_saved_interview_is_as_good_as_none(perform, home: Path):
    home.mkdir()
    (home / "interview.json").write_text('{"plan": 3')
    async with perform("home") as stage:
        await stage.press("m")
        assert "Go on" not in stage.text


async def test_a_paused_interview_whose_cards_are_gone_ends_with_its_report(perform, content: Path):
    async with perform("home", cards="choice-outliers choice-several") as stage:
        await start(stage)
        await answer_badly(stage)
        await stage.press("enter", "escape", "escape")
    (content / "kinds.yaml").unlink()
    (content / "kinds.zh.yaml").unlink()
    async with perform("home") as stage:
        await stage.press("m", "home", "enter")
        await stage.see("1 question in")


async def test_an_interview_that_cannot_be_saved_is_not_left_without_a_word(perform, home: Path):
    async with perform("home", cards="cloze-median") as stage:
        (home / "interview.json").mkdir()
        await start(stage)
        await stage.see("The interview cannot be saved: Is a directory.")
        await stage.press("escape")
        await stage.see("Not paused", "what is not saved is lost")
        assert isinstance(stage.app.screen, InterviewScreen)
        await stage.press("escape")
        assert isinstance(stage.app.screen, HomeScreen)


# Answering


async def test_with_feedback_at_the_end_no_verdict_is_shown(perform):
    async with perform("home", cards="choice-outliers formula-gradient") as stage:
        await start(stage, *AT_END)
        await answer_badly(stage)
        await stage.see("question 2")
        assert "Given up" not in stage.text
        await answer_badly(stage)
        assert isinstance(stage.app.screen, ReportScreen)


@pytest.mark.parametrize("size", [(80, 24), (40, 15)])
async def test_a_recalled_card_is_ticked_and_not_rated(perform, size: tuple[int, int]):
    async with perform("home", cards="recall-bce", size=size) as stage:
        await start(stage)
        await stage.press("space")
        await stage.see("[ ] averaged over samples", "enter goes on")
        assert "then rate" not in stage.text
        await stage.press("space")
        await stage.see("1 of 3 points", "Enter goes on")
        await stage.press("enter")
        await stage.see("33% of the points, 1 question in")


async def test_a_recalled_card_without_points_is_known_or_not(perform, content: Path):
    cards = "".join(f"  - {{id: p{number}, kind: recall, question: What?, answer: That.}}\n" for number in (1, 2))
    (content / "plain.yaml").write_text(f"deck: plain\ntitle: Plain\ncards:\n{cards}")
    (content / "kinds.yaml").unlink()
    (content / "kinds.zh.yaml").unlink()
    async with perform("home") as stage:
        await start(stage)
        await stage.press("space")
        await stage.see("[ ] I knew it.")
        await stage.press("space", "enter")
        await stage.see("question 2")
        await stage.press("space", "enter")
        await stage.see("100% of the points, 2 questions in 0:00, 1 not judged.")


async def test_a_chinese_interview_asks_in_chinese_and_reports_its_questions_so(perform, home: Path):
    async with perform("home", cards="recall-bce") as stage:
        await stage.press("m", *["down"] * 5, "right")
        await stage.see("◂ 中文")
        await stage.press("s")
        await stage.see("二元交叉熵")
        await stage.press("l")
        await stage.see("Define binary cross-entropy")
        await stage.press("l", "space", "enter")
        await stage.see("二元交叉熵", "按主题")
        await stage.press("enter")
        await stage.see("共 1 题", "你：未评判", "二元交叉熵")


# The report


async def test_enter_on_a_report_shows_its_questions_with_the_answers_given(perform):
    async with perform("home", cards="choice-outliers compute-bce") as stage:
        await start(stage)
        numbers = {}
        while isinstance(stage.app.screen, InterviewScreen):
            question = stage.app.screen.question
            numbers[question.card.id] = question.text
            if question.card.kind == "compute":
                await stage.type("7.5")
                await stage.press("enter")
            else:
                await answer_badly(stage)
            await stage.press("enter")
        await stage.press("enter")
        await stage.see("2 asked · 2 to look at again (↺)", "You: ")
        shown = stage.text
        await stage.press("down")
        await stage.until(lambda: stage.text != shown)
        both = " ".join((shown + stage.text).split())
        assert "You wrote: 7.5" in both and "You: gave up, 0% of the points" in both
        assert " ".join(numbers["compute-bce"].split()) in both, "the very numbers that were asked"
        await stage.press("p")
        await stage.see("Practice · 1 left")
        await stage.press("escape", "escape", "escape", "escape")
        assert isinstance(stage.app.screen, HomeScreen)


async def test_answers_count_for_the_schedule_when_asked_to_and_are_taken_back(perform):
    async with perform("home") as stage:
        await whole_interview(stage)
        store = stage.services.store
        cards = [record.card_id for record in stage.app.screen._asked]
        unjudged = {one.card_id for one in stage.app.screen._asked if one.score == "–"}
        assert len(unjudged) == 1, "nothing was ticked there"
        await stage.press("c")
        cards = [card_id for card_id in cards if card_id not in unjudged]
        await stage.see("4 answers would count as reviews: 4 Again", "1 cannot count: not judged")
        await stage.press("enter")  # Leave the schedule as it is
        assert not any(store.state(card_id) for card_id in cards)
        await stage.press("c", "down", "enter")
        await stage.see("4 answers rescheduled")
        assert all(store.state(card_id) for card_id in cards)
        await stage.press("c")
        assert isinstance(stage.app.screen, ReportScreen), "they count once"
        await stage.press("u")
        await stage.see("Nothing rescheduled")
        assert not any(store.state(card_id) for card_id in cards)


async def test_answers_that_count_from_the_start_say_so(perform):
    async with perform("home", cards="choice-outliers") as stage:
        await start(stage, *["down"] * 7, "right")
        await answer_badly(stage)
        await stage.press("enter")
        await stage.see("1 answer rescheduled")


async def test_a_report_that_cannot_be_saved_is_shown_and_says_so(perform, home: Path):
    async with perform("home", cards="choice-outliers") as stage:
        (home / "interviews").write_text("in the way")
        await start(stage)
        await answer_badly(stage)
        await stage.press("enter")
        await stage.see("Not saved", "1 question in")


async def test_earlier_reports_are_listed_and_opened(perform, home: Path):
    async with perform("home") as stage:
        await stage.press("m", "r")
        await stage.see("No reports yet")
        await stage.press("enter", "escape", "escape")
        await whole_interview(stage)
        await stage.press("escape")
        (home / "interviews" / "shopping.md").write_text("- [milk]\x1b[31m $x")
        (home / "interviews" / "broken.md").write_bytes(b"\xff\xfe\x00")
        await stage.press("m", "end", "enter")
        await stage.see("1 report, the newest first", "2026-03-02 09:03", "5 questions", "One of each kind")
        await stage.see("shopping.md: no report of an interview", "broken.md: no report of an interview")
        await stage.press("enter")
        await stage.see("5 questions in 3:20", "Nothing rescheduled · c counts")
        await stage.press("enter")
        await stage.see("5 asked")
        await stage.press("escape", "escape", "down", "enter")
        await stage.see("- [milk]")
        await stage.press("enter", "p", "c", "escape", "end", "enter", "escape", "escape", "escape")
        assert isinstance(stage.app.screen, HomeScreen)


# The choices before it


async def test_choices_end_at_their_ends(perform):
    async with perform("home") as stage:
        await stage.press("m", "down", "left", "left", "left")
        await stage.see("Questions   5 ▸")
        await stage.press(*["right"] * 9)
        await stage.see("Questions ◂ 20\n")
        await stage.press("down", "left")
        await stage.see("Time        no limit ▸")
        await stage.press(*["right"] * 9)
        await stage.see("Time      ◂ 45 minutes\n")


async def test_enter_opens_a_list_of_the_choices(perform):
    async with perform("home") as stage:
        await stage.press("m", "down", "down", "enter")
        await stage.see("no limit", "20 minutes", "45 minutes")
        await stage.press("down", "down", "enter")
        await stage.see("Time      ◂ 20 minutes ▸")
        await stage.press("enter", "escape", "end", "up", "up", "enter")
        await stage.see("Time      ◂ 20 minutes ▸", "Schedule  ◂ answers count")


async def test_the_mouse_makes_choices_and_starts(perform):
    async with perform("home", size=(40, 15)) as stage:
        await stage.press("m")
        await stage.see("s starts")

        async def click(words: str) -> None:
            lines = stage.text.split("\n")
            row = next(place for place, line in enumerate(lines) if words in line)
            await stage.pilot.click(offset=(lines[row].index(words) + 1, row))
            await stage.settle()

        await click("Questions")
        await click("20")
        await stage.see("Questions ◂ 20")
        await click("Feedback")
        await stage.see("only at the end")
        await click("Start the interview")
        assert isinstance(stage.app.screen, InterviewScreen)


async def test_all_choices_are_reached_on_a_low_screen(perform):
    async with perform("home", size=(40, 8)) as stage:
        await stage.press("m", "end")
        await stage.see("Earlier reports", "s starts")
        await stage.press("home")
        await stage.see("Start the interview")


async def test_several_topics_and_kinds_are_chosen(perform, content: Path):
    for name in ("folder/one", "folder/two", "three"):
        path = content / f"{name}.yaml"
        path.parent.mkdir(exist_ok=True)
        last = name.rpartition("/")[2]
        path.write_text(
            f"deck: {last}\ntitle: Deck {last}\norder: 5\ncards:\n"
            f"  - {{id: {last}-a, kind: recall, question: What?, answer: That.}}\n"
            f"  - {{id: {last}-b, kind: cloze, text: 'It is {{{{this}}}}.'}}\n"
        )
    async with perform("home") as stage:
        await stage.press("m", "down", "down", "down", "enter")
        await stage.see("Topics", "[✓] folder/", "[✓]   Deck one", "[✓] Deck three")
        await stage.press("a")
        await stage.see("[ ] folder/")
        titles = [label.strip() for label, _ in stage.app.screen._entries]
        await stage.press(*["down"] * titles.index("folder/"), "space")
        await stage.see("[✓] folder/", "[✓]   Deck one", "[✓]   Deck two")
        await stage.press("down", "space")
        await stage.see("[–] folder/", "[ ]   Deck one")
        await stage.press("home", *["down"] * titles.index("Deck three"), "space", "enter")
        await stage.see("2: ", "Deck two", "Deck three", "4 cards to ask from")
        await stage.press("down", "enter", "space", "escape")
        await stage.see("Kinds       all ▸")
        await stage.press("enter", "a", "space", "down", "down", "space", "enter")
        await stage.see("recall, cloze", "4 cards to ask from")
        await stage.press("enter", "space", "enter")
        await stage.see("◂ cloze ▸", "2 cards to ask from")
        await stage.press("s")
        assert isinstance(stage.app.screen, InterviewScreen)
        plan = stage.app.screen.interview.plan
        assert set(plan.decks) == {"folder/two", "three"} and plan.kinds == ("cloze",)
        assert stage.app.screen.question.card.id in ("two-b", "three-b")


async def test_a_deck_that_is_off_is_no_topic(perform):
    async with perform("home") as stage:
        await stage.press("d", "space", "escape", "m")
        await stage.see("0 cards to ask from")
        await stage.press("s")
        await stage.see("No card fits these choices.")
        assert isinstance(stage.app.screen, InterviewSetupScreen)


async def test_the_choices_are_kept_for_the_next_time(perform, home: Path):
    async with perform("home") as stage:
        await stage.press("m", "down", "right")
        await stage.see("◂ 20")
        await stage.press("escape", "m")
        await stage.see("◂ 20")
        (home / "interview-choices.json").write_text("{broken")
        await stage.press("escape", "m")
        await stage.see("◂ 10 ▸")


async def test_where_all_topics_are_chosen_all_are_ticked(perform):
    async with perform("home") as stage:
        await stage.press("m", "down", "down", "down", "enter")
        await stage.see("[✓] One of each kind")
        await stage.press("space", "space", "enter")
        await stage.see("all")


async def test_proposed_ticks_count_only_when_the_learner_agrees(perform, home: Path):
    async with perform("home", cards="explain-mae recall-bce") as stage:
        await start(stage)
        while stage.app.screen.question.card.kind != "explain":
            await stage.press("space", "enter")
        await stage.type("The median ignores outliers, its gradient is bounded.")
        await stage.press("ctrl+s")
        await stage.until(lambda: stage.app.screen.points is not None and bool(stage.app.screen.points.ticked))
        await stage.press("ctrl+r", "down", "enter")
        await stage.until(lambda: isinstance(stage.app.screen, ReportScreen))
        page = stage.app.screen.body.content.plain
        assert page.startswith("Not judged, ") and ": not judged" in page and "self rated" not in page
        assert "(explain-mae)" not in page and page.count("Mock interview") == 0
        assert " ".join(page.split()).endswith(".md") and "Mock interview, 2026-03-02" in stage.text
        assert all(entry.answer.score is None for entry in stage.services.store.history("explain-mae"))


async def test_with_a_date_ahead_the_report_starts_what_helps_most(perform):
    async with perform("home", cards="choice-outliers compute-bce recall-bce") as stage:
        today = stage.services.store.today
        save_targets(stage.services.folders.targets, Targets().with_new(today, day=today + 9, minutes=20))
        await start(stage)
        await stage.press("ctrl+g", "enter")
        await stage.press("ctrl+r", "down", "enter")
        await stage.see_said("help most, in One of each kind · h studies them")
        await stage.press("h")
        await stage.see("What helps most · 3 left · ratings count")
