"""Titles of cards in lists."""

from __future__ import annotations

import pytest

from studyapp.tui.card_text import card_title


@pytest.mark.parametrize(
    ("title", "kind", "shown"),
    [
        ("Sparse labels are {{integer|index}} ones, not {{vec|one-h…", "cloze", "Sparse labels are … ones, not …"),
        ("What is the loss for p = {p} and q = {[q[0], q…", "compute", "What is the loss for p = … and q = …"),
        ("Write `huber(y, p, delta)` without a lo…", "code", "Write huber(y, p, delta) without a lo…"),
        ("Two classes: what holds for $\\mathr…", "choice", "Two classes: what holds for …"),
        ("Given $x = <<x>>$, what is f?", "compute", "Given x = …, what is f?"),
    ],
)
def test_a_title_shows_no_marks_of_the_deck_file(title: str, kind: str, shown: str):
    assert card_title(title, kind) == shown
