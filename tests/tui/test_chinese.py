"""The app in Chinese: cards, what is said of them, and everything around them."""

from __future__ import annotations

import re

import pytest

from studyapp.settings import Settings
from tests.tui.conftest import Perform

CHINESE = Settings(language="zh")
pytestmark = pytest.mark.asyncio


async def test_question_verdict_ratings_and_keys_are_chinese(perform: Perform) -> None:
    async with perform(cards="choice-outliers", settings=CHINESE) as stage:
        await stage.see("每种一张 · 新卡片", "新 1 · 学习 0 · 到期 0")
        await stage.press("enter")
        await stage.see("请先用 ↑ ↓ 或 1–3 选一个。")
        await stage.press("2", "enter")
        await stage.see("✗ 错误", "正确，你没有选。", "1 重来", "2 困难", "3 良好", "4 简单", "enter 评分", "? 帮助")
        assert not re.search("Wrong|Right|Again|Hard", stage.text)


async def test_a_number_that_cannot_be_read_is_told_so_in_chinese(perform: Perform) -> None:
    async with perform(cards="compute-bce", settings=CHINESE) as stage:
        await stage.see("一个数，保留 3 位有效数字")
        await stage.type("1/(")
        await stage.see("还读不懂：")
        await stage.press("enter")
        await stage.see("? 不计入：没能读懂", "式子没有写完：末尾缺了什么。")


async def test_switching_the_language_says_the_verdict_again(perform: Perform) -> None:
    async with perform(cards="compute-parts formula-gradient") as stage:
        await stage.type("2.125\n7\n")
        await stage.see("1 of 2 parts is right.", "Read as: 1) 2.125", "Answer", "1 Again")
        await stage.press("l")
        await stage.see("◐ 部分正确（50%）", "2 问中对了 1 问。", "读作：", "✗ 第 2 问：不对。")
        await stage.see("答案", "1 重来", "新卡片")
        assert not re.search("Not right|Answer|Again|parts", stage.text)
        await stage.press("l")
        await stage.see("1 of 2 parts is right.", "Read as: 1) 2.125", "Answer", "1 Again", "new card")
        await stage.press("3")
        await stage.see("∂L/∂z")
        assert stage.app.services.store.state("compute-parts") is not None, "the first verdict is the one that counts"


async def test_ticks_are_kept_and_told_in_the_other_language(perform: Perform) -> None:
    async with perform(cards="explain-mae", settings=CHINESE) as stage:
        await stage.type("a bounded gradient")
        await stage.press("ctrl+s")
        await stage.see("2 个要点中似乎答到了 1 个", "完整的答案应包括：", "用空格勾选你答到的要点，或按 1–4 评分。")
        await stage.press("space")
        await stage.see("[x] linear growth", "2 个要点中答到 2 个：建议评“良好”。")
        await stage.press("l")
        await stage.see("A full answer says:", "2 of 2 points: Good suggested.", "[x] linear growth")


async def test_hints_follow_the_language(perform: Perform, content) -> None:  # type: ignore[no-untyped-def]
    overlay = content / "kinds.zh.yaml"
    overlay.write_text(overlay.read_text("utf-8") + "    hints: [有两项。, 每一项都有对数。]\n", "utf-8")
    async with perform(cards="recall-bce") as stage:
        await stage.press("h")
        await stage.see("Hint 1: It has two terms.")
        await stage.press("l")
        await stage.see("提示 1：有两项。")
        assert "two terms" not in stage.text and "每一项" not in stage.text


async def test_a_verdict_on_code_is_regrade_without_running_it_again(perform: Perform) -> None:
    async with perform(cards="code-mae", settings=CHINESE) as stage:
        await stage.type("return 0.5")
        await stage.press("ctrl+s")
        await stage.see("✗ 数值：24 组输入中有 24 组不对", "实得：0.5", "✓ 输入未被修改")
        await stage.press("l")
        await stage.see("✗ value: 24 of 24 inputs fail", "got 0.5", "✓ input not changed")


async def test_notes_and_ratings_fit_a_small_screen(perform: Perform) -> None:
    async with perform(cards="cloze-median", settings=CHINESE, size=(40, 15)) as stage:
        await stage.type("mean\n\n")
        await stage.see("还有 1 个空没有填。再按一次回车就算作")
        await stage.press("enter")
        await stage.see("✗ 2：没有填，应为“mean”")
        ratings = [line for line in stage.text.split("\n") if "重来" in line or "良好" in line]
        assert re.fullmatch(r" ▸1 重来 1 分钟 +2 困难 \d+ 分钟", ratings[0])
        assert re.fullmatch(r"  3 良好 10 分钟 +4 简单 \d+ 天", ratings[1])


async def test_a_mock_interview_in_chinese_says_where_one_is_in_chinese(perform: Perform) -> None:
    async with perform("home", cards="recall-matrix", settings=CHINESE) as stage:
        await stage.press("m", "s")
        await stage.see("模拟面试 · 第 1 题")
        await stage.press("space")
        await stage.see("计时暂停", "用空格勾选你答到的要点；回车继续，这里不评分。", "[ ] 我知道。")
