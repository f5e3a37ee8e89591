"""Which deck files there are, and the list of the user's own."""

from __future__ import annotations

import json
import threading
from pathlib import Path

import pytest

from studyapp.deck.deck_files import find_deck_files
from studyapp.deck.library import Library, LibraryError
from studyapp.file_lock import FileLock

from .decks import cloze, deck_text, write


@pytest.fixture
def bundled(tmp_path: Path) -> Path:
    folder = tmp_path / "content"
    write(folder / "vision" / "focal.yaml", deck_text(cloze("a"), name="vision/focal"))
    write(folder / "vision" / "focal.zh.yaml", "deck: vision/focal\nlanguage: zh\n")
    write(folder / "syllabus.yaml", "points: []\n")
    write(folder / "sources.yaml", "sources: []\n")
    write(folder / ".hidden" / "x.yaml", "deck: x\n")
    write(folder / "notes.txt", "no deck\n")
    return folder


def test_a_folder_gives_its_decks_with_their_translations(bundled: Path) -> None:
    (file,) = find_deck_files(bundled, bundled=True)
    assert file.path == bundled / "vision" / "focal.yaml"
    assert file.folder == "vision"
    assert file.overlays == (("zh", bundled / "vision" / "focal.zh.yaml"),)


def test_own_decks_are_added_once_and_forgotten_by_name_or_path(tmp_path: Path, bundled: Path) -> None:
    library = Library(tmp_path / "home", bundled)
    mine = write(tmp_path / "my deck.yaml", deck_text(cloze("b"), name="mine"))
    folder = write(tmp_path / "more" / "c.yaml", deck_text(cloze("c"), name="c")).parent
    assert library.add(mine)
    assert not library.add(tmp_path / "more" / ".." / "my deck.yaml")
    assert library.add(folder)
    assert library.roots() == (bundled, mine, folder)
    assert [file.path.name for file in library.deck_files()] == ["focal.yaml", "my deck.yaml", "c.yaml"]
    assert library.remove("mine") == mine
    assert library.remove(str(folder)) == folder
    assert library.own() == ()
    assert mine.exists()


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("mnie", "did you mean 'mine'?"),
        ("vision/focal", "comes with the app"),
        ("c", "belongs to the folder"),
        ("quite-other", "no deck of your own"),
    ],
)
def test_forgetting_what_is_not_there_says_what_is(tmp_path: Path, bundled: Path, name: str, words: str) -> None:
    library = Library(tmp_path / "home", bundled)
    library.add(write(tmp_path / "x.yaml", deck_text(cloze("b"), name="mine")))
    library.add(write(tmp_path / "more" / "y.yaml", deck_text(cloze("c"), name="c")).parent)
    with pytest.raises(LibraryError) as caught:
        library.remove(name)
    assert words in str(caught.value)


def test_only_decks_can_be_added(tmp_path: Path, bundled: Path) -> None:
    library = Library(tmp_path / "home", bundled)
    (tmp_path / "empty").mkdir()
    for path, words in (
        (tmp_path / "gone.yaml", "no file or folder"),
        (bundled / "notes.txt", "end in .yaml"),
        (tmp_path / "empty", "holds no decks"),
        (bundled / "vision" / "focal.zh.yaml", "a translation"),
    ):
        with pytest.raises(LibraryError, match=words):
            library.add(path)
    assert library.own() == ()


def test_a_damaged_list_is_refused_and_left_alone(tmp_path: Path) -> None:
    library = Library(tmp_path / "home")
    deck = write(tmp_path / "x.yaml", deck_text(cloze("b")))
    for damage in ("{half", '{"decks": 3}', '{"decks": [1]}', "[]"):
        write(tmp_path / "home" / "library.json", damage)
        with pytest.raises(LibraryError, match="move it away"):
            library.add(deck)
        assert (tmp_path / "home" / "library.json").read_text() == damage


def test_the_list_is_private_and_written_whole(tmp_path: Path) -> None:
    library = Library(tmp_path / "home")
    library.add(write(tmp_path / "x.yaml", deck_text(cloze("b"))))
    file = tmp_path / "home" / "library.json"
    assert file.stat().st_mode & 0o777 == 0o600
    assert file.parent.stat().st_mode & 0o777 == 0o700
    assert json.loads(file.read_text())["decks"] == [str(tmp_path / "x.yaml")]
    assert sorted(path.name for path in file.parent.iterdir()) == ["library.json", "library.lock"]


def test_two_who_add_at_once_lose_nothing(tmp_path: Path) -> None:
    decks = [write(tmp_path / f"d{i}.yaml", deck_text(cloze(f"c{i}"))) for i in range(8)]
    threads = [threading.Thread(target=Library(tmp_path / "home").add, args=(deck,)) for deck in decks]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(Library(tmp_path / "home").own()) == decks


def test_a_lock_file_left_behind_by_a_crash_locks_nothing(tmp_path: Path) -> None:
    write(tmp_path / "home" / "library.lock", "")
    assert Library(tmp_path / "home").add(write(tmp_path / "x.yaml", deck_text(cloze("b"))))


def test_while_another_changes_the_list_one_waits_and_then_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("studyapp.deck.library._PATIENCE", 0.05)
    library = Library(tmp_path / "home")
    deck = write(tmp_path / "x.yaml", deck_text(cloze("b")))
    (tmp_path / "home").mkdir(exist_ok=True)
    with (
        FileLock(tmp_path / "home" / "library.lock", exclusive=True, patience=0),
        pytest.raises(LibraryError, match="try again shortly"),
    ):
        library.add(deck)
    assert library.add(deck)
