"""A user's desk for tests: decks to write, services to open and close, a clock that moves only when told to."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC
from pathlib import Path

from msgspec.structs import replace

from studyapp.folders import Folders
from studyapp.schedule.day import StudyDays
from studyapp.services import Services, open_services
from studyapp.settings import Settings
from tests.clock import ManualClock


@dataclass
class Desk:
    """One user's folder: decks to be written, services to be opened and closed as often as wanted."""

    root: Path
    clock: ManualClock
    settings: Settings = field(default_factory=Settings)
    opened: list[Services] = field(default_factory=list)

    @property
    def folders(self) -> Folders:
        return Folders(self.root / "home", self.root / "home" / "config.toml", self.root / "content")

    def write_deck(self, name: str, text: str) -> Path:
        """Write ``content/NAME.yaml``; a later write always counts as a change."""
        path = self.root / "content" / f"{name}.yaml"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path

    def open(self, **settings: object) -> Services:
        """Open the app's services anew, in UTC."""
        chosen = replace(self.settings, **settings)  # type: ignore[arg-type]
        services = open_services(self.folders, chosen, self.clock, StudyDays(UTC))
        self.opened.append(services)
        return services

    def close(self) -> None:
        while self.opened:
            self.opened.pop().close()


def recall_deck(name: str, count: int, order: int = 10) -> str:
    """A deck of ``count`` recall cards ``NAME-0``, ``NAME-1`` …"""
    cards = "".join(
        f"  - id: {name}-{number}\n    kind: recall\n    question: What is {name} {number}?\n"
        f"    answer: It is {number}.\n    points: [one, two]\n"
        for number in range(count)
    )
    return f"deck: {name}\ntitle: {name}\norder: {order}\ncards:\n{cards}"
