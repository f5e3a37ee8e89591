"""A learner who imports and exports: commands run in this process, with a home of their own."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from studyapp.__main__ import run

FOREIGN = Path(__file__).parents[1] / "data" / "foreign"


class Learner:
    """Runs commands in a home of its own and looks at what they left."""

    def __init__(self, home: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.home = home
        self._capsys = capsys

    def run(self, *words: object) -> str:
        """What a command prints; it must succeed."""
        code, out, err = self.try_to(*words)
        assert code == 0, (code, out, err)
        return out

    def try_to(self, *words: object) -> tuple[int, str, str]:
        """Exit code, stdout and stderr of a command."""
        self._capsys.readouterr()
        try:
            code = run([str(word) for word in words])
        except SystemExit as stopped:
            code = stopped.code
        out, err = self._capsys.readouterr()
        return int(code or 0), out, err

    def cards(self) -> dict[str, dict]:
        """Every card by its id, as plain data."""
        from studyapp.deck.bank import Bank
        from studyapp.deck.library import Library
        from studyapp.exchange.origins import card_data

        with Bank.open(Library(self.home, None), self.home / "cache.db") as bank:
            return {entry.card_id: card_data(bank.card(entry.card_id, "")) | {"deck": entry.deck}
                    for entry in bank.entries()}  # fmt: skip

    def question(self, text: str) -> dict:
        """The card whose question or text begins so."""
        found = [
            card for card in self.cards().values() if (card.get("question") or card.get("text", "")).startswith(text)
        ]
        assert len(found) == 1, found
        return found[0]

    def preview(self, *words: object) -> dict:
        """What an import would do, as data."""
        found: dict = json.loads(self.run("import", "--dry-run", "--json", *words))
        return found

    def files(self) -> dict[str, bytes]:
        """All files of the home that an import may touch, by their paths in it."""
        return {
            str(path.relative_to(self.home)): path.read_bytes()
            for path in sorted((self.home / "decks").rglob("*"))
            if path.is_file()
        }
