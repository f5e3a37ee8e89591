"""Out and back again: tables give equal cards, the review log gives equal states."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing

import pytest

from tests.exchange.desk import FOREIGN, Learner

DECK = """\
deck: mine/own
title: Own
cards:
  - {id: told, kind: recall, tags: [a/b, c], question: "Define $x_i$, \\"quoted\\"; \\\\ and, commas",
     answer: "A\\n\\n- b\\n- c", points: [one, {text: two, words: [zwei]}], hints: ["h1", "h2\\nline"],
     source: [Book p. 3], difficulty: 3, group: g}
  - {id: said, kind: explain, question: Why?, answer: Because., points: ["it is so"], covers: [mse], leads_to: [told]}
  - {id: word, kind: cloze, text: "MAE: the {{median|the median}} of $\\\\{1\\\\}$", question: "=SUM(1)", solution: s}
  - id: pick
    kind: choice
    question: '# not a comment'
    multiple: true
    options: [{text: a, correct: true, why: so}, {text: b, why: never}, {text: c, correct: true, why: too}]
  - {id: near, was: [nearly], kind: typed, question: "Seconds a day?", answer: 86400, as: number, tolerance: 5%,
     unit: s, accept: [86e3]}
  - {id: apfel, kind: typed, question: The plural of der Apfel?, answer: die Äpfel, match: case, fold: {ä: ae}}
  - {id: exact, kind: cloze, text: "{{SQL}} is spelled in capitals", match: exact, fold: {"ß": ss}}
  - {id: half, kind: compute, question: "Half of {x}?", draw: {x: {integers: [2, 90]}}, answer: x / 2,
     solution: "{x} / 2"}
"""


@pytest.fixture
def other(tmp_path, monkeypatch, capsys):
    """Makes a second learner with an empty home."""

    def make():
        home = tmp_path / "other"
        monkeypatch.setenv("STUDYAPP_HOME", str(home))
        return Learner(home, capsys)

    return make


@pytest.mark.parametrize("name", ["cards.csv", "cards.tsv"])
def test_a_table_gives_equal_cards(learner, tmp_path, other, name):
    deck = tmp_path / "own.yaml"
    deck.write_text(DECK)
    learner.run("add", deck)
    before = learner.cards()
    assert len(before) == 8
    said = learner.run("export", tmp_path / name)
    assert "half: compute becomes a question with the worked solution of one variant" in said
    found = learner.preview(tmp_path / name)
    assert (found["new"], found["changed"], found["unchanged"]) == ([], [], 8)
    second = other()
    second.run("import", tmp_path / name)
    after = second.cards()
    half = after.pop("half")
    assert half["kind"] == "recall" and half["question"].startswith("Half of") and half["solution"]
    del before["half"]
    assert {card["deck"] for card in after.values()} == {"mine/own"}
    assert after == before


def test_columns_of_other_programs_are_kept_as_words(learner, tmp_path):
    """`match`, `unit`, `was` mean something only in rows that say to be of a kind that has them."""
    (tmp_path / "t.csv").write_text("question,answer,unit,match,was\nSpeed of light?,299792458,m/s,Newton,c\n")
    learner.run("import", tmp_path / "t.csv")
    card = learner.question("Speed of light?")
    assert (card["kind"], card["answer"]) == ("recall", "299792458")
    assert card["solution"] == "unit: m/s\n\nmatch: Newton\n\nwas: c"


@pytest.mark.parametrize(("cells", "column"), [("odd,1,integers", "as"), ("odd,x,integer", "answer")])
def test_a_typed_row_that_cannot_be_graded_names_its_column(learner, tmp_path, cells, column):
    (tmp_path / "t.csv").write_text(f"kind,question,answer,as\ntyped,{cells}\n")
    losses = learner.preview(tmp_path / "t.csv")["losses"]
    assert [f"column {column}:" in one["what"] for one in losses] == [True], losses


def test_a_table_that_was_edited_updates_the_cards(learner, tmp_path):
    deck = tmp_path / "own.yaml"
    deck.write_text(DECK)
    learner.run("add", deck)
    learner.run("export", tmp_path / "cards.csv")
    table = tmp_path / "cards.csv"
    table.write_text(table.read_text().replace("Because.", "Since it is."))
    learner.run("import", table)
    assert learner.cards()["said"]["answer"] == "Since it is."
    assert learner.cards()["half"]["kind"] == "compute"


def test_the_bundled_decks_go_out_in_chinese(learner, tmp_path, monkeypatch):

    monkeypatch.undo()
    monkeypatch.setenv("STUDYAPP_HOME", str(learner.home))
    out = tmp_path / "losses.csv"
    learner.run("export", out, "regression/robust", "--lang", "zh")
    text = out.read_text()
    assert "残差" in text and text.count("\nreg-") >= 20


def figures(learner):
    with closing(sqlite3.connect(learner.home / "progress.db")) as connection:
        return connection.execute(
            "SELECT card_id, phase, stability, difficulty, last_at, answers, lapses FROM card_state"
            " JOIN card USING (card_number) WHERE phase = 2 ORDER BY card_id"
        ).fetchall(), connection.execute(
            "SELECT card_id, at, rating, duration, outcome, score, seed, answer FROM log JOIN card USING (card_number)"
            " WHERE rating IS NOT NULL ORDER BY at, card_id"
        ).fetchall()  # fmt: skip


@pytest.mark.parametrize("name", ["log.jsonl", "all.log.csv"])
def test_the_review_log_goes_out_and_in(learner, tmp_path, other, name, monkeypatch):
    from studyapp.folders import find_folders
    from studyapp.schedule.rating import Rating
    from studyapp.services import open_services
    from studyapp.settings import Settings
    from studyapp.store.log import AnswerRecord, Mode

    deck = tmp_path / "own.yaml"
    deck.write_text(DECK)
    learner.run("add", deck)
    services = open_services(find_folders(), Settings())
    for card, rating, mode in (("told", 4, "review"), ("half", 4, "review"), ("half", 3, "ahead"), ("word", 1, "cram")):
        answer = AnswerRecord(card, Rating(rating), Mode(mode), "correct", 1.0, seed=77, answer='a,\n"b"', duration=12)
        services.store.record(answer, services.store.state(card))
    services.close()
    before = figures(learner)
    learner.run("export", tmp_path / name)
    assert learner.preview(tmp_path / name, "--history")["reviews"] == {"there": 4, "new": 0}
    second = other()
    second.run("add", deck)
    second.run("import", tmp_path / name, "--history")
    assert figures(second) == before
    assert second.run("doctor", "--thorough") == ""
    assert json.loads(second.run("stats", "--json"))
    second.run("import", "--undo")
    assert figures(second)[0] == []


def test_lines_of_a_log_that_say_nothing_are_told(learner, tmp_path):
    path = tmp_path / "log.jsonl"
    good = {"card_id": "a", "at": "2024-05-01T12:00:00Z", "rating": 3}
    bad = [{**good, "rating": 7}, {**good, "at": "soon"}, {**good, "card_id": ""}, "text", {**good, "at": 1e300}]
    path.write_text("\n".join(json.dumps(one) for one in [good, *bad]) + "\n{")
    found = learner.preview(path, "--history")
    assert found["reviews"] == {"there": 1, "new": 1}
    assert [one["what"].partition(":")[0] for one in found["losses"]] == [f"entry {n}" for n in range(2, 8)] + [
        "answers to a card that no deck has; they are kept for when it comes"
    ]


def test_a_card_of_anki_in_a_table_keeps_its_identity(learner, tmp_path):
    learner.run("import", FOREIGN / "newest.apkg")
    learner.run("export", tmp_path / "all.csv")
    assert learner.preview(tmp_path / "all.csv")["unchanged"] == 11
