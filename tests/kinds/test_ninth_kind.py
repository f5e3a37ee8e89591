"""A kind is three files: what it is, how it is answered on the screen, and its words in other languages.

A ninth kind that is no part of the app is studied here from its deck to the log, and every kind of the app is held to
have all that a kind needs.
"""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Iterator
from datetime import UTC
from gettext import GNUTranslations
from pathlib import Path

import pytest

from studyapp.__main__ import run
from studyapp.cards.card import Card
from studyapp.cards.fields import seen_fields
from studyapp.deck.reader import parse_deck
from studyapp.deck.schema import json_schema
from studyapp.deck.template import starter_deck
from studyapp.folders import Folders
from studyapp.grading.verdict import Outcome
from studyapp.kinds import KINDS, kind_named, kind_of
from studyapp.kinds.ask import ask, drawn, restore
from studyapp.kinds.grade import give_up, grade, reveal
from studyapp.kinds.prove import prove
from studyapp.locale.catalogue import languages, translations
from studyapp.locale.po_file import compile_po
from studyapp.schedule.day import StudyDays
from studyapp.services import Services, open_services
from studyapp.settings import Settings
from studyapp.tui.answers.choose import PANELS
from studyapp.tui.app import StudyApp
from tests.clock import ManualClock

KIND_PACKAGE = "studyapp.kinds."
PACKAGE = Path(__file__).parent / "true_or_false"
NAME = "true-or-false"

DECK = """\
deck: signs
title: Signs
cards:
  - {id: never-negative, kind: true-or-false, question: Cross-entropy is never negative., holds: true,
     why: 'Each $-\\log q$ is at least 0.'}
  - {id: symmetric, kind: true-or-false, question: The KL divergence is symmetric., holds: false}
"""
DECK_ZH = """\
deck: signs
language: zh
title: 符号
cards:
  never-negative: {question: 交叉熵从不为负。, why: '每一项 $-\\log q$ 都不小于 0。'}
  symmetric: {question: KL 散度是对称的。}
"""


@pytest.fixture
def ninth_kind(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The kind's three files, each named in its table."""
    monkeypatch.setitem(KINDS, NAME, "tests.kinds.true_or_false.kind")
    monkeypatch.setitem(PANELS, NAME, "tests.kinds.true_or_false.panel")
    po = compile_po((PACKAGE / "zh_CN.po").read_text("utf-8"))
    chinese = translations("zh")
    before = chinese._fallback  # type: ignore[attr-defined]
    chinese.add_fallback(GNUTranslations(io.BytesIO(po)))
    yield
    chinese._fallback = before  # type: ignore[attr-defined]


@pytest.fixture
def content(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The bundled decks of this test."""
    content = tmp_path / "content"
    content.mkdir()
    (content / "signs.yaml").write_text(DECK, "utf-8")
    (content / "signs.zh.yaml").write_text(DECK_ZH, "utf-8")
    monkeypatch.setenv("STUDYAPP_HOME", str(tmp_path / "home"))
    monkeypatch.setattr("studyapp.folders.content_folder", lambda: content)
    return content


@pytest.fixture
def services(content: Path, tmp_path: Path, clock: ManualClock) -> Iterator[Services]:
    home = tmp_path / "home"
    services = open_services(Folders(home, home / "config.toml", content), Settings(), clock, StudyDays(UTC))
    yield services
    services.close()


def command(*arguments: str, typed: str = "") -> int:
    before, sys.stdin = sys.stdin, io.StringIO(typed)
    try:
        return run(list(arguments))
    finally:
        sys.stdin = before


@pytest.mark.usefixtures("ninth_kind", "content")
class TestNinthKind:
    def test_its_decks_are_checked_with_its_own_rules(self, content: Path, capsys: pytest.CaptureFixture[str]) -> None:
        assert command("check", str(content / "signs.yaml")) == 0
        wrong = content.parent / "wrong.yaml"
        text = DECK.replace("is symmetric.", "is symmetric?").replace("holds: true", "holds: maybe")
        wrong.write_text(text.replace("deck: signs", "deck: wrong"), "utf-8")
        capsys.readouterr()
        assert command("check", str(wrong)) == 1
        told = capsys.readouterr().out
        assert "wrong.yaml:4:" in told and "maybe" in told
        wrong.write_text(DECK.replace("is symmetric.", "is symmetric?").replace("deck: signs", "deck: wrong"), "utf-8")
        assert command("check", str(wrong)) == 1
        assert "a statement was expected, not a question" in capsys.readouterr().out

    def test_it_is_in_the_schema_the_starter_and_the_search(self, capsys: pytest.CaptureFixture[str]) -> None:
        definition = json_schema()["$defs"][NAME]
        assert definition["properties"]["holds"]["description"] == "Whether the statement is true."
        assert {"question", "holds"} <= set(definition["required"])
        assert f"kind: {NAME}" in starter_deck("mine")
        assert command("cards", f"kind:{NAME} divergence", "--json") == 0
        assert [card["card_id"] for card in json.loads(capsys.readouterr().out)] == ["symmetric"]

    def test_it_is_studied_in_plain_lines(self, capsys: pytest.CaptureFixture[str]) -> None:
        assert command("review", typed="maybe\nfalse\n1\nfalse\n3\n") == 0
        told = "".join(capsys.readouterr())
        assert "True or false is asked for, not maybe." in told
        assert "It is true." in told
        assert "Each −log q is at least 0." in told
        assert "Right." in told
        assert command("stats", "--json") == 0
        assert json.loads(capsys.readouterr().out)["today"]["answers"] == 2

    def test_it_is_studied_in_another_language(self, capsys: pytest.CaptureFixture[str]) -> None:
        assert command("review", "--lang", "zh", typed="也许\nfalse\n:quit\n") == 0
        told = "".join(capsys.readouterr())
        assert "交叉熵从不为负。" in told
        assert "要答 true 或 false，而不是 也许" in told
        assert "这句话是对的。" in told

    async def test_it_is_studied_on_the_screen(self, services: Services) -> None:
        app = StudyApp(services, services.session())
        async with app.run_test(size=(80, 24)) as pilot:
            await pilot.pause()
            await pilot.press(*"false", "enter")
            await pilot.pause()
            shown = "\n".join(
                "".join(segment.text for segment in strip) for strip in app.screen._compositor.render_strips()
            )
            assert "It is true." in shown
            assert "Each −log q is at least 0." in shown
            await pilot.pause(0.4)  # the key guard drops keys that come before a verdict can have been read
            await pilot.press("1")
            await pilot.pause()
        history = services.store.history("never-negative")
        assert [(entry.answer.outcome, entry.answer.answer) for entry in history if entry.answer] == [
            ("wrong", "false")
        ]


@pytest.mark.parametrize("name", KINDS)
class TestEveryKind:
    @pytest.fixture
    def card(self, name: str) -> Card:
        """The kind's card of a new deck."""
        deck = parse_deck(starter_deck("mine"), Path("mine.yaml")).deck
        assert deck is not None
        return next(card for card in deck.cards if card.kind == name)

    def test_says_what_is_seen_of_its_cards_and_which_questions_they_put(self, name: str) -> None:
        kind = kind_named(name)
        assert (kind.name, KIND_PACKAGE in KINDS[name]) == (name, True)
        assert kind.asks
        assert {one.name for one in seen_fields(kind.card)} & {"question", "text"}

    def test_has_a_panel_or_is_answered_in_the_head(self, name: str) -> None:
        assert (name in PANELS) is not kind_named(name).answered_in_head

    def test_has_a_starter_card_that_its_proof_accepts(self, card: Card) -> None:
        assert prove(card, seeds=5) == ()

    def test_asks_reveals_and_gives_up_in_every_language(self, card: Card) -> None:
        prompts = set()
        for language in languages():
            question = ask(card, 1, language)
            prompts.add(question.prompt)
            assert question.text.strip()
            assert reveal(question).answer.strip()
            assert give_up(question).language == language
            assert restore(card, 1, drawn(question), language) == question
        assert len(prompts) == len(languages()), "what form of answer is expected is said in each language"

    def test_grades_its_right_answer_or_lets_the_learner_judge(self, card: Card) -> None:
        question, kind = ask(card, 1, "en"), kind_of(card)
        assert kind.source(card, question, revealed=True).strip()
        if not kind.runs_code:  # a function that is right is played by the proof
            wanted = Outcome.SELF_RATED if kind.self_rated else Outcome.CORRECT
            assert grade(question, kind.right_answer(card, question)).outcome is wanted
