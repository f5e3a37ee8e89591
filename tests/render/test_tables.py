"""Tables for cards and for statistics."""

from studyapp.render import line_text, line_width, table


def shown(rows: list[list[str]], aligns: tuple[str, ...] = (), width: int = 60) -> list[str]:
    return [line_text(line) for line in table(rows, aligns, width)]


def test_numbers_stand_on_their_decimal_point() -> None:
    rows = [["loss", "value"], ["BCE", "0.5"], ["MSE", "12.25"], ["MAE", "3"], ["KL", "−0.125"]]
    assert shown(rows) == [
        "loss   value",
        "────────────",
        "BCE    0.5",
        "MSE   12.25",
        "MAE    3",
        "KL    −0.125",
    ]


def test_chinese_counts_two_cells() -> None:
    assert shown([["损失", "x"], ["均方误差", "a"]]) == ["损失      x", "───────────", "均方误差  a"]


def test_alignments() -> None:
    assert shown([["aaaa", "bbbb"], ["r", "c"]], ("right", "center")) == [
        "aaaa  bbbb",
        "──────────",
        "   r   c",
    ]


def test_wide_cells_wrap_and_their_rows_stand_apart() -> None:
    lines = shown([["a", "b"], ["x", "one two three four"], ["y", "z"]], width=14)
    assert lines == ["a  b", "──────────────", "x  one two", "   three four", "", "y  z"]


def test_a_table_never_exceeds_its_width_while_columns_can_narrow() -> None:
    rows = [["head one", "head two", "head three"], ["text " * 9, "more " * 7, "交叉熵" * 9]]
    for width in range(16, 90):
        assert all(line_width(line) <= width for line in table(rows, (), width))


def test_short_rows_and_no_rows() -> None:
    assert shown([["a", "b"], ["c"]]) == ["a  b", "────", "c"]
    assert table([], (), 40) == ()
