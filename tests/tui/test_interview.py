"""A mock interview on the screen."""

from __future__ import annotations

from pathlib import Path

from studyapp.store.log import Mode
from studyapp.tui.screens.home import HomeScreen
from studyapp.tui.screens.interview import InterviewScreen
from studyapp.tui.screens.report import ReportScreen


async def start(stage, *turns: str) -> None:
    """Open the choices, make some, and start."""
    await stage.press("m", *turns, "s")
    assert isinstance(stage.app.screen, InterviewScreen)


async def answer_badly(stage) -> None:
    kind = stage.app.screen.question.card.kind
    await stage.press("escape" if kind not in ("recall", "choice", "order") else "shift+left")
    await stage.press("space" if kind == "recall" else "g")


async def test_an_interview_ends_with_a_saved_report_and_reschedules_nothing(perform, home: Path):
    async with perform("home") as stage:
        await start(stage, "down", "left")  # Length: 5 questions
        for number in range(1, 6):
            await stage.see(f"question {number} of 5")
            stage.clock.advance(seconds=40)
            await answer_badly(stage)
            await stage.until(lambda: stage.app.screen.stage == "judged", "a verdict")
            await stage.press("enter")
        assert isinstance(stage.app.screen, ReportScreen)
        await stage.see("5 questions in 3:20", "By topic", "By kind")
        (saved,) = (home / "interviews").glob("*.md")
        assert "5 questions in 3:20" in saved.read_text()
        store = stage.services.store
        cards = [entry.card_id for entry in stage.services.bank.entries()]
        assert all(store.state(card_id) is None for card_id in cards)
        modes = [event.answer.mode for card_id in cards for event in store.history(card_id)]
        assert modes == [Mode.MOCK] * 5
        await stage.press("p")
        await stage.see("Questions to look at again · ")
        await stage.press("escape", "q", "q")
        assert isinstance(stage.app.screen, HomeScreen)


async def test_a_paused_interview_is_gone_on_with_after_a_restart(perform, home: Path):
    async with perform("home") as stage:
        await start(stage, "down", "left")
        first = stage.app.screen.question.card.id
        await answer_badly(stage)
        await stage.until(lambda: stage.app.screen.stage == "judged")
        await stage.press("enter")
        second = stage.app.screen.question.card.id
        stage.clock.advance(seconds=500)
        await stage.press("escape", "escape")
        await stage.until(lambda: isinstance(stage.app.screen, HomeScreen))
    async with perform("home") as stage:
        await stage.press("m")
        await stage.see("Go on with the paused interview (1 answered)")
        await stage.press("home", "enter")
        await stage.see("question 2 of 5")
        assert stage.app.screen.question.card.id == second != first
        assert stage.app.screen.interview.seconds == 0
        await stage.press("ctrl+r")
        assert isinstance(stage.app.screen, ReportScreen)
        assert not (home / "interview.json").exists()


async def test_with_feedback_at_the_end_no_verdict_is_shown(perform):
    async with perform("home", cards="choice-outliers formula-gradient") as stage:
        await start(stage, *["down"] * 5, "right")
        await stage.press(*(["escape"] if stage.app.screen.question.card.kind == "formula" else []), "g")
        await stage.see("question 2")
        assert "Given up" not in stage.text


async def test_the_clock_runs_down(perform):
    async with perform("home", cards="recall-bce cloze-median") as stage:
        await start(stage, "down", "right", "right")  # Length: 10 minutes
        await stage.see("10:00 left")
        stage.clock.advance(seconds=61)
        await stage.see("8:59 left")
        stage.clock.advance(minutes=10)
        await stage.see("time is up: the last question")
        await answer_badly(stage)
        await stage.until(lambda: stage.app.screen.stage == "judged")
        await stage.press("enter")
        assert isinstance(stage.app.screen, ReportScreen)


async def test_a_damaged_saved_interview_is_as_good_as_none(perform, home: Path):
    home.mkdir()
    (home / "interview.json").write_text('{"plan": 3')
    async with perform("home") as stage:
        await stage.press("m")
        assert "Go on with" not in stage.text


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
        await stage.press("m", "down", "down", "enter")
        await stage.see("Topics", "[ ] folder/", "[ ]   Deck one", "[ ] Deck three")
        titles = [label.strip() for label, _ in stage.app.screen._entries]
        await stage.press(*["down"] * titles.index("folder/"), "space")
        await stage.see("[✓] folder/", "[✓]   Deck one", "[✓]   Deck two")
        await stage.press("down", "space")
        await stage.see("[–] folder/", "[ ]   Deck one")
        await stage.press("home", *["down"] * titles.index("Deck three"), "space", "enter")
        await stage.see("2: ", "Deck two", "Deck three", "4 cards to ask from")
        await stage.press("down", "enter", "space", "escape")
        await stage.see("Kinds     ◂ all ▸")
        await stage.press("enter", "space", "down", "down", "space", "enter")
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
