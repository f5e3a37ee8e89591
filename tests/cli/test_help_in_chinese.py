"""Help pages and errors of usage speak the language of the app, and what a program reads stays the same."""

from __future__ import annotations

import importlib
import inspect
import re

import click
import pytest

from studyapp.cli import help_pages
from studyapp.cli.group import SUMMARIES
from studyapp.render.cells import cell_width
from tests.cli.conftest import Studyapp

NAMED = re.compile(r"`[^`]*`|\b(?:Anki|CrowdAnki|CSV|TSV|Markdown|JSON Lines|Syncthing|Dropbox|iCloud|org-drill)\b")
PROSE = re.compile(r"[a-z]{2,} [a-z]{2,} [a-z]{2,}")
"""Three small words in a row are English; names of parameters and examples are not."""


@pytest.fixture(autouse=True)
def chinese(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STUDYAPP_LANGUAGE", "zh")
    monkeypatch.setenv("COLUMNS", "80")


@pytest.mark.parametrize("command", ["", *SUMMARIES])
def test_every_help_page(command: str, studyapp: Studyapp) -> None:
    page = studyapp(*filter(None, [command]), "--help").out
    told = page.partition("示例：")[0]
    assert [line for line in told.splitlines() if PROSE.search(NAMED.sub("", line))] == []
    wide = [line for line in told.splitlines() if cell_width(line) > 80]
    assert page.startswith("用法：studyapp") and "选项：\n" in page and not wide
    assert not command or str(SUMMARIES[command].to("zh")) in studyapp("--help").out


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("lss",), "没有命令 `lss`。是不是想写 `loss`？"),
        (("study", "--foo"), "没有选项 '--foo'。"),
        (("show",), "缺少参数 'CARD'"),
        (("show", "a", "b", "c"), "多出了参数（c）"),
        (("show", "a", "--seed"), "选项 '--seed' 需要 1 个参数。"),
        (("show", "a", "--seed", "x"), "'--seed' 的值无效：'x' 不是有效的 "),
        (("show", "a", "--lang", "xx"), "'--lang' 的值无效：'xx' 不在 'en', 'zh' 之中。"),
        (("review", "--limit", "0"), "'--limit' 的值无效：0 不在范围 x>=1 内。"),
        (("cards", "--json=1"), "选项 '--json' 不带值。"),
        (("show", "nothing"), "没有卡片 nothing"),
        (("decks", "nothing"), "nothing"),
    ],
)
def test_errors_of_usage(arguments: tuple[str, ...], said: str, studyapp: Studyapp) -> None:
    result = studyapp(*arguments)
    assert result.code and said in result.err and not PROSE.search(result.err), result.err


def test_what_a_program_reads_is_the_same_in_all_languages(
    deck: object, studyapp: Studyapp, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = [("cards", "--json"), ("stats", "--json"), ("decks", "--json"), ("show", "mine-half", "--json")]
    chinese = [studyapp(*one).data for one in asked]
    monkeypatch.setenv("STUDYAPP_LANGUAGE", "en")
    assert [studyapp(*one).data for one in asked] == chinese


def test_click_still_says_what_is_translated() -> None:
    modules = ("core", "decorators", "exceptions", "formatting", "parser", "termui", "types")
    source = "".join(inspect.getsource(importlib.import_module(f"{click.__name__}.{name}")) for name in modules)
    joined = re.sub(r'"\s*\n\s*"', "", source)
    known = [*help_pages._OF_CLICK, *(part for pair in help_pages._SEVERAL_OF_CLICK for part in pair)]
    assert [text for text in known if text not in joined] == []
