"""Importing: what is said before, what is there after, a second time, and taking it back."""

from __future__ import annotations

import os

import pytest

from studyapp.exchange import importing

NOTES = '''#separator:tab
#html:true
#guid column:1
#notetype column:2
#deck column:3
#tags column:6
a]1	Basic	ML::Losses	What is \\(x^2\\)?<br>Say it.	"a ""square"""	losses a::b
b]2	Basic	ML::Losses	What is MAE?	the mean absolute error	x y
c]3	Cloze	ML	{{c1::Paris::city}} is in {{c2::France}}	Europe	
'''


@pytest.fixture
def notes(tmp_path):
    path = tmp_path / "notes.txt"
    path.write_text(NOTES)
    return path


def test_cards_come_with_their_decks_and_tags(learner, notes):
    learner.run("import", notes)
    card = learner.question("What is $x^2$")
    assert (card["deck"], card["tags"], card["answer"]) == ("ml/losses", ["losses", "a/b"], 'a "square"')
    assert card["question"] == "What is $x^2$?  \nSay it."
    clozes = [card for card in learner.cards().values() if card["kind"] == "cloze"]
    assert [card["text"] for card in clozes] == ["{{Paris}} is in France", "Paris is in {{France}}"]
    assert clozes[0]["hints"] == ["city"] and clozes[0]["group"] == clozes[1]["group"]


def test_nothing_is_written_by_a_dry_run(learner, notes):
    said = learner.run("import", "--dry-run", notes)
    assert "4 new cards" in said
    assert not (learner.home / "decks").exists() and not (learner.home / "imports").exists()


def test_a_second_import_updates_and_does_not_double(learner, notes):
    learner.run("import", notes)
    before = learner.cards()
    notes.write_text(NOTES.replace("the mean absolute error", "mean of |y - p|").replace("Say it.", "Now."))
    assert learner.preview(notes)["unchanged"] == 2
    learner.run("import", notes)
    after = learner.cards()
    assert before.keys() == after.keys()
    assert learner.question("What is MAE")["answer"] == "mean of |y - p|"
    assert learner.question("What is $x^2$")["question"].endswith("Now.")
    assert "no new cards" in learner.run("import", notes)


def test_what_was_edited_here_stays_and_it_is_said_where_both_changed(learner, notes):
    learner.run("import", notes)
    deck = learner.home / "decks" / "ml" / "ml--losses.yaml"
    deck.write_text(
        deck.read_text()
        .replace("the mean absolute error", "mine")
        .replace("title: Losses", "# a comment\ntitle: Losses")
    )
    notes.write_text(NOTES.replace("the mean absolute error", "theirs").replace("What is MAE?", "What is the MAE?"))
    found = learner.preview(notes)
    assert [change["keys"] for change in found["changed"]] == [["question"]]
    assert [change["changed_both_here_and_there"] for change in found["changed"]] == [["answer"]]
    assert "changed both here and there (answer)" in learner.run("import", notes)
    assert learner.question("What is the MAE?")["answer"] == "mine"
    assert "# a comment" in deck.read_text()


def test_one_undo_takes_one_import_back(learner, notes):
    learner.run("import", notes)
    first = learner.files()
    notes.write_text(NOTES.replace("the mean absolute error", "theirs") + "d]4\tBasic\tML::New\tq\ta\t\n")
    learner.run("import", notes)
    assert learner.files() != first
    learner.run("import", "--undo")
    assert learner.files() == first
    learner.run("import", "--undo")
    assert learner.cards() == {} and not (learner.home / "decks").exists()
    code, _, err = learner.try_to("import", "--undo")
    assert code == 1 and "no import" in err


def test_a_deck_changed_since_is_not_taken_away(learner, notes):
    learner.run("import", notes)
    deck = learner.home / "decks" / "ml" / "ml--losses.yaml"
    deck.write_text(deck.read_text() + "# mine\n")
    assert f"{deck} was changed here since" in learner.run("import", "--undo")
    assert deck.read_text().endswith("# mine\n") and len(learner.cards()) == 2


@pytest.mark.parametrize("moment", ["_move", "_copy", "deck_texts"])
@pytest.mark.parametrize("error", [KeyboardInterrupt, OSError])
def test_what_is_cut_off_leaves_nothing(learner, notes, monkeypatch, moment, error):
    learner.run("import", notes)
    before, cards = learner.files(), learner.cards()
    notes.write_text(NOTES.replace("Europe", "the north") + "d]4\tBasic\tML::New\tq\ta\t\n")
    usual, calls = getattr(importing, moment), []

    def fails_at_the_second(*arguments, **names):
        calls.append(1)
        if len(calls) == (1 if moment == "deck_texts" else 2):
            raise error(28, "No space left on device")
        return usual(*arguments, **names)

    with monkeypatch.context() as patched:
        patched.setattr(importing, moment, fails_at_the_second)
        code, _, _ = learner.try_to("import", notes)
    if calls:
        assert code != 0 and learner.files() == before and learner.cards() == cards
    assert os.listdir(learner.home / "imports") == ["0001"] or not calls


def test_an_import_that_was_killed_is_taken_back_by_the_next(learner, notes, monkeypatch):
    with monkeypatch.context() as patched:
        patched.setattr("studyapp.exchange.journal.Journal.roll_back", lambda self: ["killed"])
        patched.setattr(importing, "_is_news", lambda found, bank: 1 / 0)
        code, _, _ = learner.try_to("import", notes)
        assert code == 1
    assert os.listdir(learner.home / "imports") == ["0001"]
    learner.run("import", notes)
    assert len(learner.cards()) == 4


def test_cards_can_go_into_a_deck_of_ones_own(learner, notes, tmp_path):
    mine = tmp_path / "mine.yaml"
    learner.run("new", mine)
    before = mine.read_text()
    learner.run("import", notes, "--to", mine)
    assert mine.read_text().startswith(before.rstrip("\n"))
    assert learner.question("What is MAE")["deck"] == "mine"
    learner.run("import", "--undo")
    assert mine.read_text() == before


@pytest.mark.parametrize(
    ("text", "encoding", "question"),
    [
        ("question,answer\nWhat is Ü?,\"a, b\"\n", "cp1252", "What is Ü?"),
        ("Front;Back\nEins;Zwei\nDrei;Vier\n", "utf-16", "Eins"),
        ("什么是损失函数？\t衡量预测的误差\n什么是梯度？\t方向导数的最大值\n", "gb18030", "什么是损失函数？"),
        ("term\tdefinition\ttags\nbias\terror of the mean\tml stats\n", "utf-8-sig", "bias"),
        ("a,b\r\nc,\"d\r\ne\"\r\n", "utf-8", "c"),
    ],
)  # fmt: skip
def test_tables_in_many_spellings(learner, tmp_path, text, encoding, question):
    path = tmp_path / "table.dat"
    path.write_bytes(text.encode(encoding))
    learner.run("import", path)
    assert learner.question(question)["kind"] == "recall"


def test_what_is_no_known_format_is_refused_with_a_word(learner, tmp_path):
    path = tmp_path / "x.apkg"
    for data in (b"\x00\x01\x02", b"just one line of prose", b"PK\x03\x04 but cut off"):
        path.write_bytes(data)
        code, _, err = learner.try_to("import", path)
        assert code == 1 and str(path) in err and "Traceback" not in err
    code, _, err = learner.try_to("import", tmp_path / "nowhere.csv")
    assert code == 1 and "no file or folder" in err
