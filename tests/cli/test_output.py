"""What a person sees of long work."""

from __future__ import annotations

import pytest

from studyapp.cli import output


@pytest.fixture
def seconds(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The time, moved by the test."""
    now = [0.0]
    monkeypatch.setattr(output.time, "monotonic", lambda: now[0])
    return now


@pytest.fixture
def lines(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What stood in the line of progress, one after the other."""
    shown: list[str] = []
    monkeypatch.setattr(output, "show_progress", shown.append)
    return shown


def test_long_work_shows_how_far_it_is_and_wipes_it(seconds: list[float], lines: list[str]) -> None:
    with output.long_work("Rebuilding the states", "cards") as progress:
        progress(0, 40)
        seconds[0] = 1.0
        progress(7, 40)
        progress(8, 40)
        seconds[0] = 2.0
        progress(9, 40)
    assert lines == [
        "Rebuilding the states: 7 of 40 cards (ctrl+c stops)",
        "Rebuilding the states: 9 of 40 cards (ctrl+c stops)",
        "",
    ]


def test_bytes_are_shown_in_megabytes(seconds: list[float], lines: list[str]) -> None:
    with output.long_work("Reading the decks", output.BYTES) as progress:
        seconds[0] = 1.0
        progress(2_540_000, 12_000_000)
    assert lines == ["Reading the decks: 2.5 of 12.0 MB (ctrl+c stops)", ""]


def test_stopped_work_leaves_no_line_behind(seconds: list[float], lines: list[str]) -> None:
    with pytest.raises(KeyboardInterrupt), output.long_work("Rebuilding the states", "cards") as progress:
        seconds[0] = 1.0
        progress(7, 40)
        raise KeyboardInterrupt
    assert lines[-1] == ""
