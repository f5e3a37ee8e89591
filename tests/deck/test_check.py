"""The lint over several files, the syllabus and the translations."""

from __future__ import annotations

from pathlib import Path

import pytest

from studyapp.deck.check import CheckReport, check

from .decks import choice, cloze, deck_text, write

SYLLABUS = """\
topics: [{id: cls, title: Classification, title_zh: 分类}]
points:
  - {id: cls.bce, topic: cls, point: Binary cross-entropy., ask: [definition, trade-off]}
  - {id: cls.hinge, topic: cls, point: Hinge loss., ask: [definition]}
errata:
  - {id: err.sign, topic: cls, wrong: The sign is plus., right: The sign is minus.}
"""


@pytest.fixture
def content(tmp_path: Path) -> Path:
    write(tmp_path / "syllabus.yaml", SYLLABUS)
    write(
        tmp_path / "one.yaml",
        deck_text(
            cloze("a") + "\ntags: [definition]\ncovers: [cls.bce]\nleads_to: [b]",
            choice("b") + "\ntags: [definition]\ncovers: [cls.bce, err.sign]\nloss: mse",
            name="one",
        ),
    )
    return tmp_path


def codes(report: CheckReport) -> list[tuple[str, str]]:
    return [(problem.path.name, problem.code) for problem in report.problems]


def test_a_clean_folder_has_no_problems_and_its_coverage(content: Path) -> None:
    report = check([content])
    assert report.problems == ()
    assert report.coverage is not None
    assert report.coverage.by_ask() == {"definition": (1, 2), "trade-off": (1, 1), "mend": (1, 1)}
    assert [(demand.point, demand.ask) for demand in report.coverage.missing] == [("cls.hinge", "definition")]
    assert report.coverage.points == (2, 3)
    assert [(card.id, path.name, line) for card, path, line in report.cards()] == [
        ("a", "one.yaml", 4),
        ("b", "one.yaml", 10),
    ]


@pytest.mark.parametrize(
    ("line", "code", "place", "words"),
    [
        ("leads_to: [aa, b]", "unknown-card", "aa", "did you mean 'a'?"),
        ("covers: [cls.bec]", "unknown-point", "cls.bec", "did you mean 'cls.bce'?"),
        ("loss: msee", "unknown-loss", "msee", "did you mean 'mse'?"),
        ("tags: [definitoin]", "rare-tag", "definitoin", "did you mean 'definition'?"),
    ],
)
def test_a_name_that_does_not_exist_is_reported_where_it_stands(
    content: Path, line: str, code: str, place: str, words: str
) -> None:
    path = write(content / "two.yaml", deck_text(cloze("c") + f"\n{line}", name="two"))
    report = check([content])
    assert codes(report) == [("two.yaml", code)]
    problem = report.problems[0]
    written = path.read_text().split("\n")[problem.line - 1]
    assert written[problem.column - 1 :].startswith(place)
    assert words in problem.hint


def test_names_in_decks_that_are_not_checked_can_be_given(content: Path) -> None:
    path = write(content / "two.yaml", deck_text(cloze("c") + "\nleads_to: [a]\ncovers: [cls.hinge]", name="two"))
    assert codes(check([path])) == [("two.yaml", "unknown-card")]
    report = check([path], known_cards=["a", "b"], syllabus=content / "syllabus.yaml")
    assert report.problems == ()
    assert report.coverage is None


def test_a_card_that_is_broken_can_still_be_led_to(content: Path) -> None:
    write(
        content / "two.yaml", deck_text("id: c\nkind: cloze\ntext: no gap", cloze("d") + "\nleads_to: [c]", name="two")
    )
    assert codes(check([content])) == [("two.yaml", "no-gap")]


def test_ids_and_names_that_occur_in_two_files_name_both_places(content: Path) -> None:
    write(content / "two.yaml", deck_text(cloze("a"), name="one"))
    report = check([content])
    assert codes(report) == [("two.yaml", "duplicate-deck"), ("two.yaml", "duplicate-id")]
    assert "one.yaml:4" in report.problems[1].message


def test_translations_are_counted_and_held_against_their_deck(content: Path) -> None:
    write(
        content / "one.zh.yaml",
        "deck: one\nlanguage: zh\ncards:\n  a: {text: '甲{{空}}'}\n  b: {question: 问}\n  bb: {question: 无}\n",
    )
    report = check([content])
    assert codes(report) == [("one.zh.yaml", "unknown-card")]
    assert "did you mean 'b'?" in report.problems[0].hint
    (count,) = report.translations
    assert (count.deck, count.language, count.complete, count.begun, count.total) == ("one", "zh", 1, 2, 2)
    assert count.missing == (("b", ("options",)),)


def test_an_overlay_of_another_deck_or_language_is_told(content: Path) -> None:
    write(content / "one.zh.yaml", "deck: other\nlanguage: fr\ncards: {}\n")
    assert codes(check([content])) == [("one.zh.yaml", "overlay"), ("one.zh.yaml", "overlay")]


def test_a_path_without_decks_is_a_problem(tmp_path: Path) -> None:
    report = check([tmp_path, tmp_path / "gone.yaml"])
    assert [problem.code for problem in report.problems] == ["no-file", "no-file"]


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("ask: [definition]", "ask: [defnition]", "unknown-question"),
        ("topic: cls, point: Hinge", "topic: clss, point: Hinge", "unknown-topic"),
        ("id: cls.hinge", "id: cls.bce", "duplicate-id"),
        ("errata:", "erata:", "unknown-key"),
        ("points:", "points: !!set", "tag"),
    ],
)
def test_mistakes_in_the_syllabus_are_found(content: Path, old: str, new: str, code: str) -> None:
    write(content / "syllabus.yaml", SYLLABUS.replace(old, new))
    assert ("syllabus.yaml", code) in codes(check([content]))
