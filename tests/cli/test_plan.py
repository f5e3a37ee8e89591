"""``studyapp plan`` as a user meets it."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.cli.conftest import Studyapp

SOON = (datetime.now(UTC) + timedelta(days=12)).date().isoformat()


@pytest.fixture(autouse=True)
def own_deck(studyapp: Studyapp, deck: Any) -> None:
    """A user with a deck of three cards."""


def test_without_a_target_it_says_how_one_is_set(studyapp: Studyapp) -> None:
    result = studyapp("plan")
    assert (result.code, result.out) == (0, "")
    assert "studyapp plan --date" in result.err


def test_a_target_is_set_told_changed_and_ended(studyapp: Studyapp) -> None:
    set_one = studyapp("plan", "--date", SOON, "--minutes", "20", "--off", "sun")
    assert set_one.code == 0
    assert f"Target 1: {SOON}" in set_one.out
    assert "3 cards" in set_one.out and "without sun" in set_one.out
    assert "95 %" in set_one.out
    changed = studyapp("plan", "--change", "1", "--minutes", "5", "--off", "none", "--json").data
    assert isinstance(changed, dict)
    (one,) = changed["targets"]
    assert (one["target"]["minutes"], one["target"]["days_off"], one["target"]["date"]) == (5.0, [], SOON)
    assert 0 <= one["plan"]["low"] <= one["plan"]["mean"] <= one["plan"]["high"] <= 1
    assert set(one["minutes_for"]) == {"80", "90", "95"}
    assert studyapp("plan", "--end", "1").code == 0
    after = studyapp("plan", "--json").data
    assert isinstance(after, dict)
    assert after["targets"] == [] and after["past"][0]["number"] == 1


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (("--date", "tomorrow"), "no date"),
        (("--date", "2020-01-01"), "not after today"),
        (("--minutes", "20"), "needs its date"),
        (("--date", SOON, "--minutes", "0"), "minutes a day cannot be"),
        (("--date", SOON, "nosuch"), "no deck nosuch"),
        (("--date", SOON, "--search", "is:nonsense"), "is:"),
        (("--date", SOON, "--weight", "focal"), "NAME=NUMBER"),
        (("--date", SOON, "--off", "someday"), "no day off"),
        (("--change", "7", "--minutes", "5"), "no target 7"),
        (("--end", "7"), "no target 7"),
    ],
)
def test_what_cannot_be_is_told_and_changes_nothing(
    studyapp: Studyapp,
    arguments: tuple[str, ...],
    word: str,
) -> None:
    result = studyapp("plan", *arguments)
    assert result.code == 2
    assert word in result.err
    assert json.loads(studyapp("plan", "--json").out) == {"targets": [], "past": []}


def test_damaged_targets_are_put_aside_in_words(studyapp: Studyapp, home: Any) -> None:
    studyapp("plan", "--date", SOON)
    (home / "targets.json").write_text("{", "utf-8")
    assert "damaged" in studyapp("plan").err
    assert studyapp("plan").code == 0


def test_plain_lines_ask_by_the_plan(studyapp: Studyapp) -> None:
    studyapp("plan", "--date", SOON, "--minutes", "20", "--weight", "mine=0")
    assert "left: 3 new" in studyapp("review", typed=":quit\n").out, "nothing counts: what is due is asked"
    studyapp("plan", "--change", "1", "--search", "kind:recall", "--weight", "mine=1")
    assert "left: 1 new" in studyapp("review", typed=":quit\n").out
