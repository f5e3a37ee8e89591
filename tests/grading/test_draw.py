"""Drawn numbers: the rules, their reproducibility, and the refusal of draws that make no good exercise."""

from __future__ import annotations

import math
import time
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from studyapp.cards.card import Draw, Misconception
from studyapp.grading.draw import DrawError, draw_all, draw_one
from studyapp.grading.stream import Stream, stable_hash
from studyapp.kinds.compute import ComputeCard
from studyapp.kinds.compute.variant import draw_variant

SEEDS = st.integers(0, 2**48 - 1)


def one(seed: int, rule: str, *arguments: Any, size: tuple[int | str, ...] = (), distinct: bool = False) -> Any:
    return draw_one(Draw(rule=rule, arguments=arguments, size=size, distinct=distinct), Stream(seed), {"n": 3})


def test_the_stream_is_the_same_for_ever() -> None:
    assert stable_hash("bce-mean", 0) == 154470894702307
    stream = Stream("bce-mean", 7)
    assert [stream.below(100) for _ in range(8)] == [73, 65, 2, 11, 5, 29, 38, 50]
    assert stream.shuffled("abcdefg") == ["b", "f", "c", "g", "a", "d", "e"]
    assert stream.sample(range(50), 5) == [13, 25, 7, 27, 41]


def test_a_variant_is_the_same_for_ever() -> None:
    draws = {
        "n": Draw(rule="integers", arguments=(2, 4)),
        "y": Draw(rule="choice", arguments=(0, 1), size=("n",)),
        "p": Draw(rule="grid", arguments=(0.05, 0.95, 0.05), size=("n",)),
        "rows": Draw(rule="distribution", arguments=(3, 0.05), size=(2,)),
        "a": Draw(rule="box", arguments=(0, 10)),
    }
    exercise = ComputeCard(id="pinned", question="?", draw=draws, answer="bce(y, p) + sum(rows) + sum(a)")
    assert draw_variant(exercise, 5).values == {
        "n": 4,
        "y": [1, 1, 0, 0],
        "p": [0.15, 0.8, 0.85, 0.45],
        "rows": [[0.7, 0.05, 0.25], [0.2, 0.55, 0.25]],
        "a": [1, 0, 2, 1],
    }


@settings(max_examples=60, deadline=None)
@given(seed=SEEDS)
def test_every_rule_keeps_its_promise(seed: int) -> None:
    assert one(seed, "value", [1, 2]) == [1, 2]
    assert one(seed, "choice", "a", "b") in ("a", "b")
    assert one(seed, "integers", -2, 2) in range(-2, 3)
    assert one(seed, "grid", 0.05, 0.95, 0.05) in [round(0.05 * k, 2) for k in range(1, 20)]
    assert sorted(one(seed, "integers", 1, 4, size=(4,), distinct=True)) == [1, 2, 3, 4]
    assert np.shape(one(seed, "grid", 0, 1, 0.1, size=(2, "n"))) == (2, 3)
    x0, y0, x1, y1 = one(seed, "box", 0, 3)
    assert 0 <= x0 < x1 <= 3 and 0 <= y0 < y1 <= 3
    row = one(seed, "distribution", 4, 0.05)
    assert len(row) == 4 and min(row) >= 0.05 and math.fsum(row) == pytest.approx(1, abs=1e-15)
    assert all(str(p) == f"{p:.2f}".rstrip("0") for p in row), "free of binary noise"
    hot = one(seed, "one_hot", 3, size=(2,))
    assert [sorted(label) for label in hot] == [[0, 0, 1]] * 2
    mask = np.asarray(one(seed, "mask", size=(2, 2)))
    assert 0 < mask.sum() < 4


def test_every_value_of_a_rule_comes_up_and_evenly() -> None:
    drawn = [one(seed, "distribution", 3, 0.25) for seed in range(600)]
    counts = [sum(row == kind for row in drawn) for kind in ([0.5, 0.25, 0.25], [0.25, 0.5, 0.25], [0.25, 0.25, 0.5])]
    assert sum(counts) == 600 and min(counts) > 150


@pytest.mark.parametrize(
    ("rule", "arguments", "size", "words"),
    [
        ("grid", (0, 1, 0), (), "grid"), ("grid", (1, 0, 0.1), (), "grid"), ("grid", (0, 1e9, 1e-9), (), "grid"),
        ("integers", (3, 1), (), "whole numbers"),
        ("integers", (0.5, 2), (), "whole number"), ("box", (3, 3), (), "no box"), ("distribution", (3, 0.3),
        (), "add up to 1"),
        ("distribution", (30, 0.05), (), "add up to 1"), ("one_hot", (0,), (), ""), ("mask", (),
        (1,), "two entries"), ("choice", (), (), "nothing to choose"),
        ("choice", (1, 2), (0,), "size"), ("choice", (1, 2), (200, 200), "size"), ("choice", (1, 2),
        ("m",), "no whole number"), ("dice", (), (), "no rule"),
    ],
)  # fmt: skip
def test_what_cannot_be_drawn_says_why(
    rule: str, arguments: tuple[Any, ...], size: tuple[Any, ...], words: str
) -> None:
    with pytest.raises(DrawError) as refused:
        draw_all({"x": Draw(rule=rule, arguments=arguments, size=size)}, Stream(1))
    assert "x: " in str(refused.value) and words in str(refused.value)


@pytest.mark.parametrize(
    "draw",
    [
        Draw(rule="box", arguments=(0, 999_999), size=(2_000,)),
        Draw(rule="integers", arguments=(0, 999_999), size=(10_000,), distinct=True),
        Draw(rule="distribution", arguments=(2, 0.00001), size=(10_000,), distinct=True),
        Draw(rule="distribution", arguments=(1_000, 0.0001), size=(20,), distinct=True),
        Draw(rule="grid", arguments=(0, 1, 0.00001), size=(10_000,), distinct=True),
    ],
    ids=lambda draw: f"{draw.rule}-{draw.arguments}",
)
def test_a_sample_is_drawn_without_building_what_it_is_drawn_from(draw: Draw) -> None:
    started = time.thread_time()
    drawn = draw_one(draw, Stream(3), {})
    assert time.thread_time() - started < 1.5
    rows = [tuple(row) if isinstance(row, list) else row for row in drawn]
    assert not draw.distinct or len(set(rows)) == len(rows)


@settings(max_examples=60, deadline=None)
@given(seed=SEEDS, length=st.integers(1, 60), data=st.data())
def test_a_sample_is_the_beginning_of_a_shuffle(seed: int, length: int, data: st.DataObject) -> None:
    count = data.draw(st.integers(0, length))
    pool = list(range(length))
    stream = Stream(seed)
    for place in range(count):
        other = place + stream.below(length - place)
        pool[place], pool[other] = pool[other], pool[place]
    assert Stream(seed).sample(range(length), count) == pool[:count]


@pytest.mark.parametrize("rule", ["box", "integers"])
def test_a_range_of_billions_is_refused_at_once(rule: str) -> None:
    with pytest.raises(DrawError, match="at most 1,000,000"):
        draw_all({"a": Draw(rule=rule, arguments=(0, 3_000_000_000))}, Stream(1))


def compute(answer: str, draw: dict[str, Draw], wrong: dict[str, str] | None = None, **fields: Any) -> ComputeCard:
    mistakes = tuple(Misconception(id=name, value=text, say=".") for name, text in (wrong or {}).items())
    return ComputeCard(id="x", question="?", answer=answer, draw=draw, wrong=mistakes, **fields)


def grid(low: float, high: float, step: float, *size: int) -> Draw:
    return Draw(rule="grid", arguments=(low, high, step), size=size)


def test_wrong_values_are_kept_apart_from_the_answer_and_from_each_other() -> None:
    exercise = compute("a", {"a": grid(1, 3, 0.5), "b": grid(1, 3, 0.5)}, {"other": "b", "double": "2*a"})
    for seed in range(60):
        values = draw_variant(exercise, seed).values
        a, b = values["a"], values["b"]
        assert abs(a - b) > 0.01 * a and abs(2 * a - b) > 0.01 * b


def test_a_condition_on_the_draw_is_met() -> None:
    labels = {"y": Draw(rule="choice", arguments=(0, 1), size=(3,))}
    exercise = compute("sum(y)", labels, where="any(y == 1) and any(y == 0)")
    assert {sum(draw_variant(exercise, seed).values["y"]) for seed in range(40)} == {1, 2}


@pytest.mark.parametrize(
    ("answer", "kinks"),
    [("mae.grad(0, x)", {0.0}), ("hinge.grad(1, x)", {1.0}), ("x > 0.5", {0.5}), ("floor(x)", {-1.0, 0.0, 1.0, 2.0}),
     ("huber.grad(0, x)", set()), ("abs(x)", set()), ("hinge(1, x)", set())],
)  # fmt: skip
def test_no_draw_sits_where_the_answer_jumps(answer: str, kinks: set[float]) -> None:
    exercise = compute(answer, {"x": grid(-1, 2, 0.5)})
    drawn = {draw_variant(exercise, seed).values["x"] for seed in range(80)}
    assert drawn == {-1.0, -0.5, 0.0, 0.5, 1.0, 1.5, 2.0} - kinks


@pytest.mark.parametrize(
    ("exercise", "words"),
    [
        (compute("a", {"a": grid(1, 2, 0.5)}, {"same": "a + 0"}), "“same” comes too close to the answer (200×)"),
        (compute("a", {"a": grid(1, 2, 0.5)}, {"one": "3*a", "two": "a + a + a"}), "“two” and “one”|“one” and “two”"),
        (compute("a", {"a": grid(1, 2, 0.5)}, where="a > 5"), "does not hold (200×)"),
        (compute("ln(0 - a)", {"a": grid(1, 2, 0.5)}), "undefined"),
        (compute("hinge(a, a)", {"a": grid(1.5, 2, 0.5)}), "hinge"),
    ],
)
def test_a_card_that_cannot_be_drawn_says_what_collides(exercise: ComputeCard, words: str) -> None:
    with pytest.raises(DrawError) as refused:
        draw_variant(exercise, 1)
    assert any(part in str(refused.value) for part in words.split("|")), refused.value


def test_a_deck_cannot_keep_the_app_busy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("studyapp.kinds.compute.variant.MOST_SECONDS", 0.3)
    heavy = " + ".join(["sum(sort(big))"] * 90)
    draws = {"big": grid(0, 1, 0.001, 10_000), "a": grid(1, 2, 0.5)}
    exercise = compute("a", draws, let={f"v{n}": heavy for n in range(90)}, where="a > 5")
    started = time.monotonic()
    with pytest.raises(DrawError, match="longer than"):
        draw_variant(exercise, 1)
    assert time.monotonic() - started < 30
    many = compute("a", {"a": grid(1, 2, 0.5)}, let={f"v{n}": "a" for n in range(500)})
    with pytest.raises(DrawError, match="too many"):
        draw_variant(many, 1)
