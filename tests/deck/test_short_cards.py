"""Short cards and cards without ids: what they are, what their ids rest on, and how ids are written in."""

from __future__ import annotations

from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studyapp.cards.card import Card
from studyapp.deck.reader import ReadDeck, parse_deck
from studyapp.deck.write_ids import IdsNotWritten, with_ids

PATH = Path("deck.yaml")

LAYOUTS = r"""# how it may be laid out
deck: life/german
title: German
defaults: {tags: [vocab], difficulty: 1}
cards:
  - What is ACID? :: Atomic, consistent   # a remark
  - der Hund ::: the dog
  - "quoted: x :: y"
  - kind: recall
    # inside
    question: Is it?
    answer: no
  - {kind: recall, question: 你好?, answer: 12}
  - die Katze ::: the cat
    tags: [animal]
  - longer :: |
      with a block

      and $x$
  - {a2 ::: b2, tags: [x]}
  # between
  - |
    block front

    second :: back
  -   odd ::
       further in
  - id: own
    card: 'What is `a :: b`? :: a type'
"""


def read(text: str) -> ReadDeck:
    result = parse_deck(text, PATH)
    assert [str(problem) for problem in result.problems] == []
    return result


def cards(text: str) -> list[Any]:
    result = read(text)
    assert result.deck is not None
    return list(result.deck.cards)


def deck(*entries: str, header: str = "") -> str:
    return f"deck: d\ntitle: D\n{header}cards:\n" + "".join(f"  - {entry}\n" for entry in entries)


def test_a_short_card_is_a_recall_card_with_the_defaults_of_its_deck() -> None:
    card, *_ = cards(LAYOUTS)
    assert (card.kind, card.question, card.answer) == ("recall", "What is ACID?", "Atomic, consistent")
    assert (card.tags, card.difficulty) == (("vocab",), 1)


def test_three_colons_ask_both_directions_as_siblings_under_the_identity_of_the_front() -> None:
    there, back = cards(deck("der Hund ::: the dog"))
    assert (there.question, there.answer) == ("der Hund", "the dog") == (back.answer, back.question)
    assert there.group == back.group != ""
    corrected = cards(deck("der Hund ::: the hound"))
    assert [card.id for card in corrected] == [there.id, back.id]


def test_a_made_id_rests_on_the_deck_and_the_front_alone() -> None:
    entries = [f"front {number} :: back {number}" for number in range(20)]
    before = {card.question: card.id for card in cards(deck(*entries))}
    shuffled = Random(1).sample(entries, len(entries))
    assert {card.question: card.id for card in cards(deck("new :: card", *shuffled))}.items() >= before.items()
    assert cards(deck("front 1 :: another back"))[0].id == before["front 1"]
    assert cards(deck("front 1 :: x").replace("deck: d", "deck: e"))[0].id != before["front 1"]


def test_an_earlier_name_of_the_deck_gives_the_earlier_ids() -> None:
    (old,) = cards(deck("front :: back"))
    (new,) = cards(deck("front :: back", header="was: [d]\n").replace("deck: d", "deck: renamed"))
    assert new.id != old.id
    assert new.was == (old.id,)


def test_defaults_hold_for_the_keys_that_a_card_lacks_and_its_kind_has() -> None:
    header = "defaults: {tags: [a], kind: recall, multiple: true}\n"
    short, own = cards(deck("x :: y", "{id: own, question: Q, answer: A, tags: []}", header=header))
    assert (short.tags, own.tags, own.kind) == (("a",), (), "recall")


@pytest.mark.parametrize(
    ("text", "code", "words"),
    [
        (deck("a :: b", "a :: c"), "duplicate-id", "the same front"),
        (deck("a :: b", header="defaults: {tgas: [x]}\n"), "unknown-key", "did you mean 'tags'?"),
        (deck("a :: b", header="defaults: {id: x}\n"), "unknown-key", "belongs to one card"),
        (deck("a :: b", header="defaults: {kind: choice}\n"), "kind", "cannot be a choice card"),
        (deck("a :: b", header="defaults: {kind: explain}\n"), "missing-key", "lacks the key 'points'"),
        ("title: D\ncards: [a :: b]\ndeck: d\n", "missing-id", "write deck: above cards:"),
        (deck("a :: b") + "was: [c]\n", "order", "must stand above the cards"),
    ],
)
def test_what_cannot_be_is_said(text: str, code: str, words: str) -> None:
    problems = parse_deck(text, PATH).problems
    assert [problem.code for problem in problems] == [code]
    assert words in f"{problems[0].message} {problems[0].hint}"


def test_ids_are_written_into_every_layout_and_nothing_else_changes() -> None:
    written, made = with_ids(LAYOUTS, PATH)
    assert len(made) == 10
    assert cards(written) == cards(LAYOUTS)
    assert read(written).made == ()
    assert with_ids(written, PATH) == (written, ())
    lines = iter(written.splitlines())
    for line in LAYOUTS.splitlines():
        wanted = line.strip(" -{").removesuffix("}")
        assert any(wanted in found for found in lines), line


def test_with_ids_an_edit_of_the_front_keeps_the_card() -> None:
    written, _ = with_ids(deck("frnt :: back"), PATH)
    (before,), (after,) = cards(written), cards(written.replace("frnt ::", "front ::"))
    assert (after.id, after.question) == (before.id, "front")


@pytest.mark.parametrize("text", ["deck: d\ntitle: D\ncards: [a :: b, c :: d]\n", deck("a: b")])
def test_where_ids_cannot_be_written_the_reason_is_said(text: str) -> None:
    with pytest.raises(IdsNotWritten):
        with_ids(text, PATH)


FRONT = st.text(st.sampled_from("abcäöü你好 $`:'\"#-{}[]|\\"), min_size=1, max_size=12)


@given(st.lists(st.tuples(FRONT, FRONT, st.booleans()), min_size=1, max_size=4, unique_by=lambda entry: entry[0]))
def test_ids_written_into_any_good_deck_leave_the_same_cards(entries: list[tuple[str, str, bool]]) -> None:
    written = [f"{front} {':::' if both else '::'} {back}" for front, back, both in entries]
    text = deck(*[f"{entry}" if index % 2 else '"' + entry.replace("\\", "\\\\").replace('"', '\\"') + '"'
                  for index, entry in enumerate(written)])  # fmt: skip
    before = parse_deck(text, PATH)
    try:
        after, made = with_ids(text, PATH)
    except IdsNotWritten:
        assert any(problem.severity == "error" for problem in before.problems)
        return
    assert before.deck is not None
    kept: tuple[Card, ...] = before.deck.cards
    assert parse_deck(after, PATH).deck == before.deck
    assert {card.id.removesuffix("-reverse") for card in kept} == set(made)
