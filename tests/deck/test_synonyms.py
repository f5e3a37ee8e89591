"""Search finds a thing by any of its names, in either language, with blanks or none beside Chinese."""

from __future__ import annotations

from pathlib import Path

import pytest

import studyapp
from studyapp.deck.bank import Bank
from studyapp.deck.fold import fold
from studyapp.deck.library import Library
from studyapp.deck.query import parse_query
from studyapp.deck.search import search
from studyapp.deck.synonyms import GLOSSARY, read_glossary, synonyms_of
from studyapp.folders import content_folder

TEXT = (Path(studyapp.__file__).parent / "locale" / "zh_CN" / GLOSSARY).read_text("utf-8")


@pytest.fixture(scope="module")
def bank(tmp_path_factory: pytest.TempPathFactory) -> Bank:
    home = tmp_path_factory.mktemp("synonyms")
    return Bank.open(Library(home, content_folder()), home / "cache.db")


def found(bank: Bank, text: str) -> set[str]:
    return {entry.card_id for entry in search(bank, parse_query(text))}


@pytest.mark.parametrize(
    ("typed", "card_id"),
    [
        ("KL散度", "info-kl-definition"), ("KL 散度", "info-kl-definition"), ("ＫＬ散度", "info-kl-definition"),
        ("相对熵", "info-kl-definition"), ("信息熵", "info-entropy-definition"), ("均方差", "reg-mse-definition"),
        ("异常值", "reg-mae-definition"), ("极大似然", "ce-mle"), ("温度系数", "ret-temperature-tradeoff"),
        ("困难样本", "imb-focal-from-ce"), ("样本不平衡", "ce-bce-properties"),
        ("平滑L1", "reg-smooth-l1-definition"),
        ("光滑L1", "reg-smooth-l1-definition"), ("铰链损失", "margin-hinge-definition"),
        ("对率损失", "margin-logistic-definition"), ("查准率", "imb-wbce-cost"), ("手撕", "det-box-iou-code"),
        ("交叉熵", "ce-why-log"), ("示性函数", "found-not-accuracy-order"), ("hinge", "margin-hinge-definition"),
    ],
)  # fmt: skip
def test_what_a_chinese_learner_types_is_found(bank: Bank, typed: str, card_id: str) -> None:
    assert card_id in found(bank, typed)


LONG_NAMES = [[name for name in row if " " not in name and len(name) >= 3] for row in read_glossary(TEXT)]


@pytest.mark.parametrize("names", [names for names in LONG_NAMES if len(names) > 1], ids=lambda names: names[0])
def test_every_name_of_a_row_finds_the_same_cards(bank: Bank, names: list[str]) -> None:
    hits = {name: found(bank, name) for name in names}
    for name in names:
        assert hits[name] == hits[names[0]], f"{name} finds others than {names[0]}"


def test_quotes_switch_synonyms_off_and_minus_turns_them_round(bank: Bank) -> None:
    assert found(bank, '"相对熵"') < found(bank, "相对熵")
    assert not found(bank, "-相对熵") & found(bank, "相对熵")
    assert found(bank, "相对熵 kind:compute") < found(bank, "相对熵")


def test_each_thing_has_one_name_and_no_name_two_things() -> None:
    rows = read_glossary(TEXT)
    names = [fold(name) for row in rows for name in dict.fromkeys(map(fold, row))]
    assert sorted({name for name in names if names.count(name) > 1}) == []


def test_short_names_stand_for_short_ones_only() -> None:
    assert "铰链" in synonyms_of("合页") and "铰链" not in synonyms_of("合页损失")
