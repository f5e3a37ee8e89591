"""Suggested ticks against those of a careful teacher, on answers in a learner's own words.

``tests/data/free_answers/tuned.yaml`` holds the answers on which the rules were tuned, ``measured.yaml`` answers to
other cards, ``questions.yaml`` answers to the whole questions of interviewers; the free wrong answers of
``tests/data/wrong_answers`` say no point at all.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

import msgspec
import pytest
import yaml

from studyapp.cards.card import Card, Point
from studyapp.deck.check import check
from studyapp.deck.overlay import fit
from studyapp.folders import content_folder
from studyapp.grading.contradiction import contradiction
from studyapp.grading.rating import marked_rating, suggest
from studyapp.grading.rubric import suggested, ticked
from studyapp.kinds.ask import ask
from studyapp.kinds.grade import grade, tick

DATA = Path(__file__).parents[1] / "data"


class Labelled(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An answer and the points, from 1, that it holds."""

    quality: str
    ticks: list[int]
    answer: str
    language: str = "en"


@cache
def rubrics() -> dict[tuple[str, str], Card]:
    found: dict[tuple[str, str], Card] = {}
    for deck in check([content_folder()]).decks:
        chinese = next(one for one in deck.overlays if one.language == "zh")
        for card in deck.cards:
            if getattr(card, "points", ()):
                translated, _ = fit(card, chinese)
                assert translated is not None
                found |= {(card.id, "en"): card, (card.id, "zh"): translated}
    return found


def labelled(name: str) -> list[tuple[str, Labelled]]:
    if name != "free":
        read = yaml.safe_load((DATA / "free_answers" / f"{name}.yaml").read_text("utf-8"))
        return [
            (card, one) for card, found in msgspec.convert(read, dict[str, list[Labelled]]).items() for one in found
        ]
    return [
        (card, Labelled("wrong", [], entry["answer"], entry.get("language", "en")))
        for path in sorted((DATA / "wrong_answers").rglob("*.yaml"))
        for card, entries in yaml.safe_load(path.read_text("utf-8")).items()
        for entry in entries
        if entry.get("free") and (card, "en") in rubrics()
    ]


class Figures(msgspec.Struct):
    """Ticks that agree, that are too many and too few, over all answers and over the good ones; ratings too high."""

    right: int = 0
    extra: int = 0
    missed: int = 0
    good: int = 0
    good_missed: int = 0
    answers: int = 0
    too_high: int = 0

    @property
    def f1(self) -> float:
        return 2 * self.right / (2 * self.right + self.extra + self.missed)

    @property
    def recall_on_good(self) -> float:
        return self.good / (self.good + self.good_missed)


def measure(*names: str) -> Figures:
    figures = Figures()
    for card_id, one in (pair for name in names for pair in labelled(name)):
        question = ask(rubrics()[card_id, one.language], 0, one.language)
        verdict = grade(question, one.answer)
        found = {place for place, detail in enumerate(verdict.details, 1) if detail.passed}
        wanted = set(one.ticks)
        assert wanted <= set(range(1, len(verdict.details) + 1)), card_id
        figures.right += len(found & wanted)
        figures.extra += len(found - wanted)
        figures.missed += len(wanted - found)
        if one.quality == "good":
            figures.good += len(found & wanted)
            figures.good_missed += len(wanted - found)
        figures.answers += 1
        figures.too_high += suggest(verdict) > suggest(tick(question, {place - 1 for place in wanted}))
    return figures


@pytest.mark.parametrize("names", [("tuned",), ("measured",), ("questions",), ("tuned", "measured", "free")])
def test_suggested_ticks_agree_with_a_careful_teachers(names: tuple[str, ...]) -> None:
    figures = measure(*names)
    assert figures.f1 >= 0.80
    assert figures.recall_on_good >= 0.75
    assert figures.too_high <= 0.10 * figures.answers


def test_there_are_at_least_200_labelled_answers_in_both_languages() -> None:
    found = [one for name in ("tuned", "measured", "free") for _, one in labelled(name)]
    assert len(found) >= 200
    assert {one.language for one in found} == {"en", "zh"}
    assert {one.quality for one in found} == {"good", "partial", "wrong"}


@pytest.mark.parametrize("language", ["en", "zh"])
def test_no_model_answer_contradicts_itself(language: str) -> None:
    refused = {}
    for (card_id, spoken), card in rubrics().items():
        if spoken == language:
            verdict = grade(ask(card, 0, language), card.answer)  # type: ignore[attr-defined]
            if not any(detail.passed for detail in verdict.details):
                refused[card_id] = verdict.message
    assert refused == {}


@pytest.mark.parametrize(
    ("said", "typed", "words"),
    [
        ("MAE is robust, MSE is sensitive.", "MAE is more sensitive than MSE", "mae is more sensitive"),
        ("MAE is robust, MSE is sensitive.", "MSE is less sensitive", "mse is less sensitive"),
        ("The logistic loss is convex.", "it is not convex", "it is not convex"),
        ("The logistic loss is convex.", "it is convex", ""),
        ("Large τ: flat. Small τ: sharp.", "a large τ makes it sharp", "a large τ makes it sharp"),
        ("Large τ: flat. Small τ: sharp.", "a small τ makes it sharp", ""),
        ("MAE 对离群点稳健，MSE 敏感。", "MAE 对离群点更敏感", "mae 对离群点更敏感"),
        ("损失是凸的。", "它不是凸的", "它不是凸的"),
        ("它对离群点敏感。", "它对类别不平衡敏感", ""),
        ("L1 抗离群点，L2 敏感。", "L2 抗离群点", "l2 抗离群点"),
        ("L2 收敛快，L1 收敛慢。", "L1 收敛快", "l1 收敛快"),
        ("MSE carries it, in cross-entropy it cancels.", "in MSE it cancels", "in mse it cancels"),
        ("MSE carries it, in cross-entropy it cancels.", "MSE carries the slope", ""),
    ],
)
def test_the_opposite_of_what_is_said_is_named_by_its_words(said: str, typed: str, words: str) -> None:
    assert contradiction(typed, [said]) == words


def test_a_contradiction_withholds_all_ticks_and_says_why() -> None:
    points = (Point(text="MAE is robust", words=("robust",)), Point(text="it estimates the median", words=("median",)))
    verdict = suggested(points, "MAE is robust and estimates the median.", "It is the median. MAE is not robust.")
    assert not any(detail.passed for detail in verdict.details) and "mae is not robust" in verdict.message


def test_a_tick_stands_beside_the_words_that_caused_it_and_suggests_no_rating_unseen() -> None:
    points = (Point(text="it estimates the median", words=("median",)),)
    verdict = suggested(points, "It estimates the median.", "So we get the median. And more.")
    assert "So we get the median" in verdict.details[0].text
    assert marked_rating(verdict) is None
    assert marked_rating(ticked(points, "", {0})) is not None
