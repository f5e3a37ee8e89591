"""The query language and the search through the bank."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studyapp.deck.bank import Bank, Entry
from studyapp.deck.cache import Cache
from studyapp.deck.fold import searched_text
from studyapp.deck.library import Library
from studyapp.deck.query import CardSet, QueryError, Term, parse_query
from studyapp.deck.search import search

from .decks import choice, cloze, deck_text, write

DECKS = {
    "loss/focal": deck_text(
        cloze("focal-gamma", "The focus parameter is {{gamma}}. 交叉熵")
        + "\ntags: [definition, whiteboard]\ncovers: [cls.focal]",
        choice("focal-choice") + "\ntags: [trade-off]",
        name="loss/focal",
        header="order: 1\n",
    ),
    "vision/iou": deck_text(
        cloze("iou", "Größe ÷ {{union|Union}}: 50% of it_all") + "\ntags: [definition]\ncovers: [det.iou, cls.bce]",
        name="vision/iou",
        header="order: 2\n",
    ),
}


@pytest.fixture(scope="module")
def bank(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bank]:
    folder = tmp_path_factory.mktemp("bank")
    for name, text in DECKS.items():
        write(folder / "content" / f"{name}.yaml", text)
    with Bank.open(Library(folder / "home", folder / "content"), folder / "home" / "cache.db") as opened:
        yield opened


def found(bank: Bank, query: str, **more: object) -> list[str]:
    return [entry.card_id for entry in search(bank, parse_query(query), **more)]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("query", "terms"),
    [
        ("", []),
        ("focal loss", [Term("text", "focal"), Term("text", "loss", position=6)]),
        ('"Focal  Loss"', [Term("text", "focal loss")]),
        ("deck:loss/ -is:New", [Term("deck", "loss"), Term("is", "new", True, 11)]),
        ('tag:"a b"', [Term("tag", "a b")]),
        ('text:"is:due"', [Term("text", "is:due")]),
        ("- a", [Term("text", "-"), Term("text", "a", position=2)]),
        ('"p:q" 1:2', [Term("text", "p:q"), Term("text", "1:2", position=6)]),
    ],
)
def test_a_query_is_a_row_of_terms(query: str, terms: list[Term]) -> None:
    assert list(parse_query(query).terms) == terms


@pytest.mark.parametrize(
    ("query", "position", "words"),
    [
        ("tga:x", 0, "did you mean 'tag'?"),
        ("a kind:formla", 7, "did you mean 'formula'?"),
        ("is:overdue", 3, "did you mean 'due'?"),
        ("-is:", 4, "must follow is:"),
        ('a "open', 2, "never closed"),
        ("x" * 2000, 1000, "at most 1000"),
    ],
)
def test_a_query_that_cannot_be_read_says_where_and_what_was_meant(query: str, position: int, words: str) -> None:
    with pytest.raises(QueryError) as caught:
        parse_query(query)
    assert caught.value.position == position
    assert words in str(caught.value)


@given(st.text(alphabet="ab:-\" \\isdeckøα交%_'\n", max_size=30))
def test_no_query_breaks_the_parser(query: str) -> None:
    try:
        terms = parse_query(query).terms
    except QueryError as error:
        assert 0 <= error.position <= len(query)
    else:
        assert all(term.value for term in terms)


@pytest.mark.parametrize(
    ("query", "cards"),
    [
        ("", ["focal-gamma", "focal-choice", "iou"]),
        ("gamma", ["focal-gamma"]),
        ("GAMMA parameter", ["focal-gamma"]),
        ("parameter is", ["focal-gamma"]),
        ('"parameter is"', ["focal-gamma"]),
        ('"is parameter"', []),
        ("-gamma", ["focal-choice", "iou"]),
        ("交叉", ["focal-gamma"]),
        ("交叉熵", ["focal-gamma"]),
        ("grosse", ["iou"]),
        ("50%", ["iou"]),
        ("it_a", ["iou"]),
        ("itxa", []),
        ("derivative", ["focal-choice"]),
        ("f", ["focal-gamma", "focal-choice", "iou"]),
        ("deck:loss", ["focal-gamma", "focal-choice"]),
        ("deck:iou", ["iou"]),
        ("tag:definition", ["focal-gamma", "iou"]),
        ("tag:definition -tag:whiteboard", ["iou"]),
        ("kind:choice", ["focal-choice"]),
        ("covers:cls", ["focal-gamma", "iou"]),
        ("covers:cls.bce", ["iou"]),
        ("id:iou", ["iou"]),
        ("deck:loss kind:cloze gamma", ["focal-gamma"]),
    ],
)
def test_search_finds_the_cards_that_fit_all_terms(bank: Bank, query: str, cards: list[str]) -> None:
    assert found(bank, query) == cards


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("tag:definitoin", "did you mean 'definition'?"),
        ("deck:lsos", "did you mean"),
        ("covers:det.iuo", "did you mean 'det.iou'?"),
        ("id:focal-gama", "did you mean 'focal-gamma'?"),
        ("-tag:nothing", "no card has the tag"),
        ("is:due", "progress"),
    ],
)
def test_a_name_that_nothing_has_is_an_error_with_the_nearest(bank: Bank, query: str, words: str) -> None:
    with pytest.raises(QueryError) as caught:
        found(bank, query)
    assert words in str(caught.value)


def test_flags_are_asked_of_the_caller(bank: Bank) -> None:
    flags = {"due": CardSet(frozenset({"iou"})), "new": CardSet(frozenset({"iou"}), others=True)}
    assert found(bank, "is:due tag:definition", flags=flags) == ["iou"]
    assert found(bank, "-is:due", flags=flags) == found(bank, "is:new", flags=flags) == ["focal-gamma", "focal-choice"]
    assert found(bank, "-is:new", flags=flags) == ["iou"]
    assert found(bank, "is:new is:due", flags=flags) == []


def test_a_limit_takes_the_first_in_study_order(bank: Bank) -> None:
    assert found(bank, "f", limit=2) == ["focal-gamma", "focal-choice"]
    assert found(bank, "is:new", flags={"new": CardSet(frozenset({"focal-gamma"}), others=True)}, limit=1) == [
        "focal-choice"
    ]


_WORDS = st.sampled_from(
    ["gamma", "th", "e", "交", "交叉熵", "tag:definition", "kind:cloze", "deck:loss", "covers:cls"]
)


@given(st.lists(st.tuples(st.booleans(), _WORDS), max_size=4))
def test_the_index_and_the_terms_themselves_agree(bank: Bank, words: list[tuple[bool, str]]) -> None:
    query = parse_query(" ".join(("-" if negated else "") + word for negated, word in words))
    texts = {entry.card_id: searched_text(bank.card(entry.card_id)) for entry in bank.entries()}
    fitting = [e.card_id for e in bank.entries() if query.matches(e, {}, texts[e.card_id])]
    assert [entry.card_id for entry in search(bank, query)] == fitting


def test_search_works_without_full_text_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("studyapp.deck.cache._FULL_TEXT", "CREATE VIRTUAL TABLE card_text USING no_such_module(x)")
    write(tmp_path / "content" / "focal.yaml", DECKS["loss/focal"])
    with Bank.open(Library(tmp_path / "home", tmp_path / "content"), tmp_path / "cache.db") as plain:
        assert not plain.full_text
        assert found(plain, "gamma") == ["focal-gamma"]
        write(tmp_path / "content" / "focal.yaml", DECKS["loss/focal"].replace("gamma", "delta").replace("交", "x"))
        plain.refresh()
        assert found(plain, "focal-delta") == ["focal-delta"]
    assert Cache.open(tmp_path / "other.db").close() is None


def test_a_term_without_the_text_looks_at_the_entry() -> None:
    entry = Entry("a-1", "x/y", "cloze", 0, "", ("t",), (), "What is Focal loss?")
    assert parse_query("focal a-1 deck:y").matches(entry, {})
    assert not parse_query("dice").matches(entry, {})
