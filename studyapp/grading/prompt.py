"""What form of answer a question expects, said beside the field before anything is typed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from studyapp.deck.card import (
    AnyCard,
    ChoiceCard,
    ClozeCard,
    CodeCard,
    ComputeCard,
    FormulaCard,
    OrderCard,
)
from studyapp.grading.variant import Target

_WORDS = {
    "en": {
        "number": "a number",
        "vector": "a vector of {count} numbers",
        "matrix": "a {rows}×{columns} matrix, rows separated by “;”",
        "array": "numbers in nested brackets, shape {shape}",
        "digits": "{what}, to {digits} significant digits{unit}",
        "unit": ", in {unit}",
        "parts": "{count} answers, one a line",
        "choice": "the number of one option",
        "choices": "the numbers of all right options",
        "gap": "the missing word or expression",
        "gaps": "{count} answers, separated by “;”",
        "order": "the numbers of the steps in order; leave out what does not belong",
        "order-all": "the numbers of the steps in order",
        "formula": "a formula in {names}",
        "constant": "a formula",
        "lines": "one equal expression a line, the last one the result, in {names}",
        "code": "Python: {signature}",
        "recall": "recall the answer, then reveal it",
        "explain": "an answer in your own words",
    },
    "zh": {
        "number": "一个数",
        "vector": "含 {count} 个数的向量",
        "matrix": "{rows}×{columns} 矩阵，行与行用“;”隔开",
        "array": "用嵌套方括号写的数，形状为 {shape}",
        "digits": "{what}，保留 {digits} 位有效数字{unit}",
        "unit": "，单位：{unit}",
        "parts": "{count} 个答案，每行一个",
        "choice": "一个选项的编号",
        "choices": "所有正确选项的编号",
        "gap": "空缺的词或式子",
        "gaps": "{count} 个答案，用“;”隔开",
        "order": "按顺序写出步骤编号，不属于推导的不写",
        "order-all": "按顺序写出步骤编号",
        "formula": "用 {names} 表示的公式",
        "constant": "一个公式",
        "lines": "每行一个相等的式子，最后一行是结果，用 {names} 表示",
        "code": "Python：{signature}",
        "recall": "先回忆答案，再翻看",
        "explain": "用自己的话回答",
    },
}


def prompt_for(card: AnyCard, targets: tuple[Target, ...], gaps: int, language: str) -> str:
    """What form of answer the card expects, in English or Chinese."""
    words = _WORDS["zh" if language.startswith("zh") else "en"]
    if isinstance(card, ComputeCard):
        if card.parts:
            return words["parts"].format(count=len(card.parts))
        (target,) = targets
        return _value(card, target, words)
    if isinstance(card, ChoiceCard):
        return words["choices" if card.multiple else "choice"]
    if isinstance(card, ClozeCard):
        return words["gap"] if gaps == 1 else words["gaps"].format(count=gaps)
    if isinstance(card, OrderCard):
        return words["order" if card.distractors else "order-all"]
    if isinstance(card, FormulaCard):
        names = ", ".join(card.variables)
        return words["lines" if card.lines else "formula"].format(names=names) if names else words["constant"]
    if isinstance(card, CodeCard):
        return words["code"].format(signature=card.signature)
    return words[card.kind]


def part_prompts(card: ComputeCard, targets: tuple[Target, ...], language: str) -> tuple[str, ...]:
    """What form of answer each part of an exercise expects."""
    words = _WORDS["zh" if language.startswith("zh") else "en"]
    return tuple(_value(card, target, words) for target in targets)


def _value(card: ComputeCard, target: Target, words: Mapping[str, str]) -> str:
    unit = words["unit"].format(unit=card.unit) if card.unit else ""
    return words["digits"].format(what=_form(target.value, words), digits=target.digits, unit=unit)


def _form(value: Any, words: Mapping[str, str]) -> str:
    shape = getattr(value, "shape", ())
    if not shape:
        return words["number"]
    if len(shape) == 1:
        return words["vector"].format(count=shape[0])
    if len(shape) == 2:
        return words["matrix"].format(rows=shape[0], columns=shape[1])
    return words["array"].format(shape="×".join(map(str, shape)))
