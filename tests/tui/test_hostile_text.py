"""Text of decks and of the user is shown as it stands: it meets no markup parser and cannot steer a terminal."""

from __future__ import annotations

from pathlib import Path

NASTY = r"[/] [b [red]x[/red] [[0]] [/b] $ 5$ \\[ {x} <tag> & [@click=app.quit]go[/] ∑ 中文，。"


def deck(path: Path) -> None:
    quoted = "'" + NASTY.replace("'", "''") + "'"
    path.write_text(
        f"""deck: nasty
title: {quoted}
order: 0
cards:
  - id: recall
    kind: recall
    question: {quoted}
    answer: {quoted}
    points: [{quoted}]
    hints: [{quoted}]
  - id: choice
    kind: choice
    question: {quoted}
    options: [{{text: {quoted}, correct: true, why: {quoted}}}, {{text: other, why: {quoted}}}]
  - id: cloze
    kind: cloze
    text: "[/] [b {{{{gap}}}} [red]"
  - id: order
    kind: order
    question: {quoted}
    steps: [{{id: a, text: {quoted}}}, {{id: b, text: "[/b"}}]
    distractors: [{{text: "[/", why: {quoted}}}]
  - id: explain
    kind: explain
    question: {quoted}
    answer: {quoted}
    points: [{quoted}]
""",
        "utf-8",
    )


async def test_brackets_and_dollars_pass_through_every_screen(perform, content: Path):
    for file in content.glob("*.yaml"):
        file.unlink()
    deck(content / "nasty.yaml")
    async with perform("home") as stage:
        assert stage.services.bank.problems() == (), [str(one) for one in stage.services.bank.problems()]
        await stage.see("[/] [b [red]x[/red]")
        await stage.press("enter", "h", "space")
        await stage.see("[/] [b [red]x[/red] [[0]]", "[@click=app.quit]go[/]")
        await stage.press("3", "1", "enter")
        await stage.until(lambda: stage.app.screen.stage == "judged")
        await stage.press("3")
        await stage.type("[/red\n")
        await stage.until(lambda: stage.app.screen.stage == "judged")
        await stage.press("3", "1", "2", "enter")
        await stage.until(lambda: stage.app.screen.stage == "judged")
        await stage.press("3")
        await stage.type("[/] [b")
        await stage.press("ctrl+s")
        await stage.until(lambda: stage.app.screen.stage == "judged")
        await stage.press("escape", "escape", "slash")
        await stage.type("[/red")
        await stage.settle()
        await stage.press("escape", "t", "escape", "d", "question_mark", "escape", "escape", "m", "s")
        await stage.settle()
        assert stage.app.is_running


async def test_escape_sequences_in_an_answer_do_not_reach_the_terminal(perform):
    async with perform(cards="cloze-median explain-mae") as stage:
        await stage.type("\x1b[31mred\x07\nmean\n")
        await stage.until(lambda: stage.app.screen.stage == "judged")
        assert "\x1b" not in stage.text and "\x07" not in stage.text
        await stage.press("3")
        await stage.type("\x1b]0;title\x07 linear\ttext")
        assert stage.app.screen.panel.answer == "]0;title linear    text"


async def test_without_colour_everything_is_still_said(perform, monkeypatch):
    monkeypatch.setenv("NO_COLOR", "1")
    async with perform(cards="choice-outliers explain-mae") as stage:
        place = stage.app.screen.question.options.index("MAE") + 1
        await stage.press(str(place), "enter")
        await stage.see("✗ Wrong", "Wrong, your choice. It grows linearly.", "▸1 Again")
