"""The time spent on one question."""

from __future__ import annotations

from datetime import datetime


class Stopwatch:
    """Runs from `start` to `stop`, as often as wanted, and adds up. A clock that is set back takes nothing away."""

    def __init__(self, seconds: float = 0.0) -> None:
        self._before = seconds
        self._since: datetime | None = None

    @property
    def running(self) -> bool:
        """Whether time is being counted."""
        return self._since is not None

    def start(self, now: datetime) -> None:
        """Count from now on; a watch that runs goes on."""
        if self._since is None:
            self._since = now

    def stop(self, now: datetime) -> None:
        """Count no further."""
        self._before = self.seconds(now)
        self._since = None

    def seconds(self, now: datetime) -> float:
        """What has been counted up to now."""
        running = 0.0 if self._since is None else (now - self._since).total_seconds()
        return self._before + max(0.0, running)
