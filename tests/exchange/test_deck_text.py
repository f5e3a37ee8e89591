"""Cards written as YAML are the same cards when they are read again."""

from __future__ import annotations

from pathlib import Path

import msgspec
from hypothesis import example, given
from hypothesis import strategies as st

from studyapp.cards.card import Draw
from studyapp.deck.check import check
from studyapp.deck.reader import parse_deck
from studyapp.exchange.deck_text import card_text, deck_head
from studyapp.folders import content_folder
from studyapp.kinds.code.card import Case, CodeCard
from studyapp.kinds.compute import ComputeCard
from studyapp.kinds.recall import RecallCard


def again(*cards):
    """The cards as they are read from what is written of them, in a file with CRLF or without."""
    text = deck_head("own", "Own") + "".join(card_text(card) for card in cards)
    read = parse_deck(text, Path("own.yaml"))
    assert read.problems == ()
    assert read.deck is not None
    return read.deck.cards


def test_every_bundled_card_comes_back():
    decks = check([content_folder()]).decks
    assert len(decks) > 20
    for deck in decks:
        assert again(*deck.cards) == deck.cards, deck.name


def test_every_kind_of_value_comes_back():
    """What no bundled card has: infinities, texts that look like numbers, nothing, names of sizes, steps."""
    draws = {
        "n": Draw(rule="integers", arguments=(2, 4)),
        "word": Draw(rule="choice", arguments=("1%", "no", "1/3", "a, b", 'say "x"', "", "1e3", True, 2.5)),
        "p": Draw(rule="distribution", arguments=(3, 0.1), size=("n",)),
        "m": Draw(rule="mask", size=(2, "n")),
        "b": Draw(rule="box", arguments=(0, 9), size=(2,), distinct=True),
        "k": Draw(rule="one_hot", arguments=(4,)),
        "far": Draw(rule="value", arguments=(float("-inf"),)),
        "rows": Draw(rule="value", arguments=([[1, 2], [3, 4.5]],)),
    }
    compute = ComputeCard(id="c", question="{n}", answer="n", draw=draws, let={"twice": "2*n"})
    cases = (
        Case(args=(None, "no", {"a": [1, "2"], "b": {}}, [True, []]), expect='{"x": null}', why="odd: yes"),
        Case(args=(float("inf"), "", "1e3", " blank "), expect='"no"'),
    )
    code = CodeCard(
        id="f", question="?", signature="def f(a, b, c, d)", cases=cases,
        solution_code="def f(a, b, c, d):\n    # one\n\n    return a",
    )  # fmt: skip
    assert again(compute, code) == (compute, code)


TEXTS = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=40) | st.lists(
    st.sampled_from(
        ["- a", "a: b", "#", " ", "", "\t", "no", "1e3", "{{x}}", "|", "'", '"', "\\", "…", "中文：", "\r"]
    ),
    min_size=1,
    max_size=6,
).map("\n".join)


@given(TEXTS, TEXTS)
@example("x\n\n", " \n y")
@example("\u2028", "\x85")
def test_any_text_comes_back_as_a_deck_reads_it(question, answer):
    """A deck takes texts without surrounding blanks and without signs that cannot be seen; those stay as they are."""
    wanted = RecallCard(id="c", question=as_read(question), answer=as_read(answer), hints=(as_read(answer),))
    assert again(wanted) == (wanted,)


def as_read(text: str) -> str:
    """A text as a deck may hold it: printable, no blanks around."""
    kept = "".join(sign for sign in text if sign in "\n\t" or (sign.isprintable() and sign != "\ufeff"))
    return kept.strip() or "x"


def test_all_decks_go_to_anki_and_come_back_whole(learner, tmp_path, capsys, monkeypatch):
    """Graded cards travel whole in a field of their note, whatever Anki shows of them."""
    from studyapp.formats.source import Source
    from studyapp.formats.table import detect

    monkeypatch.undo()
    monkeypatch.setenv("STUDYAPP_HOME", str(learner.home))
    learner.run("export", tmp_path / "all.apkg")
    source = Source(tmp_path / "all.apkg")
    found = {one.card.id: one.card for one in detect(source).reader.read(source).cards}
    wanted = {card.id: card for deck in check([content_folder()]).decks for card in deck.cards}
    assert found.keys() == wanted.keys()
    assert [name for name in wanted if msgspec.to_builtins(found[name]) != msgspec.to_builtins(wanted[name])] == []
    assert again(*found.values()) == tuple(found.values())
