"""What Python complains about, told in the learner's words."""

from __future__ import annotations

import ast

import pytest

from studyapp.kinds.code.syntax import explained
from studyapp.locale.message import use_language

SOURCES = {
    "def f(a, b)：\n    return a": ("“：” is a full-width sign: write “:”", "“：”是全角符号：请改成“:”"),
    "def f（a, b):\n    return a": ("“（” is a full-width sign: write “(”", "“（”是全角符号：请改成“(”"),
    "def f(a， b):\n    return a": ("“，” is a full-width sign: write “,”", "“，”是全角符号：请改成“,”"),
    "def f(a):\n    return a＋1": ("“＋” is a full-width sign: write “+”", "“＋”是全角符号：请改成“+”"),
    "def f(a):\n    return a − 1": ("“−” is a full-width sign: write “-”", "“−”是全角符号：请改成“-”"),
    "def f(a):\n    return “x”": ('““” is a full-width sign: write “"”', '““”是全角符号：请改成“"”'),
    "def f(a):\n    return a ∈ b": ("“∈” has no meaning in Python", "“∈”在 Python 里没有意义"),
    "def f(a):\n\u3000\u3000return a": ("a space of another width stands here", "这里有全角空格"),
    "def f(a):\n    return (a": ("“(” is never closed", "“(”没有闭合"),
    "def f(a):\n    return a)": ("“)” closes nothing", "“)”没有与之配对的括号"),
    "def f(a):\n    return (a]": ("“]” does not close “(”", "“]”与“(”不配对"),
    "def f(a):\n    return 'a": ("the string is never closed", "字符串没有闭合"),
    "def f(a)\n    return a": ("“:” is missing here", "这里缺少“:”"),
    "def f(a):\nreturn a": ("an indented block is missing here", "这里缺少缩进的代码块"),
    "x = 1\n  y = 2": ("this line is indented without need", "这一行不该缩进"),
    "if a:\n        a\n      b": (
        "the indentation fits no line above",
        "缩进与上面任何一行都不一致",
    ),
    "def f(a):\n    return a b": ("this is no valid Python", "这不是合法的 Python"),
}


@pytest.mark.parametrize("source", SOURCES)
def test_complaints_are_told_in_both_languages(source: str) -> None:
    with pytest.raises(SyntaxError) as complaint:
        ast.parse(source)
    for language, told in zip(("en", "zh"), SOURCES[source], strict=True):
        use_language(language)
        assert told in explained(complaint.value.msg)
