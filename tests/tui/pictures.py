"""Pictures of the main screens as SVG, made from the running app: ``PYTHONPATH=. python tests/tui/pictures.py FOLDER``.

The learner of the pictures is made up: a temporary data folder, a clock that stands, the bundled decks.
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from studyapp.folders import Folders, content_folder
from studyapp.schedule.day import StudyDays
from studyapp.services import open_services
from studyapp.settings import Settings
from studyapp.tui.app import StudyApp

SIZE = (90, 28)
NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
PICTURES: dict[str, tuple[str, tuple[str, ...]]] = {
    "home": ("home", ()),
    "review": ("study", ("space",)),
    "explorer": ("home", ("x", "ctrl+o", "down", "enter")),
    "browse": ("home", ("slash", *"kind:compute", "enter")),
}
"""Name, start and keys of each picture."""


async def take(folder: Path, name: str, start: str, keys: tuple[str, ...], theme: str) -> Path:
    """One picture."""
    with tempfile.TemporaryDirectory() as home:
        folders = Folders(Path(home), Path(home) / "config.toml", content_folder())
        services = open_services(folders, Settings(theme=theme), lambda: NOW, StudyDays(UTC))
        try:
            app = StudyApp(services, start)
            async with app.run_test(size=SIZE) as pilot:
                await pilot.pause()
                for key in keys:
                    await pilot.press({":": "colon"}.get(key, key))
                await pilot.pause(0.5)
                await app.workers.wait_for_complete()
                await pilot.pause(0.2)
                return Path(app.save_screenshot(f"{name}.svg", str(folder)))
        finally:
            services.close()


async def main(folder: Path, theme: str = "textual-dark") -> None:
    """All pictures into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, (start, keys) in PICTURES.items():
        print(await take(folder, name, start, keys, theme))


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1] if len(sys.argv) > 1 else "pictures")))
