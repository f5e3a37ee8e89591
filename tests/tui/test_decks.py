"""Decks of one's own."""

from __future__ import annotations

import threading
from pathlib import Path

from studyapp.deck import read_files


async def test_a_deck_is_written_added_studied_and_forgotten(perform, tmp_path: Path):
    async with perform("home") as stage:
        await stage.press("d", "n")
        await stage.type(f"{tmp_path}/mine\n")
        await stage.see("Wrote and added mine: e edits it · 2 decks, 1 of your own")
        assert stage.app.screen.marked.name == "mine"
        assert (tmp_path / "mine.yaml").exists()
        await stage.press("escape")
        await stage.see("All decks")
        await stage.press("d", "end", "d")
        await stage.see("Forgot mine.yaml; the file and its cards' history stay · 1 deck, 0 of your own")
        assert (tmp_path / "mine.yaml").exists()


async def test_a_name_is_enough_for_a_new_deck(perform, home: Path):
    async with perform("home") as stage:
        await stage.press("d", "n")
        await stage.see("A name is enough")
        await stage.type("my own\n")
        await stage.see("Wrote and added my-own: e edits it", "2 decks, 1 of your own")
        path = home / "decks" / "my own.yaml"
        assert f"studyapp check '{path}'" in path.read_text().splitlines()[0]


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
        await stage.see("Added: Bad, 1 problem: p shows it")
        await stage.press("p")
        await stage.see("bad.yaml:4:", "did you mean 'recall'?")


async def test_a_deck_is_left_out_and_taken_in_again(perform):
    async with perform("home") as stage:
        await stage.see("Enter begins")
        await stage.press("d", "space")
        await stage.see("off · One of each kind", "1 off")
        await stage.press("escape")
        await stage.see("One of each kind (off)", "All decks are off.")
        await stage.press("slash")
        await stage.see("recall")
        await stage.press("escape", "d", "space")
        await stage.see("1 deck, 0 of your own")
        assert "off" not in stage.app.screen.choices.get_option_at_index(0).prompt.plain
        await stage.press("escape")
        await stage.see("Enter begins")


async def test_decks_are_put_in_another_order(perform, content: Path):
    for number in (2, 3):
        (content / f"d{number}.yaml").write_text(
            f"deck: d{number}\ntitle: Deck {number}\norder: 1\ncards:\n"
            f"  - {{id: c{number}, kind: recall, question: What?, answer: That.}}\n"
        )
    async with perform("home") as stage:
        await stage.press("d")
        before = [deck.name for deck in stage.services.bank.decks()]
        await stage.press("end", "K")
        first, second, third = before
        assert [deck.name for deck in stage.services.bank.decks()] == [first, third, second]
        assert stage.app.screen.marked.name == third
        await stage.press("K", "K", "J")
        assert [deck.name for deck in stage.services.bank.decks()] == [first, third, second]
        await stage.press("K", "escape")
        await stage.press("home", "enter")
        assert stage.app.screen.session.turn.card.id in {
            entry.card_id for entry in stage.services.bank.entries([third])
        }


async def test_cards_beyond_a_topic_are_turned_on_and_off(perform, content: Path):
    file = next(content.glob("*.yaml"))
    file.write_text(
        file.read_text("utf-8") + "  - {id: far, kind: recall, question: Far?, answer: Out., tags: [beyond]}\n"
    )
    async with perform("home") as stage:
        await stage.press("d", "b")
        await stage.see("1 card tagged beyond is asked from now on", "with beyond")
        await stage.press("b")
        await stage.see("is never asked", "without beyond")
        await stage.press("b")
        await stage.see("is asked once its topic is learnt")
        assert stage.app.services.bank.decks()[0].choice.beyond is None


async def test_a_deck_gets_limits_of_its_own(perform):
    async with perform("home") as stage:
        await stage.press("d", "t")
        await stage.see("New cards a day:", "Empty: as in the settings.")
        await stage.type("3")
        await stage.press("down", "down")
        await stage.type("0.3\n")
        await stage.see("expected a number from 0.7 to 0.99")
        await stage.press("ctrl+u")
        await stage.type("0.95\n")
        await stage.see("3 new a day, 95% kept")
        await stage.press("escape")
        await stage.see("new cards, 3 of 11 today")
        session = stage.app.open_session(())
        assert session.counts.new == 3
        assert stage.services.store.scheduler_of(session.turn.card.id).settings.retention == 0.95


def many_decks(folder: Path) -> Path:
    folder.mkdir()
    for number in range(3):
        (folder / f"m{number}.yaml").write_text(
            f"deck: m{number}\ntitle: Many {number}\norder: 99\ncards:\n"
            f"  - {{id: m{number}-a, kind: recall, question: What?, answer: That.}}\n"
        )
    return folder


class SlowReading:
    """Reading that waits at the second file until it may go on."""

    def __init__(self, monkeypatch) -> None:
        self.go_on = threading.Event()
        self._read = read_files.read_deck
        monkeypatch.setattr(read_files, "read_deck", self._slowly)

    def _slowly(self, path, **told):
        if path.name == "m1.yaml":
            self.go_on.wait(10)
        return self._read(path, **told)


async def test_a_large_folder_is_read_while_the_screen_goes_on(perform, tmp_path: Path, monkeypatch):
    folder = many_decks(tmp_path / "many")
    async with perform("home") as stage:
        reading = SlowReading(monkeypatch)
        await stage.press("d")
        await stage.pilot.press("a", *str(folder), "enter")
        await stage.see("Reading the decks: 0.0 of 0.0 MB · esc stops", "esc Stop reading")
        assert "Limits" not in stage.text
        reading.go_on.set()
        await stage.settle()
        await stage.see("Added: 3 decks · 4 decks, 3 of your own", "t Limits")
        assert stage.app.screen.marked.name == "m0", "the cursor stands on what was added"
        assert "Many 0" in stage.text


async def test_reading_is_stopped_and_leaves_all_as_it_was(perform, tmp_path: Path, monkeypatch):
    folder = many_decks(tmp_path / "many")
    async with perform("home") as stage:
        reading = SlowReading(monkeypatch)
        await stage.press("d")
        await stage.pilot.press("a", *str(folder), "enter")
        await stage.see("esc stops")
        await stage.pilot.press("escape")
        await stage.see("Stopping")
        reading.go_on.set()
        await stage.settle()
        await stage.see("Stopped. Nothing was added. · 1 deck, 0 of your own")
        assert stage.services.bank.library.own() == ()
        assert not stage.services.bank.refresh()
        await stage.press("escape")
        await stage.see("Enter begins")


async def test_leaving_the_app_while_it_reads_adds_nothing(perform, tmp_path: Path, monkeypatch):
    folder = many_decks(tmp_path / "many")
    async with perform("home") as stage:
        reading = SlowReading(monkeypatch)
        await stage.press("d")
        await stage.pilot.press("a", *str(folder), "enter")
        await stage.see("esc stops")
        stage.app.workers.cancel_all()  # as the app does when it is left
        reading.go_on.set()
        await stage.until(lambda: stage.services.bank.library.own() == (), "the library as it was")


FOREIGN = Path(__file__).parents[1] / "data" / "foreign"


async def test_a_package_is_imported_and_taken_back(perform, home: Path):
    async with perform("home") as stage:
        await stage.press("d", "i")
        await stage.type(f"{FOREIGN}/newest.apkg\n")
        await stage.see(
            "11 new cards (8 recall, 2 cloze, 1 typed)", "8 reviews", "Import with history", "cannot be kept"
        )
        await stage.press("enter")
        await stage.see("Imported 11 cards; u takes them back", "ml/losses · 3 cards")
        assert len(stage.app.services.store.imported().reviews) == 3
        await stage.press("u")
        await stage.see("newest.apkg: 11 cards, files and history")
        await stage.press("enter")
        await stage.see("Took back the import of newest.apkg")
        assert not (home / "decks").exists() and not stage.app.services.store.imported().reviews
        await stage.press("u")
        await stage.see("There is no import that could be taken back")


async def test_an_import_can_be_left_or_come_without_history(perform, home: Path):
    async with perform("home") as stage:
        await stage.press("d", "i")
        await stage.type(f"{FOREIGN}/newest.apkg\n")
        await stage.see("Import the cards alone")
        await stage.press("escape")
        await stage.see("Nothing was imported")
        assert not (home / "imports").exists()
        await stage.press("i")
        await stage.type(f"{FOREIGN}/newest.apkg\n")
        await stage.see("Import the cards alone")
        await stage.press("down", "enter")
        await stage.see("Imported 11 cards")
        assert not stage.app.services.store.imported().reviews


async def test_what_cannot_be_read_is_told(perform, tmp_path: Path):
    path = tmp_path / "cut.apkg"
    path.write_bytes((FOREIGN / "newest.apkg").read_bytes()[:30_000])
    async with perform("home") as stage:
        await stage.press("d", "i")
        await stage.type(f"{path}\n")
        await stage.see("Cannot be read", "is in no format that is known here")
