"""Asks the examiner beside the screen: the answer comes back to the screen, or in words why there is none."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from contextlib import suppress

from studyapp import faults
from studyapp.examiner.client import ExaminerError, judge
from studyapp.examiner.examiner import Examiner, examiner_of
from studyapp.examiner.protocol import Task, verdict_of
from studyapp.grading.question import Question
from studyapp.grading.verdict import Verdict
from studyapp.kinds import kind_of
from studyapp.kinds.kind import RubricKind
from studyapp.locale.message import Message, speaking
from studyapp.tui.host import Host

_FAULT = Message("a fault of the app, which faults.log describes")


def examine(app: Host, question: Question, answer: str, then: Callable[[Verdict | str], None]) -> None:
    """Calls ``then`` on the app's thread once the examiner has judged, with its verdict or with why there is none.

    The thread is a daemon: leaving the app never waits for it.
    """
    examiner, kind = examiner_of(app.services.settings, os.environ), kind_of(question.card)
    if examiner is None or not isinstance(kind, RubricKind):
        return

    def run() -> None:
        found = _found(examiner, kind, question, answer)
        with suppress(RuntimeError):  # the app was left
            app.call_from_thread(then, found)

    threading.Thread(target=run, name="examiner", daemon=True).start()


def _found(examiner: Examiner, kind: RubricKind, question: Question, answer: str) -> Verdict | str:  # type: ignore[type-arg]
    with speaking(question.language):
        points, reference = kind.points(question.card), kind.reference(question.card, question)
        task = Task(question.text, reference, tuple(point.text for point in points), answer)
        try:
            return verdict_of(points, reference, judge(examiner, task))
        except ExaminerError as error:
            return str(error)
        except Exception as error:
            faults.record(error, "asking the examiner")
            return str(_FAULT())
