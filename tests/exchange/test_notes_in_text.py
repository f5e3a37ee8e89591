"""Markdown, org-drill, CrowdAnki and tables: a small file of every form, and what comes of it."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from datetime import date

import pytest

from studyapp.formats.source import Source
from studyapp.formats.table import FORMATS, detect
from tests.exchange.desk import FOREIGN


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("hashcards.md", "markdown"), ("vault", "markdown"), ("vault/Losses.md", "markdown"),
        ("vault/Attention/Heads.md", "markdown"), ("geography", "crowdanki"), ("geography/deck.json", "crowdanki"),
        ("drill.org", "org-drill"), ("table.csv", "csv"), ("table.tsv", "tsv"), ("notes.txt", "anki-text"),
        ("log.jsonl", "log-jsonl"), ("reviews.csv", "log-csv"), ("newest.colpkg", "apkg"), ("older.apkg", "apkg"),
    ],
)  # fmt: skip
def test_every_format_is_known_by_its_content(name, wanted, tmp_path):
    assert detect(Source(FOREIGN / name)).name == wanted
    if (FOREIGN / name).is_file():
        shutil.copy(FOREIGN / name, tmp_path / "some.dat")
        assert detect(Source(tmp_path / "some.dat")).name == wanted


def test_there_is_a_sample_of_every_format():
    names = {detect(Source(path)).name for path in FOREIGN.iterdir() if path.suffix != ".py"}
    assert names == {one.name for one in FORMATS if one.reads}


def due(learner):
    with closing(sqlite3.connect(learner.home / "progress.db")) as connection:
        rows = connection.execute(
            "SELECT card_id, due_day, round(stability, 2) FROM card_state JOIN card USING (card_number)"
        )
        return {card_id: (str(date.fromordinal(day)), stability) for card_id, day, stability in rows}


def test_hashcards(learner):
    learner.run("import", FOREIGN / "hashcards.md")
    root = learner.question("What is $\\sqrt[3]{x}$")
    assert root["answer"] == "It is 2.\n\nSecond paragraph, with a list:\n\n- one [link](https://example.org)\n- two"
    assert root["deck"] == "hashcards"
    gaps = [card for card in learner.cards().values() if card["kind"] == "cloze"]
    assert [card["text"] for card in gaps] == [
        "{{Aspirin}} inhibits [both] COX enzymes, see `a[0]`.",
        "Aspirin inhibits [both] {{COX}} enzymes, see `a[0]`.",
    ]
    code = learner.question("What does this print?")
    assert "# Q: not a question" in code["question"] and code["answer"] == "`[1]`"
    assert len(learner.cards()) == 4
    assert "title: 'Chemistry [basics]'" in next(learner.home.glob("decks/*/*.yaml")).read_text()


def test_what_hashcards_holds_goes_out_and_in(learner, tmp_path):
    learner.run("import", FOREIGN / "hashcards.md")
    before = learner.cards()
    learner.run("export", tmp_path / "hashcards.md")
    found = learner.preview(tmp_path / "hashcards.md")
    assert found["format"].startswith("Markdown") and (found["new"], found["changed"]) == ([], [])
    assert found["unchanged"] == len(before)


def test_a_vault_of_obsidian_with_its_schedules(learner, tmp_path):
    (tmp_path / "secret.png").write_bytes(b"secret")
    shutil.copytree(FOREIGN / "vault", tmp_path / "vault")
    said = learner.run("import", tmp_path / "vault", "--history")
    question = learner.question
    mae = question("What is MAE")
    assert (mae["deck"], mae["answer"]) == ("vault/ml", "the mean absolute error")
    assert question("hinge")["answer"] == "the loss of SVMs" and question("the loss of SVMs")["answer"] == "hinge"
    focal = question("Why is focal loss used?")
    assert focal["question"] == "Why is focal loss used?\nIt is not about speed."
    assert focal["answer"] == "Easy examples are weighted down: $(1-p)^\\gamma$.\n![](media/curve.png)"
    assert question("KL")["answer"] == "Kullback–Leibler" and question("Kullback")["answer"] == "KL"
    gaps = [card["text"] for card in learner.cards().values() if card["kind"] == "cloze"]
    assert gaps == [
        "The {{median}} minimises the absolute error, the code `a::b` and $x::y$ mean nothing.",
        "The median minimises the {{absolute error}}, the code `a::b` and $x::y$ mean nothing.",
    ]
    assert question("What is a head?")["answer"] == "One attention over a slice of the features."
    choice = question("Which scale the scores?")
    assert [option["text"] for option in choice["options"] if option.get("correct")] == ["$1/\\sqrt{d}$"]
    assert choice["solution"] == "Otherwise the softmax saturates." and choice["deck"] == "vault/attention/heads"
    assert question("Who looks outside?")["answer"] == "(../../secret.png) and ![](media/curve.png)"
    assert "../../secret.png lies outside" in said
    assert len(learner.cards()) == 11
    found = due(learner)
    assert found[mae["id"]] == ("2026-03-01", 20.0) and found[focal["id"]] == ("2026-02-01", 4.0)
    assert found[question("the loss of SVMs")["id"]] == ("2026-02-12", 12.0) and len(found) == 4
    assert learner.run("doctor", "--thorough") == ""
    assert [path.read_bytes() for path in learner.home.rglob("*.png") if path.read_bytes() == b"secret"] == []


def test_crowdanki(learner):
    learner.run("import", FOREIGN / "geography")
    question = learner.question
    assert question("Capital of France")["tags"] == ["UG/Europe"]
    assert question("![](media/flag.png) Whose flag?")["answer"] == "France"
    assert question("Capital of Nauru")["answer"] == "*none*"
    assert question("The {{Seine}} flows")["deck"] == "geography/rivers"
    assert len(learner.cards()) == 5 and len(list(learner.home.rglob("flag.png"))) == 1
    assert "description: '**Capitals**'" in (learner.home / "decks/geography/geography.yaml").read_text()


def test_org_drill(learner):
    said = learner.run("import", FOREIGN / "drill.org", "--history")
    card = learner.question("What does **cross-entropy** compare in `nll(x)`?")
    assert card["answer"] == "Two *distributions*: $p$ and $q$.\n```python\n* not a heading\n```"
    assert card["tags"] == ["ml"] and due(learner) == {card["id"]: ("2026-03-05", 12.5)}
    gap = learner.question("The derivative of {{$e^x$}} is {{$e^x$}}.")
    assert gap["hints"] == ["itself"] and gap["tags"] == ["ml", "math"]
    assert learner.question("Translate.\n\nder Verlust")["answer"] == "the loss"
    assert learner.question("Translate.\n\nthe loss")["answer"] == "der Verlust"
    assert len(learner.cards()) == 4 and "no answer" in said


def test_tables_and_logs(learner):
    for name in ("table.csv", "table.tsv", "notes.txt"):
        learner.run("import", FOREIGN / name)
    assert learner.cards()["bias-word"]["deck"] == "ml/basics"
    assert learner.question("die Katze")["answer"] == 'the "cat"'
    assert learner.question("What is <MAE>")["answer"] == "the mean  \nabsolute error"
    assert learner.question("mean squared error")["answer"] == "MSE"
    assert (learner.question("log of 1?")["kind"], learner.question("log of 1?")["answer"]) == ("typed", "0")
    learner.run("import", FOREIGN / "log.jsonl", "--history")
    assert learner.preview(FOREIGN / "reviews.csv", "--history")["reviews"] == {"there": 2, "new": 1}
    learner.run("import", FOREIGN / "reviews.csv", "--history")
    assert list(due(learner)) == ["bias-word"] and learner.run("doctor", "--thorough") == ""


@pytest.mark.parametrize(
    "name", ["hashcards.md", "vault", "geography", "drill.org", "table.csv", "table.tsv", "notes.txt"]
)
def test_a_second_import_finds_every_card_again(learner, name):
    learner.run("import", FOREIGN / name, "--history")
    found = learner.preview(FOREIGN / name, "--history")
    assert (found["new"], found["changed"], found["reviews"]["new"]) == ([], [], 0)
    assert "no new cards" in learner.run("import", FOREIGN / name, "--history")
    assert [path.name for path in (learner.home / "imports").iterdir()] == ["0001"]
    checked = learner.run("check", "--seeds", "0", learner.home / "decks")
    assert "0 errors" in checked or checked == ""


@pytest.mark.parametrize("name", ["hashcards.md", "vault/Losses.md", "geography/deck.json", "drill.org", "table.csv",
                                  "notes.txt", "log.jsonl"])  # fmt: skip
def test_cut_off_or_garbled_texts_do_no_harm(learner, tmp_path, name):
    data = (FOREIGN / name).read_bytes()
    path = tmp_path / "cut"
    for part in range(1, 9):
        for spoilt in (
            data[: len(data) * part // 8],
            data[: len(data) * part // 9] + b"\xff{{[[==::" + data[40 * part :],
        ):
            path.write_bytes(spoilt)
            code, _, err = learner.try_to("import", path, "--dry-run", "--history")
            assert code in (0, 1) and "Unexpected" not in err and "Traceback" not in err, err
