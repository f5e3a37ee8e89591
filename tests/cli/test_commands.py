"""Every command as a user meets it: what it prints where, and how it exits."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from studyapp.__main__ import run
from studyapp.cli.group import SUMMARIES
from tests.cli.conftest import DECK, Studyapp

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("command", SUMMARIES)
def test_every_command_has_help_with_an_example(studyapp: Studyapp, command: str) -> None:
    result = studyapp(command, "--help")
    assert result.code == 0
    assert "Example" in result.out and f"studyapp {command}" in result.out


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["chekc"], "Did you mean `check`?"),
        (["show"], "Missing argument"),
        (["show", "x", "--seed", "-1"], "seed"),
        (["stats", "--jsno"], "--json"),
        (["cards", "kimd:x"], "did you mean 'kind'?"),
        (["show", "mine-hafl"], "mine-half"),
        (["review", "mien"], "mine"),
    ],
)
def test_wrong_usage_exits_with_2_and_says_what_was_meant(
    studyapp: Studyapp, deck: Path, arguments: list[str], message: str
) -> None:
    result = studyapp(*arguments)
    assert (result.code, result.out) == (2, "")
    assert message in result.err


class TestDecks:
    def test_new_writes_a_deck_that_passes_check_and_studies_at_once(self, studyapp: Studyapp, tmp_path: Path) -> None:
        assert studyapp("new", "first.yaml").code == 0
        assert studyapp("check", "first.yaml").out == ""
        listed = studyapp("decks", "--json").data
        assert [(deck["name"], deck["cards"], deck["new"]) for deck in listed] == [("first", 9, 9)]
        assert "left: 9 new" in studyapp("review", "first", typed=":quit\n").out

    def test_new_never_overwrites(self, studyapp: Studyapp, tmp_path: Path) -> None:
        (tmp_path / "there.yaml").write_text("precious", encoding="utf-8")
        result = studyapp("new", "there.yaml")
        assert result.code == 1 and "left as it is" in result.err
        assert (tmp_path / "there.yaml").read_text(encoding="utf-8") == "precious"

    def test_what_is_chosen_for_a_deck_is_kept_shown_and_taken_back(self, studyapp: Studyapp, deck: Path) -> None:
        options = ["--off", "--new-per-day", "1", "--reviews-per-day", "9", "--retention", "0.95"]
        assert studyapp("decks", "mine", *options).code == 0
        (chosen,) = studyapp("decks", "--json").data
        assert (chosen["enabled"], chosen["new_per_day"], chosen["reviews_per_day"]) == (False, 1, 9)
        assert chosen["desired_retention"] == 0.95
        assert "off, 1 new a day, 9 reviews a day, 95% kept" in studyapp("decks", "mine").out
        (on,) = studyapp("decks", "mine", "--on", "--retention", "default", "--json").data
        assert (on["enabled"], on["new_per_day"], on["desired_retention"], on["new"]) == (True, 1, None, 1)

    def test_decks_are_put_in_another_order(self, studyapp: Studyapp, tmp_path: Path) -> None:
        for name in ("one", "two", "three"):
            card = f"{{id: {name}-a, kind: cloze, text: 'A {{{{gap}}}}.'}}"
            (tmp_path / f"{name}.yaml").write_text(f"deck: {name}\ntitle: {name}\norder: 1\ncards: [{card}]\n")
            studyapp("add", f"{name}.yaml")

        def order() -> list[str]:
            return [deck["name"] for deck in studyapp("decks", "--json").data]

        assert order() == ["one", "three", "two"]
        assert studyapp("decks", "two", "--before", "one").code == 0
        assert order() == ["two", "one", "three"]
        studyapp("decks", "two", "--after", "three")
        assert order() == ["one", "three", "two"]
        studyapp("decks", "one", "--after", "three")
        assert order() == ["three", "one", "two"]

    @pytest.mark.parametrize(
        ("options", "message"),
        [
            (["--off"], "Name the deck"),
            (["mine", "--retention", "2"], "--retention: expected a number from 0.7 to 0.99, got 2, or default."),
            (["mine", "--new-per-day", "-1"], "--new-per-day: expected a whole number from 0"),
            (["mine", "--new-per-day", ""], "--new-per-day: expected a whole number from 0"),
            (["mine", "--before", "mine"], "not before or behind itself"),
            (["mine", "--before", "x", "--after", "y"], "not both"),
            (["mien", "--off"], "mine"),
        ],
    )
    def test_a_choice_that_cannot_be_is_refused_and_changes_nothing(
        self, studyapp: Studyapp, deck: Path, options: list[str], message: str
    ) -> None:
        before = studyapp("decks", "--json").data
        result = studyapp("decks", *options)
        assert result.code == 2 and message in result.err
        assert studyapp("decks", "--json").data == before

    def test_a_removed_deck_keeps_its_file_and_history(self, studyapp: Studyapp, deck: Path) -> None:
        studyapp("review", typed=":give-up\n3\n")
        assert studyapp("remove", "mine").code == 0
        assert studyapp("decks", "--json").data == []
        assert deck.exists()
        studyapp("add", str(deck))
        (counts,) = studyapp("decks", "--json").data
        assert (counts["new"], counts["learning"]) == (2, 1)

    def test_remove_names_the_nearest(self, studyapp: Studyapp, deck: Path) -> None:
        result = studyapp("remove", "mien")
        assert result.code == 1 and "did you mean 'mine'?" in result.err

    def test_check_prints_problems_as_file_line_column(self, studyapp: Studyapp, deck: Path) -> None:
        deck.write_text(DECK.replace("kind: cloze", "kind: clozee"), encoding="utf-8")
        result = studyapp("check", str(deck))
        assert result.code == 1
        (line,) = result.out.splitlines()
        assert line.startswith(f"{deck}:6:") and "did you mean 'cloze'?" in line

    def test_check_plays_the_exercises(self, studyapp: Studyapp, deck: Path) -> None:
        deck.write_text(DECK.replace("value: 2 * x", "value: x / 2"), encoding="utf-8")
        result = studyapp("check", str(deck))
        assert result.code == 1 and "mine-half" in result.out and "doubled" in result.out

    def test_check_finds_formulas_that_a_terminal_cannot_show(self, studyapp: Studyapp, deck: Path) -> None:
        deck.write_text(DECK.replace("Define MSE.", r"'Define $\qwerty{x}$.'"), encoding="utf-8")
        result = studyapp("check", str(deck))
        assert result.code == 1 and r"\qwerty" in result.out


class TestCards:
    def test_show_gives_the_same_numbers_for_the_same_seed(self, studyapp: Studyapp, deck: Path) -> None:
        first = studyapp("show", "mine-half", "--seed", "4", "--answer", "--json").data
        second = studyapp("show", "mine-half", "--seed", "4", "--answer", "--json").data
        assert first == second
        assert str(first["values"]["x"]) in first["text"]
        assert float(first["answer"]) == first["values"]["x"] / 2

    def test_grade_says_right_or_what_went_wrong(self, studyapp: Studyapp, deck: Path) -> None:
        x = studyapp("show", "mine-half", "--json").data["values"]["x"]
        right = studyapp("grade", "mine-half", str(x / 2), "--json")
        assert right.code == 0 and right.data["verdict"] == "correct"
        wrong = studyapp("grade", "mine-half", "-", "--json", typed=f"{2 * x}\n")
        assert wrong.code == 1
        assert (wrong.data["verdict"], wrong.data["misconception"]) == ("misconception", "doubled")
        assert f"That is twice {x}." in wrong.data["message"]

    def test_grade_takes_answers_that_begin_with_a_minus(self, studyapp: Studyapp, deck: Path) -> None:
        assert studyapp("grade", "mine-half", "-3").code == 1

    def test_grade_shows_where_an_answer_could_not_be_read(self, studyapp: Studyapp, deck: Path) -> None:
        result = studyapp("grade", "mine-half", "3 +* 2")
        lines = result.out.splitlines()
        assert result.code == 1
        assert lines[2].index("^") == lines[1].index("*")

    def test_cards_are_found_by_words_fields_and_progress(self, studyapp: Studyapp, deck: Path) -> None:
        def found(*query: str) -> list[str]:
            return [card["card_id"] for card in studyapp("cards", *query, "--json").data]

        assert found() == ["mine-half", "mine-word", "mine-told"]
        assert found("kind:cloze") == ["mine-word"]
        assert found("median") == ["mine-word"]
        assert found("mean square") == ["mine-told"]
        studyapp("review", typed=":give-up\n3\n:flag\n:quit\n")
        assert found("is:learning") == ["mine-half"]
        assert found("-is:new") == ["mine-half"]
        assert found("is:flagged") == ["mine-word"]


class TestReview:
    def test_a_session_in_plain_lines_records_what_was_rated(self, studyapp: Studyapp, deck: Path) -> None:
        typed = ":give-up\n1\n" + "median\n\n" + "\n1 2\n4\n" + ":quit\n"
        result = studyapp("review", typed=typed)
        assert result.code == 0
        assert "✓ Correct" in result.out and "3 answers on 3 cards" in result.out
        today = studyapp("stats", "--json").data["today"]
        assert today["ratings"] == {"again": 1, "hard": 0, "good": 1, "easy": 1}

    def test_weakest_topics_are_in_the_figures(self, studyapp: Studyapp, deck: Path) -> None:
        studyapp("review", typed=":give-up\n1\n" + "median\n\n" + ":quit\n")
        figures = studyapp("stats", "--json").data
        (topic,) = figures["topics"]
        assert (topic["title"], topic["is_deck"], topic["answers"], topic["wrong"]) == ("Mine", True, 2, 1)
        assert figures["weakest"]["topics"] == [] and figures["weakest"]["too_early"] == [topic]
        assert "too early: 2 answers  Mine" in studyapp("stats").out
        studyapp("review", typed=":give-up\n1\n" * 4 + ":quit\n")
        (weakest,) = studyapp("stats", "--json").data["weakest"]["topics"]
        assert weakest["wrong"] == weakest["answers"] - 1 >= 4
        assert f"{weakest['wrong']} of {weakest['answers']} wrong  Mine" in studyapp("stats").out

    def test_an_unreadable_answer_counts_for_nothing(self, studyapp: Studyapp, deck: Path) -> None:
        result = studyapp("review", typed="((\n:quit\n")
        assert "Not counted" in result.out
        assert studyapp("stats", "--json").data["all"]["answers"] == 0

    def test_undo_flag_bury_and_suspend_work_at_any_prompt(self, studyapp: Studyapp, deck: Path) -> None:
        typed = ":flag\n:flag\n:give-up\n2\n:undo\n:bury\n:suspend\n:nonsense\n:quit\n"
        out = studyapp("review", typed=typed).out
        for said in ("Flagged.", "No longer flagged.", "Undone: Hard on mine-half.", "Left for another day.",
                     "Suspended", "There is no :nonsense."):  # fmt: skip
            assert said in out
        assert studyapp("stats", "--json").data["all"]["answers"] == 0

    def test_the_end_of_the_input_ends_the_session(self, studyapp: Studyapp, deck: Path) -> None:
        assert studyapp("review", typed="").code == 0

    def test_limit_stops_after_so_many_ratings(self, studyapp: Studyapp, deck: Path) -> None:
        studyapp("review", "--limit", "2", typed=":give-up\n3\n" * 5)
        assert studyapp("stats", "--json").data["today"]["answers"] == 2

    def test_nothing_due_is_said(self, studyapp: Studyapp) -> None:
        assert "Nothing to study" in studyapp("review").out


class TestData:
    def test_where_names_every_path(self, studyapp: Studyapp, home: Path) -> None:
        paths = studyapp("where", "--json").data
        assert paths["progress"] == str(home / "progress.db")
        assert not home.exists(), "asking for the paths creates nothing"

    def test_doctor_finds_sound_data_sound(self, studyapp: Studyapp, deck: Path) -> None:
        studyapp("review", typed=":give-up\n3\n")
        result = studyapp("doctor", "--thorough")
        assert result.code == 0 and "is sound" in result.err

    def test_doctor_rebuilds_wrong_states_only_after_a_yes(self, studyapp: Studyapp, deck: Path, home: Path) -> None:
        import sqlite3

        studyapp("review", typed=":give-up\n3\n")
        with sqlite3.connect(home / "progress.db") as connection:
            connection.execute("UPDATE card_state SET stability = 999")
        connection.close()
        assert studyapp("doctor").code == 1
        assert studyapp("doctor").code == 1, "without a yes nothing changes"
        assert studyapp("doctor", "--repair").code == 0
        assert studyapp("doctor").code == 0

    def test_a_file_that_is_no_database_is_left_alone(self, studyapp: Studyapp, deck: Path, home: Path) -> None:
        (home / "progress.db").write_text("my diary", encoding="utf-8")
        result = studyapp("review", typed=":quit\n")
        assert result.code == 1 and "studyapp doctor" in result.err
        assert (home / "progress.db").read_text(encoding="utf-8") == "my diary"

    def test_a_wrong_setting_is_named_with_its_line(self, studyapp: Studyapp, deck: Path, home: Path) -> None:
        (home / "config.toml").write_text("new_per_dya = 3\n", encoding="utf-8")
        result = studyapp("decks")
        assert result.code == 2 and "config.toml:1" in result.err and "new_per_day" in result.err

    def test_schema_is_a_json_schema(self, studyapp: Studyapp) -> None:
        assert "$schema" in studyapp("schema").data


class TestSettings:
    def test_every_setting_is_listed_with_its_value_origin_and_meaning(
        self, studyapp: Studyapp, home: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        home.mkdir()
        (home / "config.toml").write_text("new_per_day = 3\n", encoding="utf-8")
        monkeypatch.setenv("STUDYAPP_LANGUAGE", "zh")
        found = {row["name"]: row for row in studyapp("config", "--json").data}
        assert (found["new_per_day"]["value"], found["new_per_day"]["from"]) == (3, "file")
        assert (found["language"]["value"], found["language"]["from"]) == ("zh", "environment")
        assert (found["learn_ahead"]["value"], found["learn_ahead"]["from"]) == (20, "default")
        monkeypatch.setenv("STUDYAPP_LANGUAGE", "en")
        text = studyapp("config").out
        for name, row in found.items():
            assert f"{name} = " in text and row["meaning"].split()[0] in text
        assert "new_per_day = 3  (from the file)" in text

    def test_a_setting_is_written_read_and_the_comments_stay(self, studyapp: Studyapp, home: Path) -> None:
        home.mkdir()
        file = home / "config.toml"
        file.write_text("# mine\nnew_per_day = 3 # few\n", encoding="utf-8")
        assert studyapp("config", "new_per_day", "-1").code == 0
        assert studyapp("config", "learning_steps", "2", "15").code == 0
        assert studyapp("config", "editor", "code -w").code == 0
        assert file.read_text().startswith("# mine\nnew_per_day = -1  # few\n")
        assert studyapp("config", "new_per_day").out == "-1\n"
        assert studyapp("config", "learning_steps").out == "2 15\n"
        assert studyapp("config", "editor", "--json").data["value"] == "code -w"

    def test_what_cannot_be_set_is_refused_with_what_would_be_right(self, studyapp: Studyapp, home: Path) -> None:
        unknown = studyapp("config", "new_per_dya")
        assert unknown.code == 2 and "did you mean new_per_day?" in unknown.err
        assert studyapp("config", "new_per_dya", "3").code == 2
        wrong = studyapp("config", "desired_retention", "2")
        assert wrong.code == 2 and "expected a number from 0.7 to 0.99" in wrong.err
        assert not home.exists(), "nothing was written"

    def test_a_wrong_value_in_the_file_is_mended_by_setting_it(self, studyapp: Studyapp, home: Path) -> None:
        home.mkdir()
        (home / "config.toml").write_text("new_per_day = 'few'\nthem = ''\n", encoding="utf-8")
        assert studyapp("config").code == 2
        result = studyapp("config", "new_per_day", "4")
        assert result.code == 0 and "unknown setting 'them'" in result.err
        assert (home / "config.toml").read_text() == "new_per_day = 4\nthem = ''\n"

    def test_a_folder_that_cannot_be_written_is_said(self, studyapp: Studyapp, home: Path) -> None:
        home.write_text("a file in the place of the folder")
        result = studyapp("config", "new_per_day", "4")
        assert result.code == 1 and result.err


class TestCompletion:
    """What the shell offers, asked for as bash asks."""

    @pytest.fixture
    def offered(self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Callable[..., list[str]]:
        def offered(line: str) -> list[str]:
            words = line.split(" ")
            monkeypatch.setenv("_STUDYAPP_COMPLETE", "bash_complete")
            monkeypatch.setenv("COMP_WORDS", line)
            monkeypatch.setenv("COMP_CWORD", str(len(words) - 1))
            with pytest.raises(SystemExit):
                run([])
            monkeypatch.delenv("_STUDYAPP_COMPLETE")
            return [entry.partition(",")[2] for entry in capsys.readouterr().out.split()]

        return offered

    def test_commands_decks_cards_losses_and_settings(
        self, studyapp: Studyapp, deck: Path, offered: Callable[..., list[str]]
    ) -> None:
        studyapp("decks")
        assert offered("studyapp sh") == ["show"]
        assert offered("studyapp study m") == ["mine"]
        assert offered("studyapp remove ") == ["mine"]
        assert offered("studyapp show mine-") == ["mine-half", "mine-told", "mine-word"]
        assert offered("studyapp grade mine-w") == ["mine-word"]
        assert "focal" in offered("studyapp loss foc")
        assert offered("studyapp config new") == ["new_per_day"]

    def test_without_an_index_nothing_is_offered_and_nothing_made(
        self, home: Path, offered: Callable[..., list[str]]
    ) -> None:
        assert offered("studyapp show ") == offered("studyapp study x") == []
        assert not home.exists()


class TestTrouble:
    """What needs a process of its own: pipes, signals, permissions."""

    @pytest.fixture
    def start(self, tmp_path: Path, deck: Path, home: Path) -> Callable[..., subprocess.Popen[str]]:
        def start(*arguments: str, **options: object) -> subprocess.Popen[str]:
            environment = {**os.environ, "STUDYAPP_HOME": str(home), "PYTHONPATH": str(ROOT)}
            return subprocess.Popen(
                [sys.executable, "-m", "studyapp", *arguments],
                env=environment, cwd=tmp_path, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                stderr=subprocess.PIPE, **options,  # type: ignore[call-overload]
            )  # fmt: skip

        return start

    def test_the_app_without_a_terminal_points_to_review(self, studyapp: Studyapp, deck: Path) -> None:
        for arguments in ([], ["study"]):
            result = studyapp(*arguments)
            assert result.code == 1 and "studyapp review" in result.err

    def test_a_closed_pipe_ends_quietly(self, start: Callable[..., subprocess.Popen[str]]) -> None:
        process = start("schema")
        assert process.stdout is not None and process.stderr is not None
        process.stdout.close()
        assert process.stderr.read() == ""
        assert process.wait(30) == 1
        process.stderr.close()
        assert process.stdin is not None
        process.stdin.close()

    def test_an_interrupt_keeps_what_was_rated(
        self, start: Callable[..., subprocess.Popen[str]], studyapp: Studyapp
    ) -> None:
        process = start("review", "mine")
        assert process.stdin is not None and process.stdout is not None
        process.stdin.write(":give-up\n3\n")
        process.stdin.flush()
        assert any("mine-word" in line for line in process.stdout)
        process.send_signal(signal.SIGINT)
        _, said = process.communicate(timeout=30)
        assert process.returncode == 130
        assert "Interrupted" in said and "Traceback" not in said
        assert studyapp("stats", "--json").data["today"]["answers"] == 1

    def test_a_home_that_cannot_be_made_is_said_in_one_line(
        self, studyapp: Studyapp, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        (tmp_path / "file").write_text("", encoding="utf-8")
        monkeypatch.setenv("STUDYAPP_HOME", str(tmp_path / "file" / "home"))
        result = studyapp("decks")
        assert result.code == 1 and result.out == ""
        assert len(result.err.splitlines()) == 1 and "Traceback" not in result.err
