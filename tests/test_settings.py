"""Settings: flag over environment over file over default, and errors that say what would be right."""

from __future__ import annotations

from pathlib import Path

import pytest

from studyapp.settings import (
    Settings,
    SettingsError,
    change,
    load_settings,
    load_with_origins,
    meanings,
    setting_names,
    value_from_text,
)


def settings_from(text: str, tmp_path: Path, **environment: str) -> Settings:
    path = tmp_path / "config.toml"
    path.write_text(text, encoding="utf-8")
    return load_settings(path, environment)


def test_without_a_file_everything_has_its_default(tmp_path: Path) -> None:
    assert load_settings(tmp_path / "missing.toml", {}) == Settings()


def test_the_environment_wins_over_the_file_and_the_file_over_the_default(tmp_path: Path) -> None:
    settings = settings_from("new_per_day = 5\nreviews_per_day = 50\n", tmp_path, STUDYAPP_NEW_PER_DAY="7")
    assert (settings.new_per_day, settings.reviews_per_day) == (7, 50)
    assert settings.desired_retention == Settings().desired_retention


def test_steps_are_lists_of_minutes_in_the_file_and_in_the_environment(tmp_path: Path) -> None:
    settings = settings_from("learning_steps = [2, 15]\n", tmp_path, STUDYAPP_RELEARNING_STEPS="5, 20")
    assert settings.learning_steps == (2.0, 15.0)
    assert settings.relearning_steps == (5.0, 20.0)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("new_per_days = 3", "config.toml:1: unknown setting 'new_per_days'; did you mean new_per_day?"),
        ('# a remark\nlanguage = "de"', "config.toml:2: language: expected one of en, zh, got 'de'"),
        ("desired_retention = 1.2", "desired_retention: expected a number from 0.7 to 0.99, got 1.2"),
        ("new_per_day = 2.5", "new_per_day: expected a whole number, got 2.5"),
        ('new_per_day = "many"', "new_per_day: expected a number from -1 to 9999, got 'many'"),
        ("new_per_day = true", "new_per_day: expected a number from -1 to 9999, got True"),
        ("learning_steps = []", "learning_steps: expected a list of minutes such as [1, 10], got []"),
        ("editor = 3", "editor: expected text in quotes, got 3"),
        ("language = zh", "not valid TOML"),
    ],
)
def test_a_setting_that_cannot_be_used_says_where_and_why(text: str, message: str, tmp_path: Path) -> None:
    with pytest.raises(SettingsError) as error:
        settings_from(text, tmp_path)
    assert message in str(error.value)


def test_a_file_that_is_not_text_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(SettingsError, match="not UTF-8"):
        load_settings(path, {})


def test_a_wrong_environment_variable_is_named(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="STUDYAPP_NEW_PER_DAY: new_per_day: expected a number"):
        settings_from("", tmp_path, STUDYAPP_NEW_PER_DAY="a lot")


def test_change_checks_like_loading_does() -> None:
    assert change(Settings(), "day_starts_at", 0).day_starts_at == 0
    with pytest.raises(SettingsError, match="from 0 to 23"):
        change(Settings(), "day_starts_at", 24)


def test_every_setting_is_explained() -> None:
    assert tuple(meanings()) == setting_names()
    assert all(meaning.endswith(".") for meaning in meanings().values())


def test_it_is_known_where_a_value_comes_from(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_text("new_per_day = 5\nreviews_per_day = 50\n", encoding="utf-8")
    _, origins = load_with_origins(path, {"STUDYAPP_NEW_PER_DAY": "7"})
    assert (origins["new_per_day"], origins["reviews_per_day"], origins["theme"]) == ("environment", "file", "default")


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("new_per_day", "12", 12),
        ("desired_retention", "0.85", 0.85),
        ("learning_steps", "[1, 10]", [1.0, 10.0]),
        ("learning_steps", "1 10", [1.0, 10.0]),
        ("new_per_day", "many", "many"),
        ("new_per_day", "inf", "inf"),
        ("editor", " vim ", "vim"),
    ],
)
def test_typed_values(name: str, text: str, value: object) -> None:
    assert value_from_text(name, text) == value
