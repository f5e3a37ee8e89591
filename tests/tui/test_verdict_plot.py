"""The plot below a verdict, for losses with one parameter worth seeing."""

from __future__ import annotations

from pathlib import Path

import pytest

from studyapp.losses import get
from studyapp.tui.curves.families import FAMILIES
from studyapp.tui.curves.verdict_plot import VerdictPlot, family_curves
from studyapp.tui.widgets.rating_bar import RatingBar

DECK = """deck: kinds
title: Focal
cards:
  - {id: focal-gamma, kind: recall, question: What does gamma do?, answer: It fades easy examples., loss: focal}
  - {id: mean-square, kind: recall, question: What is MSE?, answer: The mean square., loss: mse}
"""


@pytest.fixture(autouse=True)
def focal(content: Path) -> None:
    (content / "kinds.yaml").write_text(DECK)


@pytest.mark.parametrize("name", FAMILIES)
def test_every_family_has_curves_that_differ(name):
    drawn = family_curves(name)
    assert 3 <= len(drawn) <= 4
    assert len({curve.ys for curve in drawn}) == len({curve.label for curve in drawn}) == len(drawn)
    parameter = FAMILIES[name][1].partition("=")[0]
    assert all(curve.label.startswith(f"{parameter}=") for curve in drawn)
    assert get(name).name == name


@pytest.mark.parametrize("size", [(80, 24), (40, 15)])
async def test_a_key_shows_it_and_hides_it_again(perform, size):
    async with perform(size=size) as stage:
        await stage.press("p")
        assert not stage.app.screen.query(VerdictPlot)
        await stage.press("space")
        assert not stage.app.screen.query(VerdictPlot)
        await stage.press("p")
        await stage.see("Focal loss (α = 0.5) over p, y = 1", "1 Again")
        await stage.press("pagedown")
        await stage.see("d gamma=5", "1 Again")
        assert any("⠀" < character <= "⣿" for character in stage.text)
        assert isinstance(stage.app.focused, RatingBar)
        await stage.press("p")
        await stage.until(lambda: not stage.app.screen.query(VerdictPlot), "the plot to go")
        await stage.press("p", "3")
        await stage.see("What is MSE?")
        assert not stage.app.screen.query(VerdictPlot)
        await stage.press("space", "p")
        assert not stage.app.screen.query(VerdictPlot)


async def test_on_a_large_screen_it_is_there_unasked(perform):
    async with perform(size=(120, 45)) as stage:
        await stage.press("space")
        await stage.see("Focal loss (α = 0.5) over p, y = 1", "gamma=5", "It fades easy examples.")
        await stage.press("3")
        await stage.see("What is MSE?")
        assert "gamma=5" not in stage.text
