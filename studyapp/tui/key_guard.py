"""Protection against a key that is pressed twice, or held, while the card changes."""

from __future__ import annotations

from time import monotonic

REPEAT_SECONDS = 0.35
"""A second press of the same key within this time of the card's change is taken for an accident."""

VERDICT_SECONDS = 0.5
"""The same time for a verdict, which is to be seen before a rating is given."""


class KeyGuard:
    """Swallows repeats of the key that has just changed the card. Other keys pass at once."""

    def __init__(self, seconds: float = REPEAT_SECONDS, after_verdict: float = VERDICT_SECONDS) -> None:
        self._seconds = seconds
        self._after_verdict = after_verdict
        self._pause = seconds
        self._last_key = ""
        self._last_time = float("-inf")
        self._armed_key = ""
        self._armed_until = float("-inf")

    def arm(self) -> None:
        """The last key has changed the card: its repeats mean nothing for the next one."""
        self._arm(self._last_time, self._seconds)

    def arm_for_verdict(self) -> None:
        """The last key has led to what stands on the screen from now on: its repeats must not answer that."""
        self._arm(monotonic(), self._after_verdict)

    def _arm(self, start: float, seconds: float) -> None:
        self._armed_key = self._last_key
        self._armed_until = start + seconds
        self._pause = seconds

    def swallows(self, key: str, time: float) -> bool:
        """Whether this press is a repeat that must not act. ``time`` is monotonic, in seconds."""
        self._last_key, self._last_time = key, time
        if key != self._armed_key or time > self._armed_until:
            self._armed_key = ""
            return False
        self._armed_until = time + self._pause
        return True
