"""Options and steps named by number, letter or sign, as people type them in English and Chinese."""

from __future__ import annotations

import pytest

from studyapp.grading.places import OPTION, read_places


@pytest.mark.parametrize(
    ("typed", "count", "numbers"),
    [
        ("2 1 3", 4, [2, 1, 3]), ("2,1,3", 4, [2, 1, 3]), ("2、1、3", 4, [2, 1, 3]), ("213", 4, [2, 1, 3]),
        ("bac", 4, [2, 1, 3]), ("ＢＡＣ", 4, [2, 1, 3]), ("②①③", 4, [2, 1, 3]), ("⑵⑴⑶", 4, [2, 1, 3]),
        ("二一三", 4, [2, 1, 3]),
        ("2→1→3", 4, [2, 1, 3]), ("2-1-3", 4, [2, 1, 3]), ("2－1－3", 4, [2, 1, 3]), ("2 > 1 > 3", 4, [2, 1, 3]),
        ("顺序：2 1 3", 4, [2, 1, 3]), ("(2) (1) (3)", 4, [2, 1, 3]), ("2 and 1", 4, [2, 1]), ("选2、4", 4, [2, 4]),
        ("选A", 4, [1]), ("选 a", 4, [1]), ("第一个", 4, [1]), ("第1个", 4, [1]),
        ("应该选A", 4, [1]), ("我觉得选A", 4, [1]), ("我认为是A", 4, [1]), ("正确答案应该是A", 4, [1]),
        ("I think A", 4, [1]), ("it's A", 4, [1]), ("A:", 4, [1]), ("先1后2再3", 4, [1, 2, 3]),
        ("首先1，然后2，最后3", 4, [1, 2, 3]),
        ("选项1", 4, [1]), ("答案是2", 4, [2]),
        ("答案：B", 4, [2]), ("answer: b", 4, [2]), ("option 2", 4, [2]), ("step 3", 4, [3]), ("第三步", 4, [3]),
        ("1\u200b", 4, [1]), ("12", 12, [12]), ("１２", 12, [12]), ("⑩", 12, [10]), ("127546", 8, [1, 2, 7, 5, 4, 6]),
    ],
)  # fmt: skip
def test_numbers_are_read(typed: str, count: int, numbers: list[int]) -> None:
    read = read_places(typed, count, OPTION)
    assert not isinstance(read, str), read
    assert [place + 1 for place in read] == numbers


@pytest.mark.parametrize(
    ("typed", "count", "words"),
    [
        ("", 4, "give the number"), ("5", 4, "no option 5"), ("2 2", 4, "named twice"), ("选E", 4, "“E” is no number"),
        ("Zebra", 4, "“Zebra” is no number"), ("1213", 12, "write 1 2 1 3"), ("2-4", 5, "“2-4”"),
        ("11", 4, "no option 11"),
        ("x=" * 99, 4, "…” is no number"), ("0", 4, "no option 0"), ("-1", 4, "“-1”"), ("第五个", 4, "no option 5"),
        ("9" * 4_000, 4, "…” is no number"), ("1.5e3", 4, "5e3"), ("not 2", 4, "“not”"), ("2 or 3", 4, "“or”"),
        ("不选A", 4, "“不选A”"), ("答案不是A", 4, "不是A"), ("除A外都是", 4, "“除A外都是”"),
        ("I think not A", 4, "“not”"),
    ],
)  # fmt: skip
def test_what_names_none_is_told_as_it_was_typed(typed: str, count: int, words: str) -> None:
    read = read_places(typed, count, OPTION)
    assert isinstance(read, str) and words in read, read
    assert len(read) < 200
