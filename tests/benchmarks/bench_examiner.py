"""How well a model of your choice ticks the labelled answers of ``tests/data/free_answers``, beside the ticks by words.

    python -m tests.benchmarks.bench_examiner http://localhost:11434/v1 --model NAME [--key VARIABLE] [--most 100]

Prints precision, recall and F1 over all points, recall on good answers, and the time of an answer.
"""

from __future__ import annotations

import argparse
import os
import statistics
import time

from studyapp.examiner.client import ExaminerError, judge
from studyapp.examiner.examiner import Examiner
from studyapp.examiner.protocol import Finding, Task
from studyapp.kinds import kind_of
from studyapp.kinds.ask import ask
from studyapp.kinds.grade import grade
from studyapp.kinds.kind import RubricKind
from tests.grading.test_rubric_answers import Figures, labelled, rubrics

SETS = ("tuned", "measured", "free")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("address")
    parser.add_argument("--model", default="")
    parser.add_argument("--key", default="", help="environment variable that holds the key")
    parser.add_argument("--seconds", type=float, default=10.0, help="time for one answer, as in the app by default")
    parser.add_argument("--most", type=int, default=10_000, help="answers of each set")
    chosen = parser.parse_args()
    examiner = Examiner(chosen.address, chosen.model, os.environ.get(chosen.key, ""))
    print(f"{'set':>9} {'by':>9} {'answers':>8} {'precision':>10} {'recall':>7} {'F1':>6} {'good recall':>12}")
    for name in SETS:
        words, model, times, failures = Figures(), Figures(), [], 0
        for card_id, one in labelled(name)[: chosen.most]:
            question = ask(rubrics()[card_id, one.language], 0, one.language)
            kind = kind_of(question.card)
            assert isinstance(kind, RubricKind)
            points = tuple(point.text for point in kind.points(question.card))
            by_words = {place for place, detail in enumerate(grade(question, one.answer).details, 1) if detail.passed}
            began = time.monotonic()
            try:
                task = Task(question.text, kind.reference(question.card, question), points, one.answer)
                found = judge(examiner, task, chosen.seconds)
                times.append(time.monotonic() - began)
                ticks = {place for place, judged in enumerate(found, 1) if judged.finding is Finding.SAID}
            except ExaminerError as error:
                failures += 1
                print(f"{card_id}: {error}")
                ticks = by_words  # as in the app
            count(words, by_words, set(one.ticks), one.quality)
            count(model, ticks, set(one.ticks), one.quality)
        show(name, "words", words)
        show(name, "examiner", model)
        if times:
            print(f"{'':>9} {len(times)} judged in median {statistics.median(times):.2f} s, {failures} without a reply")


def count(figures: Figures, found: set[int], wanted: set[int], quality: str) -> None:
    """Adds one answer."""
    figures.right += len(found & wanted)
    figures.extra += len(found - wanted)
    figures.missed += len(wanted - found)
    figures.answers += 1
    if quality == "good":
        figures.good += len(found & wanted)
        figures.good_missed += len(wanted - found)


def show(name: str, by: str, figures: Figures) -> None:
    """One row of the table."""
    found, wanted = figures.right + figures.extra, figures.right + figures.missed
    precision = figures.right / found if found else 1.0
    recall = figures.right / wanted if wanted else 1.0
    f1 = f"{figures.f1:.3f}" if found + wanted else "–"
    good = f"{figures.recall_on_good:.3f}" if figures.good + figures.good_missed else "–"
    print(f"{name:>9} {by:>9} {figures.answers:8d} {precision:10.3f} {recall:7.3f} {f1:>6} {good:>12}")


if __name__ == "__main__":
    main()
