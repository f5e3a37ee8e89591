"""One budget of time for whatever a deck or an answer makes the app compute.

The size of every array, the length of every expression and the number of its operations are limited, so that one
expression costs at most some milliseconds. What repeats expressions (draws, points, lines) runs inside `limited`:
there every call looks at the clock. It counts computing time of this thread, so that a busy machine fails nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from time import thread_time

_deadline: ContextVar[float | None] = ContextVar("deadline", default=None)


class OutOfBudget(Exception):
    """The time for a computation is used up, or its memory. No ``ExpressionError``: it says nothing of the value."""


@contextmanager
def limited(seconds: float) -> Iterator[None]:
    """Everything computed inside ends after this time at the latest; an outer budget that ends earlier stays.

    Raises:
        OutOfBudget: from `check`, once the time is over.
    """
    ends = thread_time() + seconds
    outer = _deadline.get()
    token = _deadline.set(ends if outer is None else min(ends, outer))
    try:
        yield
    finally:
        _deadline.reset(token)


def check() -> None:
    """Stop here if the budget is used up.

    Raises:
        OutOfBudget: it is.
    """
    deadline = _deadline.get()
    if deadline is not None and thread_time() > deadline:
        raise OutOfBudget
