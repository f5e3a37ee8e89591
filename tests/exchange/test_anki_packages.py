"""Anki's packages: of every age, with their history, and of every kind of harm."""

from __future__ import annotations

import json
import sqlite3
import zipfile
from contextlib import closing

import pytest
import zstandard

from studyapp.formats import anki_package, limits
from studyapp.formats.source import Source
from studyapp.formats.table import detect
from tests.exchange.desk import FOREIGN

PACKAGES = ("newest.apkg", "older.apkg", "oldest.apkg", "newest.colpkg", "older.colpkg")


def states(learner):
    with closing(sqlite3.connect(learner.home / "progress.db")) as connection:
        rows = connection.execute(
            "SELECT card_id, phase, round(stability, 4), round(difficulty, 4), due_day - last_day, answers, lapses"
            " FROM card_state JOIN card USING (card_number)"
        )
        return {row[0]: row[1:] for row in rows}


@pytest.mark.parametrize("package", PACKAGES)
def test_every_kind_of_package_gives_the_same_cards_and_history(learner, package):
    learner.run("import", FOREIGN / package, "--history")
    question = learner.question
    bias = question("What is **bias**")
    assert (bias["deck"], bias["tags"]) == ("ml", ["ml/basics", "stats"])
    assert bias["answer"] == "The error of the *mean*.  \nSquared: $b^2 < 1$"
    forward, back = question("MSE"), question("mean squared error")
    assert forward["group"] == back["group"] and forward["deck"] == "ml/losses"
    typed = question("The loss of medians")
    assert typed["kind"] == "typed" and typed["answer"] == "absolute error" and "solution" not in typed
    assert question("{{Hinge}} is used by SVMs, $$\\max(0, 1 - {{y f}})$$")["hints"] == ["a loss"]
    assert question("Hinge is used by {{SVMs}}")["solution"] == "Extra `x_i`"
    picture = question("![](media/dot%20picture.png)")
    assert picture["answer"] == "white [sound: say.mp3](media/say.mp3)"
    assert (question("Capital of France")["answer"], question("Paris is the")["answer"]) == (
        "Paris\n\non the Seine", "France",
    )  # fmt: skip
    assert question("$e^x$ derived")["answer"] == "- e^x\n- itself"
    folder = learner.home / "decks" / learner.home.joinpath("decks").iterdir().__next__().name
    assert sorted(path.name for path in (folder / "media").iterdir()) == ["dot picture.png", "say.mp3"]
    assert (folder / "media" / "dot picture.png").read_bytes().startswith(b"\x89PNG")
    found = states(learner)
    assert found[bias["id"]] == (2, 26.6026, 6.4898, 50, 6, 1)  # what the crate fsrs makes of the five reviews
    assert found[forward["id"]] == (2, 12.0, 7.3496, 12, 4, 0)  # from SM-2's ease of 2.3
    assert found[back["id"]] == (2, 33.5, 4.25, 20, 5, 0)  # as FSRS had it
    assert found[picture["id"]][0] == 1
    assert question("$e^x$ derived")["id"] not in found  # it was made new again
    with closing(sqlite3.connect(learner.home / "progress.db")) as connection:
        marked = connection.execute("SELECT card_id, suspended, flagged FROM card_mark JOIN card USING (card_number)")
        assert set(marked) == {(typed["id"], 1, 0), (question("Hinge is used by")["id"], 0, 1)}
        assert connection.execute("SELECT count(*) FROM log WHERE rating IS NOT NULL").fetchone() == (8,)
    assert learner.run("doctor", "--thorough") == ""
    assert "11 cards are as they are here" in learner.run("import", FOREIGN / PACKAGES[0], "--history")


def test_without_history_the_cards_are_new(learner):
    said = learner.run("import", FOREIGN / "newest.apkg")
    assert "8 reviews are there; --history brings them" in said
    assert states(learner) == {}
    learner.run("import", FOREIGN / "newest.apkg", "--history")
    assert len(states(learner)) == 4


def test_undo_takes_back_history_and_media(learner):
    learner.run("import", FOREIGN / "newest.apkg", "--history")
    learner.run("import", "--undo")
    assert states(learner) == {} and not (learner.home / "decks").exists()
    learner.run("import", FOREIGN / "newest.apkg", "--history")
    assert len(states(learner)) == 4


def test_every_loss_is_said_card_by_card(learner):
    said = learner.run("import", "--dry-run", FOREIGN / "older.apkg")
    assert "Which colour?: sound cannot be played here" in said
    assert "active content (script) was taken out" in said and "Nauru: its back is empty" in said


# Harm


def package(path, *, database=None, media=b"{}", files=(), name="collection.anki21"):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as zipped:
        if database is not None:
            zipped.writestr(name, database)
        zipped.writestr("media", media)
        for member, data in files:
            zipped.writestr(member, data)
    return path


@pytest.fixture(scope="module")
def database(tmp_path_factory):
    """The collection of a real package, to be spoilt."""
    with zipfile.ZipFile(FOREIGN / "older.apkg") as zipped:
        return zipped.read("collection.anki21")


def spoilt(tmp_path, database, *statements):
    path = tmp_path / "spoilt.db"
    path.write_bytes(database)
    with closing(sqlite3.connect(path)) as connection, connection:
        for statement in statements:
            connection.execute(statement)
    return path.read_bytes()


ENDLESS = "SELECT 1 AS id, 'g' AS guid, 1 AS mid, 1 AS mod, '' AS tags, 'a' AS flds"


@pytest.mark.parametrize(
    ("statements", "expected"),
    [
        (["ALTER TABLE notes RENAME TO n", f"CREATE VIEW notes AS WITH RECURSIVE a(x) AS (VALUES (1) UNION ALL "
          f"SELECT x + 1 FROM a) {ENDLESS} FROM a"], "missing or is no plain table"),
        (["DROP TABLE revlog"], "missing or is no plain table"),
        (["DROP TABLE cards", "CREATE VIRTUAL TABLE cards USING fts5(id, nid)"], "missing or is no plain table"),
        (["ALTER TABLE cards RENAME COLUMN ivl TO eggs"], "damaged"),
        (["DELETE FROM col"], "missing or is no plain table"),
        (["UPDATE col SET models = '{'"], ""),
        (["UPDATE col SET models = '[1]', decks = '7', conf = 'x', crt = 'never'"], ""),
        (["UPDATE notes SET flds = x'fffe00', tags = 7, guid = 5"], ""),
        (["UPDATE cards SET due = 9e18, ivl = -5, factor = 'x', ord = 99, data = '{\"s\": \"no\"}'"], ""),
        (["UPDATE cards SET due = 9223372036854775807, ivl = 9223372036854775807, reps=-1, type = 2, did = 0"], ""),
        (["UPDATE revlog SET id = -id"], ""),
        (["UPDATE revlog SET ease = 9, time = -1"], ""),
        (["UPDATE notes SET flds = replace(hex(zeroblob(100000)), '0', '<b>')"], ""),
        (["UPDATE notes SET flds = '{{c1::' || replace(hex(zeroblob(3000)), '00', '{{c1::') || char(31)"], ""),
    ],
)  # fmt: skip
def test_databases_that_lie_are_refused_or_do_no_harm(learner, tmp_path, database, statements, expected):
    path = package(tmp_path / "x.apkg", database=spoilt(tmp_path, database, *statements))
    code, out, err = learner.try_to("import", path, "--history")
    assert "Traceback" not in err and "Unexpected" not in err, err
    assert (code == 1) == bool(expected) and expected in err, (out, err)
    assert learner.run("doctor", "--thorough") == ""
    assert learner.try_to("check", learner.home / "decks")[0] in (0, 2) or not (learner.home / "decks").exists()


def test_a_package_that_is_cut_off_anywhere_leaves_nothing(learner, tmp_path):
    for whole in ("newest.apkg", "older.apkg"):
        data = (FOREIGN / whole).read_bytes()
        for part in range(1, 12):
            path = tmp_path / "cut.apkg"
            path.write_bytes(data[: len(data) * part // 12])
            code, _, err = learner.try_to("import", path, "--history")
            assert code == 1 and "Unexpected" not in err and not (learner.home / "decks").exists(), err


def test_damaged_bytes_are_told_or_do_no_harm(learner, tmp_path):
    data = bytearray((FOREIGN / "newest.apkg").read_bytes())
    for place in range(200, len(data), len(data) // 25):
        spoilt = bytearray(data)
        spoilt[place : place + 8] = b"\xff" * 8
        path = tmp_path / "spoilt.apkg"
        path.write_bytes(spoilt)
        code, _, err = learner.try_to("import", path, "--history", "--dry-run")
        assert code in (0, 1) and "Unexpected" not in err and "Traceback" not in err, err


ODD_NAMES = [
    "../../evil",
    "/etc/evil",
    "..",
    ".hidden",
    "a/b",
    "C:\\x",
    "x\x00y",
    "n" * 400 + ".png",
    "con\n",
    "\u202ex",
]


@pytest.mark.parametrize("name", ODD_NAMES)
def test_names_of_media_are_never_paths(learner, tmp_path, database, name):
    media = json.dumps({"0": name}).encode()
    learner.run("import", package(tmp_path / "x.apkg", database=database, media=media, files=[("0", b"data")]))
    written = [path for path in tmp_path.rglob("*") if path.is_file() and path.read_bytes() == b"data"]
    assert len(written) == 1 and written[0].parent.name == "media" and not written[0].name.startswith(".")


def test_members_named_like_paths_are_not_unpacked(learner, tmp_path, database):
    files = [("../evil.yaml", b"x"), ("/tmp/evil-studyapp", b"x"), ("collection.anki2/../../y", b"x")]
    learner.run("import", package(tmp_path / "x.apkg", database=database, files=files))
    assert not list(tmp_path.rglob("*evil*"))


def test_what_unpacks_to_more_than_is_allowed_is_refused(learner, tmp_path, database, monkeypatch):
    monkeypatch.setattr(anki_package, "MOST_DATABASE", 1_000_000)
    bomb = zstandard.compress(bytes(5_000_000))
    path = tmp_path / "bomb.apkg"
    with zipfile.ZipFile(path, "w") as zipped:
        zipped.writestr("meta", b"\x08\x03")
        zipped.writestr("collection.anki21b", bomb)
        zipped.writestr("media", b"")
    code, _, err = learner.try_to("import", path)
    assert code == 1 and "more than 1 MB" in err
    code, _, err = learner.try_to("import", package(tmp_path / "b.apkg", database=bytes(5_000_000)))
    assert code == 1 and "more than 1 MB" in err


def test_a_medium_that_is_too_large_is_left_out_and_one_that_lies_stops_all(learner, tmp_path, database, monkeypatch):
    monkeypatch.setattr("studyapp.exchange.preview.MOST_MEDIUM", 1000)
    media = json.dumps({"0": "big.png", "1": "say.mp3"}).encode()
    files = [("0", bytes(5000)), ("1", b"small")]
    said = learner.run("import", package(tmp_path / "x.apkg", database=database, media=media, files=files))
    assert "big.png has more than" in said
    assert [path.name for path in learner.home.rglob("*.png")] == []
    learner.run("import", "--undo")
    entry = b"\x0a\x07big.png\x10\x05"  # says that it has 5 bytes
    listed = zstandard.compress(b"\x0a" + bytes([len(entry)]) + entry)
    path = tmp_path / "liar.apkg"
    with zipfile.ZipFile(FOREIGN / "newest.apkg") as good, zipfile.ZipFile(path, "w") as zipped:
        zipped.writestr("meta", good.read("meta"))
        zipped.writestr("collection.anki21b", good.read("collection.anki21b"))
        zipped.writestr("media", listed)
        zipped.writestr("0", zstandard.compress(bytes(900)))
    code, _, err = learner.try_to("import", path)
    assert code == 1 and "holds more than the package says" in err and not (learner.home / "decks").exists()


def test_the_limits_are_those_that_are_said():
    assert (limits.MOST_MEDIUM, limits.MOST_MEDIA, limits.MOST_DATABASE) == (10**8, 4 * 10**9, 2 * 10**9)


def test_a_package_is_known_by_its_content(tmp_path):
    path = tmp_path / "words.csv"
    path.write_bytes((FOREIGN / "newest.apkg").read_bytes())
    assert detect(Source(path)).name == "apkg"
