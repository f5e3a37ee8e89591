"""The bank: every deck behind one index that follows the files."""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from studyapp.deck import index, read_files
from studyapp.deck.bank import Bank, UnknownCard, UnknownDeck
from studyapp.deck.cache import Cache, CacheError
from studyapp.deck.library import Library
from studyapp.deck.query import parse_query
from studyapp.deck.search import search
from studyapp.kinds.cloze import ClozeCard
from studyapp.locale.message import use_language

from .decks import choice, cloze, deck_text, write


class World:
    """A library with a content folder, and the banks opened on it."""

    def __init__(self, folder: Path) -> None:
        self.content = folder / "content"
        self.home = folder / "home"
        self.content.mkdir()
        self.library = Library(self.home, self.content)
        self.open_banks: list[Bank] = []
        self._ticks = 0

    def deck(self, name: str, *cards: str, order: int | None = None, file: str = "") -> Path:
        """Writes a deck file, always with a new time stamp."""
        header = "" if order is None else f"order: {order}\n"
        path = self.content / (file or f"{name}.yaml")
        return self.write(path, deck_text(*cards, name=name, header=header))

    def write(self, path: Path, text: str) -> Path:
        write(path, text)
        self._ticks += 1
        os.utime(path, ns=(self._ticks * 10**9, self._ticks * 10**9))
        return path

    def bank(self) -> Bank:
        """A bank on this library."""
        bank = Bank.open(self.library, self.home / "cache.db")
        self.open_banks.append(bank)
        return bank


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    world = World(tmp_path)
    yield world
    for bank in world.open_banks:
        bank.close()


def ids(bank: Bank, *decks: str) -> list[str]:
    return [entry.card_id for entry in bank.entries(decks)]


def codes(bank: Bank) -> list[str]:
    return [problem.code for problem in bank.problems()]


def test_cards_come_in_deck_order_then_file_order(world: World) -> None:
    world.deck("later", cloze("c"), order=20)
    world.deck("first", cloze("b"), choice("a"), order=10)
    bank = world.bank()
    assert ids(bank) == ["b", "a", "c"]
    positions = [entry.position for entry in bank.entries()]
    assert positions == sorted(set(positions))
    assert [(deck.name, deck.card_count) for deck in bank.decks()] == [("first", 2), ("later", 1)]


def test_a_card_comes_back_as_it_was_written(world: World) -> None:
    path = world.deck("x", choice("a"), cloze("b", "A {{gap}}."))
    bank = world.bank()
    assert bank.card("b") == ClozeCard(id="b", text="A {{gap}}.")
    assert (bank.location("b").path, bank.location("b").line) == (path, 10)
    assert bank.deck_of("b") == "x"
    assert "b" in bank
    assert "c" not in bank


def test_a_translation_is_given_where_there_is_one(world: World) -> None:
    world.deck("x", cloze("a", "A {{gap}}."), cloze("b", "B {{gap}}."))
    world.write(world.content / "x.zh.yaml", "deck: x\nlanguage: zh\ncards: {a: {text: '甲{{空}}。'}}\n")
    bank = world.bank()
    assert [bank.card("a", language).text for language in ("en", "zh", "fr")] == [  # type: ignore[union-attr]
        "A {{gap}}.",
        "甲{{空}}。",
        "A {{gap}}.",
    ]
    assert bank.card("b", "zh").text == "B {{gap}}."  # type: ignore[union-attr]
    assert bank.decks()[0].languages == ("en", "zh")


def test_the_title_of_a_deck_is_given_in_the_language_asked_for(world: World) -> None:
    world.deck("x", cloze("a"))
    overlay = world.content / "x.zh.yaml"
    world.write(overlay, "deck: x\nlanguage: zh\ntitle: 甲\ncards: {}\n")
    bank = world.bank()
    own = bank.deck_title("a")
    assert (bank.deck_title("a", "zh"), bank.deck_title("a", "fr")) == ("甲", own)
    world.write(overlay, "deck: x\nlanguage: zh\ntitle: 乙\ncards: {}\n")
    bank.refresh()
    assert bank.deck_title("a", "zh") == "乙"
    overlay.unlink()
    bank.refresh()
    assert bank.deck_title("a", "zh") == own


def test_a_translation_that_does_not_fit_is_not_shown(world: World) -> None:
    world.deck("x", cloze("a", "A {{gap}}."))
    world.write(world.content / "x.zh.yaml", "deck: x\nlanguage: zh\ncards: {a: {text: 没有空}, b: {text: 无}}\n")
    bank = world.bank()
    assert bank.card("a", "zh").text == "A {{gap}}."  # type: ignore[union-attr]
    assert sorted(codes(bank)) == ["overlay", "unknown-card"]


def test_unknown_names_come_with_near_ones(world: World) -> None:
    world.deck("loss/focal", cloze("focal-gamma"), cloze("focal-alpha"), file="loss/focal.yaml")
    bank = world.bank()
    with pytest.raises(UnknownCard) as card:
        bank.card("focal-gama")
    assert card.value.suggestions[0] == "focal-gamma"
    with pytest.raises(UnknownDeck, match="did you mean loss/focal"):
        bank.resolve_decks(["loss/focl"])


def test_decks_are_named_by_name_folder_or_last_part(world: World) -> None:
    for name in ("loss/focal", "loss/bce", "vision/iou", "vision/bce"):
        world.deck(name, cloze(name.replace("/", "-")), file=f"{name}.yaml")
    bank = world.bank()
    assert bank.resolve_decks(["loss"]) == ("loss/bce", "loss/focal")
    assert bank.resolve_decks(["iou", "loss/bce"]) == ("loss/bce", "vision/iou")
    assert bank.resolve_decks([]) == ()
    with pytest.raises(UnknownDeck) as caught:
        bank.resolve_decks(["bce"])
    assert set(caught.value.suggestions) == {"loss/bce", "vision/bce"}


def test_a_folder_is_part_of_the_name_of_the_decks_in_it(world: World) -> None:
    world.deck("focal", cloze("a"), file="loss/focal.yaml")
    assert [deck.name for deck in world.bank().decks()] == ["loss/focal"]


def test_a_change_is_seen_and_the_rest_is_not_read_again(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    world.deck("x", cloze("a"), cloze("b"))
    world.deck("y", cloze("c"))
    bank = world.bank()
    read: list[str] = []
    original = read_files.read_deck
    monkeypatch.setattr(read_files, "read_deck", lambda path, **told: read.append(path.name) or original(path, **told))
    assert bank.refresh() == frozenset()
    world.deck("x", cloze("new"), cloze("b"))
    assert bank.refresh() == {"x"}
    assert read == ["x.yaml"]
    assert ids(bank) == ["new", "b", "c"]
    world.bank()
    assert read == ["x.yaml"]


def test_files_that_come_and_go_are_followed(world: World) -> None:
    gone = world.deck("x", cloze("a"))
    bank = world.bank()
    world.deck("y", cloze("b"))
    gone.unlink()
    assert bank.refresh() == {"x", "y"}
    assert ids(bank) == ["b"]
    assert bank.problems() == ()


def test_long_lists_are_read_page_by_page(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("studyapp.deck.bank._PAGE", 3)
    names = [f"card-{number}" for number in range(10)]
    world.deck("x", *[cloze(name) for name in names])
    bank = world.bank()
    assert ids(bank) == names
    assert [entry.card_id for entry in search(bank, parse_query("median"), limit=7)] == names[:7]


def test_a_new_order_moves_the_cards(world: World) -> None:
    world.deck("x", cloze("a"), order=1)
    world.deck("y", cloze("b"), order=2)
    bank = world.bank()
    world.deck("x", cloze("a"), order=3)
    bank.refresh()
    assert ids(bank) == ["b", "a"]


@pytest.mark.parametrize("damage", ["", "deck: x\ntitle: X\ncards:\n  - id: 'a", "\x00", "- not a deck\n"])
def test_a_half_written_file_leaves_the_last_good_cards(world: World, damage: str) -> None:
    path = world.deck("x", cloze("a"), cloze("b"))
    bank = world.bank()
    world.write(path, damage)
    bank.refresh()
    assert ids(bank) == ["a", "b"]
    assert codes(bank)
    world.deck("x", cloze("b"))
    bank.refresh()
    assert ids(bank) == ["b"]
    assert codes(bank) == []


def test_a_syntax_error_in_one_card_does_not_hide_an_edit_of_another(world: World) -> None:
    world.deck("x", cloze("a"), cloze("b"), cloze("c"))
    bank = world.bank()
    world.deck("x", cloze("a", "New {{text}}."), "id: b\nkind: cloze\ntext: what: now", cloze("c"))
    bank.refresh()
    assert ids(bank) == ["a", "c", "b"]
    assert bank.card("a").text == "New {{text}}."  # type: ignore[union-attr]
    assert codes(bank) == ["yaml"]


def test_a_directory_in_place_of_a_file_is_only_a_problem(world: World) -> None:
    world.deck("x", cloze("a"))
    (world.home).mkdir(exist_ok=True)
    deck = world.write(world.home.parent / "mine.yaml", deck_text(cloze("b"), name="mine"))
    world.library.add(deck)
    bank = world.bank()
    assert ids(bank) == ["b", "a"]
    deck.unlink()
    deck.mkdir()
    bank.refresh()
    assert ids(bank) == ["a"]
    deck.rmdir()
    bank.refresh()
    assert codes(bank) == ["no-file"]


def test_an_id_belongs_to_the_first_deck_that_has_it(world: World) -> None:
    world.deck("second", cloze("same", "2 {{x}}"), cloze("b"), order=2)
    bank = world.bank()
    world.deck("first", cloze("same", "1 {{x}}"), order=1)
    bank.refresh()
    assert bank.card("same").text == "1 {{x}}"  # type: ignore[union-attr]
    assert ids(bank, "second") == ["b"]
    (problem,) = bank.problems()
    assert problem.code == "duplicate-id"
    assert "second.yaml" in str(problem.path)
    assert "first.yaml:5" in problem.message


def test_an_id_given_up_goes_back_to_the_other_deck(world: World) -> None:
    world.deck("first", cloze("same", "1 {{x}}"), order=1)
    world.deck("second", cloze("same", "2 {{x}}"), order=2)
    bank = world.bank()
    world.deck("first", cloze("other"), order=1)
    assert bank.refresh() == {"first", "second"}
    assert bank.card("same").text == "2 {{x}}"  # type: ignore[union-attr]
    assert codes(bank) == []
    # Both change at once, and the id moves the other way.
    world.deck("second", cloze("plain"), order=2)
    world.deck("first", cloze("same", "3 {{x}}"), order=1)
    bank.refresh()
    assert bank.deck_of("same") == "first"
    assert codes(bank) == []


def test_a_deck_name_belongs_to_the_first_file(world: World) -> None:
    world.deck("x", cloze("a"), file="one.yaml")
    second = world.deck("x", cloze("b"), file="two.yaml")
    bank = world.bank()
    assert ids(bank) == ["a"]
    assert codes(bank) == ["duplicate-deck"]
    world.deck("y", cloze("b"), file="two.yaml")
    bank.refresh()
    assert ids(bank) == ["a", "b"]
    assert codes(bank) == []
    assert bank.location("b").path == second


@pytest.mark.parametrize("damage", [b"", b"not a database at all" * 100, b"SQLite format 3\x00" + b"\xff" * 5000])
def test_a_damaged_index_is_made_again(world: World, damage: bytes) -> None:
    world.deck("x", cloze("a"))
    bank = world.bank()
    bank.close()
    (world.home / "cache.db").write_bytes(damage)
    assert ids(world.bank()) == ["a"]
    assert world.bank().cache_path == world.home / "cache.db"


def test_an_index_damaged_while_open_is_made_again(world: World) -> None:
    world.deck("x", *[cloze(f"card-{number}") for number in range(300)])
    bank = world.bank()
    bank.close()
    data = bytearray((world.home / "cache.db").read_bytes())
    data[8192:] = b"\xff" * (len(data) - 8192)
    (world.home / "cache.db").write_bytes(bytes(data))
    assert world.bank().card("card-7").id == "card-7"


@pytest.mark.parametrize("marked", [0, 12345], ids=["unmarked", "with an application id"])
def test_a_database_of_another_program_is_refused_and_left_as_it_is(world: World, marked: int) -> None:
    world.deck("x", cloze("a"))
    world.home.mkdir(exist_ok=True)
    path = world.home / "cache.db"
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE precious (x)")
        connection.execute("INSERT INTO precious VALUES (1)")
        connection.execute(f"PRAGMA application_id = {marked}")
    connection.close()
    before = path.read_bytes()
    with pytest.raises(CacheError, match="of another program"):
        world.bank()
    assert path.read_bytes() == before


def test_the_learner_s_own_data_is_never_taken_for_an_index(world: World) -> None:
    from studyapp.store.database import Store

    world.deck("x", cloze("a"))
    Store.open(world.home).close()
    before = (world.home / "progress.db").read_bytes()
    for link in (os.symlink, os.link):
        link(world.home / "progress.db", world.home / "cache.db")
        with pytest.raises(CacheError, match="of another program"):
            world.bank()
        (world.home / "cache.db").unlink()
    assert (world.home / "progress.db").read_bytes() == before


def test_a_file_that_is_no_database_is_put_aside(world: World) -> None:
    world.deck("x", cloze("a"))
    world.home.mkdir(exist_ok=True)
    (world.home / "cache.db").write_text("my list of caches\n" * 100)
    assert ids(world.bank()) == ["a"]
    (aside,) = (world.home / "damaged").iterdir()
    assert aside.read_text().startswith("my list of caches")


def test_an_index_of_another_version_is_made_again(world: World) -> None:
    world.deck("x", cloze("a"))
    world.bank().close()
    with sqlite3.connect(world.home / "cache.db") as connection:
        connection.execute("UPDATE meta SET value = '0 other' WHERE key = 'made_by'")
        connection.execute("DROP TABLE body")
    connection.close()
    assert world.bank().card("a").id == "a"


def test_an_index_that_cannot_be_written_is_replaced_for_this_run(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.deck("x", cloze("a"))
    world.home.write_text("a file where the folder should be")
    bank = world.bank()
    assert ids(bank) == ["a"]
    assert bank.cache_path != world.home / "cache.db"
    temporary = bank.cache_path
    bank.close()
    assert not temporary.parent.exists()

    def refuse(**_: object) -> str:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("tempfile.mkdtemp", refuse)
    with pytest.raises(CacheError, match="No space left on device"):
        Cache.open_temporary()


def test_a_disk_that_fills_up_while_indexing_is_survived(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    world.deck("x", cloze("a"))
    bank = world.bank()
    world.deck("y", cloze("b"))
    calls = []

    def full_once(connection: sqlite3.Connection, *rest: object) -> frozenset[str]:
        calls.append(connection)
        if len(calls) == 1:
            raise sqlite3.OperationalError("database or disk is full")
        return update(connection, *rest)  # type: ignore[arg-type]

    update = index.update
    monkeypatch.setattr(index, "update", full_once)
    bank.refresh()
    assert ids(bank) == ["a", "b"]
    assert bank.cache_path != world.home / "cache.db"


def test_a_disk_that_is_full_everywhere_says_so(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    world.deck("x", cloze("a"))

    def full(*_: object) -> frozenset[str]:
        raise sqlite3.OperationalError("database or disk is full")

    monkeypatch.setattr(index, "update", full)
    with pytest.raises(CacheError, match="is the disk full"):
        Bank.open(world.library, world.home / "cache.db")


def test_an_index_that_fails_again_after_it_was_made_anew_is_replaced_for_this_run(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.deck("x", cloze("a"))
    calls = []

    def fails_twice(connection: sqlite3.Connection, *rest: object) -> frozenset[str]:
        calls.append(connection)
        if len(calls) <= 2:
            raise sqlite3.OperationalError("disk I/O error")
        return update(connection, *rest)  # type: ignore[arg-type]

    update = index.update
    monkeypatch.setattr(index, "update", fails_twice)
    bank = world.bank()
    assert ids(bank) == ["a"] and bank.cache_path != world.home / "cache.db"


def test_no_temporary_index_is_left_behind(world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    place = tmp_path / "temporary"
    place.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(place))
    for name, age in (("studyapp-killed", 4 * 86_400), ("studyapp-running", 60), ("studyapp-other", 9 * 86_400)):
        (place / name).mkdir()
        file = place / name / ("cache.db" if "other" not in name else "something")
        file.write_bytes(b"")
        os.utime(file, (time.time() - age,) * 2)

    def refuse(*_: object, **__: object) -> None:
        raise sqlite3.OperationalError("database or disk is full")

    monkeypatch.setattr("studyapp.deck.cache._connect", refuse)
    with pytest.raises(CacheError):
        Cache.open_temporary()
    assert sorted(one.name for one in place.iterdir()) == ["studyapp-other", "studyapp-running"]


def test_two_processes_share_one_index(world: World) -> None:
    world.deck("x", cloze("a"))
    one, two = world.bank(), world.bank()
    world.deck("x", cloze("a"), cloze("b"))
    assert one.refresh() == {"x"}
    assert two.refresh() == frozenset()
    assert ids(two) == ["a", "b"]
    assert two.decks()[0].card_count == 2


def test_while_another_process_writes_the_old_state_is_read(world: World) -> None:
    world.deck("x", cloze("a"))
    bank = world.bank()
    bank._cache.connection.execute("PRAGMA busy_timeout = 20")
    other = sqlite3.connect(world.home / "cache.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    world.deck("x", cloze("b"))
    assert bank.refresh() == frozenset()
    assert ids(bank) == ["a"]
    other.execute("ROLLBACK")
    other.close()
    assert bank.refresh() == {"x"}


def test_the_index_is_private(world: World) -> None:
    world.bank()
    assert (world.home / "cache.db").stat().st_mode & 0o777 == 0o600
    assert world.home.stat().st_mode & 0o777 == 0o700


def test_a_damaged_library_still_gives_the_bundled_decks(world: World) -> None:
    world.deck("x", cloze("a"))
    write(world.home / "library.json", "{half")
    bank = world.bank()
    assert ids(bank) == ["a"]
    assert codes(bank) == ["library"]


def test_reading_tells_how_far_it_is_within_a_file_too_and_can_be_stopped(world: World) -> None:
    files = [world.deck(f"d{number}", *(cloze(f"c{number}-{card}") for card in range(10))) for number in range(3)]
    total = sum(file.stat().st_size for file in files)
    cache = world.home / "cache.db"

    def stop(done: int, total: int) -> None:
        if done > total / 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        Bank.open(world.library, cache, progress=stop)
    with Bank.open(world.library, cache, refresh=False) as bank:
        assert ids(bank) == [], "what was read before the stop is not half there"
    seen: list[tuple[int, int]] = []
    with Bank.open(world.library, cache, progress=lambda done, total: seen.append((done, total))) as bank:
        assert len(ids(bank)) == 30
    assert {of for _, of in seen} == {total}
    steps = [done for done, _ in seen]
    assert steps == sorted(steps) and steps[0] == 0 and steps[-1] == total
    assert len(set(steps)) > 30, "each file is told of card by card"


@pytest.mark.parametrize("share", [0.0, 0.3, 0.6, 0.9])
def test_an_added_deck_whose_reading_is_stopped_is_not_added(world: World, tmp_path: Path, share: float) -> None:
    world.deck("x", cloze("a"))
    bank = world.bank()
    cards = [cloze(f"c{number}") for number in range(20)]
    added = write(tmp_path / "own" / "mine.yaml", deck_text(*cards, name="mine"))

    def stop(done: int, total: int) -> None:
        if done >= share * total:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        bank.add(added, stop)
    assert world.library.own() == ()
    assert not bank.refresh() and ids(bank) == ["a"]
    assert bank.add(added) == (True, frozenset({"mine"}))
    assert bank.add(added) == (False, frozenset())
    added.write_text(deck_text(cloze("other"), name="mine"))
    with pytest.raises(KeyboardInterrupt):
        bank.add(added, stop)
    assert world.library.own() == (added,), "what was there before stays"


def test_problems_are_told_in_the_language_spoken_now(world: World) -> None:
    """The index holds them as texts, so what has any is read again when the language changes, and nothing else is."""
    world.deck("good", choice("a"))
    world.deck("bad", "id: b\nkind: recall\nquestion: Q?")
    told = {}
    for language in ("en", "zh", "en"):
        use_language(language)
        bank = world.bank()
        told[language] = [problem.message for problem in bank.problems()]
    assert told == {"en": ["a recall card needs the key 'answer'"], "zh": ["一张 recall 卡片需要键 'answer'"]}
