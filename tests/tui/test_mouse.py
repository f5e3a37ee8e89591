"""Everything that a key does on a card can be clicked too."""

from __future__ import annotations

from studyapp.tui.widgets.key_bar import KeyBar
from studyapp.tui.widgets.rating_bar import RatingBar


async def test_reveal_and_rate_by_clicking(perform):
    async with perform(cards="recall-bce cloze-median") as stage:
        await stage.pilot.click(KeyBar, offset=(3, 0))
        await stage.see("[ ] both terms")
        await stage.pilot.click(RatingBar, offset=(70, 0))
        await stage.see("minimised by")
        assert stage.services.store.state("recall-bce").interval == 8


async def test_an_option_and_a_point_are_clicked(perform):
    async with perform(cards="choice-outliers recall-bce") as stage:
        await stage.pilot.click(type(stage.app.focused), offset=(3, 2))
        await stage.see("3 (•)")
        await stage.press("enter", "3", "space")
        await stage.pilot.click(type(stage.app.screen.points), offset=(1, 1))
        await stage.see("[x] both terms")
