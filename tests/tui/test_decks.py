"""Decks of one's own."""

from __future__ import annotations

from pathlib import Path


async def test_a_deck_is_written_added_studied_and_forgotten(perform, tmp_path: Path):
    async with perform("home") as stage:
        await stage.press("d", "n")
        await stage.type(f"{tmp_path}/mine\n")
        await stage.see("2 decks, 1 of your own", "Wrote and added the deck mine", "your own")
        assert (tmp_path / "mine.yaml").exists()
        await stage.press("escape")
        await stage.see("All decks")
        await stage.press("d", "end", "d")
        await stage.see("1 decks, 0 of your own", "Forgot")
        assert (tmp_path / "mine.yaml").exists()


async def test_a_path_that_is_no_deck_is_refused_with_the_reason(perform, tmp_path: Path):
    async with perform("home") as stage:
        await stage.press("d", "a")
        await stage.type(f"{tmp_path}/nothing.yaml\n")
        await stage.see("Not added", "there is no file or folder")


async def test_a_deck_that_comes_with_the_app_stays(perform):
    async with perform("home") as stage:
        await stage.press("d", "d")
        await stage.see("Not removed", "comes with the app")


async def test_problems_of_an_added_deck_are_pointed_out(perform, tmp_path: Path):
    deck = tmp_path / "bad.yaml"
    deck.write_text("deck: bad\ntitle: Bad\ncards:\n  - {id: one, kind: recal, question: What?, answer: That.}\n")
    async with perform("home") as stage:
        await stage.press("d", "a")
        await stage.type(f"{deck}\n")
        await stage.see("1 problem(s) in it")
        await stage.press("p")
        await stage.see("bad.yaml:4:", "did you mean 'recall'?")
