"""What is exported, opened in Anki itself. Needs the package ``anki`` (development only)."""

from __future__ import annotations

import warnings
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.exchange.desk import FOREIGN

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    anki = pytest.importorskip("anki.collection")

pytestmark = pytest.mark.filterwarnings("ignore")


@contextmanager
def imported(package: Path, folder: Path):
    """A new collection of Anki's with a package in it."""
    folder.mkdir()
    collection = anki.Collection(str(folder / "collection.anki2"))
    try:
        options = anki.ImportAnkiPackageOptions(with_scheduling=True, with_deck_configs=True)
        collection.import_anki_package(anki.ImportAnkiPackageRequest(package_path=str(package), options=options))
        yield collection
    finally:
        collection.close()


def held(collection):
    """All that a collection holds, without the ids of its own."""
    found = {}
    for number in collection.find_cards(""):
        card = collection.get_card(number)
        note = card.note()
        log = collection.db.all(
            "SELECT id, ease, ivl, lastIvl, factor, time, type FROM revlog WHERE cid = ? ORDER BY id", number
        )
        due = card.due if card.type != 0 else None
        data = collection.db.scalar("SELECT data FROM cards WHERE id = ?", number)
        found[note.guid, card.ord] = {
            "type": note.note_type()["name"],
            "templates": [(one["qfmt"], one["afmt"]) for one in note.note_type()["tmpls"]],
            "fields": note.fields,
            "tags": sorted(note.tags),
            "deck": collection.decks.name(card.did),
            "state": (card.type, card.queue, due, card.ivl, card.factor, card.reps, card.lapses, card.flags & 7),
            "memory": data if '"s"' in data else "",
            "log": log,
        }
    media = Path(collection.media.dir())
    return found, {path.name: path.read_bytes() for path in media.iterdir()}


@pytest.mark.parametrize("package", ["newest.apkg", "older.apkg"])
def test_from_anki_and_back_nothing_is_lost(learner, tmp_path, package):
    learner.run("import", FOREIGN / package, "--history")
    learner.run("export", tmp_path / "back.apkg")
    with imported(FOREIGN / package, tmp_path / "one") as collection:
        before = held(collection)
    with imported(tmp_path / "back.apkg", tmp_path / "two") as collection:
        after = held(collection)
    assert after == before
    assert len(before[0]) == 11 and sum(len(card["log"]) for card in before[0].values()) == 9


def test_what_was_edited_and_answered_here_is_there(learner, tmp_path):
    learner.run("import", FOREIGN / "newest.apkg", "--history")
    deck = next(learner.home.glob("decks/*/ml.yaml"))
    deck.write_text(deck.read_text().replace("The error of the *mean*.", "How far off the **mean** is: $x^2$."))
    with imported(FOREIGN / "newest.apkg", tmp_path / "one") as collection:
        before, _ = held(collection)
    learner.run("export", tmp_path / "back.apkg")
    with imported(tmp_path / "back.apkg", tmp_path / "two") as collection:
        after, _ = held(collection)
    (changed,) = [key for key in before if before[key] != after[key]]
    assert after[changed]["fields"][0] == "What is <b>bias</b>?"
    assert after[changed]["fields"][1].startswith("How far off the <strong>mean</strong> is: \\(x^2\\).")


MINE = """\
deck: mine/own
title: Own
cards:
  - {id: mine-told, kind: recall, tags: [a/b], question: "Define $x_i$ & <y>", answer: "The *mean*.\\n\\n- one\\n- two"}
  - {id: mine-word, kind: cloze, text: "MAE is minimised by the {{median|the median}}, $|y - {{p}}|$."}
  - {id: mine-half, kind: compute, question: "Half of {x}?", draw: {x: {integers: [2, 90]}}, answer: x / 2,
     solution: "It is {x / 2}.", wrong: [{id: doubled, value: 2 * x, say: "That is twice {x}."}]}
"""


@pytest.fixture
def mine(learner, tmp_path):
    path = tmp_path / "mine.yaml"
    path.write_text(MINE)
    learner.run("add", path)
    return path


def test_cards_of_ones_own_with_their_answers(learner, mine, tmp_path, monkeypatch):
    from studyapp.folders import find_folders
    from studyapp.schedule.rating import Rating
    from studyapp.services import open_services
    from studyapp.settings import Settings
    from studyapp.store.log import AnswerRecord

    services = open_services(find_folders(), Settings())
    services.store.record(AnswerRecord("mine-word", Rating.EASY, duration=3000), None)
    state = services.store.state("mine-word")
    services.close()
    learner.run("export", tmp_path / "out.apkg")
    with imported(tmp_path / "out.apkg", tmp_path / "one") as collection:
        found, _ = held(collection)
        due_in = found["mine-word", 0]["state"][2] - collection.sched.today
        shown = {guid: collection.get_card(collection.find_cards(f"nid:{note}")[0]).answer()
                 for guid, note in collection.db.all("SELECT guid, id FROM notes")}  # fmt: skip
    assert due_in == state.due_day - state.last_day
    assert [row[1] for row in found["mine-word", 0]["log"]] == [4]
    assert found["mine-told", 0]["tags"] == ["a::b"] and found["mine-told", 0]["deck"] == "mine::own"
    assert found["mine-told", 0]["fields"][0] == "Define \\(x_i\\) &amp; &lt;y&gt;"
    assert "median" in shown["mine-word"] and "The <em>mean</em>." in shown["mine-told"]
    assert "Half of" in shown["mine-half"] and "It is" in shown["mine-half"]


def test_what_comes_back_from_anki_is_the_card_itself(learner, mine, tmp_path):
    learner.run("export", tmp_path / "out.apkg")
    with imported(tmp_path / "out.apkg", tmp_path / "one") as collection:
        note = collection.get_note(collection.find_notes("*mean*")[0])
        note.fields[0] = "Define <i>it</i>"
        collection.update_note(note)
        options = anki.ExportAnkiPackageOptions(with_scheduling=True, with_media=True, legacy=False)
        collection.export_anki_package(out_path=str(tmp_path / "back.apkg"), options=options, limit=None)
    found = learner.preview(tmp_path / "back.apkg")
    assert (found["new"], found["unchanged"]) == ([], 2)
    assert [change["keys"] for change in found["changed"]] == [["question"]]
    learner.run("import", tmp_path / "back.apkg")
    assert learner.cards()["mine-told"]["question"] == "Define *it*"
    assert "kind: compute" in mine.read_text()
