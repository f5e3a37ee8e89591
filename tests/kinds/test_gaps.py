"""The gaps of a cloze text."""

from __future__ import annotations

from pathlib import Path

import pytest

from studyapp.deck.reader import parse_deck
from studyapp.grading.verdict import Outcome
from studyapp.kinds.ask import ask
from studyapp.kinds.cloze import ClozeCard
from studyapp.kinds.cloze.gaps import GapError, apart, filled, find_gaps, read_cloze
from studyapp.kinds.grade import grade


@pytest.mark.parametrize(
    ("text", "alternatives"),
    [
        ("no gap, {one} brace", []),
        ("the {{median}}", [("median",)]),
        ("the {{ hinge | hinge loss }} and {{max}}", [("hinge", "hinge loss"), ("max",)]),
        (r"$x = {{\frac{1}{n}|1/n}}$", [(r"\frac{1}{n}", "1/n")]),
        (r"$\frac{{{a}}}{b}$", [("{a}",)]),
        (r"{{\|A\|}}", [("|A|",)]),
        ("{{}}", [("",)]),
    ],
)
def test_gaps_are_found_with_their_alternatives(text: str, alternatives: list[tuple[str, ...]]) -> None:
    gaps = find_gaps(text)
    assert [gap.alternatives for gap in gaps] == alternatives
    assert all(text[gap.start : gap.end].startswith("{{") and text[gap.start : gap.end].endswith("}}") for gap in gaps)


@pytest.mark.parametrize("text", ["an {{open gap", "an {{open} gap", "{{a}"])
def test_an_open_gap_is_an_error_at_its_place(text: str) -> None:
    with pytest.raises(GapError) as caught:
        find_gaps(text)
    assert caught.value.start == text.index("{{")


class TestNumbersHintsAndBraces:
    @pytest.mark.parametrize(
        ("text", "alternatives", "number", "hint"),
        [
            ("{{1:: ich gehe :: ending}}", ("ich gehe",), 1, "ending"),
            ("{{a | b :: first letter}}", ("a", "b"), None, "first letter"),
            ("{{c2::Paris::capital}}", ("Paris",), 2, "capital"),
            ("{{c1::Seine}}", ("Seine",), 1, ""),
            ("{{std::vector}}", ("std::vector",), None, ""),
            ("{{3::}}", ("",), 3, ""),
            (r"{{E[\mathrm{Var}(Y|X)]}}", (r"E[\mathrm{Var}(Y|X)]",), None, ""),
            ("{{[0, 1)|(0, 1)}}", ("[0, 1)", "(0, 1)"), None, ""),
            ("{{P(A|B)|P(A∣B)}}", ("P(A|B)", "P(A∣B)"), None, ""),
        ],
    )
    def test_are_read(self, text: str, alternatives: tuple[str, ...], number: int | None, hint: str) -> None:
        (gap,) = find_gaps(text)
        assert (gap.alternatives, gap.number, gap.hint) == (alternatives, number, hint)

    def test_a_hint_stands_in_its_gap(self) -> None:
        shown, _ = read_cloze("Ich {{gehe :: to go}} nach {{Hause}}.")
        assert shown == "Ich [1: to go] nach [2]."
        assert read_cloze("Ich {{gehe :: to go}}.")[0] == "Ich […: to go]."

    def test_braces_that_are_no_gap_are_written_with_a_backslash(self) -> None:
        text = r"In Jinja \{{ name }} is {{replaced}}."
        assert read_cloze(text)[0] == "In Jinja {{ name }} is […]."
        assert filled(text) == "In Jinja {{ name }} is **replaced**."

    def test_a_gap_in_code_is_filled_in_as_code(self) -> None:
        text = "```sql\nGROUP BY a {{HAVING}} COUNT(*) > 5\n```\nand `x {{is}} None`, {{bold}}"
        assert filled(text) == "```sql\nGROUP BY a HAVING COUNT(*) > 5\n```\nand `x is None`, **bold**"

    def test_each_gap_can_be_a_card_of_its_own_and_those_of_one_number_stay_together(self) -> None:
        assert apart("{{a}} and {{b|c}}") == ("{{a}} and b", "a and {{b|c}}")
        assert apart(r"{{2::x}} {{1::y :: hint}} {{2::z}} \{{n}}") == (
            r"x {{1::y :: hint}} z \{{n}}",
            r"{{2::x}} y {{2::z}} \{{n}}",
        )


def test_the_cards_of_one_text_are_siblings_with_ids_of_their_own() -> None:
    text = "deck: a\ntitle: A\ncards:\n  - {id: b, kind: cloze, each: true, text: '{{x}} or {{y}}', match: exact}\n"
    read = parse_deck(text, Path("a.yaml"))
    assert read.deck is not None and not read.problems
    assert [(card.id, card.group, card.text) for card in read.deck.cards] == [  # type: ignore[attr-defined]
        ("b-1", "b", "{{x}} or y"), ("b-2", "b", "x or {{y}}"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("match", "right", "wrong"),
    [
        ("exact", ["Mütter"], ["mütter", "Mutter", "die Mütter", "Muetter"]),
        ("case", ["Mütter", "MÜTTER"], ["Mutter", "Mütter."]),
        ("words", ["Mütter", "mütter."], ["Mutter", "die Mütter"]),
        ("loose", ["Mütter", "mütter"], ["Väter"]),
    ],
)
def test_a_gap_is_met_as_its_card_says(match: str, right: list[str], wrong: list[str]) -> None:
    card = ClozeCard(id="a", text="Die {{Mütter}} kommen.", match=match)
    question = ask(card, 1, "en")
    assert [grade(question, one).outcome for one in right] == [Outcome.CORRECT] * len(right)
    assert Outcome.CORRECT not in [grade(question, one).outcome for one in wrong]


def test_spellings_count_as_equal_where_the_card_says_so_and_a_wrong_letter_is_shown() -> None:
    card = ClozeCard(id="a", text="Das {{Mädchen}} lacht.", match="exact", fold={"ä": "ae"})
    question = ask(card, 1, "en")
    assert grade(question, "Maedchen").outcome is Outcome.CORRECT
    assert "M[a→ä]dchen" in grade(question, "Madchen").details[0].text
