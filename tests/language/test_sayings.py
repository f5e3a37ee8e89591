"""Every sentence has its Chinese, with the same in it, written as the Chinese decks write."""

from __future__ import annotations

import importlib
import pkgutil
import re
import subprocess
import sys
from string import Formatter

import pytest

import studyapp
from studyapp.language.chinese import SENTENCES
from studyapp.language.saying import SAYINGS, Said, Saying, all_of, in_language, sentence, together

_PROGRAMS = ("studyapp.__main__", "studyapp.kinds.code.child")
"""Modules that do something as soon as they are imported."""

for _module in pkgutil.walk_packages(studyapp.__path__, "studyapp."):
    if _module.name not in _PROGRAMS:
        importlib.import_module(_module.name)


def placeholders(template: str) -> list[str]:
    return sorted(name for _, name, _, _ in Formatter().parse(template) if name)


def test_every_sentence_has_its_chinese_and_no_chinese_is_left_over() -> None:
    assert not set(SAYINGS) - set(SENTENCES), "these sentences lack their Chinese (studyapp/language/chinese)"
    assert not set(SENTENCES) - set(SAYINGS), "nobody says these sentences any more"


def test_both_languages_fill_in_the_same() -> None:
    assert [one for one in SENTENCES if placeholders(one) != placeholders(SENTENCES[one])] == []


@pytest.mark.parametrize(
    ("fault", "what"),
    [
        (r"[\u4e00-\u9fff][,;:?!]", "a half-width sign after a Chinese character"),
        (r"[\u4e00-\u9fff][A-Za-z0-9]|[A-Za-z0-9][\u4e00-\u9fff]", "no blank between a Chinese character and a letter"),
        (r"[，。：；？！、] (?!>)|  ", "a blank after a full-width sign, or two blanks"),
    ],
)
def test_the_chinese_is_set_as_in_the_decks(fault: str, what: str) -> None:
    chinese = [re.sub(r"`[^`]*`|\$[^$]*\$", "", one) for one in SENTENCES.values()]
    assert [one for one in chinese if re.search(fault, one)] == [], what


def test_what_is_put_into_a_sentence_is_said_in_the_same_language() -> None:
    inner, outer = SAYINGS["line {number}"], SAYINGS["line {number} does not follow from {before}."]
    said = outer(number=2, before=inner(number=1))
    assert said == "line 2 does not follow from line 1."
    assert in_language(said, "zh") == "第 2 行不能由第 1 行推出。"
    assert in_language(in_language(said, "zh"), "en") == said, "and back again"


def test_what_others_wrote_stays_as_it_is() -> None:
    assert in_language("The bias is missing.", "zh") == "The bias is missing."
    said = together(SAYINGS["Right."](), "The bias counts.", SAYINGS["Not right."]())
    assert said == "Right. The bias counts. Not right."
    assert in_language(said, "zh") == "正确。The bias counts. 不对。"


def test_sentences_and_rows_of_names_follow_the_language() -> None:
    nothing = sentence(SAYINGS["there is nothing to read"]())
    assert (nothing, in_language(nothing, "zh")) == ("There is nothing to read.", "什么也没有写。")
    names = all_of(["a", "b", "c"])
    assert (names, in_language(names, "zh")) == ("a, b and c", "a、b和c")


def test_what_is_written_to_disk_is_plain_text() -> None:
    import pickle

    said = SAYINGS["Right."]()
    assert isinstance(said, Said) and type(pickle.loads(pickle.dumps(said))) is str
    assert isinstance(SAYINGS["Right."], Saying)


@pytest.mark.parametrize(("language", "loaded"), [("en", False), ("zh", True)])
def test_only_who_asks_for_chinese_loads_it(language: str, loaded: bool) -> None:
    program = (
        "import sys; from pathlib import Path\n"
        "from studyapp.deck.reader import parse_deck\n"
        "from studyapp.kinds.ask import ask\n"
        "from studyapp.kinds.grade import give_up, grade\n"
        "from studyapp.kinds.reveal import reveal\n"
        "deck = 'deck: d\\ntitle: D\\nlanguage: en\\ncards:\\n  - {id: a, kind: cloze, text: \"The {{gap}}\"}\\n'\n"
        f"question = ask(parse_deck(deck, Path('d.yaml')).deck.cards[0], 1, '{language}')\n"
        "assert grade(question, 'other').message and reveal(question).answer and give_up(question).headline\n"
        "print('studyapp.language.chinese' in sys.modules)\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == str(loaded)
