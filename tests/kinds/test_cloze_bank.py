"""The gaps of the bundled cards take the usual words of both languages, whichever is shown."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

import studyapp
from studyapp.deck.fold import fold
from studyapp.deck.synonyms import GLOSSARY, read_glossary
from studyapp.kinds.cloze import ClozeCard
from studyapp.kinds.cloze.gaps import Gap, read_cloze
from studyapp.kinds.cloze.matching import Fit, match_gap
from tests.kinds.bank import bundled


def gaps(language: str) -> dict[str, tuple[Gap, ...]]:
    return {card.id: read_cloze(card.text)[1] for card in bundled(language) if isinstance(card, ClozeCard)}


GAPS = {language: gaps(language) for language in ("en", "zh")}


@pytest.mark.parametrize("card_id", GAPS["en"])
def test_a_gap_takes_what_the_other_language_shows(card_id: str) -> None:
    """The languages may set their gaps in different order, so any gap of the card may take the word."""
    for shown, other in (("en", "zh"), ("zh", "en")):
        for gap in GAPS[other][card_id]:
            word = gap.answer
            fits = [match_gap(one, word).fit for one in GAPS[shown][card_id]]
            assert Fit.RIGHT in fits, f"the card in {shown} refuses “{word}”"


TEXTBOOK = """
found-who-uses-classic: 平方损失, 对率, 对率损失, 逻辑斯蒂, 对数几率, logloss, 合页损失, hinge loss, 0-1损失
found-risk-definition: 联合分布, 联合概率分布, 数学期望, 经验风险
found-bias-variance-definition: 噪音, 随机误差, 训练集
found-loss-cost-objective: loss function, 平均损失, 经验损失, objective function, 结构风险, 正则惩罚项
found-task-types-cloze: 标记, tag
det-cls-loss: 分类损失, bbox 回归, bbox, box 回归, 包围框回归
det-giou-definition: 能包住, 同时包住, 包裹, 完全包含, 恰好包含, 涵盖, 最小外接
det-ciou-definition: aspect ratio, 宽高比例, 中心点
imb-focal-uses: 目标检测, 图像分割, 语义分割
imb-focal-pt: GT 类别, GT, ground truth, 真值, 真实, 真实标签类别
ce-nll-definition: GT, ground truth, 真值, 标注, 标签, 二分类交叉熵损失, 交叉熵代价函数, BCE loss
ce-sparse-definition: 类别标号, 标号, 序号, 整型, 类别 ID, 整数形式, 没有区别, 等价
seg-pixel-ce-definition: GT, ground truth, 真值, 平均数, mean
seg-miou-definition: 对角元, 列之和, 扣除, 每个类别, 每个类, 各个类别
info-js-definition: 对称性, 有上界, 0.69, 开平方, 开根号, 根号
info-conditional-definition: 存在, 残留
regu-l1-prior: Gauss, 极大后验, 极大后验估计, 最大后验（MAP）
regu-elastic-definition: L1正则, L2正则, 稀疏化, 稀疏性, 共线性, 多重共线性, 岭回归, 相关性强, 线性相关
ret-max-hinge-definition: 最大的, 最大者, 取最大, hardest, 最难分, 最像
margin-zero-one-definition: 误分率, 错误比例, 分错的比例, 训练错误率
reg-mse-definition: 二次方
regu-l2-definition: 二次方
"""
"""Words of Chinese textbooks and interviews for what a gap shows by another word."""


@pytest.mark.parametrize("line", TEXTBOOK.strip().splitlines(), ids=lambda line: line.partition(":")[0])
def test_textbook_chinese_is_right(line: str) -> None:
    card_id, _, words = line.partition(": ")
    for word in words.split(", "):
        assert Fit.RIGHT in [match_gap(gap, word).fit for gap in GAPS["zh"][card_id]], word


NAMES = read_glossary((Path(studyapp.__file__).parent / "locale" / "zh_CN" / GLOSSARY).read_text("utf-8"))


def names_of(gap: Gap) -> Iterator[tuple[str, ...]]:
    """The rows of the glossary whose thing a gap asks for, by itself or with the noun behind it."""
    for row in NAMES:
        folded = set(map(fold, row))
        for noun in ("", "损失", "误差", "风险", "估计", "惩罚"):
            if gap.after.strip().startswith(noun) and fold(gap.answer + noun) in folded:
                yield row


def test_every_name_of_the_glossary_is_right_in_a_gap() -> None:
    asked = [(gap, row) for gaps in GAPS["zh"].values() for gap in gaps for row in names_of(gap)]
    assert len(asked) > 20
    refused = [(gap.answer, name) for gap, row in asked for name in row if match_gap(gap, name).fit is not Fit.RIGHT]
    assert refused == []
