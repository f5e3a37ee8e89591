"""When a key has its effect: one after the other, and repeats of a key that has just changed the card not at all.

Textual hands every key at once to whatever has the focus at that moment. Someone who types faster than the screen
changes would thus type the beginning of an answer into the rating of the card before.
"""

from __future__ import annotations

from collections import deque
from time import monotonic

from textual import events
from textual.app import App
from textual.message import Message

REPEAT_SECONDS = 0.35
"""A second press of the same key within this time of the card's change is taken for an accident."""

VERDICT_SECONDS = 0.5
"""The same time for a verdict, which is to be seen before a rating is given."""

LONGEST_WAIT = 0.5
"""Seconds after which a key no longer waits for the one before."""

ROUNDS = 3
"""How often the way from the focused widget to the app is followed before a key counts as done: the key itself, the
message that it causes (a field was submitted), and the one that this causes (the answer was submitted)."""


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


class KeyDone(Message):
    """Follows a key on its way up from the focused widget. When it arrives, so has the key."""

    def __init__(self, rounds: int, key_number: int) -> None:
        super().__init__()
        self.rounds = rounds
        self.key_number = key_number


class OrderedKeys(App[None]):
    """An app that holds keys back while the one before is still at work."""

    def __init__(self) -> None:
        super().__init__()
        self._held: deque[events.Key] = deque()
        self._key_number = 0
        self._working_since: float | None = None

    async def on_event(self, event: events.Event) -> None:
        if not isinstance(event, events.Key) or event.is_forwarded:
            await super().on_event(event)
            return
        if self._is_working:
            self._held.append(event)
            self.set_timer(LONGEST_WAIT, self.release)
            return
        await self.hand_out(event)

    @property
    def _is_working(self) -> bool:
        return self._working_since is not None and monotonic() - self._working_since < LONGEST_WAIT

    async def hand_out(self, event: events.Key) -> None:
        """Let a key have its effect."""
        self._key_number += 1
        self._working_since = monotonic()
        await super().on_event(event)
        self._follow(ROUNDS, self._key_number)

    def _follow(self, rounds: int, key_number: int) -> None:
        target = self.focused or (self.screen if self.screen_stack else None)
        if target is None or not target.post_message(KeyDone(rounds, key_number)):
            self._working_since = None

    async def on_key_done(self, message: KeyDone) -> None:
        """A key, or a message that it caused, has had its effect."""
        message.stop()
        if message.key_number != self._key_number:
            return
        if message.rounds > 1:
            self._follow(message.rounds - 1, message.key_number)
        else:
            self._working_since = None
            await self.release()

    async def release(self) -> None:
        """Hand out the next key that was held back."""
        if self._held and not self._is_working:
            await self.hand_out(self._held.popleft())
