"""Statistics on the screen."""

from __future__ import annotations

import threading

import pytest

from studyapp.schedule.rating import Rating
from studyapp.store.log import AnswerRecord
from studyapp.tui.screens.practice import PracticeScreen
from studyapp.tui.screens.statistics import page_of


async def study(stage, days: int) -> None:
    """Answer the recall card Easy and the formula with its known mistake, and let days pass."""
    await stage.press("enter", "space", "4")
    await stage.type("y-a\n")
    await stage.press("1")
    await stage.type("y-a\n")
    await stage.press("4")
    await stage.press("enter")
    stage.clock.move(days=days)


async def test_figures_and_pictures(perform):
    async with perform("home", cards="recall-bce formula-gradient") as stage:
        await study(stage, days=9)
        await stage.press("t")
        await stage.see("True retention", "30 days", "Weakest topics", "Too early: this begins when a topic has 5")
        await stage.see("Mastery by topic", "too early: 3 answers  One of each kind", "2/2")
        await stage.see("2× sign  (formula-gradient)")
        await stage.press("end")
        await stage.see("Memory strength", "stability: the days after which", "difficulty, 1 easy to 10 hard")


async def test_mistakes_that_come_back_are_drilled(perform):
    async with perform("home", cards="recall-bce formula-gradient") as stage:
        await study(stage, days=1)
        await stage.press("t")
        await stage.press("d")
        assert isinstance(stage.app.screen, PracticeScreen)
        await stage.see("Mistakes that come back · 1 left", "∂L/∂z for BCE")


SYLLABUS = """\
topics: [{id: one, title: Topic one}, {id: two, title: Topic two}, {id: three, title: Topic three}]
points:
  - {id: one.a, topic: one, point: A point., ask: [definition]}
  - {id: two.a, topic: two, point: A point., ask: [definition]}
  - {id: three.a, topic: three, point: A point., ask: [definition]}
"""


async def test_the_weakest_topics_are_ranked_by_wrong_answers_and_practised(perform, content):
    (content / "syllabus.yaml").write_text(SYLLABUS)
    cards = {"c-one": "one.a", "c-two": "two.a", "c-three": "three.a"}
    deck = "deck: covering\ntitle: Covering\ncards:\n"
    for card_id, point in cards.items():
        deck += f"  - {{id: {card_id}, kind: recall, covers: [{point}], question: What is {card_id}?, answer: It.}}\n"
    (content / "covering.yaml").write_text(deck)
    async with perform("home", cards="recall-bce") as stage:
        store = stage.services.store
        for card_id, ratings in {"c-one": [3, 3, 3, 3, 1], "c-two": [1, 1, 3, 3, 3], "recall-bce": [1]}.items():
            for rating in ratings:
                stage.clock.move(minutes=11)
                store.record(AnswerRecord(card_id, Rating(rating)), store.state(card_id))
        await stage.press("t")
        await stage.see("1  40% ████       2 of 5  Topic two", "2  20% ██         1 of 5  Topic one")
        await stage.see("Only 2 topics have 5 answers yet.", "too early: 1 answer  One of each kind")
        await stage.see("Not begun: Topic three.")
        await stage.press("2")
        assert isinstance(stage.app.screen, PracticeScreen)
        await stage.see("Topic one · 1 left", "What is c-one?")


@pytest.mark.parametrize("size", [(80, 24), (40, 15)])
async def test_no_line_is_wider_than_the_screen(perform, size):
    async with perform("home", cards="recall-bce formula-gradient", size=size) as stage:
        await study(stage, days=9)
        await stage.press("t")
        body = stage.app.screen.body
        assert [line for line in str(body.content).splitlines() if len(line) > size[0] - 3] == []


async def test_the_screen_can_be_used_and_left_while_figures_are_worked_out(perform, monkeypatch):
    asked, go_on = threading.Event(), threading.Event()

    def slow_page(figures, *others):
        asked.set()
        go_on.wait(10)
        return page_of(figures, *others)

    monkeypatch.setattr("studyapp.tui.screens.statistics.page_of", slow_page)
    async with perform("home", cards="recall-bce") as stage:
        await stage.pilot.press("t")
        await stage.until(asked.is_set, "the worker")
        await stage.see("Working the figures out")
        await stage.pilot.press("escape")
        await stage.see("Welcome")
        go_on.set()
        await stage.settle()
        await stage.see("Welcome")
        await stage.press("t")
        await stage.see("True retention")


async def test_figures_follow_the_width(perform):
    async with perform("home", cards="recall-bce formula-gradient") as stage:
        await study(stage, days=9)
        await stage.press("t")
        await stage.see("young")
        await stage.pilot.resize_terminal(40, 15)
        body = stage.app.screen.body
        await stage.until(lambda: "young" not in str(body.content).split("Weakest")[0], "a narrower table")
