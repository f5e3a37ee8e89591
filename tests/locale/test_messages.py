"""Messages: said in the current language, and every one translated with the same in it."""

from __future__ import annotations

import re
import subprocess
import sys
from datetime import date, datetime, timedelta
from pathlib import Path
from string import Formatter

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

from studyapp.locale.catalogue import catalogues, languages
from studyapp.locale.durations import short_interval, when
from studyapp.locale.message import Message, current_language, speaking
from studyapp.locale.po_file import compile_po
from studyapp.locale.sentences import as_sentence, date_text, join_names, join_sentences
from tests.locale.pseudo import PSEUDO, messages_in_source, pseudo_language

TRANSLATIONS = sorted(catalogues())


def catalogue_of(language: str) -> Catalog:
    with (catalogues()[language] / "studyapp.po").open("rb") as file:
        return read_po(file)


def forms(value: str | tuple[str, ...] | list[str]) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else tuple(value)


def placeholders(template: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(template) if name}


# ---------------------------------------------------------------------- the catalogues


@pytest.mark.parametrize("language", TRANSLATIONS)
def test_every_message_is_translated_and_none_is_left_over(language: str) -> None:
    source = {forms(message.id) for message in messages_in_source() if message.id}
    known = {forms(message.id): message for message in catalogue_of(language) if message.id}
    assert not source - known.keys(), "not in the catalogue: run the commands of CONTRIBUTING.md"
    assert not known.keys() - source, "no module says this any more"
    assert [name for name, message in known.items() if message.fuzzy or not all(forms(message.string))] == []


@pytest.mark.parametrize("language", TRANSLATIONS)
def test_every_form_fills_in_the_same(language: str) -> None:
    wrong = []
    for message in catalogue_of(language):
        wanted = placeholders(forms(message.id)[-1])
        if message.id and any(placeholders(form) != wanted for form in forms(message.string)):
            wrong.append(message.id)
    assert wrong == []


@pytest.mark.parametrize(
    ("fault", "what"),
    [
        (r"[\u4e00-\u9fff][,;:?!]", "a half-width sign after a Chinese character"),
        (r"[\u4e00-\u9fff][A-Za-z0-9]|[A-Za-z0-9][\u4e00-\u9fff]", "no blank between a Chinese character and a letter"),
        (r"[，。：；？！、] (?!>)|  ", "a blank after a full-width sign, or two blanks"),
    ],
)
def test_the_chinese_is_set_as_in_the_decks(fault: str, what: str) -> None:
    chinese = [
        re.sub(r"`[^`]*`|\$[^$]*\$|^#   .*$", "C", form, flags=re.MULTILINE)
        for message in catalogue_of("zh")
        for form in forms(message.string)[:1]
    ][1:]
    assert [one for one in chinese if re.search(fault, one)] == [], what


def test_our_compiler_makes_what_gettext_reads_and_babel_makes() -> None:
    from gettext import GNUTranslations
    from io import BytesIO

    from babel.messages.mofile import write_mo

    text = (
        'msgid ""\nmsgstr "Plural-Forms: nplurals=2; plural=n != 1;\\nContent-Type: text/plain; charset=utf-8\\n"\n\n'
        '#, fuzzy\nmsgid "not yet"\nmsgstr "nie"\n\n#: a.py\n'
        'msgid "a “quote” \\"\\n"\n"and more"\nmsgstr "ein"\n" Wort"\n'
        'msgid "{count} day"\nmsgid_plural "{count} days"\nmsgstr[0] "{count} Tag"\nmsgstr[1] "{count} Tage"\n\n'
        'msgid "empty"\nmsgstr ""\n\n#~ msgid "old"\n#~ msgstr "alt"\n'
    )
    known = GNUTranslations(BytesIO(compile_po(text)))
    assert known.gettext('a “quote” "\nand more') == "ein Wort"
    assert [known.ngettext("{count} day", "{count} days", count) for count in (1, 2)] == ["{count} Tag", "{count} Tage"]
    assert [known.gettext(one) for one in ("not yet", "empty", "old")] == ["not yet", "empty", "old"]
    theirs = BytesIO()
    write_mo(theirs, catalogue_of("zh"))
    ours = GNUTranslations(BytesIO(compile_po((catalogues()["zh"] / "studyapp.po").read_text(encoding="utf-8"))))
    same = GNUTranslations(BytesIO(theirs.getvalue()))
    for message in catalogue_of("zh"):
        if isinstance(message.id, tuple):
            assert ours.ngettext(*message.id, 3) == same.ngettext(*message.id, 3)
        elif message.id:
            assert ours.gettext(message.id) == same.gettext(message.id)


@pytest.mark.parametrize("text", ['msgid "open', "what is this", 'msgid "a"\nmsgstr 5'])
def test_a_broken_catalogue_is_named_by_its_line(text: str) -> None:
    with pytest.raises(ValueError, match=r"line [12] of the catalogue cannot be read"):
        compile_po(text)


def test_a_new_catalogue_is_a_new_language(tmp_path: Path) -> None:
    assert languages() == ("en", "zh")
    with pseudo_language(tmp_path):
        assert languages() == ("en", PSEUDO)
        assert Message("now").to(PSEUDO) == "ｎｏｗ" and Message("now").to("zh") == "now"
    assert Message("now").to("zh") == Message("now").to("zh-Hans-CN") == "现在"


# ---------------------------------------------------------------------- saying


def test_a_message_is_said_in_the_current_language() -> None:
    line, follows = Message("line {number}"), Message("line {number} does not follow from {before}.")
    assert (current_language(), str(Message("now"))) == ("en", "now")
    with speaking("zh"):
        assert follows(number=2, before=line(number=1)) == "第 2 行不能由第 1 行推出。"
        with speaking("en"):
            assert f"{Message('now')}" == "now"
        assert Message("now")() == "现在"
    assert Message("{label}: {text}").to("zh", label="a", text=Message("now")) == "a：现在", "its values, too"
    assert follows(number=2, before=line(number=1)) == "line 2 does not follow from line 1."


def test_a_count_chooses_the_form() -> None:
    gaps = Message("{count} of {all} gaps is right.", "{count} of {all} gaps are right.")
    assert [gaps(count=count, all=2) for count in (0, 1)] == ["0 of 2 gaps are right.", "1 of 2 gaps is right."]
    assert [gaps.to("zh", count=count, all=2) for count in (0, 1)] == ["2 个空对了 0 个。", "2 个空对了 1 个。"]


def test_what_others_wrote_stays_as_it_is() -> None:
    with speaking("zh"):
        said = join_sentences(Message("Right.")(), "The bias {counts}.", "", Message("Not right.")())
    assert said == "正确。The bias {counts}. 不对。"


def test_sentences_names_and_dates_follow_the_language() -> None:
    nothing, names = Message("there is nothing to read"), ["a", "b", "c"]
    assert as_sentence(nothing()) == "There is nothing to read."
    assert (join_names([]), join_names(["a"]), join_names(names)) == ("", "a", "a, b and c")
    assert as_sentence("x² is wrong") == "x² is wrong." and as_sentence("a list") == "A list."
    assert date_text(date(2026, 3, 5)) == "5 March" and date_text(date(2026, 3, 5), year=True) == "5 March 2026"
    with speaking("zh"):
        assert as_sentence(nothing()) == "什么也没有写。"
        assert join_names(names) == "a、b和c"
        assert date_text(date(2026, 3, 5), year=True) == "2026 年 3 月 5 日"


def test_times_follow_the_language() -> None:
    now = datetime(2026, 3, 5, 12, 0).astimezone()
    gaps = [timedelta(0), timedelta(minutes=1), timedelta(hours=2), timedelta(days=1), timedelta(days=8)]
    with speaking("zh"):
        assert short_interval(timedelta(minutes=10)) == "10 分钟"
        assert [when(now + gap, now) for gap in gaps] == ["现在", "1 分钟后", "今天 14:00", "明天", "8 天后"]
        assert when(now + timedelta(days=100), now) == "6 月 13 日"


def test_the_pseudo_language_shows_what_is_not_translated(tmp_path: Path) -> None:
    with pseudo_language(tmp_path), speaking(PSEUDO):
        said = Message("{label}: {text}")(label="left over", text=Message("in {count} day", "in {count} days")(count=3))
    assert said == "left over: ｉｎ 3 ｄａｙｓ"


@pytest.mark.parametrize(("language", "loaded"), [("en", False), ("zh", True)])
def test_only_who_asks_for_a_translation_loads_it(language: str, loaded: bool) -> None:
    program = (
        "import sys; from pathlib import Path\n"
        "from studyapp.deck.reader import parse_deck\n"
        "from studyapp.kinds.ask import ask\n"
        "from studyapp.kinds.grade import give_up, grade\n"
        "from studyapp.kinds.grade import reveal\n"
        "deck = 'deck: d\\ntitle: D\\nlanguage: en\\ncards:\\n  - {id: a, kind: cloze, text: \"The {{gap}}\"}\\n'\n"
        f"question = ask(parse_deck(deck, Path('d.yaml')).deck.cards[0], 1, '{language}')\n"
        "assert grade(question, 'other').message and reveal(question).answer and give_up(question).headline\n"
        "from studyapp.locale.catalogue import translations\n"
        "print(translations.cache_info().currsize > 0)\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == str(loaded)
