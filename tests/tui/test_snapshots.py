"""Pictures of the main screens, at two sizes and in two themes, against the ones in ``snapshots/``.

``STUDYAPP_UPDATE_SNAPSHOTS=1 python -m pytest tests/tui/test_snapshots.py`` takes them anew; look at them before they
are kept.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import Path

import pytest

from studyapp.settings import Settings

SNAPSHOTS = Path(__file__).parent / "snapshots"
LOOKS = {"80x24-dark": ((80, 24), "textual-dark"), "40x15-light": ((40, 15), "textual-light")}
_FONT_FACE = re.compile(r"@font-face \{.*?\}\s*", re.DOTALL)
_NOTHING = re.compile(r'<rect [^>]*width="0"[^>]*/>')
_UNIQUE_ID = re.compile(r"terminal-\d+-")


def picture(stage) -> str:
    """The screen as SVG without what is another on each machine or run: fonts, unique ids, rectangles of no width."""
    svg = _FONT_FACE.sub("", stage.app.export_screenshot(title="studyapp"))
    svg = _NOTHING.sub("", svg)
    svg = _UNIQUE_ID.sub("", svg.replace("Fira Code", "monospace"))
    return "\n".join(line.rstrip() for line in svg.splitlines() if line.strip()) + "\n"


async def settled_picture(stage) -> str:
    """The picture once nothing on it moves any more."""
    seen: list[str] = []

    def stands_still() -> bool:
        seen.append(picture(stage))
        return len(seen) > 2 and seen[-1] == seen[-2] == seen[-3]

    await stage.until(stands_still, "a picture that stands still")
    return seen[-1]


@dataclass(frozen=True, slots=True)
class Look:
    """A size and a theme in which pictures are taken; pictures that differ from the kept ones go to ``folder``."""

    name: str
    size: tuple[int, int]
    settings: Settings
    folder: Path

    async def check(self, screen: str, stage) -> None:
        """Compare the screen with its kept picture, or keep it where that was asked for."""
        svg = await settled_picture(stage)
        kept = SNAPSHOTS / f"{screen}-{self.name}.svg"
        if os.environ.get("STUDYAPP_UPDATE_SNAPSHOTS"):
            kept.write_text(svg, encoding="utf-8", newline="\n")
        actual = self.folder / kept.name
        actual.write_text(svg, encoding="utf-8", newline="\n")
        same = kept.exists() and kept.read_bytes() == actual.read_bytes()
        assert same, f"{actual} is not {kept}; if it should be, run with STUDYAPP_UPDATE_SNAPSHOTS=1"


@pytest.fixture(params=LOOKS)
def look(request: pytest.FixtureRequest, tmp_path: Path) -> Look:
    size, theme = LOOKS[request.param]
    return Look(request.param, size, Settings(theme=theme), tmp_path)


async def test_home(perform, look):
    async with perform("home", size=look.size, settings=look.settings) as stage:
        await stage.see("One of each kind")
        await look.check("home", stage)


async def test_a_card_before_and_after_grading(perform, look):
    cards = "formula-gradient recall-bce"
    async with perform(cards=cards, size=look.size, settings=look.settings) as stage:
        await stage.type("y - a")
        await stage.see("read as y − a")
        await look.check("question", stage)
        await stage.press("enter")
        await stage.see("✗ Wrong: a known mistake", "1 Again")
        await look.check("verdict", stage)


async def test_statistics(perform, look, clock):
    async with perform("study", cards="recall-bce choice-outliers recall-matrix", settings=look.settings) as stage:
        for _ in range(3):
            clock.move(seconds=20)
            await stage.press(*(("1", "enter") if stage.app.screen.panel else ("space",)), "4")
    clock.move(days=9)
    async with perform("home", size=look.size, settings=look.settings) as stage:
        await stage.press("t")
        await stage.see("True retention")
        await look.check("statistics", stage)


async def test_explorer(perform, look):
    async with perform("home", size=look.size, settings=look.settings) as stage:
        await stage.press("x", "enter")
        await stage.see("d gamma=5")
        await look.check("explorer", stage)
