"""The gaps of a cloze text."""

from __future__ import annotations

import pytest

from studyapp.kinds.cloze.gaps import GapError, find_gaps


@pytest.mark.parametrize(
    ("text", "alternatives"),
    [
        ("no gap, {one} brace", []),
        ("the {{median}}", [("median",)]),
        ("the {{ hinge | hinge loss }} and {{max}}", [("hinge", "hinge loss"), ("max",)]),
        (r"$x = {{\frac{1}{n}|1/n}}$", [(r"\frac{1}{n}", "1/n")]),
        (r"$\frac{{{a}}}{b}$", [("{a}",)]),
        (r"{{\|A\|}}", [("|A|",)]),
        ("{{}}", [("",)]),
    ],
)
def test_gaps_are_found_with_their_alternatives(text: str, alternatives: list[tuple[str, ...]]) -> None:
    gaps = find_gaps(text)
    assert [gap.alternatives for gap in gaps] == alternatives
    assert all(text[gap.start : gap.end].startswith("{{") and text[gap.start : gap.end].endswith("}}") for gap in gaps)


@pytest.mark.parametrize("text", ["an {{open gap", "an {{open} gap", "{{a}"])
def test_an_open_gap_is_an_error_at_its_place(text: str) -> None:
    with pytest.raises(GapError) as caught:
        find_gaps(text)
    assert caught.value.start == text.index("{{")
