"""Batched repaint: several changes of a screen in a single repaint.

Textual repaints up to sixty times a second whatever has changed by then: the card removed, the next one, its answer
field. Each of these repaints costs as much as the last one, and only the last one is wanted.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from typing import Any

from studyapp.tui.host import Page

_TURNS = 5
"""Turns of the event loop in which the widgets that were changed ask for their layout."""


class BatchedScreen(Page[None]):
    """A screen whose changes can be held back until they are complete."""

    def __init__(self) -> None:
        super().__init__()
        self.has_painted = False
        """Whether the screen shows something, so that a change would be seen in parts."""
        self._held = 0
        self._after: list[Callable[[], Any]] = []

    @contextmanager
    def batch_repaint(self) -> Iterator[None]:
        """All that changes inside is painted at once at the end; at once, too, where nothing has been painted yet."""
        if not self.has_painted:
            yield
            return
        batch = ExitStack()
        batch.enter_context(self.app.batch_update())
        self._held += 1
        try:
            yield
        finally:
            # Behind what the app has still to do for widgets that were removed: that asks for a layout, too.
            self.app.call_next(self._paint, batch)

    async def _paint(self, batch: ExitStack) -> None:
        for _ in range(_TURNS):
            await asyncio.sleep(0)
        self._held -= 1
        batch.close()
        if not self._held:
            after, self._after = self._after, []
            for callback in after:
                super().call_after_refresh(callback)
            self.check_idle()

    def call_after_refresh(self, callback: Callable[..., Any], *args: Any, **kwargs: Any) -> bool:
        if not self._held:
            return super().call_after_refresh(callback, *args, **kwargs)
        self._after.append(partial(callback, *args, **kwargs))
        return True
