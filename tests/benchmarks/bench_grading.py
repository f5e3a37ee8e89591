"""How long grading takes: ``python tests/benchmarks/bench_grading.py``.

One line for each kind of card: asking it anew, and the verdict on an answer (median of many). For code the time over
and above that of the bare child process, a Python that loads NumPy and ends.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
from collections.abc import Callable

from studyapp.cards.card import Card, Domain, Draw, Misconception, Point
from studyapp.kinds.ask import ask
from studyapp.kinds.choice import ChoiceCard, Option
from studyapp.kinds.cloze import ClozeCard
from studyapp.kinds.code import CodeCard
from studyapp.kinds.compute import ComputeCard
from studyapp.kinds.explain import ExplainCard
from studyapp.kinds.formula import FormulaCard
from studyapp.kinds.grade import grade
from studyapp.kinds.order import OrderCard, Step

PROBABILITIES = Draw(rule="grid", arguments=(0.05, 0.95, 0.05), size=(4,))
LABELS = Draw(rule="choice", arguments=(0, 1), size=(4,))
MISTAKES = (
    Misconception(id="sum", value="bce(y, p, reduction='sum')", say="Divide by {len(y)}."),
    Misconception(id="bits", value="bce(y, p)/ln(2)", say="Nats."),
)
CARDS: list[tuple[Card, str]] = [
    (
        ComputeCard(
            id="n", question="{y} {p}", draw={"y": LABELS, "p": PROBABILITIES}, answer="bce(y, p)", wrong=MISTAKES
        ),
        "-ln(0.7)/2",
    ),
    (
        ComputeCard(id="v", question="{y} {p}", draw={"y": LABELS, "p": PROBABILITIES}, answer="bce.grad(y, p)"),
        "1 2 3 4",
    ),
    (
        FormulaCard(
            id="f",
            question="?",
            answer="-(y*ln(p) + (1-y)*ln(1-p))",
            variables={"p": Domain(low=0.05, high=0.95), "y": Domain(values=(0, 1))},
        ),
        "-ln(y p + (1-y)(1-p)) + 1",
    ),
    (ClozeCard(id="g", text="The {{median}} minimises {{MAE|mean absolute error}}."), "meidan; mae"),
    (ChoiceCard(id="m", question="?", options=tuple(Option(text=t, why=t, correct=t == "a") for t in "abcd")), "2"),
    (OrderCard(id="o", question="?", steps=tuple(Step(id=t, text=t) for t in "abcdefgh")), "8 7 6 5 4 3 2 1"),
    (
        ExplainCard(id="e", question="?", answer="x", points=tuple(Point(text=f"point {n}") for n in range(6))),
        "word " * 200,
    ),
]
BOXES = {name: Draw(rule="box", arguments=(0, 10)) for name in ("a", "b")}
IOU = CodeCard(id="c", question="?", signature="def iou(a, b)", reference="box_iou", draw=BOXES)
SOURCE = """
def iou(a, b):
    w = max(0, min(a[2], b[2]) - max(a[0], b[0]))
    h = max(0, min(a[3], b[3]) - max(a[1], b[1]))
    return w * h / ((a[2] - a[0]) * (a[3] - a[1]) + (b[2] - b[0]) * (b[3] - b[1]) - w * h)
"""


def median_ms(action: Callable[[], object], times: int) -> float:
    """The median time of an action in milliseconds."""
    taken = []
    for _ in range(times):
        started = time.perf_counter()
        action()
        taken.append(time.perf_counter() - started)
    return 1000 * statistics.median(taken)


def main() -> None:
    """Measure and print."""
    print(f"{'kind':10} {'ask':>9} {'grade':>9}   target 5 ms")
    for card, answer in CARDS:
        question = ask(card, 1)
        seeds = iter(range(10_000))
        asking = median_ms(lambda card=card, seeds=seeds: ask(card, next(seeds)), 100)  # type: ignore[misc]
        grading = median_ms(lambda question=question, answer=answer: grade(question, answer), 100)  # type: ignore[misc]
        print(f"{card.kind:10} {asking:6.2f} ms {grading:6.2f} ms")
    bare = median_ms(lambda: subprocess.run([sys.executable, "-I", "-c", "import numpy"], check=True), 7)
    whole = median_ms(lambda: grade(ask(IOU, 1), SOURCE), 7)
    print(f"{'code':10} {'':9} {whole:6.0f} ms   target 400 ms over a bare Python with NumPy ({bare:.0f} ms)")


if __name__ == "__main__":
    main()
